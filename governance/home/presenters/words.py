"""Words, rows and lines that several first screens use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance import clock
from governance.approval.rules import TurnState
from governance.intake.models import Submission
from governance.intake.rules import asked_in_words
from governance.permissions import Actor
from governance.web.wording import listed, long_date, plural

FAR = date.max


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do: what, where it is done, about which tool, by when. `late_says` names it when it is late."""

    title: str
    href: str
    tool: str = ""
    about: str = ""
    due_on: date | None = None
    due: str = ""
    note: str = ""
    late: bool = False
    late_says: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that others have: what, with whom, since when, working days gone of those expected."""

    tool: str
    href: str
    under: str
    who: str
    since: str
    gone: int = 0
    expected: int = 0
    note: str = ""


def short(day: date, on: date) -> str:
    """`3 May`; with its year where that is another one than today's."""
    said = long_date(day)
    return said.rpartition(" ")[0] if day.year == on.year else said


def working_days(day: date, on: date) -> str:
    """`in 3 working days`, `today`, `1 working day late`."""
    if day == on:
        return "today"
    if day < on:
        return f"{plural(max(1, clock.working_days_between(day, on)), 'working day')} late"
    ahead = clock.working_days_between(on, day)
    return f"in {plural(ahead, 'working day')}" if ahead else "before the next working day"


def due(day: date, on: date, **said: str) -> Row:
    """A row with the day by which it is to be done."""
    return Row(due_on=day, due=f"Due {short(day, on)}", note=working_days(day, on), late=day < on, **said)


def tool_of(submission: Submission) -> str:
    """`Chestwise Triage 2.3`."""
    deployment = submission.deployment
    assert deployment is not None
    version = submission.tool_version or deployment.tool_version
    return f"{deployment.tool.name} {version.version}"


def asks(submission: Submission, *, organisation: bool = False) -> str:
    """`Progress to Pilot`, with the organisation where a list holds several."""
    assert submission.deployment is not None and submission.stage_asked is not None
    said = asked_in_words(submission.kind, submission.stage_asked)
    return f"{said} · {submission.deployment.organisation.name}" if organisation else said


def submission_url(submission: Submission, by: Actor) -> str:
    """The page of a submission; empty for somebody who may not read it."""
    return url_for("packs.submission", organisation=by.organisation_code, reference=str(submission.reference))


def with_whom(lines: Sequence[TurnState]) -> str:
    """`Clinical safety officer and clinical lead`."""
    said = listed(line.turn.role.title for line in lines)
    return said[:1].upper() + said[1:]
