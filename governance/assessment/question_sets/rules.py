"""Which questions are asked. Skipped by routing, not applicable and unanswered are three different things.

A question whose condition needs an answer that is not there yet is *not reached*; one whose condition does not hold is
*skipped*. What was answered to a question that is now skipped is kept by its sheet and counts for nothing here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from governance.assessment.question_sets import values
from governance.assessment.question_sets.conditions import AllOf, AnswerIs, AnyOf, Condition, FactIs, NotThat
from governance.assessment.question_sets.schema import Question, QuestionSet
from governance.assessment.question_sets.values import AnswerValue
from governance.errors import Blocker

Answers = Mapping[str, AnswerValue]
Facts = Mapping[str, str]


_IN_WORDS = {
    ("depth", "short"): "only the short form is asked",
    ("depth", "full"): "the whole form is asked",
    ("made_by", "in_house"): "it was made in-house",
    ("stage", "pipeline"): "Pipeline is asked for",
    ("stage", "proof_of_concept"): "Proof of concept is asked for",
    ("stage", "pilot"): "Pilot is asked for",
    ("stage", "implementation"): "Implementation is asked for",
    ("stage", "business_as_usual"): "Business as usual is asked for",
}
"""Facts whose code and value make no sentence that a person would say."""


class State(StrEnum):
    """Where one question stands."""

    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    SKIPPED = "skipped"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class QuestionState:
    """Where a question stands and why. `because` holds what skipped it, as “C3.2 is Yes”."""

    code: str
    state: State
    reason: str = ""
    because: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the question is on the sheet now, answered or not."""
        return self.state in (State.UNANSWERED, State.ANSWERED, State.NOT_APPLICABLE)

    @property
    def done(self) -> bool:
        return self.state in (State.ANSWERED, State.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether a condition holds; None while that cannot be told. `because` are the roots of it."""

    holds: bool | None
    because: tuple[str, ...] = ()


def state_of(question_set: QuestionSet, answers: Answers, facts: Facts | None = None) -> dict[str, QuestionState]:
    """The state of every question, by code, in the order of the form. Codes not in the set are ignored."""
    states: dict[str, QuestionState] = {}
    for question in question_set.questions:
        verdict = _judge(question.asked_when, question_set, answers, facts or {}, states)
        if verdict.holds is None:
            states[question.code] = QuestionState(question.code, State.NOT_REACHED, _not_reached(verdict.because))
        elif not verdict.holds:
            reason = f"Skipped because {' and '.join(verdict.because)}."
            states[question.code] = QuestionState(question.code, State.SKIPPED, reason, verdict.because)
        else:
            states[question.code] = _answered_state(question, answers.get(question.code))
    return states


def would_ask(question: Question, question_set: QuestionSet, answers: Answers, facts: Facts | None = None) -> bool:
    """Whether these answers lead to the question."""
    return state_of(question_set, answers, facts)[question.code].asked


def tally(states: Mapping[str, QuestionState]) -> Counter[State]:
    """How many questions stand where."""
    return Counter(state.state for state in states.values())


def outstanding(question_set: QuestionSet, answers: Answers, facts: Facts | None = None) -> list[Blocker]:
    """What is still to answer before the sheet is complete: required questions unanswered or not yet reached.

    A DTAC form with missing answers is not to be submitted (NHS England, “How DTAC works”).
    """
    states = state_of(question_set, answers, facts)
    return [
        Blocker(f"{question_set.code}:{question.code}", states[question.code].reason)
        for question in question_set.questions
        if states[question.code].state is State.NOT_REACHED
        or (question.required and states[question.code].state is State.UNANSWERED)
    ]


def _answered_state(question: Question, given: AnswerValue | None) -> QuestionState:
    faults = values.value_faults(question, given or AnswerValue(None))
    if faults or given is None:
        return QuestionState(question.code, State.UNANSWERED, faults[0])
    if given.is_not_applicable:
        return QuestionState(question.code, State.NOT_APPLICABLE, given.note or "Answered ‘Not applicable’.")
    return QuestionState(question.code, State.ANSWERED)


def _not_reached(because: tuple[str, ...]) -> str:
    return f"Not reached yet: {' and '.join(because)} first."


def _judge(
    condition: Condition | None,
    question_set: QuestionSet,
    answers: Answers,
    facts: Facts,
    states: Mapping[str, QuestionState],
) -> _Verdict:
    """Three-valued: a part that cannot be told yet matters only where the others do not settle it."""

    def parts(conditions: tuple[Condition, ...]) -> list[_Verdict]:
        return [_judge(part, question_set, answers, facts, states) for part in conditions]

    match condition:
        case AllOf(all=conditions):
            return _together(parts(conditions), settles=False)
        case AnyOf(any=conditions):
            return _together(parts(conditions), settles=True)
        case NotThat(not_=part):
            inner = _judge(part, question_set, answers, facts, states)
            return _Verdict(None if inner.holds is None else not inner.holds, inner.because)
        case FactIs(fact=name):
            return _judge_fact(name, condition.values, facts)
        case AnswerIs(answer=code):
            return _judge_answer(question_set.by_code[code], condition.values, answers, states[code])
    return _Verdict(True)


def _together(verdicts: list[_Verdict], *, settles: bool) -> _Verdict:
    """`all` is settled by one part that does not hold, `any` by one that does; otherwise every part is awaited."""
    settled = [verdict for verdict in verdicts if verdict.holds is settles]
    if settled:
        return _Verdict(settles, settled[0].because)
    awaited = [verdict for verdict in verdicts if verdict.holds is None]
    return _Verdict(None if awaited else not settles, _roots(awaited or verdicts))


def _roots(verdicts: Iterable[_Verdict]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(root for verdict in verdicts for root in verdict.because))


def _judge_fact(name: str, wanted: tuple[str, ...], facts: Facts) -> _Verdict:
    said = name.replace("_", " ")
    if not facts.get(name):
        return _Verdict(None, (f"record ‘{said}’ in triage",))
    says = _IN_WORDS.get((name, facts[name]), f"‘{said}’ is {facts[name].replace('_', ' ')}")
    return _Verdict(facts[name] in wanted, (says,))


def _judge_answer(question: Question, wanted: tuple[str, ...], answers: Answers, state: QuestionState) -> _Verdict:
    if state.state is State.SKIPPED:
        return _Verdict(False, state.because)
    if not state.done:
        return _Verdict(None, (f"answer {question.called}",))
    chosen = answers[question.code].chosen
    words = " and ".join(question.label_of(value) for value in chosen)
    return _Verdict(any(value in wanted for value in chosen), (f"{question.called} is {words}",))
