"""Whether the conditions of a row hold, for plain facts. The words are the policy's; here is only what a word may mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance.policy.schema import Policy, Tier

Facts = Mapping[str, str]
"""Triage facts by code, as the policy's table has them: `{"direct_care": "yes", "device": "class_i", …}`."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a condition may look at. `tier` is None before there is one, and for research."""

    facts: Facts
    tier: Tier | None = None
    first_of_kind: bool = False


def holds(policy: Policy, word: str, situation: Situation) -> bool:
    """Whether one condition holds. A fact not yet given makes a condition on it not hold."""
    row = policy.condition(word)
    if row.fact is not None:
        return situation.facts.get(row.fact) in row.among
    if row.tier:
        return situation.tier in row.tier
    if row.first_of_kind:
        return situation.first_of_kind
    return any(holds(policy, other, situation) for other in row.any_of)


def all_hold(policy: Policy, words: Iterable[str], situation: Situation) -> bool:
    """Whether every condition of a row holds; a row with none always does."""
    return all(holds(policy, word, situation) for word in words)


def phrase(policy: Policy, words: Iterable[str]) -> str:
    """The conditions of a row as a reader says them: "direct care, and high or medium tier"; "always" when none."""
    return ", and ".join(policy.condition(word).label for word in words) or "always"


def because(policy: Policy, words: Iterable[str], situation: Situation) -> str:
    """Why the conditions of a row hold, to stand after “because”; empty for a row that has none."""
    reasons = [reason for word in words for reason in _reasons(policy, word, situation)]
    kept = list(dict.fromkeys(reasons))
    return " and ".join((", ".join(kept[:-1]), kept[-1])) if len(kept) > 1 else "".join(kept)


def _reasons(policy: Policy, word: str, situation: Situation) -> list[str]:
    row = policy.condition(word)
    if row.any_of:
        those = [other for other in row.any_of if holds(policy, other, situation)]
        return [reason for other in those for reason in _reasons(policy, other, situation)]
    if row.tier and situation.tier is not None:
        return [f"the tier is {situation.tier}"]
    return [row.because or f"of {row.label}"]
