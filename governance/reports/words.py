"""The words of a report that are ours: what each outcome is called once done, and the sentence of a decision. Pure."""

from __future__ import annotations

from datetime import date

from governance.approval.statements import refused
from governance.approval.words import DONE, done
from governance.intake.rules import asked_in_words
from governance.lifecycle import Stage, SubmissionKind, SubmissionStatus
from governance.permissions import Role
from governance.reports import editions
from governance.reports.material import Replaced
from governance.web.wording import listed, long_date, starting_small

__all__ = ["DONE", "done"]

CONDITION_STATUS = {
    "proposed": "Proposed",
    "open": "Open",
    "offered": "Evidence offered",
    "met": "Met",
    "waived": "Waived",
    "overdue": "Overdue",
    "void": "Fell with the submission",
}
CONDITION_KIND = {"before": "before it takes effect", "after": "after it takes effect"}
AGAINST = ("advises_against", "consult_the_ico", "advises_cease")
AGAINST_CEASING = ("advises_against", "advises_progress", "progress_subject_to")
EDITIONS = {"full": "full edition", "partner": "edition for partners"}
NOT_MADE = {
    SubmissionStatus.RETURNED: "No decision: returned for information",
    SubmissionStatus.WITHDRAWN: "No decision: withdrawn",
    SubmissionStatus.HELD: "No decision: on hold",
    SubmissionStatus.DEFERRED: "No decision yet: deferred",
}


def not_approved(*, kind: SubmissionKind, stage: Stage, version: str) -> str:
    """`Not approved for Pilot, version 2.3`; `Not approved to cease, version 2.3`."""
    return f"{refused(kind, stage.label)}, version {version}"


def asked_for(kind: SubmissionKind, stage: Stage) -> str:
    """`Pilot`, for a progress; `Cease`, `Extend the pilot` for the others."""
    return stage.label if kind is SubmissionKind.PROGRESS else asked_in_words(kind, stage)


def undecided(status: SubmissionStatus, waiting: tuple[Role, ...]) -> str:
    """`No decision yet: with the clinical safety officer`, or why nobody has it."""
    if status in NOT_MADE:
        return NOT_MADE[status]
    if not waiting:
        return "No decision yet"
    if len(waiting) > 2:
        return f"No decision yet: with {len(waiting)} people"
    return f"No decision yet: with the {listed(role.title for role in waiting)}"


def edition(code: str) -> str:
    """What an edition is called: `full edition`; `interim-3` is an `interim edition`, `full.2` a `full edition, issue 2`."""
    name, number = editions.parts(code)
    said = EDITIONS.get(name, "interim edition")
    return said if number == 1 else f"{said}, issue {number}"


def replaces(gone: Replaced) -> str:
    """What an issue replaces and why; without why for whoever does not read reasons."""
    why = f": {gone.reason.rstrip('.')}" if gone.reason else ""
    said = f"This is issue {gone.number + 1}. It replaces issue {gone.number} of {long_date(gone.issued_at)}"
    return f"{said}, which was found to be wrong and withheld on {long_date(gone.withheld_at)}{why}."


def owner(code: str) -> str:
    """Who has a condition, in words: the title of a role, or the words as they were written."""
    try:
        return Role(code).heading
    except ValueError:
        return code


def shortened(text: str, most: int) -> str:
    """Text on one line, cut at a word with an ellipsis where it is longer than `most` characters."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    cut = flat[: most - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > most * 2 // 3 else cut).rstrip(" ,;:.") + "…"


def small(text: str) -> str:
    """Text for the middle of a sentence, without its full stop."""
    return starting_small(" ".join(text.split())).rstrip(".")


def day(text: str | None) -> str:
    """`2027-05-03` as `3 May 2027`; anything else as it is."""
    try:
        return long_date(date.fromisoformat(text[:10])) if text else ""
    except ValueError:
        return text or ""
