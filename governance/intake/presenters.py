"""Submissions as lists and small pages show them: what is asked, how it stands, and who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance.clock import london_date
from governance.intake import queries, rules
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.web.wording import long_date, plural, starting_small

TONES = {
    SubmissionStatus.DRAFTED: "",
    SubmissionStatus.OPENED: "link",
    SubmissionStatus.SUBMITTED: "link",
    SubmissionStatus.RETURNED: "amber",
    SubmissionStatus.DEFERRED: "amber",
    SubmissionStatus.HELD: "amber",
    SubmissionStatus.AUTHORISED: "go",
    SubmissionStatus.NOT_APPROVED: "stop",
    SubmissionStatus.WITHDRAWN: "",
}
WORDS = {
    SubmissionStatus.DRAFTED: "Draft",
    SubmissionStatus.OPENED: "In assessment",
    SubmissionStatus.SUBMITTED: "Awaiting agreement",
}
WITH = {
    SubmissionStatus.DRAFTED: "Digital lead",
    SubmissionStatus.OPENED: "Digital lead and assessors",
    SubmissionStatus.RETURNED: "Digital lead",
    SubmissionStatus.SUBMITTED: "Those who must agree",
    SubmissionStatus.DEFERRED: "Whoever authorises",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list of submissions."""

    tool: str
    href: str
    asks: str
    reference: str
    state: str
    tone: str
    with_whom: str
    since: date
    note: str = ""


def line(row: queries.Row, code: str) -> Line:
    """A row of the list, in words."""
    if row.reference is None:
        href = url_for("intake.draft", organisation=code, draft=row.id)
    else:
        href = url_for("packs.submission", organisation=code, reference=row.reference)
    return Line(
        tool=row.tool or "A new tool",
        href=href,
        asks=rules.asked_in_words(row.kind, row.stage_asked) if row.stage_asked else "Not proposed yet",
        reference=row.reference or row.deployment or "",
        state=state(row.status),
        tone=TONES[row.status],
        with_whom=WITH.get(row.status, "Nobody"),
        since=london_date(row.since),
        note=f"until {long_date(row.deferred_until)}" if row.deferred_until else "",
    )


def heading(found: int, *, closed: bool, whole: bool) -> str:
    """The first line of the list. `whole` says that all there are stand on this page."""
    if not whole:
        return "Closed submissions" if closed else "Open submissions"
    if not found:
        return "No closed submissions" if closed else "No open submissions"
    return f"{plural(found, 'submission')} closed" if closed else f"{plural(found, 'submission')} open"


def state(status: SubmissionStatus) -> str:
    """What pages call a status."""
    return WORDS.get(status, status.label)


def name_of(submission: Submission) -> str:
    """The tool and what is asked, for the caption of a small page."""
    parts = [submission.deployment.tool.name] if submission.deployment else []
    if submission.stage_asked:
        parts.append(starting_small(rules.asked_in_words(submission.kind, submission.stage_asked)))
    return " · ".join([*([submission.reference] if submission.reference else ["Draft"]), *parts])
