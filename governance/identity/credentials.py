"""Passwords: argon2id (RFC 9106), checked outside any writing transaction because it is slow on purpose."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from governance.database import db
from governance.errors import Blocker
from governance.identity.models import Person

SHORTEST = 12
LONGEST = 200


@cache
def hasher() -> PasswordHasher:
    """The library's own parameters (64 MiB, three passes)."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    return hasher().hash("a password that nobody has")


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return hasher().hash(password)


def password_blockers(password: str, email: str) -> list[Blocker]:
    """Why a new password will not do. Length counts, composition rules do not (NCSC password guidance, 2018)."""
    if len(password) < SHORTEST:
        return [Blocker("password_short", f"Enter a password of at least {SHORTEST} characters.")]
    if len(password) > LONGEST:
        return [Blocker("password_long", f"Enter a password of at most {LONGEST} characters.")]
    if password.strip().lower() in {email.lower(), email.split("@")[0].lower()} or len(set(password)) < 5:
        return [Blocker("password_guessable", "Enter a password that is harder to guess.")]
    return []


def verify(person_id: int, password: str) -> bool:
    """Whether this is the person's password. Takes as long for nobody as for somebody."""
    person = db.session.get(Person, person_id)
    return matches(person, password)


def matches(person: Person | None, password: str) -> bool:
    """As `verify`, for a person already found, or for none."""
    kept = person.password_hash if person is not None and person.disabled_at is None else _nobody()
    try:
        good = hasher().verify(kept, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return good and person is not None and person.disabled_at is None
