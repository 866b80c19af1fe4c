"""Reports on the screen: the list, one report, what a check code belongs to, and a page of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance.assessment.packs import slots
from governance.assessment.packs.slots import Action
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Permission
from governance.reports import editions, words
from governance.reports.models import Report
from governance.reports.queries import Checked, Line
from governance.web.wording import file_size, long_date, plural

REPORTED = (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED, SubmissionStatus.AUTHORISED, SubmissionStatus.NOT_APPROVED)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One issued report in a list."""

    title: str
    reference: str
    decision: str
    edition: str
    issued: str
    size: str
    href: str
    file: str


@dataclass(frozen=True, slots=True)
class CheckedPack:
    """What a check code belongs to, as anybody may read it."""

    digest: str
    tool: str
    organisation: str
    decision: str
    tone: str
    facts: tuple[tuple[str, str], ...]


def init() -> None:
    """Let the page of a submission lead to its report. Called once approval has handed over its own actions."""
    if report_action not in slots.actions:
        slots.actions.append(report_action)


def report_action(submission: Submission, by: Actor, on: date) -> Sequence[Action]:
    """A link to the report of a submission that has a pack."""
    if submission.status not in REPORTED or not by.may(Permission.READ_PACK):
        return ()
    href = url_for("reports.ask", organisation=by.organisation_code, reference=submission.reference)
    return (Action("Audit report", href),)


def line(found: Line, by: Actor) -> ReportLine:
    """One line of the list."""
    decision = found.decision if editions.is_decided(found.report.edition) else "Before the decision"
    return _line(found.report, found.reference, decision or "", by)


def of_submission(reports: Sequence[Report], reference: str, by: Actor) -> tuple[ReportLine, ...]:
    """The reports issued on one submission."""
    return tuple(_line(each, reference, "", by) for each in reports)


def _line(report: Report, reference: str, decision: str, by: Actor) -> ReportLine:
    edition = words.edition(report.edition)
    return ReportLine(
        title=report.title,
        reference=reference,
        decision=decision,
        edition=edition[0].upper() + edition[1:],
        issued=long_date(report.issued_at),
        size=f"PDF, {plural(report.pages, 'page')}, {file_size(report.size)}",
        href=url_for("reports.report", organisation=by.organisation_code, report_id=report.id),
        file=url_for("reports.file", organisation=by.organisation_code, report_id=report.id),
    )


def checked(found: Checked) -> CheckedPack:
    """What a code belongs to. Nothing here names a person or gives a reason in somebody's own words."""
    decision, tone = _decision(found)
    decided = found.decided_at if not found.superseded else None
    pairs = (
        ("Tool", f"{found.tool}, version {found.version}" if found.version else found.tool),
        ("Organisation", found.organisation),
        ("Asked for", words.asked_for(found.kind, found.stage)),
        ("Pack frozen", long_date(found.frozen_at)),
        ("Decided", long_date(decided)),
    )
    return CheckedPack(
        found.digest, found.tool, found.organisation, decision, tone, tuple((name, said) for name, said in pairs if said)
    )


def _decision(found: Checked) -> tuple[str, str]:
    if found.superseded:
        return "No decision on this pack: a newer round has its own", ""
    if found.outcome == "authorised":
        return (found.sentence or "").rstrip("."), "go"
    if found.outcome is not None:
        return words.not_approved(kind=found.kind, stage=found.stage, version=found.version), "stop"
    return words.undecided(found.status, ()), ""
