"""What is watched, as pages show it: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from governance.lifecycle import Standing
from governance.monitoring import charting
from governance.monitoring.readings import periods, queries, rules, slots
from governance.monitoring.readings.models import Indicator, Rebase
from governance.monitoring.readings.queries import Expected, Figure
from governance.monitoring.readings.slots import Mark
from governance.notifications.queries import path
from governance.permissions import Actor, Permission
from governance.pictures.draw import ChartNote
from governance.questions import subjects
from governance.register.models import Deployment
from governance.web.wording import listed, long_date, plural, starting_small

PLAN_WORDS = {"direction": rules.DIRECTION_WORDS, "frequency": periods.WORDS}


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator in the overview: its latest figure, its aim, what its chart says, and whether a figure is awaited."""

    number: int
    name: str
    href: str
    about: str
    latest: str
    period: str
    aim: str
    variation: str
    letter: str
    variation_words: str
    assurance: str
    assurance_words: str
    improvement: str
    awaited: str
    late: bool
    marks: tuple[Mark, ...]
    ended: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What is watched of one deployment. `said` is one sentence on how it stands."""

    title: str
    caption: str
    said: str
    watched: bool
    rows: tuple[Row, ...]
    past: tuple[Row, ...]
    tool: str
    tool_url: str
    overview_url: str
    may_enter: bool
    may_manage: bool
    enter_url: str
    upload_url: str
    set_up_url: str
    add_url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Figures of one deployment that are over and not in: the period, by when, and how many of its indicators."""

    reference: str
    tool: str
    href: str
    period: str
    about: str
    due_on: date
    late: bool


def init() -> None:
    """Let figures be asked about where they stand."""
    subjects.finders["indicator"] = _subject


def _subject(deployment: Deployment, key: str, _submission: str, by: Actor) -> subjects.Subject | None:
    """An indicator by its number: whoever enters its figures answers."""
    row = next((each for each in queries.indicators(deployment) if str(each.number) == key), None)
    if row is None:
        return None
    place = path(
        "readings.indicator", organisation=by.organisation_code, reference=deployment.reference, number=row.number
    )
    return subjects.Subject("indicator", key, f"Figures of {starting_small(row.name)}", place)


def overview(
    deployment: Deployment, by: Actor, on: date, marks: Mapping[int, Sequence[Mark]] | None = None
) -> Overview:
    """What is watched of a deployment, in a number of queries that does not grow with indicators or figures.

    `marks` is what is open about each indicator, where the caller has read it already.
    """
    every = queries.indicators(deployment)
    idents = [each.id for each in every]
    figures, rebases = queries.figures_of(idents), queries.rebases_of(idents)
    watched = rules.is_watched(deployment.stage, deployment.standing)
    current = [each for each in every if each.ended_on is None]
    there = {ident: [figure.period_on for figure in some] for ident, some in figures.items()}
    awaited = {each.indicator.id: each for each in queries.not_in(current, on, there)} if watched else {}
    marks = slots.marks_of(deployment, by) if marks is None else marks
    rows = [
        _row(each, deployment, by, figures.get(each.id, []), rebases.get(each.id, []), awaited.get(each.id),
             marks.get(each.id, ()))
        for each in every
    ]  # fmt: skip
    running = tuple(row for row in rows if not row.ended)
    here: dict[str, Any] = {"organisation": by.organisation_code, "reference": deployment.reference}
    own = by.organisation_id == deployment.organisation_id
    return Overview(
        title=_title(running, watched),
        caption=f"{deployment.reference} · {deployment.tool.name} at {deployment.organisation.name}",
        said=_said(deployment, running, list(awaited.values()), watched, on),
        watched=watched,
        rows=running,
        past=tuple(row for row in rows if row.ended),
        tool=deployment.tool.name,
        tool_url=url_for("deployments.deployment", **here),
        overview_url=url_for("readings.overview", **here),
        may_enter=own and watched and bool(running) and by.may(Permission.ENTER_READINGS, deployment_id=deployment.id),
        may_manage=own and watched and by.may(Permission.MANAGE_INDICATORS, deployment_id=deployment.id),
        enter_url=url_for("figures.enter", **here),
        upload_url=url_for("figures.upload", **here),
        set_up_url=url_for("readings.set_up", **here),
        add_url=url_for("readings.add", **here),
    )


def drawing_of(
    indicator: Indicator, figures: Sequence[Figure], rebases: Sequence[Rebase], versions: Sequence[tuple[date, str]]
) -> charting.Drawing | None:
    """The control chart with the versions that came into use; None below two figures."""
    chart = queries.chart_of(indicator, figures, rebases)
    if chart is None:
        return None
    notes = [ChartNote(day, f"version {version} in use") for day, version in versions if day >= figures[0].period_on]
    return charting.drawing(chart, title=indicator.name, unit=indicator.unit, notes=notes)


def waiting(by: Actor, on: date) -> list[Waiting]:
    """Figures of the actor's organisations that are awaited, one line for each deployment, the first due first."""
    running = queries.running(by)
    where = {deployment.id: deployment for _, deployment in running}
    rows = [indicator for indicator, _ in running]
    wanted: dict[int, list[Expected]] = {}
    for each in queries.not_in(rows, on):
        wanted.setdefault(each.indicator.deployment_id, []).append(each)
    counted = {ident: sum(row.deployment_id == ident for row in rows) for ident in wanted}
    found = [_waiting(where[ident], some, counted[ident], by, on) for ident, some in wanted.items()]
    return sorted(found, key=lambda each: (each.due_on, each.reference))


def _waiting(deployment: Deployment, some: Sequence[Expected], every: int, by: Actor, on: date) -> Waiting:
    first = min(some, key=lambda each: each.due_on)
    period = min((*first.late, *first.waiting))
    in_already = every - len(some)
    about = f"{in_already} of {plural(every, 'indicator')} already in" if in_already else plural(every, "indicator")
    more = sum(len(each.late) + len(each.waiting) for each in some) - len(some)
    return Waiting(
        reference=deployment.reference,
        tool=deployment.tool.name,
        href=url_for(
            "figures.enter", organisation=by.organisation_code, reference=deployment.reference, month=f"{period:%Y-%m}"
        ),
        period=periods.name(period, first.indicator.frequency),
        about=f"{about}, {plural(more, 'earlier figure')} missing" if more > 0 else about,
        due_on=first.due_on,
        late=first.due_on < on,
    )


def _row(
    indicator: Indicator, deployment: Deployment, by: Actor, figures: Sequence[Figure], rebases: Sequence[Rebase],
    waits: Expected | None, marks: Sequence[Mark],
) -> Row:  # fmt: skip
    drawing = drawing_of(indicator, figures, rebases, ())
    last = figures[-1] if figures else None
    said, late = awaited_words(waits)
    return Row(
        number=indicator.number,
        name=indicator.name,
        href=url_for(
            "readings.indicator", organisation=by.organisation_code, reference=deployment.reference, number=indicator.number
        ),
        about=rules.DIRECTION_WORDS[indicator.direction],
        latest=rules.said(last.value, indicator.unit) if last else "",
        period=capital(periods.name(last.period_on, indicator.frequency)) if last else "",
        aim=aim(indicator),
        variation=drawing.variation if drawing else "",
        letter=drawing.letter if drawing else "",
        variation_words=drawing.variation_words[0] if drawing and drawing.variation_words else few(len(figures)),
        assurance=drawing.assurance if drawing else "none",
        assurance_words=drawing.assurance_words[0] if drawing and drawing.assurance_words else "",
        improvement=drawing.improvement if drawing else "increase",
        awaited=said,
        late=late,
        marks=tuple(marks),
        ended=f"Measured until {long_date(indicator.ended_on)}" if indicator.ended_on else "",
    )


def aim(indicator: Indicator) -> str:
    """The target and the limits in words."""
    target = indicator.target_text or (rules.said(indicator.target, indicator.unit) if indicator.target is not None else "")
    bounds = [
        f"{word} {rules.said(value)}"
        for word, value in (("below", indicator.limit_low), ("above", indicator.limit_high))
        if value is not None
    ]
    parts = ([f"target {target}"] if target else []) + ([f"red {listed(bounds, 'or')}"] if bounds else [])
    return "; ".join(parts)


def awaited_words(waits: Expected | None) -> tuple[str, bool]:
    """“The figure for October is due by …”, or since when it is missing; and whether it is late."""
    if waits is None:
        return "", False
    frequency = waits.indicator.frequency
    if waits.late:
        since = periods.name(waits.late[0], frequency)
        return (f"Missing since {since}" if len(waits.late) > 1 else f"{capital(since)} is missing"), True
    first = waits.waiting[0]
    return f"{capital(periods.name(first, frequency))} is due by {long_date(periods.due_on(first, frequency))}", False


def _said(deployment: Deployment, rows: Sequence[Row], awaited: Sequence[Expected], watched: bool, on: date) -> str:
    if not watched:
        blockers = rules.watch_blockers(deployment.stage, deployment.standing)
        return blockers[0].sentence
    if not rows:
        return "Nothing is measured yet. It is watched from pilot on; a declared tool from its first day."
    paused = " It is suspended: no figure is expected meanwhile." if deployment.standing is Standing.SUSPENDED else ""
    late = [each for each in awaited if each.late]
    if late:
        names = [starting_small(each.indicator.name) for each in late[:3]]
        return f"{plural(len(late), 'figure')} {'is' if len(late) == 1 else 'are'} missing: {listed(names)}.{paused}"
    worse = [row for row in rows if row.variation == "concern"]
    if any(row.marks for row in rows):
        number = sum(len(row.marks) for row in rows)
        return f"{plural(number, 'signal')} {'is' if number == 1 else 'are'} open.{paused}"
    if worse:
        which = capital(listed([starting_small(row.name) for row in worse[:3]]))
        return f"{which} {'is' if len(worse) == 1 else 'are'} getting worse.{paused}"
    if not any(row.latest for row in rows):
        return f"No figure has been entered yet.{paused}"
    return f"Nothing in the figures asks for a look today.{paused}"


def _title(rows: Sequence[Row], watched: bool) -> str:
    if not rows:
        return "Nothing is measured yet" if watched else "Nothing is measured"
    return f"{plural(len(rows), 'indicator')} {'is' if len(rows) == 1 else 'are'} watched"


def few(count: int) -> str:
    """How many figures there are, where they are too few for limits."""
    return "" if count >= 13 else f"{plural(count, 'figure')} so far; limits from 13" if count else "No figure yet"


def capital(text: str) -> str:
    """With its first letter as a capital."""
    return text[:1].upper() + text[1:]


def day_after(begins: date, frequency: str) -> str:
    """The day from which a period is over."""
    return long_date(periods.next_period(begins, frequency))
