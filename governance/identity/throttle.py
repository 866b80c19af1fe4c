"""Slowing down guesses: failures count by account and by address, in the database, so a restart forgets nothing.

Defaults of ours: five failures for one account, or thirty from one address, within fifteen minutes.
"""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from governance.database import db
from governance.identity.models import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 30
KEPT = timedelta(days=1)


def account_key(email: str) -> str:
    """What is kept of an e-mail address: its SHA-256, folded, so that unknown addresses are not collected."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def is_throttled(email: str, address: str, at: datetime) -> bool:
    """Whether this account or this address has to wait. Failures before the last pass of an account do not count."""
    since = at - WINDOW
    account = account_key(email)
    passed = db.session.scalar(
        sa.select(sa.func.max(SignInAttempt.at)).where(SignInAttempt.account == account, SignInAttempt.passed)
    )
    from_then = max(since, passed) if passed else since
    by_account = _failures(SignInAttempt.account == account, from_then)
    by_address = _failures(SignInAttempt.address == address, since)
    return by_account >= PER_ACCOUNT or by_address >= PER_ADDRESS


def note(*, email: str, address: str, passed: bool, at: datetime) -> None:
    """Keep one attempt, and forget those older than a day."""
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < at - KEPT))
    db.session.add(SignInAttempt(account=account_key(email), address=address[:64], at=at, passed=passed))
    db.session.flush()


def _failures(condition: sa.ColumnElement[bool], since: datetime) -> int:
    query = sa.select(sa.func.count()).where(condition, SignInAttempt.at > since, sa.not_(SignInAttempt.passed))
    return db.session.scalar(query) or 0
