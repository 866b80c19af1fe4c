"""Tables in the files people have: read from XLSX and CSV, written as both. Nothing in a file is run or evaluated.

`sheets_of` lists what a file holds and `read_sheet` reads one sheet of it, as `Row`s with the numbers that people see;
what cannot be read raises `Unreadable` with one sentence. `write_xlsx` and `write_csv` take `Table`s; what a spreadsheet
program would take for a formula stays text. No tables of the database.
"""

from governance.spreadsheets.cells import Cell, Row, Sheet, SheetName, Unreadable, as_text
from governance.spreadsheets.reading import read_sheet, sheets_of
from governance.spreadsheets.writing import Table, write_csv, write_xlsx

__all__ = [
    "Cell", "Row", "Sheet", "SheetName", "Table", "Unreadable", "as_text", "read_sheet", "sheets_of", "write_csv",
    "write_xlsx",
]  # fmt: skip
