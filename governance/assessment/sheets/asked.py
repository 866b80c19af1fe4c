"""What policy asks a submission to show, and which published sets it answers."""

from __future__ import annotations

from collections.abc import Iterable

from governance.assessment.sheets import rules
from governance.errors import NotVisible, Refused
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.policy.rules import Requirement, requirements
from governance.policy.schema import Form


def requirements_of(submission: Submission) -> tuple[Requirement, ...]:
    """Every row of policy asked of a proposed submission. Raises Refused for a draft."""
    if submission.deployment_id is None or submission.stage_asked is None or submission.policy_version is None:
        raise Refused.because("This is still a draft: propose it first.", code="submission.draft")
    return requirements(
        intake.policy_of(submission),
        facts=intake.facts(submission),
        tier=intake.tier(submission),
        stage_asked=submission.stage_asked,
        stage_from=submission.stage_from,
        kind=submission.kind,
    )


def sheets_among(asked: Iterable[Requirement]) -> dict[str, Requirement | None]:
    """Published sets to answer, each with its row of policy; the tool sheet has none and comes first."""
    return {rules.TOOL_SHEET: None} | {rules.set_for(row.question_set): row for row in asked if row.form is Form.SHEET}


def sheet_row(submission: Submission, question_set: str) -> Requirement | None:
    """The row of policy behind one of a submission's sheets; None for the tool sheet. Raises NotVisible."""
    found = sheets_among(requirements_of(submission))
    if question_set not in found:
        raise NotVisible()
    return found[question_set]


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
