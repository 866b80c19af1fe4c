"""Who is told of a signal, and in which words. One notice for all that was seen together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from governance import clock
from governance.identity import queries as identity
from governance.monitoring.signals import queries
from governance.monitoring.signals.models import Signal
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.register.models import Deployment
from governance.web.wording import moment, plural


def opened(deployment: Deployment, signals: Sequence[Signal], at: datetime) -> None:
    """Tell the owner and the safety officer; of a red one the SRO and the AI lead of the care system too."""
    on, red = clock.london_date(at), [each for each in signals if each.level == "red"]
    roles = {Role(each.owner_role) for each in signals} | {Role.CSO} | ({Role.SRO} if red else set())
    people = queries.people(deployment, roles, on)
    word = "Red signal" if red else "Signal"
    many = f"{plural(len(signals), 'signal')}{', red' if red else ''}" if len(signals) > 1 else word
    looked = min(each.look_by for each in signals if each.look_by is not None)
    lines = [each.sentence for each in signals[:10]]
    lines += [f"And {len(signals) - 10} more."] if len(signals) > 10 else []
    lines.append(f"Look into it by {moment(looked)}. It does not stop the tool by itself.")
    subject = f"{many}: {_what(deployment)}"
    _tell(deployment, people, signals[0], "signal.opened", subject, lines, at)
    if red:  # who does not belong to the organisation reads what partners may see of it
        seen = notifications.path("sharing.tool", reference=deployment.reference)
        leads = identity.ai_leads(deployment.organisation_id, on) - people
        _tell(deployment, leads, signals[0], "signal.opened", subject, lines[-1:], at, path=seen)


def closed_by_itself(deployment: Deployment, signals: Sequence[Signal], text: str, at: datetime) -> None:
    """Tell the owner and the safety officer that a red signal went away with a correction."""
    people = queries.people(deployment, {Role.CSO, *(Role(each.owner_role) for each in signals)}, clock.london_date(at))
    lines = [*(each.sentence for each in signals[:10]), text]
    _tell(deployment, people, signals[0], "signal.closed", f"Closed by a correction: {_what(deployment)}", lines, at)


def _what(deployment: Deployment) -> str:
    return f"{deployment.tool.name} at {deployment.organisation.name}"


def _tell(
    deployment: Deployment,
    people: set[int],
    first: Signal,
    kind: str,
    subject: str,
    lines: Sequence[str],
    at: datetime,
    path: str = "",
) -> None:
    where: dict[str, Any] = {"organisation": deployment.organisation.code, "reference": deployment.reference}
    tell(
        person_ids=people,
        organisation_id=deployment.organisation_id,
        kind=kind,
        subject=subject,
        body="\n".join(lines),
        path=path or notifications.path("signals.signal", number=first.number, **where),
        key=f"{kind}:{first.id}:{first.version_id}",
        at=at,
    )
