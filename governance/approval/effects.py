"""What follows from a sealed sign-off: conditions, advice, the end of a round, the decision and the deployment's move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.approval import notices, outcomes, queries, rules, statements
from governance.approval.models import Advice, Authorisation, Condition, ConditionChange, Decision
from governance.approval.queries import Position
from governance.approval.rules import NewCondition
from governance.audit.record import record
from governance.database import db
from governance.intake import operations as intake
from governance.intake.models import Submission
from governance.lifecycle import Standing, SubmissionKind
from governance.permissions import SYSTEM, Actor, Role
from governance.policy import rules as policy
from governance.policy.schema import Act
from governance.register import operations as register
from governance.signing.models import SignOff

ENDED = ("return_for_information", "not_approved", "not_authorised")


def follow(
    *,
    here: Position,
    row: SignOff,
    conditions: Sequence[NewCondition],
    until: date | None,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Let a sealed row take its effect; one of an independent turn when all of them are in."""
    turn, submission = here.line(row.role).turn, here.submission
    for condition in queries.left_over(here):
        change(row=condition, status="void", text="The round ended", by=by, role="", at=at)
    if turn.independent:
        _independent(here, by, at)
        return
    if turn.act is Act.ADVISE:
        _advice(here, row, reason, by, at)
        notices.turns(submission, by, at)
        return
    set_conditions(here=here, row=row, conditions=conditions, by=by, at=at)
    if row.outcome in ENDED:
        _release_advice(here, by, at)
        _end(here, row, reason, reason, by, at)
    elif row.outcome == "defer":
        intake.move(
            submission=submission, arrow="defer", role=row.role.value, reason=reason, deferred_until=until, by=by, at=at
        )
    elif turn.act is Act.AUTHORISE:
        _authorise(here, row, until, reason, by, at)
    else:
        notices.turns(submission, by, at)


def _end(here: Position, row: SignOff, reason: str, words: str, by: Actor, at: datetime) -> None:
    """The round ends by one outcome, for its own reason; `words` go with the arrow."""
    submission, role = here.submission, row.role.value
    void_conditions(submission=submission, by=by, at=at)
    if row.outcome == "return_for_information":
        intake.move(submission=submission, arrow="return_for_information", role=role, reason=words, by=by, at=at)
    else:
        _decide(here, row, "not_approved", f"Not approved: {reason}", by, at)
        intake.move(submission=submission, arrow="refuse", role=role, reason=words, by=by, at=at)


def _independent(before: Position, by: Actor, at: datetime) -> None:
    """Nothing follows from an independent outcome until all are in. Then all of it does, and the hardest ends the round.

    It ends by the register's own hand: whoever came last may have said the opposite.
    """
    here = queries.position(before.submission, clock.london_date(at))
    assert here is not None
    if here.veiled:
        notices.turns(here.submission, by, at)
        return
    said = [each for turn in here.turns if turn.independent for each in here.given[turn.role]]
    hardest = rules.hardest(said)
    for each in said:
        row = db.session.get_one(SignOff, each.sign_off_id)
        if here.line(row.role).turn.act is Act.ADVISE:
            _advice(here, row, each.reason, by, at)
        elif hardest is None:
            conditions = [NewCondition.from_content(one) for one in row.details.get("conditions", ())]
            set_conditions(here=here, row=row, conditions=conditions, by=by, at=at)
    if hardest is None:
        notices.turns(here.submission, by, at)
        return
    row = db.session.get_one(SignOff, hardest.sign_off_id)
    _end(here, row, hardest.reason, statements.all_said(said), SYSTEM, at)


def _release_advice(here: Position, by: Actor, at: datetime) -> None:
    """Independent advice in a round that somebody else ended: it is kept beside what was decided."""
    for line in here.lines:
        if line.turn.role in here.veiled and line.turn.act is Act.ADVISE:
            for each in here.given.get(line.turn.role, ()):
                _advice(here, db.session.get_one(SignOff, each.sign_off_id), each.reason, by, at)


def _advice(here: Position, row: SignOff, text: str, by: Actor, at: datetime) -> None:
    submission = here.submission
    db.session.add(
        Advice(
            organisation_id=submission.organisation_id,
            submission_id=submission.id,
            round=submission.round,
            role=row.role,
            outcome=row.outcome,
            text=text,
            sign_off_id=row.id,
            given_at=at,
        )
    )
    _note(here, "advice.given", by, at, role=row.role.value, outcome=row.outcome)


def set_conditions(
    *, here: Position, row: SignOff, conditions: Sequence[NewCondition], by: Actor, at: datetime
) -> None:
    """Write the conditions of one sign-off as proposed; they bind when the decision is made."""
    submission = here.submission
    last = db.session.scalar(
        sa.select(sa.func.max(Condition.number)).where(Condition.submission_id == submission.id)
    )
    for number, each in enumerate(conditions, (last or 0) + 1):
        found = Condition(
            organisation_id=submission.organisation_id,
            submission_id=submission.id,
            deployment_id=here.asked.deployment.id,
            sign_off_id=row.id,
            set_by_role=row.role,
            number=number,
            text=each.text.strip(),
            evidence_asked=each.evidence_asked.strip(),
            kind=each.kind,
            owner_role=each.owner_role,
            due_on=each.due_on,
            before_stage=each.before_stage,
            status="proposed",
        )
        db.session.add(found)
        db.session.flush()
        change(row=found, status="proposed", text="", by=by, role=row.role.value, at=at, before=None)


def change(
    *, row: Condition, status: str, text: str, by: Actor, role: str, at: datetime, before: str | None = "",
    evidence_id: int | None = None,
) -> None:
    """Take a condition to a status: the only writer, with its row of history and its event."""
    was = row.status if before == "" else before
    row.status = status
    db.session.flush()
    step = ConditionChange(
        organisation_id=row.organisation_id,
        condition_id=row.id,
        at=at,
        by_person_id=by.person_id,
        by_role=role,
        status_from=was,
        status_to=status,
        text=text.strip(),
        evidence_id=evidence_id,
    )
    db.session.add(step)
    db.session.flush()
    record(
        f"condition.{status}",
        stream=f"deployment:{row.deployment_id}",
        by=by,
        at=at,
        organisation_id=row.organisation_id,
        condition=row.id,
        number=row.number,
        text=text.strip(),
        **({"evidence": evidence_id} if evidence_id is not None else {}),
    )
    notices.condition(row, step.id, by, at)


def void_conditions(*, submission: Submission, by: Actor, at: datetime) -> None:
    """Conditions proposed in a round fall with it."""
    for row in outcomes.conditions_of(submission):
        if row.status == "proposed":
            change(row=row, status="void", text="The round ended", by=by, role="", at=at)


def _authorise(here: Position, row: SignOff, until: date | None, reason: str, by: Actor, at: datetime) -> None:
    submission, asked = here.submission, here.asked
    assert submission.tool_version is not None
    assert until is not None
    for condition in outcomes.conditions_of(submission):
        if condition.status == "proposed":
            change(row=condition, status="open", text="", by=by, role=row.role.value, at=at)
    db.session.add(
        Authorisation(
            organisation_id=submission.organisation_id,
            submission_id=submission.id,
            pack_id=here.pack.id,
            sign_off_id=row.id,
            role=row.role,
            stage=asked.stage_asked,
            tool_version_id=submission.tool_version.id,
            until=until,
            # only top management accepts residual clinical risk (DCB0160 2.2.2), and of use that goes on
            residual_accepted=queries.highest_residual(asked) if row.role is Role.AUTHORISING_EXECUTIVE else None,
            against_advice=reason,
            made_at=at,
        )
    )
    _note(here, "authorisation.made", by, at, stage=asked.stage_asked.value, until=until.isoformat())
    sentence = statements.decision_sentence(
        kind=submission.kind,
        stage=asked.stage_asked.label,
        version=submission.tool_version.version,
        until=until,
        conditions=len(outcomes.conditions_of(submission)),
    )
    _decide(here, row, "authorised", sentence, by, at)
    intake.move(submission=submission, arrow="authorise", role=row.role.value, reason=reason, by=by, at=at)
    if outcomes.awaited_before(submission):
        project(submission, at)
    else:
        take_effect(submission=submission, by=by, at=at)


def _decide(here: Position, row: SignOff, outcome: str, sentence: str, by: Actor, at: datetime) -> None:
    submission = here.submission
    db.session.add(
        Decision(
            organisation_id=submission.organisation_id,
            submission_id=submission.id,
            outcome=outcome,
            sign_off_id=row.id,
            sentence=sentence,
            decided_by=row.person_name,
            role=row.role,
            decided_at=at,
        )
    )
    _note(here, "decision.made", by, at, outcome=outcome, sentence=sentence)


def take_effect(*, submission: Submission, by: Actor, at: datetime) -> None:
    """Move the deployment as the authorisation says: at once, or when the last "before" condition is confirmed.

    While use is suspended nothing moves but to cease: `queries.waits_for_resuming` finds it when use resumes.
    """
    given, deployment = outcomes.authorisation(submission), submission.deployment
    assert given is not None
    assert deployment is not None
    if deployment.standing is Standing.SUSPENDED and submission.kind is not SubmissionKind.CEASE:
        project(submission, at)
        return
    asked = queries.asked_of(submission)
    on = clock.london_date(at)
    review = None
    if asked.tier is not None:
        stays = given.stage is deployment.stage  # what was assessed again counts as a look back
        review = policy.review_due(
            asked.policy, tier=asked.tier, stage=given.stage, stage_since=deployment.stage_since if stays else on,
            last_review_on=on if stays else None, until=given.until,
        )  # fmt: skip
    register.move(
        deployment=deployment,
        arrow="cease" if submission.kind is SubmissionKind.CEASE else "take_effect",
        stage=None if submission.kind is SubmissionKind.CEASE else given.stage,
        reason=decision_text(submission),
        submission_id=submission.id,
        approved=None if submission.kind is SubmissionKind.CEASE else register.Approved(
            stage=given.stage,
            tool_version_id=given.tool_version_id,
            until=given.until,
            pack_id=given.pack_id,
            tier=submission.tier,
            next_review_on=review,
        ),
        by=by,
        at=at,
    )
    project(submission, at)


def decision_text(submission: Submission) -> str:
    """The sentence of the decision."""
    found = outcomes.decision(submission)
    return found.sentence if found else ""


def project(submission: Submission, at: datetime) -> None:
    """Let partners see what conditions are open now, and what was decided last."""
    deployment = submission.deployment
    assert deployment is not None
    register.project(deployment=deployment, at=at)


def _note(here: Position, kind: str, by: Actor, at: datetime, **said: str) -> None:
    record(
        kind,
        stream=f"deployment:{here.asked.deployment.id}",
        by=by,
        at=at,
        organisation_id=here.submission.organisation_id,
        submission=here.submission.id,
        round=here.submission.round,
        pack=here.pack.digest,
        **said,
    )
