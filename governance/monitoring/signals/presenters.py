"""Signals as pages show them: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, render_template, url_for
from markupsafe import Markup

from governance import clock
from governance.lifecycle import Standing
from governance.monitoring.readings import presenters as readings
from governance.monitoring.readings import queries as measured
from governance.monitoring.readings import slots
from governance.monitoring.readings.models import Indicator
from governance.monitoring.readings.slots import Mark
from governance.monitoring.signals import operations, queries, rules
from governance.monitoring.signals.models import Signal, SignalChange
from governance.monitoring.signals.queries import Listed
from governance.permissions import Actor, Permission, Role
from governance.register import slots as register
from governance.register.models import Deployment
from governance.web.wording import long_date, moment, plural

KINDS = {"breach": "Beyond its limit", "special_cause": "More than chance", "missing": "No figure"}
LEVELS = {"red": "Red signal", "amber": "Amber signal"}
STATUS = {"open": "Nobody has taken it up", "taken_up": "Taken up", "closed": "Closed"}
TONES = {"red": "stop", "amber": "amber"}
STEPS = {
    (None, "open"): "Seen in the figures",
    ("open", "taken_up"): "Taken up",
    ("open", "closed"): "Closed",
    ("taken_up", "closed"): "Closed",
    ("closed", "open"): "Seen again",
    ("open", "open"): "The figures say more now",
    ("taken_up", "taken_up"): "The figures say more now",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One signal in a list: what was seen, about which tool, whose turn, and by when."""

    sentence: str
    href: str
    level: str
    tone: str
    tool: str
    whose: str
    when: str
    late: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One signal."""

    number: int
    title: str
    caption: str
    sentence: str
    turn: str
    facts: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str, str], ...]
    version_id: int
    may_take_up: bool
    may_close: bool
    who_closes: str
    chart_url: str
    take_up_url: str
    close_url: str
    suspend_url: str
    tool_url: str
    tool: str
    drawing: object | None


def init() -> None:
    """Let signals see what is entered, and stand beside figures and on the page of a deployment."""
    readings.init()
    slots.looks[:], slots.marks[:] = [operations.look], [marks]
    register.panels[:] = [each for each in register.panels if each is not panel] + [panel]


def marks(deployment: Deployment, by: Actor) -> Mapping[int, Sequence[Mark]]:
    """What is open about each indicator."""
    return _marks(queries.of_deployment(deployment), deployment, by)


def _marks(rows: Sequence[Signal], deployment: Deployment, by: Actor) -> Mapping[int, Sequence[Mark]]:
    found: dict[int, list[Mark]] = {}
    for each in rows:
        mark = Mark(TONES[each.level], f"{LEVELS[each.level]}: {KINDS[each.kind].lower()}", _href(each, deployment.reference, by))
        found.setdefault(each.indicator_id, []).append(mark)
    return found


def panel(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """“Is it working safely?” on the page of a deployment that is watched."""
    rows = queries.of_deployment(deployment)
    overview = readings.overview(deployment, by, on, marks=_marks(rows, deployment, by))
    if not overview.watched and not overview.rows:
        return None
    name, at = deployment.tool.name, clock.now()
    first = [_line(each, deployment.reference, name, by, at) for each in rows]
    return Markup(render_template("monitoring/_panel.jinja", it=overview, signals=first[:3], more=len(first) - 3))  # noqa: S704  it escapes


def lines(rows: Sequence[Listed], actors: Mapping[int, Actor], at: datetime, *, where: bool = False) -> list[Line]:
    """Signals in a list. `actors`: who the reader is in each organisation, by id; `where` names the organisation too."""
    return [
        _line(
            each.signal, each.reference, f"{each.tool}, {each.organisation}" if where else each.tool,
            actors[each.signal.organisation_id], at,
        )
        for each in rows
        if each.signal.organisation_id in actors
    ]  # fmt: skip


def title(open_now: Mapping[str, int]) -> str:
    """The headline of the list: how many are open, how many red."""
    number, red = sum(open_now.values()), open_now.get("red", 0)
    if not number:
        return "No signal is open"
    return f"{plural(number, 'signal')} {'is' if number == 1 else 'are'} open" + (f", {red} red" if red else "")


def page(row: Signal, indicator: Indicator, deployment: Deployment, by: Actor, on: date) -> Page:
    """One signal as this person sees it."""
    here: dict[str, Any] = {"organisation": by.organisation_code, "reference": deployment.reference}
    own = by.organisation_id == deployment.organisation_id
    acts = own and row.status != "closed" and by.may(Permission.ACT_ON_SIGNAL, deployment_id=deployment.id)
    held = {role for role in operations.ACTING if by.holds(role, deployment.id)}
    stops = rules.close_blockers(
        level=row.level, kind=row.kind, status=row.status, found="x", held=held,
        entered_it=queries.entered_by(row) == by.person_id,
    )  # fmt: skip
    steps = queries.history(row)
    return Page(
        number=row.number,
        title=f"{LEVELS[row.level]}: {STATUS[row.status].lower()}" if row.status != "open" else LEVELS[row.level],
        caption=f"{deployment.reference} · signal {row.number}",
        sentence=row.sentence,
        turn=Role(row.owner_role).title if row.status != "closed" else "",
        facts=_facts(row, indicator),
        history=tuple(_step(*each) for each in reversed(steps)),
        version_id=row.version_id,
        may_take_up=acts and row.status == "open",
        may_close=acts and not stops,
        who_closes=" ".join(each.sentence for each in stops) if acts else "",
        chart_url=url_for("readings.indicator", number=indicator.number, **here),
        take_up_url=url_for("signals.take_up", number=row.number, **here),
        close_url=url_for("signals.close", number=row.number, **here),
        suspend_url=_suspend(row, deployment, by),
        tool_url=url_for("deployments.deployment", **here),
        tool=f"{deployment.tool.name} at {deployment.organisation.name}",
        drawing=_drawing(deployment, indicator),
    )


def _drawing(deployment: Deployment, indicator: Indicator) -> object | None:
    figures = measured.figures_of([indicator.id]).get(indicator.id, [])
    rebases = measured.rebases_of([indicator.id]).get(indicator.id, [])
    return readings.drawing_of(indicator, figures, rebases, measured.versions(deployment))


def _facts(row: Signal, indicator: Indicator) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("What was seen", KINDS[row.kind]),
        ("Whose turn", Role(row.owner_role).heading),
        ("Seen", moment(row.opened_at)),
        ("To be looked into by", moment(row.look_by) if row.status != "closed" else ""),
        ("Closed", moment(row.closed_at)),
        ("Where it stands", STATUS[row.status]),
        ("Indicator", f"{indicator.number}. {indicator.name}"),
    )
    return tuple(pair for pair in pairs if pair[1])


def _step(change: SignalChange, name: str) -> tuple[str, str, str]:
    role = Role(change.by_role).title if change.by_role in list(Role) else ""
    who = f"{name}, {role}" if name and role else name or "The system"
    return moment(change.at), STEPS.get((change.status_from, change.status_to), "Changed"), f"{who}. {change.text}".rstrip()


def _suspend(row: Signal, deployment: Deployment, by: Actor) -> str:
    """Where use is suspended, for whoever may, from a red signal."""
    able = deployment.standing in (Standing.DECLARED, Standing.ASSURED, Standing.LAPSED)
    if row.level != "red" or row.status == "closed" or not able or "suspensions.suspend" not in current_app.view_functions:
        return ""
    if not by.may(Permission.SUSPEND, deployment_id=deployment.id) or by.organisation_id != deployment.organisation_id:
        return ""
    return url_for(
        "suspensions.suspend", organisation=by.organisation_code, reference=deployment.reference, signal=row.id
    )


def _line(row: Signal, reference: str, tool: str, by: Actor, at: datetime) -> Line:
    late = row.status == "open" and row.look_by is not None and row.look_by < at
    if row.status == "closed":
        when = f"Closed {long_date(row.closed_at)}"
    elif row.status == "taken_up":
        when = "Taken up"
    else:
        when = f"Look by {moment(row.look_by)}" if row.level == "red" else f"Look by {long_date(row.look_by)}"
    whose = f"with the {Role(row.owner_role).title}" if row.status != "closed" else ""
    return Line(row.sentence, _href(row, reference, by), LEVELS[row.level], TONES[row.level], tool, whose, when, late)


def _href(row: Signal, reference: str, by: Actor) -> str:
    return url_for("signals.signal", organisation=by.organisation_code, reference=reference, number=row.number)

