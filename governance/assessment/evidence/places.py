"""Where evidence is used. Answers, documents, conditions and controls are tables of later rooms: each hands in a finder here.

Filled once, when the application is made. A finder answers for any number of items in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Place:
    """One thing an item stands behind.

    `use_id` is the row that says so; None where the thing names its file itself, as a document does. `kind` is a key of
    `rules.SUBJECTS`. `what` says it ("DTAC C3.3"), `tool` and `references` (submissions, or the deployment) say of which.
    `endpoint` and `values` lead to its page, in whichever organisation reads it. `live`: it still counts for something.
    `stays` says why a newer item cannot take the place by itself; empty where it can.
    """

    evidence_id: int
    use_id: int | None
    kind: str
    what: str
    tool: str
    references: tuple[str, ...]
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    live: bool = True
    stays: str = ""

    @property
    def moves(self) -> bool:
        """Whether a newer item takes this place by itself."""
        return self.use_id is not None and self.live and not self.stays


finders: list[Callable[[Collection[int]], Iterable[Place]]] = []
named: list[Callable[[Collection[int]], sa.Select[Any]]] = []
"""Selections of ids of evidence that things of some organisations name themselves."""


def of(evidence_ids: Collection[int]) -> dict[int, list[Place]]:
    """Every place where each of these items is used, by the item; what no longer counts comes last."""
    found: dict[int, list[Place]] = {number: [] for number in evidence_ids}
    for find in finders if found else ():
        for place in find(list(found)):
            found[place.evidence_id].append(place)
    return {number: sorted(places, key=lambda each: not each.live) for number, places in found.items()}


def live(evidence_ids: Collection[int]) -> dict[int, list[Place]]:
    """As `of`, without what no longer counts for anything: a tool that ceased, a condition that is met."""
    return {number: [place for place in places if place.live] for number, places in of(evidence_ids).items()}


def selections(scope: Collection[int]) -> Sequence[sa.Select[Any]]:
    """Ids of evidence that a thing of these organisations names itself."""
    return [select(scope) for select in named]
