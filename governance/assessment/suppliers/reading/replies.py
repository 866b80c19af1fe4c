"""An answer as its question wants it: an option, a date, a percentage or text. What may mean two things is unclear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from governance.assessment.question_sets import values
from governance.assessment.question_sets.schema import Question, Response
from governance.assessment.question_sets.values import AnswerFault, AnswerValue
from governance.assessment.suppliers.reading import options
from governance.web import dates

READ, EMPTY, UNCLEAR = "read", "empty", "unclear"
LONGEST_LINE = 500
LONGEST_NOTE = 2000
_PROMPT = re.compile(
    r"(click|tap)( here| or tap here)? to enter (text|a date)\.?|click or tap (here )?to enter (text|a date)\.?|choose an item\.?"
    r"|free ?text( box| response)?|enter (your )?(text|answer|response)( here)?\.?|\[?insert [a-z ]{1,40}\]?\.?"
    r"|select( an option)?\.?"
    r"|please (select|provide|complete|enter)[a-z ]{0,40}\.?|_{3,}|\.{3,}|…|-|–|—",
    re.IGNORECASE,
)
_NONE = re.compile(r"(n\s*/\s*a|n\.a\.?|not applicable)\.?", re.IGNORECASE)
_DATE_IN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\s*(?:[./-]|\s|\bof\b)+\s*(?:\d{1,2}|[A-Za-z]{3,9})\.?,?\s*(?:[./-]|\s)\s*\d{4}"
    r"|[A-Za-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a row's answer comes to: `answer` where it was read, else a sentence that says why not."""

    status: str
    answer: AnswerValue | None = None
    sentence: str = ""


def reply(question: Question, answer: Sequence[str], support: Sequence[str]) -> Reply:
    """Read one answer. `support` is what stands in the cell for supporting information."""
    said, beside = _without_prompts(answer), _without_prompts(support)
    try:
        match question.response:
            case Response.DATE_OR_NA | Response.DATE:
                return _date(question, said, beside)
            case Response.PERCENT:
                return _percent(question, said, beside)
            case Response.FREE_TEXT | Response.FILE:
                return _text(question, said, beside)
            case _:
                return _choice(question, said, beside)
    except AnswerFault as fault:
        return Reply(UNCLEAR, sentence=fault.sentence)


def _without_prompts(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not _PROMPT.fullmatch(line.strip())]


def _choice(question: Question, said: list[str], beside: list[str]) -> Reply:
    found = options.chosen(question, said)
    if found.unclear:
        return Reply(UNCLEAR, sentence=found.unclear)
    if found.value is None:
        return _nothing("No option is marked.") if not beside else Reply(UNCLEAR, sentence="Text, but no option is marked.")
    note = "\n".join([*found.rest, *beside])
    if len(note) > LONGEST_NOTE:
        return Reply(UNCLEAR, sentence=f"The text beside the option is longer than {LONGEST_NOTE:,} characters.")
    return Reply(READ, values.answer(question, found.value, note=note))


def _text(question: Question, said: list[str], beside: list[str]) -> Reply:
    lines, note = (said, beside) if said else (beside, [])
    if not lines:
        return _nothing()
    if any(options.is_marked(line) for line in lines):
        return Reply(UNCLEAR, sentence="It holds boxes, where the question asks for words.")
    text = "\n".join(lines) if question.multiline else ", ".join(line.rstrip(",;") for line in lines)
    if not question.multiline and len(text) > LONGEST_LINE:
        return Reply(UNCLEAR, sentence=f"The answer is longer than {LONGEST_LINE} characters.")
    if len("\n".join(note)) > LONGEST_NOTE:
        return Reply(UNCLEAR, sentence=f"The supporting information is longer than {LONGEST_NOTE:,} characters.")
    return Reply(READ, values.answer(question, text, note="\n".join(note)))


def _date(question: Question, said: list[str], beside: list[str]) -> Reply:
    lines, note = (said, beside) if said else (beside, [])
    text = " ".join(lines)
    if not text:
        return _nothing()
    if question.response is Response.DATE_OR_NA and _NONE.fullmatch(text.replace("☒", "").strip()):
        return Reply(READ, AnswerValue(None, note="\n".join(note), not_applicable=True))
    found = _DATE_IN.findall(text)
    rest = _DATE_IN.sub("", text).strip(" .,:;()☒☐")
    if len(found) != 1 or (rest and not re.fullmatch(r"(date|last assessed|assessed|on|:|\s)*", rest, re.IGNORECASE)):
        return Reply(UNCLEAR, sentence="It is not one date, or says more than a date.")
    read = _day(found[0])
    if read is None:
        return Reply(UNCLEAR, sentence="The date cannot be told for certain.")
    return Reply(READ, values.answer(question, read.isoformat(), note="\n".join(note)))


def _day(text: str) -> date | None:
    """The date, with the day first as in the United Kingdom."""
    if found := _MONTH_FIRST.fullmatch(text):
        text = f"{found[2]} {found[1]} {found[3]}"
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b|\bof\b|,", " ", text, flags=re.IGNORECASE)
    try:
        return dates.read(plain)
    except dates.NotADate:
        return None


def _percent(question: Question, said: list[str], beside: list[str]) -> Reply:
    lines, note = (said, beside) if said else (beside, [])
    if not lines:
        return _nothing()
    number = re.sub(r"\s|per ?cent", "", " ".join(lines), flags=re.IGNORECASE)
    return Reply(READ, values.answer(question, number, note="\n".join(note)))


def _nothing(sentence: str = "Nothing is written there.") -> Reply:
    return Reply(EMPTY, sentence=sentence)
