"""What keeps an addition from being recorded or ended, and a submission from being moved. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from governance.errors import Blocker
from governance.lifecycle import SubmissionStatus
from governance.policy.schema import Addition

MOVED_WHILE = (SubmissionStatus.OPENED, SubmissionStatus.RETURNED)


def record_blockers(*, instrument: str, reason: str, starts_on: date, today: date) -> list[Blocker]:
    """Why an addition cannot be recorded: nobody decided it, nobody knows why, or it would begin in the past."""
    found = []
    if not instrument.strip():
        found.append(Blocker("addition.instrument", "Say what decided it: a minute or a paper, with its date."))
    if not reason.strip():
        found.append(Blocker("addition.reason", "Say why it is asked."))
    if starts_on < today:
        said = "It can begin today at the earliest: what was proposed before stays as it is."
        found.append(Blocker("addition.starts_on", said))
    return found


def plain(addition: Addition) -> dict[str, Any]:
    """The values of an addition as a row keeps them: only what was said."""
    held = addition.model_dump(mode="json", exclude={"kind", "basis", "number"}, exclude_unset=True)
    return {name: value for name, value in held.items() if value not in ([], "", None)}


def twice(addition: Addition, in_force: Iterable[Addition]) -> list[Blocker]:
    """Whether the same is asked already."""
    same = any(plain(each) == plain(addition) and each.kind == addition.kind for each in in_force)
    return [Blocker("addition.twice", "You ask this already.")] if same else []


def end_blockers(*, starts_on: date, ended_before: date | None, ended_on: date, today: date) -> list[Blocker]:
    """Why an addition cannot end on a day: it ended before, or the day is gone or before it began."""
    if ended_before is not None:
        return [Blocker("addition.ended", f"It has ended on {ended_before.day} {ended_before:%B %Y}.")]
    if ended_on < max(today, starts_on):
        said = "It can end today at the earliest." if starts_on <= today else "It cannot end before it begins."
        return [Blocker("addition.ended_on", said)]
    return []


def move_blockers(*, status: SubmissionStatus, reason: str) -> list[Blocker]:
    """Why a submission cannot go on under a newer policy now: it is with its signers or closed, or no reason is given."""
    found = []
    if status not in MOVED_WHILE:
        said = f"It can go on under a newer policy while it is open or returned. It is {status.label.lower()} now."
        found.append(Blocker("policy.status", said))
    if not reason.strip():
        found.append(Blocker("policy.reason", "Give a reason."))
    return found
