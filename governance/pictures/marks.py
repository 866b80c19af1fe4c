"""Small marks: bars of a check code, ticks of a turn, dots and wave of the control chart's icons."""

from dataclasses import dataclass

MOST_TICKS = 20


@dataclass(frozen=True)
class Bar:
    """One upright bar or tick; `kind` for ticks: gone, over or left."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""


def check_bars(eight: str, *, height: float = 16) -> tuple[Bar, ...]:
    """Eight bars, 3 wide: height 3 plus value/15 of the rest, with a gap after the fourth.

    Raises ValueError when `eight` is not eight hexadecimal characters.
    """
    if len(eight) != 8:
        raise ValueError(f"a check code has eight characters, not {len(eight)}")
    bars, x = [], 0.0
    for n, character in enumerate(eight):
        tall = 3 + (height - 3) * int(character, 16) / 15
        bars.append(Bar(x, height - tall, 3, tall))
        x += 5 + (4 if n == 3 else 0)
    return tuple(bars)


def ticks(gone: int, expected: int) -> tuple[Bar, ...]:
    """Ticks of 5.5 × 14 for working days: gone, over the expected, and left. At most twenty are drawn."""
    total = min(max(gone, expected), MOST_TICKS)
    kinds = ["over" if n >= expected else "gone" if n < gone else "left" for n in range(total)]
    return tuple(Bar(n * 8.5, 0, 5.5, 14, kind) for n, kind in enumerate(kinds))


DOTS = {
    "": ((12, 33), (21, 27), (30, 34), (39, 27), (48, 33)),
    "H": ((14, 38), (21.5, 40), (29, 36), (37, 28), (44.5, 21)),
    "L": ((14, 22), (21.5, 20), (29, 25), (37, 33), (44.5, 40)),
}
"""The dots of the variation icon, 60 by 60: level, rising and falling; the last two carry the colour."""


@dataclass(frozen=True)
class Wave:
    """The assurance icon, 60 by 60: height of its wave and of the target's line, and how far the wave swings."""

    y: float
    line: float
    swing: float


def wave(assurance: str, improvement: str) -> Wave:
    """The wave runs through the target, or on the side of it where the values lie."""
    if assurance == "hit_and_miss":
        return Wave(37, 37, 11)
    above = (assurance == "pass") == (improvement == "increase")
    return Wave(33, 45, 7) if above else Wave(41, 29, 7)
