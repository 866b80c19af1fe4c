"""The 5×5 risk matrix with hazards moving from where they began to where they stand.

Severity goes across, likelihood up. Hazards that share a column get lanes at equal distances, ordered by number. Where
a column holds more than can be told apart, every disc holds a count instead and the drawing says so.
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
class Way:
    """One way to fit discs: their radius, and how far every other lane stands above and below the middle of its row."""

    radius: float
    stagger: float = 0.0


@dataclass(frozen=True)
class Size:
    """Measures of one form of the drawing, in its own units.

    `ways` go from the roomiest to the tightest; `foot` is the room for words below, without and with counts; `lanes` is
    how far the lanes may spread beyond the cell before they are divided; `counted` is the radius of a disc that holds a
    count, `shares` where those stand across the cell; `drop` is how far below the middle discs stand.
    """

    cell_width: float
    cell_height: float
    left: float
    ways: tuple[Way, ...]
    foot: tuple[float, float] = (62.0, 62.0)
    lanes: float = 0.0
    counted: float = 14.0
    shares: tuple[float, float] = (0.31, 0.69)
    drop: float = 5.0
    compact: bool = False
    printed: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        """Where a disc stands in a cell, from its corner: `drop` below the middle, for the rating stands above."""
        return (self.cell_width - GAP) / 2, (self.cell_height - GAP) / 2 + self.drop


GAP = 3.0
TIP = 2.0
CLEAR = 1.5
WIDE = Size(124, 85, 112, (Way(13), Way(12, 15), Way(10.5, 18)))
COMPACT = Size(53, 53, 66, (Way(8.5), Way(8.5, 10), Way(7.5, 11)), foot=(24, 44), counted=9, drop=3.2, compact=True)
PRINTED = Size(
    51, 32, 60, (Way(7.5),), foot=(46, 46), lanes=8, counted=8.8, shares=(0.412, 0.816), drop=4.6, printed=True
)


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
    tip: tuple[float, float]
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
    """Compute the drawing. `ratings[likelihood][severity]` are 1–5, read from the bottom left corner."""
    squares = tuple(
        Square(_x(size, severity), _y(size, likelihood), ratings[likelihood][severity])
        for likelihood in range(5)
        for severity in range(5)
    )
    way = next((way for way in size.ways if _fits(hazards, size, way)), None)
    discs, arrows = _moved(hazards, size, way) if way else (_counted(hazards, size), ())
    return Matrix(
        size=size,
        width=size.left + 5 * size.cell_width,
        height=5 * size.cell_height + size.foot[way is None],
        squares=squares,
        discs=discs,
        arrows=arrows,
        counts=way is None,
        radius=way.radius if way else size.counted,
        finding=_finding(ratings, hazards, counts=way is None),
    )


def _x(size: Size, severity: int) -> float:
    return size.left + severity * size.cell_width


def _y(size: Size, likelihood: int) -> float:
    return (4 - likelihood) * size.cell_height


def _columns(hazards: Sequence[HazardMark]) -> dict[int, list[int]]:
    """Which hazards stand in each column, by number: their places in the list are their lanes."""
    cells = [(hazard.number, cell) for hazard in hazards for cell in (hazard.initial, hazard.residual) if cell]
    return {column: sorted({number for number, cell in cells if cell[0] == column}) for column in range(5)}


def _place(number: int, cell: Cell, columns: dict[int, list[int]], size: Size, way: Way) -> tuple[float, float]:
    """Centre of a hazard's disc: its lane across, the middle of its row; odd lanes stand higher where staggered."""
    numbers = columns[cell[0]]
    lane = numbers.index(number)
    across = size.cell_width - GAP + 2 * size.lanes
    x = _x(size, cell[0]) - size.lanes + across * (lane + 1) / (len(numbers) + 1)
    y = _y(size, cell[1]) + size.middle[1]
    if len(numbers) > 1:
        y += -way.stagger if lane % 2 else way.stagger
    return x, y


def _fits(hazards: Sequence[HazardMark], size: Size, way: Way) -> bool:
    """Whether every disc can be told from its neighbours and lies inside its cell."""
    columns = _columns(hazards)
    discs = [
        _place(hazard.number, cell, columns, size, way)
        for hazard in hazards
        for cell in {hazard.initial, hazard.residual}
        if cell
    ]
    lanes = max((len(numbers) for numbers in columns.values()), default=0)
    apart = (size.cell_width - GAP + 2 * size.lanes) / (lanes + 1)
    if (
        apart < way.radius or apart - size.lanes < way.radius
    ):  # an arrow must pass the next lane's discs; discs stay inside
        return False
    return all(
        hypot(a[0] - b[0], a[1] - b[1]) >= 2 * way.radius + CLEAR for n, a in enumerate(discs) for b in discs[:n]
    )


def _moved(hazards: Sequence[HazardMark], size: Size, way: Way) -> tuple[tuple[Disc, ...], tuple[Arrow, ...]]:
    discs, arrows, columns = [], [], _columns(hazards)
    for hazard in sorted(hazards, key=lambda each: each.number):
        start = _place(hazard.number, hazard.initial, columns, size, way) if hazard.initial else None
        end = _place(hazard.number, hazard.residual, columns, size, way) if hazard.residual else None
        moved = hazard.initial != hazard.residual
        if hazard.initial and start and moved:
            discs.append(Disc("initial", *start, str(hazard.number), hazard.initial))
        if hazard.residual and end:
            discs.append(Disc("residual", *end, str(hazard.number), hazard.residual))
            if start and moved:
                arrows.append(_arrow(start, end, way.radius))
    return tuple(discs), tuple(arrows)


def _arrow(start: tuple[float, float], end: tuple[float, float], radius: float) -> Arrow:
    """From edge to edge. Its head is three quarters of a disc's radius, less where the way is short."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    head = max(0.0, min(0.75 * radius, length - 2 * radius - TIP))
    tip = (end[0] - dx * (radius + TIP), end[1] - dy * (radius + TIP))
    back = (tip[0] - dx * head, tip[1] - dy * head)
    wide = head * 0.58
    corners = [tip, (back[0] - dy * wide, back[1] + dx * wide), (back[0] + dy * wide, back[1] - dx * wide)]
    return Arrow(
        x1=start[0] + dx * radius,
        y1=start[1] + dy * radius,
        x2=back[0],
        y2=back[1],
        tip=tip,
        head=" ".join(f"{x:.1f},{y:.1f}" for x, y in corners),
    )


def _counted(hazards: Sequence[HazardMark], size: Size) -> tuple[Disc, ...]:
    discs = []
    for kind, share in zip(("initial", "residual"), size.shares, strict=True):
        cells = Counter(getattr(hazard, kind) for hazard in hazards if getattr(hazard, kind))
        for cell, count in sorted(cells.items()):
            x = _x(size, cell[0]) + (size.cell_width - GAP) * share
            discs.append(Disc(kind, x, _y(size, cell[1]) + size.middle[1], str(count), cell))
    return tuple(discs)


def _finding(ratings: Sequence[Sequence[int]], hazards: Sequence[HazardMark], *, counts: bool) -> str:
    """The drawing in one sentence, for those who do not see it."""
    residuals = [ratings[h.residual[1]][h.residual[0]] for h in hazards if h.residual]
    said = f"{len(hazards)} hazard{'' if len(hazards) == 1 else 's'}"
    if residuals:
        said += f"; highest residual rating {max(residuals)}"
    unscored = len(hazards) - len(residuals)
    if unscored:
        said += f"; {unscored} without a residual score"
    return said + (". Numbers in the discs are how many hazards lie there." if counts else ".")
