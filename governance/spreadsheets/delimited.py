"""Reading CSV: what it is written in, what parts its cells, and each record as a row.

Text is UTF-8 (with or without a byte order mark), UTF-16 with one, or Windows-1252, tried in this order. Cells are parted
by commas, semicolons, tabs or upright strokes: whichever gives the first records most columns alike. All cells are text.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from governance.spreadsheets.cells import LONGEST_CELL, Sheet, gathered, unreadable

SEPARATORS = (",", ";", "\t", "|")
LOOKED_AT = 50
_SAID = re.compile(r"\ufeff?sep=([,;\t|])\r?\n", re.IGNORECASE)
_NEUTRALISED = re.compile(r"'+\s*[=+\-@\t\r\n＝＋－＠]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read(data: bytes) -> Sheet:
    """The one sheet of a CSV file. Rows are counted by record, as a spreadsheet program does. Raises Unreadable."""
    text = _text(data)
    said = _SAID.match(text)
    text = text[said.end() :] if said else text
    separator = said[1] if said else _separator(text)
    return gathered("", ((number, [_as_typed(cell) for cell in cells]) for number, cells in _records(text, separator)))


def _text(data: bytes) -> str:
    try:
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16") if wide else _eight_bit(data)
    except UnicodeDecodeError:
        raise unreadable("encoding", "The CSV cannot be read as text. Save it again as “CSV UTF-8”.") from None
    if _NOT_TEXT.search(text):
        raise unreadable("content", "The CSV holds characters that are not text. Save it again as “CSV UTF-8”.")
    return text


def _eight_bit(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _separator(text: str) -> str:
    """The one that gives all records the same number of columns, the more the better; else most records; else a comma.

    Cells of several lines hold other separators: read by one of those, they fall into many short records that look alike.
    """

    def alike(separator: str) -> tuple[int, int, int]:
        lengths = [len(cells) for cells in _first_records(text, separator) if cells]
        counts = Counter(length for length in lengths if length > 1)
        columns, times = counts.most_common(1)[0] if counts else (0, 0)
        return columns if times == len(lengths) else 0, times, columns

    return max(SEPARATORS, key=alike)


def _first_records(text: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        found.extend(islice(csv.reader(StringIO(text, newline=""), delimiter=separator), LOOKED_AT))
    except csv.Error:
        return []
    return found


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True), start=1):
            yield number, cells
    except csv.Error:
        raise unreadable(
            "quotes",
            f"Row {number + 1} cannot be read: a quotation mark is not closed, or a cell is longer than "
            f"{LONGEST_CELL:,} characters. Correct it, or save the file as XLSX.",
        ) from None


def _as_typed(cell: str) -> str:
    """The text without the apostrophe set before it so that no program takes it for a formula, and with single line ends."""
    cell = cell[1:] if _NEUTRALISED.match(cell) else cell
    return cell.replace("\r\n", "\n").replace("\r", "\n")
