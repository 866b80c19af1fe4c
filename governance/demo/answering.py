"""What the invented people answer: one file for each set, worded by kind of tool, and the files behind the answers."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance import clock
from governance.assessment.question_sets import values
from governance.assessment.question_sets.schema import Question, Response
from governance.web.wording import month

HERE = Path(__file__).resolve().parent
Story = dict[str, Any]
_DAYS = re.compile(r"(?:in (?P<ahead>\d+) months|(?P<back>\d+) months ago|(?P<which>ends|issued) (?P<piece>\w+))")


@cache
def written(question_set: str) -> dict[str, Any]:
    """What is written for a set, by the codes of its questions."""
    return dict(yaml.safe_load((HERE / "answers" / f"{question_set}.yaml").read_text()))


@cache
def pieces() -> dict[str, dict[str, Any]]:
    """The files behind answers, by short name, as `evidence.yaml` describes them."""
    return dict(yaml.safe_load((HERE / "evidence.yaml").read_text()))


def words(story: Story, on: date) -> dict[str, str]:
    """What may be filled into a text about a story on a day."""
    tool, use = story["tool"], story["use_case"]
    return {
        "tool": tool["name"],
        "version": tool["version"],
        "maker": tool["manufacturer"],
        "seller": tool["supplier"],
        "purpose": use["purpose"],
        "use": use["name"],
        "setting": use["setting"],
        "earlier": month(clock.add_months(on, -4)),
        "recently": month(clock.add_months(on, -1)),
        "next": month(clock.add_months(on, 11)),
    }


def answer(question_set: str, question: Question, story: Story, on: date) -> values.AnswerValue | None:
    """The answer to one question on a day; None where the story leaves it open. Raises KeyError where nothing is written."""
    if any(question.code.startswith(each) for each in story.get("open", {}).get(question_set, ())):
        return None
    entry = story.get("answers", {}).get(question_set, {}).get(question.code) or written(question_set)[question.code]
    entry = _chosen(entry, story)
    said, note = (entry["say"], str(_chosen(entry.get("note", ""), story))) if isinstance(entry, dict) else (entry, "")
    if question.response is Response.COMPLIANCE and said not in question.labels:
        said, note = "yes", said
    known = words(story, on)
    if question.response in (Response.DATE, Response.DATE_OR_NA):
        said = _day(str(said), story, on)
    elif isinstance(said, str) and not question.options:
        said = said.format(**known)
    return values.answer(question, said, note=note.format(**known))


def _chosen(entry: Any, story: Story) -> Any:
    """The wording that fits the story, where there are several."""
    while isinstance(entry, dict) and "by" in entry:
        entry = entry.get(story["facts"][entry["by"]], entry["else"])
    return entry


def _day(said: str, story: Story, on: date) -> str:
    found = _DAYS.fullmatch(said)
    if found is None:
        return said
    if found["piece"]:
        issued, ends = dates(found["piece"], story, on)
        return str(issued if found["which"] == "issued" else ends)
    return clock.add_months(on, int(found["ahead"] or 0) - int(found["back"] or 0)).isoformat()


def dates(piece: str, story: Story, on: date) -> tuple[date, date | None]:
    """When a file was issued and when it ends, seen from the day it is used.

    A story may say how many days from today it ends; on an earlier day that is the one of its year.
    """
    lasts = pieces()[piece].get("lasts")
    if lasts is None:
        return clock.add_months(on, -2), None
    ends = clock.add_months(on, lasts - 2)
    if piece in story.get("ends", {}):
        ends = story["today"] + timedelta(days=story["ends"][piece])
        while clock.add_months(ends, -lasts) > on:
            ends = clock.add_months(ends, -lasts)
    return clock.add_months(ends, -lasts), ends


def behind(question_set: str, code: str) -> list[str]:
    """Short names of the files that stand behind an answer where it asks for evidence."""
    return [name for name, each in pieces().items() if code in each.get("supports", {}).get(question_set, ())]


def besides(question_set: str) -> list[tuple[str, str]]:
    """(Code, short name) of files that stand behind an answer of a set though it asks for none."""
    return [(code, name) for name, each in pieces().items() for code in each.get("always", {}).get(question_set, ())]
