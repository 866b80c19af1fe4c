"""SVG from coordinates, through templates/pictures, the same for page and PDF."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from governance.pictures import chart as charts
from governance.pictures import ladder as ladders
from governance.pictures import marks, squares
from governance.pictures import matrix as matrices
from governance.pictures.chart import ChartNote, ChartPoint
from governance.pictures.ladder import Station
from governance.pictures.matrix import HazardMark

__all__ = [
    "ChartNote", "ChartPoint", "HazardMark", "Icons", "Station",
    "chart", "check_code", "disc", "icons", "ladder", "matrix", "point", "qr", "standing", "turn",
]  # fmt: skip

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "pictures"
STANDINGS = frozenset({"proposed", "declared", "assured", "lapsed", "suspended", "ceased"})


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["n"] = lambda value: f"{value:.1f}".removesuffix(".0")
    return env


def _render(name: str, **values: Any) -> Markup:
    return Markup(_environment().get_template(name).render(**values))  # noqa: S704  the template escapes


def ladder(
    stations: Sequence[Station],
    *,
    ident: str,
    upright: bool = False,
    width: float = 1120,
    inset: float = 20,
    label: float = 17,
    note: float = 16,
) -> Markup:
    """The ladder of a deployment. `ident` must be the only one of its name on the page."""
    if upright:
        laid = ladders.lay_out_upright(stations)
    else:
        laid = ladders.lay_out(stations, width=width, inset=inset, label=label, note=note)
    return _render("ladder.svg.jinja", ladder=laid, ident=ident, upright=upright)


def matrix(
    ratings: Sequence[Sequence[int]],
    hazards: Sequence[HazardMark],
    *,
    severities: Sequence[str],
    likelihoods: Sequence[str],
    ident: str,
    compact: bool = False,
    printed: bool = False,
    text: float = 16,
) -> Markup:
    """The risk matrix. `ratings[likelihood][severity]`; the words in ascending order.

    `compact` is the phone's form, `printed` the one for half the width of a printed page.
    """
    laid = matrices.lay_out(
        ratings, hazards, matrices.COMPACT if compact else matrices.PRINTED if printed else matrices.WIDE
    )
    return _render(
        "matrix.svg.jinja",
        matrix=laid,
        severities=severities,
        likelihoods=likelihoods,
        ident=ident,
        text=11.4 if printed else text,
    )


class Icons(NamedTuple):
    """The two icons of a control chart, 60 by 60; empty where one is not due."""

    variation: Markup
    assurance: Markup


def chart(
    points: Sequence[ChartPoint],
    *,
    title: str,
    ident: str,
    target: float | None = None,
    target_note: str = "",
    unit: str = "",
    notes: Sequence[ChartNote] = (),
    compact: bool = False,
) -> Markup:
    """The control chart of `points`, in order of date. `title` names the indicator; `compact` is the phone's form."""
    laid = charts.lay_out(
        points,
        charts.COMPACT if compact else charts.WIDE,
        target=target,
        target_note=target_note,
        unit=unit,
        notes=notes,
    )
    return _render("chart.svg.jinja", chart=laid, title=title, ident=ident)


def icons(*, variation: str = "", letter: str = "", assurance: str = "", improvement: str = "increase") -> Icons:
    """The icons of Making Data Count. The words beside them say the same, so these are hidden.

    `variation` is one of `charts.KINDS` and `letter` H, L or empty; `assurance` is pass, fail, hit_and_miss or none. Where
    improvement is a decrease, the wave that meets the target lies below it.
    """
    first = second = Markup()
    if variation:
        first = _render("variation.svg.jinja", kind=variation, letter=letter, dots=marks.DOTS[letter])
    if assurance not in {"", "none"}:
        wave = marks.wave(assurance, improvement)
        second = _render("assurance.svg.jinja", kind=assurance, wave=wave.y, line=wave.line, swing=wave.swing)
    return Icons(first, second)


def point(kind: str) -> Markup:
    """A point of the control chart for its legend."""
    return _render("point.svg.jinja", kind=kind)


def check_code(eight: str, *, height: float = 16) -> Markup:
    """The bars of a check code. They help the eye; the characters beside them are the fact, so these are hidden."""
    return _render("bars.svg.jinja", eight=eight, bars=marks.check_bars(eight, height=height), height=height)


def turn(gone: int, expected: int) -> Markup:
    """The ticks of a turn. The words beside them say the same, so these are hidden."""
    return _render("turn.svg.jinja", ticks=marks.ticks(gone, expected))


def standing(value: str) -> Markup:
    """The mark of a standing. The word always stands beside it."""
    return _render("standing.svg.jinja", standing=str(value) if str(value) in STANDINGS else "proposed")


def qr(text: str, *, ident: str) -> Markup:
    """The square a telephone reads."""
    modules, runs = squares.lay_out(text)
    return _render("qr.svg.jinja", modules=modules, runs=runs, text=text, ident=ident)


def disc(kind: str) -> Markup:
    """A disc of the matrix for its legend: initial or residual."""
    return _render("disc.svg.jinja", kind=kind)
