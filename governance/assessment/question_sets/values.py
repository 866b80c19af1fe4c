"""Whether a value answers its question, and the one form in which it is kept."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from governance.assessment.question_sets import risks
from governance.assessment.question_sets.faults import AnswerFault
from governance.assessment.question_sets.risks import Risk, RisksFault
from governance.assessment.question_sets.schema import NOT_APPLICABLE, Question, Response

LONGEST_TEXT = 20_000
"""Characters in one answer."""

Value = str | tuple[str, ...] | tuple[Risk, ...]


@dataclass(frozen=True, slots=True)
class AnswerValue:
    """What was answered. `value` as `validate_value` gives it back; `note` is the reason beside it.

    `not_applicable` stands for the choice “Not applicable”; `value` may then be None.
    """

    value: Value | None
    note: str = ""
    not_applicable: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """The value or values, with “not applicable” as a value like any other; empty where nothing was answered.

        A list of risks gives each in one line.
        """
        if self.not_applicable:
            return (NOT_APPLICABLE,)
        if self.value is None or self.value == "":
            return ()
        return (self.value,) if isinstance(self.value, str) else tuple(str(getattr(each, "line", each)) for each in self.value)

    @property
    def risks(self) -> tuple[Risk, ...]:
        """The rows of a list of risks; empty for any other answer."""
        return tuple(each for each in self.value or () if isinstance(each, Risk))

    @property
    def is_not_applicable(self) -> bool:
        return self.chosen == (NOT_APPLICABLE,)


def answer(question: Question, raw: object, *, note: str = "") -> AnswerValue:
    """The answer to keep for what a person entered. Raises AnswerFault."""
    value = validate_value(question, raw)
    if value == NOT_APPLICABLE and NOT_APPLICABLE in question.labels:
        return AnswerValue(None, note=note.strip(), not_applicable=True)
    return AnswerValue(value, note=note.strip())


def validate_value(question: Question, raw: object) -> Value:
    """The value in the form it is kept: text trimmed, dates as 2026-05-03, percentages as 99.95, choices as a tuple.

    `raw` is text, a date, several texts for a question with several choices, or the rows of a list of risks, which may
    be half filled. Raises AnswerFault, whose sentence says what to enter.
    """
    match question.response:
        case Response.MULTI_CHOICE:
            return _several(question, raw)
        case Response.DATE | Response.DATE_OR_NA:
            return _date(question, raw)
        case Response.PERCENT:
            return _percent(question, _text(question, raw))
        case Response.RISKS:
            return _risks(question, raw)
        case Response.FREE_TEXT | Response.FILE:
            return _text(question, raw)
        case _:
            return _one(question, _text(question, raw))


def value_faults(question: Question, given: AnswerValue) -> list[str]:
    """Why this kept answer does not yet answer the question: sentences, none if it does."""
    if not given.chosen:
        return [_please(question)]
    raw: object = given.chosen if question.response is Response.MULTI_CHOICE else given.chosen[0]
    if question.response is Response.RISKS:
        raw = given.risks
    try:
        validate_value(question, raw)
    except AnswerFault as fault:
        return [fault.sentence]
    if given.risks and (lacking := risks.open_faults(given.risks)):
        return lacking
    unexplained = [value for value in given.chosen if value in question.requires_reason_for]
    if unexplained and not given.note.strip():
        return [f"Give a reason for ‘{question.label_of(unexplained[0])}’ in {question.called}."]
    return []


def wants_evidence(question: Question, given: AnswerValue) -> bool:
    """Whether this answer calls for evidence beside it."""
    if not question.evidence_expected or not given.chosen:
        return False
    if question.wanted_for:
        return any(value in question.wanted_for for value in given.chosen)
    return not given.is_not_applicable


def _please(question: Question) -> str:
    verb = "Select" if question.options and question.response is not Response.DATE_OR_NA else "Enter"
    return f"{verb} an answer to {question.called}."


def _text(question: Question, raw: object) -> str:
    text = raw.strip() if isinstance(raw, str) else ""
    if not text:
        raise AnswerFault(question.code, _please(question))
    if len(text) > LONGEST_TEXT:
        raise AnswerFault(question.code, f"The answer to {question.called} must be {LONGEST_TEXT:,} characters or fewer.")
    return text


def _one(question: Question, value: str) -> str:
    if value not in question.labels:
        offered = ", ".join(f"‘{option.words}’" for option in question.options)
        raise AnswerFault(question.code, f"The answer to {question.called} must be one of {offered}.")
    return value


def _several(question: Question, raw: object) -> tuple[str, ...]:
    given = [raw] if isinstance(raw, str) else list(raw) if isinstance(raw, Iterable) else []
    chosen = {_one(question, str(value)) for value in given if value}
    if not chosen:
        raise AnswerFault(question.code, _please(question))
    if NOT_APPLICABLE in chosen and len(chosen) > 1:
        raise AnswerFault(question.code, f"Select either ‘Not applicable’ or other answers to {question.called}.")
    return tuple(option.value for option in question.options if option.value in chosen)


def _date(question: Question, raw: object) -> str:
    if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
        return raw.isoformat()
    text = _text(question, raw)
    if text == NOT_APPLICABLE and question.response is Response.DATE_OR_NA:
        return text
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, flags=re.ASCII):
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            pass
    raise AnswerFault(question.code, f"The answer to {question.called} must be a real date, like 3 May 2027.")


def _percent(question: Question, text: str) -> str:
    number = text.removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", number, flags=re.ASCII) or Decimal(number) > 100:
        raise AnswerFault(
            question.code, f"The answer to {question.called} must be a percentage from 0 to 100, like 99.95."
        )
    return f"{Decimal(number):.2f}"


def _risks(question: Question, raw: object) -> tuple[Risk, ...]:
    try:
        rows = risks.read(raw)
    except RisksFault as fault:
        raise AnswerFault(question.code, fault.sentence) from None
    if not rows:
        raise AnswerFault(question.code, "Enter at least one risk.")
    return rows
