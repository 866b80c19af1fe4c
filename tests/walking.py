"""Answers that lead to a question, or past it; and the form data that gives an answer on a section's page.

Made from what is published, so that a set that comes tomorrow is walked too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from governance.assessment.question_sets import rules, values
from governance.assessment.question_sets.conditions import AllOf, AnswerIs, AnyOf, Condition, FactIs, NotThat
from governance.assessment.question_sets.schema import NOT_APPLICABLE, Question, QuestionSet, Response
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets.rules import names

Wanted = dict[str, tuple[str, ...]]
"""Values to choose, by question code."""

States = dict[str, rules.State]
MOST_TRIED = 200


@dataclass(frozen=True)
class Walk:
    """One walk: the answers it needs, where it leads, and what it is for: (question, led to it or past it)."""

    wanted: Wanted
    states: States
    claims: list[tuple[str, bool]]

RISK = {
    "risk": "Kept longer than needed.", "likelihood": "possible", "severity": "significant", "overall": "medium",
    "measures": "Deleted after 30 days.", "effect": "reduced", "residual": "low", "approved": "yes",
}  # fmt: skip


def rounds(published: QuestionSet, facts: Mapping[str, str]) -> list[Wanted]:
    """Answers for as few walks as it takes to be led to every routed question, and past each that can be passed."""
    walks = [Walk({}, _states(published, {}, facts), [])]
    for question in (each for each in published.questions if each.asked_when is not None):
        for holds in (True, False):
            there = next((each for each in walks if _led(each.states, question.code, holds)), None)
            if there is not None:
                there.claims.append((question.code, holds))
            else:
                _walk_to(question, holds, published, facts, walks)
    return [each.wanted for each in walks]


def _walk_to(
    question: Question, holds: bool, published: QuestionSet, facts: Mapping[str, str], walks: list[Walk]
) -> None:
    """Put the answers that lead there into a walk that still leads where it is needed, else into a walk of its own."""
    assert question.asked_when is not None
    for option in itertools.islice(_ways(question.asked_when, published, facts, holds), MOST_TRIED):
        for n, walk in enumerate([*walks, Walk({}, {}, [])]):
            if all(walk.wanted.get(code, value) == value for code, value in option.items()):
                led = _states(published, walk.wanted | option, facts)
                claims = [*walk.claims, (question.code, holds)]
                if all(_led(led, code, each) for code, each in claims):
                    walks[n : n + 1] = [Walk(walk.wanted | option, led, claims)]
                    return


def _led(states: States, code: str, holds: bool) -> bool:
    return (states[code] is rules.State.SKIPPED) is not holds


def _states(published: QuestionSet, wanted: Wanted, facts: Mapping[str, str]) -> States:
    states = rules.state_of(published, answered(published, wanted, facts), facts)
    return {code: each.state for code, each in states.items()}


def answered(published: QuestionSet, wanted: Wanted, facts: Mapping[str, str]) -> dict[str, AnswerValue]:
    """Every question that is asked answered, the wanted values first: again and again until nothing more is asked."""
    answers: dict[str, AnswerValue] = {}
    while True:
        states = rules.state_of(published, answers, facts)
        more = [each for each in published.questions if states[each.code].state is rules.State.UNANSWERED]
        if not more:
            return answers
        assert not {each.code for each in more} & set(answers), f"{more[0].code} is not answered by what is made for it"
        answers |= {each.code: _answer(each, wanted.get(each.code)) for each in more}


def _answer(question: Question, wanted: tuple[str, ...] | None) -> AnswerValue:
    value = chosen(question, wanted)
    if question.response is Response.RISKS:
        return values.answer(question, [RISK])
    return values.answer(question, list(value) if question.response is Response.MULTI_CHOICE else value[0], note="As described.")


def chosen(question: Question, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """The wanted values, or any that answers."""
    if wanted:
        return wanted
    match question.response:
        case Response.DATE | Response.DATE_OR_NA:
            return ("2026-03-02",)
        case Response.PERCENT:
            return ("99.95",)
        case Response.FREE_TEXT | Response.FILE:
            return (f"What is said of {question.code}.",)
    return (question.options[0].value,) if question.options else ("",)


def _ways(condition: Condition, published: QuestionSet, facts: Mapping[str, str], holds: bool) -> Iterator[Wanted]:
    """Answers that make a condition hold, or not, with those that lead to the questions it looks at."""
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            if isinstance(condition, AllOf) is holds:
                yield from _together(list(parts), published, facts, holds)
            else:
                for part in parts:
                    yield from _ways(part, published, facts, holds)
        case NotThat(not_=part):
            yield from _ways(part, published, facts, not holds)
        case FactIs(fact=name):
            if (facts.get(name) in condition.values) is holds:
                yield {}
        case AnswerIs(answer=code):
            asked = published.by_code[code]
            may = condition.values if holds else [each for each in _offered(asked) if each not in condition.values]
            for before in _ways(asked.asked_when, published, facts, True) if asked.asked_when else [{}]:
                for value in may:
                    if before.get(code, (value,)) == (value,):
                        yield before | {code: (value,)}
            if not holds and asked.asked_when:
                yield from _ways(asked.asked_when, published, facts, False)


def _offered(question: Question) -> list[str]:
    given = [option.value for option in question.options]
    return [*given, "2026-03-02"] if question.response is Response.DATE_OR_NA else given


def _together(parts: list[Condition], published: QuestionSet, facts: Mapping[str, str], holds: bool) -> Iterator[Wanted]:
    if not parts:
        yield {}
        return
    for first in _ways(parts[0], published, facts, holds):
        for rest in _together(parts[1:], published, facts, holds):
            if all(rest.get(code, value) == value for code, value in first.items()):
                yield first | rest


def sent(question: Question, wanted: tuple[str, ...] | None) -> dict[str, Any]:
    """What a browser sends for an answer."""
    name, value = names(question.code), chosen(question, wanted)
    if question.response is Response.RISKS:
        return {f"{name.answer}-0-{column}": said for column, said in RISK.items()} | {f"{name.answer}-rows": "1"}
    found: dict[str, Any] = {name.note: "As described."}
    if question.response in (Response.DATE, Response.DATE_OR_NA):
        if value[0] == NOT_APPLICABLE:
            return found | {name.not_applicable: "yes"}
        year, month, day = value[0].split("-")
        return found | {f"{name.answer}-day": day, f"{name.answer}-month": month, f"{name.answer}-year": year}
    return found | {name.answer: list(value) if question.response is Response.MULTI_CHOICE else value[0]}
