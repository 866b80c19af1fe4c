"""An organisation's additions, and what an open submission would be held to if it were proposed today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from governance.database import db
from governance.errors import Blocker, NotVisible
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.intake import rules as intake_rules
from governance.intake.additions import rules
from governance.intake.models import PolicyAddition, Submission
from governance.lifecycle import OPEN_STATUSES, SubmissionStatus
from governance.permissions import Actor
from governance.policy import Policy, Tier, additions, policy
from governance.policy import rules as policy_rules
from governance.policy.difference import Case, difference
from governance.policy.rules import TierResult

MOVABLE = rules.MOVED_WHILE
SHOWN = (*MOVABLE, SubmissionStatus.HELD)


@dataclass(frozen=True, slots=True)
class Newer:
    """What a submission is not held to yet: the policy as it is today, what would change, and why it may not be moved.

    `tier` is the tier it would have, `result` what the facts give under the newer policy. `mark` names the whole, so that a
    decision is about what was read.
    """

    policy: Policy
    sentences: tuple[str, ...]
    blockers: tuple[Blocker, ...]
    tier: Tier | None
    result: TierResult

    @property
    def mark(self) -> str:
        return ":".join((self.policy.version, *(str(each.number) for each in self.policy.additions)))


def listed(by: Actor) -> Sequence[tuple[PolicyAddition, str]]:
    """Every addition of the organisation and its predecessors with who recorded it, the newest first."""
    query = (
        sa.select(PolicyAddition, Person.name)
        .join(Person, Person.id == PolicyAddition.made_by)
        .where(PolicyAddition.organisation_id.in_(by.scope))
        .order_by(PolicyAddition.id.desc())
    )
    return [(row, name) for row, name in db.session.execute(query)]


def addition(addition_id: int, by: Actor) -> PolicyAddition:
    """One of them. Raises NotVisible."""
    found = db.session.get(PolicyAddition, addition_id)
    if found is None or found.organisation_id not in by.scope:
        raise NotVisible()
    return found


def homeless(organisation_id: int, on: date) -> tuple[tuple[str, str], ...]:
    """(an addition in words, why not) of each that is in force and has no place in today's policy, so is not asked."""
    return _without_place(intake.additions_in_force(organisation_id, on), policy())


def not_asked(submission: Submission, on: date) -> tuple[tuple[str, str], ...]:
    """The same of one open submission: what the organisation asks beyond policy and its policy has no place for."""
    if submission.status not in OPEN_STATUSES:
        return ()
    held = intake.policy_of(submission)
    in_force = intake.additions_in_force(submission.organisation_id, on)
    return _without_place([each for each in in_force if each not in held.additions], held)


def _without_place(found: Sequence[additions.Addition], held: Policy) -> tuple[tuple[str, str], ...]:
    faults = [(each, additions.blockers(held, each)) for each in found]
    return tuple((additions.sentence(held, each), " ".join(fault.sentence for fault in why)) for each, why in faults if why)


def newer(submission: Submission, on: date) -> Newer | None:
    """What has come since a submission was proposed; None where nothing has, or where it is closed or with its signers."""
    triage, stage = intake.triage(submission), submission.stage_asked
    if submission.status not in SHOWN or triage is None or stage is None:
        return None
    pinned, today = intake.policy_of(submission), policy()
    in_force = intake.additions_in_force(submission.organisation_id, on)
    fitting = tuple(each for each in in_force if additions.fits(today, each))
    if pinned.version == today.version and pinned.additions == fitting and len(fitting) == len(in_force):
        return None
    target = additions.of_version(today.version, fitting)
    blockers = policy_rules.triage_blockers(triage.facts, target)
    result = policy_rules.tier(triage.facts, target)
    tier = _tier(submission, policy_rules.tier(triage.facts, pinned).tier, result.tier)
    case = Case(
        facts=triage.facts, tier=intake.tier(submission), tier_after=tier, stage_asked=stage, kind=submission.kind,
        stage_from=submission.counted_from, first_of_kind=intake.is_first_of_kind(submission),
    )  # fmt: skip
    homeless = [each for each in in_force if each not in fitting]
    blockers += [blocker for each in homeless for blocker in _homeless(each, pinned, target)]
    if pinned.version == target.version and pinned.additions == target.additions:
        return None  # an addition that never fitted: the page of additions says so
    return Newer(target, difference(pinned, target, case), tuple(blockers), tier, result)


def _homeless(addition: additions.Addition, pinned: Policy, target: Policy) -> list[Blocker]:
    """An addition that the newer policy has no place for is never dropped by a move: it is ended or made anew first."""
    if addition not in pinned.additions:
        return []
    said = additions.sentence(pinned, addition)
    return [Blocker("policy.addition", f"Your own addition has no place in {target.version}. End it or record another: {said}")]


def _tier(submission: Submission, before: Tier | None, after: Tier | None) -> Tier | None:
    """What a person set stays where the facts give the same as before; otherwise as after a correction of triage."""
    if before is after:
        return intake.tier(submission)
    last = intake.tier_changes(submission)[-1:]
    raised = [each.tier_to for each in last if Tier(each.tier_to).rank > Tier(each.tier_from).rank]
    return intake_rules.tier_after_correction(computed=after, raised_to=raised[0] if raised else None)
