"""The page on which the figures of a month are entered, and the account of what was entered together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for

from governance.clock import add_months
from governance.monitoring.readings import periods, presenters, queries, rules
from governance.monitoring.readings.forms import Asked
from governance.monitoring.readings.models import Indicator, ReadingBatch
from governance.monitoring.readings.queries import Entered
from governance.permissions import Actor
from governance.register.models import Deployment
from governance.web.wording import moment, plural


@dataclass(frozen=True, slots=True)
class Held:
    """A figure of the month that is in already."""

    period: str
    value: str
    correct_url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One indicator on the page of a month: what is asked, what is held. `note` says why nothing is asked."""

    number: int
    name: str
    about: str
    asked: tuple[Asked, ...]
    held: tuple[Held, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Together:
    """Figures entered together: (indicator, period, value, note) for each, and the facts of the batch."""

    title: str
    facts: tuple[tuple[str, str], ...]
    digest: str
    rows: tuple[tuple[str, str, str, str], ...]


def groups(deployment: Deployment, month: date, by: Actor, on: date) -> list[Group]:
    """Every indicator measured now with its periods that end in a month and are over."""
    rows = queries.indicators(deployment, ended=False)
    figures = queries.figures_of([each.id for each in rows])
    found = []
    for row in rows:
        held = {each.period_on: each for each in figures.get(row.id, ())}
        ended = list(_ending(month, row.frequency))
        over = [period for period in ended if periods.ends_on(period, row.frequency) < on]
        daily = row.frequency == "daily"
        asked = () if daily else tuple(_asked(row, period) for period in over if period not in held)
        found.append(
            Group(
                number=row.number,
                name=row.name,
                about=presenters.aim(row),
                asked=asked,
                held=tuple(_held(row, held[period].value, period, deployment, by) for period in over if period in held)
                if not daily else (),
                note=_note(daily, ended, over, row.frequency),
            )
        )  # fmt: skip
    return found


def entered_together(batch: ReadingBatch, rows: Sequence[Entered], indicators: Sequence[Indicator]) -> Together:
    """The account of a batch."""
    known = {each.id: each for each in indicators}
    corrections = sum(each.revision > 1 for each in rows)
    said = plural(len(rows), "figure") + (f", {plural(corrections, 'correction')}" if corrections else "")
    facts = (
        ("Entered by", rows[0].by if rows else ""),
        ("Entered", moment(batch.entered_at)),
        ("From", batch.filename or "the form"),
    )
    return Together(
        title=f"{said} entered",
        facts=facts,
        digest=batch.digest,
        rows=tuple(
            (
                known[each.indicator_id].name,
                periods.name(each.period_on, known[each.indicator_id].frequency),
                rules.said(each.value, known[each.indicator_id].unit),
                f"Correction: {each.note}" if each.revision > 1 else each.note,
            )
            for each in rows
        ),
    )


def _ending(month: date, frequency: str) -> Iterator[date]:
    """Periods whose last day lies in a month."""
    after = add_months(month, 1)
    begins = periods.period_of(month, frequency)
    while periods.ends_on(begins, frequency) < after:
        yield begins
        begins = periods.next_period(begins, frequency)


def _asked(row: Indicator, period: date) -> Asked:
    said = periods.name(period, row.frequency)
    return Asked(row.number, period, f"{row.name}, {said}", row.unit)


def _held(row: Indicator, value: Decimal, period: date, deployment: Deployment, by: Actor) -> Held:
    return Held(
        period=periods.name(period, row.frequency),
        value=rules.said(value, row.unit),
        correct_url=url_for(
            "figures.correct", organisation=by.organisation_code, reference=deployment.reference, number=row.number,
            period=period.isoformat(),
        ),
    )  # fmt: skip


def _note(daily: bool, ended: Sequence[date], over: Sequence[date], frequency: str) -> str:
    if daily:
        return "Figures of single days come in a file."
    if not ended:
        return "Its quarter does not end in this month."
    return "" if over else f"Not over yet. Enter it from {presenters.day_after(ended[0], frequency)}."
