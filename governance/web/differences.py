"""Two texts as one reads the change from the first to the second: what stayed, what was struck out, what was put in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

SAME, OUT, IN = "same", "out", "in"
LONGEST = 240
ALIKE = 0.4
"""Texts less alike than this are shown whole, the old struck out and the new beside it."""

Piece = tuple[str, str]


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts as what stayed, what was struck out and what was put in, word by word where they are alike."""
    if not before:
        return ((IN, cut(after)),)
    if not after:
        return ((OUT, cut(before)),)
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE or max(len(before), len(after)) > 4 * LONGEST:
        return ((OUT, cut(before)), (SAME, " "), (IN, cut(after)))
    return tuple(_pieces(matcher, old, new))


def _pieces(matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for n, (tag, i1, i2, j1, j2) in enumerate(matcher.get_opcodes()):
        space = " " if n else ""
        if tag == "equal":
            yield (SAME, f"{space}{_middle(' '.join(new[j1:j2]))}")
            continue
        if i2 > i1:
            yield from ((SAME, space), (OUT, " ".join(old[i1:i2])))
        if j2 > j1:
            yield from ((SAME, " " if space or i2 > i1 else ""), (IN, " ".join(new[j1:j2])))


def cut(text: str) -> str:
    """A text with its end left out where it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"


def _middle(text: str) -> str:
    """A long stretch that stayed the same, with its middle left out."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:90].rsplit(' ', 1)[0]} … {text[-90:].split(' ', 1)[-1]}"
