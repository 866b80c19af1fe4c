"""What the rules see in figures, by when somebody looks, and who may close a signal. Pure.

A figure is judged by what the chart showed when it was the newest: later figures move the limits and do not reopen what is
past. So the same figures give the same signals, in whatever order they are entered. A run that goes on is one signal.
Source: Making Data Count (standards.md 9); our policy, "Time": red within 4 hours, amber within 2 working days (third
party). That a red one is closed by the safety officer or the SRO, and by nobody about a figure of their own, is our default.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from governance import clock
from governance.errors import Blocker
from governance.monitoring.readings import periods, rules
from governance.monitoring.spc import Chart, Point, Variation
from governance.monitoring.spc_rules import SpecialCause
from governance.permissions import Role
from governance.web.wording import long_date, starting_small

RECENT = {"daily": 31, "weekly": 13, "monthly": 6, "quarterly": 4}
"""How many periods back a special cause is still news: history brought in later opens none."""
RED_WITHIN, AMBER_WITHIN, DAY_ENDS = timedelta(hours=4), 2, time(17)
CLOSES_RED = (Role.CSO, Role.SRO)
OUTSIDE = (SpecialCause.ABOVE_LIMIT, SpecialCause.BELOW_LIMIT)
NEAR = (SpecialCause.TWO_ABOVE, SpecialCause.TWO_BELOW)
Figures = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True, slots=True)
class Watched:
    """What the rules need to know of an indicator."""

    name: str
    unit: str
    direction: str
    frequency: str
    profile: str
    target: Decimal | None
    limit_low: Decimal | None
    limit_high: Decimal | None
    first_period_on: date


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing seen: its kind (breach or special_cause), red or amber, the period, and what to say of it."""

    kind: str
    level: str
    period_on: date
    sentence: str


def seen(watched: Watched, figures: Figures, rebase_on: Collection[date], *, since: date, on: date) -> list[Sight]:
    """What there is to see in the figures from the period `since` on, oldest first. Figures are in order of period.

    Nothing is seen before the first period for which a figure is expected; a special cause only in the latest periods. A
    figure beyond its limit that is outside what chance explains too is one signal: its limit was set by people.
    """
    first = max(since, watched.first_period_on)
    found: list[Sight] = []
    for n, (period, value) in enumerate(figures):
        if period < first:
            continue
        beyond = _beyond(watched, period, value)
        if beyond:
            found.append(Sight("breach", "red", period, beyond))
        if is_news(watched, period, on) and (cause := _new_cause(watched, figures, n, rebase_on, on)):
            point, named = cause
            if beyond and named in OUTSIDE:
                continue
            level = "red" if named in OUTSIDE else "amber"
            found.append(Sight("special_cause", level, period, _unusual(watched, period, value, named, point)))
    return found


def missing_sentence(name: str, frequency: str, period: date) -> str:
    """What a signal about a figure that did not come says."""
    due = long_date(periods.due_on(period, frequency))
    return f"No figure for {starting_small(name)} has come for {_when(period, frequency)}. It was due by {due}."


def look_by(level: str, at: datetime) -> datetime:
    """When somebody must have looked: red 4 hours on, amber at 17:00 of the second working day."""
    if level == "red":
        return at + RED_WITHIN
    day = clock.add_working_days(clock.london_date(at), AMBER_WITHIN)
    return datetime.combine(day, DAY_ENDS, clock.LONDON)


def owner_of(wanted: str, held: Collection[Role]) -> Role:
    """Whose turn a signal is: the indicator's role; the SRO where nobody holds it."""
    return Role(wanted) if Role(wanted) in held else Role.SRO


def take_up_blockers(status: str) -> list[Blocker]:
    """Why a signal cannot be taken up."""
    if status == "open":
        return []
    return [Blocker("status", "Somebody has taken it up already." if status == "taken_up" else "It is closed.")]


def close_blockers(
    *, level: str, kind: str, status: str, found: str, held: Collection[Role], entered_it: bool
) -> list[Blocker]:
    """Why a signal cannot be closed by this person. `entered_it`: the figure it is about is one they entered."""
    blockers = []
    if status == "closed":
        blockers.append(Blocker("status", "It is closed already."))
    if level == "red" and not set(held) & set(CLOSES_RED):
        who = " or the ".join(role.title for role in CLOSES_RED)
        blockers.append(Blocker("role", f"A red signal is closed by the {who}."))
    elif level == "red" and entered_it:
        blockers.append(Blocker("own_figure", "You entered this figure, so somebody else closes its red signal."))
    if not found.strip():
        blockers.append(Blocker("text", "Say what was found and what was done."))
    return blockers


def _beyond(watched: Watched, period: date, value: Decimal) -> str:
    for limit, is_beyond, word in (
        (watched.limit_high, lambda bound: value > bound, "above its limit"),
        (watched.limit_low, lambda bound: value < bound, "below its limit"),
    ):
        if limit is not None and is_beyond(limit):
            bound = rules.said(limit, watched.unit if watched.unit.startswith("%") else "")
            return f"{_figure(watched, period, value)}, is {word} of {bound}."
    return ""


def is_news(watched: Watched, period: date, on: date) -> bool:
    """Whether a period is one of the latest, counted back from the last that is over."""
    newest = periods.period_of(on, watched.frequency)
    for _ in range(RECENT[watched.frequency]):
        newest = periods.period_of(newest - timedelta(days=1), watched.frequency)
    return period >= newest


def _new_cause(
    watched: Watched, figures: Figures, n: int, rebase_on: Collection[date], on: date
) -> tuple[Point, SpecialCause] | None:
    """The special cause of concern that the n-th figure showed as the newest, unless it goes on from the one before."""
    now = _verdict(_chart(watched, figures[: n + 1], rebase_on))
    if now is None:
        return None
    point, cause = now
    period = figures[n - 1][0]
    if cause not in OUTSIDE and period >= watched.first_period_on and is_news(watched, period, on):
        before = _verdict(_chart(watched, figures[:n], rebase_on))
        if before is not None and before[1] is cause and before[0].segment == point.segment:
            return None
    return now


def _chart(watched: Watched, figures: Figures, rebase_on: Collection[date]) -> Chart | None:
    return rules.chart(
        figures, direction=watched.direction, profile=watched.profile, target=watched.target, rebase_on=sorted(rebase_on)
    )


def _verdict(chart: Chart | None) -> tuple[Point, SpecialCause] | None:
    """The newest point's special cause of concern; or that of the two before it, where it completes two in three."""
    if chart is None:
        return None
    last = chart.last
    if last.variation is Variation.CONCERN and last.special_cause is not None:
        return last, last.special_cause
    pair = chart.points[-3:-1]
    causes = {point.special_cause for point in pair}
    if len(pair) == 2 and len(causes) == 1 and all(point.segment == last.segment for point in pair):
        cause = causes.pop()
        beside = cause in NEAR and (last.value > last.mean) == (cause is SpecialCause.TWO_ABOVE)
        if cause in NEAR and beside and pair[0].variation is Variation.CONCERN:
            return last, cause
    return None


def _unusual(watched: Watched, period: date, value: Decimal, cause: SpecialCause, point: Point) -> str:
    name, when = starting_small(watched.name), _when(period, watched.frequency)
    match cause:
        case SpecialCause.ABOVE_LIMIT | SpecialCause.BELOW_LIMIT:
            limit = point.upper if cause is SpecialCause.ABOVE_LIMIT else point.lower
            word = "above" if cause is SpecialCause.ABOVE_LIMIT else "below"
            said = f"{_figure(watched, period, value)}, is {word} what chance explains (limit {limit:.3g})."
        case SpecialCause.TREND_UP | SpecialCause.TREND_DOWN:
            word = "higher" if cause is SpecialCause.TREND_UP else "lower"
            said = f"Each of the last 7 figures for {name}, up to {when}, is {word} than the one before."
        case SpecialCause.SHIFT_ABOVE | SpecialCause.SHIFT_BELOW:
            word = "above" if cause is SpecialCause.SHIFT_ABOVE else "below"
            said = f"The last 7 figures for {name}, up to {when}, all lie {word} the mean of {point.mean:.3g}."
        case _:
            word = "upper" if cause is SpecialCause.TWO_ABOVE else "lower"
            said = f"Two of the last 3 figures for {name}, up to {when}, lie close to the {word} limit."
    return f"{said} That is more than chance, and worse."


def _figure(watched: Watched, period: date, value: Decimal) -> str:
    """`The October 2026 figure for urgent findings missed, 6 in 1,000`."""
    name, said = starting_small(watched.name), rules.said(value, watched.unit)
    if watched.frequency == "weekly":
        return f"The figure for {name} in the {periods.name(period, 'weekly')}, {said}"
    return f"The {periods.name(period, watched.frequency)} figure for {name}, {said}"


def _when(period: date, frequency: str) -> str:
    return ("the " if frequency == "weekly" else "") + periods.name(period, frequency)
