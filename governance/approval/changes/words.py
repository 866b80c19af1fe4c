"""A change in a few words, for titles, subject lines and lists. Pure."""

from __future__ import annotations

from dataclasses import dataclass

NAMES = {
    "version": "New version",
    "use": "Another use",
    "population": "Other people",
    "hosting": "Other hosting",
    "certificate": "Evidence ended",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of change a person may note, and what it would touch of one deployment."""

    kind: str
    label: str
    consequence: str


def name_of(kind: str, version: str = "") -> str:
    """`Version 2.4`, `Another use`, `Evidence ended`."""
    return f"Version {version}" if version else NAMES[kind]


def from_or_on(kind: str) -> str:
    """Evidence ends `on` a day; anything else is so `from` one."""
    return "on" if kind == "certificate" else "from"
