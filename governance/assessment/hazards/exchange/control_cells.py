"""How several controls stand in one cell, and are read from it. Pure.

Written: “1. ” before each, and its further lines set in by three spaces, so that any text comes back as it was. Read: numbers
or bullets at the beginning of lines part the controls; a text without them is one control.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST = 30
"""Controls of one kind that a cell may hold."""
_NUMBERED = re.compile(r"(\d{1,3})[.)](?:[ \t\xa0]+(.*))?", re.DOTALL)
_BULLET = re.compile(r"[-–—•*▪●][ \t\xa0]+(.*)", re.DOTALL)
_INDENT = "   "


def written(texts: Sequence[str]) -> str:
    """The texts of one cell, numbered by their place; an empty one is left out and its number with it."""
    return "\n".join(f"{n}. " + text.replace("\n", f"\n{_INDENT}") for n, text in enumerate(texts, 1) if text)


def parted(text: str) -> dict[int, str]:
    """The texts of a cell by their number; bullets count from 1, a text without either is number 1."""
    lines = text.split("\n")
    if not text.strip():
        return {}
    if _NUMBERED.fullmatch(lines[0]):
        return _numbered(lines)
    if _BULLET.fullmatch(lines[0]):
        return _bullets(lines)
    return {1: text.strip()}


def _numbered(lines: Sequence[str]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    last = -1
    for line in lines:
        match = _NUMBERED.fullmatch(line)
        if match and int(match[1]) > last:
            last = int(match[1])
            found[last] = [match[2] or ""]
        else:
            found[last].append(line.removeprefix(_INDENT))
    return _joined(found)


def _bullets(lines: Sequence[str]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for line in lines:
        match = _BULLET.fullmatch(line)
        if match:
            found[len(found) + 1] = [match[1]]
        else:
            found[len(found)].append(line)
    return _joined(found)


def _joined(found: dict[int, list[str]]) -> dict[int, str]:
    texts = {number: "\n".join(lines).strip() for number, lines in found.items()}
    return {number: text for number, text in texts.items() if text}
