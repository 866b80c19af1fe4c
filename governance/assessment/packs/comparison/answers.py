"""Two parts of answers to the same question set side by side. Codes are never joined across sets (standards, trap 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from governance.assessment.packs.comparison import evidence
from governance.assessment.packs.comparison.items import BETTER, WORSE, Item, bare, reworded
from governance.assessment.packs.risk_reading import RiskRow, risk_rows
from governance.assessment.question_sets.risks import LEVELS
from governance.assessment.sheets.rules import numbered
from governance.web.wording import plural

Content = Mapping[str, Any]
DONE = ("answered", "not_applicable")


def answers(before: Content, after: Content) -> Iterator[Item]:
    """What two parts of kind `answers` of one set say otherwise."""
    was, now = _questions(before), _questions(after)
    for code, question in now.items():
        if code in was:
            yield from _question(was[code], question)
    for code in [each for each in now if each not in was]:
        yield Item(f"{called(now[code])} is asked now{_says(now[code])}.", "answer", code)
    for code in [each for each in was if each not in now]:
        yield Item(f"{called(was[code])} is no longer part of this section.", "answer", code)
    yield from evidence.compared(evidence.of_answers(was.values(), called), evidence.of_answers(now.values(), called))


def whole(part: Content, verb: str) -> Item:
    """A set that only one side has, counted rather than listed."""
    questions = _questions(part).values()
    done = sum(each["state"] in DONE for each in questions)
    return Item(f"{part['title']} is {verb}: {plural(len(questions), 'question')}, {done} answered.", "set", part["title"])


def called(question: Content) -> str:
    """A question by its code, or by its words where the code is only a name of ours."""
    words = question["words"].rstrip("?. ")
    return numbered(question["code"]) or f"“{words if len(words) <= 70 else words[:70].rsplit(' ', 1)[0] + ' …'}”"


def _questions(part: Content) -> dict[str, Content]:
    return {each["code"]: each for section in part["sections"] for each in section["questions"]}


def _question(old: Content, new: Content) -> Iterator[Item]:
    name, code = called(new), new["code"]
    had, has = old["state"] in DONE, new["state"] in DONE
    was, now = risk_rows(old), risk_rows(new)
    if was or now:
        yield from _risks(name, was, now)
    elif had and has:
        yield from reworded(name, _value(old), _value(new), "answer")
    if had and has:
        yield from reworded(f"The reason given for {name}", old.get("note", ""), new.get("note", ""), "answer")
        if _said(old) == _said(new) and old.get("answered_at") != new.get("answered_at"):
            how = "carried over" if new.get("carried_from") else "given again"
            yield Item(f"{name} was {how} by {new['answered_by']} and says the same.", "again", code)
    elif has and not now:
        yield Item(f"{name} is answered now{_says(new)}.", "answer", code)
    elif had:
        why = "is no longer asked" if new["state"] == "skipped" else "has no answer any more"
        yield Item(f"{name} {why}; it said “{bare(_value(old))}”.", "answer", code, "" if new["state"] == "skipped" else WORSE)
    elif old["state"] != new["state"]:
        words = {"skipped": "is no longer asked", "unanswered": "is asked now", "not_reached": "waits for another answer"}
        yield Item(f"{name} {words.get(new['state'], 'stands otherwise')}.", "asked", code)
    yield from _finding(name, code, old["finding"], new["finding"])


def _risks(name: str, before: Sequence[RiskRow], after: Sequence[RiskRow]) -> Iterator[Item]:
    """Two lists of risks to people’s rights, told apart by what each risk is."""
    was, now = {row.risk: row for row in before}, {row.risk: row for row in after}
    for risk in dict.fromkeys([*was, *now]):
        said = f"The risk “{bare(risk)}” in {name}"
        if risk not in was:
            yield Item(f"{said} is new: {bare(now[risk].rating)}.", "rights.new", name)
        elif risk not in now:
            yield Item(f"{said} is no longer listed.", "rights.gone", name)
        else:
            old, new = was[risk].residual or was[risk].overall, now[risk].residual or now[risk].overall
            if old in LEVELS and new in LEVELS and old != new:
                rose = LEVELS.index(new) > LEVELS.index(old)
                words = f"{said} {'rose' if rose else 'fell'} from {old} to {new}."
                yield Item(words, "rights.rose" if rose else "rights.fell", name, WORSE if rose else BETTER)
            else:
                yield from reworded(said, was[risk].rating, now[risk].rating, "answer")


def _finding(name: str, code: str, old: str, new: str) -> Iterator[Item]:
    if old != new and new == "not_met":
        verb = "no longer meets" if old == "met" else "does not meet"
        yield Item(f"{name} {verb} its criterion.", "unmet", name, WORSE)
    elif old == "not_met" and new == "met":
        yield Item(f"{name} meets its criterion now.", "met", code, BETTER)


def _said(question: Content) -> tuple[str, str]:
    return _value(question), question.get("note", "")


def _value(question: Content) -> str:
    return ", ".join(question.get("words_chosen", ())) or ("Not applicable" if question["state"] == "not_applicable" else "")


def _says(question: Content) -> str:
    said = _value(question)
    return f": “{bare(said)}”" if said and len(said) <= 120 else ""
