"""What happened to one answer: who, when, from where, and the words struck out and put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.schema import Question
from governance.assessment.sheets import offers, queries
from governance.assessment.sheets.models import Answer, AnswerSheet
from governance.assessment.sheets.presenters import said_by
from governance.intake.models import Submission
from governance.web.differences import Piece, difference
from governance.web.wording import moment

ACTS = {
    "typed": "Answered",
    "register": "From the register",
    "model_card": "From the model card",
    "supplier_form": "From the supplier’s form",
    "supplier_link": "From the supplier’s link",
    "overlap": "Used the answer to {origin}",
    "earlier_version": "Carried over from {origin}",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One revision: what was done, by whom, when, and what it changed."""

    what: str
    who: str
    when: str
    set: str
    pieces: tuple[Piece, ...]


def steps(submission: Submission, sheet: AnswerSheet, question: Question) -> tuple[Step, ...]:
    """Every answer to a question and to the one of earlier versions that it says it is the same as, newest first."""
    rows: list[tuple[Answer, Question, str]] = []
    here: Question | None = question
    name, held = sheet.question_set, sheet
    while here is not None and held is not None:
        rows += [(row, here, "" if held is sheet else _title(name)) for row in queries.history(held, here.code)]
        earlier = loader.question_set(name).supersedes
        if earlier is None or here.same_as is None:
            break
        name, here = earlier, loader.question_set(earlier).by_code.get(here.same_as)
        found = queries.sheet_for(submission, name)
        if found is None:
            break
        held = found
    return _steps(rows)


def _steps(rows: Sequence[tuple[Answer, Question, str]]) -> tuple[Step, ...]:
    givers = queries.givers(row for row, _, _ in rows)
    found = []
    for n, (row, question, title) in enumerate(rows):
        before = next((other for other in rows[n + 1 :] if other[0].layer == row.layer), None)
        said = said_by(question, row)
        was = said_by(before[1], before[0]) if before else ""
        same = before is not None and said == was
        found.append(
            Step(_what(row, same), givers[row.id], moment(row.answered_at), title, () if same else difference(was, said))
        )
    return tuple(found)


def _what(row: Answer, same: bool) -> str:
    if same and row.source in ("register", "model_card", "supplier_form", "supplier_link") and row.confirmed:
        return "Confirmed as it is"
    said = ACTS.get(row.source, "Answered").format(origin=offers.in_words(row.origin or ""))
    return said if row.confirmed else f"{said}, not confirmed"


def _title(question_set: str) -> str:
    return loader.question_set(question_set).title
