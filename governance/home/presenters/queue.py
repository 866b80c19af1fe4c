"""“My queue”: everything that waits for one person’s signature, over all their organisations, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import url_for

from governance import clock
from governance.approval.changes.rules import settler
from governance.approval.interim import queries as interim
from governance.approval.presenters import TAKE_UP, VERBS
from governance.approval.rules import TurnState
from governance.home import queries, turns, waiting
from governance.home.presenters.everywhere import Duties, duties, everywhere
from governance.home.presenters.signer import AGREED, mine_of
from governance.home.presenters.words import asks, short, tool_of
from governance.home.turns import Before, Round
from governance.home.waiting import Record
from governance.lifecycle import SubmissionStatus
from governance.monitoring.suspensions import rules as suspensions
from governance.permissions import PERMISSION_ROLES, Actor, Permission, Role
from governance.policy.schema import Act
from governance.web.wording import long_date, plural

PAGE = 50
RECORDS = (
    (waiting.PLAN, "Approve the clinical risk management plan", "plans.risk.show"),
    (waiting.LOG, "Approve hazard log version {}", "hazards.versions.show"),
    (waiting.CASE, "Approve safety case report, revision {}", "safety_cases.revision"),
)
NEW = "New to you"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that waits, before what is only asked for the rows shown. `pack`: its round and turn, where it is one."""

    tool: str
    organisation: str
    asked: str
    verb: str
    href: str
    by: Actor
    role: Role
    deployment_id: int
    since: datetime | None
    expected: int = 0
    kind: str = ""
    said: str = ""
    pack: tuple[Round, TurnState] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. `gone` and `expected` are working days; `expected` is 0 where policy says nothing."""

    tool: str
    organisation: str
    asked: str
    verb: str
    href: str
    since: str
    gone: int
    expected: int
    residual: int | None
    since_last: str
    said: str
    acting_for: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The page: its headline, the rows shown, where the next and the earlier ones are, and who acts for whom."""

    title: str
    lede: str
    caption: str
    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    given: tuple[str, ...]
    taken: tuple[str, ...]


def build(by: Actor, at: datetime, page: int = 1) -> Queue:
    """One page of the queue. The number of queries grows with the organisations a person acts in, not with the rows."""
    on = clock.london_date(at)
    actors, names = everywhere(by, at, PERMISSION_ROLES[Permission.READ_QUEUE])
    duty = duties(by.person_id, on)
    found = sorted(_matters(actors, duty, on), key=lambda each: (each.since is None, each.since, each.href))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    rows = _rows(shown, names, duty, by.person_id, on)
    return Queue(
        title=_title(len(found)), lede=_lede(found, on), caption=f"Over {plural(len(names), 'organisation')}, oldest first",
        rows=rows, total=len(found), page=page, pages=pages,
        given=tuple(_gives(each, names) for each in duty.given), taken=tuple(_takes(each, names) for each in duty.taken),
    )  # fmt: skip


def _matters(acting: Mapping[int, Actor], duty: Duties, on: date) -> Iterator[Matter]:
    """Everything that is this person's now, by who they are in each organisation, without what they handed over."""
    running = queries.submissions(set(acting), *AGREED)
    for item, line in mine_of(turns.rounds(running, on), acting, duty):
        yield _pack(item, line, acting[item.submission.organisation_id])
    actors = duty.on_duty(acting)
    officers = {number for number, actor in actors.items() if Role.CSO in actor.roles}
    if officers:
        found = (waiting.plans(officers), waiting.log_versions(officers), waiting.safety_cases(officers))
        for rows, (kind, text, endpoint) in zip(found, RECORDS, strict=True):
            yield from _records(rows, kind, text, endpoint, actors)
    yield from _conditions(actors)
    yield from _interim(actors)
    yield from _stopped(actors)
    yield from _changes(actors)


def _pack(item: Round, line: TurnState, by: Actor) -> Matter:
    submission, role = item.submission, line.turn.role
    assert submission.deployment is not None
    here = {"organisation": by.organisation_code, "reference": str(submission.reference)}
    deferred = submission.status is SubmissionStatus.DEFERRED
    if deferred:
        href = url_for("approval.resume", **here)  # type: ignore[arg-type]
    elif line.turn.act is Act.AUTHORISE:
        href = url_for("approval.act", **here)  # type: ignore[arg-type]
    else:
        verb = "advise" if line.turn.act is Act.ADVISE else "sign"
        href = url_for("approval.act", verb=verb, role=role.value, **here)  # type: ignore[arg-type]
    return Matter(
        tool=tool_of(submission), organisation=submission.deployment.organisation.name,
        asked=f"{asks(submission)}, as {role.title}", verb=TAKE_UP if deferred else VERBS[line.turn.act], href=href, by=by,
        role=role, deployment_id=submission.deployment.id, since=line.since, expected=line.turn.expected_working_days,
        pack=(item, line),
    )  # fmt: skip


def _records(
    rows: Iterable[Record], kind: str, text: str, endpoint: str, actors: Mapping[int, Actor]
) -> Iterator[Matter]:
    for each in rows:
        by = actors[each.organisation_id]
        if by.holds(Role.CSO, each.deployment_id):
            values: dict[str, Any] = {"organisation": by.organisation_code, "reference": each.reference}
            if kind != waiting.PLAN:
                values["number"] = each.number
            yield Matter(
                tool=each.tool, organisation=each.organisation, asked=text.format(each.number), verb="Read and approve",
                href=url_for(endpoint, **values), by=by, role=Role.CSO, deployment_id=each.deployment_id, since=each.since,
                kind=kind,
            )  # fmt: skip


def _conditions(actors: Mapping[int, Actor]) -> Iterator[Matter]:
    person_id = next((actor.person_id for actor in actors.values()), None)
    for each in waiting.offered(set(actors), person_id):
        by = actors[each.organisation_id]
        if by.holds(each.set_by_role, each.deployment_id):
            due = f"before {each.before_stage.label}" if each.before_stage else f"due {long_date(each.due_on)}"
            yield Matter(
                tool=each.tool, organisation=each.organisation, asked=f"Confirm condition {each.number}: {each.text}",
                verb="Read and confirm", by=by, role=each.set_by_role, deployment_id=each.deployment_id, since=each.since,
                href=url_for("conditions.condition", organisation=by.organisation_code, condition_id=each.id),
                said=f"Evidence is offered, {due}",
            )  # fmt: skip


def _interim(actors: Mapping[int, Actor]) -> Iterator[Matter]:
    mine = []
    for each in interim.awaited(set(actors)):
        by = actors[each.organisation_id]
        if each.turn is not None and each.declared_by != by.person_id and by.holds(each.turn, each.deployment_id):
            mine.append((each, by, each.turn))
    since = waiting.with_role_since({each.deployment_id for each, _, _ in mine})
    for each, by, role in mine:
        verb = "Recommend" if role is Role.CSO else "Decide"
        yield Matter(
            tool=each.tool, organisation="", asked=f"{verb} if its use goes on meanwhile", verb=f"Read and {verb.lower()}",
            href=url_for("interim.decide", organisation=by.organisation_code, reference=each.reference), by=by, role=role,
            deployment_id=each.deployment_id, since=since.get(each.deployment_id),
            said=f"In use, not assured. Due by {long_date(each.interim_due_on)}",
        )  # fmt: skip


def _stopped(actors: Mapping[int, Actor]) -> Iterator[Matter]:
    """Suspended tools whose use may resume: the officer once the log was approved anew, then whoever decides."""
    rows = waiting.stopped(set(actors))
    apart = waiting.not_direct_care({each.deployment_id for each in rows})
    for each in rows:
        by = actors[each.organisation_id]
        ready = each.log_approved_at
        if each.deployment_id in apart:
            ready = each.began
        elif ready is None or ready <= each.began:
            continue
        signed = each.signed_at is not None and each.signed_at >= ready
        role = suspensions.authoriser(suspensions.counted_tier(each.tier)) if signed else Role.CSO
        if by.holds(role, each.deployment_id):
            yield Matter(
                tool=each.tool, organisation=each.organisation, asked=f"Say if its use resumes, as {role.title}",
                verb="Read and decide", by=by, role=role, deployment_id=each.deployment_id,
                since=each.signed_at if signed else ready, said=f"Suspended on {long_date(each.began)}",
                href=url_for("suspensions.resume", organisation=by.organisation_code, reference=each.reference),
            )  # fmt: skip


def _changes(actors: Mapping[int, Actor]) -> Iterator[Matter]:
    """Changes noted: whoever may say that nothing follows looks at them, until a re-assurance takes them up."""
    rows = waiting.changes(set(actors))
    apart = waiting.not_direct_care({each.deployment_id for each in rows})
    for each in rows:
        by, role = actors[each.organisation_id], settler(direct_care=each.deployment_id not in apart)
        if by.holds(role, each.deployment_id):
            yield Matter(
                tool=each.tool, organisation=each.organisation, asked=f"Say what follows from change {each.number}",
                verb="Read and decide", by=by, role=role, deployment_id=each.deployment_id, since=each.since, said=each.what,
                href=url_for(
                    "changes.notice", organisation=by.organisation_code, reference=each.reference, number=each.number
                ),
            )  # fmt: skip


def _rows(
    shown: Sequence[Matter], names: Mapping[int, str], duty: Duties, person_id: int | None, on: date
) -> tuple[Row, ...]:
    """The rows of one page, with what is asked for them alone: ratings, and what the person signed before."""
    residuals = queries.residuals({each.deployment_id for each in shown})
    packs = [each.pack for each in shown if each.pack is not None]
    before = turns.since_last([(item, line.turn.role) for item, line in packs], person_id)
    approved = {
        kind: waiting.approved_before(kind, person_id, {each.deployment_id for each in shown if each.kind == kind})
        for kind, _, _ in RECORDS
        if any(each.kind == kind for each in shown)
    }
    return tuple(
        Row(
            tool=each.tool, organisation=each.organisation or names.get(each.by.organisation_id or 0, ""),
            asked=each.asked, verb=each.verb, href=each.href, since=_day(each.since, on), gone=_gone(each, on),
            expected=each.expected, residual=residuals.get(each.deployment_id),
            since_last=_since_last(each, before, approved), said=each.said,
            acting_for=duty.acting_for(each.by, each.role, each.deployment_id),
        )
        for each in shown
    )  # fmt: skip


def _since_last(
    each: Matter, before: Mapping[tuple[int, Role], Before], approved: Mapping[str, Mapping[int, int]]
) -> str:
    if each.pack is None and not each.kind:
        return ""
    if each.pack is None:
        number = approved[each.kind].get(each.deployment_id)
        what = "version" if each.kind == waiting.LOG else "revision"
        return f"You approved {what} {number} before" if number else NEW
    earlier = before.get((each.pack[0].submission.id, each.role))
    if earlier is None:
        return NEW
    changed = f"{plural(earlier.changed, 'section')} changed" if earlier.changed else "No section changed"
    return f"{changed}, {earlier.unchanged} unchanged"


def _gone(each: Matter, on: date) -> int:
    if each.pack is not None:
        return each.pack[1].gone
    return clock.working_days_between(clock.london_date(each.since), on) if each.since else 0


def _day(since: datetime | None, on: date) -> str:
    return short(clock.london_date(since), on) if since else ""


def _title(number: int) -> str:
    return f"{plural(number, 'matter')} {'waits' if number == 1 else 'wait'} for you" if number else "Nothing waits for you"


def _lede(found: Sequence[Matter], on: date) -> str:
    if not found:
        return "You are told by notice as soon as something does."
    over = sum(0 < each.expected < _gone(each, on) for each in found)
    oldest = next((each.since for each in found if each.since), datetime.combine(on, time(), clock.LONDON))
    said = f"The oldest since {long_date(oldest)}."
    return f"{said} {over} {'waits' if over == 1 else 'wait'} longer than expected." if over else said


def _gives(each: Any, names: Mapping[int, str]) -> str:
    when = each.in_words.removeprefix(f"{each.giver}, ")
    return f"{each.taker} acts for you as {each.row.role.title} at {names.get(each.row.organisation_id, '')}, {when}."


def _takes(each: Any, names: Mapping[int, str]) -> str:
    when = each.in_words.removeprefix(f"{each.giver}, ")
    return f"You act for {each.giver} as {each.row.role.title} at {names.get(each.row.organisation_id, '')}, {when}."
