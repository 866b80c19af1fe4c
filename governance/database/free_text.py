"""Which columns hold what people typed, and from which of them patient details can be taken out (`free_text.yaml`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

FILE = Path(__file__).parent / "free_text.yaml"
SHORT = 60
"""A text column shorter than this holds a code; a marker would not fit."""


@cache
def _said() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def redactable(table: str) -> tuple[str, ...]:
    """Columns of a table from which a text can be removed."""
    return tuple(_said()["redactable"].get(table, ()))


def kept(table: str) -> dict[str, str]:
    """Columns of a table that hold words and stay, each with why."""
    return dict(_said()["kept"].get(table) or {})


def tables() -> frozenset[str]:
    """Every table that the file names."""
    return frozenset(_said()["redactable"]) | frozenset(_said()["kept"])


def holds_words(column: sa.Column[Any]) -> bool:
    """Whether a column can hold what somebody typed: a text, JSON, or a string long enough that is no key, code or digest."""
    kind = column.type
    if isinstance(kind, sa.JSON | sa.Text):
        return True
    if isinstance(kind, sa.Enum) or not isinstance(kind, sa.String) or column.foreign_keys:
        return False
    return (kind.length or SHORT) > SHORT and kind.length != 64


def is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)
