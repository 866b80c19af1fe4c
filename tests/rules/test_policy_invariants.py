"""What holds of the policy whatever is asked of it: every sort of tool, stage, kind and role that it can tell apart.

Policy reads facts only through its conditions, so all sets of facts with the same truths are one case (held by a test of its
own). The tier looks at every condition: 27,648 cases. Everything else looks at fewer: each of those with each tier, each
move along the ladder and each kind of submission.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy import policy, rules
from governance.policy.conditions import Situation, holds
from governance.policy.schema import Act, Depth, Tier

P = policy("london-2")
K, S = SubmissionKind, Stage
TODAY = date(2026, 11, 22)
FACTS = {row.code: [value.code for value in row.values] for row in P.facts}
TOLD_APART = {row.word: row for row in P.conditions if row.fact}
ELSEWHERE = (*P.requirements, *P.stops, *(turn for each in P.agreements for turn in each.turns))


def _base(word: str) -> set[str]:
    row = P.condition(word)
    return set().union(*(_base(other) for other in row.any_of)) if row.any_of else {word}


READ_ELSEWHERE = {
    base for word in {*itertools.chain(*(row.when for row in ELSEWHERE)), *(each.unless for each in P.role_limits)} for base in _base(word)
} & set(TOLD_APART)  # fmt: skip
"""The conditions on facts that anything but the tier looks at."""


def classes(fact: str, words: set[str]) -> dict[tuple[str, ...], list[str]]:
    """The values of a fact by which of these conditions hold for them."""
    found: dict[tuple[str, ...], list[str]] = {}
    for value in FACTS[fact]:
        truths = tuple(sorted(w for w in words if TOLD_APART[w].fact == fact and value in TOLD_APART[w].among))
        found.setdefault(truths, []).append(value)
    return found


def cases(words: set[str]) -> Iterator[dict[str, str]]:
    """One set of facts for each set of truths of these conditions."""
    values = [[each[0] for each in classes(fact, words).values()] for fact in FACTS]
    return (dict(zip(FACTS, chosen, strict=True)) for chosen in itertools.product(*values))


MOVES = [
    *((K.PROGRESS, row.stage, to) for row in P.ladder for to in row.progress),
    *((K.RE_ASSURANCE, before, stage) for stage in list(S)[1:] for before in (S.PIPELINE, stage)),
    (K.EXTEND_PILOT, S.PILOT, S.PILOT),
    *((K.STEP_BACK, row.stage, to) for row in P.ladder for to in row.step_back),
    *((K.CEASE, stage, stage) for stage in S),
]


@dataclass(frozen=True)
class Case:
    """One question to the policy, with all that it answers."""

    facts: dict[str, str]
    tier: Tier
    first: bool
    kind: SubmissionKind
    stage_from: Stage
    stage: Stage
    asked: tuple[rules.Requirement, ...]
    sections: tuple[rules.SectionRule, ...]
    turns: tuple[rules.Turn, ...]

    def __str__(self) -> str:
        told = ", ".join(f"{k}={v}" for k, v in self.facts.items() if v != P.fact(k).mildest)
        return f"{self.kind} {self.stage_from}→{self.stage}, {self.tier}{', first' * self.first}: {told}"

    def holds(self, word: str) -> bool:
        return holds(P, word, Situation(self.facts, self.tier, self.first))


def case(facts: dict[str, str], tier: Tier, first: bool, kind: K, stage_from: S, stage: S) -> Case:
    asked = rules.requirements(P, facts=facts, tier=tier, stage_asked=stage, stage_from=stage_from, kind=kind)
    sections = rules.sections_for(
        P, asked, facts=facts, tier=tier, stage_asked=stage, kind=kind, first_of_kind=first, carried_conditions=True
    )
    turns = rules.signers(
        P, facts=facts, tier=tier, stage_asked=stage, kind=kind, first_of_kind=first, stage_from=stage_from, carried_conditions=True
    )
    return Case(facts, tier, first, kind, stage_from, stage, asked, sections, turns)


@cache
def swept() -> tuple[Case, ...]:
    """Everything that policy can tell apart, once for this file."""
    every = itertools.product(cases(READ_ELSEWHERE), Tier, (False, True), MOVES)
    return tuple(case(facts, tier, first, *move) for facts, tier, first, move in every)


@cache
def lines() -> tuple[tuple[rules.Turn, ...], ...]:
    """The different lines of people among all cases."""
    return tuple(dict.fromkeys(it.turns for it in swept()))


def broken(check) -> list[str]:
    """The first few cases for which something does not hold."""
    return [str(each) for each in itertools.islice((each for each in swept() if not check(each)), 5)]


def waits_for(it: Case, role: Role) -> set[Role]:
    """Everybody who must have acted before a role may."""
    before = set(next(turn.after for turn in it.turns if turn.role is role))
    return before.union(*(waits_for(it, each) for each in before))


def depths(it: Case) -> dict[str, int]:
    return {row.question_set: row.depth.rank for row in it.asked}


def at_least(more: Case, less: Case) -> bool:
    """Whether one case asks everything another asks, at least as deep."""
    return all(depths(more).get(code, -1) >= depth for code, depth in depths(less).items())


@st.composite
def alike(draw, words: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Two sets of facts, each value drawn apart, for which the same of these conditions hold."""
    groups = [draw(st.sampled_from(list(classes(fact, words).values()))) for fact in FACTS]
    return tuple(dict(zip(FACTS, [draw(st.sampled_from(each)) for each in groups], strict=True)) for _ in range(2))  # type: ignore[return-value]


@given(alike(set(TOLD_APART)))
def test_facts_with_the_same_truths_have_the_same_tier(pair):
    one, other = pair
    assert rules.tier(one, P) == rules.tier(other, P)


@given(alike(READ_ELSEWHERE), st.sampled_from(list(Tier)), st.booleans(), st.sampled_from(MOVES))
def test_facts_with_the_same_truths_ask_the_same_of_the_same_people(pair, tier, first, move):
    one, other = (case(facts, tier, first, *move) for facts in pair)
    assert (one.asked, one.sections, one.turns) == (other.asked, other.sections, other.turns)


def test_every_case_that_policy_tells_apart_is_swept():
    assert sum(1 for _ in cases(set(TOLD_APART))) == 27_648
    assert len(swept()) == len(list(cases(READ_ELSEWHERE))) * len(Tier) * 2 * len(MOVES)


def test_one_person_decides_after_everybody_else_who_signs_or_advises():
    def one_and_last(it: Case) -> bool:
        deciding = [turn for turn in it.turns if turn.act is Act.AUTHORISE]
        others = {turn.role for turn in it.turns} - {deciding[0].role}
        return len(deciding) == 1 and it.turns[-1] == deciding[0] and waits_for(it, deciding[0].role) == others

    assert broken(one_and_last) == []


def test_nobody_has_two_turns_and_everybody_in_line_holds_an_appointment():
    def once(it: Case) -> bool:
        roles = [turn.role for turn in it.turns]
        return len(roles) == len(set(roles)) and all(role.is_appointed for role in roles)

    assert broken(once) == []


def test_every_section_is_signed_by_somebody_in_the_line():
    def signed(it: Case) -> bool:
        acting = {turn.role: turn for turn in it.turns if turn.act is not Act.ADVISE}
        return all(
            section.signed_by and all(section.code in acting[role].sections for role in section.signed_by if role in acting)
            and any(role in acting for role in section.signed_by)
            for section in it.sections
        )  # fmt: skip

    assert broken(signed) == []


def test_what_is_asked_stands_in_the_pack_and_nothing_else_does():
    def there(it: Case) -> bool:
        asked = {code for row in it.asked for code in row.sections}
        return {section.code for section in it.sections} == asked | {"triage", "tool", "conditions"}

    assert broken(there) == []


def test_every_section_asked_has_a_judge_who_is_not_its_only_answerer():
    def judged(it: Case) -> bool:
        sections = {section.code: section for section in it.sections}
        for row in it.asked:
            for section in (sections[code] for code in row.sections):
                if row.form == "decision" or row.voluntary:
                    continue
                if section.judged_by is None or (set(row.answerers) == {section.judged_by} and not section.own_answers):
                    return False
        return True

    assert broken(judged) == []


def test_the_dpo_and_the_ai_lead_advise_and_never_sign():
    def advise(it: Case) -> bool:
        advisers = {Role.DPO, Role.AI_LEAD}
        signing = {turn.role for turn in it.turns if turn.act is not Act.ADVISE}
        return not advisers & (signing | {role for section in it.sections for role in section.signed_by})

    assert broken(advise) == []


def test_the_cso_signs_in_direct_care_and_otherwise_the_triage_at_most():
    def there(it: Case) -> bool:
        mine = next((turn.sections for turn in it.turns if turn.role is Role.CSO), None)
        if it.holds("direct_care"):
            return mine is not None and {"triage", "tool"} <= set(mine)
        return mine in (None, ("triage",))

    assert broken(there) == []


def test_the_cso_is_never_left_out_of_a_first_use_or_a_later_one():
    def asked(it: Case) -> bool:
        return it.kind in (K.STEP_BACK, K.CEASE) or any(turn.role is Role.CSO for turn in it.turns)

    assert broken(asked) == []


def test_personal_data_always_brings_the_siro_and_before_a_use_the_advice_of_the_dpo():
    def both(it: Case) -> bool:
        roles = {turn.role for turn in it.turns}
        if it.kind is K.STEP_BACK:
            return True
        if not it.holds("personal_data"):
            return not roles & {Role.SIRO, Role.DPO}
        return Role.SIRO in roles and (it.kind is K.CEASE or Role.DPO in waits_for(it, Role.SIRO))

    assert broken(both) == []


def test_the_line_can_always_be_walked_to_its_end():
    """Each may act when those before have; nobody is left waiting, and nobody twice."""

    def walks(line: tuple[rules.Turn, ...]) -> bool:
        done: dict[Role, str] = {}
        while open_now := rules.turns_open(line, done):
            turn = open_now[-1]
            if rules.turn_blockers(line, done, turn.role) or turn.role in done:
                return False
            done[turn.role] = turn.outcomes[0].code
        return set(done) == {turn.role for turn in line}

    assert [line for line in lines() if not walks(line)] == []


def test_no_row_is_asked_less_deep_than_the_table_of_its_stage_says():
    def deep(it: Case) -> bool:
        if not P.kind(it.kind).stage_rows:
            return True
        for row in P.requirements:
            said = row.depth.get(it.stage)
            if said is None or not all(it.holds(word) for word in row.when):
                continue
            least = min(said.rank, row.at_most.get(it.tier, said).rank)
            if depths(it).get(row.question_set, -1) < least:
                return False
        return True

    assert broken(deep) == []


@cache
def _by_question() -> dict[tuple, Case]:
    return {(*it.facts.values(), it.tier, it.first, it.kind, it.stage_from, it.stage): it for it in swept()}


def test_whoever_skips_a_stage_is_asked_at_least_as_much():
    by_question = _by_question()
    steps = [(K.PROGRESS, S.PIPELINE, S.PROOF_OF_CONCEPT, S.PILOT), (K.PROGRESS, S.PILOT, S.IMPLEMENTATION, S.BUSINESS_AS_USUAL)]
    less = []
    for kind, start, between, end in steps:
        for key, it in by_question.items():
            if key[-3:] == (kind, start, end):
                parts = [by_question[(*key[:-3], kind, start, between)], by_question[(*key[:-3], kind, between, end)]]
                less += [str(it) for part in parts if not at_least(it, part)]
    assert less == []


def test_a_higher_tier_never_asks_less_or_fewer_people():
    by_question = _by_question()
    at = len(FACTS)
    less = []
    for key, it in by_question.items():
        if it.tier is not Tier.HIGH:
            higher = by_question[(*key[:at], list(Tier)[it.tier.rank + 1], *key[at + 1 :])]
            people = {turn.role for turn in it.turns} <= {turn.role for turn in higher.turns}
            less += [] if at_least(higher, it) and people else [str(it)]
    assert less == []


WORSE = {
    "direct_care": ("no", "yes"), "oversight": ("each_output", "sampled", "acts_alone"), "patient_facing": ("no", "yes"),
    "personal_data": ("none", "personal", "health", "confidential"), "kind": ("other", "ambient_scribe"),
    "device": ("not_a_device", "class_i", "class_iia"), "generative": ("no", "writes", "summarises"),
    "hosting": ("own_organisation", "supplier_uk", "supplier_outside_uk"), "vulnerable": ("no", "yes"),
    "people_a_year": ("under_1000", "1000_to_100000", "over_100000"), "changes_itself": ("fixed", "with_notice", "without_notice"),
}  # fmt: skip


def test_the_tier_never_falls_when_a_fact_gets_worse():
    representative = {
        fact: {value: group[0] for group in classes(fact, set(TOLD_APART)).values() for value in group} for fact in FACTS
    }
    ranks = {}
    for facts in cases(set(TOLD_APART)):
        found = rules.tier(facts, P).tier
        if found is not None:
            ranks[tuple(facts.values())] = found.rank
    falls = []
    for position, fact in enumerate(FACTS):
        for milder, worse in itertools.pairwise(WORSE.get(fact, ())):
            here, there = representative[fact][milder], representative[fact][worse]
            for key, rank in ranks.items():
                if key[position] == here and ranks[(*key[:position], there, *key[position + 1 :])] < rank:
                    falls.append((fact, milder, worse, key))
    assert falls == []


@pytest.mark.parametrize("residual", [4, 5])
def test_a_residual_of_four_or_five_always_stops_a_use_in_care(residual):
    hazards = (rules.HazardFacts(1, residual, reason_recorded=True),)
    passed = []
    for it in swept():
        if it.holds("direct_care") and it.stage.position >= S.PILOT.position and it.kind not in (K.STEP_BACK, K.CEASE):
            move = rules.MoveFacts(
                facts=it.facts, tier=it.tier, stage_asked=it.stage, stage_from=it.stage_from, on=TODAY, kind=it.kind,
                dcb0129_basis="safety_case", device_class="class_iia", registration_number="1", monitoring_plan=Depth.FULL,
                hazards=hazards,
            )  # fmt: skip
            codes = [each.code for each in rules.move_blockers(P, move)]
            passed += [] if "stop.residual_unacceptable" in codes else [str(it)]
    assert passed == []


def test_every_approval_ends_and_only_ceasing_has_no_end():
    for tier, stage, kind in itertools.product(Tier, list(S)[1:], K):
        end = rules.approval_until(P, tier=tier, stage=stage, decided_on=TODAY, kind=kind)
        assert (end is None) == (kind is K.CEASE)
        assert end is None or TODAY < end <= date(2029, 11, 22)


def said() -> Iterator[str]:
    """Every sentence that the rules can say in the cases swept, and those that other questions bring."""
    for line, role in itertools.product(lines(), Role):
        yield from (each.sentence for each in rules.turn_blockers(line, {}, role))
        ended = {turn.role: turn.outcomes[-1].code for turn in line[:1]}
        yield from (each.sentence for each in rules.turn_blockers(line, ended, role))
    for it in swept():
        if it.first:
            continue
        empty = rules.MoveFacts(facts=it.facts, tier=it.tier, stage_asked=it.stage, stage_from=it.stage_from, on=TODAY, kind=it.kind, dpia_residual="high")
        yield from (each.sentence for each in rules.move_blockers(P, empty))
        if it.tier is Tier.HIGH:
            yield from (each.sentence for each in rules.judgement_blockers(it.sections, {}))
    for one, other in itertools.product((*Role, "started", "proposed", "submitted"), repeat=2):
        yield from (each.sentence for each in rules.separation_blockers(P, about_to=one, already=[other]))
    for one, other in itertools.product(Role, repeat=2):
        yield from (each.sentence for each in rules.appointment_separation_blockers(P, role=one, held=[other]))
    for stage, to, kind in itertools.product(S, S, K):
        yield from (each.sentence for each in rules.stage_blockers(P, stage=stage, stage_asked=to, kind=kind, extended_before=1))
    for computed, chosen in itertools.product(Tier, repeat=2):
        yield from (each.sentence for each in rules.tier_change_blockers(P, computed=computed, chosen=chosen, roles=[], reason=""))
    for role in Role:
        yield from (each.sentence for each in rules.registration_blockers(P, role=role, registration=None, on=TODAY))
    for facts in ({}, dict.fromkeys(FACTS, "?")):
        yield from (each.sentence for each in rules.triage_blockers(facts, P))
    yield from (row.sentence for row in P.tier_rules)


CODE_WORD = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b|\bNone\b|\bRole\.|\bStage\.|[{}]|\b(" + "|".join(("cso", "sro", "siro", "dpo", "ccio", "ciso", "ai_lead")) + r")\b")


def test_every_sentence_ends_with_a_full_stop_and_names_no_code_word():
    sentences = set(said())
    assert len(sentences) > 100
    assert sorted(each for each in sentences if not each.endswith(".") or CODE_WORD.search(each)) == []
    assert sorted(each for each in sentences if not re.match(r"[A-Z“]", each)) == []
