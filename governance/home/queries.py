"""What needs somebody, read in bulk: the number of queries does not grow with what there is to list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from governance.approval.models import Authorisation, Condition
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.assessment.hazards.models import Hazard
from governance.assessment.sheets.models import Document
from governance.database import db
from governance.identity.models import Organisation
from governance.intake.models import Submission, SubmissionChange
from governance.lifecycle import OPEN_STATUSES, Stage, Standing, SubmissionStatus
from governance.register.models import Deployment, Tool, ToolVersion, UseCase

LIVE = ("open", "offered", "overdue")
MOST = 200


@dataclass(frozen=True, slots=True)
class Dated:
    """One deployment with the days that matter about it."""

    id: int
    organisation_id: int
    organisation: str
    reference: str
    tool: str
    version: str
    use_case: str
    stage: Stage
    standing: Standing
    standing_since: date
    approved_until: date | None
    next_review_on: date | None
    decision_needed_by: date | None
    has_open: bool


@dataclass(frozen=True, slots=True)
class Due:
    """One condition that is not met yet."""

    id: int
    organisation_id: int
    number: int
    text: str
    owner_role: str
    set_by_role: str
    status: str
    due_on: date
    deployment_id: int
    reference: str
    tool: str
    before_stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Expiring:
    """One item of evidence in use that ends."""

    id: int
    title: str
    issuer: str
    expires_on: date


def counts(scope: Collection[int]) -> dict[tuple[Stage, Standing], int]:
    """How many deployments stand where, those ceased left out."""
    query = sa.select(Deployment.stage, Deployment.standing, sa.func.count()).where(
        Deployment.organisation_id.in_(scope), Deployment.standing != Standing.CEASED
    )
    found = db.session.execute(query.group_by(Deployment.stage, Deployment.standing))
    return {(stage, standing): number for stage, standing, number in found}


def dated(scope: Collection[int], *, until: date, proposed_before: date) -> list[Dated]:
    """Deployments with a day up to `until`, lapsed, suspended, declared, or proposed long ago; the first two hundred by id."""
    running = (
        sa.select(Submission.id)
        .where(Submission.deployment_id == Deployment.id, Submission.status.in_(sorted(OPEN_STATUSES)))
        .exists()
    )
    query = (
        sa.select(
            Deployment.id, Deployment.organisation_id, Organisation.name, Deployment.reference, Tool.name,
            ToolVersion.version, UseCase.name, Deployment.stage, Deployment.standing, Deployment.standing_since,
            Deployment.approved_until, Deployment.next_review_on, Deployment.decision_needed_by, running,
        )
        .join(Organisation, Organisation.id == Deployment.organisation_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(ToolVersion, ToolVersion.id == Deployment.tool_version_id)
        .join(UseCase, UseCase.id == Deployment.use_case_id)
        .where(
            Deployment.organisation_id.in_(scope),
            Deployment.standing != Standing.CEASED,
            sa.or_(
                Deployment.approved_until <= until,
                Deployment.next_review_on <= until,
                Deployment.standing.in_((Standing.LAPSED, Standing.SUSPENDED, Standing.DECLARED)),
                sa.and_(Deployment.standing == Standing.PROPOSED, Deployment.standing_since <= proposed_before),
            ),
        )
        .order_by(Deployment.id)
        .limit(MOST)
    )  # fmt: skip
    return [Dated(*tuple(row)) for row in db.session.execute(query)]


def idle(scope: Collection[int], on: date) -> list[tuple[str, str, date]]:
    """Proposed deployments about which nothing is open and no authorisation waits: (reference, tool, proposed on).

    The first two hundred by id. Source: our policy, "Submission": withdrawn and not approved leave the standing.
    """
    waiting = sa.or_(
        Submission.status.in_(sorted(OPEN_STATUSES)),
        sa.and_(Submission.status == SubmissionStatus.AUTHORISED, Authorisation.until >= on),
    )
    goes_on = (
        sa.select(Submission.id)
        .outerjoin(Authorisation, Authorisation.submission_id == Submission.id)
        .where(Submission.deployment_id == Deployment.id, waiting)
        .exists()
    )
    query = (
        sa.select(Deployment.reference, Tool.name, Deployment.standing_since)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(Deployment.organisation_id.in_(scope), Deployment.standing == Standing.PROPOSED, ~goes_on)
        .order_by(Deployment.id)
        .limit(MOST)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def assessed(references: Collection[str]) -> set[str]:
    """Which of these submissions are still being assessed."""
    query = sa.select(Submission.reference).where(
        Submission.reference.in_(sorted(references)),
        Submission.status.in_((SubmissionStatus.OPENED, SubmissionStatus.RETURNED)),
    )
    return {str(each) for each in db.session.scalars(query)}


def conditions(scope: Collection[int], *, until: date | None = None) -> list[Due]:
    """Conditions not met yet, up to a day, the earliest due first."""
    query = (
        sa.select(
            Condition.id, Condition.organisation_id, Condition.number, Condition.text, Condition.owner_role,
            Condition.set_by_role, Condition.status, Condition.due_on, Deployment.id, Deployment.reference, Tool.name,
            Condition.before_stage,
        )
        .join(Deployment, Deployment.id == Condition.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(Condition.organisation_id.in_(scope), Condition.status.in_(LIVE))
        .order_by(Condition.due_on, Condition.id)
        .limit(MOST)
    )  # fmt: skip
    if until is not None:
        query = query.where(Condition.due_on <= until, Condition.before_stage.is_(None))
    return [Due(*tuple(row)) for row in db.session.execute(query)]


def expiring(scope: Collection[int], *, until: date) -> list[Expiring]:
    """Evidence that supports something now and ends up to a day, the soonest first."""
    newest = (
        sa.select(sa.func.max(Document.id))
        .where(Document.organisation_id.in_(scope))
        .group_by(Document.organisation_id, Document.question_set, Document.tool_version_id, Document.deployment_id)
    )
    behind = sa.select(Document.evidence_id).where(Document.id.in_(newest))
    used = sa.select(EvidenceUse.evidence_id).where(
        EvidenceUse.organisation_id.in_(scope), EvidenceUse.removed_at.is_(None)
    )
    query = (
        sa.select(Evidence.id, Evidence.title, Evidence.issuer, Evidence.expires_on)
        .where(
            Evidence.organisation_id.in_(scope),
            Evidence.expires_on <= until,
            sa.or_(Evidence.id.in_(behind), Evidence.id.in_(used)),
        )
        .order_by(Evidence.expires_on, Evidence.id)
        .limit(MOST)
    )
    return [Expiring(row[0], row[1], row[2], row[3]) for row in db.session.execute(query) if row[3]]


def submissions(scope: Collection[int], *statuses: SubmissionStatus) -> Sequence[Submission]:
    """Proposed submissions in one of these states, the longest waiting first, with what a line says about them."""
    of = joinedload(Submission.deployment)
    query = (
        sa.select(Submission)
        .where(
            Submission.organisation_id.in_(scope),
            Submission.status.in_(statuses),
            Submission.deployment_id.is_not(None),
        )
        .options(
            of.joinedload(Deployment.tool), of.joinedload(Deployment.tool_version), of.joinedload(Deployment.use_case),
            of.joinedload(Deployment.organisation), joinedload(Submission.tool_version),
        )
        .order_by(sa.func.coalesce(Submission.turn_since, Submission.proposed_at), Submission.id)
        .limit(MOST)
    )  # fmt: skip
    return db.session.scalars(query).all()


def returns(submission_ids: Collection[int]) -> dict[int, SubmissionChange]:
    """The latest return for information of each of these submissions."""
    query = sa.select(SubmissionChange).where(
        SubmissionChange.submission_id.in_(submission_ids), SubmissionChange.arrow == "return_for_information"
    )
    return {row.submission_id: row for row in db.session.scalars(query.order_by(SubmissionChange.id))}


def residuals(deployment_ids: Collection[int]) -> dict[int, int]:
    """The highest residual rating in each deployment's log."""
    query = sa.select(Hazard.deployment_id, sa.func.max(Hazard.residual_rating)).where(
        Hazard.deployment_id.in_(deployment_ids), Hazard.residual_rating.is_not(None)
    )
    found = db.session.execute(query.group_by(Hazard.deployment_id))
    return {deployment: rating for deployment, rating in found if rating}
