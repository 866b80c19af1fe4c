"""What a spreadsheet holds once it is read, how much of it is taken, and how it is refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from governance.errors import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2000
MOST_SHEETS = 100
MOST_ROWS = 10_000
MOST_COLUMNS = 200
LONGEST_CELL = 10_000

Cell = str | int | float | bool | date | datetime | None
"""A value as stored: never a formula, never an error of arithmetic. A day without a time of day is a date."""


class Unreadable(Refused):
    """A file, or a sheet of it, that cannot be read, with one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet of a file. `hidden` as the file says; a CSV file has one sheet without a name."""

    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty. `number` is the one people see beside it, the first being 1."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The value in a column counted from 0; None beyond the last."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as read: its rows in order, the empty ones left out."""

    name: str
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(row.cells) for row in self.rows), default=0)


def as_text(cell: Cell) -> str:
    """A value as people read it: 2.0 is “2”, a day is “14 March 2025”, true is “Yes”."""
    match cell:
        case None:
            return ""
        case bool():
            return "Yes" if cell else "No"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return f"{cell.day} {cell:%B %Y, %H:%M}"
        case date():
            return f"{cell.day} {cell:%B %Y}"
        case _:
            return str(cell)


def plain(value: Any) -> Cell:
    """A value a reader gave, as a Cell. Raises Unreadable for a text longer than is taken."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            text = value.strip("\0 \t\r\n\xa0\ufeff")
            if len(text) > LONGEST_CELL:
                raise unreadable("cell", f"A cell holds more than {LONGEST_CELL:,} characters. Shorten it, then try again.")
            return text or None
        case datetime():
            return value.date() if value.time() == time() else value.replace(microsecond=0, tzinfo=None)
        case date():
            return value
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            minutes = int(value.total_seconds() // 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
        case _:
            return str(value)[:LONGEST_CELL]


def kept(number: int, values: Iterable[Any]) -> Row | None:
    """A row as it is kept, without the empty cells at its end; None when nothing is in it. Raises Unreadable if too wide."""
    cells = [plain(value) for value in values]
    while cells and cells[-1] is None:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise unreadable("columns", f"Row {number} has more than {MOST_COLUMNS} columns. Remove those not needed.")
    return Row(number, tuple(cells)) if cells else None


def gathered(name: str, rows: Iterable[tuple[int, Iterable[Any]]]) -> Sheet:
    """A sheet of numbered rows. Raises Unreadable when it is empty or holds more than is taken."""
    found: list[Row] = []
    for number, values in rows:
        row = kept(number, values)
        if row is None:
            continue
        if len(found) == MOST_ROWS:
            raise unreadable("rows", f"There are more than {MOST_ROWS:,} rows. Split the file, then bring in each part.")
        found.append(row)
    if not found:
        raise unreadable("empty", f"The sheet “{name}” is empty." if name else "The file is empty. Choose another.")
    return Sheet(name, tuple(found))


def unreadable(code: str, sentence: str) -> Unreadable:
    """The refusal of a file for one reason."""
    return Unreadable.because(sentence, code=f"spreadsheet.{code}")
