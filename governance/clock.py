"""The one place that reads the time.

`now()` is called at the edge only: routes, commands and jobs. Below that, time is an argument. Days are days in London.
Tests and the demonstration world move time with `fixed`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The date in London now."""
    return london_date(now())


def london_date(at: datetime) -> date:
    """The date in London at a moment. `at` must be aware."""
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone has no date in London.")
    return at.astimezone(LONDON).date()


@contextmanager
def fixed(at: datetime | date) -> Iterator[datetime]:
    """Stop the clock at a moment, or at nine in the morning in London on a date. Nested uses restore the one before."""
    moment = at if isinstance(at, datetime) else datetime.combine(at, time(9), LONDON)
    if moment.tzinfo is None:
        raise ValueError("The clock can only be fixed at a moment with a time zone.")
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield moment.astimezone(UTC)
    finally:
        _fixed.reset(token)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays in England in one year, substitute days included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; nought when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def add_working_days(start: date, n: int) -> date:
    """The n-th working day after `start`. `n` of nought gives `start` itself, working day or not."""
    day = start
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def add_months(day: date, n: int) -> date:
    """The same day `n` calendar months on (or back, if negative), or the last day of that month if it is shorter."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + n, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))
