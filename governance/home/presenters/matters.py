"""What waits for one person's signature, over all their organisations: the first screen counts it, the queue lists it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from governance.approval.changes.rules import settler
from governance.approval.interim import queries as interim
from governance.approval.presenters import TAKE_UP, VERBS
from governance.approval.rules import TurnState
from governance.home import queries, turns, waiting
from governance.home.presenters.everywhere import Duties
from governance.home.presenters.words import asks, tool_of
from governance.home.turns import Round
from governance.home.waiting import Changed, Record, Stopped
from governance.lifecycle import SubmissionStatus
from governance.monitoring.suspensions import rules as suspensions
from governance.permissions import PERMISSION_ROLES, Actor, Permission, Role
from governance.policy.schema import Act
from governance.web.wording import long_date, plural

ROLES = PERMISSION_ROLES[Permission.READ_QUEUE]
AGREED = (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)
RECORDS = (
    (waiting.PLAN, "Approve the clinical risk management plan", "plans.risk.show"),
    (waiting.LOG, "Approve hazard log version {}", "hazards.versions.show"),
    (waiting.CASE, "Approve safety case report, revision {}", "safety_cases.revision"),
)


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


def of_person(acting: Mapping[int, Actor], duty: Duties, on: date) -> list[Matter]:
    """Everything that is this person's now, by who they are in each organisation, without what they handed over: oldest first.

    The first screen counts these and the queue lists them.
    """
    return sorted(_all(acting, duty, on), key=lambda each: (each.since is None, each.since, each.href))


def title(number: int) -> str:
    """`4 matters wait for you`."""
    return f"{plural(number, 'matter')} {'waits' if number == 1 else 'wait'} for you" if number else "Nothing waits for you"


def _all(acting: Mapping[int, Actor], duty: Duties, on: date) -> Iterator[Matter]:
    agreed = queries.submissions(set(acting), *AGREED)
    for item, line in _mine(turns.rounds(agreed, on), acting, duty):
        yield _pack(item, line, acting[item.submission.organisation_id])
    actors = duty.on_duty(acting)
    officers = {number for number, actor in actors.items() if Role.CSO in actor.roles}
    if officers:
        person_id = next(iter(actors.values())).person_id
        found = (
            waiting.plans(officers, person_id), waiting.log_versions(officers, person_id),
            waiting.safety_cases(officers, person_id),
        )  # fmt: skip
        for rows, (kind, text, endpoint) in zip(found, RECORDS, strict=True):
            yield from _records(rows, kind, text, endpoint, actors)
    yield from _conditions(actors)
    yield from _interim(actors)
    stopped, noted = waiting.stopped(set(actors)), waiting.changes(set(actors))
    apart = waiting.not_direct_care({*(each.deployment_id for each in stopped), *(each.deployment_id for each in noted)})
    yield from _stopped(stopped, apart, actors)
    yield from _changes(noted, apart, actors)


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


def _stopped(rows: Iterable[Stopped], apart: Collection[int], actors: Mapping[int, Actor]) -> Iterator[Matter]:
    """Suspended tools whose use may resume: the officer once the log was approved anew, then whoever decides."""
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


def _changes(rows: Iterable[Changed], apart: Collection[int], actors: Mapping[int, Actor]) -> Iterator[Matter]:
    """Changes noted: whoever may say that nothing follows looks at them, until a re-assurance takes them up."""
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


def _mine(
    rounds: Mapping[int, Round], actors: Mapping[int, Actor], duty: Duties
) -> Iterator[tuple[Round, TurnState]]:
    """Turns that are this person's now and not with somebody who acts for them."""
    for item in rounds.values():
        actor, deployment_id = actors[item.submission.organisation_id], item.submission.deployment_id
        for line in item.open:
            if deployment_id is None:
                continue
            mine = line.is_for(actor.person_id) and actor.holds(line.turn.role, deployment_id)
            if mine and not duty.is_with_another(actor, line, deployment_id):
                yield item, line
