"""Small marks: bars of a check code, ticks of a turn."""

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
