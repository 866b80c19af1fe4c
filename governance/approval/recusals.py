"""Stepping back from one submission because of a conflict of interest: for good, and in every role."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from governance import clock
from governance.approval import notices, queries, seats
from governance.approval.models import Recusal
from governance.assessment.packs import queries as packs
from governance.assessment.packs.asked import asked_of
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, refuse_if
from governance.intake.models import Submission
from governance.lifecycle import OPEN_STATUSES, SubmissionStatus
from governance.permissions import Actor, Permission, Role


def recuse(*, submission: Submission, reason: str, by: Actor, at: datetime) -> Recusal:
    """Step back from a submission. Whoever signed in this round cannot, until the round is over.

    What was signed in earlier rounds stays. Raises NotVisible, Forbidden, Refused, Conflict.
    """
    if submission.organisation_id != by.organisation_id:
        raise NotVisible()
    if submission.deployment_id is None or not by.may(Permission.RECUSE, deployment_id=submission.deployment_id):
        raise Forbidden()
    # somebody who signs and steps back at the same moment does one after the other
    db.session.refresh(submission, with_for_update={"of": Submission})
    refuse_if(blockers(submission, by))
    if not reason.strip():
        refuse_if([Blocker("reason", "Say what the conflict of interest is.")])
    row = Recusal(
        organisation_id=submission.organisation_id,
        submission_id=submission.id,
        person_id=by.person_id,
        reason=reason.strip(),
        declared_at=at,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Conflict("You have stepped back from this submission already.") from clash
    record(
        "person.recused", stream=f"deployment:{submission.deployment_id}", by=by, at=at,
        organisation_id=submission.organisation_id, submission=submission.id, reference=submission.reference or "",
        round=submission.round, person=by.name, reason=row.reason,
    )  # fmt: skip
    notices.recused(submission, row, left(submission, clock.london_date(at)), by, at)
    notices.turns(submission, by, at)
    return row


def blockers(submission: Submission, by: Actor) -> list[Blocker]:
    """Why somebody cannot step back: it is over, they have already, or they have signed in this round."""
    found = []
    if submission.status not in OPEN_STATUSES or submission.status is SubmissionStatus.DRAFTED:
        said = f"There is nothing to step back from: this submission is {submission.status.label.lower()}."
        found.append(Blocker("recuse.closed", said))
    if seats.recused_blockers(submission, by):
        found.append(Blocker("recuse.done", "You have stepped back from this submission already."))
    signed = _signed_in_round(submission, by)
    if signed is not None and submission.status in (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED):
        said = f"You have signed as {signed.title} in this round, and a signature stays."
        todo = "Ask the digital lead to take the submission back, then declare it before the next round."
        found.append(Blocker("recuse.signed", f"{said} {todo}"))
    return found


def _signed_in_round(submission: Submission, by: Actor) -> Role | None:
    here = packs.pack(submission)
    given = seats.taken([here.id]).get(here.id, {}) if here else {}
    return next((role for role, said in given.items() for each in said if each.person_id == by.person_id), None)


def left(submission: Submission, on: date) -> tuple[str, ...]:
    """A sentence for each role that judges, signs or advises and that nobody is left to hold, or too few are."""
    gone = seats.recused([submission.id]).get(submission.id, frozenset())
    here = queries.position(submission, on) if _frozen(submission) else None
    found = list(queries.shortages(here, on)) if here else []
    asked = asked_of(submission)
    turns = {} if here else {turn.role: turn.needs for turn in queries.turns_of(asked)}
    judges = {} if _frozen(submission) else {each.judged_by: 1 for each in asked.sections if each.judged_by}
    for role, needs in (judges | turns).items():
        there = seats.holders(asked.deployment, role, on)
        if there & gone and len(there - gone) < needs:
            found.append(f"Nobody else is appointed as {role.title}: ask the organisation administrator.")
    return tuple(dict.fromkeys(found))


def _frozen(submission: Submission) -> bool:
    return submission.status in (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)


def may_recuse(submission: Submission, by: Actor) -> bool:
    """Whether the page to step back is offered to somebody: they may have a part, and it is open."""
    return (
        submission.deployment_id is not None
        and submission.organisation_id == by.organisation_id
        and by.may(Permission.RECUSE, deployment_id=submission.deployment_id)
        and not blockers(submission, by)
    )
