"""Periods of figures: when each begins, what it is called, and when its figure is due. Pure.

The days within which a figure is due are defaults of ours: no standard sets them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from governance.clock import add_months, add_working_days
from governance.web.wording import MONTHS, long_date, month

Pause = tuple[date, date | None]
"""From the day use stopped to the day it began again; None while it has not."""

WITHIN = {"daily": 2, "weekly": 5, "monthly": 10, "quarterly": 20}
"""Working days after the end of a period until its figure is due."""
WORDS = {"daily": "every day", "weekly": "every week", "monthly": "every month", "quarterly": "every quarter"}
MOST = 4000
"""Periods looked through at most: ten years of days."""

FIRST_YEAR, LAST_YEAR = 1990, 2100

_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]00:00(?::00)?)?", re.ASCII)
_BRITISH = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})", re.ASCII)
_NAMED = re.compile(r"(?:(\d{1,2}) )?([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)
_QUARTER = re.compile(r"(?:(\d{4})[ -]?Q([1-4])|Q([1-4])[ -]?(\d{4}))", re.ASCII | re.IGNORECASE)


def period_of(day: date, frequency: str) -> date:
    """The first day of the period that a day lies in. Weeks begin on Monday, quarters in January, April, July, October."""
    match frequency:
        case "daily":
            return day
        case "weekly":
            return day - timedelta(days=day.weekday())
        case "quarterly":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return day.replace(day=1)


def next_period(begins: date, frequency: str) -> date:
    """The first day of the period after the one that begins on a day."""
    if frequency in ("daily", "weekly"):
        return begins + timedelta(days=1 if frequency == "daily" else 7)
    return add_months(begins, 3 if frequency == "quarterly" else 1)


def ends_on(begins: date, frequency: str) -> date:
    """The last day of a period."""
    return next_period(begins, frequency) - timedelta(days=1)


def due_on(begins: date, frequency: str) -> date:
    """The last day on which a period's figure is in time."""
    return add_working_days(ends_on(begins, frequency), WITHIN[frequency])


def name(begins: date, frequency: str) -> str:
    """`October 2026`, `week of 5 October 2026`, `October to December 2026`, `5 October 2026`."""
    match frequency:
        case "daily":
            return long_date(begins)
        case "weekly":
            return f"week of {long_date(begins)}"
        case "quarterly":
            return f"{MONTHS[begins.month - 1]} to {month(ends_on(begins, frequency))}"
    return month(begins)


def read(text: str, frequency: str) -> date | None:
    """The period that a text names, by its first day; None where it names none.

    Taken: 2026-10, 2026-10-05, 10/2026, 05/10/2026, October 2026, Oct-2026, 5 October 2026, 2026 Q4. A month names no
    single day or week.
    """
    said = " ".join(text.split())
    if found := _QUARTER.fullmatch(said):
        year, number = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _date(year, str(3 * int(number) - 2), "1") if frequency == "quarterly" else None
    for pattern, order in ((_ISO, (1, 2, 3)), (_BRITISH, (3, 2, 1))):
        if found := pattern.fullmatch(said):
            year, numbered, day = (found[n] for n in order)
            return _period(year, numbered, day, frequency)
    if found := _NAMED.fullmatch(said):
        return _period(found[3], str(_month(found[2])), found[1], frequency)
    return None


def expected(
    *, first: date, frequency: str, until: date, ended_on: date | None = None, pauses: Sequence[Pause] = ()
) -> Iterator[date]:
    """Periods for which a figure is expected: those over by `until`, from the first on, with the tool in use throughout.

    `until` is a day; a period that ends on it is not over. After `ended_on` none is expected.
    """
    begins = first
    for _ in range(MOST):
        last = ends_on(begins, frequency)
        if last >= until or (ended_on is not None and last >= ended_on):
            return
        if not any(start <= last and (end is None or begins < end) for start, end in pauses):
            yield begins
        begins = next_period(begins, frequency)


def missing(wanted: Collection[date], there: Collection[date], *, frequency: str, on: date) -> tuple[date, ...]:
    """Periods whose figure is late on a day, oldest first."""
    return tuple(sorted(each for each in wanted if each not in there and due_on(each, frequency) < on))


def pauses(moves: Sequence[tuple[str, date]]) -> tuple[Pause, ...]:
    """When a deployment was not in use: from `suspend` to `resume`, and from `cease` on. Moves as (arrow, day), in order."""
    found: list[Pause] = []
    since: date | None = None
    for arrow, day in moves:
        if arrow in ("suspend", "cease"):
            since = since or day
        elif arrow == "resume" and since is not None:
            found.append((since, day))
            since = None
    return (*found, *([(since, None)] if since else ()))


def _period(year: str, numbered: str, day: str | None, frequency: str) -> date | None:
    if day is None and frequency in ("daily", "weekly"):
        return None
    found = _date(year, numbered, day or "1")
    return period_of(found, frequency) if found else None


def _date(year: str, numbered: str, day: str) -> date | None:
    try:
        found = date(int(year), int(numbered), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _month(text: str) -> int:
    names = [each.casefold() for each in MONTHS]
    said = text.casefold()
    return next((n for n, each in enumerate(names, 1) if said in (each, each[:3]) or (said, n) == ("sept", 9)), 0)
