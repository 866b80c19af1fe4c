"""What falls due by itself: approvals and pilots that end, overdue conditions. `flask due` runs this.

A deferred decision moves nothing by itself: from its day it is with whoever authorises, who is told and takes it up.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.approval import effects, notices, outcomes, reminders
from governance.approval.models import Condition, ConditionChange
from governance.database import db
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import SYSTEM
from governance.register import operations as register
from governance.register.models import Deployment
from governance.web.wording import long_date


def run(*, at: datetime) -> list[str]:
    """Lapse what has ended and mark what is overdue; returns what was done as sentences. Running it again does nothing."""
    on = clock.london_date(at)
    done = []
    for row in _overdue(on):
        effects.change(row=row, status="overdue", text=f"It was due on {long_date(row.due_on)}.", by=SYSTEM, role="system", at=at)
        done.append(f"Condition {row.number} of deployment {row.deployment_id} is overdue since {long_date(row.due_on)}.")
    for row, deployment in _not_met(on):
        if deployment.standing is Standing.ASSURED:  # one of two that are overdue has lapsed it already
            done.append(_lapse(deployment, f"Condition {row.number} is overdue.", on, at))
    for deployment in _ended(on):
        what = "The pilot" if deployment.approved_stage is Stage.PILOT else "The approval"
        done.append(_lapse(deployment, f"{what} ended on {long_date(deployment.approved_until)}.", on, at))
    for submission in _taken_up_from(on):
        notices.turns(submission, SYSTEM, at)
    return [*done, *reminders.run(at)]


def _lapse(deployment: Deployment, reason: str, on: date, at: datetime) -> str:
    needed = outcomes.decide_by(on)
    register.move(deployment=deployment, arrow="lapse", reason=reason, decision_needed_by=needed, by=SYSTEM, at=at)
    notices.lapsed(deployment, SYSTEM, at)
    return f"{deployment.reference} lapsed: {reason} Decision needed by {long_date(needed)}."


def _overdue(on: date) -> Sequence[Condition]:
    """Conditions whose day passed, each once: one that is offered late stays with the role that set it."""
    before = sa.select(ConditionChange.id).where(
        ConditionChange.condition_id == Condition.id, ConditionChange.status_to == "overdue"
    )
    query = sa.select(Condition).where(
        Condition.status.in_(("open", "offered")), Condition.due_on < on, Condition.before_stage.is_(None), ~before.exists()
    )
    return db.session.scalars(query.order_by(Condition.id)).all()


def _not_met(on: date) -> Sequence[tuple[Condition, Deployment]]:
    """Conditions by a day that passed under the approval of now: also of a tool whose use was suspended and resumed."""
    query = (
        sa.select(Condition, Deployment)
        .join(Deployment, Deployment.id == Condition.deployment_id)
        .where(
            Condition.status.in_(("open", "offered", "overdue")), Condition.kind == "after", Condition.due_on < on,
            Condition.before_stage.is_(None), Deployment.standing == Standing.ASSURED,
            Condition.due_on >= Deployment.approved_from,
        )
    )  # fmt: skip
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Condition.id))]


def _taken_up_from(on: date) -> Sequence[Submission]:
    query = sa.select(Submission).where(Submission.status == SubmissionStatus.DEFERRED, Submission.deferred_until <= on)
    return db.session.scalars(query.order_by(Submission.id)).all()


def _ended(on: date) -> Sequence[Deployment]:
    query = sa.select(Deployment).where(Deployment.standing == Standing.ASSURED, Deployment.approved_until < on)
    return db.session.scalars(query.order_by(Deployment.id)).all()
