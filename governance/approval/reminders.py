"""Reminders of what comes to an end, and of signatures that are late. Part of this room's due work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial

import sqlalchemy as sa

from governance import clock
from governance.approval import queries, seats
from governance.approval.models import Condition, ConditionChange
from governance.approval.queries import Position
from governance.approval.rules import TurnState
from governance.database import db
from governance.identity.reminders import ENDS, IS_DUE, Round, leads
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.register import notices as register
from governance.register.models import Deployment

SHORTEST = 5  # working days: no signature is late before
THEN = 5  # working days later the AI lead is told; a default of ours


def run(at: datetime) -> list[str]:
    """Remind of approvals, pilots, reviews, decisions, conditions and signatures; returns what was told as sentences."""
    today = Round(at)
    return [*_deployments(today), *_conditions(today), *_late(at)]


def _deployments(today: Round) -> list[str]:
    between, found = (today.begins, today.ends), []
    query = sa.select(Deployment).where(
        sa.or_(
            sa.and_(Deployment.standing == Standing.ASSURED, Deployment.approved_until.between(*between)),
            sa.and_(Deployment.standing == Standing.ASSURED, Deployment.next_review_on.between(*between)),
            sa.and_(Deployment.standing == Standing.LAPSED, Deployment.decision_needed_by.between(*between)),
        )
    )
    for each in db.session.scalars(query.order_by(Deployment.id)):
        for what, day, verbs, roles in _ends(each):
            if day is not None:
                found += today.remind(
                    matter=f"{what} of {register.named(each)}",
                    ends_on=day,
                    people=partial(register.holders, each, roles, today.at),
                    organisation_id=each.organisation_id,
                    path=register.path(each),
                    key=f"{what.lower().replace(' ', '-')}:{each.id}",
                    verbs=verbs,
                    since=each.standing_since if each.standing is Standing.LAPSED else each.approved_from,
                )
    return found


def _ends(each: Deployment) -> Sequence[tuple[str, date | None, tuple[str, str], tuple[Role, ...]]]:
    decide = (Role.DIGITAL_LEAD, Role.CSO, Role.AUTHORISING_EXECUTIVE)
    if each.standing is Standing.LAPSED:
        return [("Decision on the lapse", each.decision_needed_by, IS_DUE, decide)]
    what = "Pilot" if each.approved_stage is Stage.PILOT else "Approval"
    return [
        (what, each.approved_until, ENDS, (Role.DIGITAL_LEAD, Role.SRO)),
        ("Review", each.next_review_on, IS_DUE, (Role.DIGITAL_LEAD, Role.CSO)),
    ]


def _conditions(today: Round) -> list[str]:
    opened = (
        sa.select(sa.func.max(ConditionChange.at))
        .where(ConditionChange.condition_id == Condition.id, ConditionChange.status_to == "open")
        .scalar_subquery()
    )
    query = sa.select(Condition, Deployment, opened).join(Deployment, Deployment.id == Condition.deployment_id)
    query = query.where(
        Condition.status == "open", Condition.due_on.between(today.begins, today.ends), Condition.before_stage.is_(None)
    )
    found = []
    for row, deployment, since in db.session.execute(query.order_by(Condition.id)):
        found += today.remind(
            matter=f"Condition {row.number} of {register.named(deployment)}",
            ends_on=row.due_on,
            people=partial(register.holders, deployment, (Role(row.owner_role),), today.at),
            organisation_id=row.organisation_id,
            path=register.path(deployment, "conditions.condition", condition_id=row.id),
            key=f"condition:{row.id}",
            verbs=IS_DUE,
            since=clock.london_date(since) if since else None,
        )
    return found


def _late(at: datetime) -> list[str]:
    """Signatures not given within the working days expected: the role's holders, then the AI lead."""
    on, found = clock.london_date(at), []
    earliest = datetime.combine(on, time(), clock.LONDON)
    query = sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED, Submission.turn_since < earliest)
    for submission in db.session.scalars(query.order_by(Submission.id)):
        since = submission.turn_since
        if since is None or clock.working_days_between(clock.london_date(since), on) <= SHORTEST:
            continue
        here = queries.position(submission, on)
        for line in here.open_turns if here else ():
            assert here is not None
            found += _late_turn(here, line, at)
    return found


def _late_turn(here: Position, line: TurnState, at: datetime) -> list[str]:
    over, deployment = line.gone - line.turn.expected_working_days, here.asked.deployment
    if over <= 0:
        return []
    on, subject = clock.london_date(at), f"Late: {line.turn.role.title}, {register.named(deployment)}"
    told = {
        "signer": seats.brought_to(line, deployment, at),
        "lead": leads(deployment.organisation_id, on) if over > THEN else set(),
    }
    new = sum(
        tell(
            person_ids=people,
            organisation_id=deployment.organisation_id,
            kind=notifications.REMINDER,
            subject=subject,
            body=f"{line.turn.expected_working_days} working days were expected for submission {here.submission.reference}.",
            path=register.path(deployment, "packs.submission", reference=here.submission.reference),
            key=f"late:{who}:{here.pack.id}:{line.turn.role.value}",
            at=at,
        )
        for who, people in told.items()
    )
    return [f"{subject}: reminded."] if new else []
