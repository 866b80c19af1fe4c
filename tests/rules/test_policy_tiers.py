"""Triage and tier: every rule of "Tier and route" with the facts that fire it, and the facts that just do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.permissions import Role
from governance.policy import Tier, rules
from tests.rules.policy_cases import MILD, POLICY, any_facts, facts


def fired(words: str) -> dict[str, str | None]:
    return {reason.code: reason.tier for reason in rules.tier(facts(words), POLICY).reasons}


@pytest.mark.parametrize(
    ("words", "code", "tier"),
    [
        ("device=class_iia", "device_iia_or_above", "high"),
        ("device=class_iib", "device_iia_or_above", "high"),
        ("device=class_iii", "device_iia_or_above", "high"),
        ("oversight=acts_alone direct_care=yes", "acts_alone_in_care", "high"),
        ("patient_facing=yes direct_care=yes oversight=sampled", "patients_without_review", "high"),
        ("patient_facing=yes direct_care=yes oversight=acts_alone", "patients_without_review", "high"),
        ("vulnerable=yes people_a_year=over_100000", "many_vulnerable", "high"),
        ("changes_itself=without_notice direct_care=yes", "changes_in_care", "high"),
        ("direct_care=yes", "direct_care", "medium"),
        ("personal_data=health", "health_data", "medium"),
        ("personal_data=confidential", "health_data", "medium"),
        ("patient_facing=yes", "patient_facing", "medium"),
        ("kind=ambient_scribe", "scribe", "medium"),
        ("generative=summarises", "scribe", "medium"),
        ("device=class_i", "device_lower", "medium"),
        ("device=in_house", "device_lower", "medium"),
        ("device=unsure", "device_lower", "medium"),
        ("personal_data=personal hosting=supplier_outside_uk", "data_outside_uk", "medium"),
    ],
)
def test_each_rule_fires_on_its_facts(words, code, tier):
    assert fired(words)[code] == tier


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("oversight=acts_alone", "acts_alone_in_care"),
        ("oversight=sampled direct_care=yes", "acts_alone_in_care"),
        ("patient_facing=yes direct_care=yes", "patients_without_review"),
        ("patient_facing=yes oversight=acts_alone", "patients_without_review"),
        ("vulnerable=yes people_a_year=1000_to_100000", "many_vulnerable"),
        ("people_a_year=over_100000", "many_vulnerable"),
        ("changes_itself=without_notice", "changes_in_care"),
        ("changes_itself=with_notice direct_care=yes", "changes_in_care"),
        ("personal_data=personal", "health_data"),
        ("generative=writes", "scribe"),
        ("hosting=supplier_outside_uk", "data_outside_uk"),
        ("personal_data=personal hosting=supplier_uk", "data_outside_uk"),
        ("device=class_iia", "device_lower"),
    ],
)
def test_no_rule_fires_on_half_of_its_facts(words, code):
    assert code not in fired(words)


@pytest.mark.parametrize(
    ("words", "tier", "route"),
    [
        ("device=class_iia direct_care=yes", "high", "full"),
        ("direct_care=yes", "medium", "standard"),
        ("personal_data=personal", "low", "registration"),
        ("", "low", "registration"),
    ],
)
def test_the_highest_rule_gives_tier_and_route(words, tier, route):
    result = rules.tier(facts(words), POLICY)
    assert (result.tier, result.route) == (tier, route)


def test_every_rule_that_fired_is_shown_highest_first():
    found = fired("device=class_iia direct_care=yes personal_data=confidential patient_facing=yes")
    assert list(found) == ["device_iia_or_above", "direct_care", "health_data", "patient_facing"]


def test_a_low_tier_says_why_too():
    assert [r.sentence for r in rules.tier(MILD, POLICY).reasons] == ["Nothing asks for a medium or high tier."]


def test_research_has_no_tier_whatever_else_is_so():
    result = rules.tier(facts("purpose=research device=class_iii direct_care=yes"), POLICY)
    assert (result.tier, result.route) == (None, "register_entry")
    assert "Health Research Authority" in result.reasons[0].sentence


def test_an_empty_triage_lists_every_fact():
    assert len(rules.triage_blockers({}, POLICY)) == 13
    assert rules.triage_blockers(MILD, POLICY) == []


def test_an_answer_that_is_not_in_the_list_is_named():
    (blocker,) = rules.triage_blockers(facts(device="class_ix"), POLICY)
    assert blocker.sentence == "Medical device has an answer that is not in the list."


# From mild to grave, for each fact the tier looks at.
WORSE = {
    "direct_care": ["no", "yes"],
    "oversight": ["each_output", "sampled", "acts_alone"],
    "patient_facing": ["no", "yes"],
    "personal_data": ["none", "personal", "health", "confidential"],
    "device": ["not_a_device", "class_i", "class_iia", "class_iib", "class_iii"],
    "generative": ["no", "writes", "summarises"],
    "hosting": ["own_organisation", "supplier_uk", "supplier_outside_uk"],
    "people_a_year": ["under_1000", "1000_to_100000", "over_100000"],
    "vulnerable": ["no", "yes"],
    "changes_itself": ["fixed", "with_notice", "without_notice"],
}


@given(any_facts.filter(lambda f: f["purpose"] != "research"), st.sampled_from(list(WORSE)), st.data())
def test_a_graver_fact_never_lowers_the_tier(some, fact, data):
    grave = data.draw(st.integers(1, len(WORSE[fact]) - 1))
    mild = data.draw(st.integers(0, grave - 1))
    before = rules.tier(some | {fact: WORSE[fact][mild]}, POLICY)
    after = rules.tier(some | {fact: WORSE[fact][grave]}, POLICY)
    assert after.tier.rank >= before.tier.rank


@pytest.mark.parametrize(
    ("computed", "chosen", "roles", "reason", "codes"),
    [
        ("medium", "medium", [], "", []),
        ("medium", "high", [Role.DIGITAL_LEAD], "", []),
        ("medium", "high", [Role.CSO], "", []),
        ("medium", "high", [Role.SRO], "", ["tier.raise"]),
        ("high", "medium", [Role.CSO], "Only drafts letters.", []),
        ("high", "medium", [Role.CSO], "  ", ["tier.reason"]),
        ("high", "medium", [Role.DIGITAL_LEAD], "Only drafts letters.", ["tier.lower"]),
    ],
)
def test_raising_a_tier_is_easy_and_lowering_it_needs_the_cso_and_a_reason(computed, chosen, roles, reason, codes):
    found = rules.tier_change_blockers(POLICY, computed=Tier(computed), chosen=Tier(chosen), roles=roles, reason=reason)
    assert [blocker.code for blocker in found] == codes
