"""Every way through a question set: which questions are asked on each, and which can never be.

Questions that route on each other form a group; groups do not touch, so the ways through a set are counted group by
group, for every combination of the facts it names.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from governance.assessment.question_sets import rules
from governance.assessment.question_sets.conditions import AnswerIs, FactIs, atoms
from governance.assessment.question_sets.schema import NOT_APPLICABLE, Question, QuestionSet, Response, Section
from governance.assessment.question_sets.values import AnswerValue

_OPEN_VALUES = {Response.DATE_OR_NA: "2026-01-01"}
_OTHER = "something else"


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a group: the answers that lead along it, as “C3.2 is Yes”, and the questions asked on it."""

    because: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Questions that route on each other, and the distinct ways through them, shortest first."""

    codes: tuple[str, ...]
    ways: tuple[Way, ...]

    @cached_property
    def longest(self) -> int:
        return max(len(way.asked) for way in self.ways)

    @cached_property
    def shortest(self) -> int:
        return min(len(way.asked) for way in self.ways)


def groups(question_set: QuestionSet, facts: rules.Facts | None = None) -> tuple[Group, ...]:
    """The groups of the set, in the order of the form. `facts`: only the ways that these leave open."""
    found = []
    for questions in _linked(question_set):
        if len(questions) == 1 and questions[0].asked_when is None:  # most are: nothing to walk
            found.append(Group((questions[0].code,), (Way((), (questions[0].code,)),)))
            continue
        ways: dict[tuple[str, ...], Way] = {}
        for combination in _fact_combinations(questions, facts or {}):
            for way in _walk(_alone(questions), questions, combination):
                ways.setdefault(way.asked, way)
        ordered = sorted(ways.values(), key=lambda way: len(way.asked))
        found.append(Group(tuple(question.code for question in questions), tuple(ordered)))
    return tuple(found)


def longest(question_set: QuestionSet, facts: rules.Facts | None = None) -> int:
    """The most questions that one assessment can be asked, of all assessments or of those with these facts."""
    return sum(group.longest for group in groups(question_set, facts))


def shortest(question_set: QuestionSet) -> int:
    """The fewest questions that one assessment can be asked."""
    return sum(group.shortest for group in groups(question_set))


def unreachable(question_set: QuestionSet) -> tuple[str, ...]:
    """Questions that no answers and no facts ever lead to."""
    reached = {code for group in groups(question_set) for way in group.ways for code in way.asked}
    return tuple(question.code for question in question_set.questions if question.code not in reached)


def _alone(questions: list[Question]) -> QuestionSet:
    """A set of these questions and no others: groups do not touch, so the rest need not be looked at on every step."""
    return QuestionSet.model_construct(sections=(Section.model_construct(questions=tuple(questions)),))


def _linked(question_set: QuestionSet) -> list[list[Question]]:
    """Questions joined where one routes on the other."""
    home = {question.code: {question.code} for question in question_set.questions}
    for question in question_set.questions:
        for atom in atoms(question.asked_when):
            if isinstance(atom, AnswerIs) and home[atom.answer] is not home[question.code]:
                joined = home[atom.answer] | home[question.code]
                home.update(dict.fromkeys(joined, joined))
    seen: set[str] = set()
    linked = []
    for question in question_set.questions:
        if question.code not in seen:
            together = home[question.code]
            seen |= together
            linked.append([each for each in question_set.questions if each.code in together])
    return linked


def _fact_combinations(questions: list[Question], given: rules.Facts) -> Iterator[dict[str, str]]:
    """Every combination of the values that routes name, with one more value that they do not; of a given fact, its value."""
    named: dict[str, list[str]] = {}
    for question in questions:
        for atom in atoms(question.asked_when):
            if isinstance(atom, FactIs):
                named.setdefault(atom.fact, [_OTHER]).extend(atom.values)
    tried = ([given[name]] if name in given else dict.fromkeys(values) for name, values in named.items())
    for combination in itertools.product(*tried):
        yield dict(zip(named, combination, strict=True))


def _walk(question_set: QuestionSet, questions: list[Question], facts: dict[str, str]) -> Iterator[Way]:
    """Follow the group question by question, branching wherever a later question routes on this one."""
    routed: dict[str, set[str]] = {}
    for atom in (atom for question in questions for atom in atoms(question.asked_when)):
        if isinstance(atom, AnswerIs):
            routed.setdefault(atom.answer, set()).update(atom.values)
    because_of_facts = tuple(f"‘{name.replace('_', ' ')}’ is {value}" for name, value in facts.items())

    def follow(
        index: int, answers: dict[str, AnswerValue], because: tuple[str, ...], asked: tuple[str, ...]
    ) -> Iterator[Way]:
        if index == len(questions):
            yield Way(because, asked)
            return
        question = questions[index]
        if not rules.would_ask(question, question_set, answers, facts):
            yield from follow(index + 1, answers, because, asked)
        elif question.code not in routed:
            yield from follow(index + 1, answers, because, (*asked, question.code))
        else:
            for words, value in _choices(question, routed[question.code]):
                said = (*because, f"{question.code} is {words}")
                yield from follow(index + 1, {**answers, question.code: value}, said, (*asked, question.code))

    yield from follow(0, {}, because_of_facts, ())


def _choices(question: Question, told_apart: set[str]) -> Iterator[tuple[str, AnswerValue]]:
    """Every answer that routing could tell apart; of several choices, those that routes name and one other."""
    if question.response is Response.MULTI_CHOICE:
        named = [option for option in question.options if option.value in told_apart]
        named += [option for option in question.options if option.value not in told_apart][:1]
        for size in range(1, len(named) + 1):
            for chosen in itertools.combinations(named, size):
                values = tuple(option.value for option in chosen)
                if NOT_APPLICABLE not in values or len(values) == 1:
                    yield (" and ".join(option.words for option in chosen), AnswerValue(values, note="why"))
        return
    for option in question.options:
        yield (option.words, AnswerValue(option.value, note="why", not_applicable=option.value == NOT_APPLICABLE))
    if question.response in _OPEN_VALUES:
        yield "a date", AnswerValue(_OPEN_VALUES[question.response])
