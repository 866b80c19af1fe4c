"""What must be shown: each row of the policy's table, column by column."""

import pytest
from hypothesis import given

from governance.lifecycle import Stage
from governance.policy import Tier, rules
from tests.rules.policy_cases import POLICY, STAGES, any_facts, any_stage, asked, facts

CARE = "direct_care=yes"
HIGH = "direct_care=yes device=class_iia"
DATA = "direct_care=yes personal_data=health"
LOW_DATA = "personal_data=personal"

# question set, facts with which it is asked, then PoC, pilot, implementation, business as usual
TABLE = [
    ("dtac", CARE, "", "full", "full", ""),
    ("dtac", LOW_DATA, "", "full", "full", ""),
    ("dtac", "patient_facing=yes", "", "full", "full", ""),
    ("dtac", "", "", "", "", ""),
    ("dcb0129", CARE, "", "full", "full", ""),
    ("dcb0129", "personal_data=health", "", "", "", ""),
    ("risk_plan", CARE, "", "full", "full", "full"),
    ("risk_plan", "", "", "", "", ""),
    ("hazard_log", CARE, "short", "full", "full", "full"),
    ("hazard_log", "", "", "", "", ""),
    ("not_safety_related", "", "short", "full", "full", "full"),
    ("not_safety_related", CARE, "", "", "", ""),
    ("dpia", DATA, "short", "full", "full", "full"),
    ("dpia", LOW_DATA, "short", "short", "short", "short"),  # low tier: screening
    ("dpia", CARE, "", "", "", ""),
    ("device", CARE, "", "full", "full", "full"),
    ("device", "", "", "", "", ""),
    ("scribing", "kind=ambient_scribe", "", "full", "full", ""),
    ("scribing", "generative=summarises", "", "full", "full", ""),
    ("scribing", CARE, "", "", "", ""),
    ("cyber", LOW_DATA, "", "full", "full", ""),
    ("cyber", "hosting=supplier_uk", "", "full", "full", ""),
    ("cyber", "hosting=supplier_outside_uk", "", "full", "full", ""),
    ("cyber", "hosting=aide", "", "", "", ""),
    ("monitoring_plan", "", "", "short", "full", "full"),
    ("monitoring_plan", HIGH, "", "short", "full", "full"),
    ("nice", CARE, "", "", "full", ""),
    ("nice", "personal_data=health", "", "", "", ""),
    ("equality", CARE, "", "short", "full", ""),
    ("equality", "patient_facing=yes", "", "short", "full", ""),
    ("equality", LOW_DATA, "", "", "", ""),
    ("ethics", HIGH, "", "short", "full", ""),
    ("ethics", CARE, "", "short", "short", ""),
    ("ethics", LOW_DATA, "", "", "", ""),
    ("rollout", "", "", "short", "full", ""),
    ("sustainability", CARE, "", "", "short", ""),
    ("sustainability", LOW_DATA, "", "", "", ""),
]


@pytest.mark.parametrize(("question_set", "words", "poc", "pilot", "implementation", "bau"), TABLE)
def test_each_row_at_each_stage(question_set, words, poc, pilot, implementation, bau):
    found = [asked(words, stage).get(question_set, "") for stage in ("poc", "pilot", "implementation", "bau")]
    assert found == [poc, pilot, implementation, bau]


def test_the_table_above_names_every_row_of_progress():
    progress = {row.question_set for row in POLICY.requirements if row.depth}
    assert {row[0] for row in TABLE} == progress


def test_pipeline_asks_only_for_the_triage():
    assert asked(HIGH, "pipeline", came_from="pipeline") == {}


@pytest.mark.parametrize(
    ("question_set", "answered", "judged"),
    [
        ("dtac", ["digital_lead"], ["ccio", "ig_lead", "ciso"]),
        ("dcb0129", ["digital_lead"], ["cso"]),
        ("risk_plan", ["cso"], ["cso"]),
        ("hazard_log", ["digital_lead", "clinical_lead"], ["cso"]),
        ("dpia", ["ig_lead"], ["ig_lead"]),
        ("device", ["digital_lead"], ["cso"]),
        ("cyber", ["digital_lead"], ["ciso"]),
        ("monitoring_plan", ["digital_lead", "clinical_lead"], ["cso"]),
        ("nice", ["digital_lead"], ["ccio"]),
        ("equality", ["digital_lead"], ["sro"]),
        ("ethics", ["digital_lead"], ["sro"]),
        ("rollout", ["digital_lead"], ["sro"]),
        ("sustainability", ["digital_lead"], ["sro"]),
    ],
)
def test_who_answers_and_who_judges(question_set, answered, judged):
    given_facts = facts(DATA)
    rows = rules.requirements(
        POLICY, facts=given_facts, tier=Tier.MEDIUM, stage_asked=Stage.IMPLEMENTATION, stage_from=None
    )
    (row,) = [row for row in rows if row.question_set == question_set]
    assert (list(row.answered_by), list(row.judged_by)) == (answered, judged)


def test_without_direct_care_the_senior_responsible_owner_judges_the_monitoring_plan():
    rows = rules.requirements(POLICY, facts=facts(), tier=Tier.LOW, stage_asked=Stage.PILOT, stage_from=None)
    (plan,) = [row for row in rows if row.question_set == "monitoring_plan"]
    assert plan.judged_by == ("sro",)


def test_the_digital_lead_may_answer_everything_but_the_decision_of_the_cso():
    rows = rules.requirements(
        POLICY, facts=facts("personal_data=health"), tier=Tier.MEDIUM, stage_asked=Stage.PILOT, stage_from=None
    )
    assert {row.question_set: row.answerers for row in rows if "digital_lead" not in row.answerers} == {
        "not_safety_related": ("cso",)
    }


@pytest.mark.parametrize(
    ("stage", "came_from", "question_set", "depth"),
    [
        ("bau", "pilot", "dtac", "full"),  # Implementation was skipped, so its rows are asked
        ("bau", "pilot", "nice", "full"),
        ("bau", "pilot", "sustainability", "short"),
        ("bau", "implementation", "dtac", None),
        ("pilot", "pipeline", "hazard_log", "full"),  # Proof of concept was skipped; Pilot asks more deeply
        ("bau", "pilot", "monitoring_plan", "full"),
    ],
)
def test_a_skipped_stage_is_asked_at_the_deepest_form(stage, came_from, question_set, depth):
    assert asked(CARE, stage, came_from=came_from).get(question_set) == depth


@given(any_facts, any_stage, any_stage)
def test_skipping_a_stage_asks_for_at_least_as_much(some, stage, middle):
    tier = rules.tier(some, POLICY).tier

    def depths(asked_stage, from_stage):
        rows = rules.requirements(POLICY, facts=some, tier=tier, stage_asked=asked_stage, stage_from=from_stage)
        return {row.question_set: row.depth.rank for row in rows}

    straight = depths(stage, Stage.PIPELINE)
    for reached in {stage, min(stage, middle, key=lambda s: s.position)}:
        for question_set, depth in depths(reached, None).items():
            assert straight[question_set] >= depth


@pytest.mark.parametrize(
    ("kind", "stage", "words", "sets"),
    [
        ("step_back", "pilot", HIGH, {}),
        ("cease", "bau", CARE, {"hazard_log": "short", "decommissioning": "full"}),
        ("cease", "bau", "", {"decommissioning": "full"}),
    ],
)
def test_what_the_smaller_kinds_ask(kind, stage, words, sets):
    assert asked(words, stage, kind=kind) == sets


def test_re_assurance_asks_the_rows_of_the_current_stage_alone():
    assert asked(CARE, "bau", came_from="bau", kind="re_assurance") == asked(CARE, "bau")


def test_the_first_assurance_of_a_declared_tool_asks_what_was_never_shown_on_the_way():
    assert asked(CARE, "bau", came_from="pipeline", kind="re_assurance") == asked(CARE, "bau", came_from="pipeline")


def test_extending_a_pilot_asks_the_pilots_rows_and_the_figures_so_far():
    assert asked(CARE, "pilot", kind="extend_pilot") == asked(CARE, "pilot") | {"pilot_figures": "full"}


def test_research_is_asked_nothing():
    assert asked("purpose=research direct_care=yes", "pilot") == {}


def test_each_document_says_which_facts_policy_reads():
    rows = rules.requirements(
        POLICY, facts=facts(DATA), tier=Tier.HIGH, stage_asked=STAGES["implementation"], stage_from=None
    )
    for row in rows:
        assert (row.document is not None) == (row.form == "document")


@pytest.mark.parametrize(
    ("question_set", "values", "sentences"),
    [
        ("dpia", {"residual": "low"}, []),
        ("dpia", {}, ["Data protection impact assessment: “Residual risk to people’s rights” is not answered."]),
        (
            "dpia",
            {"residual": "high"},
            ["Data protection impact assessment: “Date the ICO was consulted” is not answered."],
        ),
        ("dcb0129", {"basis": "safety_case"}, []),
        (
            "dcb0129",
            {"basis": "out_of_scope"},
            ["DCB0129 evidence check: “Why it is out of scope” is not answered."],
        ),
        (
            "device",
            {"mhra_class": "class_i", "basis": "Rule 12"},
            ["Medical device status: “MHRA registration number” is not answered."],
        ),
        (
            "device",
            {"mhra_class": "class_x", "basis": "Rule 12"},
            ["Medical device status: “Class” has an answer not in the list."],
        ),
    ],
)
def test_what_is_missing_from_a_document(question_set, values, sentences):
    rows = rules.requirements(POLICY, facts=facts(DATA), tier=Tier.HIGH, stage_asked=Stage.PILOT, stage_from=None)
    (row,) = [row for row in rows if row.question_set == question_set]
    assert [blocker.sentence for blocker in rules.document_blockers(row, values)] == sentences
