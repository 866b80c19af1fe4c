"""Which kind of file this is, by its name and by its first bytes, and reading it."""

from __future__ import annotations

from governance.spreadsheets import delimited, workbook
from governance.spreadsheets.cells import MOST_BYTES, Sheet, SheetName, unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "In your spreadsheet program, save it as XLSX or CSV, then choose it."
OTHER_KINDS = {
    "xls": f"This is the older Excel format (XLS). {SAVE_AS}",
    "xlsm": "The file contains macros. Save it without them, as XLSX, then choose it.",
    "xltm": "The file contains macros. Save it without them, as XLSX, then choose it.",
    "xlsb": f"This is Excel’s binary format (XLSB). {SAVE_AS}",
    "ods": f"This is an OpenDocument spreadsheet (ODS). {SAVE_AS}",
    "numbers": f"This is a Numbers spreadsheet. {SAVE_AS}",
}


def sheets_of(data: bytes, *, filename: str) -> tuple[SheetName, ...]:
    """The sheets of a file in their order, hidden ones marked. Raises Unreadable."""
    if kind_of(data, filename) == "csv":
        return (SheetName(""),)
    return workbook.sheets_of(data)


def read_sheet(data: bytes, *, filename: str, sheet: str = "") -> Sheet:
    """One sheet of a file; the first that is not hidden when none is named. Raises Unreadable."""
    if kind_of(data, filename) == "csv":
        return delimited.read(data)
    return workbook.read(data, sheet)


def kind_of(data: bytes, filename: str) -> str:
    """`xlsx` or `csv`. Raises Unreadable where the file is neither, or is not what its name says."""
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    if not data:
        raise unreadable("empty", "The file is empty. Choose another.")
    if len(data) > MOST_BYTES:
        raise unreadable("too_large", f"The file must be {MOST_BYTES // 1024**2} MB or smaller.")
    if data.startswith(_OLE) and (_ENCRYPTED in data or ending in ("xlsx", "xlsm")):
        raise unreadable("protected", "The file is protected by a password. Save it without one, then choose it.")
    if ending in OTHER_KINDS:
        raise unreadable("kind", OTHER_KINDS[ending])
    if ending not in ("xlsx", "csv", "tsv", "txt"):
        raise unreadable("kind", "The file must be an Excel workbook (XLSX) or CSV.")
    if ending == "xlsx":
        if not data.startswith(_ZIP):
            raise unreadable("content", f"The file’s name says XLSX, but its content is something else. {SAVE_AS}")
        return "xlsx"
    if data.startswith((_ZIP, _OLE, b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"MZ")):
        raise unreadable("content", f"The file’s name says CSV, but its content is something else. {SAVE_AS}")
    return "csv"
