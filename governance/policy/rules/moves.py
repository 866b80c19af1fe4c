"""What stops a move, each as a sentence. Source: our policy, "What stops a move" and "Pack sections".

Plain data in, blockers out. The policy's `stops` say when each check applies and where it comes from; here is how each
one looks. A table of checks, by the code of the stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from governance.errors import Blocker
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.conditions import Facts, Situation, all_hold
from governance.policy.rules.agreement import SectionRule
from governance.policy.rules.asked import requirements
from governance.policy.schema import Depth, Policy, Tier


@dataclass(frozen=True, slots=True)
class HazardFacts:
    """A hazard that is not a draft: its number in the log, its residual rating 1 to 5, whether its reason is recorded.

    The reason is the recorded impracticability of reducing a 3, or the cost or impracticability of reducing a 2.
    """

    number: int
    residual: int | None
    reason_recorded: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence behind a required answer: its title, what it stands behind, and the last day it counts."""

    title: str
    behind: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Condition:
    """An open condition marked "before" a stage (None: before whatever comes next)."""

    number: int
    text: str
    before: Stage | None = None


@dataclass(frozen=True, slots=True)
class GoLive:
    """The go-live record as far as it is filled. `share_trained` is a whole percentage of staff."""

    on: date | None = None
    version: str = ""
    sites: int = 0
    share_trained: int | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """Everything the stops look at, as plain data.

    `dcb0129_basis` is "safety_case", "technical_file" or "out_of_scope"; `dcb0129_accepted` says the clinical safety officer
    judged it met. `agreeing` are the roles with a turn; leave it None where they are not known.
    """

    facts: Facts
    tier: Tier | None
    stage_asked: Stage
    stage_from: Stage | None
    on: date
    kind: SubmissionKind = SubmissionKind.PROGRESS
    dcb0129_basis: str | None = None
    dcb0129_accepted: bool = False
    device_class: str | None = None
    registration_number: str = ""
    monitoring_plan: Depth | None = None
    hazards: tuple[HazardFacts, ...] = ()
    dpia_residual: str | None = None
    ico_consulted_on: date | None = None
    evidence: tuple[Evidence, ...] = ()
    open_before: tuple[Condition, ...] = ()
    go_live: GoLive | None = None
    agreeing: frozenset[Role] | None = field(default=None)


def move_blockers(policy: Policy, move: MoveFacts) -> list[Blocker]:
    """Every reason why this move is stopped, in the policy's order. Empty: nothing stops it."""
    situation = Situation(move.facts, move.tier)
    blockers: list[Blocker] = []
    for stop in policy.stops:
        reached = move.stage_asked.position >= stop.from_stage.position and move.kind in stop.kinds
        if reached and all_hold(policy, stop.when, situation):
            blockers += (Blocker(f"stop.{stop.code}", sentence) for sentence in CHECKS[stop.code](policy, move))
    return blockers


Sentences = Iterator[str]


def _dcb0129(policy: Policy, move: MoveFacts) -> Sentences:
    if move.dcb0129_basis is None:
        yield "There is no DCB0129 safety case, device technical file or out-of-scope reason."
    elif move.dcb0129_basis == "out_of_scope" and not move.dcb0129_accepted:
        yield "The clinical safety officer has not accepted the reason why DCB0129 is out of scope."


def _scribe_device(policy: Policy, move: MoveFacts) -> Sentences:
    classed = move.device_class in ("class_i", "class_iia", "class_iib", "class_iii")
    if not classed:
        yield "An ambient scribe that summarises must be registered as at least a class I medical device."
    elif not move.registration_number.strip():
        yield "The ambient scribe’s MHRA registration number is missing."


def _monitoring_plan(policy: Policy, move: MoveFacts) -> Sentences:
    asked = requirements(
        policy, facts=move.facts, tier=move.tier, stage_asked=move.stage_asked, stage_from=move.stage_from, kind=move.kind
    )  # fmt: skip
    needed = next((row.depth for row in asked if row.question_set == "monitoring_plan"), None)
    if needed is None:
        return
    if move.monitoring_plan is None:
        yield "There is no monitoring plan."
    elif move.monitoring_plan.rank < needed.rank:
        yield f"The monitoring plan is the short one. {move.stage_asked.label} needs the full one."


def _hazard_unscored(policy: Policy, move: MoveFacts) -> Sentences:
    if not move.hazards:
        yield "No hazard has been recorded."
    for hazard in move.hazards:
        if hazard.residual is None:
            yield f"Hazard {hazard.number} has no residual score."


def _with_residual(move: MoveFacts, *ratings: int) -> Iterable[HazardFacts]:
    return (hazard for hazard in move.hazards if hazard.residual in ratings)


def _residual_unacceptable(policy: Policy, move: MoveFacts) -> Sentences:
    for hazard in _with_residual(move, 4, 5):
        yield f"Hazard {hazard.number} has a residual risk of {hazard.residual}, which cannot be accepted."


def _residual_three(policy: Policy, move: MoveFacts) -> Sentences:
    for hazard in _with_residual(move, 3):
        if not hazard.reason_recorded:
            yield f"Hazard {hazard.number} has a residual risk of 3. Record why it cannot be reduced further."
        missing = {Role.CSO, Role.AUTHORISING_EXECUTIVE} - (move.agreeing or {Role.CSO, Role.AUTHORISING_EXECUTIVE})
        for role in sorted(missing):
            yield f"Hazard {hazard.number} has a residual risk of 3. The {role.title} must agree and is not asked."


def _residual_two(policy: Policy, move: MoveFacts) -> Sentences:
    for hazard in _with_residual(move, 2):
        if not hazard.reason_recorded:
            yield f"Hazard {hazard.number} has a residual risk of 2. Record why it is acceptable."


def _dpia_high(policy: Policy, move: MoveFacts) -> Sentences:
    if move.dpia_residual == "high" and (move.ico_consulted_on is None or move.ico_consulted_on > move.on):
        yield "The data protection impact assessment leaves a high risk. Consult the ICO before starting."


def _expired_evidence(policy: Policy, move: MoveFacts) -> Sentences:
    for piece in move.evidence:
        if piece.expires_on is not None and piece.expires_on < move.on:
            expired = f"{piece.expires_on.day} {piece.expires_on:%B %Y}"
            yield f"“{piece.title}” behind {piece.behind} expired on {expired}."


def _condition_before(policy: Policy, move: MoveFacts) -> Sentences:
    for condition in move.open_before:
        if condition.before is None or condition.before.position <= move.stage_asked.position:
            yield f"Condition {condition.number} must be met before {move.stage_asked.label}: {condition.text}"


def _go_live(policy: Policy, move: MoveFacts) -> Sentences:
    if move.go_live is None:
        yield "There is no go-live record."
        return
    record = move.go_live
    filled = {
        "the date": record.on is not None,
        "the version": bool(record.version.strip()),
        "the sites": record.sites > 0,
        "the share of staff trained": record.share_trained is not None,
        "who confirmed it": bool(record.confirmed_by.strip()),
    }
    for part, there in filled.items():
        if not there:
            yield f"The go-live record does not say {part}."


CHECKS: Mapping[str, Callable[[Policy, MoveFacts], Sentences]] = {
    "dcb0129": _dcb0129,
    "scribe_device": _scribe_device,
    "monitoring_plan": _monitoring_plan,
    "hazard_unscored": _hazard_unscored,
    "residual_unacceptable": _residual_unacceptable,
    "residual_three": _residual_three,
    "residual_two": _residual_two,
    "dpia_high": _dpia_high,
    "expired_evidence": _expired_evidence,
    "condition_before": _condition_before,
    "go_live": _go_live,
}


def judgement_blockers(sections: Iterable[SectionRule], judgements: Mapping[str, str]) -> list[Blocker]:
    """Sections whose judgement stops a submission: none yet, "query" or "not_met". DTAC D is compared and never stops."""
    blockers = []
    for section in sections:
        if section.judged_by is None or not section.gates:
            continue
        outcome = judgements.get(section.code)
        code = f"judgement.{section.code}"
        if outcome is None:
            blockers.append(Blocker(code, f"{section.title} is not judged yet by the {section.judged_by.title}."))
        elif outcome != "met":
            said = "has an open query" if outcome == "query" else "is judged not met"
            blockers.append(Blocker(code, f"{section.title} {said}."))
    return blockers
