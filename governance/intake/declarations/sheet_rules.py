"""How the columns of a register become declarations: guessing them, remembering them, and reading each row. Pure.

A mapping is `{"heading_row": 3, "columns": {field: column or None}, "fixed": {field: text}, "words": {field: [[word, value], …]},
"tools": [[name, maker, choice], …], "left_out": [row, …]}`. Columns are counted from 0. What is fixed counts for every row
whose cell is empty. A choice says which tool a name means: `tool:12`, one of the register; `row:7`, that of another row;
`other`, a tool of its own. Words are kept as written; they are compared without case, spaces at the ends and final stops.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, utils

from governance.intake.declarations.rules import FIELDS, Field, choice_of
from governance.intake.declarations.sheet_words import HEADINGS, WORDS
from governance.spreadsheets import Row, Sheet, as_text

Mapped = Mapping[str, Any]

ORGANISATION = Field(
    "organisation", "Organisation code", "Of a practice you act for. Left empty, your own organisation.", longest=200
)
ALL_FIELDS: tuple[Field, ...] = (*FIELDS, ORGANISATION)
"""What a column can be. The last is asked only of who may act for others."""

LIKELY = 84
LOOKED_AT = 30
MOST_WORDS = 40

LEAVE_OUT = "leave_out"
"""What a word for the stage may mean besides a stage: these rows are not in use and are left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is offered: its number from 0, its letter, its heading, and the first few values under it."""

    number: int
    letter: str
    heading: str
    samples: tuple[str, ...]


def letter_of(column: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def heading_row_guess(sheet: Sheet) -> int:
    """The number of the row that looks most like headings: of the first thirty, the one where most cells name a field.

    The first row with two texts, where none does.
    """
    best, most = 0, 0
    for row in sheet.rows[:LOOKED_AT]:
        texts = {text for cell in row.cells if (text := as_text(cell)) and len(text) <= 80}
        named = sum(any(_likeness(text, name) >= LIKELY for name in HEADINGS) for text in texts)
        if named > most and len(texts) > 1:
            best, most = row.number, named
    wide = (row.number for row in sheet.rows if sum(cell is not None for cell in row.cells) > 1)
    return best or next(wide, sheet.rows[0].number)


def headings_of(sheet: Sheet, heading_row: int) -> list[str]:
    """The texts of the heading row, one for each column of the sheet; “” where a column has none. Raises KeyError."""
    row = next((row for row in sheet.rows if row.number == heading_row), None)
    if row is None:
        raise KeyError(heading_row)
    return [" ".join(as_text(row.cell(column)).split())[:200] for column in range(sheet.width)]


def data_rows(sheet: Sheet, heading_row: int) -> list[Row]:
    """The rows below the headings."""
    return [row for row in sheet.rows if row.number > heading_row]


def columns_of(headings: Sequence[str], rows: Sequence[Row]) -> list[Column]:
    """The columns that hold anything, each with up to three different values under it."""
    found = []
    for number, heading in enumerate(headings):
        values = (" ".join(as_text(row.cell(number)).split()) for row in rows[:200])
        samples = tuple(dict.fromkeys(value for value in values if value))[:3]
        if heading or samples:
            found.append(Column(number, letter_of(number), heading or f"Column {letter_of(number)}", samples))
    return found


def guess(headings: Sequence[str], *, with_organisation: bool) -> dict[str, int]:
    """Which column is likely which field, by the words of its heading; the likeliest pairs first, each column once.

    Where only one of manufacturer and supplier has a column, the manufacturer is read from it: it must be known.
    """
    fields = [field.name for field in ALL_FIELDS if with_organisation or field is not ORGANISATION]
    pairs = [
        (_likeness(heading, name), -order, -column)
        for order, name in enumerate(fields)
        for column, heading in enumerate(headings)
        if heading
    ]
    found: dict[str, int] = {}
    for score, order, column in sorted(pairs, reverse=True):
        name = fields[-order]
        if score >= LIKELY and name not in found and -column not in found.values():
            found[name] = -column
    if "manufacturer" not in found and "supplier" in found:
        found["manufacturer"] = found["supplier"]
    return found


def _likeness(heading: str, name: str) -> float:
    """0 to 100: how like a field's usual headings this one is. One that says a little more is a little less like it."""
    said = " ".join(utils.default_process(re.sub(r"\(.*?\)", " ", heading)).split())
    if not said:
        return 0.0
    # a usual heading inside a longer one counts, less for each word more; “live” alone must not find “go live date”
    scores = []
    for usual in HEADINGS[name]:
        more = len(said.split()) - len(usual.split())
        within = 100.0 - 4 * more if 0 <= more <= 4 and f" {usual} " in f" {said} " else 0.0
        scores.append(max(fuzz.ratio(said, usual), within))
    return max(scores)


def word_key(word: str) -> str:
    """A word as it is compared."""
    return " ".join(word.casefold().split()).rstrip(".")


def meanings_of(field: Field) -> tuple[tuple[str, str], ...]:
    """What a word in a field's column may mean, as (value, label): its choices; for the stage, that a row is left out, too."""
    return (*field.choices, (LEAVE_OUT, "Leave these rows out")) if field.name == "stage" else field.choices


def value_guess(field: Field, word: str) -> str | None:
    """The answer that a word of theirs likely means; None where none is likely."""
    if (exact := choice_of(field, word)) is not None:
        return exact
    said = " ".join(utils.default_process(re.sub(r"\(.*?\)", " ", word)).split())
    likely = [
        (fuzz.ratio(said, usual), value)
        for value, label in meanings_of(field)
        for usual in (utils.default_process(label), *WORDS[field.name].get(value, ()))
    ]
    score, value = max(likely, default=(0.0, ""))
    return value if said and score >= LIKELY else None


def words_in(rows: Iterable[Row], mapped: Mapped, field: Field) -> list[tuple[str, int]]:
    """The different words in a field's column with how often each occurs, the commonest first."""
    column = mapped.get("columns", {}).get(field.name)
    if column is None:
        return []
    shown: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        word = " ".join(as_text(row.cell(column)).split())
        if word:
            shown.setdefault(word_key(word), word)
            counts[word_key(word)] += 1
    return [(shown[key], count) for key, count in counts.most_common()]


def values_for(mapped: Mapped, field: Field) -> dict[str, str]:
    """What each word of a choice field means, as it was set."""
    return {word_key(word): value for word, value in mapped.get("words", {}).get(field.name, ())}


def read_row(row: Row, mapped: Mapped, meaning: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """A row as the fields of a declaration: texts and the codes of choices; a word without a meaning stays as it is."""
    found: dict[str, str] = {}
    for field in ALL_FIELDS:
        column = mapped.get("columns", {}).get(field.name)
        text = as_text(row.cell(column)) if column is not None else ""
        if field.name not in ("purpose", "sites", "earlier_approval"):
            text = " ".join(text.split())
        if text and field.choices:
            text = meaning.get(field.name, {}).get(word_key(text), text)
        found[field.name] = text.strip() or str(mapped.get("fixed", {}).get(field.name) or "")
    return found


def meanings(mapped: Mapped) -> dict[str, dict[str, str]]:
    """What the words of each choice field mean."""
    return {field.name: values_for(mapped, field) for field in FIELDS if field.choices}


def site_names(text: str) -> list[str]:
    """Names of sites as people list them in one cell: parted by semicolons, strokes or new lines."""
    names = (" ".join(part.split())[:200] for part in re.split(r"[;|\n]", text))
    return list(dict.fromkeys(name for name in names if name))


def remembered(before: Mapped | None, headings: Sequence[str], *, with_organisation: bool) -> dict[str, Any]:
    """The mapping to begin with: what was set for the same headings before, else what the headings suggest."""
    if before and before.get("columns"):
        kept = {key: before[key] for key in ("columns", "fixed", "words") if key in before}
        if not with_organisation:
            kept["columns"] = {name: column for name, column in kept["columns"].items() if name != ORGANISATION.name}
        return kept
    return {"columns": guess(headings, with_organisation=with_organisation), "fixed": {}, "words": {}}


def left_out(text: str) -> list[int]:
    """Row numbers as people write them: “12, 40–42”. Raises ValueError for anything else, or more than 10,000."""
    found: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–—]\s*", "-", text.strip()))):
        first, dash, last = part.partition("-")
        low, high = int(first), int(last if dash else first)
        if not 0 < low <= high < low + 10_000 or high > 2_000_000:
            raise ValueError(part)
        found.update(range(low, high + 1))
        if len(found) > 10_000:
            raise ValueError(part)
    return sorted(found)


def in_ranges(rows: Sequence[int]) -> str:
    """`12, 40–42`: row numbers as people write them."""
    parts: list[list[int]] = []
    for number in sorted(rows):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in parts)


def missing_columns(mapped: Mapped) -> list[Field]:
    """Required fields that have neither a column nor a fixed value. Sites may be left: an organisation may have one only."""
    columns, fixed = mapped.get("columns", {}), mapped.get("fixed", {})
    return [f for f in FIELDS if f.required and f.name != "sites" and columns.get(f.name) is None and not fixed.get(f.name)]

