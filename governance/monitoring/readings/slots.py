"""What the rooms above hand to this one; filled once, when the application is made.

`looks` see figures in the transaction that wrote them: each is given the deployment, for each indicator the first period
that changed, who acts and when. `marks` say what is open about the indicators of a deployment, by indicator id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from governance.monitoring.readings.models import Indicator
from governance.permissions import Actor
from governance.register.models import Deployment


@dataclass(frozen=True, slots=True)
class Seen:
    """One indicator whose figures or limits changed, from which period on. `entered` are the periods with a new figure."""

    indicator: Indicator
    since: date
    entered: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """One open signal as a row shows it: its level, its words and where it is."""

    level: str
    text: str
    href: str


Look = Callable[[Deployment, Sequence[Seen], Actor, datetime], None]

looks: list[Look] = []
marks: list[Callable[[Deployment, Actor], Mapping[int, Sequence[Mark]]]] = []


def look(deployment: Deployment, seen: Sequence[Seen], by: Actor, at: datetime) -> None:
    """Let every room look at what changed."""
    for each in looks:
        each(deployment, seen, by, at)


def marks_of(deployment: Deployment, by: Actor) -> dict[int, tuple[Mark, ...]]:
    """What is open about each indicator, by its id."""
    found: dict[int, tuple[Mark, ...]] = {}
    for give in marks:
        for ident, some in give(deployment, by).items():
            found[ident] = (*found.get(ident, ()), *some)
    return found
