"""The 5×5 risk matrix with hazards moving from where they began to where they stand.

Severity goes across, likelihood up. Hazards that share a column get lanes at equal distances, ordered by number. Where a
column holds more than can be told apart, discs hold counts instead and the drawing says so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

Cell = tuple[int, int]  # (severity 0–4, likelihood 0–4)


@dataclass(frozen=True)
class HazardMark:
    """A hazard by number with the cells of its two scores; None where it has no such score yet."""

    number: int
    initial: Cell | None = None
    residual: Cell | None = None


@dataclass(frozen=True)
class Size:
    """Measures of one form of the drawing, in its own units. `apart`: most hazards in a column, in one row and in two."""

    cell_width: float
    cell_height: float
    left: float
    radius: float
    apart: tuple[int, int]
    compact: bool


WIDE = Size(cell_width=124, cell_height=85, left=112, radius=13, apart=(3, 8), compact=False)
COMPACT = Size(cell_width=53, cell_height=53, left=74, radius=8.5, apart=(2, 5), compact=True)
GAP = 3.0
TIP = 2.0


@dataclass(frozen=True)
class Square:
    """One cell: top left corner, its rating by lookup."""

    x: float
    y: float
    rating: int


@dataclass(frozen=True)
class Disc:
    """kind: initial (dashed) or residual (solid). `text` is the hazard's number, or a count."""

    kind: str
    x: float
    y: float
    text: str
    cell: Cell


@dataclass(frozen=True)
class Arrow:
    """From the edge of the first disc to two units short of the second, with the three corners of its head."""

    x1: float
    y1: float
    x2: float
    y2: float
    head: str


@dataclass(frozen=True)
class Matrix:
    """All of one drawing."""

    size: Size
    width: float
    height: float
    squares: tuple[Square, ...]
    discs: tuple[Disc, ...]
    arrows: tuple[Arrow, ...]
    counts: bool
    radius: float
    finding: str


def lay_out(ratings: Sequence[Sequence[int]], hazards: Sequence[HazardMark], size: Size = WIDE) -> Matrix:
    """Compute the drawing. `ratings[likelihood][severity]` are 1–5."""
    squares = tuple(
        Square(_x(size, severity), _y(size, likelihood), ratings[likelihood][severity])
        for likelihood in range(5)
        for severity in range(5)
    )
    columns = {severity: _numbers_in(hazards, severity) for severity in range(5)}
    fullest = max((len(numbers) for numbers in columns.values()), default=0)
    counts = fullest > size.apart[1]
    radius = size.radius if fullest <= size.apart[0] else size.radius * 0.86
    if counts:
        discs, arrows = _counted(hazards, size), ()
    else:
        discs, arrows = _moved(hazards, columns, size, radius)
    return Matrix(
        size=size,
        width=size.left + 5 * size.cell_width,
        height=5 * size.cell_height + (46 if size.compact else 62),
        squares=squares,
        discs=discs,
        arrows=arrows,
        counts=counts,
        radius=radius,
        finding=_finding(ratings, hazards, counts),
    )


def _x(size: Size, severity: int) -> float:
    return size.left + severity * size.cell_width


def _y(size: Size, likelihood: int) -> float:
    return (4 - likelihood) * size.cell_height


def _numbers_in(hazards: Sequence[HazardMark], severity: int) -> list[int]:
    cells = [(hazard.number, cell) for hazard in hazards for cell in (hazard.initial, hazard.residual) if cell]
    return sorted({number for number, cell in cells if cell[0] == severity})


def _place(number: int, cell: Cell, columns: dict[int, list[int]], size: Size) -> tuple[float, float]:
    """Centre of a hazard's disc: its lane in the column, the middle of the row, in two rows where one is too tight."""
    numbers = columns[cell[0]]
    lane = numbers.index(number)
    x = _x(size, cell[0]) + (size.cell_width - GAP) * (lane + 1) / (len(numbers) + 1)
    y = _y(size, cell[1]) + (size.cell_height - GAP) / 2 + size.cell_height * 0.06
    if len(numbers) > size.apart[0]:
        y += size.cell_height * (0.2 if lane % 2 else -0.2)
    return x, y


def _moved(
    hazards: Sequence[HazardMark], columns: dict[int, list[int]], size: Size, radius: float
) -> tuple[tuple[Disc, ...], tuple[Arrow, ...]]:
    discs, arrows = [], []
    for hazard in sorted(hazards, key=lambda each: each.number):
        start = _place(hazard.number, hazard.initial, columns, size) if hazard.initial else None
        end = _place(hazard.number, hazard.residual, columns, size) if hazard.residual else None
        if hazard.initial and start and hazard.initial != hazard.residual:
            discs.append(Disc("initial", *start, str(hazard.number), hazard.initial))
        if hazard.residual and end:
            discs.append(Disc("residual", *end, str(hazard.number), hazard.residual))
            if start and hazard.initial != hazard.residual:
                arrows.append(_arrow(start, end, radius))
    return tuple(discs), tuple(arrows)


def _arrow(start: tuple[float, float], end: tuple[float, float], radius: float) -> Arrow:
    length = hypot(end[0] - start[0], end[1] - start[1])
    dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    tip = (end[0] - dx * (radius + TIP), end[1] - dy * (radius + TIP))
    back = (tip[0] - dx * 8, tip[1] - dy * 8)
    head = [tip, (back[0] - dy * 4.5, back[1] + dx * 4.5), (back[0] + dy * 4.5, back[1] - dx * 4.5)]
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in head)
    return Arrow(start[0] + dx * radius, start[1] + dy * radius, back[0], back[1], corners)


def _counted(hazards: Sequence[HazardMark], size: Size) -> tuple[Disc, ...]:
    discs = []
    for kind, share in (("initial", 0.3), ("residual", 0.72)):
        cells = Counter(getattr(hazard, kind) for hazard in hazards if getattr(hazard, kind))
        for cell, count in sorted(cells.items()):
            x = _x(size, cell[0]) + (size.cell_width - GAP) * share
            discs.append(Disc(kind, x, _y(size, cell[1]) + size.cell_height * 0.56, str(count), cell))
    return tuple(discs)


def _finding(ratings: Sequence[Sequence[int]], hazards: Sequence[HazardMark], counts: bool) -> str:
    residuals = [ratings[h.residual[1]][h.residual[0]] for h in hazards if h.residual]
    said = f"{len(hazards)} hazard{'' if len(hazards) == 1 else 's'}"
    if residuals:
        said += f"; highest residual rating {max(residuals)}"
    unscored = len(hazards) - len(residuals)
    if unscored:
        said += f"; {unscored} without a residual score"
    return said + (". Numbers in the discs are how many hazards lie there." if counts else ".")
