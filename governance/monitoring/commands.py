"""`flask spc FILE.csv`: what the control chart rules see in a series of figures."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from governance.errors import GovernanceError, Refused
from governance.monitoring import spc
from governance.monitoring.spc_input import number_fault
from governance.monitoring.spc_rules import Profile

LARGEST = 2 * 1024 * 1024
MICRO = 0.000_1


class SeriesFault(GovernanceError):
    """What is wrong with a file of figures, in one sentence with the row, the header being row 1."""


def _option(read: Callable[[str], Any]) -> Callable[..., Any]:
    """Reads an option, given once or several times, and refuses it by name."""

    def callback(_context: click.Context, _option: click.Parameter, said: str | tuple[str, ...] | None) -> Any:
        try:
            if isinstance(said, tuple):
                return [read(each) for each in said]
            return None if said is None else read(said)
        except SeriesFault as fault:
            raise click.BadParameter(str(fault)) from fault

    return callback


def _date(said: str) -> dt.date:
    for written in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(said, written).date()
        except ValueError:
            continue
    missing = f"“{said[:40]}” is not a date" if said else "There is no date"
    raise SeriesFault(f"{missing}. Write it as 2027-05-03.")


def _number(said: str) -> Decimal:
    if not said:
        raise SeriesFault("There is no value. Leave the row out where a figure is missing.")
    try:
        value = Decimal(said)
    except InvalidOperation as error:
        raise SeriesFault(f"“{said[:40]}” is not a number. Write it as 1234.5.") from error
    if fault := number_fault(value):
        raise SeriesFault(f"“{said[:40]}” {fault}.")
    return value


@click.command("spc")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--profile",
    type=click.Choice([each.value for each in Profile]),
    default=Profile.MAKING_DATA_COUNT.value,
    show_default=True,
    help="Whose reading of the rules.",
)
@click.option(
    "--improvement", required=True, type=click.Choice([each.value for each in spc.Improvement]), help="Which way is better."
)
@click.option("--target", callback=_option(_number), help="The figure to reach.")
@click.option(
    "--rebase",
    "rebase_on",
    multiple=True,
    metavar="DATE",
    callback=_option(_date),
    help="A date from which limits start anew.",
)
@click.option("--baseline", type=int, metavar="N", help="Fix the limits on the first N values, 12 or more.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def spc_command(
    file: Path,
    profile: str,
    improvement: str,
    target: Decimal | None,
    rebase_on: list[dt.date],
    baseline: int | None,
    as_json: bool,
) -> None:
    """Print mean, limits and special causes of the series in FILE, a CSV file with the header date,value.

    Dates are written 2027-05-03 or 03/05/2027, oldest first.
    """
    try:
        dates, values = read_series(file)
        chart = spc.control_chart(
            values,
            dates,
            profile=profile,
            improvement=improvement,
            target=target,
            rebase_on=rebase_on,
            baseline=baseline,
        )
    except (Refused, SeriesFault) as fault:
        click.echo(f"{file.name}: {fault.sentences[0]}", err=True)
        sys.exit(1)
    click.echo(_as_json(chart) if as_json else _as_text(chart))


def read_series(file: Path) -> tuple[list[dt.date], list[Decimal]]:
    """(dates, values) of a CSV file. Empty rows are passed over; further columns are not read.

    Raises SeriesFault for the first row that cannot be charted.
    """
    with file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SeriesFault("The file is larger than 2 MB. Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SeriesFault("The file is not UTF-8 text. Save it as CSV UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return _series(reader)
    except csv.Error as error:
        raise SeriesFault(f"Row {reader.line_num}: This is not CSV: {error}.") from error


def _series(reader: Any) -> tuple[list[dt.date], list[Decimal]]:
    header = [name.strip().lower() for name in next(reader, [])]
    if {"date", "value"} - set(header):
        raise SeriesFault("Row 1: The header must name the columns date and value.")
    dates: list[dt.date] = []
    values: list[Decimal] = []
    for row, day, said in _rows(reader, header.index("date"), header.index("value")):
        try:
            on, value = _date(day), _number(said)
        except SeriesFault as fault:
            raise SeriesFault(f"Row {row}: {fault}") from fault
        if dates and on <= dates[-1]:
            why = "is there twice" if on in dates else "is earlier than the row before it"
            raise SeriesFault(f"Row {row}: {day} {why}. Give each date once, oldest first.")
        dates.append(on)
        values.append(value)
    return dates, values


def _rows(reader: Any, date_at: int, value_at: int) -> Iterator[tuple[int, str, str]]:
    for cells in reader:
        if any(cell.strip() for cell in cells):
            padded = [*(cell.strip() for cell in cells), *[""] * (max(date_at, value_at) + 1)]
            yield reader.line_num, padded[date_at], padded[value_at]


def _as_json(chart: spc.Chart) -> str:
    return json.dumps(asdict(chart), default=_plain, ensure_ascii=False, indent=2, allow_nan=False)


def _plain(value: object) -> str | int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _as_text(chart: spc.Chart) -> str:
    lines = [f"Profile {chart.profile}, improvement is {chart.improvement}, {len(chart.points)} values"]
    if chart.icon:
        letter = {"H": ", high", "L": ", low"}.get(chart.icon.letter, "")
        lines.append(f"Variation: {chart.icon.variation.replace('_', ' ')}{letter}")
    lines.append(f"Assurance: {chart.assurance.replace('_', ' ')}")
    lines += [chart.note] if chart.note else []
    lines += ["", f"{'date':<10}  {'value':>14}  {'mean':>14}  {'lower':>14}  {'upper':>14}  what the rules see"]
    for n, point in enumerate(chart.points):
        if n and point.segment != chart.points[n - 1].segment:
            lines.append(f"{point.date}  limits start anew")
        figures = "  ".join(f"{_figure(each):>14}" for each in (point.value, point.mean, point.lower, point.upper))
        seen = point.special_cause and f"{point.variation}: {point.special_cause.words}"
        lines.append(f"{point.date}  {figures}  {seen or ''}".rstrip())
    return "\n".join(lines)


def _figure(number: spc.Number | None) -> str:
    """Six places at most; a number too small for them keeps six figures."""
    if number is None:
        return ""
    if 0 < abs(float(number)) < MICRO:
        return f"{float(number):.6g}"
    return f"{number:,.6f}".rstrip("0").rstrip(".")
