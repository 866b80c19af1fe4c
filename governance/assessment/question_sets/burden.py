"""How many questions a route asks: policy says which sets and how deep, the sets say how many. Pure.

Counted is what is asked of the stage at most, on the longest way through each set. Plans, the hazard log, decisions and
documents are no questions of a set: they stand beside the number by name.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from governance.assessment.question_sets import loader, paths
from governance.assessment.question_sets.conditions import FactIs, atoms
from governance.lifecycle import Stage
from governance.policy import rules
from governance.policy.conditions import Facts
from governance.policy.schema import Form, Policy, Tier

Scope = Literal["tool", "deployment"]

TARGETS: Mapping[Tier, int] = {Tier.LOW: 25, Tier.MEDIUM: 120}
"""Questions for the organisation's own people at most, tool sheets not counted. Source: our policy, "What must be shown"."""

TYPICAL: Mapping[Tier, dict[str, str]] = {
    Tier.LOW: {"kind": "administrative", "personal_data": "personal", "hosting": "supplier_uk"},
    Tier.MEDIUM: {
        "kind": "ambient_scribe", "direct_care": "yes", "personal_data": "confidential", "device": "class_i",
        "generative": "summarises", "hosting": "supplier_uk", "changes_itself": "with_notice",
    },
    Tier.HIGH: {
        "kind": "imaging", "direct_care": "yes", "personal_data": "confidential", "device": "class_iia",
        "hosting": "supplier_uk", "people_a_year": "over_100000", "changes_itself": "with_notice",
    },
}  # fmt: skip
"""A common tool of each tier, over the mildest facts: our own choice, so that one number can be read beside the worst."""


@dataclass(frozen=True, slots=True)
class Count:
    """What one submission is asked: questions at most by set, and by name what else is to be shown or not yet published."""

    questions: Mapping[str, int]
    voluntary: Mapping[str, int]
    besides: tuple[str, ...]
    unpublished: tuple[str, ...]

    @property
    def total(self) -> int:
        """Questions asked, without those of voluntary sets."""
        return sum(self.questions.values())


@dataclass(frozen=True, slots=True)
class Step:
    """One stage asked for: `typical` from the stage before, `most` with every stage skipped and the worst facts."""

    stage: Stage
    typical: Count
    most: Count
    tool: Count


def over_target(policy: Policy) -> tuple[Tier, ...]:
    """The tiers whose route asks more, at some stage, than its target."""
    return tuple(tier for tier in TARGETS if max(step.most.total for step in steps(policy, tier)) > TARGETS[tier])


def steps(policy: Policy, tier: Tier) -> tuple[Step, ...]:
    """Every stage a deployment of this tier can ask for, with its numbers; `tool` counts the sheets of the tool, at most."""
    usual = {row.code: row.mildest for row in policy.facts} | TYPICAL[tier]
    asked = [row.stage for row in policy.ladder if row.stage is not Stage.PIPELINE]
    return tuple(
        Step(
            stage,
            typical=count(policy, "deployment", facts=usual, tier=tier, asked=stage, came_from=_before(stage)),
            most=most(policy, "deployment", tier=tier, asked=stage),
            tool=most(policy, "tool", tier=tier, asked=stage),
        )
        for stage in asked
    )


def most(policy: Policy, scope: Scope, *, tier: Tier, asked: Stage) -> Count:
    """The most that any facts of this tier can be asked, coming from Pipeline.

    Facts that give a lower tier count too, for a person may raise it. A tier that the clinical safety officer lowers by a
    recorded reason does not.
    """
    found = (
        count(policy, scope, facts=facts, tier=tier, asked=asked, came_from=Stage.PIPELINE)
        for facts in _told_apart(policy, scope)
        if (given := rules.tier(facts, policy).tier) is not None and given.rank <= tier.rank
    )
    return max(found, key=lambda each: (each.total, len(each.besides)))


def count(policy: Policy, scope: Scope, *, facts: Facts, tier: Tier, asked: Stage, came_from: Stage) -> Count:
    """The questions that these facts are asked at most, in the sets of one scope."""
    needed = rules.requirements(policy, facts=facts, tier=tier, stage_asked=asked, stage_from=came_from)
    questions: dict[str, int] = {}
    voluntary: dict[str, int] = {}
    besides, unpublished = [], []
    for row in needed:
        if row.scope != scope:
            continue
        if row.form is not Form.SHEET or row.published is None:
            besides.append(f"{row.title} ({row.depth})")
        elif row.published not in _published():
            unpublished.append(row.published)
        else:
            known = dict(facts) | {"tier": tier.value, "stage": asked.value, "depth": row.depth.value}
            into = voluntary if row.voluntary else questions
            into[row.published] = _longest(row.published, tuple(sorted(known.items())))
    return Count(questions, voluntary, tuple(besides), tuple(unpublished))


def _before(stage: Stage) -> Stage:
    return list(Stage)[stage.position - 1]


def _published() -> frozenset[str]:
    return frozenset(each.code for each in loader.all_question_sets())


def _longest(code: str, known: tuple[tuple[str, str], ...]) -> int:
    """The longest way, remembered by those facts alone that the set looks at."""
    looked_at = _looked_at(code)
    return _longest_of(code, tuple(pair for pair in known if pair[0] in looked_at))


@lru_cache(maxsize=4096)
def _longest_of(code: str, known: tuple[tuple[str, str], ...]) -> int:
    return paths.longest(loader.question_set(code), dict(known))


@lru_cache(maxsize=64)
def _looked_at(code: str) -> frozenset[str]:
    """The facts that the routes of a set name."""
    return frozenset(atom.fact for atom in _facts_of(code))


def _facts_of(code: str) -> Iterator[FactIs]:
    for question in loader.question_set(code).questions:
        yield from (atom for atom in atoms(question.asked_when) if isinstance(atom, FactIs))


def _told_apart(policy: Policy, scope: Scope) -> Iterator[dict[str, str]]:
    """Every combination of facts that the rows of this scope or their sets tell apart; all other facts at their mildest."""
    rows = [row for row in policy.requirements if row.scope == scope]
    codes = [row.published for row in rows if row.published in _published()]
    named = [(atom.fact, atom.values) for code in codes for atom in _facts_of(code)]
    words = [word for row in rows for word in row.when]
    for word in words:  # grows while it is walked: a word may stand for any of others
        condition = policy.condition(word)
        words += condition.any_of
        if condition.fact:
            named.append((condition.fact, condition.among))
    choices = []
    for row in policy.facts:
        about = [values for fact, values in named if fact == row.code]
        kinds = {tuple(value.code in values for values in about): value.code for value in reversed(row.values)}
        choices.append([row.mildest] if not about else [*dict.fromkeys([row.mildest, *kinds.values()])])
    for chosen in itertools.product(*choices):
        yield dict(zip((row.code for row in policy.facts), chosen, strict=True))
