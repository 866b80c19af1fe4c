"""What the answers come to: findings per question and section, and whether the whole is met.

The DTAC rule: every applicable question of C1 to C4 must be met; D is compared and never gates; A and B are not
assessed. A section's judge turns “for judgement” into met or not met, and cannot undo an answer that fails by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from governance.assessment.question_sets import rules
from governance.assessment.question_sets.rules import Answers, Facts, QuestionState, State
from governance.assessment.question_sets.schema import Gate, Question, QuestionSet, Section
from governance.errors import Blocker

Judged = Literal["met", "not_met", "query"]


class Finding(StrEnum):
    """What one question, section or whole set comes to."""

    MET = "met"
    NOT_MET = "not_met"
    FOR_JUDGEMENT = "for_judgement"
    OPEN = "open"
    NOT_ASKED = "not_asked"
    COMPARED = "compared"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class QuestionFinding:
    """What one answer comes to, and the sentence that says why."""

    code: str
    finding: Finding
    sentence: str


@dataclass(frozen=True, slots=True)
class SectionOutcome:
    """What a section comes to; `judged` is the judge's own word, where it has been given."""

    code: str
    label: str
    finding: Finding
    sentence: str
    questions: tuple[QuestionFinding, ...]
    judged: Judged | None = None


@dataclass(frozen=True, slots=True)
class PassResult:
    """What the whole comes to. `finding` is met, not met, for judgement or open."""

    finding: Finding
    sentence: str
    sections: tuple[SectionOutcome, ...]


def question_findings(
    question_set: QuestionSet, answers: Answers, facts: Facts | None = None
) -> dict[str, QuestionFinding]:
    """What each question comes to by itself, by code."""
    states = rules.state_of(question_set, answers, facts)
    return {question.code: _finding(question, states[question.code], answers) for question in question_set.questions}


def section_outcome(
    section: Section, findings: Mapping[str, QuestionFinding], judged: Judged | None = None
) -> SectionOutcome:
    """What the section comes to. A failing answer weighs most, then one still open, then the judge's word."""
    found = tuple(findings[question.code] for question in section.questions)

    def outcome(finding: Finding, sentence: str) -> SectionOutcome:
        return SectionOutcome(section.code, section.label, finding, sentence, found, judged)

    if section.gate is Gate.NONE:
        return outcome(Finding.NOT_ASSESSED, f"{section.label} is not assessed.")
    if section.gate is Gate.SCORED:
        return outcome(Finding.COMPARED, f"{section.label} is compared and never stops a pass.")
    for finding, says in ((Finding.NOT_MET, "does not meet its criterion"), (Finding.OPEN, "is still open")):
        codes = [each.code for each in found if each.finding is finding]
        if codes:
            return outcome(finding, f"{section.label}: {', '.join(codes)} {says}.")
    if judged == "not_met":
        return outcome(Finding.NOT_MET, f"{section.label} was judged not met.")
    if judged == "query":
        return outcome(Finding.FOR_JUDGEMENT, f"{section.label} has a query from its judge.")
    if judged is None and any(each.finding is Finding.FOR_JUDGEMENT for each in found):
        return outcome(Finding.FOR_JUDGEMENT, f"{section.label} awaits its judge.")
    return outcome(Finding.MET, f"{section.label} is met.")


def pass_result(
    question_set: QuestionSet,
    answers: Answers,
    facts: Facts | None = None,
    judgements: Mapping[str, Judged] | None = None,
) -> PassResult:
    """Whether the whole is met. `judgements` are the judges' words by section code; none means not yet judged."""
    findings = question_findings(question_set, answers, facts)
    given = judgements or {}
    sections = tuple(section_outcome(each, findings, given.get(each.code)) for each in question_set.sections)
    for finding in (Finding.NOT_MET, Finding.OPEN, Finding.FOR_JUDGEMENT):
        held = [each.sentence for each in sections if each.finding is finding]
        if held:
            return PassResult(finding, " ".join(held), sections)
    gating = [each.label for each in sections if each.finding is Finding.MET]
    says = f"All that applies in {', '.join(gating)} is met." if gating else "Nothing in this set can stop a pass."
    return PassResult(Finding.MET, says, sections)


def unmet(question_set: QuestionSet, answers: Answers, facts: Facts | None = None) -> list[Blocker]:
    """Every answer that fails by itself in a section that gates."""
    findings = question_findings(question_set, answers, facts)
    return [
        Blocker(f"{question_set.code}:{code}", found.sentence)
        for code, found in findings.items()
        if found.finding is Finding.NOT_MET
    ]


def _finding(question: Question, state: QuestionState, answers: Answers) -> QuestionFinding:
    code = question.code
    if state.state is State.SKIPPED:
        return QuestionFinding(code, Finding.NOT_ASKED, state.reason)
    if state.state is State.NOT_REACHED or (state.state is State.UNANSWERED and question.required):
        return QuestionFinding(code, Finding.OPEN, state.reason)
    if question.gate is Gate.NONE:
        return QuestionFinding(code, Finding.NOT_ASSESSED, f"{code} is not assessed.")
    if question.gate is Gate.SCORED:
        return QuestionFinding(code, Finding.COMPARED, f"{code} is compared and never stops a pass.")
    if state.state is State.UNANSWERED:
        return QuestionFinding(code, Finding.NOT_ASSESSED, f"{code} is optional and was left empty.")
    return _weigh(question, answers[code].chosen)


def _weigh(question: Question, chosen: tuple[str, ...]) -> QuestionFinding:
    words = " and ".join(question.label_of(value) for value in chosen) if question.options else "answered"
    if question.gate in (Gate.PASS_FAIL, Gate.MUST, Gate.SHOULD):
        if any(value in question.decided.not_met for value in chosen):
            says = f"{question.called} is {words}, which does not meet its criterion."
            return QuestionFinding(question.code, Finding.NOT_MET, says)
        if all(value in question.decided.met for value in chosen):
            return QuestionFinding(
                question.code, Finding.MET, f"{question.called} is {words}, which meets its criterion."
            )
    return QuestionFinding(question.code, Finding.FOR_JUDGEMENT, f"{question.called} is {words} and awaits its judge.")
