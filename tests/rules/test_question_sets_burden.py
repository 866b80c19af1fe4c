"""How many questions each route asks of the organisation's own people, counted from what is published, and the targets held.

Targets: policy, "What must be shown": at most 25 on the registration route (tool sheets not counted), 120 on the standard one
for a deployment whose tool is already known.
"""

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.assessment.question_sets import burden, commands, loader, paths
from governance.lifecycle import Stage
from governance.policy import policy, rules
from governance.policy.schema import Tier

LONDON = policy("london-2")
STAGES = [stage for stage in Stage if stage is not Stage.PIPELINE]
STEPS = {tier: {step.stage: step for step in burden.steps(LONDON, tier)} for tier in Tier}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("tier", [Tier.LOW, Tier.MEDIUM])
def test_no_stage_of_a_route_asks_more_than_its_target(tier, stage):
    step = STEPS[tier][stage]
    assert step.most.total <= burden.TARGETS[tier], step.most.questions


def test_the_targets_are_those_of_policy():
    assert burden.TARGETS == {Tier.LOW: 25, Tier.MEDIUM: 120}
    assert burden.over_target(LONDON) == ()


def test_every_set_that_policy_asks_for_is_published_and_counted():
    for steps in STEPS.values():
        for step in steps.values():
            assert step.most.unpublished == step.tool.unpublished == ()
    sets = {row.published for row in LONDON.requirements if row.published and row.scope == "deployment"}
    at_the_top = STEPS[Tier.HIGH][Stage.IMPLEMENTATION].most
    assert set(at_the_top.questions) | set(at_the_top.voluntary) == sets


def test_what_was_promised_of_each_set_holds():
    """The shares by which the targets were planned: 58 at most of DCB0160 at Pilot, 28 of the DPIA, 8 of its screening."""
    pilot, low = STEPS[Tier.MEDIUM][Stage.PILOT].most.questions, STEPS[Tier.LOW][Stage.PILOT].most.questions
    assert pilot["dcb0160-3.2"] <= 58
    assert pilot["dpia-1"] <= 28
    assert low["dpia-1"] <= 8
    assert (pilot["equality-1"], pilot["ethics-1"], pilot["rollout-1"]) == (5, 4, 4)


def test_a_voluntary_set_is_told_but_not_counted():
    step = STEPS[Tier.LOW][Stage.IMPLEMENTATION].most
    assert "atrs-1" in step.voluntary and "atrs-1" not in step.questions
    assert step.total == sum(step.questions.values())


@pytest.mark.parametrize("tier", list(Tier))
def test_the_typical_tool_is_of_its_tier_and_never_asked_more_than_the_worst(tier):
    facts = {row.code: row.mildest for row in LONDON.facts} | burden.TYPICAL[tier]
    assert rules.triage_blockers(facts, LONDON) == []
    assert rules.tier(facts, LONDON).tier is tier
    assert all(step.typical.total <= step.most.total for step in STEPS[tier].values())


def test_plans_and_the_hazard_log_stand_beside_by_name():
    besides = STEPS[Tier.MEDIUM][Stage.PILOT].typical.besides
    assert besides == ("Clinical risk management plan (full)", "Hazard log (full)", "Monitoring plan (short)")


def test_a_higher_tier_never_asks_less():
    for stage in STAGES:
        totals = [STEPS[tier][stage].most.total for tier in Tier]
        assert totals == sorted(totals)


any_facts = st.fixed_dictionaries({row.code: st.sampled_from([v.code for v in row.values]) for row in LONDON.facts})


@settings(deadline=None, max_examples=60)
@given(any_facts, st.sampled_from(STAGES), st.sampled_from(list(Stage)))
def test_no_facts_at_all_are_asked_more_than_the_most(facts, stage, came_from):
    tier = rules.tier(facts, LONDON).tier
    if tier is None:
        return
    for scope in ("deployment", "tool"):
        asked = burden.count(LONDON, scope, facts=facts, tier=tier, asked=stage, came_from=came_from)
        step = STEPS[tier][stage]
        assert asked.total <= (step.most if scope == "deployment" else step.tool).total


def test_facts_that_are_known_close_the_ways_they_rule_out():
    nice = loader.question_set("nice-esf-2022")
    assert paths.longest(nice) == paths.longest(nice, {"device": "class_i"}) == 22
    assert {way.asked for group in paths.groups(nice, {"device": "class_i"}) for way in group.ways if "N0" in way.asked} == {
        ("N0", "N7", "N8", "N9", "N14")
    }
    ethics = loader.question_set("ethics-1")
    assert (paths.longest(ethics, {"depth": "short"}), paths.longest(ethics, {"depth": "full"})) == (4, 13)


def test_the_command_prints_each_route_with_its_numbers():
    result = CliRunner().invoke(commands.question_sets, ["routes", "--version", "london-2"])
    assert result.exit_code == 0, result.output
    for route, target in (("Registration (low tier)", 25), ("Standard review (medium tier)", 120)):
        part = result.output.partition(route)[2].partition("\n\n")[0]
        assert f"Target: {target} at most. It asks " in part and ": met." in part
    assert "Full review (high tier)" in result.output
    most = STEPS[Tier.MEDIUM][Stage.IMPLEMENTATION].most
    assert f"{most.total} at most" in result.output
    assert f"rollout-1 {most.questions['rollout-1']}" in result.output
    assert "voluntary, not counted" in result.output


def test_a_route_over_its_target_is_said_and_ends_badly(monkeypatch):
    monkeypatch.setitem(burden.TARGETS, Tier.LOW, 3)
    result = CliRunner().invoke(commands.question_sets, ["routes", "--version", "london-2"])
    assert result.exit_code == 1
    assert "Target: 3 at most. It asks" in result.output and "not met." in result.output


def test_a_policy_that_does_not_exist_is_one_sentence():
    result = CliRunner().invoke(commands.question_sets, ["routes", "--version", "london-9"])
    assert result.exit_code == 1
    assert result.stderr == "london-9.yaml, the file: there is no such policy version\n"
