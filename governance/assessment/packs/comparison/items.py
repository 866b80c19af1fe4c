"""One change in words: a sentence, the words struck out and put in, and whether it makes things better or worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from governance.web.differences import IN, OUT, SAME, Piece, difference
from governance.web.wording import long_date

WORSE, BETTER = "worse", "better"
SHORT = 60
"""Texts up to this many characters are said in the sentence; longer ones are struck out and put in below it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One change. `kind` and `about` are what the summary counts and names: `residual.rose`, `H3`."""

    said: str
    kind: str = ""
    about: str = ""
    tone: str = ""
    lines: tuple[tuple[Piece, ...], ...] = ()


def reworded(name: str, before: str, after: str, kind: str = "text") -> Iterator[Item]:
    """A text that was one thing and is another; nothing where it says the same. `name` begins the sentence."""
    before, after = before.strip(), after.strip()
    if before == after:
        return
    if not before:
        yield Item(f"{name} is new{_said(after)}", kind, name, lines=_whole(IN, after))
    elif not after:
        yield Item(f"{name} is gone{_said(before)}", kind, name, lines=_whole(OUT, before))
    elif max(len(before), len(after)) <= SHORT:
        yield Item(f"{name} was “{bare(before)}” and is now “{bare(after)}”.", kind, name)
    else:
        yield Item(f"{name} was rewritten.", kind, name, lines=(difference(before, after),))


def bare(text: str) -> str:
    """A text without its full stop, to stand in quotation marks."""
    return text[:-1] if text.endswith(".") and not text.endswith("…") else text


def day(text: str | None) -> str:
    """An ISO date as a page says it; “no expiry date” where there is none."""
    return long_date(date.fromisoformat(text[:10])) if text else ""


def _said(text: str) -> str:
    return f": “{bare(text)}”." if len(text) <= SHORT else "."


def _whole(kind: str, text: str) -> tuple[tuple[Piece, ...], ...]:
    if len(text) <= SHORT:
        return ()
    return (difference("", text) if kind == IN else difference(text, ""),)


def line(before: str, after: str) -> tuple[Piece, ...]:
    """Two short words side by side, the old struck out."""
    return ((OUT, before), (SAME, " "), (IN, after))
