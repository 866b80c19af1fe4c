"""The digital lead's part: what needs them, what they wait for, what to check soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from flask import url_for

from governance import clock
from governance.approval.interim import queries as interim
from governance.home import queries, turns
from governance.home.looked import Look, Looks
from governance.home.presenters import ahead, declared, endings, needs
from governance.home.presenters.words import FAR, Row, Waiting, asks, short, submission_url, tool_of, with_whom
from governance.home.queries import Dated
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import Actor
from governance.web.wording import listed, plural

SHOWN = 12
S = SubmissionStatus


@dataclass(frozen=True, slots=True)
class Soon:
    """One count to check soon."""

    number: int
    text: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Everything on the digital lead's part."""

    title: str
    lede: str
    rows: tuple[Row, ...]
    total: int
    waits: tuple[Waiting, ...]
    expected: str
    soon: tuple[Soon, ...]
    stations: tuple[ahead.Station, ...]
    legend: tuple[ahead.Legend, ...]
    tools: int
    falls: tuple[ahead.Span, ...]


def build(by: Actor, on: date, looks: Looks) -> Lead:
    """What the digital lead of one organisation sees."""
    until = on + timedelta(days=ahead.DAYS)
    found = queries.dated(by.scope, until=until, proposed_before=date.min)
    conditions = queries.conditions(by.scope, until=until)
    evidence = queries.expiring(by.scope, until=until)
    unassured = interim.awaited(by.scope)
    running = queries.submissions(by.scope, S.OPENED, S.SUBMITTED, S.RETURNED, S.DEFERRED)
    opened = [each for each in running if each.status is S.OPENED]
    seen = looks.into(opened, dict.fromkeys(by.scope, by))
    rows = sorted(
        [
            *needs.returned([each for each in running if each.status is S.RETURNED], by, on),
            *(row for each in opened if (row := needs.opened(each, seen.get(each.id), by, on))),
            *needs.drafts(by, on),
            *needs.pilots(found, by, on),
            *needs.stops(found, by, on),
            *declared.rows(unassured, by, on),
            *endings.rows(by, on + timedelta(days=14), on),
            *needs.idle(by, on),
            *needs.homeless(by),
            *needs.figures(by, on),
            *(needs.condition(each, by, on) for each in conditions if needs.is_leads(each, on)),
            *(needs.replace(each, by, on) for each in evidence if needs.is_soon(each, on)),
        ],
        key=lambda row: row.due_on or FAR,
    )
    waits = (*_waits(running, seen, by, on), *declared.waits(unassured, by, on))
    counts = queries.counts(by.scope)
    return Lead(
        title=_title(len(rows)),
        lede=_lede(rows, waits, on),
        rows=tuple(rows[:SHOWN]),
        total=len(rows),
        waits=waits,
        expected=_expected(waits),
        soon=tuple(_soon(found, conditions, unassured, by, on)),
        stations=ahead.stations(counts, by),
        legend=ahead.legend(counts),
        tools=sum(counts.values()),
        falls=ahead.falls_due(found, conditions, evidence, by, on),
    )


def _title(number: int) -> str:
    return (
        f"{plural(number, 'thing')} {'needs' if number == 1 else 'need'} you" if number else "Nothing needs you today"
    )


def _lede(rows: list[Row], waits: tuple[Waiting, ...], on: date) -> str:
    late = [row for row in rows if row.late]
    if len(late) == 1:
        return f"One is late: {late[0].late_says}."
    if late:
        return f"{len(late)} are late. The oldest: {late[0].late_says}."
    first = next((row for row in rows if row.due_on), None)
    if first is not None and first.due_on is not None:
        return f"Nothing is late. The first is due on {short(first.due_on, on)}."
    if waits and not rows:
        return f"{plural(len(waits), 'thing')} {'is' if len(waits) == 1 else 'are'} with others."
    return "Nothing is late."


def _waits(running: Iterable[Submission], seen: Mapping[int, Look], by: Actor, on: date) -> Iterator[Waiting]:
    running = list(running)
    rounds = turns.rounds([each for each in running if each.status in (S.SUBMITTED, S.DEFERRED)], on)
    for each in running:
        here = partial(Waiting, tool=tool_of(each), href=submission_url(each, by), under=asks(each))
        if each.id in rounds and rounds[each.id].open:
            lines = rounds[each.id].open
            first = max(lines, key=lambda line: line.gone - line.turn.expected_working_days)
            since = short(clock.london_date(first.since), on) if first.since else ""
            yield here(who=with_whom(lines), since=since, gone=first.gone, expected=first.turn.expected_working_days)
        elif each.status is S.DEFERRED:
            until = f"Deferred until {short(each.deferred_until, on)}" if each.deferred_until else "Deferred"
            yield here(who="Whoever authorises", since="", note=until)
        elif each.status is S.OPENED and (look := seen.get(each.id)) and look.stops and not look.mine and look.theirs:
            who = listed(role.title for role in look.theirs.roles)
            since = short(clock.london_date(each.proposed_at), on) if each.proposed_at else ""
            yield here(who=who[:1].upper() + who[1:], since=since, note=look.theirs.title)


def _expected(waits: tuple[Waiting, ...]) -> str:
    days = {each.expected for each in waits if each.expected}
    return f"Expected within {plural(days.pop(), 'working day')}" if len(days) == 1 else ""


def _soon(
    found: list[Dated], conditions: list[queries.Due], unassured: list[interim.Awaited], by: Actor, on: date
) -> Iterator[Soon]:
    last = on + timedelta(days=needs.PILOT_DAYS)
    pilots = [each for each in found if each.stage is Stage.PILOT and each.standing is Standing.ASSURED]
    ending = [each for each in pilots if each.approved_until and each.approved_until <= last]
    lapsed = [each for each in found if each.standing is Standing.LAPSED]
    stopped = [each for each in found if each.standing is Standing.SUSPENDED]
    overdue = [each for each in conditions if each.due_on < on]
    groups: tuple[tuple[Sequence[Dated | queries.Due | interim.Awaited], str, dict[str, str]], ...] = (
        (unassured, "in use and not assured", {"standing": "declared"}),
        (lapsed, "lapsed", {"standing": "lapsed"}),
        (stopped, "suspended", {"standing": "suspended"}),
        (ending, f"{'pilot' if len(ending) == 1 else 'pilots'} ending by {short(last, on)}", {"stage": "pilot"}),
        (overdue, f"{'condition' if len(overdue) == 1 else 'conditions'} overdue", {}),
    )
    for rows, text, only in groups:
        if rows:
            names = list(dict.fromkeys(each.tool for each in rows))
            about = listed(names) if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3} more"
            yield Soon(len(rows), text, _where(rows[0].reference, only, by), about)


def _where(reference: str, only: dict[str, str], by: Actor) -> str:
    """The list of these tools; the first one's page where no filter finds them."""
    if only:
        return url_for("register.tools", organisation=by.organisation_code, **only)  # type: ignore[arg-type]
    return url_for("deployments.deployment", organisation=by.organisation_code, reference=reference)
