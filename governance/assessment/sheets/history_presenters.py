"""What happened to one answer: who, when, from where, and the words struck out and put in."""

from __future__ import annotations

from dataclasses import dataclass

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.schema import Question
from governance.assessment.sheets import offers, queries
from governance.assessment.sheets.models import Answer, AnswerSheet
from governance.assessment.sheets.presenters import said_by
from governance.assessment.sheets.rules import TOOL_VERSION
from governance.assessment.sheets.version_rules import origin_of
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
    "tool_version": "Still true, carried over from {origin}",
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
    """Every answer to a question, to the one of earlier versions of the set that it says it is the same as, and to that of
    the version of the tool from which it was carried, newest first.
    """
    rows = _of_set(submission, sheet, question)
    seen = {sheet.id}
    while (older := _before(sheet, rows)) is not None and older[0].id not in seen:
        seen.add(older[0].id)
        rows += [(row, older[1], older[2]) for row in queries.history(older[0], older[1].code)]
    return _steps(rows)


Rows = list[tuple[Answer, Question, str]]


def _before(sheet: AnswerSheet, rows: Rows) -> tuple[AnswerSheet, Question, str] | None:
    """The sheet of the version of the tool from which the oldest of these answers was carried, with its question and name."""
    carried = next((row for row, _, _ in reversed(rows) if row.source == TOOL_VERSION), None)
    origin = origin_of(carried.origin) if carried else None
    older = queries.sheet_of_version(sheet, origin.question_set, origin.version) if origin else None
    if origin is None or older is None:
        return None
    asked = loader.question_set(origin.question_set).by_code.get(origin.code)
    return (older, asked, f"version {origin.version}") if asked else None


def _of_set(submission: Submission, sheet: AnswerSheet, question: Question) -> Rows:
    rows: Rows = []
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
    return rows


def _steps(rows: Rows) -> tuple[Step, ...]:
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
