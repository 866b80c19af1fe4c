"""The forms of bringing a hazard log in, each made for the file at hand: its sheets, columns and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.assessment.hazards import words
from governance.assessment.hazards.exchange import mapping
from governance.assessment.hazards.exchange.fields import FIELDS, OURS, SUPPLIERS
from governance.assessment.hazards.matrix import Matrix
from governance.assessment.hazards.models import HazardImport
from governance.intake.declarations.sheet_rules import Column
from governance.spreadsheets import SheetName
from governance.web.fields import FileField, IntegerField, RadioField, SelectField, StringField
from governance.web.forms import Form, VersionedForm
from governance.web.wording import plural


class LogForm(Form):
    """The file."""

    file = FileField(
        "Hazard log",
        accept=".xlsx,.csv,.tsv,.txt",
        hint=f"An Excel workbook (XLSX) or CSV with at most {mapping.MOST_ROWS} hazards. It must hold no patient data.",
    )


class SheetForm(VersionedForm):
    """Which sheet, and where its headings are."""

    sheet = RadioField("Which sheet is the hazard log on?", required="Choose the sheet", size="m")
    heading_row = IntegerField(
        "Which row holds the headings?", required="Enter the row of the headings", width=4, size="m",
        hint="The row number as your spreadsheet program shows it. Rows above it are not read.",
    )  # fmt: skip


class _Columns(VersionedForm):
    """Whose hazards, and what counts where a cell is empty; the columns are added for the file."""

    whose = RadioField(
        "Whose hazards are these?",
        choices=[(OURS, "Ours"), (SUPPLIERS, "The supplier’s")],
        hints={
            OURS: "They become hazards of this log. Scores are looked up in our matrix.",
            SUPPLIERS: "Their ratings are kept as the supplier’s words. We score each hazard ourselves.",
        },
        reveals={SUPPLIERS: "scheme"},
        required="Choose whose hazards these are",
        size="m",
    )
    scheme = StringField(
        "Which scheme does the supplier score with?", hint="For example, DCB0129 5 by 5, or likelihood times severity to 25.",
        required="Name the scheme the supplier scores with", required_when=("whose", SUPPLIERS),
        called="The supplier’s scheme",
    )  # fmt: skip
    patients = SelectField(
        "Patients affected, where no cell says it", choices=list(words.PATIENT_WORDS.items()), blank="Ask for each row",
        hint="One death is Major. Catastrophic needs several patients.",
    )  # fmt: skip


class LeaveOutForm(VersionedForm):
    """Rows that make nothing."""

    rows = StringField(
        "Rows to leave out", hint="Their numbers as in the file. For example, 12, 40–42. Nothing is made of these.",
        max_length=2000,
    )  # fmt: skip


class BringInForm(VersionedForm):
    """Nothing but the import as it was read."""


def sheet_form(row: HazardImport, sheets: Sequence[SheetName], **given: Any) -> Any:
    """The form for a file’s sheets; a CSV has one that needs no choosing."""
    held = {"sheet": row.sheet, "heading_row": row.mapping.get("heading_row"), "version_id": row.version_id}
    form = SheetForm(data=held, **given)
    form["sheet"].choices = [(each.name, each.name + (" (hidden)" if each.hidden else "")) for each in sheets]
    if len(sheets) == 1:
        del form["sheet"]
    return form


def columns_form(row: HazardImport, columns: Sequence[Column], **given: Any) -> Any:
    """Whose hazards, and for each field its column."""
    choices = [(each.number, _named(each)) for each in columns]
    made: dict[str, Any] = {
        f"col_{field.name}": SelectField(field.heading, choices=choices, blank="No column")
        for field in mapping.offered(row.mapping)
    }
    held = {"version_id": row.version_id, "whose": row.mapping.get("as"), **row.mapping}
    held |= {f"col_{name}": column for name, column in row.mapping.get("columns", {}).items()}
    held = {name: value for name, value in held.items() if name not in ("columns", "words", "rows", "as")}
    return type("ColumnsForm", (_Columns,), made)(data=held, **given)


def mapped_by(form: Any) -> dict[str, Any]:
    """What the form says, as `map_columns` takes it."""
    return {
        "whose": form.whose.data or "",
        "scheme": form.scheme.data or "",
        "patients": form.patients.data or "",
        "columns": {each.name: form[f"col_{each.name}"].data for each in FIELDS if f"col_{each.name}" in form},
    }


def words_form(row: HazardImport, found: Mapping[str, Sequence[tuple[str, int]]], matrix: Matrix, **given: Any) -> Any:
    """For each word of a kind, what it means: as it was set, else as it likely is."""
    said = mapping.meanings(row.mapping)
    made: dict[str, Any] = {}
    held: dict[str, Any] = {"version_id": row.version_id}
    for kind, given_words in found.items():
        for number, (word, count) in enumerate(given_words):
            name = f"w_{kind}_{number}"
            codes, said_of = mapping.codes_of(kind, matrix), f"In {plural(count, 'cell')}"
            made[name] = SelectField(f"“{word[:60]}”", choices=codes, hint=said_of, blank="No meaning yet")
            held[name] = mapping.meant(kind, word, said, matrix)
    return type("WordsForm", (VersionedForm,), made)(data=held, **given)


def said_by(form: Any, found: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, dict[str, str]]:
    """What the form says, as `say_meanings` takes it."""
    return {
        kind: {word: form[f"w_{kind}_{number}"].data or "" for number, (word, _) in enumerate(given)}
        for kind, given in found.items()
    }


def _named(column: Column) -> str:
    samples = ", ".join(sample if len(sample) <= 24 else sample[:23].rstrip() + "…" for sample in column.samples[:1])
    return f"{column.letter}: {column.heading[:60]}" + (f" ({samples})" if samples else "")
