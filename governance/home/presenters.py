"""First screens as plain values."""

from dataclasses import dataclass
from datetime import datetime

from governance.permissions import Actor


@dataclass(frozen=True)
class Screen:
    """What every first screen has: which template draws it, and its headline."""

    kind: str
    title: str


def first_screen(by: Actor, at: datetime) -> Screen:
    """The screen for what the person holds."""
    return Screen("plain", "Nothing needs you today")
