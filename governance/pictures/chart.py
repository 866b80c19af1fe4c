"""The control chart: figures over time between their limits, with what was said of each point."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from governance.pictures import axis, captions
from governance.pictures.captions import Flag, Label

KINDS = ("common_cause", "improvement", "concern", "neutral")


@dataclass(frozen=True)
class ChartPoint:
    """A figure with what holds at it. `kind` is one of `KINDS`; `segment` counts from 0 and rises where limits start anew."""

    date: dt.date
    value: float
    kind: str
    mean: float
    lower: float | None = None
    upper: float | None = None
    segment: int = 0


@dataclass(frozen=True)
class ChartNote:
    """What happened on a day, in a few words: "Version 2.4 in use"."""

    date: dt.date
    text: str


@dataclass(frozen=True)
class Size:
    """Measures of one form of the drawing, in its own units. `rows` is the most rows of words above the plot."""

    width: float
    plot: float
    text: float
    inset: float
    radius: float
    rows: int
    compact: bool = False


WIDE = Size(width=736, plot=216, text=14, inset=14, radius=4.6, rows=3)
COMPACT = Size(width=328, plot=200, text=14, inset=8, radius=4, rows=2, compact=True)


@dataclass(frozen=True)
class Mark:
    """A point: where, its kind, and its radius (larger for what is more than chance)."""

    x: float
    y: float
    kind: str
    radius: float


@dataclass(frozen=True)
class Stretch:
    """Lines of one segment, from x1 to x2: heights of mean and limits."""

    x1: float
    x2: float
    mean: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Chart:
    """All of one drawing."""

    size: Size
    width: float
    height: float
    left: float
    right: float
    top: float
    foot: float
    marks: tuple[Mark, ...]
    path: str
    bridges: tuple[tuple[Mark, Mark], ...]
    stretches: tuple[Stretch, ...]
    target: float | None
    ticks: tuple[Label, ...]
    days: tuple[Label, ...]
    labels: tuple[Label, ...]
    flags: tuple[Flag, ...]
    key: tuple[str, ...]
    finding: str


def lay_out(
    points: Sequence[ChartPoint],
    size: Size = WIDE,
    *,
    target: float | None = None,
    target_note: str = "",
    unit: str = "",
    notes: Sequence[ChartNote] = (),
) -> Chart:
    """Compute the drawing. Points are in order of date. A note outside their dates stands at the edge next to it.

    `unit` is written after figures where it is "%"; `target_note` follows the target ("or less"). Raises ValueError on no points.
    """
    sign = unit if unit == "%" else ""
    heights = [n for p in points for n in (p.value, p.mean, p.lower, p.upper) if n is not None]
    scale = axis.scale([*heights, *([] if target is None else [target])], most=5 if size.compact else 6)
    ticks = [(axis.tick(value, scale.step) + sign, value) for value in scale.ticks]
    named = _named(points[-1], target, target_note, scale.step, sign, compact=size.compact)
    left = max(axis.width(text, size.text) for text, _ in ticks) + 12
    beside = max(axis.width(text, size.text, bold=kind == "mean") for text, kind, _ in named) + 12
    right = size.width - beside
    xs = _across([p.date for p in points], left + size.inset, right - size.inset)
    asked = [(x, _limits_from(points[n].date, size), "rebase") for n, x in _breaks(points, xs)]
    asked += [(_at(note.date, points, xs), note.text, "note") for note in notes]
    flags = captions.flags(asked, text=size.text, width=size.width, most=size.rows)
    top = 10 + flags.rows * captions.ROW
    foot = top + size.plot

    def y(value: float) -> float:
        return foot - scale.share(value) * size.plot

    marks = _marks(points, xs, [y(p.value) for p in points], size)
    bridged = axis.gaps([p.date for p in points])
    return Chart(
        size=size,
        width=size.width,
        height=foot + 30 + (len(flags.key) * captions.ROW + 8 if flags.key else 0),
        left=left,
        right=right,
        top=top,
        foot=foot,
        marks=marks,
        path=_path(marks, bridged),
        bridges=tuple((a, b) for (a, b), gap in zip(pairwise(marks), bridged, strict=True) if gap),
        stretches=tuple(
            Stretch(x1, x2, y(p.mean), None if p.lower is None else y(p.lower), None if p.upper is None else y(p.upper))
            for x1, x2, p in _stretches(points, xs, left, right)
        ),
        target=None if target is None else y(target),
        ticks=tuple(Label(left - 10, y(value), text) for text, value in ticks),
        days=tuple(
            Label(_inside(xs[n], text, size), foot, text, from_x=xs[n])
            for n, text in axis.dates([p.date for p in points], xs, size=size.text)
        ),
        labels=captions.spread([(text, kind, y(value)) for text, kind, value in named], right + 12, top, foot),
        flags=flags.flags,
        key=flags.key,
        finding=_finding(points, target, target_note, unit, scale.step),
    )


def _finding(points: Sequence[ChartPoint], target: float | None, target_note: str, unit: str, step: float) -> str:
    """The drawing in a few sentences, for those who do not see it."""
    first, last = points[0], points[-1]
    sign = "%" if unit == "%" else f" {unit}" if unit else ""

    def said(value: float) -> str:
        return axis.fine(value, step)

    words = {"improvement": "an improvement", "concern": "a concern", "neutral": "a change", "common_cause": "usual variation"}
    parts = [
        f"{len(points)} value{'' if len(points) == 1 else 's'}, {_long(first.date)} to {_long(last.date)}",
        f"The last is {axis.plain(last.value, step)}{sign}, {words[last.kind]}",
        f"Mean {said(last.mean)}",
    ]
    if last.lower is not None and last.upper is not None:
        parts[-1] += f", limits {said(last.lower)} to {said(last.upper)}"
    if target is not None:
        parts.append(f"Target {axis.plain(target, step)}{' ' + target_note if target_note else ''}")
    return ". ".join(parts) + "."


def _long(day: dt.date) -> str:
    return f"{day.day} {axis.MONTHS[day.month - 1]} {day.year}"


def _named(
    last: ChartPoint, target: float | None, target_note: str, step: float, sign: str, *, compact: bool
) -> list[tuple[str, str, float]]:
    """(words, kind, value) of the lines that end at the right. Where limits are the mean they are named once."""

    def said(value: float) -> str:
        return axis.fine(value, step) + sign

    limit = "" if compact else " limit"
    found = [(f"mean {said(last.mean)}", "mean", last.mean)]
    if last.lower is not None and last.lower == last.upper:
        found = [(f"mean, limits {said(last.mean)}", "mean", last.mean)]
    elif last.lower is not None and last.upper is not None:
        found.append((f"upper{limit} {said(last.upper)}", "limit", last.upper))
        found.append((f"lower{limit} {said(last.lower)}", "limit", last.lower))
    if target is not None:
        aim = axis.plain(target, step)
        rest = f" {target_note}" if target_note and not compact else ""
        found.append((f"target {aim}{sign}{rest}", "target", target))
    return found


def _inside(x: float, text: str, size: Size) -> float:
    """The middle of words under x, moved so that they stay in the drawing."""
    half = axis.width(text, size.text) / 2
    return min(max(x, half), size.width - half)


def _across(days: Sequence[dt.date], x1: float, x2: float) -> list[float]:
    span = (days[-1] - days[0]).days
    return [x1 + (x2 - x1) * (day - days[0]).days / span if span else (x1 + x2) / 2 for day in days]


def _marks(points: Sequence[ChartPoint], xs: Sequence[float], ys: Sequence[float], size: Size) -> tuple[Mark, ...]:
    room = (xs[-1] - xs[0]) / max(len(xs) - 1, 1) if len(xs) > 1 else size.width
    radius = max(1.8, min(size.radius, 0.42 * room))
    return tuple(
        Mark(x, y, p.kind, radius if p.kind == "common_cause" else max(2.8, radius * 1.3))
        for p, x, y in zip(points, xs, ys, strict=True)
    )


def _path(marks: Sequence[Mark], bridged: Sequence[bool]) -> str:
    """The thin line through the points, let go where something is missing."""
    steps = ["M", *("M" if gap else "L" for gap in bridged)]
    return "".join(f"{step}{mark.x:.1f} {mark.y:.1f}" for step, mark in zip(steps, marks, strict=True))


def _breaks(points: Sequence[ChartPoint], xs: Sequence[float]) -> list[tuple[int, float]]:
    """(index of the first point, x half way before it) of each new segment."""
    return [(n, (xs[n - 1] + xs[n]) / 2) for n in range(1, len(points)) if points[n].segment != points[n - 1].segment]


def _stretches(
    points: Sequence[ChartPoint], xs: Sequence[float], left: float, right: float
) -> list[tuple[float, float, ChartPoint]]:
    starts = [(0, left), *_breaks(points, xs)]
    ends = [*(x for _, x in starts[1:]), right]
    air = 2.0  # a break that can be seen
    return [
        (x1 + (air if n else 0), x2 - (air if x2 != right else 0), points[n]) for (n, x1), x2 in zip(starts, ends, strict=True)
    ]


def _limits_from(day: dt.date, size: Size) -> str:
    month = f"{axis.MONTHS[day.month - 1]} {day.year}"
    return f"New limits, {month}" if size.compact else f"New limits from {day.day} {month}"


def _at(day: dt.date, points: Sequence[ChartPoint], xs: Sequence[float]) -> float:
    """Where a day lies between the points."""
    days = [p.date for p in points]
    if day <= days[0]:
        return xs[0]
    for (before, x1), (after, x2) in pairwise(zip(days, xs, strict=True)):
        if before < day <= after:
            return x1 + (x2 - x1) * (day - before).days / (after - before).days
    return xs[-1]
