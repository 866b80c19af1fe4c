"""The digital lead's part: what needs them, what they wait for, what to check soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from governance import clock
from governance.assessment.packs import presenters as packs
from governance.home import queries, turns
from governance.home.looked import Look, Looks
from governance.home.presenters import ahead
from governance.home.presenters.words import FAR, Row, Waiting, asks, due, short, submission_url, tool_of, with_whom
from governance.home.queries import Dated
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import Actor, Role
from governance.web.wording import listed, plural, starting_small

SHOWN = 12
PILOT_DAYS, EVIDENCE_DAYS, CONDITION_DAYS = 60, 30, 30
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
    running = queries.submissions(by.scope, S.OPENED, S.SUBMITTED, S.RETURNED, S.DEFERRED)
    opened = [each for each in running if each.status is S.OPENED]
    seen = looks.into(opened, dict.fromkeys(by.scope, by))
    rows = sorted(
        [
            *_returned([each for each in running if each.status is S.RETURNED], by, on),
            *(row for each in opened if (row := _opened(each, seen.get(each.id), by, on))),
            *_drafts(by, on),
            *_pilots(found, by, on),
            *(_condition(each, by, on) for each in conditions if _is_leads(each, on)),
            *(_replace(each, by, on) for each in evidence if each.expires_on <= on + timedelta(days=EVIDENCE_DAYS)),
        ],
        key=lambda row: row.due_on or FAR,
    )
    waits = tuple(_waits(running, seen, by, on))
    counts = queries.counts(by.scope)
    return Lead(
        title=_title(len(rows)),
        lede=_lede(rows, waits, on),
        rows=tuple(rows[:SHOWN]),
        total=len(rows),
        waits=waits,
        expected=_expected(waits),
        soon=tuple(_soon(found, conditions, by, on)),
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
    return f"You wait for {plural(len(waits), 'submission')}." if waits and not rows else "Nothing is late."


def _returned(submissions: list[Submission], by: Actor, on: date) -> Iterator[Row]:
    said = queries.returns([each.id for each in submissions])
    for each in submissions:
        change = said.get(each.id)
        who = Role(change.by_role).title if change and change.by_role in list(Role) else "a signer"
        since = clock.london_date(change.at) if change else on
        gone = clock.working_days_between(since, on)
        yield Row(
            title="Answer the queries",
            href=submission_url(each, by),
            tool=tool_of(each),
            about=f"{asks(each)}, returned by the {who}",
            due=f"Since {short(since, on)}",
            note=plural(gone, "working day") if gone else "today",
        )


def _opened(each: Submission, look: Look | None, by: Actor, on: date) -> Row | None:
    """The next thing to do in an assessment; None where all that is left lies with others."""
    since = clock.london_date(each.proposed_at) if each.proposed_at else on
    title, href, about = "Go on with the assessment", submission_url(each, by), asks(each)
    if look is not None:
        if look.stops and not look.mine:
            return None
        stops = f"{plural(len(look.stops), 'thing')} {'stops' if len(look.stops) == 1 else 'stop'} it"
        title, about = "Submit it for agreement", f"{asks(each)}, nothing stops it"
        if look.stops:
            task = look.mine[0]
            others = f", with you and the {look.theirs.roles[0].title}" if look.theirs else ", with you"
            title, about = f"Complete: {starting_small(task.title)}", f"{asks(each)}{others}. {stops}"
            href = packs.place_url(task.place, each, by) or href
    return Row(title=title, href=href, tool=tool_of(each), about=about, note=f"Open since {short(since, on)}")


def _drafts(by: Actor, on: date) -> Iterator[Row]:
    for each in intake.drafts(by):
        name = each.draft.get("values", {}).get("tool", {}).get("name") or ""
        begun = short(clock.london_date(each.started_at), on)
        href = url_for("intake.draft", organisation=by.organisation_code, draft=each.id)
        tool = each.deployment.tool.name if each.deployment else str(name) or "A tool without a name yet"
        yield Row(title="Finish the draft", href=href, tool=tool, about="not proposed yet", note=f"Begun {begun}")


def _pilots(found: Iterable[Dated], by: Actor, on: date) -> Iterator[Row]:
    for each in found:
        if each.has_open:
            continue
        here = {"organisation": by.organisation_code, "reference": each.reference}
        href, tool = url_for("intake.ask_next", **here), f"{each.tool} {each.version}"  # type: ignore[arg-type]
        ends = each.approved_until
        if each.standing is Standing.LAPSED:
            by_when = each.decision_needed_by or ends or each.standing_since
            pilot = each.stage is Stage.PILOT
            title = "Say what happens now the pilot has ended" if pilot else "Ask for a decision on the lapsed approval"
            yield due(
                by_when, on, title=title, href=href, tool=tool,
                about=f"lapsed since {short(each.standing_since, on)}, decision needed",
                late_says=f"{each.tool} has lapsed without a next step",
            )  # fmt: skip
        elif each.stage is Stage.PILOT and ends is not None and ends <= on + timedelta(days=PILOT_DAYS):
            yield due(
                ends, on, title="Say what happens when the pilot ends", href=href, tool=tool,
                about="extend, progress or cease", late_says=f"the {each.tool} pilot ended without a next step",
            )  # fmt: skip


def _is_leads(each: queries.Due, on: date) -> bool:
    return (
        each.owner_role == Role.DIGITAL_LEAD
        and each.status != "offered"
        and each.due_on <= on + timedelta(days=CONDITION_DAYS)
    )


def _condition(each: queries.Due, by: Actor, on: date) -> Row:
    return due(
        each.due_on, on, title=f"Meet condition {each.number}", tool=each.tool, about=each.text,
        href=url_for("conditions.condition", organisation=by.organisation_code, condition_id=each.id),
        late_says=f"condition {each.number} on {each.tool}",
    )  # fmt: skip


def _replace(each: queries.Expiring, by: Actor, on: date) -> Row:
    ends = "expired" if each.expires_on < on else "expires"
    return due(
        each.expires_on, on, title=f"Replace {_named(each.title)}", tool=each.issuer,
        about=f"the one we hold {ends} on {short(each.expires_on, on)}",
        href=url_for("evidence.item", organisation=by.organisation_code, evidence_id=each.id),
        late_says=f"“{each.title}” has expired",
    )  # fmt: skip


def _named(title: str) -> str:
    return f"the {starting_small(title)}" if title and not title.endswith((".", "?")) else f"“{title}”"


def _waits(running: Iterable[Submission], seen: Mapping[int, Look], by: Actor, on: date) -> Iterator[Waiting]:
    running = list(running)
    rounds = turns.rounds([each for each in running if each.status in (S.SUBMITTED, S.DEFERRED)], on)
    for each in running:
        here = {"tool": tool_of(each), "href": submission_url(each, by), "under": asks(each)}
        if each.status is S.SUBMITTED and each.id in rounds and rounds[each.id].open:
            lines = rounds[each.id].open
            first = max(lines, key=lambda line: line.gone - line.turn.expected_working_days)
            since = short(clock.london_date(first.since), on) if first.since else ""
            yield Waiting(
                **here, who=with_whom(lines), since=since, gone=first.gone, expected=first.turn.expected_working_days
            )
        elif each.status is S.DEFERRED:
            until = f"Deferred until {short(each.deferred_until, on)}" if each.deferred_until else "Deferred"
            yield Waiting(**here, who="Whoever authorises", since="", note=until)
        elif each.status is S.OPENED and (look := seen.get(each.id)) and look.stops and not look.mine and look.theirs:
            who = listed(role.title for role in look.theirs.roles)
            since = short(clock.london_date(each.proposed_at), on) if each.proposed_at else ""
            yield Waiting(**here, who=who[:1].upper() + who[1:], since=since, note=look.theirs.title)


def _expected(waits: tuple[Waiting, ...]) -> str:
    days = {each.expected for each in waits if each.expected}
    return f"Expected within {plural(days.pop(), 'working day')}" if len(days) == 1 else ""


def _soon(found: list[Dated], conditions: list[queries.Due], by: Actor, on: date) -> Iterator[Soon]:
    tools = {"endpoint": "register.tools", "organisation": by.organisation_code}
    lapsed = [each for each in found if each.standing is Standing.LAPSED]
    stopped = [each for each in found if each.standing is Standing.SUSPENDED]
    last = on + timedelta(days=PILOT_DAYS)
    ending = [
        each for each in found
        if each.stage is Stage.PILOT and each.standing is Standing.ASSURED and each.approved_until and each.approved_until <= last
    ]  # fmt: skip
    overdue = [each for each in conditions if each.due_on < on]
    for rows, text, href in (
        (lapsed, "lapsed", url_for(**tools, standing="lapsed")),  # type: ignore[arg-type]
        (stopped, "suspended", url_for(**tools, standing="suspended")),  # type: ignore[arg-type]
        (
            ending,
            f"{'pilot' if len(ending) == 1 else 'pilots'} ending by {short(last, on)}",
            url_for(**tools, stage="pilot"),
        ),  # type: ignore[arg-type]
        (overdue, f"{'condition' if len(overdue) == 1 else 'conditions'} overdue", ""),
    ):
        if rows:
            names = list(dict.fromkeys(each.tool for each in rows))
            about = listed(names[:3]) if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3} more"
            one = rows[0]
            where = url_for("deployments.deployment", organisation=by.organisation_code, reference=one.reference)
            yield Soon(len(rows), text, href or where, about)
