"""A log as tables for XLSX and CSV: every field of the guidance, the matrix it was scored with, and what the file is.

Takes a log's content, live or frozen, so that both are written alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from governance.assessment.hazards import words
from governance.assessment.hazards.exchange import control_cells
from governance.assessment.hazards.exchange.fields import FIELDS, VERIFIED
from governance.assessment.hazards.findings import Content
from governance.assessment.hazards.matrix import Matrix
from governance.spreadsheets import Cell, Table, write_csv, write_xlsx

ACCEPTANCES = dict(words.ACCEPTANCES)


def log_table(content: Content, matrix: Matrix) -> Table:
    """One row for each hazard. Cells that take one of a few words offer them."""
    labels = {
        "severity": [level.words for level in matrix.severities], "likelihood": [level.words for level in matrix.likelihoods],
        "patients": list(words.PATIENT_WORDS.values()), "status": list(words.STATUS_WORDS.values()),
        "acceptance": list(ACCEPTANCES.values()),
    }  # fmt: skip
    choices = {each.heading: labels[each.words] for each in FIELDS if each.words}
    rows = [[_row(each, matrix)[field.name] for field in FIELDS] for each in content]
    return Table("Hazard log", tuple(field.heading for field in FIELDS), rows, choices)


def matrix_table(matrix: Matrix) -> Table:
    """The matrix with its words: a lookup, then what severities, likelihoods and ratings mean."""
    rows: list[list[Cell]] = [
        [likelihood.words, *matrix.ratings[likelihood.code]] for likelihood in reversed(matrix.likelihoods)
    ]
    rows += [[], ["Severity", "Patients", "What it means"]]
    for patients, said in words.PATIENT_WORDS.items():
        levels = matrix.allowed_severities(patients)  # type: ignore[arg-type]
        rows += [[level.words, said, matrix.descriptors[patients][level.code]] for level in reversed(levels)]  # type: ignore[index]
    rows += [[], ["Likelihood", "What it means"]]
    rows += [[level.words, level.meaning or ""] for level in reversed(matrix.likelihoods)]
    rows += [[], ["Rating", "What it asks"]]
    rows += [[each.rating, each.words] for each in reversed(matrix.acceptabilities)]
    rows += [[], ["Where this scheme comes from"], [matrix.source.title], [matrix.source.how_read]]
    rows += [["Ratings are looked up, not multiplied."], [f"{matrix.title}, {matrix.code}. {matrix.provenance_shown}."]]
    return Table("Risk matrix", ("Likelihood \\ Severity", *(level.words for level in matrix.severities)), rows)


def workbook(content: Content, matrix: Matrix, about: Sequence[tuple[str, str]], *, title: str, made_at: datetime) -> bytes:
    """The log, its matrix, and what this file is. The same content and time give the same bytes."""
    facts = Table("About", ("About this file", ""), [list(pair) for pair in about])
    return write_xlsx([log_table(content, matrix), matrix_table(matrix), facts], title=title, made_at=made_at)


def delimited(content: Content, matrix: Matrix) -> bytes:
    """The log alone, as CSV."""
    return write_csv(log_table(content, matrix))


def _row(each: dict[str, Any], matrix: Matrix) -> dict[str, Cell]:
    found: dict[str, Cell] = {
        **{name: each[name] for name in ("number", "name", "description", "impact", "causes", "owner", "actions")},
        "acceptance": ACCEPTANCES.get(each["acceptance"] or "", ""), "acceptance_reason": each["acceptance_reason"],
        "status": words.STATUS_WORDS[each["status"]], "source": each.get("source") or "",
        "review_on": date.fromisoformat(each["review_on"]) if each.get("review_on") else None,
    }  # fmt: skip
    for kind in words.KIND_WORDS:
        controls = [control for control in each["controls"] if control["kind"] == kind]
        found[f"control_{kind}"] = control_cells.written([control["description"] for control in controls])
        for what in VERIFIED:
            found[f"{what}_{kind}"] = control_cells.written([control[what] for control in controls])
    for which in ("initial", "residual"):
        found |= _score(which, each[which], matrix)
    said = each.get("supplier") or {}
    return found | {f"supplier_{key}": said.get(key, "") for key in words.SUPPLIER_SAYS}


def _score(which: str, found: dict[str, Any] | None, matrix: Matrix) -> dict[str, Cell]:
    if found is None:
        return {f"{which}_{what}": None for what in ("patients", "severity", "likelihood", "rating")}
    return {
        f"{which}_patients": words.PATIENT_WORDS[found["patients"]],
        f"{which}_severity": matrix.severity_words(found["severity"]),
        f"{which}_likelihood": matrix.likelihood_words(found["likelihood"]),
        f"{which}_rating": found["rating"],
    }
