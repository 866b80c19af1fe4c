"""Sheets, sections and documents as pages show them: plain values, with every answer's standing in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for

from governance.assessment.evidence import presenters as evidence
from governance.assessment.evidence.presenters import Line
from governance.assessment.question_sets.contradictions import contradictions
from governance.assessment.question_sets.rules import QuestionState, State
from governance.assessment.question_sets.schema import Question, Response, Section
from governance.assessment.sheets import expiry, offers, queries, rules
from governance.assessment.sheets.asked import answer_blockers
from governance.assessment.sheets.models import Answer, Document
from governance.assessment.sheets.queries import SheetView, as_value
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.policy.rules import Requirement
from governance.web.wording import long_date, moment, plural

SOURCES = {
    "typed": "",
    "model_card": "From the model card",
    "register": "From the register",
    "supplier_form": "From the supplier’s form",
    "supplier_link": "From the supplier, by link",
    "overlap": "Taken from {origin}",
    "earlier_version": "Carried over from {origin}",
    "tool_version": "Carried over from {origin}",
}


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section in a sheet's task list, with how its questions stand: four different things."""

    title: str
    href: str
    about: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Past:
    """One answer once given: what it said, by whom and when."""

    said: str
    by: str
    when: str


@dataclass(frozen=True)
class QuestionView:
    """One question on its section's page. `field`, `note`, `none` are drawn controls; skipped ones have none."""

    code: str
    number: str
    anchor: str
    words: str
    why: str
    criterion: str
    source: str
    expected: tuple[str, ...]
    state: str
    tone: str
    says: str
    skipped: bool
    field: Any = None
    note: Any = None
    none: Any = None
    seen: Any = None
    note_open: bool = False
    mark: str = ""
    unconfirmed: bool = False
    meanwhile: str = ""
    expired: tuple[str, ...] = ()
    evidence: tuple[Line, ...] = ()
    past: tuple[Past, ...] = ()
    clause: str = ""
    counts_for: str = ""
    offer: Any = None
    history: str = ""
    still_true: Any = None
    only_then: tuple[Any, ...] = ()


def counts(states: Iterable[QuestionState], unconfirmed: Collection[str] = ()) -> str:
    """How questions stand: answered, to answer, not applicable and skipped are four different things."""
    waiting = [each for each in states if each.code in unconfirmed]
    found = [each for each in states if each.code not in unconfirmed]

    def how_many(*wanted: State) -> int:
        return sum(each.state in wanted for each in found)

    parts = [
        (how_many(State.ANSWERED), "answered"),
        (len(waiting), "filled in, not confirmed"),
        (how_many(State.UNANSWERED), "to answer"),
        (how_many(State.NOT_REACHED), "not reached yet"),
        (how_many(State.NOT_APPLICABLE), "not applicable"),
        (how_many(State.SKIPPED), "skipped"),
    ]
    return ", ".join(f"{n} {word}" for n, word in parts if n)


def section_lines(submission: Submission, view: SheetView, by: Actor) -> tuple[SectionLine, ...]:
    """The sections of a sheet as a task list."""
    over = expiry.no_longer_met(view, expiry.supporting(view), by.on)
    return tuple(
        _no_longer_met(_section_line(submission, view, section, by), section, over) for section in view.question_set.sections
    )


def _no_longer_met(line: SectionLine, section: Section, over: Collection[str]) -> SectionLine:
    """A section's line, where evidence behind one of its answers has expired."""
    expired = sum(question.code in over for question in section.questions)
    if not expired:
        return line
    return replace(line, about=f"{line.about}, {expired} no longer met", state="No longer met", tone="stop")


def _section_line(submission: Submission, view: SheetView, section: Section, by: Actor) -> SectionLine:
    states = [view.states[question.code] for question in section.questions]
    required = {question.code for question in section.questions if question.required}
    waiting = unconfirmed_here(view, section)
    left = sum(
        each.state is State.NOT_REACHED or (each.state is State.UNANSWERED and each.code in required)
        for each in states
        if each.code not in view.unconfirmed
    )
    state, tone = ("To do", "link") if left else ("To confirm", "amber") if waiting else ("Complete", "go")
    if all(each.state is State.SKIPPED for each in states):
        state, tone = "Not asked", ""
    href = (
        url_for(
            "sheets.section", organisation=by.organisation_code, reference=submission.reference,
            question_set=view.question_set.code, section=section.code,
        )
        if view.sheet
        else ""
    )  # fmt: skip
    title = section.title if section.label == section.title else f"{section.label}. {section.title}"
    if len(section.label) > 3:
        title = section.title
    begun = (state, tone) if view.sheet else ("Not started", "")
    return SectionLine(title, href, counts(states, view.unconfirmed), *begun)


def questions(
    view: SheetView, section: Section, form: Any, by: Actor, meanwhile: Mapping[str, str] | None = None
) -> tuple[QuestionView, ...]:
    """Every question of a section, in the order of the form; those that are skipped say why."""
    assert view.sheet is not None
    codes = [question.code for question in section.questions]
    against = {each.code: each.sentence for each in contradictions(view.question_set, view.values, view.facts)}
    past = queries.histories(view.sheet, codes)
    supporting = expiry.supporting(view)
    over = expiry.no_longer_met(view, supporting, by.on)
    return tuple(
        _expired(over.get(question.code, ()), _question(
            question, view, form, past.get(question.code, []),
            tuple(evidence.line(item, by) for item in supporting.get(question.code, [])),
            (meanwhile or {}).get(question.code, ""), against.get(question.code, ""),
        ))
        for question in section.questions
    )  # fmt: skip


def _expired(sentences: tuple[str, ...], view: QuestionView) -> QuestionView:
    """A question as it is shown, where evidence behind its answer has expired."""
    return replace(view, expired=sentences, state="No longer met", tone="stop") if sentences else view


def _question(
    question: Question, view: SheetView, form: Any, past: Sequence[tuple[Answer, str]], support: tuple[Line, ...],
    meanwhile: str, against: str,
) -> QuestionView:
    state, name, answer = view.states[question.code], rules.names(question.code), view.answers.get(question.code)
    there = name.answer in form
    unconfirmed = answer is not None and not answer.confirmed
    words, tone = _standing(state, unconfirmed, question.required)
    return QuestionView(
        code=question.code,
        number=rules.numbered(question.code),
        anchor=name.answer,
        words=question.words,
        why=question.why or "",
        criterion=question.pass_criterion or "",
        source=question.provenance_shown,
        expected=question.evidence_expected,
        state=words,
        tone=tone,
        says=against or _reason(state, answer),
        skipped=not there,
        field=form[name.answer] if there else None,
        note=form[name.note] if there else None,
        none=_drawn(form, name.not_applicable),
        seen=form[name.revision] if there else None,
        note_open=there and bool(form[name.note].data or form[name.note].errors or _reason_first(question)),
        mark=_mark(answer, {row.id: who for row, who in past}),
        unconfirmed=unconfirmed and there,
        meanwhile=meanwhile,
        evidence=support,
        past=tuple(Past(said_by(question, row), who, _when(row)) for row, who in past),
    )


def _reason_first(question: Question) -> bool:
    """Whether the reason has its box from the start. In a compliance list it opens on asking, so that the list stays short."""
    return bool(question.requires_reason_for) and question.response is not Response.COMPLIANCE


def _reason(state: QuestionState, answer: Answer | None) -> str:
    """Why a question stands as it does, where its tag does not say so already."""
    if state.state is State.NOT_REACHED:
        words = state.reason.removeprefix("Not reached yet: ").replace(" and answer ", " and ")
        return f"{words[0].upper()}{words[1:]}"
    return state.reason if state.state is State.SKIPPED or _begun(state, answer) else ""


def _begun(state: QuestionState, answer: Answer | None) -> bool:
    """Whether something is kept here that does not answer the question yet, such as a risk half filled."""
    return state.state is State.UNANSWERED and answer is not None and answer.confirmed and bool(as_value(answer).chosen)


def _drawn(form: Any, name: str) -> Any:
    """A field of a form, which is no dictionary; None where it has none of that name."""
    return form[name] if name in form else None  # noqa: SIM401  a form has no get


def _standing(state: QuestionState, unconfirmed: bool, required: bool) -> tuple[str, str]:
    if unconfirmed and state.asked:
        return "Not confirmed", "amber"
    match state.state:
        case State.ANSWERED:
            return "Answered", "go"
        case State.NOT_APPLICABLE:
            return "Not applicable", ""
        case State.SKIPPED:
            return "Skipped", ""
        case State.NOT_REACHED:
            return "Not reached yet", ""
        case _:
            return ("To answer", "link") if required else ("Optional", "")


def _mark(answer: Answer | None, people: Mapping[int, str]) -> str:
    if answer is None:
        return ""
    source = source_of(answer)
    if not answer.confirmed:
        return f"{source}. Nobody has confirmed it yet."
    given = f"{people.get(answer.id, '')}, {moment(answer.answered_at)}"
    return f"{source}, confirmed by {given}" if source else f"Answered by {given}"


def source_of(answer: Answer) -> str:
    """Where an answer was found, in words; empty where it was typed."""
    return SOURCES.get(answer.source, "").format(origin=offers.in_words(answer.origin or ""))


def said_by(question: Question, row: Answer) -> str:
    """What an answer said, in the words of its options."""
    value = as_value(row)
    if value.risks:
        return " ".join(f"{number}. {risk.line}" for number, risk in enumerate(value.risks, start=1))
    said = ", ".join(_in_words(question, each) for each in value.chosen) or "Nothing: the answer was taken away"
    return f"{said} ({value.note})" if value.note else said


def _in_words(question: Question, value: str) -> str:
    return question.labels.get(value, value)


def _when(row: Answer) -> str:
    source = source_of(row)
    if not source:
        return moment(row.answered_at)
    return f"{moment(row.answered_at)}, {source[0].lower()}{source[1:]}{' and confirmed' if row.confirmed else ''}"


def meanwhile(view: SheetView, codes: Iterable[str]) -> dict[str, str]:
    """What others answered since the page was opened, one sentence for each question."""
    rows = {code: view.answers[code] for code in codes if code in view.answers}
    givers = queries.givers(rows.values())
    return {
        code: f"{givers[row.id]} answered on {moment(row.answered_at)}:"
        f" {said_by(view.question_set.by_code[code], row)}"
        for code, row in rows.items()
    }


def unconfirmed_here(view: SheetView, section: Section) -> int:
    """How many answers of a section wait to be confirmed."""
    return sum(question.code in view.unconfirmed for question in section.questions)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as its page and its history show it."""

    title: str
    revision: int
    about: str
    facts: tuple[tuple[str, str], ...]
    evidence: Line | None


def document(row: Document, requirement: Requirement, by: Actor, added_by: str, file: Line | None) -> DocumentView:
    """One document, with the facts policy reads in words."""
    labels = requirement.document.fields if requirement.document else ()
    pairs = [("Version", row.version_label), ("Dated", long_date(row.dated_on)), ("Review due", long_date(row.review_due_on))]
    for one in labels:
        value = row.facts.get(one.name, "")
        words = next((choice.label for choice in one.choices if choice.code == value), value)
        if one.type == "yes_no":
            words = value.capitalize()
        elif one.type == "date" and value:
            words = long_date(date.fromisoformat(value))
        pairs.append((one.label, words))
    about = f"Revision {row.revision}, given on {long_date(row.added_at)} by {added_by}"
    return DocumentView(row.title, row.revision, about, tuple(pair for pair in pairs if pair[1]), file)


def why_not(submission: Submission, requirement: Requirement | None, by: Actor) -> tuple[str, ...]:
    """Why this person only reads: sentences, none if they may answer."""
    return tuple(blocker.sentence for blocker in answer_blockers(submission, requirement, by))


def summary(view: SheetView) -> str:
    """One sentence for the head of a sheet."""
    asked = [each for each in view.states.values() if each.asked or each.state is State.NOT_REACHED]
    done = sum(each.done for each in asked)
    if view.sheet is None:
        return f"{plural(len(asked), 'question')}, not started."
    if view.unconfirmed:
        return f"{done} of {plural(len(asked), 'question')} answered, {len(view.unconfirmed)} filled in and not confirmed."
    return f"{done} of {plural(len(asked), 'question')} answered."
