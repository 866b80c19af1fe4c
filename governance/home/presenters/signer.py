"""The part of those who judge, approve, sign, advise and authorise: over every organisation in which they may act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for

from governance import clock
from governance.approval.interim import queries as interim
from governance.approval.presenters import TAKE_UP, VERBS
from governance.approval.rules import TurnState
from governance.home import queries, turns
from governance.home.looked import Looks
from governance.home.presenters import coming, declared, safety, standing_of
from governance.home.presenters.everywhere import Duties, duties
from governance.home.presenters.words import asks, short, tool_of
from governance.home.turns import Before, Round
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Role
from governance.policy.schema import Act
from governance.web.wording import plural

ROLES = frozenset({
    Role.CSO, Role.CLINICAL_LEAD, Role.CALDICOTT_GUARDIAN, Role.SIRO, Role.SRO, Role.AUTHORISING_EXECUTIVE,
    Role.DPO, Role.AI_LEAD, Role.CCIO, Role.CISO, Role.IG_LEAD,
})  # fmt: skip
JUDGES_ONLY = frozenset({Role.CCIO, Role.CISO, Role.IG_LEAD})
S = SubmissionStatus
AGREED = (S.SUBMITTED, S.DEFERRED)
SHOWN = 20
LONG_PROPOSED_DAYS = 180


@dataclass(frozen=True, slots=True)
class Ready:
    """One submission that waits for this person's signature, advice or decision."""

    tool: str
    href: str
    under: str
    residual: int | None
    since_last: str
    since: str
    gone: int
    expected: int
    verb: str
    role: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Everything on a signer's part."""

    title: str
    lede: str
    signs: bool
    ready: tuple[Ready, ...]
    more_ready: int
    approvals: tuple[coming.Approval, ...]
    coming: tuple[coming.OnItsWay, ...]
    more_coming: int
    without: tuple[standing_of.Without, ...]
    may_sign: standing_of.MaySign
    safety: safety.SafetyNow | None


def build(actors: Mapping[int, Actor], organisations: Mapping[int, str], by: Actor, on: date, looks: Looks) -> Signer:
    """What one person has to sign and judge. `actors`: who they are in each organisation of `organisations`, by id."""
    scope = set(actors)
    running = queries.submissions(scope, *AGREED, S.OPENED, S.RETURNED)
    submitted = [each for each in running if each.status in AGREED]
    assessed = [each for each in running if each.status not in AGREED]
    mine = list(mine_of(turns.rounds(submitted, on), actors, handed := duties(by.person_id, on)))
    duty = handed.on_duty(actors)
    shown = mine[:SHOWN]
    residuals = queries.residuals({item.submission.deployment_id or 0 for item, _ in shown})
    before = turns.since_last([(item, line.turn.role) for item, line in shown], by.person_id)
    ready = tuple(ready_of(item, line, actors, residuals, before, on) for item, line in shown)
    approvals = (*declared.approvals(interim.awaited(scope), duty, on), *coming.approvals(assessed, duty, on))
    under_way = coming.on_their_way(assessed, looks.into(assessed, actors), actors, on)
    judging = sum(len(each.yours) for each in under_way)
    roles = frozenset[Role]().union(*(actor.roles for actor in actors.values())) & ROLES
    now = safety.now(actors, organisations, on)
    red, to_stop = (now.red, now.asked) if now else (0, 0)
    dated = queries.dated(scope, until=on, proposed_before=on - timedelta(days=LONG_PROPOSED_DAYS))
    return Signer(
        title=_title(red + to_stop + len(mine) + len(approvals) + judging),
        lede=_lede(mine, len(approvals), judging, red, to_stop),
        signs=bool(roles - JUDGES_ONLY),
        ready=ready,
        more_ready=len(mine) - len(ready),
        approvals=approvals,
        coming=under_way,
        more_coming=len(assessed) - len(under_way),
        without=tuple(standing_of.without(dated, actors, on)),
        may_sign=standing_of.may_sign(actors, organisations, by, on),
        safety=now,
    )


def mine_of(
    rounds: Mapping[int, Round], actors: Mapping[int, Actor], duty: Duties
) -> Iterator[tuple[Round, TurnState]]:
    """Turns that are this person's now and not with somebody who acts for them, the longest waiting first."""
    found = []
    for item in rounds.values():
        actor, deployment_id = actors[item.submission.organisation_id], item.submission.deployment_id
        for line in item.open:
            if deployment_id is None:
                continue
            mine = line.is_for(actor.person_id) and actor.holds(line.turn.role, deployment_id)
            if mine and not duty.is_with_another(actor, line, deployment_id):
                found.append((item, line))
    yield from sorted(found, key=lambda pair: (pair[1].since is None, pair[1].since, pair[0].submission.id))


def ready_of(
    item: Round,
    line: TurnState,
    actors: Mapping[int, Actor],
    residuals: Mapping[int, int],
    before: Mapping[tuple[int, Role], Before],
    on: date,
) -> Ready:
    submission, role = item.submission, line.turn.role
    by, reference = actors[submission.organisation_id], str(submission.reference)
    verb = "advise" if line.turn.act is Act.ADVISE else "sign"
    href = url_for("approval.act", organisation=by.organisation_code, reference=reference, verb=verb, role=role.value)
    deferred = submission.status is S.DEFERRED
    if deferred:
        href = url_for("approval.resume", organisation=by.organisation_code, reference=reference)
    return Ready(
        tool=tool_of(submission),
        href=href,
        under=asks(submission, organisation=True),
        residual=residuals.get(submission.deployment_id or 0),
        since_last=_since_last(
            before.get((submission.id, role)), submission.tool_version.version if submission.tool_version else ""
        ),
        since=short(clock.london_date(line.since), on) if line.since else "",
        gone=line.gone,
        expected=line.turn.expected_working_days,
        verb=TAKE_UP if deferred else VERBS[line.turn.act],
        role=role.title,
    )


def _since_last(before: Before | None, version: str) -> str:
    if before is None:
        return "First time you sign this tool"
    moved = f"Version {before.version} to {version}" if before.version and before.version != version else ""
    changed = f"{plural(before.changed, 'section')} changed" if before.changed else "nothing changed"
    said = [*([moved] if moved else []), changed, f"{before.unchanged} unchanged"]
    text = ", ".join(said)
    return text[:1].upper() + text[1:]


def _title(number: int) -> str:
    return (
        f"{plural(number, 'matter')} {'is' if number == 1 else 'are'} open"
        if number
        else "Nothing is open for you today"
    )


def _lede(mine: list[tuple[Round, TurnState]], approvals: int, judging: int, red: int, to_stop: int) -> str:
    over = sum(line.gone > line.turn.expected_working_days for _, line in mine)
    said = [f"{plural(red, 'red signal')} {'asks' if red == 1 else 'ask'} for your look."] if red else []
    if to_stop:
        said.append(f"{plural(to_stop, 'request')} to suspend {'waits' if to_stop == 1 else 'wait'} for your answer.")
    if mine:
        said.append(f"{plural(len(mine), 'submission')} {'is' if len(mine) == 1 else 'are'} ready for you.")
    if over:
        said.append(f"{over} {'waits' if over == 1 else 'wait'} longer than expected.")
    if judging:
        said.append(f"{plural(judging, 'section')} {'waits' if judging == 1 else 'wait'} for your judgement.")
    if approvals:
        said.append(f"{plural(approvals, 'record')} {'needs' if approvals == 1 else 'need'} your approval.")
    return " ".join(said) or "You are told here as soon as something waits for you."
