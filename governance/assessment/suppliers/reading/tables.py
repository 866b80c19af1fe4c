"""What both formats come to: tables of cells with lines of text, and the text around them. Boxes are drawn as ☒ and ☐."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

TICKED, EMPTY = "☒", "☐"
MOST_ROWS = 4000
MOST_COLUMNS = 64
LONGEST_CELL = 60_000

_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\ufeff\u00ad"


@dataclass(frozen=True, slots=True)
class Cell:
    """`column` counts from 0; `columns` is how many it covers. `continues`: it is the lower part of a cell further up."""

    column: int
    columns: int
    lines: tuple[str, ...]
    continues: bool = False

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts from 1 in its table."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `number` counts from 1 in its document, `before` is the last line of text above it."""

    number: int
    rows: tuple[Row, ...]
    before: str


@dataclass(frozen=True, slots=True)
class Document:
    """Tables in their order, and the lines that stand in none: headers of pages come first."""

    tables: tuple[Table, ...]
    loose: tuple[str, ...]


def lines(texts: Iterable[str]) -> tuple[str, ...]:
    """Tidy lines, empty ones left out: no control or direction-changing characters, runs of space as one."""
    found, length = [], 0
    for text in texts:
        for line in text.replace("\r", "\n").split("\n"):
            if tidied := tidy(line):
                found.append(tidied)
                length += len(tidied)
                if length > LONGEST_CELL:
                    return tuple(found)
    return tuple(found)


def tidy(text: str) -> str:
    """One line of text as it is kept."""
    said = unicodedata.normalize("NFC", text)
    if not said.isascii():
        said = "".join(c for c in said if c not in _TURNING)
    said = "".join(c if c.isspace() or ord(c) >= 32 else " " for c in said)
    said = "".join(c for c in said if unicodedata.category(c) != "Cc" or c.isspace()) if not said.isprintable() else said
    return re.sub(r"\s+", " ", said).strip()


def span(said: str | None) -> int:
    """How many columns or rows something covers, where a file says so: 1 to 64."""
    return min(int(said), MOST_COLUMNS) if said and said.isascii() and said.isdigit() and len(said) < 6 and int(said) else 1
