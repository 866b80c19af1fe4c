"""NICE, cyber, equality, ethics, rollout and sustainability as data: how many questions, in which tier or depth, and what gates.

Counts and tiers of NICE are those of ECD7 (August 2022): 21 standards in five groups; 14 in tier C only; 7 to 9 not in tier A.
"""

import pytest

from governance.assessment.question_sets import loader, outcomes, paths, rules, values
from governance.assessment.question_sets.outcomes import Finding
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Gate, Provenance

NICE, CYBER = loader.question_set("nice-esf-2022"), loader.question_set("cyber-1")
EQUALITY, ETHICS = loader.question_set("equality-1"), loader.question_set("ethics-1")
ROLLOUT, SUSTAINABILITY = loader.question_set("rollout-1"), loader.question_set("sustainability-1")
NOT_DEVICE = {"device": "not_a_device"}
SHORT, FULL = {"depth": "short"}, {"depth": "full"}
SUPPLIED, OWN = {"made_by": "supplier"}, {"made_by": "in_house"}


def asked(question_set, facts, **answered):
    """The codes of the questions asked, for answers given with a reason; `CY2_1` stands for CY2.1."""
    given = {
        code.replace("_", "."): values.answer(question_set.by_code[code.replace("_", ".")], raw, note="because")
        for code, raw in answered.items()
    }
    return [code for code, state in rules.state_of(question_set, given, facts).items() if state.asked]


def standards(*numbers):
    return [f"N{number}" for number in numbers]


def test_nice_has_its_21_standards_in_five_groups_after_the_tier():
    groups = {section.code: [question.code for question in section.questions] for section in NICE.sections}
    assert groups == {
        "nice.tier": ["N0"],
        "nice.design": standards(*range(1, 10)),
        "nice.value": standards(*range(10, 14)),
        "nice.performance": standards(14, 15, 16),
        "nice.delivery": standards(17, 18),
        "nice.deployment": standards(19, 20, 21),
    }
    assert [NICE.by_code[f"N{number}"].clause for number in range(1, 22)] == [f"Standard {n}" for n in range(1, 22)]


@pytest.mark.parametrize(
    ("tier", "device", "left_out"),
    [
        ("a", "not_a_device", {7, 8, 9, 14}),
        ("b", "not_a_device", {14}),
        ("c", "not_a_device", set()),
        ("a", "class_i", set()),
        ("b", "class_iia", set()),
        ("a", "in_house", set()),
        ("a", "unsure", {7, 8, 9, 14}),
    ],
)
def test_the_tier_decides_which_standards_are_asked_and_a_device_has_them_all(tier, device, left_out):
    expected = ["N0", *(f"N{number}" for number in range(1, 22) if number not in left_out)]
    assert asked(NICE, {"device": device}, N0=tier) == expected


def test_nice_has_no_pass_mark_and_a_person_judges_each_group():
    assert {question.gate for question in NICE.questions if question.code != "N0"} == {Gate.JUDGEMENT}
    assert NICE.by_code["N0"].gives == "tier"
    assert {section.judged_by for section in NICE.sections} == {"ccio"}
    assert not any(question.passes.met or question.passes.not_met for question in NICE.questions)


def test_of_nice_only_what_was_read_is_called_official():
    official = [question.code for question in NICE.questions if question.provenance is Provenance.OFFICIAL]
    assert official == ["N0", "N1", "N2", "N3", "N4"]
    assert {NICE.by_code[f"N{n}"].provenance for n in range(5, 22)} == {Provenance.RECALLED}


@pytest.mark.parametrize(
    ("question_set", "facts", "count"),
    [
        (EQUALITY, SHORT, 5),
        (EQUALITY, FULL, 11),
        (ETHICS, SHORT, 4),
        (ETHICS, FULL, 13),
        (ROLLOUT, SHORT | SUPPLIED, 4),
        (ROLLOUT, SHORT | OWN, 3),
        (ROLLOUT, FULL | SUPPLIED, 11),
        (ROLLOUT, FULL | OWN, 7),
        (SUSTAINABILITY, SHORT, 5),
    ],
)
def test_a_pilot_is_asked_the_short_part_and_wider_use_the_whole(question_set, facts, count):
    assert len(asked(question_set, facts)) == count == paths.longest(question_set, facts)


def test_equality_names_all_nine_protected_characteristics():
    """Equality Act 2010, sections 4 and 149."""
    offered = {option.value for option in EQUALITY.by_code["EQ2"].options}
    assert offered >= {
        "age", "disability", "gender_reassignment", "marriage_civil_partnership", "pregnancy_maternity", "race",
        "religion_belief", "sex", "sexual_orientation",
    }  # fmt: skip
    assert "EQ3" in asked(EQUALITY, SHORT) and "EQ3" not in asked(EQUALITY, FULL)  # EQ10 asks for the figures instead
    assert "EQ10" in asked(EQUALITY, FULL) and "EQ10" not in asked(EQUALITY, SHORT)


def test_none_of_the_groups_is_an_answer_only_with_a_reason():
    question = EQUALITY.by_code["EQ2"]
    none = values.answer(question, ["not_applicable"])
    assert values.value_faults(question, none) == ["Give a reason for ‘None: say how you know’ in EQ2."]


def test_ethics_follows_the_six_uk_standards_for_public_involvement():
    involvement = ETHICS.section("ethics.involvement").questions
    assert [question.clause for question in involvement] == [f"UK Standards for Public Involvement, {n}" for n in range(1, 7)]
    assert {question.provenance for question in involvement} == {Provenance.RECALLED}


def test_rollout_takes_up_questions_8_to_10_of_the_buyers_guide():
    clauses = [question.clause for question in ROLLOUT.questions if question.clause]
    assert clauses == [f"Buyer’s guide to AI in health and care, question {number}" for number in (8, 9, 10)]


@pytest.mark.parametrize(
    ("answered", "present", "absent"),
    [
        pytest.param({"CY1": "met"}, {"CY1.1", "CY1.2"}, set(), id="a status has a date and a code"),
        pytest.param({"CY1": "not_required"}, set(), {"CY1.1", "CY1.2"}, id="no status, no date"),
        pytest.param({"CY1": "not_met"}, set(), {"CY1.1", "CY1.2"}, id="not met fails by itself"),
        pytest.param(
            {"CY2": "basic", "CY2_2": "v3_3"}, {"CY2.1"}, {"CY2.3", "CY2.4", "CY2.5"}, id="judged on the new rules"
        ),
        pytest.param(
            {"CY2": "plus", "CY2_2": "earlier"}, {"CY2.1", "CY2.3", "CY2.4", "CY2.5"}, set(), id="judged on older rules"
        ),
        pytest.param({"CY2": "none"}, {"CY2.3", "CY2.4", "CY2.5"}, {"CY2.1", "CY2.2"}, id="no certificate"),
        pytest.param({"CY2": "plus"}, {"CY2.1", "CY2.2"}, {"CY2.3", "CY2.4", "CY2.5"}, id="version not told yet"),
        pytest.param({"CY3_1": "2026-09-01"}, {"CY3.2", "CY3.3", "CY3.4"}, set(), id="a test was made"),
        pytest.param({"CY3_1": "not_applicable"}, set(), {"CY3.2", "CY3.3", "CY3.4"}, id="nothing to test"),
        pytest.param({"CY7_3": "yes"}, {"CY7.4"}, set(), id="a language model can be told things"),
        pytest.param({"CY7_3": "no"}, set(), {"CY7.4"}, id="no language model"),
    ],
)
def test_each_answer_about_cyber_leads_on(answered, present, absent):
    codes = set(asked(CYBER, {}, **answered))
    assert present <= codes and not absent & codes


def test_cyber_asks_the_supplier_at_most_32_questions():
    assert (len(CYBER.questions), paths.shortest(CYBER), paths.longest(CYBER)) == (32, 23, 32)
    assert {section.judged_by for section in CYBER.sections} == {"ciso"}
    assert {section.pack_section for section in CYBER.sections} == {"cyber"}


@pytest.mark.parametrize(
    ("code", "given", "finding"),
    [
        ("CY1", "exceeded", Finding.MET),
        ("CY1", "met", Finding.MET),
        ("CY1", "approaching", Finding.FOR_JUDGEMENT),
        ("CY1", "not_met", Finding.NOT_MET),
        ("CY2", "plus", Finding.FOR_JUDGEMENT),
        ("CY2", "basic", Finding.FOR_JUDGEMENT),
        ("CY2", "none", Finding.FOR_JUDGEMENT),
        ("CY4.2", "no", Finding.NOT_MET),
        ("CY4.3", "yes", Finding.FOR_JUDGEMENT),
        ("CY5.1", "within_24_hours", Finding.MET),
        ("CY5.1", "not_agreed", Finding.NOT_MET),
        ("CY6.3", "not_told", Finding.NOT_MET),
        ("CY7.1", "not_provided", Finding.FOR_JUDGEMENT),
        ("CY7.7", "not_agreed", Finding.NOT_MET),
    ],
)
def test_what_an_answer_about_cyber_comes_to(code, given, finding):
    answer = {code: values.answer(CYBER.by_code[code], given, note="because")}
    assert outcomes.question_findings(CYBER, answer)[code].finding is finding


@pytest.mark.parametrize(
    ("severity", "finding"), [("none_open", Finding.MET), ("from_4_to_6_9", Finding.MET), ("from_7", Finding.NOT_MET)]
)
def test_an_open_finding_of_cvss_7_fails_the_penetration_test(severity, finding):
    """DTAC 2.0, C3.3: no finding of CVSS 7.0 or more."""
    answers = {code: values.answer(CYBER.by_code[code], raw) for code, raw in (("CY3.1", "2026-09-01"), ("CY3.3", severity))}
    assert outcomes.question_findings(CYBER, answers)["CY3.3"].finding is finding


@pytest.mark.parametrize("code", ["CY1", "CY2", "CY3.1"])
def test_yearly_evidence_of_a_supplier_holds_for_12_months(code):
    assert CYBER.by_code[code].evidence_expected
    assert CYBER.by_code[code].evidence_validity_months == 12


def test_contacts_stay_at_home_and_weaknesses_out_of_public():
    assert CYBER.by_code["CY5.2"].withheld_from == ("partner", "public")
    assert all("public" in question.withheld_from for question in CYBER.section("cyber.testing").questions)


@pytest.mark.parametrize("question_set", [EQUALITY, ETHICS, ROLLOUT, SUSTAINABILITY])
def test_the_senior_responsible_owner_judges_what_only_the_organisation_can_weigh(question_set):
    assert {section.judged_by for section in question_set.sections} == {"sro"}
    assert {section.pack_section for section in question_set.sections} == {question_set.code.removesuffix("-1")}
    assert all(question.gate is Gate.JUDGEMENT for question in question_set.questions)


def test_without_a_depth_the_longer_questions_wait():
    states = rules.state_of(ETHICS, {})
    assert states["ET5"].state is State.NOT_REACHED
    assert states["ET5"].reason == "Not reached yet: record ‘depth’ in triage first."


@pytest.mark.parametrize(
    ("question_set", "code", "facts", "reason"),
    [
        (ETHICS, "ET5", SHORT, "Skipped because only the short form is asked."),
        (EQUALITY, "EQ3", FULL, "Skipped because the whole form is asked."),
        (ROLLOUT, "RO8", FULL | OWN, "Skipped because it was made in-house."),
    ],
)
def test_what_policy_does_not_ask_says_so_in_words(question_set, code, facts, reason):
    state = rules.state_of(question_set, {}, facts)[code]
    assert (state.state, state.reason) == (State.SKIPPED, reason)
