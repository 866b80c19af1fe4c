"""The board member's part: one sentence, what is for decision, for assurance and for noting, exceptions, reports, elsewhere.

A board member reads decided packs, reports and the London register; so nothing else here is a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from governance import clock
from governance.clock import LONDON
from governance.home import elsewhere, queries, turns
from governance.home.presenters.words import asks, short, tool_of
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import Actor
from governance.policy.schema import Act
from governance.register.models import Projection
from governance.reports import words
from governance.web.wording import listed, long_date, plural

Counts = dict[tuple[Stage, Standing], int]
LIVE_FROM = Stage.PILOT.position
SAID = {Standing.DECLARED: "in use without assurance"}
COMPARED = (("live", "live"), (Standing.ASSURED, "assured"), (Standing.DECLARED, "without assurance"),
            (Standing.LAPSED, "lapsed"), (Standing.SUSPENDED, "suspended"))  # fmt: skip
NAMED = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One matter: its title, where it can be read (empty where a board member may not), and what is to be known."""

    title: str
    about: str
    href: str = ""
    when: str = ""
    note: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board member's part."""

    title: str
    lede: str
    decision: tuple[Item, ...]
    assurance: tuple[Item, ...]
    noting: tuple[Item, ...]
    exceptions: tuple[Item, ...]
    since: str
    reports: tuple[Item, ...]
    elsewhere: tuple[Projection, ...]


def build(by: Actor, on: date) -> Board:
    """What a member of the board of one organisation sees."""
    began = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    moment = datetime(began.year, began.month, 1, tzinfo=LONDON)
    decided = elsewhere.decided(by.scope, since=moment)
    watched = elsewhere.watched(by.scope, since=began)
    waiting = queries.submissions(by.scope, SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)
    rounds = list(turns.rounds(waiting, on).values())
    now = queries.counts(by.scope)
    return Board(
        title=sentence(now),
        lede=f"{change(elsewhere.counts_at(by.scope, moment), now)} {plural(len(decided), 'submission')} decided.",
        decision=tuple(_for_decision(rounds, on)),
        assurance=(*_accepted(by, on), *_not_assured(watched, on), *_red(watched)),
        noting=(*_noted(watched, on), *(_decided(each, by, on) for each in decided)),
        exceptions=(*_overdue(by, on), *_late(rounds), *_undecided(watched, on)),
        since=f"Since {short(began, on)}",
        reports=tuple(_report(each, by, on) for each in elsewhere.reports(by.scope)),
        elsewhere=tuple(elsewhere.same_tools(by.scope)),
    )


def sentence(counts: Counts) -> str:
    """ "24 tools live, 19 assured, 3 in use without assurance". Live: from Pilot on or declared, and not only proposed."""
    live = _live(counts)
    total = sum(live.values())
    if not total:
        return "No tool is live yet"
    told = (Standing.ASSURED, Standing.DECLARED, Standing.LAPSED, Standing.SUSPENDED)
    said = [f"{live[each]} {SAID.get(each, each.value)}" for each in told if live[each] or each is Standing.ASSURED]
    return ", ".join([f"{plural(total, 'tool')} live", *said])


def change(before: Counts, now: Counts) -> str:
    """ "Since last quarter, 4 more live and 2 fewer without assurance." from what stood where when the quarter began."""
    was, stands = _live(before), _live(now)
    was_all, all_now = {"live": sum(was.values())} | was, {"live": sum(stands.values())} | stands
    said = []
    for key, word in COMPARED:
        gained = all_now[key] - was_all[key]
        if gained:
            said.append(f"{abs(gained)} {'more' if gained > 0 else 'fewer'} {word}")
    return f"Since last quarter, {listed(said)}." if said else "As many live and assured as last quarter."


def _live(counts: Counts) -> dict[Standing | str, int]:
    live: dict[Standing | str, int] = dict.fromkeys(Standing, 0)
    for (stage, standing), number in counts.items():
        in_use = stage.position >= LIVE_FROM or standing is Standing.DECLARED
        if in_use and standing not in (Standing.PROPOSED, Standing.CEASED):
            live[standing] += number
    return live


def _for_decision(rounds: Iterable[turns.Round], on: date) -> Iterator[Item]:
    """Submissions that the one who authorises has now, deferred ones from their day."""
    for item in rounds:
        for line in item.open:
            if line.turn.act is Act.AUTHORISE:
                since = short(clock.london_date(line.since), on) if line.since else ""
                about = f"{asks(item.submission)}, with the {line.turn.role.title}"
                over = line.gone > line.turn.expected_working_days
                note = f"{line.gone} of {plural(line.turn.expected_working_days, 'working day')}"
                yield Item(tool_of(item.submission), about, when=f"Since {since}", note=note, late=over)


def _accepted(by: Actor, on: date) -> Iterator[Item]:
    """Residual ratings of 3 that were accepted."""
    for each in elsewhere.accepted_threes(by.scope):
        yield Item(
            f"{each.tool} {each.version} runs with a residual rating of 3",
            f"accepted by the {each.role.title}",
            url_for("packs.pack", organisation=by.organisation_code, pack_id=each.pack_id),
            f"Until {short(each.until, on)}",
        )


def _not_assured(watched: Sequence[Projection], on: date) -> Iterator[Item]:
    """What is in use and not assured in one line, and each approval that lapsed."""
    declared = [each for each in watched if each.standing is Standing.DECLARED]
    if declared:
        names = [each.tool_name for each in declared[:NAMED]]
        more = len(declared) - len(names)
        named = listed([*names, *([f"{more} more"] if more else [])])
        soonest = min((each.decision_needed_by for each in declared if each.decision_needed_by), default=None)
        title = f"{plural(len(declared), 'tool')} in use without assurance"
        yield Item(title, named, when=f"Next decision by {short(soonest, on)}" if soonest else "")
    for each in watched:
        if each.standing is Standing.LAPSED:
            needed = f"Decision needed by {short(each.decision_needed_by, on)}" if each.decision_needed_by else ""
            yield Item(f"{_tool(each)} has lapsed", f"{each.stage.label}{_since(each, on)}", _seen(each), needed)


def _red(watched: Sequence[Projection]) -> Iterator[Item]:
    for each in watched:
        if each.red_signals and each.standing is not Standing.CEASED:
            title = f"{_tool(each)}: {plural(each.red_signals, 'red signal')} open"
            yield Item(title, _worse(each) or "The people who answer for it look at each.", _seen(each))


def _noted(watched: Sequence[Projection], on: date) -> Iterator[Item]:
    """Suspended, ceased with the lessons, and amber signals."""
    for each in watched:
        if each.standing is Standing.SUSPENDED:
            yield Item(f"{_tool(each)} is suspended", f"{each.stage.label}{_since(each, on)}", _seen(each))
    for each in watched:
        if each.standing is Standing.CEASED:
            lessons = " ".join(str(text) for text in each.lessons)
            about = f"Learned: {words.shortened(lessons, 160)}" if lessons else "No lesson is recorded."
            when = short(each.standing_since, on) if each.standing_since else ""
            yield Item(f"{_tool(each)} has ceased", about, _seen(each), when)
    amber = [each for each in watched if each.open_signals > each.red_signals and each.standing is not Standing.CEASED]
    if amber:
        count = sum(each.open_signals - each.red_signals for each in amber)
        named = listed(each.tool_name for each in amber[:NAMED])
        yield Item(f"{plural(count, 'amber signal')} open", f"On {named}{' and others' if len(amber) > NAMED else ''}")


def _overdue(by: Actor, on: date) -> Iterator[Item]:
    for each in queries.conditions(by.scope, until=on):
        if each.due_on < on:
            title = f"Condition {each.number} on {each.tool} is overdue"
            yield Item(title, each.text, when=f"Due {short(each.due_on, on)}", late=True)


def _late(rounds: Iterable[turns.Round]) -> Iterator[Item]:
    """Turns that take longer than policy expects, in one line."""
    late = [line for item in rounds for line in item.open if line.gone > line.turn.expected_working_days]
    if late:
        roles = dict.fromkeys(line.turn.role.title for line in late)
        longest = max(line.gone - line.turn.expected_working_days for line in late)
        title = f"{plural(len(late), 'sign-off')} over time"
        yield Item(title, f"With: {listed(roles)}", when=f"Up to {plural(longest, 'working day')} over", late=True)


def _undecided(watched: Sequence[Projection], on: date) -> Iterator[Item]:
    """Decisions that were needed by a day that has passed."""
    for each in watched:
        needed = each.decision_needed_by
        if needed and needed < on and each.standing in (Standing.LAPSED, Standing.DECLARED):
            title, when = f"{_tool(each)}: a decision is late", f"Needed by {short(needed, on)}"
            yield Item(title, f"{each.standing.label} at {each.stage.label}", _seen(each), when, late=True)


def _report(each: elsewhere.Report, by: Actor, on: date) -> Item:
    edition = words.edition(each.edition)
    return Item(
        each.title,
        edition[0].upper() + edition[1:],
        url_for("reports.file", organisation=by.organisation_code, report_id=each.id),
        short(clock.london_date(each.issued_at), on),
        plural(each.pages, "page"),
    )


def _decided(each: elsewhere.Decided, by: Actor, on: date) -> Item:
    href = url_for("packs.pack", organisation=by.organisation_code, pack_id=each.pack_id)
    return Item(
        each.tool, each.sentence, href, long_date(each.decided_at).rpartition(" ")[0], f"by the {each.role.title}"
    )


def _tool(each: Projection) -> str:
    return f"{each.tool_name} {each.version}"


def _since(each: Projection, on: date) -> str:
    return f", since {short(each.standing_since, on)}" if each.standing_since else ""


def _seen(each: Projection) -> str:
    """Where a board member reads about one tool: what partners see of it."""
    return url_for("sharing.tool", reference=each.reference)


def _worse(each: Projection) -> str:
    """Which figures get worse by more than chance."""
    names = [str(figure["name"]) for figure in each.performance if figure["variation"] == "concern"]
    return f"Getting worse by more than chance: {listed(names)}." if names else ""
