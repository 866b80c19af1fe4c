"""Files as people save them are read; files that are broken, enormous or hostile get one sentence."""

import struct
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from governance.spreadsheets import Unreadable, cells, read_sheet, sheets_of, workbook

LINE = "Tool,Supplier,Since\r\nScanwell,Sightline Ltd,spring 2024\r\n"


def _book(*rows: tuple[object, ...], change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def _changed(data: bytes, **parts: bytes | None) -> bytes:
    """A workbook with parts of its archive replaced, added, or left out."""
    held = BytesIO()
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, content in named.items():
            if content is not None:
                new.writestr(name, content)
    return held.getvalue()


def _sheet(inner: str) -> bytes:
    return ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + inner + "</worksheet>").encode()


SHEET = "xl__worksheets__sheet1_dot_xml"


@pytest.mark.parametrize(
    "data",
    [
        LINE.encode(),
        LINE.encode("utf-8-sig"),
        LINE.replace(",", ";").encode(),
        LINE.replace(",", "\t").encode("utf-16"),
        LINE.replace(",", "|").replace("\r\n", "\n").encode(),
        LINE.replace("\r\n", "\r").encode(),
        b"sep=;\r\n" + LINE.replace(",", ";").encode(),
    ],
)
def test_a_csv_is_read_whatever_program_saved_it(data: bytes) -> None:
    read = read_sheet(data, filename="Register.CSV")
    assert [row.cells for row in read.rows] == [("Tool", "Supplier", "Since"), ("Scanwell", "Sightline Ltd", "spring 2024")]


def test_windows_text_quoted_lines_and_empty_rows_keep_their_places() -> None:
    text = 'Tool;Purpose\r\n\r\n"Lungline";"Reads – first;\r\na person checks"\r\n;;\r\nCafé;x\r\n'
    read = read_sheet(text.encode("cp1252"), filename="register.csv")
    assert [(row.number, row.cells) for row in read.rows] == [
        (1, ("Tool", "Purpose")), (3, ("Lungline", "Reads – first;\na person checks")), (5, ("Café", "x")),
    ]  # fmt: skip


def test_commas_inside_text_do_not_part_columns_that_semicolons_part() -> None:
    text = "Tool;Purpose\nScanwell;Reads X-rays, quickly, at night\nQueuewell;Sorts, ranks, sends\n"
    assert read_sheet(text.encode(), filename="a.csv").rows[1].cells == ("Scanwell", "Reads X-rays, quickly, at night")


def test_a_workbook_gives_days_numbers_and_stored_results_but_no_formula() -> None:
    data = _book(("Tool", "Version", "Since", "Sum"), ("Scanwell", 2.0, date(2025, 3, 14), "=1+1"))
    assert read_sheet(data, filename="r.xlsx").rows[1].cells == ("Scanwell", 2, date(2025, 3, 14))
    stored = '<sheetData><row r="1"><c r="A1"><f>WEBSERVICE("http://x.invalid")</f><v>7</v></c></row></sheetData>'
    assert read_sheet(_changed(data, **{SHEET: _sheet(stored)}), filename="r.xlsx").rows[0].cells == (7,)


def test_hidden_sheets_are_listed_and_the_first_shown_one_is_read() -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book.active.title = "Lists"
        book.active.sheet_state = "hidden"
        book.create_sheet("Register").append(("Tool", "Supplier"))

    data = _book(("a", "b"), change=hide)
    assert [(sheet.name, sheet.hidden) for sheet in sheets_of(data, filename="r.xlsx")] == [("Lists", True), ("Register", False)]
    assert read_sheet(data, filename="r.xlsx").name == "Register"
    assert read_sheet(data, filename="r.xlsx", sheet="Lists").rows[0].cells == ("a", "b")


def test_a_value_merged_over_rows_counts_for_each_of_them() -> None:
    def merge(book: openpyxl.Workbook) -> None:
        book.active.merge_cells("A2:A4")
        book.active.merge_cells("A6:C7")

    data = _book(
        ("Trust", "Tool"), ("A trust", "One"), (None, "Two"), (None, None), (None, "Four"), ("Notes", None), change=merge
    )
    assert [(row.number, row.cells) for row in read_sheet(data, filename="r.xlsx").rows] == [
        (1, ("Trust", "Tool")), (2, ("A trust", "One")), (3, ("A trust", "Two")), (5, (None, "Four")), (6, ("Notes",)),
    ]  # fmt: skip


def test_a_sheet_that_lies_about_its_size_or_starts_far_down_is_read_as_it_is() -> None:
    inner = '<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="B1048576" t="inlineStr"><is><t>low</t></is></c></row></sheetData>'
    read = read_sheet(_changed(_book(("x",)), **{SHEET: _sheet(inner)}), filename="r.xlsx")
    assert [(row.number, row.cells) for row in read.rows] == [(1_048_576, (None, "low"))]


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


def _with_flag(data: bytes) -> bytes:
    """The archive with every entry marked as encrypted."""
    out, at = bytearray(data), 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        out[at + 8 : at + 10] = struct.pack("<H", 1)
        at += 4
    return bytes(out)


def _bomb() -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            for _ in range(201):
                part.write(bytes(1024 * 1024))
    return held.getvalue()


def _lying_bomb() -> bytes:
    """An archive whose directory says that a large part is small."""
    data = bytearray(_changed(_book(("x",)), **{SHEET: _sheet("<sheetData>" + " " * 5_000_000 + "</sheetData>")}))
    at = data.find(b"PK\x01\x02", 0)
    while at >= 0:
        if data[at + 46 :].startswith(b"xl/worksheets/sheet1.xml"):
            data[at + 24 : at + 28] = struct.pack("<I", 10)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
)
OUTSIDE = LAUGHS.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')
MANY = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("filename", "make", "says"),
    [
        ("r.xlsx", lambda: b"", "The file is empty."),
        ("r.csv", lambda: b"\r\n,,\r\n", "The file is empty."),
        ("r.csv", lambda: b"a,b\r\n1,\x00\x00\r\n", "characters that are not text"),
        ("r.csv", lambda: "Tool,Supplier".encode("utf-16-le"), "characters that are not text"),
        ("r.csv", lambda: b"a,b\n\x81,\x8d\n", "cannot be read as text"),
        ("r.csv", lambda: b'a,b\n1,2\n"open,3\n4,5\n', "Row 3 cannot be read"),
        ("r.csv", lambda: b"a\n" + b"x" * 20_000, "more than 10,000 characters"),
        ("r.csv", lambda: b"a\n" + b"x" * 200_000, "longer than 10,000 characters"),
        ("r.csv", lambda: b"a,b\n" * 10_001, "more than 10,000 rows"),
        ("r.csv", lambda: b"a," * 300 + b"b\n", "more than 200 columns"),
        ("r.csv", lambda: _book(("x",)), "name says CSV"),
        ("r.csv", lambda: b"%PDF-1.7", "name says CSV"),
        ("r.csv", lambda: bytes(21 * 1024 * 1024), "20 MB or smaller"),
        ("r.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "older Excel format"),
        ("r.xls", lambda: b"<html><table>", "older Excel format"),
        ("r.xlsm", lambda: _book(("x",)), "contains macros"),
        ("r.ods", lambda: b"PK\x03\x04", "OpenDocument"),
        ("r.docx", lambda: _book(("x",)), "must be an Excel workbook (XLSX) or CSV"),
        ("register", lambda: b"a,b", "must be an Excel workbook (XLSX) or CSV"),
        ("r.xlsx", lambda: b"Tool,Supplier\n", "name says XLSX"),
        ("r.xlsx", _encrypted, "protected by a password"),
        ("r.xlsx", lambda: _with_flag(_book(("x",))), "protected by a password"),
        ("r.xlsx", lambda: _changed(_book(("x",)), xl__vbaProject_dot_bin=b"x"), "contains macros"),
        ("r.xlsx", lambda: _book(("x",))[:-200], "not complete"),
        ("r.xlsx", lambda: _changed(_book(("x",)), xl__workbook_dot_xml=None), "damaged"),
        ("r.xlsx", lambda: _changed(_book(("x",)), xl__workbook_dot_xml=b"<nonsense"), "damaged"),
        ("r.xlsx", lambda: _changed(_book(("x",)), **{SHEET: b"<nonsense"}), "damaged"),
        ("r.xlsx", lambda: _changed(_book(("x",)), **{SHEET: LAUGHS}), "damaged"),
        ("r.xlsx", lambda: _changed(_book(("x",)), **{SHEET: OUTSIDE}), "damaged"),
        ("r.xlsx", _lying_bomb, "damaged"),
        ("r.xlsx", _bomb, "unpacks to more than we can take"),
        ("r.xlsx", lambda: _book(), "is empty"),
        ("r.xlsx", lambda: _changed(_book(("x",)), **{SHEET: _sheet("<sheetData>" + "".join(MANY.format(n) for n in range(1, 10_003)) + "</sheetData>")}), "more than 10,000 rows"),
        ("r.xlsx", lambda: _changed(_book(("x",)), **{SHEET: _sheet('<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>')}), "more than 200 columns"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_gets_one_sentence(filename: str, make: Callable[[], bytes], says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_sheet(make(), filename=filename)
    assert len(refused.value.sentences) == 1
    assert says in refused.value.sentences[0]


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(Unreadable, match="no sheet “Other”"):
        read_sheet(_book(("x",)), filename="r.xlsx", sheet="Other")


def test_a_sheet_with_thousands_of_merged_cells_is_refused() -> None:
    merged = "".join(f'<mergeCell ref="A{n}:A{n + 1}"/>' for n in range(1, 2 * workbook.MOST_MERGED + 4, 2))
    inner = f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>{merged}</mergeCells>'
    with pytest.raises(Unreadable, match="Unmerge"):
        read_sheet(_changed(_book(("x",)), **{SHEET: _sheet(inner)}), filename="r.xlsx")


def test_what_is_taken_at_most_is_taken() -> None:
    data = ("Tool,Supplier\n" + "Scanwell,Sightline\n" * (cells.MOST_ROWS - 1)).encode()
    assert len(read_sheet(data, filename="r.csv").rows) == cells.MOST_ROWS
