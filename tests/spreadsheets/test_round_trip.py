"""What is written is read back as it was, and never becomes a formula on the way."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.spreadsheets import Table, as_text, read_sheet, sheets_of, write_csv, write_xlsx

MADE = datetime(2026, 10, 1, 9, 30)

_letters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff\xa0")
_text = st.text(_letters, max_size=40).map(str.strip)
_formula_like = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "'", "'=", "''+", "＝"]), _text)
_lines = st.builds("{}\n{}".format, _text.filter(bool), _text.filter(bool))
_texts = st.one_of(_text, _formula_like, _lines, st.just("_x0041_"), st.just("=1+1"), st.just('a;b\tc,d|e"f'))
_numbers = st.one_of(st.integers(-(2**50), 2**50), st.booleans())
_days = st.dates(date(1900, 3, 1), date(2199, 12, 31))
_cells = st.one_of(_texts, _numbers, _days, st.none())


def _plain(value: object) -> object:
    """As it is read back: space at the ends goes, and an empty text is nothing."""
    text = value.strip("\0 \t\r\n\xa0\ufeff") if isinstance(value, str) else value
    return None if text == "" else text


def _without_empty_ends(rows: list[list[object]]) -> list[tuple[object, ...]]:
    found = []
    for row in rows:
        cells = [_plain(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        found += [tuple(cells)] if cells else []
    return found


@given(rows=st.lists(st.lists(_cells, min_size=1, max_size=5), max_size=8))
@settings(max_examples=120)
def test_a_workbook_gives_back_what_was_written(rows: list[list[object]]) -> None:
    data = write_xlsx([Table("Register", ("A", "B", "C", "D", "E"), rows)], title="A register", made_at=MADE)
    read = read_sheet(data, filename="register.xlsx")
    assert read.rows[0].cells == ("A", "B", "C", "D", "E")
    assert [row.cells for row in read.rows[1:]] == _without_empty_ends(rows)


@given(rows=st.lists(st.lists(_texts, min_size=5, max_size=5), max_size=8))
@settings(max_examples=120)
def test_a_csv_gives_back_what_was_written(rows: list[list[str]]) -> None:
    read = read_sheet(write_csv(Table("", ("A", "B", "C", "D", "E"), rows)), filename="register.csv")
    assert [row.cells for row in read.rows[1:]] == _without_empty_ends(rows)


@given(text=st.one_of(_formula_like, _texts))
def test_no_cell_of_a_csv_begins_like_a_formula(text: str) -> None:
    line = write_csv(Table("", ("A",), [[text]])).decode("utf-8-sig").split("\r\n", 1)[1]
    assert line.lstrip('"')[:1] not in tuple("=+-@\t＝＋－＠")


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://example.invalid","x")', "+44 20 7946 0000", "@SUM(A1)", "{=1}", "http://x.invalid"]
)
def test_a_workbook_holds_no_formula_and_no_link(text: str) -> None:
    data = write_xlsx([Table("Register", ("A",), [[text]])], title="A register", made_at=MADE)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert read_sheet(data, filename="x.xlsx").rows[1].cells == (text,)
    assert text.split('"')[0] in strings


def test_the_same_tables_give_the_same_bytes_and_the_headings_stay_in_view() -> None:
    table = Table("Register", ("A tool", "Since"), [["Scanwell", date(2026, 5, 3)]], {"A tool": ("Scanwell", "Other")})
    once, again = (write_xlsx([table], title="A register", made_at=MADE) for _ in range(2))
    assert once == again
    with zipfile.ZipFile(BytesIO(once)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet and "dataValidation " in sheet


def test_sheets_keep_their_names_as_far_as_a_workbook_can() -> None:
    tables = [Table(name, ("A",)) for name in ("In use: now/then", "in use  now then", "", "X" * 40, "History")]
    data = write_xlsx(tables, title="A register", made_at=MADE)
    assert [sheet.name for sheet in sheets_of(data, filename="x.xlsx")] == [
        "In use  now then", "in use  now then 2", "Sheet", "X" * 31, "History 2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (2.0, "2"), (2.3, "2.3"), (True, "Yes"), (None, ""), (date(2025, 3, 14), "14 March 2025"),
        (datetime(2025, 3, 14, 9, 5), "14 March 2025, 09:05"), (12, "12"), ("as it is", "as it is"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_people_write_it(value: object, read: str) -> None:
    assert as_text(value) == read
