"""“My queue”: everything that waits for one person’s signature, over all their organisations, oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from governance import clock
from governance.home import queries, turns, waiting
from governance.home.presenters import matters
from governance.home.presenters.everywhere import Duties, duties, everywhere
from governance.home.presenters.matters import RECORDS, Matter
from governance.home.presenters.words import short
from governance.home.turns import Before
from governance.permissions import Actor, Role
from governance.web.wording import long_date, plural

PAGE = 50
NEW = "New to you"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. `gone` and `expected` are working days; `expected` is 0 where policy says nothing."""

    tool: str
    organisation: str
    asked: str
    verb: str
    href: str
    since: str
    gone: int
    expected: int
    residual: int | None
    since_last: str
    said: str
    acting_for: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The page: its headline, the rows shown, where the next and the earlier ones are, and who acts for whom."""

    title: str
    lede: str
    caption: str
    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    given: tuple[str, ...]
    taken: tuple[str, ...]


def build(by: Actor, at: datetime, page: int = 1) -> Queue:
    """One page of the queue. The number of queries grows with the organisations a person acts in, not with the rows."""
    on = clock.london_date(at)
    actors, names = everywhere(by, at, matters.ROLES)
    duty = duties(by.person_id, on)
    found = matters.of_person(actors, duty, on)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    rows = _rows(shown, names, duty, by.person_id, on)
    return Queue(
        title=matters.title(len(found)), lede=_lede(found, on),
        caption=f"Over {plural(len(names), 'organisation')}, oldest first",
        rows=rows, total=len(found), page=page, pages=pages,
        given=tuple(_gives(each, names) for each in duty.given), taken=tuple(_takes(each, names) for each in duty.taken),
    )  # fmt: skip


def _rows(
    shown: Sequence[Matter], names: Mapping[int, str], duty: Duties, person_id: int | None, on: date
) -> tuple[Row, ...]:
    """The rows of one page, with what is asked for them alone: ratings, and what the person signed before."""
    residuals = queries.residuals({each.deployment_id for each in shown})
    packs = [each.pack for each in shown if each.pack is not None]
    before = turns.since_last([(item, line.turn.role) for item, line in packs], person_id)
    approved = {
        kind: waiting.approved_before(kind, person_id, {each.deployment_id for each in shown if each.kind == kind})
        for kind, _, _ in RECORDS
        if any(each.kind == kind for each in shown)
    }
    return tuple(
        Row(
            tool=each.tool, organisation=each.organisation or names.get(each.by.organisation_id or 0, ""),
            asked=each.asked, verb=each.verb, href=each.href, since=_day(each.since, on), gone=_gone(each, on),
            expected=each.expected, residual=residuals.get(each.deployment_id),
            since_last=_since_last(each, before, approved), said=each.said,
            acting_for=duty.acting_for(each.by, each.role, each.deployment_id),
        )
        for each in shown
    )  # fmt: skip


def _since_last(
    each: Matter, before: Mapping[tuple[int, Role], Before], approved: Mapping[str, Mapping[int, int]]
) -> str:
    if each.pack is None and not each.kind:
        return ""
    if each.pack is None:
        number = approved[each.kind].get(each.deployment_id)
        what = "version" if each.kind == waiting.LOG else "revision"
        return f"You approved {what} {number} before" if number else NEW
    earlier = before.get((each.pack[0].submission.id, each.role))
    if earlier is None:
        return NEW
    changed = f"{plural(earlier.changed, 'section')} changed" if earlier.changed else "No section changed"
    return f"{changed}, {earlier.unchanged} unchanged"


def _gone(each: Matter, on: date) -> int:
    if each.pack is not None:
        return each.pack[1].gone
    return clock.working_days_between(clock.london_date(each.since), on) if each.since else 0


def _day(since: datetime | None, on: date) -> str:
    return short(clock.london_date(since), on) if since else ""


def _lede(found: Sequence[Matter], on: date) -> str:
    if not found:
        return "You are told by notice as soon as something does."
    over = sum(0 < each.expected < _gone(each, on) for each in found)
    oldest = next((each.since for each in found if each.since), datetime.combine(on, time(), clock.LONDON))
    said = f"The oldest since {long_date(oldest)}."
    return f"{said} {over} {'waits' if over == 1 else 'wait'} longer than expected." if over else said


def _gives(each: Any, names: Mapping[int, str]) -> str:
    when = each.in_words.removeprefix(f"{each.giver}, ")
    return f"{each.taker} acts for you as {each.row.role.title} at {names.get(each.row.organisation_id, '')}, {when}."


def _takes(each: Any, names: Mapping[int, str]) -> str:
    when = each.in_words.removeprefix(f"{each.giver}, ")
    return f"You act for {each.giver} as {each.row.role.title} at {names.get(each.row.organisation_id, '')}, {when}."
