"""An organisation's tools by stage, and what falls due in the next ninety days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from markupsafe import Markup

from governance.home.presenters.words import short
from governance.home.queries import Dated, Due, Expiring
from governance.lifecycle import Stage, Standing
from governance.permissions import Actor
from governance.pictures import draw
from governance.reports.words import shortened, small
from governance.web.wording import listed

DAYS = 90
MOST_MARKS = 18
MOST_DUE = 8
ORDER = (Standing.ASSURED, Standing.DECLARED, Standing.LAPSED, Standing.SUSPENDED, Standing.PROPOSED)
LEGEND = {
    Standing.ASSURED: "assured",
    Standing.DECLARED: "declared: in use, not yet assured",
    Standing.LAPSED: "lapsed: decision needed",
    Standing.SUSPENDED: "suspended",
    Standing.PROPOSED: "not yet in use",
}
SPANS = (("Next 30 days", 0, 30), ("31 to 60 days", 31, 60), ("61 to 90 days", 61, 90))


@dataclass(frozen=True, slots=True)
class Station:
    """One stage: how many tools stand there, a mark for each, and the same in words."""

    label: str
    href: str
    number: int
    marks: tuple[Markup, ...]
    more: int
    says: str


@dataclass(frozen=True, slots=True)
class Legend:
    """What one mark means."""

    mark: Markup
    text: str


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that falls due."""

    on: date
    day: str
    text: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class Span:
    """What falls due in one span of days; `more` counts those not listed."""

    title: str
    items: tuple[Coming, ...]
    more: int


Counts = Mapping[tuple[Stage, Standing], int]


def stations(counts: Counts, by: Actor) -> tuple[Station, ...]:
    """The five stages with their tools, the assured first."""
    drawn = {standing: draw.standing(standing.value) for standing in ORDER}
    made = []
    for stage in Stage:
        here = [(standing, counts.get((stage, standing), 0)) for standing in ORDER]
        marks = [drawn[standing] for standing, number in here for _ in range(min(number, MOST_MARKS))][:MOST_MARKS]
        total = sum(number for _, number in here)
        made.append(
            Station(
                label=stage.label,
                href=url_for("register.tools", organisation=by.organisation_code, stage=stage.value),
                number=total,
                marks=tuple(marks),
                more=max(0, total - MOST_MARKS),
                says=listed(f"{number} {LEGEND[standing].partition(':')[0]}" for standing, number in here if number),
            )
        )
    return tuple(made)


def legend(counts: Counts) -> tuple[Legend, ...]:
    """Marks that stand in the picture, with their words."""
    there = {standing for (_, standing), number in counts.items() if number}
    return tuple(Legend(draw.standing(each.value), LEGEND[each]) for each in ORDER if each in there)


def falls_due(
    found: Iterable[Dated], conditions: Iterable[Due], evidence: Iterable[Expiring], by: Actor, on: date
) -> tuple[Span, ...]:
    """Conditions, pilots that end, approvals that lapse, evidence that expires and reviews, in three spans."""
    coming = sorted(
        [*_conditions(conditions, by, on), *_days(found, by, on), *_evidence(evidence, by, on)],
        key=lambda each: each.on,
    )
    made = []
    for title, first, last in SPANS:
        here = [each for each in coming if first <= (each.on - on).days <= last]
        made.append(Span(title, tuple(here[:MOST_DUE]), max(0, len(here) - MOST_DUE)))
    return tuple(made) if any(each.items for each in made) else ()


def _conditions(conditions: Iterable[Due], by: Actor, on: date) -> Iterable[Coming]:
    for each in conditions:
        href = url_for("conditions.condition", organisation=by.organisation_code, condition_id=each.id)
        yield Coming(
            each.due_on,
            short(each.due_on, on),
            f"Condition: {shortened(small(each.text), 48)}",
            href,
            each.tool,
        )


def _days(found: Iterable[Dated], by: Actor, on: date) -> Iterable[Coming]:
    until = on + timedelta(days=DAYS)
    for each in found:
        href = url_for("deployments.deployment", organisation=by.organisation_code, reference=each.reference)
        ends = "Pilot ends" if each.stage is Stage.PILOT else "Approval lapses"
        for day, text in ((each.approved_until, ends), (each.next_review_on, "Next review")):
            if day is not None and on <= day <= until and each.standing is Standing.ASSURED:
                yield Coming(day, short(day, on), text, href, each.tool)


def _evidence(evidence: Iterable[Expiring], by: Actor, on: date) -> Iterable[Coming]:
    for each in evidence:
        href = url_for("evidence.item", organisation=by.organisation_code, evidence_id=each.id)
        yield Coming(each.expires_on, short(each.expires_on, on), each.title, href, "Evidence expires")
