"""The AI lead’s view of an integrated care system, as tables for the page and for the spreadsheet alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for

from governance import spreadsheets
from governance.home import system_queries as queries
from governance.home.system_queries import Count, Place
from governance.lifecycle import Stage, Standing
from governance.permissions import Actor
from governance.register.models import Projection
from governance.spreadsheets import Table, write_xlsx
from governance.web.wording import long_date, plural

SOON = timedelta(days=90)
LATELY = timedelta(days=30)
IN_USE = (Standing.DECLARED, Standing.ASSURED, Standing.LAPSED, Standing.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Cell:
    """A count with the list it stands for; an empty address for none."""

    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation’s counts; the last line is the whole system’s."""

    name: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts by organisation: column headings, lines, and the sum of them."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    total: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One deployment in a list: what, where, its standing, and what is to be said of it."""

    tool: str
    href: str
    place: str
    use: str
    standing: Standing
    stage: str
    says: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """The whole page. Each list is cut at fifty; `more_…` says that there are others."""

    title: str
    lede: str
    without: int
    stages: Grid
    standings: Grid
    due: tuple[Item, ...]
    more_due: bool
    changes: tuple[Item, ...]
    more_changes: bool
    ceased: tuple[Item, ...]
    more_ceased: bool
    since: date


def build(by: Actor, on: date, since: date) -> System:
    """Everything on the page, in seven queries or so, however much there is."""
    places = queries.places(by, on)
    ids = [place.id for place in places]
    counts = queries.counts(ids)
    due, ceased, changed = queries.dated(ids, on + SOON), queries.ceased(ids), queries.changed(ids, since)
    having = {count.organisation_id for count in counts}
    shown = [place for place in places if place.id in having]
    title, lede = _headline(counts, len(shown))
    most = queries.LISTED
    return System(
        title=title,
        lede=lede,
        without=len(places) - len(shown),
        stages=by_stage(shown, counts),
        standings=by_standing(shown, counts),
        due=tuple(_item(each, *_due(each, on)) for each in due[:most]),
        more_due=len(due) > most,
        changes=tuple(_item(each, _change(each, since)) for each in changed[:most]),
        more_changes=len(changed) > most,
        ceased=tuple(_item(each, f"Ceased {long_date(each.standing_since)}") for each in ceased[:most]),
        more_ceased=len(ceased) > most,
        since=since,
    )


def by_stage(places: Sequence[Place], counts: Sequence[Count]) -> Grid:
    """What has not ceased, by stage."""
    live = [count for count in counts if count.standing is not Standing.CEASED]
    return _grid(places, live, [(stage, stage.label, {"stage": stage.value}) for stage in Stage], lambda count: count.stage)


def by_standing(places: Sequence[Place], counts: Sequence[Count]) -> Grid:
    """Everything, by standing, ceased ones last."""
    return _grid(places, counts, [(each, each.label, _asked(each)) for each in Standing], lambda count: count.standing)


def _grid(
    places: Sequence[Place],
    counts: Sequence[Count],
    columns: Sequence[tuple[Stage | Standing, str, dict[str, str]]],
    column_of: Callable[[Count], Stage | Standing],
) -> Grid:
    numbers: dict[tuple[int, Stage | Standing], int] = {}
    for count in counts:
        key = (count.organisation_id, column_of(count))
        numbers[key] = numbers.get(key, 0) + count.number
    lines = []
    for place in places:
        cells = []
        for column, _, asked in columns:
            number = numbers.get((place.id, column), 0)
            address: dict[str, Any] = {"organisation": place.code, **asked}
            cells.append(Cell(number, url_for("sharing.london", **address) if number else ""))
        lines.append(Line(place.name, url_for("sharing.london", organisation=place.code), tuple(cells)))
    total = tuple(sum(line.cells[n].number for line in lines) for n in range(len(columns)))
    return Grid(tuple(label for _, label, _ in columns), tuple(lines), total)


def _asked(standing: Standing) -> dict[str, str]:
    more = {"ceased": "1"} if standing is Standing.CEASED else {}
    return {"standing": standing.value, **more}


def _headline(counts: Sequence[Count], places: int) -> tuple[str, str]:
    standing = {each: sum(count.number for count in counts if count.standing is each) for each in Standing}
    live = sum(standing[each] for each in IN_USE)
    if not counts:
        return "No tool is on the register of this system yet", "It fills as organisations propose and declare tools."
    title = f"{plural(live, 'tool')} in use or on trial in {plural(places, 'organisation')}"
    said = [f"{standing[Standing.ASSURED]} assured", f"{standing[Standing.DECLARED]} declared and not yet assured"]
    said += [f"{standing[each]} {each.value}" for each in (Standing.LAPSED, Standing.SUSPENDED) if standing[each]]
    return title, f"{', '.join(said)}. {plural(standing[Standing.PROPOSED], 'more is', 'more are')} proposed."


def _item(each: Projection, says: str, late: bool = False) -> Item:
    return Item(
        tool=f"{each.tool_name} {each.version}",
        href=url_for("sharing.tool", reference=each.reference),
        place=each.organisation_name,
        use=each.use_case,
        standing=each.standing,
        stage=each.stage.label,
        says=says,
        late=late,
    )


def _due(each: Projection, on: date) -> tuple[str, bool]:
    """What is due of a deployment and whether it is overdue."""
    if each.decision_needed_by is not None:
        return f"Decision needed by {long_date(each.decision_needed_by)}", each.decision_needed_by < on
    assert each.approved_until is not None
    late = each.approved_until < on
    return f"Approval {'ended' if late else 'ends'} {long_date(each.approved_until)}", late


def _change(each: Projection, since: date) -> str:
    stage_on = each.stage_since if each.stage_since and each.stage_since >= since else None
    standing_on = each.standing_since if each.standing_since and each.standing_since >= since else None
    if stage_on and stage_on == standing_on:
        return f"At {each.stage.label} and {each.standing.value} since {long_date(stage_on)}"
    said = [f"{each.standing.label} since {long_date(standing_on)}"] if standing_on else []
    said += (
        [f"at {each.stage.label} since {long_date(stage_on)}" if said else f"At {each.stage.label} since {long_date(stage_on)}"]
        if stage_on
        else []
    )
    return ", ".join(said)


def workbook(by: Actor, on: date, since: date, made_at: datetime) -> bytes:
    """The same as a workbook, with every row: both tables, what is due, what changed, what ceased, and all there is."""
    places = queries.places(by, on)
    ids = [place.id for place in places]
    counts = queries.counts(ids)
    having = {count.organisation_id for count in counts}
    shown = [place for place in places if place.id in having]
    due = [(each, *_due(each, on)) for each in queries.dated(ids, on + SOON, None)]
    changed = [(each, _change(each, since), False) for each in queries.changed(ids, since, None)]
    ceased = [(each, f"Ceased {long_date(each.standing_since)}", False) for each in queries.ceased(ids, None)]
    tables = [
        _counted("Stage by organisation", by_stage(shown, counts)),
        _counted("Standing by organisation", by_standing(shown, counts)),
        _table("Overdue and expiring", due, with_late=True),
        _table(f"Changed since {since.isoformat()}", changed),
        _table("Ceased", ceased),
        _table("All tools", [(each, "", False) for each in queries.everything(ids)]),
    ]
    return write_xlsx(tables, title="AI in the integrated care system", made_at=made_at)


def _counted(name: str, grid: Grid) -> Table:
    rows: list[list[spreadsheets.Cell]] = [[line.name, *(cell.number for cell in line.cells)] for line in grid.lines]
    return Table(name, ("Organisation", *grid.headings), [*rows, ["All", *grid.total]])


def _table(name: str, found: Sequence[tuple[Projection, str, bool]], *, with_late: bool = False) -> Table:
    headings = (
        "Reference", "Organisation", "Tool", "Version", "Manufacturer", "Use", "Kind", "Tier", "Stage", "Stage since", "Standing",
        "Standing since", "Approved until", "Decision needed by", "Open conditions", "Open signals", "What is so",
    )  # fmt: skip
    rows = [
        [
            each.reference, each.organisation_name, each.tool_name, each.version, each.manufacturer_name, each.use_case,
            each.kind.replace("_", " ").capitalize(), (each.tier or "").capitalize(), each.stage.label, each.stage_since,
            each.standing.label, each.standing_since, each.approved_until, each.decision_needed_by, each.open_conditions,
            each.open_signals, f"Overdue: {says}" if with_late and late else says,
        ]
        for each, says, late in found
    ]  # fmt: skip
    return Table(name, headings, rows)
