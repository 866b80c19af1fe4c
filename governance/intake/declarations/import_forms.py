"""The forms of bringing a register in, each made for the file at hand: its sheets, columns, words and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.intake.declarations import sheet_rules
from governance.intake.declarations.models import RegisterImport
from governance.intake.declarations.rules import Field
from governance.intake.declarations.sheet_check import OTHER, Question
from governance.intake.declarations.sheet_rules import Column
from governance.spreadsheets import SheetName
from governance.web.fields import FileField, IntegerField, RadioField, SelectField, StringField
from governance.web.forms import Form, VersionedForm
from governance.web.wording import plural

MOST_QUESTIONS = 50


class RegisterForm(Form):
    """The file."""

    file = FileField(
        "Your register",
        accept=".xlsx,.csv,.tsv,.txt",
        hint="An Excel workbook (XLSX) or CSV, 20 MB and 10,000 rows at most. It must hold no patient data.",
    )


class SheetForm(VersionedForm):
    """Which sheet, and where its headings are."""

    sheet = RadioField("Which sheet is the register on?", required="Choose the sheet", size="m")
    heading_row = IntegerField(
        "Which row holds the headings?", required="Enter the row of the headings", width=4, size="m",
        hint="The row number as your spreadsheet program shows it. Rows above it are not read.",
    )  # fmt: skip


class LeaveOutForm(VersionedForm):
    """Rows that make nothing."""

    rows = StringField(
        "Rows to leave out", hint="Their numbers as in the file. For example, 12, 40–42. Nothing is made of these.",
        max_length=2000,
    )  # fmt: skip


class BringInForm(VersionedForm):
    """Nothing but the import as it was read."""


def sheet_form(row: RegisterImport, sheets: Sequence[SheetName], **given: Any) -> Any:
    """The form for a file’s sheets; a CSV has one that needs no choosing."""
    held = {"sheet": row.sheet, "heading_row": row.mapping.get("heading_row"), "version_id": row.version_id}
    form = SheetForm(data=held, **given)
    form["sheet"].choices = [(each.name, each.name + (" (hidden)" if each.hidden else "")) for each in sheets]
    if len(sheets) == 1:
        del form["sheet"]
    return form


def columns_form(row: RegisterImport, fields: Sequence[Field], columns: Sequence[Column], **given: Any) -> Any:
    """For each field its column, and what counts where a cell is empty."""
    offered = [(each.number, _named(each)) for each in columns]
    made: dict[str, Any] = {}
    for field in fields:
        needed = "" if field.required else " (optional)"
        made[f"col_{field.name}"] = SelectField(
            field.label + needed, choices=offered, hint=field.hint, blank="No column", called=field.label
        )
        said = f"{field.label.rstrip('?')}, where a cell is empty"
        made[f"fix_{field.name}"] = (
            SelectField(said, choices=field.choices, blank="Nothing")
            if field.choices
            else StringField(said, max_length=min(field.longest, 200))
        )
    held: dict[str, Any] = {"version_id": row.version_id}
    held |= {f"col_{name}": column for name, column in row.mapping.get("columns", {}).items()}
    held |= {f"fix_{name}": text for name, text in row.mapping.get("fixed", {}).items()}
    return type("ColumnsForm", (VersionedForm,), made)(data=held, **given)


def mapped_by(form: Any, fields: Sequence[Field]) -> dict[str, Any]:
    """What the form says, as `map_columns` takes it."""
    return {
        "columns": {field.name: form[f"col_{field.name}"].data for field in fields},
        "fixed": {field.name: str(form[f"fix_{field.name}"].data or "") for field in fields},
    }


def words_form(row: RegisterImport, words: Mapping[str, Sequence[tuple[str, int]]], **given: Any) -> Any:
    """For each word under a field with choices, what it means: as it was set, else as it likely is."""
    made: dict[str, Any] = {}
    held: dict[str, Any] = {"version_id": row.version_id}
    for field in sheet_rules.FIELDS:
        known = sheet_rules.values_for(row.mapping, field)
        for number, (word, count) in enumerate(words.get(field.name, ())):
            made[f"w_{field.name}_{number}"] = SelectField(
                f"“{word}”", choices=sheet_rules.meanings_of(field), hint=f"In {plural(count, 'row')}", blank="No meaning yet"
            )
            held[f"w_{field.name}_{number}"] = known.get(sheet_rules.word_key(word)) or sheet_rules.value_guess(field, word)
    return type("WordsForm", (VersionedForm,), made)(data=held, **given)


def said_by(form: Any, words: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, dict[str, str]]:
    """What the form says, as `say_meanings` takes it."""
    return {
        name: {word: form[f"w_{name}_{number}"].data or "" for number, (word, _) in enumerate(found)}
        for name, found in words.items()
    }


def tools_form(row: RegisterImport, questions: Sequence[Question], **given: Any) -> Any:
    """For each name that looks like another, which tool it is. The first fifty; the others after these."""
    made: dict[str, Any] = {}
    held: dict[str, Any] = {"version_id": row.version_id}
    for number, each in enumerate(questions[:MOST_QUESTIONS]):
        by = f" by {each.maker}" if each.maker else ""
        made[f"t_{number}"] = RadioField(
            f"Row {each.row}: which tool is {each.name}{by}?",
            choices=[*((choice, label) for choice, label, _ in each.options), (OTHER, "Another tool")],
            hints={choice: why for choice, _, why in each.options},
            required=f"Say which tool {each.name} is", divider="or", size="m",
        )  # fmt: skip
        held[f"t_{number}"] = each.chosen or None
    return type("ToolsForm", (VersionedForm,), made)(data=held, **given)


def chosen_by(form: Any, row: RegisterImport, questions: Sequence[Question]) -> list[tuple[str, str, str]]:
    """What the form says besides what was said before, as `say_tools` takes it."""
    asked = questions[:MOST_QUESTIONS]
    now = {(each.name, each.maker): form[f"t_{number}"].data or "" for number, each in enumerate(asked)}
    before = {(name, maker): choice for name, maker, choice in row.mapping.get("tools", ())}
    return [(name, maker, choice) for (name, maker), choice in (before | now).items()]


def _named(column: Column) -> str:
    samples = ", ".join(sample if len(sample) <= 24 else sample[:23].rstrip() + "…" for sample in column.samples)
    return f"{column.letter}: {column.heading[:60]}" + (f" ({samples})" if samples else "")
