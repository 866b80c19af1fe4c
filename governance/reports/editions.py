"""Editions of a report and their issues: `full`, and `full.2` where the first issue was found to be wrong. Pure."""

from __future__ import annotations

FULL = "full"
PARTNER = "partner"
DECIDED = (FULL, PARTNER)
"""Editions made once it is decided; the interim ones are made before."""


def issue(edition: str, number: int) -> str:
    """The code of an issue of an edition; the first has none of its own."""
    return edition if number == 1 else f"{edition}.{number}"


def parts(code: str) -> tuple[str, int]:
    """The edition and the number of its issue."""
    edition, _, number = code.partition(".")
    return edition, int(number) if number.isdecimal() else 1


def is_decided(code: str) -> bool:
    """Whether it was made after the decision, whichever issue."""
    return parts(code)[0] in DECIDED
