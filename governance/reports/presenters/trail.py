"""Chapter 6: the audit trail of the deployment, with its head in full and how to check it.

Neighbouring events of one kind, by one person, on one day share a line that says how many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from governance.clock import london_date
from governance.reports import sentences
from governance.reports.material import Event, Material
from governance.web.wording import long_date, moment, number, plural

PARTNER = "partner"
TOGETHER = {
    "hazard.added": "{} hazards named",
    "hazard.changed": "{} changes to hazards",
    "hazard.scored": "{} scores given to hazards",
    "hazard.accepted": "{} residual risks accepted with a reason",
    "control.added": "{} controls added",
    "control.changed": "{} controls changed",
    "draft.saved": "{} pages of the draft saved",
    "condition.proposed": "{} conditions proposed",
    "condition.open": "{} conditions came into force",
    "condition.void": "{} conditions fell with their round",
    "section.judged": "{} sections judged",
}


@dataclass(frozen=True)
class EventLine:
    """One line of the trail: positions, when, what, who, and the hash of its (last) event."""

    positions: str
    on: str
    at: str
    what: str
    who: str
    hash: str


@dataclass(frozen=True)
class TrailPart:
    """Chapter 6."""

    lede: str
    rows: tuple[EventLine, ...]
    empty: str
    stream: str
    position: str
    head: str
    read: str
    steps: tuple[str, ...]


def trail_part(material: Material) -> TrailPart:
    """Chapter 6."""
    trail = material.trail
    rows = tuple(_lines(trail.events))
    return TrailPart(
        lede=_lede(material),
        rows=rows,
        empty="The organisation’s own audit page lists them." if material.edition == PARTNER else "Nothing is recorded yet.",
        stream=trail.stream,
        position=number(trail.position),
        head=trail.head,
        read=moment(material.issued_at),
        steps=(
            f"Open {address(material.public_url)}/check and type the check code of the pack. The page must show the same code, "
            "bars and decision.",
            "Ask the organisation for its audit page. The event at the position below must have the hash below.",
            "The operator runs “flask audit verify”. It walks every stream, compares each protected row with its event and "
            "each receipt with the chain, and names what does not fit.",
        ),
    )


def _lede(material: Material) -> str:
    if material.edition == PARTNER:
        return "The events name people, so they stay with the organisation. The head of their chain is here, to compare."
    count = plural(len(material.trail.events), "event")
    return f"{count} in the stream of this deployment, each chained to the one before. Who did what is kept as it was written."


def address(url: str) -> str:
    """A web address as people type it, without its scheme."""
    return url.split("://", 1)[-1].rstrip("/")


def line(event: Event) -> EventLine:
    """One event on its own, as the audit page shows it."""
    day, _, hour = moment(event.at).partition(", ")
    what = sentences.sentence(event.kind, event.payload)
    if sentences.is_redacted(event.payload):
        what += " (details removed)"
    return EventLine(number(event.position), day, hour, what, event.who, event.hash)


def _lines(events: Sequence[Event]) -> Iterable[EventLine]:
    for (kind, who, _), run in groupby(events, key=lambda e: (e.kind, e.who, london_date(e.at))):
        together = list(run)
        if len(together) < 3 or kind not in TOGETHER:
            yield from (line(event) for event in together)
        else:
            first, last = together[0], together[-1]
            yield EventLine(
                positions=f"{number(first.position)}–{number(last.position)}",
                on=long_date(last.at),
                at=moment(last.at).partition(", ")[2],
                what=TOGETHER[kind].format(number(len(together))),
                who=who,
                hash=last.hash,
            )
