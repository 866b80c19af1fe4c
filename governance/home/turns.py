"""Whose turn it is in many submissions at once, and what changed since somebody last signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from governance.approval import rules, seats
from governance.approval.models import Condition
from governance.approval.queries import PACK
from governance.approval.rules import TurnState
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.database import db
from governance.home.queries import LIVE
from governance.intake import queries as intake
from governance.intake.models import Submission, Triage
from governance.permissions import Role
from governance.policy import Tier
from governance.policy import rules as policy
from governance.policy.rules import Turn
from governance.signing.models import SignOff


@dataclass(frozen=True, slots=True)
class Before:
    """What a person signed on an earlier pack of the same deployment, beside the pack before them."""

    version: str
    unchanged: int
    changed: int


@dataclass(frozen=True, slots=True)
class Round:
    """One submitted or deferred submission: its newest pack and every turn in this round."""

    submission: Submission
    pack_id: int
    lines: tuple[TurnState, ...]

    @property
    def open(self) -> tuple[TurnState, ...]:
        """Turns that are somebody's now."""
        return tuple(line for line in self.lines if line.state == "open")


def rounds(submissions: Sequence[Submission], on: date) -> dict[int, Round]:
    """The present round of each submitted or deferred submission, by its id."""
    ids = [each.id for each in submissions]
    triages, packs, carried = _triages(ids), _packs(ids), _carried(ids)
    taken = seats.taken([pack_id for pack_id, _ in packs.values()])
    recused = seats.recused(ids)
    found = {}
    for each in submissions:
        if each.id not in packs or each.stage_asked is None:
            continue
        pack_id, frozen_at = packs[each.id]
        turns = _turns(each, triages.get(each.id), each.id in carried)
        lines = rules.states(
            turns, taken.get(pack_id, {}), status=each.status, began=each.turn_since or frozen_at,
            deferred_until=each.deferred_until, on=on, recused=recused.get(each.id, ()),
        )  # fmt: skip
        found[each.id] = Round(each, pack_id, lines)
    return found


def _turns(submission: Submission, triage: Triage | None, carried: bool) -> tuple[Turn, ...]:
    assert submission.stage_asked is not None
    return policy.signers(
        intake.policy_of(submission),
        facts=dict(triage.facts) if triage else {},
        tier=Tier(submission.tier) if submission.tier else None,
        stage_asked=submission.stage_asked,
        kind=submission.kind,
        first_of_kind=triage is not None and any(code == intake.FIRST_OF_KIND for code, _ in triage.reasons),
        stage_from=submission.counted_from,
        carried_conditions=carried,
    )


def _triages(ids: Collection[int]) -> dict[int, Triage]:
    newest = sa.select(sa.func.max(Triage.id)).where(Triage.submission_id.in_(ids)).group_by(Triage.submission_id)
    return {row.submission_id: row for row in db.session.scalars(sa.select(Triage).where(Triage.id.in_(newest)))}


def _packs(ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    query = sa.select(AssurancePack.submission_id, AssurancePack.id, AssurancePack.frozen_at)
    query = query.where(AssurancePack.submission_id.in_(ids)).order_by(AssurancePack.round)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def _carried(ids: Collection[int]) -> set[int]:
    """Submissions whose deployment has a condition left open by a decision on an earlier one."""
    query = (
        sa.select(Submission.id)
        .join(Condition, Condition.deployment_id == Submission.deployment_id)
        .where(Submission.id.in_(ids), Condition.submission_id < Submission.id, Condition.status.in_(LIVE))
    )
    return set(db.session.scalars(query))


def since_last(mine: Sequence[tuple[Round, Role]], person_id: int | None) -> dict[tuple[int, Role], Before]:
    """What changed in each pack since this person last signed for its deployment in the same role."""
    rows = {item.submission.deployment_id: item for item, _ in mine}
    earlier: dict[tuple[int | None, Role], tuple[Mapping[str, str], str]] = {}
    query = (
        sa.select(SignOff.role, SignOff.section_digests, SignOff.subject_id, Submission)
        .join(AssurancePack, AssurancePack.id == SignOff.subject_id)
        .join(Submission, Submission.id == AssurancePack.submission_id)
        .where(SignOff.subject_kind == PACK, SignOff.person_id == person_id, Submission.deployment_id.in_(rows))
        .options(sa.orm.joinedload(Submission.tool_version))
        .order_by(SignOff.id)
    )
    for role, digests, pack_id, submission in db.session.execute(query):
        if pack_id != rows[submission.deployment_id].pack_id:
            version = submission.tool_version.version if submission.tool_version else ""
            earlier[submission.deployment_id, role] = (digests, version)
    now = _digests([item.pack_id for item, _ in mine])
    found = {}
    for item, role in mine:
        if before := earlier.get((item.submission.deployment_id, role)):
            sections = next(line.turn.sections for line in item.lines if line.turn.role is role)
            here = {code: digest for code, digest in now.get(item.pack_id, {}).items() if code in sections}
            same = sum(before[0].get(code) == digest for code, digest in here.items())
            found[item.submission.id, role] = Before(before[1], same, len(here) - same)
    return found


def _digests(pack_ids: Collection[int]) -> dict[int, dict[str, str]]:
    query = sa.select(PackSection.pack_id, PackSection.code, PackSection.digest).where(
        PackSection.pack_id.in_(pack_ids)
    )
    found: dict[int, dict[str, str]] = {}
    for pack_id, code, digest in db.session.execute(query):
        found.setdefault(pack_id, {})[code] = digest
    return found
