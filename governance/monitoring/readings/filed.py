"""Figures in a file: each row read and judged, so that all are entered or none, with an account of every row. Pure.

Columns are period, indicator (its number or name), value and note, in any order, named in the first row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from governance.monitoring.readings import periods, rules
from governance.monitoring.readings.rules import Entry, Measured
from governance.spreadsheets import Cell, Row, Sheet, as_text

COLUMNS: dict[str, tuple[str, ...]] = {
    "period": ("period", "month", "week", "quarter", "day", "date"),
    "indicator": ("indicator", "number", "indicator number", "name", "indicator name"),
    "value": ("value", "figure"),
    "note": ("note", "notes", "reason"),
}
HEADINGS = ("Period", "Indicator", "Value", "Note")
MOST = 5000
FIRST_ROW = "The first row must name the columns: period, indicator, value and, where there are any, note."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: what it says, and what becomes of it (`said`); `fault` keeps all rows out."""

    number: int
    period: str
    indicator: str
    value: str
    note: str
    said: str
    fault: bool
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What became of each row. `problem` is set where the file as a whole cannot be read so."""

    lines: tuple[Line, ...]
    problem: str = ""

    @property
    def faults(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.fault)

    @property
    def entries(self) -> list[Entry]:
        return [line.entry for line in self.lines if line.entry is not None and not line.fault]

    @property
    def rows(self) -> dict[tuple[int, date], int]:
        """The row of each figure, by indicator number and period."""
        return {(line.entry.number, line.entry.period_on): line.number for line in self.lines if line.entry is not None}


def account(
    sheet: Sheet, indicators: Sequence[Measured], held: Mapping[tuple[int, date], Decimal], *, on: date
) -> Account:
    """Every row of a sheet read and judged against the indicators of a deployment and the figures it holds."""
    first, *rest = sheet.rows
    columns = _columns(first)
    if columns is None:
        return Account((), FIRST_ROW)
    if not rest:
        return Account((), "The file has no figures below its first row.")
    if len(rest) > MOST:
        return Account((), f"The file has more than {MOST:,} rows. Split it, then bring in each part.")
    lines: list[Line] = []
    rows: dict[tuple[int, date], int] = {}
    for row in rest:
        line = _line(row, columns, indicators, held, on)
        if line.entry is not None:
            key = (line.entry.number, line.entry.period_on)
            if key in rows and not line.fault:
                line = _faulty(line, f"the same figure stands in row {rows[key]} too")
            rows.setdefault(key, row.number)
        lines.append(line)
    return Account(tuple(lines))


def _columns(row: Row) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        said = " ".join(as_text(cell).casefold().split())
        code = next((code for code, words in COLUMNS.items() if said in words and code not in found), None)
        if code is not None:
            found[code] = column
    return found if {"period", "indicator", "value"} <= found.keys() else None


def _line(
    row: Row, columns: Mapping[str, int], indicators: Sequence[Measured], held: Mapping[tuple[int, date], Decimal], on: date
) -> Line:
    cells = {code: row.cell(column) for code, column in columns.items()}
    said: dict[str, Any] = {code: _shortened(as_text(cells.get(code))) for code in COLUMNS}
    line = Line(number=row.number, **said, said="", fault=False)
    indicator, fault = _indicator(said["indicator"], indicators)
    if indicator is None:
        return _faulty(line, fault)
    period = _period(cells["period"], indicator.frequency)
    if period is None:
        known = {"daily": "a day, like 2026-10-05", "weekly": "a day of its week, like 2026-10-05"}
        wanted = known.get(indicator.frequency, "a month, like 2026-10 or October 2026")
        return _faulty(line, f"the period must be {wanted}")
    value, wrong = rules.read_value(_number(cells["value"]))
    if value is None:
        return _faulty(line, f"the value {wrong}")
    entry = Entry(indicator.number, period, value, " ".join(as_text(cells.get("note")).split()))
    return _judged(line, entry, indicator, held.get((indicator.number, period)), on)


def _judged(line: Line, entry: Entry, indicator: Measured, there: Decimal | None, on: date) -> Line:
    blockers = rules.entry_blockers(entry, indicator, there=there, on=on)
    period = periods.name(entry.period_on, indicator.frequency)
    shown = replace(
        line, period=period[0].upper() + period[1:], indicator=f"{indicator.number}. {indicator.name}",
        value=rules.written(entry.value), entry=entry,
    )  # fmt: skip
    if blockers:
        return _faulty(shown, " ".join(each.sentence.partition(": ")[2] for each in blockers))
    if there is None or there == entry.value:
        return replace(shown, said="Entered" if there is None else "Held already")
    return replace(shown, said=f"Corrects {rules.written(there)}")


def _faulty(line: Line, said: str) -> Line:
    text = said[:1].upper() + said[1:]
    return replace(line, said=text if text.endswith(".") else f"{text}.", fault=True)


def _indicator(said: str, indicators: Sequence[Measured]) -> tuple[Measured | None, str]:
    """The indicator that a cell names: `2`, its name, or `2. Name` as the template has it."""
    if not said:
        return None, "the indicator is empty"
    plain = " ".join(said.casefold().split())
    for each in indicators:
        name = " ".join(each.name.casefold().split())
        if plain in (str(each.number), name, f"{each.number}. {name}"):
            return each, ""
    return None, f"no indicator here is called “{said}”"


def _period(cell: Cell, frequency: str) -> date | None:
    if isinstance(cell, date):
        return periods.read(f"{cell:%Y-%m-%d}", frequency)
    return periods.read(as_text(cell), frequency)


def _number(cell: Cell) -> str:
    """A number of a spreadsheet as it shows there, to 15 figures; what is text stays as it is."""
    if isinstance(cell, float):
        return f"{Decimal(f'{cell:.15g}'):f}" if abs(cell) < 1e15 else repr(cell)
    return as_text(cell)


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
