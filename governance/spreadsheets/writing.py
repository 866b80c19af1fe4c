"""Writing tables as XLSX and CSV, so that no cell is ever taken for a formula, a link or a number it is not.

XLSX: text is written as text, days as days, the headings stay in view, columns are as wide as their contents up to a
limit. CSV: UTF-8 with a byte order mark, and a text that begins like a formula gets an apostrophe before it (OWASP, "CSV
injection"); the reader of this room takes it off again.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from governance.spreadsheets.cells import Cell, as_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_IN_XLSX = 32_767
MOST_EXACT = 2**53
NARROWEST, WIDEST = 9, 60
LONGEST_LIST = 255
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_A_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True)
class Table:
    """One sheet to write: its name, headings, and rows of cells. `choices` offers values for a column, by its heading."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell]] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write_xlsx(tables: Sequence[Table], *, title: str, made_at: datetime) -> bytes:
    """A workbook of tables. `made_at` is the time it says of itself: the same tables and time give the same bytes."""
    import xlsxwriter  # a quarter of a second to import, and only writing a workbook needs it

    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": _fit(title), "created": made_at.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "d mmm yyyy", "align": "left", "valign": "top"})
        minute = book.add_format({"num_format": "d mmm yyyy hh:mm", "align": "left", "valign": "top"})
        taken: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name, taken))
            sheet.freeze_panes(1, 0)
            for column, heading in enumerate(table.headings):
                sheet.write_string(0, column, _fit(heading), head)
                sheet.set_column(column, column, _width(table, column))
                _offer(sheet, column, table.choices.get(heading, ()))
            for number, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, text, day, minute)
            if table.rows and table.headings:
                sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)
    return held.getvalue()


def write_csv(table: Table) -> bytes:
    """One table as CSV: UTF-8 with a byte order mark, commas, lines ended as RFC 4180 asks."""
    held = StringIO(newline="")
    lines = csv.writer(held, lineterminator="\r\n")
    lines.writerow([_harmless(heading) for heading in table.headings])
    lines.writerows([_in_csv(cell) for cell in row] for row in table.rows)
    return held.getvalue().encode("utf-8-sig")


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, text: Format, day: Format, minute: Format) -> None:
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, cell, text)
        case int() | float() if math.isfinite(cell) and abs(cell) < MOST_EXACT:
            sheet.write_number(row, column, cell, text)
        case datetime() if cell.year >= 1900:
            sheet.write_datetime(row, column, cell.replace(tzinfo=None), minute)
        case date() if cell.year >= 1900 and not isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell, day)
        case _:
            sheet.write_string(row, column, _fit(as_text(cell)), text)


def _in_csv(cell: Cell) -> str:
    match cell:
        case str():
            return _harmless(cell)
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case date():
            return cell.isoformat()
        case _:
            return as_text(cell)


def _harmless(text: str) -> str:
    text = _NOT_IN_XML.sub("", text)
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def _fit(text: str) -> str:
    """What a cell of a workbook can hold; a longer text ends with an ellipsis."""
    text = _NOT_IN_XML.sub("", text)
    return text if len(text) <= LONGEST_IN_XLSX else text[: LONGEST_IN_XLSX - 1] + "…"


def _width(table: Table, column: int) -> int:
    seen = [as_text(row[column]) for row in table.rows[:500] if column < len(row)]
    longest = max((len(line) for text in (*seen, table.headings[column]) for line in text.split("\n")), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


def _sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 characters, without those a sheet’s name may not hold, and not twice."""
    tidy = _NOT_IN_A_NAME.sub(" ", _fit(name)).strip("' ")[:31].strip("' ") or "Sheet"
    found, number = tidy, 2
    while found.lower() in taken or found.lower() == "history":
        found, number = f"{tidy[:27]} {number}", number + 1
    taken.add(found.lower())
    return found


def _offer(sheet: Worksheet, column: int, choices: Sequence[str]) -> None:
    """Offer values in a column, where the file format can hold the list. Others may be typed all the same."""
    if choices and len(",".join(choices)) <= LONGEST_LIST and not any("," in choice for choice in choices):
        sheet.data_validation(1, column, 2000, column, {"validate": "list", "source": list(choices), "error_type": "warning"})
