"""What expires and where it is used, as the page and the workbook show it, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from governance.assessment.evidence import expiring_queries, places, presenters, queries, rules
from governance.assessment.evidence.expiring_queries import Narrowed
from governance.assessment.evidence.models import Evidence, EvidenceTask
from governance.assessment.evidence.presenters import Use
from governance.permissions import Actor
from governance.spreadsheets import Cell, Table, write_xlsx
from governance.web.wording import long_date, plural

MOST_ROWS = 5_000
Used = Mapping[int, Sequence[places.Place]]


@dataclass(frozen=True, slots=True)
class Item:
    """One item that expires: when, what it is, and where it is used."""

    id: int
    title: str
    href: str
    renew: str
    what: str
    expires: str
    left: str
    expired: bool
    renewed: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Items that expire in one span of days."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A yearly return that has lapsed: whose, since when, and what stands on it."""

    title: str
    since: str
    renew: str
    close: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Expiring:
    """The page. `counts`: how many items in each band, the whole list counted. `more` begins the next page."""

    heading: str
    counts: tuple[tuple[str, str], ...]
    tasks: tuple[Task, ...]
    bands: tuple[Band, ...]
    more: str
    before: bool


def build(by: Actor, narrowed: Narrowed, after: str) -> Expiring:
    """One page of what expires, the soonest first, from the actor's day."""
    start = _start(after)
    rows = expiring_queries.expiring(by, narrowed, after=start, limit=expiring_queries.PAGE + 1)
    shown = rows[: expiring_queries.PAGE]
    counted = expiring_queries.expiring_counts(by, narrowed)
    tasks = expiring_queries.open_tasks(by, narrowed)
    copies = expiring_queries.copies_of(tasks)
    used = places.live({row.id for row in shown} | {number for ids in copies.values() for number in ids})
    lines = _items(shown, used, by)
    groups: dict[str, list[Item]] = {}
    for row, line in zip(shown, lines, strict=True):
        assert row.expires_on is not None
        groups.setdefault(rules.band(row.expires_on, by.on), []).append(line)
    last = shown[-1] if len(rows) > expiring_queries.PAGE else None
    return Expiring(
        heading=_heading(counted),
        counts=tuple((title, f"{counted.get(title, 0):,}") for title in (rules.EXPIRED, *(band for band, _ in rules.BANDS))),
        tasks=_tasks(tasks, copies, used, by),
        bands=tuple(Band(title, tuple(items)) for title, items in groups.items()),
        more=f"{last.expires_on}.{last.id}" if last is not None else "",
        before=start is not None,
    )


def _heading(counted: dict[str, int]) -> str:
    over = counted.get(rules.EXPIRED, 0)
    soon = sum(counted.get(title, 0) for title, days in rules.BANDS if days is not None)
    if over:
        return f"{plural(over, 'item')} expired, {soon or 'none'} within 90 days"
    return f"{plural(soon, 'item')} {'expires' if soon == 1 else 'expire'} within 90 days"


def _items(rows: Sequence[Evidence], used: Used, by: Actor) -> list[Item]:
    newer = expiring_queries.renewals([row.id for row in rows])
    here, made = by.organisation_code, []
    for row in rows:
        assert row.expires_on is not None
        made.append(
            Item(
                id=row.id,
                title=row.title,
                href=url_for("evidence.item", organisation=here, evidence_id=row.id),
                renew="" if row.id in newer else url_for("evidence.renewing.renew", organisation=here, evidence_id=row.id),
                what=", ".join(part for part in (presenters.kind_label(row.kind), presenters.standard(row), row.issuer) if part),
                expires=long_date(row.expires_on),
                left=_left(row.expires_on, by.on),
                expired=rules.is_expired(row.expires_on, by.on),
                renewed="A newer one is attached." if row.id in newer else "",
                uses=presenters.uses(used[row.id], by, renewed=row.id in newer),
            )
        )
    return made


def _left(expires_on: date, on: date) -> str:
    days = (expires_on - on).days
    if days == 0:
        return "today"
    return f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"


def _tasks(rows: Sequence[EvidenceTask], copies: Mapping[int, list[int]], used: Used, by: Actor) -> tuple[Task, ...]:
    names = expiring_queries.supplier_names({row.supplier_id for row in rows})
    return tuple(
        Task(
            title=f"{presenters.kind_label(row.kind)} of {names[row.supplier_id]}",
            since=long_date(row.lapsed_on),
            renew=url_for("evidence.renewing.renew", organisation=by.organisation_code, evidence_id=row.lapsed_id),
            close=url_for("evidence.expiring.close", organisation=by.organisation_code, task_id=row.id),
            uses=presenters.uses([place for number in copies[row.id] for place in used[number]], by),
        )
        for row in rows
    )


def task_line(row: EvidenceTask, by: Actor) -> Task:
    """One task as its own page shows it."""
    copies = expiring_queries.copies_of([row])
    return _tasks([row], copies, places.live(copies[row.id]), by)[0]


def workbook(by: Actor, narrowed: Narrowed, made_at: datetime) -> bytes:
    """A row for each place where an item that expires is used, and one for each item that nothing uses."""
    rows = expiring_queries.expiring(by, narrowed, limit=MOST_ROWS)
    used = places.live([row.id for row in rows])
    covers, names = queries.covered(rows), expiring_queries.supplier_names({row.supplier_id for row in rows if row.supplier_id})
    cells: list[list[Cell]] = []
    for row in rows:
        assert row.expires_on is not None
        own: list[Cell] = [
            row.expires_on, rules.band(row.expires_on, by.on), row.title, presenters.kind_label(row.kind), row.standard,
            row.standard_version or "", row.issuer, row.issued_on, names.get(row.supplier_id or 0, ""),
            covers.get(row.tool_version_id or 0, ""), "Yes" if row.shareable else "No",
        ]  # fmt: skip
        for place in used[row.id]:
            cells.append([*own, place.tool, ", ".join(place.references), rules.SUBJECTS[place.kind], place.what, place.code])
        if not used[row.id]:
            cells.append([*own, "", "", "", "Nothing uses it", ""])
    headings = (
        "Expires on", "When", "Evidence", "Kind", "Standard", "Version of the standard", "Issued by", "Issued on",
        "Return of supplier", "Covers tool version", "Seen by partners", "Used for tool", "Where", "Supports", "What", "Question",
    )  # fmt: skip
    return write_xlsx([Table("Evidence that expires", headings, cells)], title="Evidence that expires", made_at=made_at)


def _start(after: str) -> tuple[date, int] | None:
    """Where a page begins: after a day and an item's number, as `more` said it."""
    day, _, number = after.rpartition(".")
    try:
        return (date.fromisoformat(day), int(number)) if number.isascii() and int(number) < 2**31 else None
    except ValueError:
        return None
