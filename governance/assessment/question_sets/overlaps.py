"""Questions of different sets that ask the same thing, so that what was answered once is offered where it is asked again.

The table is data (`overlap_table`). An offer is never an answer: a person looks at it and takes it over, or does not.
Codes are joined only together with their set: DTAC 1.0 and 2.0 use one code for different questions. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from governance.assessment.question_sets import loader, overlap_table, rules, values
from governance.assessment.question_sets.faults import AnswerFault
from governance.assessment.question_sets.overlap_table import TEXTS, Overlap, Overlaps, Relation
from governance.assessment.question_sets.schema import Question, QuestionSet, Response
from governance.assessment.question_sets.values import AnswerValue, Value

LINE = 500
"""Characters in an answer of one line."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What another set's answer offers to a question: a value that fits it, with the reason beside it.

    `says` is the table's sentence. `value` is as `values.validate_value` gives it; “not_applicable” is a value too.
    """

    value: Value
    note: str
    from_set: str
    from_code: str
    says: str
    relation: Relation = Relation.SAME

    def answer_to(self, question: Question) -> AnswerValue:
        """The answer that a person gives by taking the offer over."""
        return values.answer(question, self.value, note=self.note)


def offers(
    question_set: QuestionSet,
    answers_by_set: Mapping[str, Mapping[str, AnswerValue]],
    *,
    table: Overlaps | None = None,
    sets: Mapping[str, QuestionSet] | None = None,
) -> dict[str, Offer]:
    """What other sets' answers offer to this set, by question code, in the order of the form.

    `answers_by_set`: for each set's code the answers that a person stands behind, as `SheetView.values` gives them; an
    answer to a question that is skipped there counts for nothing. Nothing is offered where this set has an answer or skips
    the question, nor where the value would not answer it. An offer is made of answers, never of another offer. Parts of
    one text that the same set answers are joined; `from_code` then names each.
    """
    known = sets or {each.code: each for each in loader.all_question_sets()}
    own = {code: answer for code, answer in answers_by_set.get(question_set.code, {}).items() if answer.chosen}
    mine = rules.state_of(question_set, own)
    rows = _rows_to(question_set.code, table or overlap_table.table())
    given = {code: _counted(known[code], answers_by_set.get(code, {})) for code in {row.from_.set for row in rows}}
    found: dict[str, Offer] = {}
    for row in rows:
        code = row.to.code
        answer = given.get(row.from_.set, {}).get(row.from_.code)
        if code in own or answer is None or mine[code].state is rules.State.SKIPPED:
            continue
        offer = _offer(row, known[row.from_.set].by_code[row.from_.code], question_set.by_code[code], answer)
        if offer is not None:
            found[code] = _joined(question_set.by_code[code], found[code], offer) if code in found else offer
    return {question.code: found[question.code] for question in question_set.questions if question.code in found}


def _joined(to: Question, first: Offer, next_: Offer) -> Offer:
    """Parts of a text from one set, one after the other, where its box has room. Anything else: the first offer stands."""
    parts = first.relation is next_.relation is Relation.PART and to.response in TEXTS
    if not parts or first.from_set != next_.from_set or next_.value == first.value:
        return first
    text = _in_its_box(to, f"{first.value}\n\n{next_.value}" if to.multiline else f"{first.value} {next_.value}")
    if text is None or len(text) > values.LONGEST_TEXT:
        return first
    says = first.says if next_.says in first.says else f"{first.says} {next_.says}"
    note = "\n\n".join(dict.fromkeys(each for each in (first.note, next_.note) if each))
    return replace(first, value=text, note=note, from_code=f"{first.from_code}, {next_.from_code}", says=says)


def _rows_to(code: str, table: Overlaps) -> list[Overlap]:
    """The rows that lead into a set, the closest relation first, else as written."""
    order = list(Relation)
    rows = [row for row in table.rows if row.to.set == code and row.from_.set != code]
    return sorted(rows, key=lambda row: order.index(row.relation))


def _counted(question_set: QuestionSet, answers: Mapping[str, AnswerValue]) -> dict[str, AnswerValue]:
    """The answers that answer their questions and are not skipped; what only a fact of triage decides is left in."""
    states = rules.state_of(question_set, answers) if answers else {}
    return {
        code: answer
        for code, answer in answers.items()
        if code in states
        and states[code].state is not rules.State.SKIPPED
        and not values.value_faults(question_set.by_code[code], answer)
    }


def _offer(row: Overlap, asked: Question, to: Question, answer: AnswerValue) -> Offer | None:
    """The offer of one answer, or None where its value is not mapped or does not fit."""
    raw = _mapped(row, to, answer) if row.values else _as_it_stands(to, answer)
    if raw is None:
        return None
    try:
        value = values.validate_value(to, raw)
    except AnswerFault:
        return None
    note = answer.note.strip()
    offer = Offer(value, note, row.from_.set, row.from_.code, row.says, row.relation)
    return None if values.value_faults(to, offer.answer_to(to)) else offer


def _mapped(row: Overlap, to: Question, answer: AnswerValue) -> str | tuple[str, ...] | None:
    """The values that the row makes of those chosen; several only where the question takes several, or a text."""
    made = tuple(dict.fromkeys(row.values[each] for each in answer.chosen if each in row.values))
    if not made:
        return None
    if to.response is Response.MULTI_CHOICE:
        return made
    if to.response in TEXTS:
        return _in_its_box(to, "\n\n".join(made))
    return made[0] if len(made) == 1 else None


def _as_it_stands(to: Question, answer: AnswerValue) -> str | tuple[str, ...] | None:
    if to.response in TEXTS:
        return _in_its_box(to, answer.value) if isinstance(answer.value, str) else None
    return answer.chosen if to.response is Response.MULTI_CHOICE else (answer.chosen or (None,))[0]


def _in_its_box(to: Question, text: str) -> str | None:
    """A text, where the box of the question has room for it."""
    return text if to.multiline or ("\n" not in text and len(text) <= LINE) else None
