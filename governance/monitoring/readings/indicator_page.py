"""One indicator as its page shows it: the chart, its figures as they were entered, and what was changed about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from governance.clock import london_date
from governance.monitoring import charting
from governance.monitoring.readings import periods, queries, rules, slots
from governance.monitoring.readings.models import Indicator, IndicatorChange, Rebase
from governance.monitoring.readings.presenters import awaited_words, capital, drawing_of, few
from governance.monitoring.readings.queries import Entered
from governance.monitoring.readings.slots import Mark
from governance.permissions import Actor, Permission, Role
from governance.register.models import Deployment
from governance.web.wording import long_date, plural


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One row of an indicator's figures. `corrected` are the rows it stands over."""

    period: str
    value: str
    who: str
    note: str
    correct_url: str
    corrected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One indicator."""

    number: int
    name: str
    caption: str
    lede: str
    drawing: charting.Drawing | None
    few: str
    facts: tuple[tuple[str, str], ...]
    unit: str
    figures: tuple[FigureLine, ...]
    history: tuple[tuple[str, str, str], ...]
    marks: tuple[Mark, ...]
    awaited: str
    late: bool
    ended: bool
    may_enter: bool
    may_manage: bool
    urls: Mapping[str, str]


def build(indicator: Indicator, deployment: Deployment, by: Actor, on: date) -> Page:
    """One indicator with its chart, its figures as they were entered, and what was changed about it."""
    entered = queries.entered(indicator)
    figures = queries.figures_of([indicator.id]).get(indicator.id, [])
    rebases = queries.rebases_of([indicator.id]).get(indicator.id, [])
    watched = rules.is_watched(deployment.stage, deployment.standing) and indicator.ended_on is None
    waits = next(iter(queries.not_in([indicator], on)), None) if watched else None
    here: dict[str, Any] = {"organisation": by.organisation_code, "reference": deployment.reference}
    own = by.organisation_id == deployment.organisation_id
    said, late = awaited_words(waits)
    may_enter = own and watched and by.may(Permission.ENTER_READINGS, deployment_id=deployment.id)
    return Page(
        number=indicator.number,
        name=indicator.name,
        caption=f"{deployment.reference} · indicator {indicator.number}",
        lede=f"{rules.DIRECTION_WORDS[indicator.direction]}. Measured {periods.WORDS[indicator.frequency]}.",
        drawing=drawing_of(indicator, figures, rebases, queries.versions(deployment)),
        few=few(len(figures)),
        facts=_facts(indicator),
        unit=indicator.unit,
        figures=tuple(_lines(indicator, entered, here, may_enter)),
        history=tuple(_history(indicator, queries.changes_of(indicator), rebases)),
        marks=slots.marks_of(deployment, by).get(indicator.id, ()),
        awaited=said,
        late=late,
        ended=indicator.ended_on is not None,
        may_enter=may_enter,
        may_manage=own and watched and by.may(Permission.MANAGE_INDICATORS, deployment_id=deployment.id),
        urls={
            name: url_for(f"readings.{name}", number=indicator.number, **here)
            for name in ("change", "end", "rebase")
        }
        | {"enter": url_for("figures.enter", **here), "overview": url_for("readings.overview", **here)},
    )  # fmt: skip


def _facts(row: Indicator) -> tuple[tuple[str, str], ...]:
    last = periods.WITHIN[row.frequency]
    pairs = (
        ("Where it comes from", row.source),
        ("Counted in", row.unit),
        ("Target", row.target_text or (rules.said(row.target, row.unit) if row.target is not None else "")),
        ("Red below", rules.said(row.limit_low, row.unit) if row.limit_low is not None else ""),
        ("Red above", rules.said(row.limit_high, row.unit) if row.limit_high is not None else ""),
        ("Due", f"Within {plural(last, 'working day')} of the end of each {_each(row.frequency)}"),
        ("Figures expected from", capital(periods.name(row.first_period_on, row.frequency))),
        ("Who looks at it", row.owner),
        ("Whose turn a signal is", Role(row.owner_role).heading),
        ("Taken from", f"Monitoring plan, revision {row.plan_revision}" if row.plan_revision else ""),
        ("Rules of the chart", "Making Data Count" if row.profile == "making_data_count" else row.profile),
        ("Measured until", long_date(row.ended_on)),
    )
    return tuple(pair for pair in pairs if pair[1])


def _each(frequency: str) -> str:
    return {"daily": "day", "weekly": "week", "quarterly": "quarter"}.get(frequency, "month")


def _lines(
    indicator: Indicator, entered: Sequence[Entered], here: Mapping[str, Any], may_enter: bool
) -> list[FigureLine]:
    by_period: dict[date, list[Entered]] = {}
    for each in entered:
        by_period.setdefault(each.period_on, []).append(each)
    lines = []
    for period, (now, *before) in by_period.items():
        correct = url_for("figures.correct", number=indicator.number, period=period.isoformat(), **here)
        lines.append(
            FigureLine(
                period=capital(periods.name(period, indicator.frequency)),
                value=rules.said(now.value, "%" if indicator.unit.startswith("%") else ""),
                who=f"{now.by}, {long_date(now.at)}{', from a file' if now.source == 'csv' else ''}",
                note=now.note,
                correct_url=correct if may_enter else "",
                corrected=tuple(
                    f"{rules.said(each.value, indicator.unit)} until {long_date(london_date(after.at))}, by {each.by}"
                    for after, each in zip((now, *before), before, strict=False)
                ),
            )
        )
    return lines


def _history(
    indicator: Indicator, changes: Sequence[tuple[IndicatorChange, str]], rebases: Sequence[Rebase]
) -> list[tuple[str, str, str]]:
    names = queries.names({row.decided_by for row in rebases})
    words = {"added": "Measured from here on", "changed": "Changed", "ended": "Not measured any more"}
    found = []
    for change, name in changes:
        told = [f"{field}: {before} to {after}" for field, before, after in change.changes]
        note = f"{name}. " + ". ".join(part for part in (capital("; ".join(told)), change.reason.rstrip(".")) if part)
        found.append((change.at, words[change.kind], note.rstrip(". ") + "."))
    for row in rebases:
        period = periods.name(row.period_on, indicator.frequency)
        found.append((row.decided_at, f"New limits from {period}", f"{names.get(row.decided_by, '')}. {row.reason}"))
    return [(long_date(at), what, note) for at, what, note in sorted(found, key=lambda each: each[0], reverse=True)]
