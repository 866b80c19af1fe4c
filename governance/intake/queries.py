"""Finding submissions, their facts and their history. Every query takes the actor, or a submission found with one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from governance import clock
from governance.database import db, read_once
from governance.errors import Blocker, NotVisible
from governance.identity import queries as identity
from governance.identity.models import Agreement
from governance.intake.models import (
    ModelCard,
    PolicyAddition,
    PolicyMove,
    Submission,
    SubmissionChange,
    TierChange,
    Triage,
)
from governance.intake.rules import Known
from governance.lifecycle import CLOSED_STATUSES, OPEN_STATUSES, Stage, SubmissionKind, SubmissionStatus
from governance.permissions import Actor, Permission
from governance.policy import Policy, Tier, additions, policy
from governance.register import queries as register
from governance.register.matching import plain_version
from governance.register.models import Deployment, Tool, ToolVersion

PAGE = 20
FIRST_OF_KIND = "first_of_kind"

stated: list[Callable[[Deployment], Mapping[str, str]]] = []
"""Triage facts held of a deployment before its first submission. Filled when the application is made."""
barred: list[Callable[[Submission, Actor], Sequence[Blocker]]] = []
"""Why somebody takes no part in a submission any more; a later room says it, when the application is made."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of submissions. `tool` is empty in a draft that does not name one yet."""

    id: int
    reference: str | None
    deployment: str | None
    tool: str
    kind: SubmissionKind
    stage_asked: Stage | None
    status: SubmissionStatus
    deferred_until: date | None
    since: datetime


def submission(reference: str, by: Actor) -> Submission:
    """One own submission by reference. Raises NotVisible."""
    found = db.session.scalar(
        sa.select(Submission)
        .where(Submission.reference == reference, Submission.organisation_id.in_(by.scope))
        .options(*_whole())
    )
    if found is None:
        raise NotVisible()
    return found


def draft(submission_id: int, by: Actor) -> Submission:
    """One own submission by id, whatever its status; a draft has no reference yet. Raises NotVisible."""
    found = db.session.scalar(
        sa.select(Submission)
        .where(Submission.id == submission_id, Submission.organisation_id.in_(by.scope))
        .options(*_whole())
    )
    if found is None:
        raise NotVisible()
    return found


def _whole() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    of = joinedload(Submission.deployment)
    return (
        of.joinedload(Deployment.tool).joinedload(Tool.manufacturer),
        of.joinedload(Deployment.tool_version),
        of.joinedload(Deployment.use_case),
        of.joinedload(Deployment.supplier),
        of.joinedload(Deployment.organisation),
        joinedload(Submission.tool_version),
    )


def drafts(by: Actor) -> Sequence[Submission]:
    """Own drafts that are still being written, the newest first."""
    query = sa.select(Submission).where(
        Submission.organisation_id == by.organisation_id, Submission.status == SubmissionStatus.DRAFTED
    )
    return db.session.scalars(query.options(*_whole()).order_by(Submission.id.desc()).limit(PAGE)).all()


def open_submissions(by: Actor) -> Sequence[Submission]:
    """Own submissions that are not closed, the oldest first, with their deployment and tool."""
    query = sa.select(Submission).where(
        Submission.organisation_id.in_(by.scope), Submission.status.in_(sorted(OPEN_STATUSES))
    )
    return db.session.scalars(query.options(*_whole()).order_by(Submission.id)).all()


def of_deployment(deployment: Deployment) -> Sequence[Submission]:
    """Every submission about a deployment, the newest first."""
    query = sa.select(Submission).where(Submission.deployment_id == deployment.id).options(defer(Submission.draft))
    return db.session.scalars(query.order_by(Submission.id.desc())).all()


def open_on(deployment: Deployment) -> Submission | None:
    """The one submission about a deployment that is not closed."""
    query = sa.select(Submission).where(
        Submission.deployment_id == deployment.id, Submission.status.in_(sorted(OPEN_STATUSES))
    )
    return db.session.scalar(query)


def barred_from(submission: Submission, by: Actor) -> tuple[Blocker, ...]:
    """Why this person takes no part in a submission any more; empty for everybody else."""
    return tuple(blocker for give in barred for blocker in give(submission, by))


def barred_on(deployment: Deployment, by: Actor) -> tuple[Blocker, ...]:
    """The same for what is decided on the deployment itself while a submission about it is open."""
    running = open_on(deployment)
    return barred_from(running, by) if running is not None else ()


def listed(by: Actor, *, closed: bool = False, after: int | None = None, limit: int = PAGE) -> Sequence[Row]:
    """Own submissions in one query, the newest first: those still open, or those closed."""
    since = (
        sa.select(sa.func.max(SubmissionChange.at))
        .where(SubmissionChange.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    query = (
        sa.select(Submission, Deployment.reference, Tool.name, since)
        .outerjoin(Deployment, Deployment.id == Submission.deployment_id)
        .outerjoin(Tool, Tool.id == Deployment.tool_id)
        .where(
            Submission.organisation_id.in_(by.scope),
            Submission.status.in_(sorted(CLOSED_STATUSES if closed else OPEN_STATUSES)),
        )
        .order_by(Submission.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Submission.id < after)
    return [_row(*found) for found in db.session.execute(query)]


def _row(found: Submission, deployment: str | None, tool: str | None, since: datetime | None) -> Row:
    typed = found.draft.get("values", {}).get("tool", {}).get("name") or ""
    return Row(
        id=found.id,
        reference=found.reference,
        deployment=deployment,
        tool=tool or str(typed),
        kind=found.kind,
        stage_asked=found.stage_asked,
        status=found.status,
        deferred_until=found.deferred_until,
        since=since or found.started_at,
    )


def policy_of(submission: Submission) -> Policy:
    """The policy a submission is held to: the version pinned with it and its organisation's additions pinned with it.

    While it is a draft nothing is pinned: the current version alone. `policy_for` says what it would be pinned to.
    """
    if not submission.policy_version:
        return policy()
    return additions.of_version(submission.policy_version, pinned_additions(submission))


def pinned_additions(submission: Submission) -> tuple[additions.Addition, ...]:
    """The additions a submission is held to. What they say never changes, so one session asks once for each set of them."""
    return _additions(submission, tuple(submission.policy_additions or ()))


def _additions(submission: Submission, ids: tuple[int, ...]) -> tuple[additions.Addition, ...]:
    if not ids:
        return ()
    kept = db.session().info.setdefault("additions", {})
    if ids not in kept:
        query = sa.select(PolicyAddition).where(
            PolicyAddition.id.in_(ids), PolicyAddition.organisation_id == submission.organisation_id
        )
        kept[ids] = tuple(as_addition(row) for row in db.session.scalars(query.order_by(PolicyAddition.id)))
    found: tuple[additions.Addition, ...] = kept[ids]
    return found


def as_addition(row: PolicyAddition) -> additions.Addition:
    """A row as the rules read it."""
    return additions.read(row.kind, row.what, basis=row.instrument, number=row.id)


def additions_in_force(organisation_id: int, on: date) -> tuple[additions.Addition, ...]:
    """What an organisation asks beyond policy of what is proposed on a day, oldest first."""
    query = sa.select(PolicyAddition).where(
        PolicyAddition.organisation_id == organisation_id,
        PolicyAddition.starts_on <= on,
        sa.or_(PolicyAddition.ended_on.is_(None), PolicyAddition.ended_on > on),
    )
    return tuple(as_addition(row) for row in db.session.scalars(query.order_by(PolicyAddition.id)))


def policy_for(organisation_id: int, on: date) -> Policy:
    """What a submission proposed on a day is held to: the current version, with the additions in force that fit it."""
    current = policy()
    held = tuple(each for each in additions_in_force(organisation_id, on) if additions.fits(current, each))
    return additions.of_version(current.version, held)


def policy_moves(submission: Submission) -> Sequence[PolicyMove]:
    """Every time it went on under another policy, oldest first."""
    query = sa.select(PolicyMove).where(PolicyMove.submission_id == submission.id)
    return db.session.scalars(query.order_by(PolicyMove.id)).all()


def policy_at(submission: Submission, at: datetime) -> Policy:
    """What it was held to at a moment: what the first of its moves after that took it from, or what it is held to now."""
    later = next((each for each in policy_moves(submission) if each.moved_at > at), None)
    if later is None:
        return policy_of(submission)
    return additions.of_version(later.from_version, _additions(submission, tuple(later.from_additions)))


@read_once
def triage(submission: Submission) -> Triage | None:
    """The triage as it stands: the latest row."""
    query = sa.select(Triage).where(Triage.submission_id == submission.id).order_by(Triage.id.desc())
    return db.session.scalar(query.limit(1))


def facts(submission: Submission) -> dict[str, str]:
    """The triage facts as they stand; none before it is proposed."""
    row = triage(submission)
    return dict(row.facts) if row else {}


def facts_of(submission_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The same for several submissions, in one query."""
    newest = sa.select(sa.func.max(Triage.id)).where(Triage.submission_id.in_(submission_ids)).group_by(Triage.submission_id)
    rows = db.session.scalars(sa.select(Triage).where(Triage.id.in_(newest))).all() if submission_ids else ()
    found = {row.submission_id: dict(row.facts) for row in rows}
    return {each: found.get(each, {}) for each in submission_ids}


def tier(submission: Submission) -> Tier | None:
    """The tier as it stands; None before it is proposed, and for research."""
    return Tier(submission.tier) if submission.tier else None


def shows_anew(deployment: Deployment | None, version: str = "") -> bool:
    """Whether a re-assurance shows what earlier stages ask too: nothing was assured before, or it was another version.

    What is shown about a tool is about one version of it (policy, "Time": DTAC per tool version).
    """
    if deployment is None or deployment.stage is Stage.PIPELINE:
        return False
    if deployment.approved_version is None:
        return True
    return bool(version) and plain_version(version) != plain_version(deployment.approved_version.version)


def is_first_of_kind(submission: Submission) -> bool:
    """Whether it was the first of its kind in its integrated care system when it was proposed, as its triage says."""
    row = triage(submission)
    return row is not None and any(code == FIRST_OF_KIND for code, _ in row.reasons)


def tier_changes(submission: Submission) -> Sequence[TierChange]:
    """Every time a person raised or lowered the tier, oldest first."""
    query = sa.select(TierChange).where(TierChange.submission_id == submission.id)
    return db.session.scalars(query.order_by(TierChange.id)).all()


def history(submission: Submission) -> Sequence[SubmissionChange]:
    """Every arrow taken, oldest first."""
    query = sa.select(SubmissionChange).where(SubmissionChange.submission_id == submission.id)
    return db.session.scalars(query.order_by(SubmissionChange.id)).all()


def newest_card(submission: Submission) -> ModelCard | None:
    """The latest model card uploaded to a submission."""
    query = sa.select(ModelCard).where(ModelCard.submission_id == submission.id).order_by(ModelCard.id.desc())
    return db.session.scalar(query.limit(1))


def how_many_of(deployment: Deployment) -> int:
    """How many submissions of a deployment have a reference."""
    query = sa.select(sa.func.count()).select_from(Submission)
    return (
        db.session.scalar(query.where(Submission.deployment_id == deployment.id, Submission.reference.is_not(None)))
        or 0
    )


def known(deployment: Deployment) -> Known:
    """A deployment as the next request about it finds it."""
    return Known(
        stage=deployment.stage,
        standing=deployment.standing,
        approved_stage=deployment.approved_stage,
        version=deployment.tool_version.version,
        extended=extensions_of(deployment),
    )


def extensions_of(deployment: Deployment) -> int:
    """How often the stage that this deployment is in now was extended: a pilot that it stepped back to is another one."""
    query = sa.select(Submission.closed_at).where(
        Submission.deployment_id == deployment.id,
        Submission.kind == SubmissionKind.EXTEND_PILOT,
        Submission.status == SubmissionStatus.AUTHORISED,
    )
    closed = [at for at in db.session.scalars(query) if at is not None]
    return sum(clock.london_date(at) >= deployment.stage_since for at in closed)


def first_in_system(*, organisation_id: int, tool_id: int | None, use_case_id: int | None, on: date) -> bool:
    """Whether no organisation of the same care system has an assured deployment of this tool and use case."""
    if tool_id is None or use_case_id is None:
        return True
    system = identity.system_of(organisation_id, on)
    return not register.is_assured_among(system, tool_id=tool_id, use_case_id=use_case_id)


def submitting_organisation(by: Actor) -> int:
    """The organisation that submits when this person proposes: their own, or the one that acts under an Agreement."""
    lead = [held for held in by.current if Actor(kind="person", held=(held,), on=by.on).may(Permission.PROPOSE)]
    assert by.organisation_id is not None
    if not lead or any(held.agreement_id is None for held in lead):
        return by.organisation_id
    return db.session.get_one(Agreement, lead[0].agreement_id).acting_id


def alike(tool: Mapping[str, Any]) -> set[int]:
    """Ids of the tools on the register that may be the one typed in a draft."""
    name = str(tool.get("name") or "")
    return {each.tool_id for each in register.matches(name, str(tool.get("manufacturer") or ""))} if name else set()


def version_of(tool_id: int, version_id: int) -> ToolVersion:
    """A release of a tool. Raises NotVisible."""
    found = db.session.get(ToolVersion, version_id)
    if found is None or found.tool_id != tool_id:
        raise NotVisible()
    return found
