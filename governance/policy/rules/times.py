"""Which stages may follow, how long an approval lasts, when a review is due. Source: our policy, "Time" and the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance import clock
from governance.errors import Blocker
from governance.lifecycle import Stage, SubmissionKind
from governance.policy.schema import Policy, Tier


@dataclass(frozen=True, slots=True)
class StageMoves:
    progress: tuple[Stage, ...]
    step_back: tuple[Stage, ...]


def stage_moves(policy: Policy, stage: Stage) -> StageMoves:
    """The stages a deployment may ask for from here, forward and back."""
    row = next(row for row in policy.ladder if row.stage is stage)
    return StageMoves(row.progress, row.step_back)


def stages_askable(policy: Policy, stage: Stage, kind: SubmissionKind) -> tuple[Stage, ...]:
    """The stages a submission of this kind may name for a deployment at this stage."""
    moves = stage_moves(policy, stage)
    return {
        SubmissionKind.PROGRESS: moves.progress,
        SubmissionKind.RE_ASSURANCE: () if stage is Stage.PIPELINE else (stage,),
        SubmissionKind.EXTEND_PILOT: (stage,) if stage is Stage.PILOT else (),
        SubmissionKind.STEP_BACK: moves.step_back,
        SubmissionKind.CEASE: (stage,),
    }[kind]


def stage_blockers(
    policy: Policy, *, stage: Stage, stage_asked: Stage, kind: SubmissionKind, extended_before: int = 0
) -> list[Blocker]:
    """Why a submission of this kind cannot ask for this stage from here. `extended_before` counts earlier extensions."""
    blockers = []
    if stage_asked not in stages_askable(policy, stage, kind):
        said = f"{kind.label} cannot ask for {stage_asked.label} from {stage.label}."
        blockers.append(Blocker("stage.not_on_ladder", said))
    if kind is SubmissionKind.EXTEND_PILOT and policy.kind(kind).once and extended_before:
        blockers.append(Blocker("stage.extended_before", "This pilot has been extended once already."))
    return blockers


def approval_until(
    policy: Policy,
    *,
    tier: Tier,
    stage: Stage,
    decided_on: date,
    kind: SubmissionKind = SubmissionKind.PROGRESS,
    running_until: date | None = None,
) -> date | None:
    """The last day an approval may last, counted from the decision; None for Pipeline, which needs none.

    An extension counts from the day the pilot would have ended, where that (`running_until`) is still ahead. To cease
    has no end.
    """
    if kind is SubmissionKind.CEASE:
        return None
    months = policy.kind(kind).months
    if months is not None:
        return clock.add_months(max(decided_on, running_until or decided_on), months)
    if stage is Stage.PIPELINE:
        return None
    months = policy.time(f"{stage}_months", tier)
    return None if months is None else clock.add_months(decided_on, months)


def until_blockers(*, chosen: date, limit: date, decided_on: date) -> list[Blocker]:
    """Why an approval cannot last until the day chosen: not after the decision, or longer than policy allows."""
    if chosen <= decided_on:
        return [Blocker("until.past", "The approval must end after the day it is given.")]
    if chosen > limit:
        said = f"The approval can last until {limit.day} {limit:%B %Y} at most."
        return [Blocker("until.too_long", said)]
    return []


def review_due(
    policy: Policy,
    *,
    tier: Tier,
    stage: Stage,
    stage_since: date,
    last_review_on: date | None = None,
    until: date | None = None,
) -> date | None:
    """When the next review is due; None before Pilot.

    Pilot, Implementation and the first months of Business as usual keep the closer rhythm. At low tier that review is "at
    end": of the approval (`until`) in Pilot and Implementation, of the first months in Business as usual.
    """
    if stage.position < Stage.PILOT.position:
        return None
    last = last_review_on or stage_since
    early_ends = clock.add_months(stage_since, policy.time("early_months", tier) or 0)
    live = stage is Stage.BUSINESS_AS_USUAL
    if live and last >= early_ends:
        return clock.add_months(last, policy.time("review_months", tier) or 12)
    every = policy.time("early_review_months", tier)
    if every is not None:
        return clock.add_months(last, every)
    if live:
        return early_ends
    return until or approval_until(policy, tier=tier, stage=stage, decided_on=stage_since)


def evidence_validity_months(policy: Policy, kind: str) -> int | None:
    """How long evidence of a kind counts from its issue, in months; None where its own dates say."""
    return next((row.months for row in policy.evidence_validity if row.kind == kind), None)
