"""“Safety now”: red signals, what is suspended, what others ask to be suspended, and Suspend at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance import clock
from governance.monitoring.signals import presenters as seen
from governance.monitoring.signals import queries as signals
from governance.monitoring.suspensions import presenters, queries
from governance.permissions import Actor, Permission
from governance.web.wording import plural

MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that needs an eye now."""

    title: str
    href: str
    about: str
    state: str
    late: bool


@dataclass(frozen=True, slots=True)
class SafetyNow:
    """The lines, and where this person may suspend: (text, address) for each organisation."""

    lines: tuple[Line, ...]
    suspend: tuple[tuple[str, str], ...]
    red: int = 0
    asked: int = 0
    signals_url: str = ""


def now(actors: Mapping[int, Actor], organisations: Mapping[int, str], on: date) -> SafetyNow | None:
    """For those who may suspend somewhere; nothing for others. A few queries, whatever there is."""
    able = {where: by for where, by in actors.items() if by.may(Permission.SUSPEND)}
    if not able:
        return None
    codes = {by.organisation_code: organisations.get(by.organisation_id or 0, "") for by in able.values()}
    suspend = tuple(
        ("Suspend a tool" if len(codes) == 1 else f"Suspend a tool at {name}", url_for("suspensions.choose", organisation=code))
        for code, name in sorted(codes.items(), key=lambda pair: pair[1])
    )
    red, asked = tuple(_signals(able)), tuple(_asked(able))
    first = next(iter(able.values()))
    return SafetyNow(
        (*red, *asked, *_suspended(able, on)), suspend, red=len(red), asked=len(asked),
        signals_url=url_for("signals.signals", organisation=first.organisation_code),
    )  # fmt: skip


def _signals(actors: Mapping[int, Actor]) -> Iterator[Line]:
    """Red signals that are open, the longest first."""
    rows = signals.listed(set(actors), level="red", limit=MOST)
    for each in seen.lines(rows, actors, clock.now(), where=True):
        yield Line(
            title=each.sentence, href=each.href, about=f"Red signal · {each.tool} · {each.whose}", state=each.when,
            late=each.late,
        )  # fmt: skip


def _asked(actors: Mapping[int, Actor]) -> Iterator[Line]:
    for each in queries.open_requests(set(actors)):
        by = actors[each.row.organisation_id]
        found = presenters.request_line(each, by, own=True)
        yield Line(
            title=f"Asked to suspend {each.tool}",
            href=found.href or url_for("deployments.deployment", organisation=by.organisation_code, reference=each.reference),
            about=f"{each.asking}, about {each.organisation}",
            state="To be answered",
            late=True,
        )


def _suspended(actors: Mapping[int, Actor], on: date) -> Iterator[Line]:
    for each in queries.suspended(set(actors)):
        left = max(each.sites, 1) - each.confirmed
        where = f"not confirmed at {plural(left, 'site')}" if left > 0 else "confirmed at all sites"
        code = actors[each.organisation_id].organisation_code
        yield Line(
            title=f"{each.tool}, {each.organisation}",
            href=url_for("deployments.deployment", organisation=code, reference=each.reference),
            about=f"Suspended {presenters.how_long(each.since, on)}, stop {where}. Instead: {each.fallback}",
            state="Safety officer has signed to resume" if each.officer_signed else "Suspended",
            late=left > 0,
        )
