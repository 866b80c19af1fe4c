"""Triage, tier and route, with every reason. Source: our policy, "Triage facts" and "Tier and route"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from governance.errors import Blocker
from governance.permissions import Role
from governance.policy.conditions import Facts, Situation, all_hold
from governance.policy.schema import Policy, Tier


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired, and the tier it asks for (None for research)."""

    code: str
    sentence: str
    tier: Tier | None


@dataclass(frozen=True, slots=True)
class TierResult:
    """The tier, its route ("full", "standard", "registration", or "register_entry" for research), and why."""

    tier: Tier | None
    route: str
    route_label: str
    reasons: tuple[Reason, ...]


def triage_blockers(facts: Facts, policy: Policy) -> list[Blocker]:
    """What keeps a triage from being complete: a fact not given, or a value policy does not know."""
    blockers = []
    for row in policy.facts:
        value = facts.get(row.code)
        if value is None or value == "":
            blockers.append(Blocker(f"triage.{row.code}", f"{row.label} is not answered."))
        elif value not in {choice.code for choice in row.values}:
            blockers.append(Blocker(f"triage.{row.code}", f"{row.label} has an answer that is not in the list."))
    return blockers


def tier(facts: Facts, policy: Policy) -> TierResult:
    """The highest tier any rule asks for, with every rule that fired, highest first. Research has no tier."""
    situation = Situation(facts)
    if any(all_hold(policy, [word], situation) for word in policy.no_tier_when):
        sentence = "It is research: the Health Research Authority route is recorded and the register entry is all."
        return TierResult(None, "register_entry", "Register entry only", (Reason("research", sentence, None),))
    fired = [row for row in policy.tier_rules if all_hold(policy, row.when, situation)]
    reasons = tuple(
        Reason(row.code, row.sentence, row.tier) for row in sorted(fired, key=lambda row: row.tier.rank, reverse=True)
    )
    if not reasons:
        reasons = (Reason("nothing_higher", "Nothing asks for a medium or high tier.", Tier.LOW),)
    found = reasons[0].tier
    route = next(row for row in policy.routes if row.tier is found)
    return TierResult(found, route.code, route.label, reasons)


def tier_change_blockers(
    policy: Policy, *, computed: Tier, chosen: Tier, roles: Collection[Role], reason: str
) -> list[Blocker]:
    """Why a person may not set another tier: raising is the lead's or the CSO's; lowering needs the CSO and a reason."""
    if chosen.rank == computed.rank:
        return []
    if chosen.rank > computed.rank:
        if {Role.CSO, Role.DIGITAL_LEAD} & set(roles):
            return []
        return [Blocker("tier.raise", "Only a digital lead or the clinical safety officer may raise the tier.")]
    blockers = []
    if Role.CSO not in roles:
        blockers.append(Blocker("tier.lower", "Only the clinical safety officer may lower the tier."))
    if not reason.strip():
        blockers.append(Blocker("tier.reason", "Lowering the tier needs a reason."))
    return blockers
