"""What later rooms hand to the page on which somebody authorises; filled once, when the application is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from governance.approval.queries import Position
from governance.permissions import Actor


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a committee attached to its opinion on a submission: who, when, the caveats, and where its minutes are.

    `earlier`: it read a pack before this one. `href` is empty where this person may not read it.
    """

    who: str
    caveats: tuple[str, ...]
    link: str
    href: str
    earlier: bool


opinions: list[Callable[[Position, Actor], Sequence[Opinion]]] = []


def opinions_on(here: Position, by: Actor) -> tuple[Opinion, ...]:
    """The opinions with caveats on a submission, the newest first. They bind nobody."""
    return tuple(opinion for give in opinions for opinion in give(here, by))
