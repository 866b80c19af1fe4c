"""A control chart (XmR) of one indicator: which points are more than chance, and whether the target can be met. Pure.

Source: NHS England Making Data Count; the R package NHSRplotthedots 0.2.2 (29 September 2025, MIT). The product's own
profile follows Making Data Count's tool; `spc_rules.Method` holds each difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from governance.errors import refuse_if
from governance.monitoring import spc_rules as rules
from governance.monitoring.spc_input import Number, chart_blockers, exact, said_date
from governance.monitoring.spc_rules import Profile, SpecialCause


class Improvement(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Variation(StrEnum):
    """What a point says: chance, better, worse, or changed where neither way is better."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"


class Assurance(StrEnum):
    """Whether the target will be met if nothing changes. None without a target, a better way or limits."""

    PASS = "pass"  # noqa: S105  no password
    FAIL = "fail"
    HIT_AND_MISS = "hit_and_miss"
    NONE = "none"


@dataclass(frozen=True)
class Point:
    """One value. Limits are None where its segment is too short for them. `segment` counts from 0."""

    date: dt.date
    value: Number
    mean: float
    lower: float | None
    upper: float | None
    special_cause: SpecialCause | None
    variation: Variation
    segment: int


@dataclass(frozen=True)
class Segment:
    """Points between two rebases. `trial` says that fewer than 13 stand behind its limits."""

    starts_on: dt.date
    ends_on: dt.date
    count: int
    mean: float
    lower: float | None
    upper: float | None
    moving_range: float | None

    @property
    def trial(self) -> bool:
        return self.count < rules.ENOUGH


@dataclass(frozen=True)
class Icon:
    """The variation icon: the last point's type, and H or L for the way the data moved; no letter for common cause."""

    variation: Variation
    letter: str


@dataclass(frozen=True)
class Chart:
    """All of one chart, with what it was asked for. `icon` is None until there are enough points for it."""

    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    icon: Icon | None
    assurance: Assurance
    note: str
    profile: Profile
    improvement: Improvement
    target: Number | None
    baseline: int | None

    @property
    def last(self) -> Point:
        return self.points[-1]


def control_chart(
    values: Sequence[Number],
    dates: Sequence[dt.date],
    *,
    profile: str = Profile.MAKING_DATA_COUNT,
    improvement: str,
    target: Number | None = None,
    rebase_on: Collection[dt.date] = (),
    baseline: int | None = None,
) -> Chart:
    """The chart of `values` at `dates`, which are in order and each there once.

    A date of `rebase_on` starts a segment with its own mean and limits; no rule and no moving range crosses it. `baseline`
    fixes each segment's limits on so many of its first values (12 or more). A missing month is left out, not given as
    None. Under `making_data_count` a segment of fewer than 13 points has no limits: only trend and shift are looked for
    in it, and it gives neither icon nor assurance.

    Raises Refused with every reason, from `chart_blockers`.
    """
    refuse_if(
        chart_blockers(
            values, dates, profile=profile, improvement=improvement, target=target, rebase_on=rebase_on, baseline=baseline
        )
    )
    way, method = Improvement(improvement), rules.METHODS[Profile(profile)]
    points: list[Point] = []
    segments: list[Segment] = []
    for start, end in _spans(dates, frozenset(rebase_on)):
        numbers = [exact(value) for value in values[start:end]]
        found = rules.limits(numbers, method, baseline=baseline)
        segment = _segment(dates[start:end], found)
        for n, met in enumerate(rules.causes(numbers, found, method)):
            cause = _named(met, way, method)
            points.append(
                Point(
                    date=dates[start + n],
                    value=values[start + n],
                    mean=segment.mean,
                    lower=segment.lower,
                    upper=segment.upper,
                    special_cause=cause,
                    variation=_variation(cause, way),
                    segment=len(segments),
                )
            )
        segments.append(segment)
    return Chart(
        points=tuple(points),
        segments=tuple(segments),
        icon=_icon(points[-1]),
        assurance=_assurance(found.at(rules.LIMIT), target, way),
        note=_note(segments, method),
        profile=Profile(profile),
        improvement=way,
        target=target,
        baseline=baseline,
    )


def _spans(dates: Sequence[dt.date], rebase_on: Collection[dt.date]) -> Iterator[tuple[int, int]]:
    starts = [0, *(n for n, day in enumerate(dates) if n and day in rebase_on)]
    return zip(starts, [*starts[1:], len(dates)], strict=True)


def _segment(dates: Sequence[dt.date], found: rules.Limits) -> Segment:
    lower, upper = found.at(rules.LIMIT) or (None, None)
    return Segment(
        starts_on=dates[0],
        ends_on=dates[-1],
        count=len(dates),
        mean=float(found.mean),
        lower=None if lower is None else float(lower),
        upper=None if upper is None else float(upper),
        moving_range=None if found.moving_range is None else float(found.moving_range),
    )


def _named(met: Sequence[SpecialCause], way: Improvement, method: rules.Method) -> SpecialCause | None:
    """The rule a point is named after: the first it meets, or the first improving one where improvement wins."""
    if method.improvement_wins:
        met = [cause for cause in met if _variation(cause, way) is Variation.IMPROVEMENT] or met
    return met[0] if met else None


def _variation(cause: SpecialCause | None, way: Improvement) -> Variation:
    if cause is None:
        return Variation.COMMON_CAUSE
    if way is Improvement.NEUTRAL:
        return Variation.NEUTRAL
    return Variation.IMPROVEMENT if cause.high == (way is Improvement.INCREASE) else Variation.CONCERN


def _icon(last: Point) -> Icon | None:
    if last.upper is None:
        return None
    letter = "" if last.special_cause is None else "H" if last.special_cause.high else "L"
    return Icon(last.variation, letter)


def _assurance(band: tuple[Fraction, Fraction] | None, target: Number | None, way: Improvement) -> Assurance:
    """Of the last segment's limits. A target on a limit may be hit and missed."""
    if band is None or target is None or way is Improvement.NEUTRAL:
        return Assurance.NONE
    aim, (lower, upper) = exact(target), band
    if lower <= aim <= upper:
        return Assurance.HIT_AND_MISS
    return Assurance.PASS if (aim < lower) == (way is Improvement.INCREASE) else Assurance.FAIL


def _note(segments: Sequence[Segment], method: rules.Method) -> str:
    """What a reader must know of short segments; empty where there are none."""
    short = [segment for segment in segments if segment.trial]
    if not short:
        return ""
    where = "" if len(segments) == 1 else f" from {said_date(short[-1].starts_on)}"
    there = f"{short[-1].count} value{'' if short[-1].count == 1 else 's'}{where}."
    if short[-1].upper is None:
        return f"{there} Limits and icons are shown from {max(method.shown_from, 2)}."
    return f"{there} Limits are on trial until there are {rules.ENOUGH}."
