"""Which column of a file is which field of a hazard, what its words mean, and reading a row. Pure.

A mapping is `{"heading_row": 1, "rows": 12, "as": "ours" or "supplier", "scheme": text, "patients": "single", "columns": {field:
column}, "words": {kind: [[word, code], …]}, "left_out": [row, …]}`. Columns are counted from 0. `patients` counts where no
cell says how many patients a harm reaches. The code of a word that was said to have no meaning is empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rapidfuzz import fuzz, utils

from governance.assessment.hazards import words
from governance.assessment.hazards.exchange.fields import (
    BY_NAME,
    FIELDS,
    NOT_OF_A_SUPPLIER,
    ONE_LINE,
    OURS,
    SELDOM,
    SUPPLIERS,
    Field,
)
from governance.assessment.hazards.matrix import Matrix
from governance.intake.declarations.sheet_rules import word_key
from governance.spreadsheets import Row, Sheet, as_text
from governance.web.controls import tidy

Mapped = Mapping[str, Any]
LIKELY = 88
LOOKED_AT = 30
MOST_ROWS = 500
MOST_WORDS = 40
_SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "severity": {},
    "likelihood": {"very_low": ("rare", "negligible"), "very_high": ("almost certain", "certain")},
    "patients": {
        "single": ("single", "one", "1", "single patient", "individual"),
        "multiple": ("multiple", "several", "many", "multiple patients", "more than one"),
    },
    "status": {"transferred": ("transfer", "transferred to user"), "closed": ("complete", "completed")},
    "acceptance": {"impractical": ("impractical",), "cost_outweighs_benefit": ("cost", "cost outweighs benefit")},
}
"""Words that mean the same to everybody. Others’ numbers are no words: what a 4 means, only its scheme knows."""


def heading_row_guess(sheet: Sheet) -> int:
    """The row of the first thirty where most cells name a field; the first with two texts where none does."""
    best, most = 0, 0
    for row in sheet.rows[:LOOKED_AT]:
        texts = {text for cell in row.cells if (text := as_text(cell)) and len(text) <= 80}
        named = sum(any(_likeness(text, field) >= LIKELY for field in FIELDS) for text in texts)
        if named > most and len(texts) > 1:
            best, most = row.number, named
    wide = (row.number for row in sheet.rows if sum(cell is not None for cell in row.cells) > 1)
    return best or next(wide, sheet.rows[0].number)


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Which column is likely which field by its heading; the likeliest pairs first, each column once."""
    pairs = [
        (_likeness(heading, field), -order, -column)
        for order, field in enumerate(FIELDS)
        for column, heading in enumerate(headings)
        if heading
    ]
    found: dict[str, int] = {}
    for score, order, column in sorted(pairs, reverse=True):
        name = FIELDS[-order].name
        if score >= LIKELY and name not in found and -column not in found.values():
            found[name] = -column
    if "name" not in found and "description" in found:
        found["name"] = found["description"]
    return found


def remembered(before: Mapped | None, headings: Sequence[str]) -> dict[str, Any]:
    """The mapping to begin with: what was set for the same headings before, else what the headings suggest."""
    if before and before.get("columns"):
        return {key: before[key] for key in ("as", "scheme", "patients", "columns", "words") if key in before}
    return {"as": OURS, "columns": guess(headings), "words": {}}


def offered(mapped: Mapped) -> list[Field]:
    """The fields that a page asks for: the seldom ones only where a column was found for them."""
    columns = mapped.get("columns", {})
    return [each for each in FIELDS if each.name not in SELDOM or each.name in columns]


def taken(mapped: Mapped, *, scoring: bool) -> list[Field]:
    """The fields that a file brings: those with a column, without what a supplier cannot say for us or nobody may score yet."""
    columns = mapped.get("columns", {})
    leave: set[str] = set()
    if mapped.get("as") == SUPPLIERS:
        leave |= set(NOT_OF_A_SUPPLIER)
    elif not scoring:
        leave |= {each.name for each in FIELDS if each.part in ("initial", "residual")}
    return [each for each in FIELDS if each.name in columns and each.name not in leave]


def codes_of(kind: str, matrix: Matrix) -> list[tuple[str, str]]:
    """(code, label) of what a kind of word can mean."""
    return {
        "severity": [(level.code, level.words) for level in matrix.severities],
        "likelihood": [(level.code, level.words) for level in matrix.likelihoods],
        "patients": list(words.PATIENT_WORDS.items()),
        "status": list(words.STATUS_WORDS.items()),
        "acceptance": list(words.ACCEPTANCES),
    }[kind]


def exact(kind: str, word: str, matrix: Matrix) -> str | None:
    """The code of a word of ours; None where it is not one."""
    said = word_key(word)
    return next((code for code, label in codes_of(kind, matrix) if said in (word_key(label), code)), None)


def likely(kind: str, word: str, matrix: Matrix) -> str | None:
    """The code that a word of theirs likely means: ours with a number or a remark beside it, or a usual other word."""
    said = " ".join(utils.default_process(re.sub(r"\(.*?\)|\[.*?\]", " ", word)).split())
    plain = re.sub(r"^\d+ | \d+$", "", said)
    for code, label in codes_of(kind, matrix):
        if plain == utils.default_process(label) or said in _SYNONYMS[kind].get(code, ()):
            return code
    return None


def words_in(rows: Iterable[Row], mapped: Mapped, kind: str, *, scoring: bool) -> list[tuple[str, int]]:
    """The different words of a kind in all its columns with how often each occurs, the commonest first."""
    if mapped.get("as") == SUPPLIERS:
        return []
    columns = [mapped["columns"][field.name] for field in taken(mapped, scoring=scoring) if field.words == kind]
    shown: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        for column in columns:
            word = tidy(as_text(row.cell(column)))
            if word:
                shown.setdefault(word_key(word), word)
                counts[word_key(word)] += 1
    return [(shown[key], count) for key, count in counts.most_common()]


def meanings(mapped: Mapped) -> dict[str, dict[str, str]]:
    """What was said that words mean, by kind."""
    return {kind: {word_key(word): code for word, code in said} for kind, said in mapped.get("words", {}).items()}


def meant(kind: str, word: str, said: Mapping[str, Mapping[str, str]], matrix: Matrix) -> str | None:
    """The code of a word: ours, else as it was said, else as it likely is; none where it was said to have no meaning."""
    given, key = said.get(kind, {}), word_key(word)
    return exact(kind, word, matrix) or (given[key] or None if key in given else likely(kind, word, matrix))


def read_row(row: Row, mapped: Mapped, *, scoring: bool) -> dict[str, str]:
    """The texts of a row by field, fit to be kept; fields without a column are not there. A day is 2027-05-03."""
    found = {}
    for field in taken(mapped, scoring=scoring):
        cell = row.cell(mapped["columns"][field.name])
        if isinstance(cell, date | datetime) and field.name == "review_on":
            found[field.name] = (cell.date() if isinstance(cell, datetime) else cell).isoformat()
        else:
            found[field.name] = tidy(as_text(cell), lines=field.name not in ONE_LINE and not field.words)
    return found


def _likeness(heading: str, field: Field) -> float:
    """0 to 100: how like a field's usual headings this one is. Our own heading is always likest."""
    if word_key(heading) == word_key(field.heading):
        return 200.0
    if field.name in SELDOM:
        return 0.0
    whole, bare = (" ".join(utils.default_process(text).split()) for text in (heading, re.sub(r"\(.*?\)", " ", heading)))
    return max((_like(said, usual) for usual in field.usual for said in {whole, bare} if said), default=0.0)


def _like(said: str, usual: str) -> float:
    """A usual heading inside a longer one counts, less for each word more."""
    more = len(said.split()) - len(usual.split())
    within = 100.0 - 4 * more if 0 <= more <= 3 and f" {usual} " in f" {said} " else 0.0
    return max(fuzz.ratio(said, usual), within)


def label_of(name: str, headings: Sequence[str], mapped: Mapped) -> str:
    """The heading a field is read from, else ours: to name it in a sentence."""
    column = mapped.get("columns", {}).get(name)
    return headings[column] if column is not None and column < len(headings) and headings[column] else BY_NAME[name].heading
