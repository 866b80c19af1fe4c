"""Whom a change is told: the safety officer, the owner and the digital leads."""

from __future__ import annotations

from datetime import datetime

from governance.approval.changes.models import ChangeNotice
from governance.approval.changes.words import from_or_on
from governance.permissions import Actor, Role
from governance.register import notices as register
from governance.register.models import Deployment
from governance.web.wording import long_date, plural

TOLD = (Role.CSO, Role.SRO, Role.DIGITAL_LEAD)


def noted(row: ChangeNotice, deployment: Deployment, name: str, by: Actor, at: datetime) -> None:
    """Something changed: someone says what follows."""
    follows = "Say whether it is assessed again, or that nothing follows."
    touches = f"It touches {plural(len(row.touches), 'section')} of what was assessed." if row.touches else ""
    _say(row, deployment, "noted", f"{name}: {register.named(deployment)}",
         f"{from_or_on(row.kind).capitalize()} {long_date(row.effective_on)}. {touches} {follows}", by, at)  # fmt: skip


def settled(row: ChangeNotice, deployment: Deployment, name: str, by: Actor, at: datetime) -> None:
    """Nothing follows: the reason is on its page."""
    _say(row, deployment, "settled", f"Nothing follows: {register.named(deployment)}, {name}",
         f"Change {row.number} is settled. Who said so, and why, is on its page.", by, at)  # fmt: skip


def reopened(row: ChangeNotice, deployment: Deployment, name: str, why: str, by: Actor, at: datetime) -> None:
    """The submission that took it up came to nothing, or does not assess it: it is open again."""
    _say(row, deployment, f"open-again:{row.version_id}", f"Open again: {register.named(deployment)}, {name}",
         f"Change {row.number}. {why} Say whether it is assessed again, or that nothing follows.", by, at)  # fmt: skip


def _say(row: ChangeNotice, deployment: Deployment, step: str, subject: str, body: str, by: Actor, at: datetime) -> None:
    register.say(
        deployment,
        people=register.holders(deployment, TOLD, at),
        by=by,
        kind=f"change.{step.partition(':')[0].replace('-', '_')}",
        subject=subject,
        body=body,
        page=register.path(deployment, "changes.notice", reference=deployment.reference, number=row.number),
        key=f"change:{row.id}:{step}",
        at=at,
    )
