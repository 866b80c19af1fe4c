"""A control chart as a page and a paper show it: picture, icons with their words, and the same figures as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from governance.monitoring.spc import Assurance, Chart, Improvement, Point, Variation
from governance.monitoring.spc_input import Number
from governance.monitoring.spc_rules import SpecialCause
from governance.pictures import axis
from governance.pictures.draw import ChartNote, ChartPoint

Words = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One figure in words. `mark` is the kind of its point; `limits` is empty where there are none."""

    date: dt.date
    value: str
    mean: str
    limits: str
    mark: str
    seen: str
    happened: str


@dataclass(frozen=True)
class Drawing:
    """Plain values for `templates/macros/chart.jinja` and `draw.chart`. Words are (bold, rest); None where no icon is due."""

    title: str
    unit: str
    points: tuple[ChartPoint, ...]
    target: float | None
    target_note: str
    notes: tuple[ChartNote, ...]
    improvement: str
    variation: str
    letter: str
    variation_words: Words | None
    assurance: str
    assurance_words: Words | None
    remark: str
    kinds: tuple[str, ...]
    rows: tuple[Row, ...]


def drawing(chart: Chart, *, title: str, unit: str = "", notes: Sequence[ChartNote] = ()) -> Drawing:
    """What a page needs to show `chart`. `title` names the indicator, `unit` what it counts in ("%", "minutes").

    A note is what happened on a day (a new version), drawn as an upright line and said in the table at the first figure
    from that day on.
    """
    return Drawing(
        title=title,
        unit=unit,
        points=tuple(_point(point) for point in chart.points),
        target=None if chart.target is None else float(chart.target),
        target_note=_target_note(chart),
        notes=tuple(sorted(notes, key=lambda note: note.date)),
        improvement=chart.improvement.value,
        variation=chart.icon.variation.value if chart.icon else "",
        letter=chart.icon.letter if chart.icon else "",
        variation_words=_variation_words(chart),
        assurance=chart.assurance.value,
        assurance_words=_assurance_words(chart),
        remark=_remark(chart),
        kinds=tuple(kind.value for kind in Variation if any(point.variation is kind for point in chart.points)),
        rows=_rows(chart, "%" if unit == "%" else "", notes),
    )


def _point(point: Point) -> ChartPoint:
    return ChartPoint(
        date=point.date,
        value=float(point.value),
        kind=point.variation.value,
        mean=point.mean,
        lower=point.lower,
        upper=point.upper,
        segment=point.segment,
    )


def _target_note(chart: Chart) -> str:
    return {Improvement.INCREASE: "or more", Improvement.DECREASE: "or less", Improvement.NEUTRAL: ""}[chart.improvement]


def _variation_words(chart: Chart) -> Words | None:
    if chart.icon is None:
        return None
    said = {
        Variation.COMMON_CAUSE: "Usual variation",
        Variation.IMPROVEMENT: "Improving",
        Variation.CONCERN: "Getting worse",
        Variation.NEUTRAL: "Changed",
    }
    return said[chart.icon.variation], _lately(chart)


def _lately(chart: Chart) -> str:
    """How many of the last values say the same as the last: "last 4 values unusually low"."""
    last = chart.last
    if last.special_cause is None:
        return "nothing unusual in the last value"
    count = 0
    for point in reversed(chart.points):
        same = point.special_cause is not None and point.special_cause.high == last.special_cause.high
        if not same or point.segment != last.segment or point.variation is not last.variation:
            break
        count += 1
    which = "last value" if count == 1 else f"last {count} values"
    if last.special_cause in {SpecialCause.TREND_UP, SpecialCause.TREND_DOWN}:
        return f"{which} {'rising' if last.special_cause.high else 'falling'}"
    return f"{which} unusually {'high' if last.special_cause.high else 'low'}"


def _assurance_words(chart: Chart) -> Words | None:
    return {
        Assurance.PASS: ("Meets the target", "both limits are better than the target"),
        Assurance.FAIL: ("Does not meet the target", "both limits are worse than the target"),
        Assurance.HIT_AND_MISS: ("May or may not meet the target", "the target lies between the limits"),
        Assurance.NONE: None,
    }[chart.assurance]


def _remark(chart: Chart) -> str:
    fixed = f"Limits are from the first {chart.baseline} values." if chart.baseline else ""
    return " ".join(part for part in (chart.note, fixed) if part)


def _rows(chart: Chart, sign: str, notes: Sequence[ChartNote]) -> tuple[Row, ...]:
    """Newest first. A note later than every figure stands at the newest."""
    days = [point.date for point in chart.points]
    happened: dict[dt.date, list[str]] = {}
    for note in sorted(notes, key=lambda each: each.date):
        at = next((day for day in days if day >= note.date), days[-1])
        happened.setdefault(at, []).append(note.text)
    for segment in chart.segments[1:]:
        happened.setdefault(segment.starts_on, []).append("limits start anew")
    places = _places(chart)
    rows = [
        Row(
            date=point.date,
            value=said(point.value) + sign,
            mean=axis.figure(point.mean, places) + sign,
            limits=_limits(point, places, sign),
            mark=point.variation.value,
            seen=point.special_cause.words if point.special_cause else "",
            happened="; ".join(happened.get(point.date, ())),
        )
        for point in chart.points
    ]
    return tuple(reversed(rows))


def said(value: Number) -> str:
    """A figure as it was entered, with commas: `1,250.5`, `−3`."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.replace("-", axis.MINUS)


def _places(chart: Chart) -> int:
    """Decimal places for mean and limits: as many as beside the picture."""
    ends = [n for p in chart.points for n in (float(p.value), p.mean, p.lower, p.upper) if n is not None]
    aim = [] if chart.target is None else [float(chart.target)]
    return axis.fine_places(axis.scale([*ends, *aim]).step)


def _limits(point: Point, places: int, sign: str) -> str:
    if point.lower is None or point.upper is None:
        return ""
    return f"{axis.figure(point.lower, places)} to {axis.figure(point.upper, places)}{sign}"
