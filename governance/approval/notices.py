"""Whom the way of a submission is told, and in which words: whose turn it is, how a round ended, what a condition asks.

Nobody is told what they did themselves, and no reason that somebody wrote is repeated: it is on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from governance import clock
from governance.approval import queries, seats
from governance.approval.models import Condition, Recusal
from governance.approval.queries import PACK
from governance.approval.rules import TurnState
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.identity import reminders
from governance.intake.models import Submission, SubmissionChange
from governance.lifecycle import Standing
from governance.permissions import Actor, Role
from governance.policy import policy
from governance.policy.schema import Act
from governance.register import notices as register
from governance.register.models import Deployment
from governance.signing.models import SignOff
from governance.web.wording import long_date, plural

VERBS = {Act.SIGN: "sign", Act.ADVISE: "advise", Act.AUTHORISE: "decide"}
ENDED = {
    "return_for_information": "Returned for information",
    "refuse": "Not approved",
    "defer": "Deferred",
    "authorise": "Authorised",
    "recall": "Taken back",
    "withdraw": "Withdrawn",
}
CONDITIONS = {
    "open": ("Condition to meet", "It was set with the decision. Say on its page how it is met."),
    "offered": ("Condition to confirm", "Somebody says it is met. You set it: confirm or waive it."),
    "met": ("Condition met", "Who set it has confirmed it."),
    "waived": ("Condition waived", "Who set it does without it."),
    "overdue": ("Condition overdue", "Its day has passed and it is not met."),
}


def moved(submission: Submission, change: SubmissionChange, by: Actor, at: datetime) -> None:
    """A submission took an arrow: tell whose turn it is now, or how it ended."""
    if submission.deployment_id is None:
        return
    if change.arrow in ("submit", "resume_decision"):
        turns(submission, by, at)
    elif change.arrow in ENDED:
        _ended(submission, change, by, at)


def turns(submission: Submission, by: Actor, at: datetime) -> None:
    """Tell everybody whose turn it is now, once for each round and turn."""
    here = queries.position(submission, clock.london_date(at))
    for line in here.open_turns if here else ():
        assert here is not None and line.since is not None
        deployment, turn = here.asked.deployment, line.turn
        register.say(
            deployment,
            people=seats.brought_to(line, deployment, at),
            by=by,
            kind="submission.turn",
            subject=f"Your turn to {VERBS[turn.act]}: {register.named(deployment)}, {here.asked.stage_asked.label}",
            body=f"{_as(line)} {plural(turn.expected_working_days, 'working day')} are expected.",
            page=register.path(deployment, "packs.submission", reference=submission.reference),
            key=f"turn:{here.pack.id}:{turn.role.value}:{line.since.isoformat()}",
            at=at,
        )


def _as(line: TurnState) -> str:
    """As what somebody acts; of how many where a panel signs; and that it is blind where it is."""
    said = f"You act as {line.turn.role.title}."
    if line.turn.needs > 1:
        said += f" {line.of_panel} have signed so far."
    if line.turn.independent:
        said += " What others said is shown when all are in."
    return said


def recused(submission: Submission, row: Recusal, shortages: Sequence[str], by: Actor, at: datetime) -> None:
    """Somebody stepped back: the digital leads, and those who hold the same roles. The reason stays on the page."""
    deployment = submission.deployment
    assert deployment is not None
    roles = tuple({held.role for held in by.current if held.covers(deployment.id)})
    register.say(
        deployment,
        people=register.holders(deployment, (Role.DIGITAL_LEAD, *roles), at),
        by=by,
        kind="submission.recused",
        subject=f"Stepped back, conflict of interest: {register.named(deployment)}",
        body=" ".join((f"{by.name} takes no further part in submission {submission.reference}.", *shortages)),
        page=register.path(deployment, "packs.submission", reference=submission.reference),
        key=f"recusal:{row.id}",
        at=at,
    )


def _ended(submission: Submission, change: SubmissionChange, by: Actor, at: datetime) -> None:
    """Tell the digital leads, whoever submitted it, and everybody who had signed in this round."""
    deployment = submission.deployment
    if deployment is None or submission.stage_asked is None:
        return
    until = f" until {long_date(submission.deferred_until)}" if change.arrow == "defer" else ""
    people = register.holders(deployment, (Role.DIGITAL_LEAD,), at) | _signed(submission)
    people |= {submission.submitted_by} if submission.submitted_by else set()
    register.say(
        deployment,
        people=people,
        by=by,
        kind=f"submission.{submission.status.value}",
        subject=f"{ENDED[change.arrow]}{until}: {register.named(deployment)}, {submission.stage_asked.label}",
        body=f"Submission {submission.reference}. Who said it, and why, is on its page.",
        page=register.path(deployment, "packs.submission", reference=submission.reference),
        key=f"submission:{submission.id}:{change.arrow}:{change.id}",
        at=at,
    )


def _signed(submission: Submission) -> set[int]:
    query = (
        sa.select(SignOff.person_id)
        .join(AssurancePack, AssurancePack.id == SignOff.subject_id)
        .where(
            SignOff.subject_kind == PACK,
            AssurancePack.submission_id == submission.id,
            AssurancePack.round == submission.round,
        )
    )
    return set(db.session.scalars(query))


def condition(row: Condition, change_id: int, by: Actor, at: datetime) -> None:
    """A condition changed: it is with its owner, or with the role that set it."""
    if row.status not in CONDITIONS:
        return
    what, body = CONDITIONS[row.status]
    owner, setter = Role(row.owner_role), row.set_by_role
    deployment = db.session.get_one(Deployment, row.deployment_id)
    lapses = row.kind == "after" and deployment.standing is Standing.ASSURED  # they are then told of the lapse itself
    roles = {
        "open": (owner,),
        "offered": (setter,),
        "overdue": (owner, setter, *(() if lapses else told_of_lapses())),
    }.get(row.status, (owner, Role.DIGITAL_LEAD))
    due = f"It counts before {row.before_stage.label}." if row.before_stage else f"It is due by {long_date(row.due_on)}."
    register.say(
        deployment,
        people=register.holders(deployment, roles, at) | (_leads(deployment, at) if row.status == "overdue" else set()),
        by=by,
        kind=f"condition.{row.status}",
        subject=f"{what}: {register.named(deployment)}, condition {row.number}",
        body=f"{body} {due}",
        page=register.path(deployment, "conditions.condition", condition_id=row.id),
        key=f"condition:{row.id}:{change_id}",
        at=at,
    )


def told_of_lapses() -> tuple[Role, ...]:
    """Whom policy tells of an approval or a condition that lapsed: who then decides."""
    return tuple(Role(each) for each in policy().reminders.lapse_tells)


def lapsed(deployment: Deployment, by: Actor, at: datetime) -> None:
    """Its approval lapsed: whom policy names must decide, the leads hear of it. The tool is not stopped by it."""
    needed = deployment.decision_needed_by
    roles = (*told_of_lapses(), Role.DIGITAL_LEAD)
    register.say(
        deployment,
        people=register.holders(deployment, roles, at) | _leads(deployment, at),
        by=by,
        kind="deployment.lapsed",
        subject=f"Lapsed: {register.named(deployment)}",
        body=f"A decision is needed by {long_date(needed)}. It does not stop the tool by itself.",
        page=register.path(deployment),
        key=f"lapsed:{deployment.id}:{deployment.standing_since.isoformat()}",
        at=at,
    )


def _leads(deployment: Deployment, at: datetime) -> set[int]:
    return reminders.leads(deployment.organisation_id, clock.london_date(at))
