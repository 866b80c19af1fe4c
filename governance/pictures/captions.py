"""Words on the control chart that must not meet: flags above the plot, names of lines at its right end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from governance.pictures import axis

ROW, APART, RING = 20.0, 17.0, 19.0


@dataclass(frozen=True)
class Label:
    """Words at a place. `kind` names the line they belong to; `from_x`, `from_y` are where that line or day is."""

    x: float
    y: float
    text: str
    kind: str = ""
    from_x: float = 0.0
    from_y: float = 0.0


@dataclass(frozen=True)
class Flag:
    """An upright line from `top` to the foot with its words, to the right of it or, `left`, before it.

    Where words have no room beside each other `text` is a number in a ring, explained below the drawing.
    """

    x: float
    top: float
    text: str
    left: bool
    kind: str
    width: float
    ring: bool = False


@dataclass(frozen=True)
class Flags:
    """Flags, how many rows they take above the plot, and what the numbers in rings mean, in order."""

    flags: tuple[Flag, ...]
    rows: int
    key: tuple[str, ...]


def flags(asked: Iterable[tuple[float, str, str]], *, text: float, width: float, most: int) -> Flags:
    """Upright lines for (x, words, kind) in at most `most` rows of words, so placed that no line runs through words.

    Where that cannot be, or words would have to be cut, each gets a number. `text` is the size of the words,
    `width` that of the drawing.
    """
    wanted = sorted(asked)
    placed: list[tuple[int, Flag]] = []
    for x, words, kind in wanted:
        wide = axis.width(words, text)
        found = _place(x, words, kind, wide, placed, width=width, most=most)
        if found is None:
            return _numbered(wanted, text=text, width=width)
        placed.append(found)
    return Flags(_lowered(placed), max((row for row, _ in placed), default=-1) + 1, ())


def _place(
    x: float, words: str, kind: str, wide: float, placed: Sequence[tuple[int, Flag]], *, width: float, most: int
) -> tuple[int, Flag] | None:
    for row in range(most):
        for left in (False, True):
            flag = Flag(x, 0, words, left, kind, wide)
            inside = _box(flag)[0] >= 0 and _box(flag)[1] <= width
            if inside and _clear(flag, row, placed):
                return row, flag
    return None


def _numbered(wanted: Sequence[tuple[float, str, str]], *, text: float, width: float) -> Flags:
    placed: list[tuple[int, Flag]] = []
    for n, (x, _, kind) in enumerate(wanted, 1):
        near = {row for row, other in placed if abs(other.x - x) < RING}
        row = next(row for row in range(len(wanted)) if row not in near)
        placed.append((row, Flag(x, 0, str(n), False, kind, RING, ring=True)))
    key = tuple(axis.shortened(words, text, width - RING - 8) for _, words, _ in wanted)
    return Flags(_lowered(placed), max(row for row, _ in placed) + 1, key)


def _lowered(placed: Sequence[tuple[int, Flag]]) -> tuple[Flag, ...]:
    return tuple(replace(flag, top=6 + row * ROW) for row, flag in placed)


def _box(flag: Flag) -> tuple[float, float]:
    return (flag.x - 7 - flag.width, flag.x) if flag.left else (flag.x, flag.x + 7 + flag.width)


def _clear(flag: Flag, row: int, placed: Sequence[tuple[int, Flag]]) -> bool:
    """Whether words stand apart, no line from above runs through these words, and this line through no words below."""
    x1, x2 = _box(flag)
    for their_row, other in placed:
        o1, o2 = _box(other)
        if their_row == row and x1 < o2 + 10 and o1 < x2 + 10:
            return False
        if their_row <= row and x1 - 4 < other.x < x2 + 4:
            return False
        if their_row >= row and o1 - 4 < flag.x < o2 + 4:
            return False
    return True


def spread(named: Sequence[tuple[str, str, float]], x: float, top: float, foot: float) -> tuple[Label, ...]:
    """Words beside their lines, moved apart where they would overlap, in the lines' order and inside the drawing."""
    ranked = sorted(named, key=lambda each: (each[2], ("limit", "target", "mean").index(each[1])))
    ys: list[float] = []
    for _, _, y in ranked:
        ys.append(y if not ys else max(y, ys[-1] + APART))
    over = ys[-1] - (foot - 4)
    if over > 0:
        ys[-1] -= over
    for n in range(len(ys) - 2, -1, -1):
        ys[n] = min(ys[n], ys[n + 1] - APART)
    ys = _centred(ys, [each[2] for each in ranked], top)
    return tuple(Label(x, y, text, kind, from_y=at) for (text, kind, at), y in zip(ranked, ys, strict=True))


def _centred(ys: list[float], wanted: Sequence[float], top: float) -> list[float]:
    """Each pile of words that touch is moved up, to the middle of its lines, as far as the pile above lets it."""
    piles: list[list[int]] = []
    for n in range(len(ys)):
        if piles and ys[n] - ys[n - 1] < APART + 0.01:
            piles[-1].append(n)
        else:
            piles.append([n])
    above = top
    for pile in piles:
        shift = sum(ys[n] - wanted[n] for n in pile) / len(pile)
        free = ys[pile[0]] - above
        move = max(0.0, min(shift, free))
        for n in pile:
            ys[n] -= move
        above = ys[pile[-1]] + APART
    return ys
