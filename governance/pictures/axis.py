"""Axes of the control chart: round ticks, how figures and dates are written beside them, and how wide words are."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from statistics import median

MINUS = "−"
SMALLEST = 1e-30
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LARGE = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
NARROW, WIDE = "iljftI.,:;'|!()[] ", "mwMW—%…"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Scale:
    """Values from `low` (foot) to `high` (top), with round ticks in between. `step` is the way between ticks."""

    low: float
    high: float
    step: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """0 at the foot, 1 at the top."""
        return (value - self.low) / (self.high - self.low)


def scale(values: Sequence[float], *, most: int = 6) -> Scale:
    """The scale that holds every value with a little air, and nought where it is near. Raises ValueError on none."""
    if not values or not all(isfinite(value) for value in values):
        raise ValueError("a scale needs finite values")
    least, largest = min(values), max(values)
    span = largest - least
    size = max(abs(least), abs(largest))
    if span <= max(1e-9 * size, SMALLEST):
        span = 0.8 * size if size > SMALLEST else 2.0
        low, high = least - span / 2, largest + span / 2
    else:
        low, high = least - 0.1 * span, largest + 0.08 * span
    if least >= 0 and (low < 0 or least < 0.3 * largest):
        low = 0.0
    elif largest <= 0 and (high > 0 or largest > 0.3 * least):
        high = 0.0
    step = _round_step((high - low) / most)
    ticks = tuple(n * step for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1))
    return Scale(low, high, step, ticks)


def _round_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, not below `rough`."""
    power = 10.0 ** floor(log10(rough))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= rough * (1 - 1e-9))


def tick(value: float, step: float) -> str:
    """A tick as it is written, with as many places as its step needs: `1,250`, `2.5m` where the step is 100,000 or more."""
    unit, word = _unit(step)
    return figure(value / unit, _places(step / unit), word)


def fine(value: float, step: float) -> str:
    """A mean or limit beside the axis: one place more than the ticks, so that 59.0 stands beside 60; none above 100."""
    unit, word = _unit(step)
    return figure(value / unit, fine_places(step / unit), word)


def fine_places(step: float) -> int:
    """How many decimal places a mean or limit has on an axis of this step."""
    return 0 if step >= 50 else _places(step) + 1


def plain(value: float, step: float) -> str:
    """A target: as it was set, without noughts at its end; in the axis's unit where that is large."""
    unit, word = _unit(step)
    return figure(value / unit, 12 if abs(value) < 1e-4 else 6, word, trim=True)


def _unit(step: float) -> tuple[float, str]:
    return next(((unit, word) for unit, word in LARGE if step >= unit / 10), (1.0, ""))


def _places(step: float) -> int:
    return max(0, -floor(log10(step) + 1e-9))


def figure(value: float, places: int, word: str = "", *, trim: bool = False) -> str:
    """`1,250`, `−0.25`, `15.2m`; `2.5×10⁻⁷` where more than six places are needed. `trim` drops noughts at the end."""
    sign, size = (MINUS if value < 0 else ""), abs(value)
    if size < SMALLEST:
        return "0" if trim or places > 3 else f"{0:.{places}f}"
    if places > 6 and size < 1e-3:
        power = floor(log10(size) + 1e-9)
        return f"{sign}{_trimmed(f'{size / 10.0**power:.2f}')}×10{str(power).translate(RAISED)}"
    said = f"{size:,.{min(places, 9)}f}"
    if not said.strip("0.,"):
        return said
    return sign + (_trimmed(said) if trim else said) + word


def _trimmed(said: str) -> str:
    return said.rstrip("0").rstrip(".") if "." in said else said


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide `text` is in Arimo or Arial: a little too wide rather than too narrow."""
    units = sum(0.3 if c in NARROW else 0.9 if c in WIDE else 0.7 if c.isupper() else 0.56 for c in text)
    return units * size * (1.06 if bold else 1)


def shortened(text: str, size: float, room: float) -> str:
    """`text`, or as many of its first letters as there is room for, and an ellipsis."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def dates(days: Sequence[dt.date], places: Sequence[float], *, size: float, gap: float = 10) -> list[tuple[int, str]]:
    """(index, label) of the dates to name at `places`: evenly spaced, as many as stand apart, January among them.

    Dates a month or more apart are named by month; the year stands at the first label and where it changes, alone
    where only Januaries are named.
    """
    monthly = len(days) > 1 and min((after - before).days for before, after in pairwise(days)) >= 27
    first = next((n for n, day in enumerate(days) if day.month == 1), 0) if monthly else 0
    for every in (1, 2, 3, 6, 12, 24, 60, 120) if monthly else (1, 2, 4, 8, 13, 26, 52, 104, 365, 1825):
        found, year = [], None
        for n in range(first % every, len(days), every):
            found.append((n, _day(days[n], monthly=monthly, year=days[n].year != year)))
            year = days[n].year
        if monthly and every >= 12 and all(days[n].month == 1 for n, _ in found):
            found = [(n, str(days[n].year)) for n, _ in found]
        boxes = [(places[n], width(label, size) / 2) for n, label in found]
        if all(b[0] - a[0] >= a[1] + b[1] + gap for a, b in pairwise(boxes)):
            return found
    return [(0, _day(days[0], monthly=monthly, year=True))]


def _day(day: dt.date, *, monthly: bool, year: bool) -> str:
    words = [*([] if monthly else [str(day.day)]), MONTHS[day.month - 1], *([str(day.year)] if year else [])]
    return " ".join(words)


def gaps(days: Sequence[dt.date]) -> list[bool]:
    """For each step between dates whether something is missing in it: it is longer than half as long again as usual."""
    steps = [(after - before).days for before, after in pairwise(days)]
    usual = median(steps) if steps else 0
    return [step > 1.6 * usual for step in steps]
