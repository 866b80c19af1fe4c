"""The ladder of one deployment: stations at equal parts of the width (wide), or one below the other (upright)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

STATES = ("passed", "now", "asked", "not_used", "ahead")
WORDS = {"passed": "passed", "now": "now", "asked": "asked for", "not_used": "not used", "ahead": "ahead"}
RADIUS = {"passed": 11.0, "now": 20.5, "asked": 11.5, "not_used": 10.75, "ahead": 10.75}


@dataclass(frozen=True)
class Station:
    """One station: its framework word, its state (`STATES`) and the second line ("since 5 October 2026")."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """A station with coordinates: centre of its disc, and where its two lines of text begin."""

    station: Station
    x: float
    y: float
    radius: float
    text_x: float
    label_y: float
    note_y: float


@dataclass(frozen=True)
class Line:
    """The line between two stations. kind: done, asked (with an arrowhead at its end) or ahead."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Ladder:
    """All of one drawing, with its finding as a sentence."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    finding: str
    label_size: float
    note_size: float


def lay_out(
    stations: Sequence[Station], *, width: float = 1120, inset: float = 20, label: float = 17, note: float = 16
) -> Ladder:
    """The wide form. Discs and labels share a left edge, `inset` into their fifth. Sizes in the units of `width`."""
    step, y = width / max(len(stations), 1), 24.0
    marks = tuple(
        Mark(each, n * step + inset + RADIUS[each.state], y, RADIUS[each.state], n * step + inset, y + 31 + label,
             y + 31 + label + note * 1.45)
        for n, each in enumerate(stations)
    )  # fmt: skip
    return Ladder(width, y + 31 + label + note * 1.9, marks, _lines(marks, across=True), finding(stations), label, note)


def lay_out_upright(stations: Sequence[Station], *, width: float = 328, step: float = 68) -> Ladder:
    """The phone's form: one below the other, text to the right of the disc."""
    marks = tuple(
        Mark(each, 22, n * step + 24, RADIUS[each.state], 58, n * step + (22 if each.note else 30), n * step + 44)
        for n, each in enumerate(stations)
    )
    height = max(len(stations) - 1, 0) * step + 56
    return Ladder(width, height, marks, _lines(marks, across=False), finding(stations), 17, 16)


def finding(stations: Sequence[Station]) -> str:
    """The drawing in one sentence, for those who do not see it."""
    said = [f"{each.label}: {WORDS[each.state]}{', ' + each.note if each.note else ''}" for each in stations]
    return "; ".join(said) + "."


def _lines(marks: Sequence[Mark], *, across: bool) -> tuple[Line, ...]:
    found = []
    for before, after in pairwise(marks):
        kind = _kind(before.station.state, after.station.state, marks, before)
        head = 9 if kind == "asked" else 0
        if across:
            found.append(Line(kind, before.x + before.radius, before.y, after.x - after.radius - head, after.y))
        else:
            found.append(Line(kind, before.x, before.y + before.radius, after.x, after.y - after.radius - head))
    return tuple(found)


def _kind(before: str, after: str, marks: Sequence[Mark], at: Mark) -> str:
    states = [mark.station.state for mark in marks]
    here = list(marks).index(at)
    now = states.index("now") if "now" in states else -1
    if here < now:
        return "done"
    asked = states.index("asked") if "asked" in states else -1
    if now <= here < asked:
        return "asked" if here + 1 == asked else "way"
    return "ahead"
