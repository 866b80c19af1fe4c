"""A sheet as the supplier's contact sees it: its questions, their own words, their own files, and nobody's name.

What people of the organisation typed is not shown: they may have written for each other. Where they answered, the contact
is told so, and may give an answer of their own. Why a question is not asked is not told in full: it may rest on such words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.assessment.evidence.models import Evidence
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Question, Section
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import rules as sheet_rules
from governance.assessment.sheets.models import Answer
from governance.assessment.sheets.queries import SheetView, as_kept
from governance.assessment.sheets.rules import Given, Kept
from governance.assessment.suppliers.queries import SHOWN
from governance.web.wording import file_size, moment

NOTHING = AnswerValue(None)
STATES = {
    State.ANSWERED: ("Answered", "go"),
    State.NOT_APPLICABLE: ("Not applicable", ""),
    State.SKIPPED: ("Not asked", ""),
    State.NOT_REACHED: ("Not reached yet", ""),
}
FILLED = {
    "register": "Filled in from what is known of the tool.",
    "model_card": "Filled in from the tool’s model card.",
    "supplier_form": "Filled in from your form.",
}


@dataclass(frozen=True)
class Asked:
    """One question on its page; one that is not asked has no controls."""

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
    says: str = ""
    waits: bool = False
    field: Any = None
    note: Any = None
    none: Any = None
    seen: Any = None
    note_open: bool = False
    files: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One section in the list of them."""

    code: str
    title: str
    about: str
    state: str
    tone: str
    left: int


def is_theirs(answer: Answer) -> bool:
    """Whether the contact may see an answer."""
    return answer.source in SHOWN


def kept(view: SheetView) -> dict[str, Kept]:
    """The answers as the contact's pages show them: those of others are blank, with the revision they have."""
    return {code: as_shown(answer) for code, answer in view.answers.items()}


def as_shown(answer: Answer) -> Kept:
    """One answer as the contact's page shows it."""
    return as_kept(answer) if is_theirs(answer) else Kept(NOTHING, answer.revision)


def notes_alone(view: SheetView, changes: Sequence[Given]) -> list[str]:
    """Codes where a note without an answer would take the place of an answer that the contact is not shown."""
    standing = {code for code, there in view.answers.items() if not is_theirs(there) and as_kept(there).answer.chosen}
    return [each.code for each in changes if each.code in standing and not each.answer.chosen]


def shown(view: SheetView, section: Section, sent: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes with controls: all that are not skipped, and any that the page sent back."""
    return tuple(
        each.code
        for each in section.questions
        if view.states[each.code].state is not State.SKIPPED or sheet_rules.names(each.code).revision in sent
    )


def parts(view: SheetView) -> tuple[Part, ...]:
    """The sections with how far each is."""
    return tuple(_part(view, section) for section in view.question_set.sections)


def _part(view: SheetView, section: Section) -> Part:
    asked = [each for each in section.questions if view.states[each.code].state is not State.SKIPPED]
    waiting = sum(each.code in view.unconfirmed for each in asked)
    done = sum(view.states[each.code].done for each in asked)
    left = sum(each.required and not view.states[each.code].done for each in asked)
    title = section.title if len(section.label) > 3 or section.label == section.title else f"{section.label}. {section.title}"
    about = f"{done} of {len(asked)} answered" + (f", {waiting} to confirm" if waiting else "")
    state, tone = ("Complete", "go") if not left else ("To confirm", "amber") if waiting == left else ("To do", "link")
    return Part(section.code, title, about, state, tone, left)


def questions(
    view: SheetView, section: Section, form: Any, files: Mapping[str, Sequence[Evidence]], organisation: str
) -> tuple[Asked, ...]:
    """Every question of a section, in the order of the form."""
    return tuple(_asked(each, view, form, files.get(each.code, ()), organisation) for each in section.questions)


def _asked(question: Question, view: SheetView, form: Any, files: Sequence[Evidence], organisation: str) -> Asked:
    name, answer = sheet_rules.names(question.code), view.answers.get(question.code)
    there, waits = name.answer in form, question.code in view.unconfirmed
    state, tone = STATES.get(view.states[question.code].state, ("To answer", "link") if question.required else ("Optional", ""))
    if waits:
        state, tone = "To confirm", "amber"
    return Asked(
        code=question.code,
        number=sheet_rules.numbered(question.code),
        anchor=name.answer,
        words=question.words,
        why=question.why or "",
        criterion=question.pass_criterion or "",
        source=question.provenance_shown,
        expected=question.evidence_expected,
        state=state,
        tone=tone,
        says=_says(view, question, answer, organisation),
        waits=waits and there,
        field=form[name.answer] if there else None,
        note=form[name.note] if there else None,
        none=form[name.not_applicable] if name.not_applicable in form else None,  # noqa: SIM401  a form has no get
        seen=form[name.revision] if there else None,
        note_open=there and bool(form[name.note].data or form[name.note].errors or question.requires_reason_for),
        files=tuple((each.id, each.title, f"{each.filename}, {file_size(each.size)}") for each in files),
    )


def _says(view: SheetView, question: Question, answer: Answer | None, organisation: str) -> str:
    state = view.states[question.code].state
    if state is State.SKIPPED:
        return "Another answer makes this unnecessary."
    if state is State.NOT_REACHED:
        return "Whether this is asked depends on an answer before it."
    if answer is None:
        return ""
    if not is_theirs(answer):
        return f"{organisation} has an answer to this. Leave it empty to let that stand, or give your own."
    if not answer.confirmed:
        return f"{FILLED.get(answer.source, '')} Check it, then confirm it.".strip()
    return f"Saved {moment(answer.answered_at)}" if answer.source == "supplier_link" else ""
