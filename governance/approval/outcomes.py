"""What was decided on a submission, on which conditions, and whether it may still take effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.approval.models import Authorisation, Condition, ConditionChange, Decision
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind
from governance.permissions import Actor
from governance.register.models import Deployment, DeploymentChange
from governance.signing.models import SignOff

DECIDE_WITHIN = 10  # working days, a default of ours


def decide_by(on: date) -> date:
    """The day by which a decision is needed on an approval that lapsed on a day."""
    return clock.add_working_days(on, DECIDE_WITHIN)


def authorisation(submission: Submission) -> Authorisation | None:
    """The authorisation of a submission."""
    return db.session.scalar(sa.select(Authorisation).where(Authorisation.submission_id == submission.id))


def is_newest_decision(submission: Submission) -> bool:
    """Whether nothing was authorised about the same deployment since: an older decision no longer takes effect."""
    later = (
        sa.select(Authorisation.id)
        .join(Submission, Submission.id == Authorisation.submission_id)
        .where(Submission.deployment_id == submission.deployment_id, Submission.id > submission.id)
    )
    return db.session.scalar(later.limit(1)) is None


def ended_unused(submission: Submission, on: date) -> date | None:
    """The last day of an authorisation that ended before it took effect; None where it did, or still may.

    A decision waits for its “before” conditions. Met after that day, they bring nothing into effect: policy's “until”
    stands. To cease needs no end.
    """
    given = authorisation(submission)
    if given is None or given.until >= on or submission.kind is SubmissionKind.CEASE:
        return None
    took_effect = sa.select(DeploymentChange.id).where(
        DeploymentChange.submission_id == submission.id, DeploymentChange.arrow == "take_effect"
    )
    return given.until if db.session.scalar(took_effect.limit(1)) is None else None


def waits_for_resuming(deployment: Deployment, on: date) -> Submission | None:
    """What was authorised while a deployment was suspended: it takes effect when use resumes, if it still may."""
    query = sa.select(Submission).join(Authorisation, Authorisation.submission_id == Submission.id)
    newest = db.session.scalar(
        query.where(Submission.deployment_id == deployment.id, Submission.kind != SubmissionKind.CEASE)
        .order_by(Submission.id.desc())
        .limit(1)
    )
    if newest is None or awaited_before(newest) or ended_unused(newest, on) is not None:
        return None
    took_effect = sa.select(DeploymentChange.id).where(
        DeploymentChange.submission_id == newest.id, DeploymentChange.arrow == "take_effect"
    )
    return newest if db.session.scalar(took_effect.limit(1)) is None else None


def decision(submission: Submission) -> Decision | None:
    """The row that closed a submission."""
    return db.session.scalar(sa.select(Decision).where(Decision.submission_id == submission.id))


def decisions_on(deployment: Deployment) -> list[dict[str, Any]]:
    """Every decision on a deployment, the oldest first, as a safety case report holds it."""
    query = (
        sa.select(Decision)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(Submission.deployment_id == deployment.id)
        .order_by(Decision.id)
    )
    return [{"at": each.decided_at.isoformat(), "sentence": each.sentence} for each in db.session.scalars(query)]


def conditions_of(submission: Submission) -> Sequence[Condition]:
    """Conditions set with a submission, except those that fell with their round, whoever ended it."""
    newest = sa.select(sa.func.max(AssurancePack.id)).where(AssurancePack.submission_id == submission.id).scalar_subquery()
    query = (
        sa.select(Condition)
        .join(SignOff, SignOff.id == Condition.sign_off_id)
        .where(
            Condition.submission_id == submission.id,
            Condition.status != "void",
            sa.or_(Condition.status != "proposed", SignOff.subject_id == newest),
        )
    )
    return db.session.scalars(query.order_by(Condition.number)).all()


def condition(condition_id: int, by: Actor) -> Condition:
    """One own condition. Raises NotVisible."""
    row = db.session.get(Condition, condition_id)
    if row is None or row.organisation_id not in by.scope:
        raise NotVisible()
    return row


def history_of(row: Condition) -> list[tuple[ConditionChange, str]]:
    """What happened to a condition and by whom, oldest first."""
    query = sa.select(ConditionChange, Person.name).outerjoin(Person, Person.id == ConditionChange.by_person_id)
    query = query.where(ConditionChange.condition_id == row.id).order_by(ConditionChange.id)
    return [(found[0], found[1] or "The system") for found in db.session.execute(query)]


def awaited_before(submission: Submission) -> list[Condition]:
    """Conditions that a decision waits for."""
    return [row for row in conditions_of(submission) if row.kind == "before" and row.status in ("open", "offered", "overdue")]
