"""What policy asks a submission to show, which published sets it answers, and who may answer them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from governance.assessment.sheets import queries, rules
from governance.assessment.sheets.models import AnswerSheet
from governance.database import db
from governance.errors import Blocker, NotVisible, Refused
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.policy.rules import Requirement, requirements
from governance.policy.schema import Form


def requirements_of(submission: Submission, facts: Mapping[str, str] | None = None) -> tuple[Requirement, ...]:
    """Every row of policy asked of a proposed submission. `facts`: its triage, where it is read. Raises Refused for a draft."""
    if submission.deployment_id is None or submission.stage_asked is None or submission.policy_version is None:
        raise Refused.because("This is still a draft: propose it first.", code="submission.draft")
    return requirements(
        intake.policy_of(submission),
        facts=intake.facts(submission) if facts is None else facts,
        tier=intake.tier(submission),
        stage_asked=submission.stage_asked,
        stage_from=submission.counted_from,
        kind=submission.kind,
    )


def sheets_among(
    submission: Submission, asked: Iterable[Requirement], moved: Mapping[str, str] | None = None
) -> dict[str, Requirement | None]:
    """Published sets to answer, each with its row of policy; the tool sheet has none and comes first.

    The sets are those of the policy that the submission began under, or the newer ones that the organisation moved to.
    """
    named: dict[str, Requirement | None] = {intake.policy_of(submission).tool_sheet: None}
    named |= {row.published: row for row in asked if row.form is Form.SHEET and row.published}
    moved = queries.moves(submission) if moved is None else moved
    return {newest(code, moved): row for code, row in named.items()}


def newest(code: str, moved: Mapping[str, str]) -> str:
    """The set that stands in the place of another by now; itself where nobody moved on."""
    while code in moved:
        code = moved[code]
    return code


def sheet_row(submission: Submission, question_set: str) -> Requirement | None:
    """The row of policy behind one of a submission's sheets; None for the tool sheet. Raises NotVisible."""
    found = sheets_among(submission, requirements_of(submission))
    if question_set not in found:
        raise NotVisible()
    return found[question_set]


def answer_blockers(submission: Submission, requirement: Requirement | None, by: Actor) -> list[Blocker]:
    """Why this person may not answer a row of policy now: the role it names, or the submission's status."""
    held = {each.role for each in by.current if submission.deployment_id and each.covers(submission.deployment_id)}
    answered_by = requirement.answered_by if requirement else ()
    if by.kind == "supplier_contact":  # the link names the sheet; only the status is left to look at
        held, answered_by = {*by.roles}, (*answered_by, *by.roles)
    return rules.answer_blockers(
        answered_by, roles=held, status=submission.status,
        title=requirement.title if requirement else "The tool sheet",
    )  # fmt: skip


def sheet_blockers(sheet: AnswerSheet, by: Actor) -> list[Blocker]:
    """Why this person may not write on a sheet now; the newest submission's reasons.

    A sheet about a tool version serves every submission of the organisation about that version. One that lets this person
    answer is enough.
    """
    found: list[Blocker] = []
    for submission in _served(sheet):
        asked = sheets_among(submission, requirements_of(submission))
        if sheet.question_set in asked:
            reasons = answer_blockers(submission, asked[sheet.question_set], by)
            if not reasons:
                return []
            found = found or reasons
    return found or [Blocker("answer.closed", "These answers cannot be changed: no submission asks for them.")]


def serving(sheet: AnswerSheet) -> tuple[Submission, Requirement | None]:
    """The submission that a sheet is answered for, an open one before any other, with its row of policy. Raises NotVisible."""
    for submission in _served(sheet):
        asked = sheets_among(submission, requirements_of(submission))
        if sheet.question_set in asked:
            return submission, asked[sheet.question_set]
    raise NotVisible()


def _served(sheet: AnswerSheet) -> Sequence[Submission]:
    """The proposed submissions that a sheet is about, open ones first, then the newest."""
    subject = (
        Submission.tool_version_id == sheet.tool_version_id
        if sheet.tool_version_id
        else Submission.deployment_id == sheet.deployment_id
    )
    query = sa.select(Submission).where(
        Submission.organisation_id == sheet.organisation_id, subject, Submission.policy_version.is_not(None)
    )
    return db.session.scalars(query.order_by(Submission.closed_at.is_not(None), Submission.id.desc())).all()


def document_row(submission: Submission, row: str) -> Requirement:
    """A row of policy that is met by a document. Raises NotVisible."""
    for requirement in requirements_of(submission):
        if requirement.question_set == row and requirement.form is Form.DOCUMENT:
            return requirement
    raise NotVisible()


def route_facts(submission: Submission, requirement: Requirement | None) -> dict[str, str]:
    """The facts that routing inside a question set may look at: triage, stage, tier and depth."""
    tier = intake.tier(submission)
    return intake.facts(submission) | {
        "stage": submission.stage_asked.value if submission.stage_asked else "",
        "tier": tier.value if tier else "",
        "depth": requirement.depth.value if requirement else "full",
    }
