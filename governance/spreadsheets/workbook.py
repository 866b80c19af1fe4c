"""Reading XLSX with openpyxl: values only, row by row. A formula gives the value last stored with it, or nothing.

The file is a ZIP archive of XML. It is looked into first, so that one which unpacks to more than is taken, or holds
macros, is never parsed; defusedxml, which openpyxl uses where it is installed, refuses entities. The size a sheet states
of itself is not believed. A value merged over several rows counts for each of them.
"""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from typing import Any

from governance.spreadsheets.cells import (
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_SHEETS,
    MOST_UNPACKED,
    Sheet,
    SheetName,
    Unreadable,
    gathered,
    unreadable,
)

_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref=["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["']""")
_CHUNK = 1024 * 1024
MOST_MERGED = 5000


def sheets_of(data: bytes) -> tuple[SheetName, ...]:
    """The sheets with cells, in their order. Raises Unreadable."""
    with _opened(data) as book:
        found = tuple(SheetName(sheet.title, sheet.sheet_state != "visible") for sheet in book.worksheets)
    if not found:
        raise unreadable("empty", "The workbook has no sheet with cells. Choose another.")
    if len(found) > MOST_SHEETS:
        raise unreadable("sheets", f"The workbook has more than {MOST_SHEETS} sheets. Remove those not needed.")
    return found


def read(data: bytes, name: str) -> Sheet:
    """One sheet by its name; without a name the first that is not hidden. Raises Unreadable."""
    with _opened(data) as book:
        named = {sheet.title: sheet for sheet in book.worksheets}
        if not named:
            raise unreadable("empty", "The workbook has no sheet with cells. Choose another.")
        if name and name not in named:
            raise unreadable("sheet", f"The workbook has no sheet “{name}”.")
        shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        name = name or next(iter(shown or named))
        sheet = named[name]
        sheet.reset_dimensions()
        return gathered(name, _filled(_rows(sheet), _merged(sheet)))


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    import openpyxl  # half a second to import, and only reading a workbook needs it

    _look_inside(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that do not matter here: styles, validation, dates out of range
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            with closing(book):
                yield book
    except Unreadable:
        raise
    except Exception as fault:  # a damaged or hostile file fails anywhere in the parser, with whatever it met
        raise unreadable(
            "damaged", "The workbook cannot be read: it is damaged or not a true XLSX. Save it again, then choose it."
        ) from fault


def _look_inside(data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, struct.error, zlib.error, NotImplementedError, ValueError, OSError, EOFError, KeyError):
        raise unreadable("damaged", "The workbook is not complete. Save or download it again, then choose it.") from None
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable("protected", "The file is protected by a password. Save it without one, then choose it.")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise unreadable("macros", "The file contains macros. Save it without them, as XLSX, then choose it.")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise unreadable("content", "The file’s name says XLSX, but its content is something else. Choose another.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise unreadable("unpacks", "The file unpacks to more than we can take. Remove what is not needed and save it again.")


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield number, [_unescaped(value) if isinstance(value, str) else value for value in row]


def _unescaped(text: str) -> str:
    """XLSX writes a character that XML cannot hold as `_x000D_`. None of them is kept but tab and new line."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: _character(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _character(code: int) -> str:
    return chr(code) if code in (9, 10, 13) else ""


def _merged(sheet: Any) -> list[tuple[int, int, int]]:
    """(column from 0, first row, last row) of values merged over several rows. They are listed after the cells."""
    from openpyxl.utils.cell import range_boundaries

    found: list[tuple[int, int, int]] = []
    with sheet._get_source() as source:  # the read-only sheet leaves merged cells out; this is its own way to its part
        held = b""
        while chunk := source.read(_CHUNK):
            held = held[-200:] + chunk
            for match in _MERGED.finditer(held):
                left, top, _, bottom = range_boundaries(match[1].decode())
                if bottom > top and left <= MOST_COLUMNS:
                    found.append((left - 1, top, bottom))
            if len(found) > MOST_MERGED:
                raise unreadable("merged", "The sheet has too many merged cells. Unmerge them, then choose it.")
    return sorted(set(found), key=lambda each: each[1])


def _filled(rows: Iterator[tuple[int, list[Any]]], merged: list[tuple[int, int, int]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows, each value that is merged downwards set in all rows it spans. A row that holds nothing else stays empty."""
    waiting, running = merged[::-1], {}
    for number, cells in rows:
        while waiting and waiting[-1][1] == number:
            column, _, last = waiting.pop()
            running[column] = (last, cells[column] if column < len(cells) else None)
        if any(value is not None for value in cells):
            for column, (last, value) in running.items():
                if last >= number and value is not None:
                    cells += [None] * (column + 1 - len(cells))
                    cells[column] = value
        yield number, cells
