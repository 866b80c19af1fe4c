"""The board member's part: one sentence, what is for decision, for assurance and for noting, reports, and elsewhere.

A board member reads decided packs and reports, so nothing else here is a link.
"""

from __future__ import annotations

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
from governance.web.wording import long_date, plural

Counts = dict[tuple[Stage, Standing], int]
LIVE_FROM = Stage.PILOT.position


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
    since: str
    reports: tuple[Item, ...]
    elsewhere: tuple[Projection, ...]


def build(by: Actor, on: date) -> Board:
    """What a member of the board of one organisation sees."""
    began = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    decided = elsewhere.decided(by.scope, since=datetime(began.year, began.month, 1, tzinfo=LONDON))
    return Board(
        title=sentence(queries.counts(by.scope)),
        lede=f"{plural(len(decided), 'submission')} decided since {short(began, on)}.",
        decision=tuple(_for_decision(by, on)),
        assurance=tuple(_for_assurance(by, on)),
        noting=tuple(_decided(each, by, on) for each in decided),
        since=f"Decided since {short(began, on)}",
        reports=tuple(
            Item(
                each.title,
                f"{each.edition.capitalize()} edition",
                url_for("reports.file", organisation=by.organisation_code, report_id=each.id),
                short(clock.london_date(each.issued_at), on),
                plural(each.pages, "page"),
            )
            for each in elsewhere.reports(by.scope)
        ),
        elsewhere=tuple(elsewhere.same_tools(by.scope)),
    )


def sentence(counts: Counts) -> str:
    """ "24 tools live, 19 assured, 1 lapsed". Live: at Pilot or further, and not only proposed."""
    live = dict.fromkeys(Standing, 0)
    for (stage, standing), number in counts.items():
        if stage.position >= LIVE_FROM and standing not in (Standing.PROPOSED, Standing.CEASED):
            live[standing] += number
    total = sum(live.values())
    if not total:
        return "No tool is live yet"
    told = (Standing.ASSURED, Standing.DECLARED, Standing.LAPSED, Standing.SUSPENDED)
    said = [f"{live[each]} {each.value}" for each in told if live[each] or each is Standing.ASSURED]
    return ", ".join([f"{plural(total, 'tool')} live", *said])


def _for_decision(by: Actor, on: date) -> list[Item]:
    """Submissions that the one who authorises has now, deferred ones from their day."""
    submitted = queries.submissions(by.scope, SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)
    found = []
    for item in turns.rounds(submitted, on).values():
        for line in item.open:
            if line.turn.act is Act.AUTHORISE:
                since = short(clock.london_date(line.since), on) if line.since else ""
                about = f"{asks(item.submission)}, with the {line.turn.role.title}"
                over = line.gone > line.turn.expected_working_days
                note = f"{line.gone} of {plural(line.turn.expected_working_days, 'working day')}"
                found.append(Item(tool_of(item.submission), about, when=f"Since {since}", note=note, late=over))
    return found


def _for_assurance(by: Actor, on: date) -> list[Item]:
    """Residual ratings of 3 that were accepted, conditions overdue, approvals lapsed."""
    found = [
        Item(
            f"{each.tool} {each.version} runs with a residual rating of 3",
            f"accepted by the {each.role.title}",
            url_for("packs.pack", organisation=by.organisation_code, pack_id=each.pack_id),
            f"Until {short(each.until, on)}",
        )
        for each in elsewhere.accepted_threes(by.scope)
    ]
    for condition in queries.conditions(by.scope, until=on):
        if condition.due_on < on:
            found.append(
                Item(
                    f"Condition {condition.number} on {condition.tool} is overdue",
                    condition.text,
                    when=f"Due {short(condition.due_on, on)}",
                    late=True,
                )
            )
    for each in queries.dated(by.scope, until=on, proposed_before=date.min):
        if each.standing in (Standing.LAPSED, Standing.SUSPENDED):
            needed = f"Decision needed by {short(each.decision_needed_by, on)}" if each.decision_needed_by else ""
            found.append(
                Item(
                    f"{each.tool} {each.version} is {each.standing.value}",
                    f"{each.stage.label}, since {short(each.standing_since, on)}",
                    when=needed,
                )
            )
    return found


def _decided(each: elsewhere.Decided, by: Actor, on: date) -> Item:
    href = url_for("packs.pack", organisation=by.organisation_code, pack_id=each.pack_id)
    return Item(
        each.tool, each.sentence, href, long_date(each.decided_at).rpartition(" ")[0], f"by the {each.role.title}"
    )
