"""What stops a series from becoming a control chart, as sentences; and its numbers, exactly. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from governance.errors import Blocker
from governance.monitoring.spc_rules import Profile

Number = int | float | Decimal

FEWEST = 2
SHORTEST_BASELINE = 12
LARGEST = 10**15
PLACES = 100
"""Decimal places a Decimal may have: far more than any measure, few enough to add up."""
IMPROVEMENTS = ("increase", "decrease", "neutral")


def chart_blockers(
    values: Sequence[object],
    dates: Sequence[object],
    *,
    profile: str,
    improvement: str,
    target: object = None,
    rebase_on: Collection[object] = (),
    baseline: object = None,
) -> list[Blocker]:
    """Every reason why these cannot be charted; an empty list where they can.

    A missing month is left out by the caller: a moving range then runs between the values on either side.
    """
    found = [*_setting_blockers(profile, improvement, target, baseline)]
    if len(values) != len(dates):
        return [*found, _said("lengths", f"There are {len(values)} values and {len(dates)} dates. Give each value a date.")]
    wrong = [*_date_blockers(dates), *_value_blockers(values, dates)]
    if not wrong:
        wrong = [*_rebase_blockers(dates, rebase_on)]
    if len(values) < FEWEST:
        there = "there is none" if not values else "there is 1"
        wrong.append(_said("too_few", f"A control chart needs at least {FEWEST} values; {there}."))
    return [*found, *wrong]


def number_fault(value: object) -> str:
    """Why `value` cannot stand on a chart, to follow on its name (`is not a number`); empty where it can."""
    if value is None:
        return "is missing"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return "is not a number"
    if not Decimal(value).is_finite():
        return "is not a finite number"
    if abs(Decimal(value)) >= LARGEST:
        return "is too large: use thousands or millions"
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    if isinstance(exponent, int) and exponent < -PLACES:
        return f"has more than {PLACES} decimal places"
    return ""


def exact(value: Number) -> Fraction:
    """The number as it is written: 0.1 is one tenth, not the float nearest to it."""
    return Fraction(repr(float(value))) if isinstance(value, float) else Fraction(value)


def said_date(day: object) -> str:
    """`3 May 2027`."""
    return f"{day.day} {day:%B} {day.year}" if isinstance(day, dt.date) else str(day)


def _said(code: str, sentence: str) -> Blocker:
    return Blocker(f"chart.{code}", sentence)


def _setting_blockers(profile: str, improvement: str, target: object, baseline: object) -> Iterator[Blocker]:
    if profile not in list(Profile):
        yield _said("profile", f"There is no profile “{profile}”. Profiles: {', '.join(Profile)}.")
    if improvement not in IMPROVEMENTS:
        yield _said("improvement", f"Improvement cannot be “{improvement}”. Say one of: {', '.join(IMPROVEMENTS)}.")
    if target is not None and (fault := number_fault(target)):
        yield _said("target", f"The target {fault}.")
    if baseline is not None and (isinstance(baseline, bool) or not isinstance(baseline, int) or baseline < SHORTEST_BASELINE):
        yield _said("baseline", f"Limits can be fixed on {SHORTEST_BASELINE} values or more, not on {baseline}.")


def _date_blockers(dates: Sequence[object]) -> Iterator[Blocker]:
    for n, day in enumerate(dates, start=1):
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            yield _said("date", f"Date {n} is not a date.")
            return
    for before, after in pairwise(d for d in dates if isinstance(d, dt.date)):
        if before == after:
            yield _said("date_twice", f"{said_date(after)} is there twice. Give each date one value.")
        elif before > after:
            yield _said("order", f"{said_date(after)} stands after {said_date(before)}. Put the dates in order.")


def _value_blockers(values: Sequence[object], dates: Sequence[object]) -> Iterator[Blocker]:
    for value, day in zip(values, dates, strict=True):
        if fault := number_fault(value):
            rest = " Leave the date out." if value is None else ""
            yield _said("value", f"The value of {said_date(day)} {fault}.{rest}")


def _rebase_blockers(dates: Sequence[object], rebase_on: Collection[object]) -> Iterator[Blocker]:
    for day in rebase_on:
        if day not in dates:
            yield _said("rebase", f"Limits cannot start anew on {said_date(day)}: the chart has no value of that date.")
