"""What is left on a sheet, and who has it, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Question
from governance.assessment.sheets import asked
from governance.assessment.sheets.queries import SheetView
from governance.identity import queries as identity
from governance.intake.models import Submission
from governance.permissions import Actor, Role
from governance.questions import queries as questions
from governance.web.wording import listed, long_date

FEW = 3


@dataclass(frozen=True, slots=True)
class Left:
    """What is left, and with whom. `roles` and `names` are empty where nothing is left; `given` where no colleague has it."""

    words: str
    roles: str
    names: str
    given: str


def of(submission: Submission, view: SheetView, by: Actor, on: date) -> Left:
    """The whole sheet's standing: how much is left, whose it is to answer, and which colleague has it."""
    words = counted(view, view.question_set.questions)
    if not words:
        return Left("Nothing is left.", "", "", "")
    row = asked.sheet_row(submission, view.question_set.code)
    roles = tuple(row.answered_by) if row and row.answered_by else (Role.DIGITAL_LEAD,)
    where, deployment = submission.organisation_id, submission.deployment_id
    found = [person.name for role in roles for person in identity.holders(where, role, on, deployment)]
    names = list(dict.fromkeys(found))
    return Left(
        words=f"{words[0].upper()}{words[1:]}.",
        roles=listed((role.title for role in roles), "or"),
        names=listed(names, "or") if 0 < len(names) <= FEW else "" if names else "nobody holds this role yet",
        given=_given(submission, view.question_set.code, by),
    )


def counted(view: SheetView, among: Iterable[Question]) -> str:
    """`3 to answer, 2 to confirm, 1 waits for another answer`; empty where nothing is left that must be given."""
    waiting = set(view.unconfirmed)
    codes = [each for each in among if each.code not in waiting]
    answer = sum(each.required and view.states[each.code].state is State.UNANSWERED for each in codes)
    reach = sum(view.states[each.code].state is State.NOT_REACHED for each in codes)
    confirm = sum(each.code in waiting for each in among)
    parts = [f"{answer} to answer"] if answer else []
    parts += [f"{confirm} to confirm"] if confirm else []
    parts += [f"{reach} {'waits' if reach == 1 else 'wait'} for another answer"] if reach else []
    return ", ".join(parts)


def _given(submission: Submission, question_set: str, by: Actor) -> str:
    has = questions.given(str(submission.reference), submission.organisation_id).get(f"sheet:{question_set}")
    if has is None:
        return ""
    until = f", by {long_date(has.due_on)}" if has.due_on else ""
    return f"Given to {'you' if has.person_id == by.person_id else has.person}{until}"
