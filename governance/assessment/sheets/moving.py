"""Going on in a newer version of a set: what is carried over, what is new, and the move itself.

Nobody is moved by a publication: open assessments keep the version they have until somebody moves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence import queries as evidence_queries
from governance.assessment.question_sets import loader
from governance.assessment.question_sets.schema import Question, QuestionSet
from governance.assessment.sheets import asked, operations, queries, rules, version_rules
from governance.assessment.sheets.models import Answer, AnswerSheet, SetMove
from governance.assessment.sheets.rules import Given
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, refuse_if
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Permission

SIGNED_IN = (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)


@dataclass(frozen=True, slots=True)
class Carried:
    """One answer that goes over: the newer question, and the answer to the one that it says it is the same as."""

    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a move would do. `left`: codes answered before that the newer version does not take over."""

    to: QuestionSet
    carried: tuple[Carried, ...]
    new: tuple[Question, ...]
    left: tuple[str, ...]


def successor(question_set: str) -> QuestionSet | None:
    """The published version after this one that can be answered, if there is one. The newer file says which it follows."""
    found = [each for each in loader.all_question_sets() if each.supersedes == question_set and not each.read_only]
    return max(found, key=lambda each: each.published, default=None)


def outlook(submission: Submission, question_set: str) -> Outlook | None:
    """What moving to the newer version would carry over. None where there is no newer version."""
    newer = successor(question_set)
    if newer is None:
        return None
    sheet, layer = queries.sheet_for(submission, question_set), rules.layer_of(question_set)
    there = queries.current_answers(sheet) if sheet else {}
    answers = {code: layers[layer] for code, layers in there.items() if layer in layers}
    carried = tuple(
        Carried(question, answers[question.same_as])
        for question in newer.questions
        if question.same_as in answers and version_rules.fits(question, queries.as_value(answers[question.same_as]))
    )
    over = {each.question.code for each in carried}
    taken = {each.answer.code for each in carried}
    new = tuple(question for question in newer.questions if question.code not in over)
    return Outlook(newer, carried, new, tuple(code for code in answers if code not in taken))


def move_blockers(submission: Submission, question_set: str, by: Actor) -> list[Blocker]:
    """Why this sheet cannot go on in a newer version now."""
    row = asked.sheet_row(submission, question_set)
    blockers = asked.answer_blockers(submission, row, by)
    if successor(question_set) is None:
        return [Blocker("move.none", "No newer version of these questions is published.")]
    return blockers or _with_signers(submission, question_set)


def move_set(*, submission: Submission, question_set: str, by: Actor, at: datetime) -> AnswerSheet:
    """Open the newer version of a set, carry over the answers whose question is the same, with their evidence.

    Every submission about the same tool version (or deployment) goes on in it. Raises Refused, Forbidden, Conflict.
    """
    if submission.organisation_id not in by.scope:
        raise NotVisible()
    if submission.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")
    by.must(Permission.MOVE_SET)
    refuse_if(move_blockers(submission, question_set, by))
    found = outlook(submission, question_set)
    assert found is not None  # a blocker says so
    earlier = queries.sheet_for(submission, question_set)
    _write(submission, question_set, found, by, at)
    sheet = operations.opened(submission=submission, published=found.to, by=by, at=at)
    _carry(sheet, question_set, found.carried, by, at)
    if earlier is not None:
        _carry_evidence(earlier, sheet, found.carried, by, at)
    operations.fill(sheet=sheet, submission=submission, by=by, at=at)
    return sheet


def _write(submission: Submission, question_set: str, found: Outlook, by: Actor, at: datetime) -> None:
    tool = found.to.scope == "tool"
    carried = [each.question.code for each in found.carried if each.answer.confirmed]
    move = SetMove(
        organisation_id=submission.organisation_id,
        from_set=question_set,
        to_set=found.to.code,
        tool_version_id=submission.tool_version_id if tool else None,
        deployment_id=None if tool else submission.deployment_id,
        carried=carried,
        moved_by=by.person_id,
        moved_at=at,
    )
    db.session.add(move)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise Conflict("Somebody moved this sheet just now. Open it again.") from twice
    record(
        "set.moved", stream=f"organisation:{submission.organisation_id}", by=by, at=at,
        organisation_id=submission.organisation_id, from_set=question_set, to_set=found.to.code, carried=carried,
    )  # fmt: skip


def _carry(sheet: AnswerSheet, question_set: str, carried: Sequence[Carried], by: Actor, at: datetime) -> None:
    """Answers that a person stood behind. One that nobody confirmed is filled in again, from where it came."""
    there = queries.current_answers(sheet)
    over = [each for each in carried if each.answer.confirmed and each.question.code not in there]
    operations.answer_all(
        sheet=sheet, given=[Given(each.question.code, queries.as_value(each.answer)) for each in over],
        source="earlier_version", origins={each.question.code: f"{question_set} {each.answer.code}" for each in over},
        by=by, at=at,
    )  # fmt: skip


def _carry_evidence(
    earlier: AnswerSheet, sheet: AnswerSheet, carried: Sequence[Carried], by: Actor, at: datetime
) -> None:
    behind, here = (
        evidence_queries.supporting("answer_sheet", each.id, organisation_id=sheet.organisation_id) for each in (earlier, sheet)
    )
    for each in carried:
        code = each.question.code
        for item in behind.get(each.answer.code, []):
            if item.id not in {held.id for held in here.get(code, [])}:
                evidence.use(evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code=code, by=by, at=at)


def _with_signers(submission: Submission, question_set: str) -> list[Blocker]:
    """Other submissions on the same sheet whose pack is being signed: their content would change under the signers."""
    tool = loader.question_set(question_set).scope == "tool"
    same = (
        Submission.tool_version_id == submission.tool_version_id
        if tool
        else Submission.deployment_id == submission.deployment_id
    )
    query = sa.select(Submission.reference).where(
        Submission.organisation_id == submission.organisation_id, same, Submission.status.in_(SIGNED_IN)
    )
    return [
        Blocker("move.signed", f"{reference} is with those who must agree, and holds these answers. Wait for the decision.")
        for reference in db.session.scalars(query.order_by(Submission.id))
    ]
