"""The form of one section, made from its published questions, and the form of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from wtforms import HiddenField

from governance.assessment.question_sets import loader, values
from governance.assessment.question_sets.schema import NOT_APPLICABLE, Question, Response
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets.risk_field import RisksField
from governance.assessment.sheets.rules import Given, Kept, names, numbered
from governance.policy.rules import Requirement
from governance.policy.schema import DocumentField
from governance.web import uploads
from governance.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from governance.web.forms import Form

LINE = 500
LOOKED = "looked"


@cache
def section_form(question_set: str, codes: tuple[str, ...]) -> type[Form]:
    """A form with the controls of some questions of one set: answer, note, and the revision the page shows.

    And the box by which a person says that they read the answers about the version before that they carry over.
    """
    published = loader.question_set(question_set)
    fields: dict[str, Any] = {LOOKED: CheckboxField("I have read them, and each is still true of this version")}
    for code in codes:
        question, name = published.by_code[code], names(code)
        fields[name.answer] = _control(question)
        if question.response is Response.DATE_OR_NA:
            fields[name.not_applicable] = CheckboxField("Not applicable")
        fields[name.note] = _note(question)
        fields[name.revision] = HiddenField()
    return type("SectionForm", (Form,), fields)


def _control(question: Question) -> Any:
    code = numbered(question.code)
    label = f"{code}. {question.words}" if code else question.words
    said: dict[str, Any] = {"hint": question.hint or "", "size": "m", "called": code or "The answer"}
    pairs = [(option.value, option.words) for option in question.options]
    match question.response:
        case Response.MULTI_CHOICE:
            alone = NOT_APPLICABLE if NOT_APPLICABLE in question.labels else None
            return CheckboxesField(label, choices=pairs, exclusive=alone, **said)
        case Response.DATE | Response.DATE_OR_NA:
            return DateField(label, **said | {"hint": question.hint or "For example, 27 3 2027"})
        case Response.PERCENT:
            return StringField(label, suffix="%", width=5, inputmode="decimal", max_length=8, **said)
        case Response.RISKS:
            return RisksField(label, **said)
        case Response.FREE_TEXT | Response.FILE:
            if question.multiline:
                return TextAreaField(label, rows=4, max_length=values.LONGEST_TEXT, **said)
            return StringField(label, max_length=LINE, **said)
        case Response.COMPLIANCE:  # one line each: a standard has dozens of them
            return RadioField(label, choices=pairs, inline=True, **said)
        case _:
            return RadioField(label, choices=pairs, **said)


def _note(question: Question) -> TextAreaField:
    needed = [question.label_of(value) for value in question.requires_reason_for]
    label = f"Reason, if you choose “{' or '.join(needed)}”" if needed else "Note"
    if question.response is Response.COMPLIANCE:
        label = "Where the evidence is; for any answer but “Yes”, the reason"
    return TextAreaField(label, rows=2, max_length=2000, called="The note")


def fill(form: Form, codes: Iterable[str], kept: Mapping[str, Kept], revisions: Mapping[str, int]) -> None:
    """Put answers into a form that was not sent, with the revisions its page will carry."""
    for code in codes:
        name = names(code)
        answer = kept[code].answer if code in kept else AnswerValue(None)
        form[name.note].data = answer.note
        form[name.revision].data = str(revisions.get(code, 0))
        if name.not_applicable in form:
            form[name.not_applicable].data = answer.is_not_applicable
        _show(form[name.answer], answer)


def _show(field: Any, answer: AnswerValue) -> None:
    chosen = answer.chosen
    if isinstance(field, DateField):
        given = [value for value in chosen if value != NOT_APPLICABLE]
        field.process(None, date.fromisoformat(given[0]) if given else None)
    elif isinstance(field, CheckboxesField):
        field.data = list(chosen)
    elif isinstance(field, RisksField):
        field.show(answer.risks)
    else:
        field.data = chosen[0] if chosen else None
    if isinstance(field, TextAreaField):
        field.rows = lines_of(field.data or "")


def lines_of(text: str) -> int:
    """How many lines a text takes in its box, so that it is read without scrolling: from 3 to 14."""
    return max(3, min(14, sum(1 + len(line) // 80 for line in text.split("\n"))))


def read(form: Form, question_set: str, codes: Iterable[str]) -> list[Given]:
    """What the person left on the page. A fault is put on its field, and its question is left out."""
    published = loader.question_set(question_set)
    found = []
    for code in codes:
        answer = _read_one(form, published.by_code[code])
        if answer is not None:
            found.append(Given(code, answer, seen(form, code)))
    return found


def seen(form: Form, code: str) -> int:
    """The revision that the page showed; 0 where it showed none, or says something else."""
    typed = str(form[names(code).revision].data or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


def _read_one(form: Form, question: Question) -> AnswerValue | None:
    name = names(question.code)
    field, note = form[name.answer], form[name.note].data or ""
    if field.errors or form[name.note].errors:
        return None
    none = name.not_applicable in form and bool(form[name.not_applicable].data)
    raw = field.data
    if none and raw:
        form.add_error(f"Enter a date for {question.code} or choose not applicable, not both.", name.answer)
        return None
    if none:
        return AnswerValue(None, note=note, not_applicable=True)
    if raw in (None, "", [], ()):
        return AnswerValue(None, note=note)
    try:
        answer = values.answer(question, raw, note=note)
    except values.AnswerFault as fault:
        form.add_error(fault.sentence, name.answer)
        return None
    faults = values.value_faults(question, answer)
    if faults and not answer.risks:  # a risk may be kept half filled; until it is whole the question is not answered
        form.add_error(faults[0], name.note)
        return None
    return answer


class DocumentForm(Form):
    """An organisation's own document, chosen among its evidence or sent now. Facts are added by `document_form`."""

    revision = HiddenField()
    title = StringField("Title of the document", required="Enter the title of the document")
    version_label = StringField("Version", required="Enter its version", max_length=60, width=10)
    dated_on = DateField("Date of the document", required="Enter the date of the document")
    review_due_on = DateField("Review due", hint="Leave empty if it has no review date.")
    evidence = SelectField("Evidence you already hold", blank="Send a new file instead")
    file = FileField("File", hint="PDF, Word, Excel, PNG, JPG, CSV or text.", accept=uploads.accept(uploads.DOCUMENTS))


@cache
def document_form(requirement: Requirement) -> type[DocumentForm]:
    """The form of a document with the facts that policy reads from it, in policy's order."""
    asked = requirement.document.fields if requirement.document else ()
    return type("DocumentForm", (DocumentForm,), {fact_name(each.name): _fact(each) for each in asked})


def fact_name(name: str) -> str:
    return f"fact_{name}"


def _fact(field: DocumentField) -> Any:
    said: dict[str, Any] = {"called": field.label.rstrip("?")}
    if field.required:
        said["required"] = f"Answer “{field.label.rstrip('?')}”"
    elif field.required_when:
        said["required"] = f"Answer “{field.label.rstrip('?')}”"
        said["required_when"] = (fact_name(field.required_when.field), field.required_when.among)
    match field.type:
        case "choice":
            return RadioField(field.label, choices=[(choice.code, choice.label) for choice in field.choices], **said)
        case "yes_no":
            return RadioField(field.label, choices=[("yes", "Yes"), ("no", "No")], inline=True, **said)
        case "date":
            return DateField(field.label, **said)
        case "number":
            return IntegerField(field.label, **said)
        case _:
            return TextAreaField(field.label, rows=2, max_length=2000, **said)


def facts_of(form: DocumentForm, requirement: Requirement) -> dict[str, str]:
    """The facts as policy reads them: text, codes, and dates as 2027-05-03."""
    asked = requirement.document.fields if requirement.document else ()
    said = {each.name: form[fact_name(each.name)].data for each in asked}
    return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in said.items() if value}
