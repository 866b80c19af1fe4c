"""Taking over answers that were given on another sheet of the same tool or deployment. A person does it, and stands behind it."""

from __future__ import annotations

from datetime import datetime

from governance.assessment.sheets import asked, offers, operations, queries
from governance.assessment.sheets.models import Answer
from governance.assessment.sheets.rules import Given
from governance.errors import Conflict, NotVisible
from governance.intake.models import Submission
from governance.permissions import Actor

GONE = "That answer is not offered any more, or it says something else now. Read what it says and choose again."


def take_over(
    *, submission: Submission, question_set: str, by: Actor, at: datetime, code: str = "", revision: int | None = None
) -> list[Answer]:
    """Use one offered answer, or with an empty `code` all that are offered to questions nobody has answered.

    `revision` is that of the answer on the other sheet as the page showed it. Raises Conflict when it is another by now, or
    nothing is offered; NotVisible without a sheet; Refused where this person may not answer.
    """
    row = asked.sheet_row(submission, question_set)
    view = queries.view(submission, question_set, asked.route_facts(submission, row))
    if view.sheet is None:
        raise NotVisible()
    found = offers.offered(submission, view)
    chosen = [each for each in found.values() if each.answer and (each.code == code if code else each.standing == offers.NEW)]
    if not chosen or (revision is not None and any(each.revision != revision for each in chosen)):
        raise Conflict(GONE)
    given = [Given(each.code, each.answer, _revision(view.answers.get(each.code))) for each in chosen if each.answer]
    return operations.answer_all(
        sheet=view.sheet, given=given, source="overlap", origins={each.code: each.origin for each in chosen}, by=by, at=at
    )


def _revision(answer: Answer | None) -> int:
    return answer.revision if answer else 0
