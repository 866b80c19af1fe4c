"""The square a telephone reads (QR): level M, as one path of runs. The page around it gives its white edge."""

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class Run:
    """Dark modules side by side: column, row, how many."""

    x: int
    y: int
    length: int


def lay_out(text: str) -> tuple[int, tuple[Run, ...]]:
    """(modules on a side, runs of dark modules, row by row)."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
    return len(rows), tuple(run for y, row in enumerate(rows) for run in _runs(y, row))


def _runs(y: int, row: list[int]) -> list[Run]:
    found, start = [], None
    for x, module in enumerate([*row, 0]):
        if module and start is None:
            start = x
        if not module and start is not None:
            found.append(Run(start, y, x - start))
            start = None
    return found
