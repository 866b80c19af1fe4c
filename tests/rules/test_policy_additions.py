"""An organisation's additions: data laid over a policy version, that can only ask for more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import Refused
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy import Tier, additions, loader, policy, rules
from governance.policy.difference import Case, difference
from governance.policy.rules.added import ADVISERS, SIGNERS
from governance.policy.schema import Act, Form
from tests.rules.policy_cases import facts

LONDON = policy("london-2")
STAGES = [stage for stage in Stage if stage is not Stage.PIPELINE]
SETS = [row for row in LONDON.requirements if row.depth and row.form is not Form.DECISION]
CARE = "direct_care=yes personal_data=health"


def add(kind: str, **what):
    return additions.read(kind, {"stages": ["pilot"]} | what, basis="Board paper 12")


def under(*more, words: str = CARE, stage: Stage = Stage.PILOT, kind=SubmissionKind.PROGRESS, tier: Tier | None = None):
    """(requirements by set, turns by role, sections by code) of the merged policy."""
    merged = additions.merged(LONDON, more)
    given = facts(words)
    case = {"facts": given, "tier": tier or rules.tier(given, LONDON).tier, "stage_asked": stage, "kind": kind}
    asked = rules.requirements(merged, **case, stage_from=Stage.PIPELINE)
    turns = rules.signers(merged, **case, first_of_kind=False, stage_from=Stage.PIPELINE)
    sections = rules.sections_for(merged, asked, **case)
    return {row.question_set: row for row in asked}, {turn.role: turn for turn in turns}, {row.code: row for row in sections}


def test_a_question_set_is_asked_at_a_further_stage_and_in_full():
    assert "nice" not in under()[0]
    assert under(add("requirement", question_set="nice"))[0]["nice"].depth == "full"
    assert under()[0]["equality"].depth == "short"
    assert under(add("requirement", question_set="equality"))[0]["equality"].depth == "full"


def test_a_question_set_is_asked_under_a_wider_condition():
    more = add("requirement", question_set="device", when=["patient_facing"])
    assert "device" not in under(more, words="personal_data=personal")[0]
    asked, _, sections = under(more, words="patient_facing=yes")
    assert asked["device"].depth == "full"
    assert sections["device"].signed_by == (Role.SRO,)  # without direct care nobody else is asked


def test_hazards_in_full_bring_the_plan_under_which_they_are_scored():
    asked, _, _ = under(add("requirement", question_set="hazard_log", stages=["proof_of_concept"]), stage=Stage.PROOF_OF_CONCEPT)
    assert {asked["hazard_log"].depth, asked["risk_plan"].depth} == {"full"}


def test_a_voluntary_set_that_an_organisation_asks_is_voluntary_no_more():
    stage = {"stage": Stage.IMPLEMENTATION}
    assert under(**stage)[0]["atrs"].voluntary
    assert not under(add("requirement", question_set="atrs", stages=["implementation"]), **stage)[0]["atrs"].voluntary


def test_a_further_signer_comes_before_whoever_answers_for_the_whole_and_takes_no_section_away():
    _, turns, sections = under(add("signer", role="caldicott_guardian"))
    assert turns[Role.CALDICOTT_GUARDIAN].act is Act.SIGN
    assert Role.CALDICOTT_GUARDIAN in turns[Role.SRO].after
    assert turns[Role.CALDICOTT_GUARDIAN].sections == ("triage", "tool", "dtac.c2", "dpia")
    assert sections["dtac.c2"].signed_by == (Role.SIRO, Role.CALDICOTT_GUARDIAN)
    _, _, alone = under(add("signer", role="siro"), words="patient_facing=yes")
    assert alone["dtac.c3"].signed_by == (Role.SRO, Role.SIRO)


def test_a_further_adviser_is_heard_before_the_one_who_decides():
    _, turns, _ = under(add("signer", role="ai_lead", when=["direct_care"]))
    assert turns[Role.AI_LEAD].act is Act.ADVISE
    assert Role.AI_LEAD in turns[Role.SRO].after
    assert Role.AI_LEAD not in under()[1]


def test_a_panel_takes_as_many_as_the_most_that_is_asked():
    _, turns, _ = under(add("panel", role="cso", needs=3), add("panel", role="cso", needs=2))
    assert turns[Role.CSO].needs == 3
    assert turns[Role.CLINICAL_LEAD].needs == 1


def test_independent_signers_are_those_whom_no_signature_must_precede():
    _, turns, _ = under(add("independent", tiers=["medium", "high"]))
    blind = {role for role, turn in turns.items() if turn.independent}
    assert blind == {Role.CSO, Role.CLINICAL_LEAD, Role.SIRO}
    assert turns[Role.SIRO].after == (Role.DPO,)


@pytest.mark.parametrize("kind", [SubmissionKind.CEASE, SubmissionKind.STEP_BACK])
def test_stepping_back_and_ceasing_are_never_made_harder(kind):
    more = add("requirement", question_set="nice"), add("signer", role="ai_lead"), add("panel", role="cso", needs=2)
    assert under(*more, kind=kind) == under(kind=kind)


@pytest.mark.parametrize(
    ("kind", "what", "sentence"),
    [
        ("requirement", {"question_set": "colours"}, "london-2 has no question set “colours”."),
        ("requirement", {"question_set": "not_safety_related"}, "It can only be taken where policy asks for it."),
        ("requirement", {"question_set": "decommissioning"}, "belongs to a kind of submission, not to a stage."),
        ("requirement", {"question_set": "dtac", "depth": "short"}, "DTAC has no short form. Ask for it in full."),
        ("requirement", {"question_set": "dtac", "depth": "none"}, "Input should be"),
        ("requirement", {"question_set": "dtac", "remove": True}, "An addition can only ask for more. It has no “remove”."),
        ("requirement", {"question_set": "dtac", "when": ["sunny"]}, "london-2 has no condition “sunny”."),
        ("requirement", {"question_set": "dtac", "stages": []}, "Choose at least one stage."),
        ("requirement", {"question_set": "dtac", "stages": ["scaling"]}, "No stage is called “scaling”."),
        ("signer", {}, "Choose a role."),
        ("signer", {"role": "chef"}, "No role is called “chef”."),
        ("signer", {"role": "sro"}, "The senior responsible owner cannot be added"),
        ("signer", {"role": "ciso"}, "policy gives this role no signature on its own sections."),
        ("panel", {"role": "cso", "needs": 1}, "A panel needs at least two holders of the role."),
        ("panel", {"role": "authorising_executive", "needs": 2}, "The authorising executive does not act as a panel."),
        ("independent", {"role": "cso"}, "It has no “role”."),
        ("remover", {}, "No addition is of the kind “remover”."),
    ],
)
def test_what_would_remove_or_names_what_is_not_there_is_refused(kind, what, sentence):
    with pytest.raises(Refused) as refused:
        additions.merged(LONDON, [add(kind, **what)])
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("addition", "sentence"),
    [
        (add("requirement", question_set="nice", when=["patient_facing"]),
         "At Pilot: NICE evidence standards is asked in full, where patients or the public use it themselves."),
        (add("signer", role="dpo", stages=["pilot", "implementation"]),
         "At Pilot and Implementation: the data protection officer advises."),
        (add("panel", role="cso", needs=2, tiers=["high"]), "At Pilot: 2 people must agree as clinical safety officer, at high tier."),
        (add("independent"), "At Pilot: who signs does not see what the others say until all are in."),
    ],
)  # fmt: skip
def test_an_addition_is_said_in_words(addition, sentence):
    assert additions.sentence(LONDON, addition) == sentence


def test_no_policy_file_holds_additions_of_its_own():
    text = (loader.resources.files("governance.policy") / "london-2.yaml").read_text(encoding="utf-8")
    smuggled = text + '\nadditions: [{kind: "independent", stages: ["pilot"]}]\n'
    with pytest.raises(loader.PolicyFault, match="stand in no policy file"):
        loader.read(smuggled, file="london-2.yaml")


TURNED = st.fixed_dictionaries({row.code: st.sampled_from([value.code for value in row.values]) for row in LONDON.facts})
NARROWED = {
    "stages": st.lists(st.sampled_from([str(stage) for stage in STAGES]), min_size=1, max_size=4, unique=True),
    "tiers": st.lists(st.sampled_from([str(tier) for tier in Tier]), max_size=3, unique=True),
    "when": st.lists(st.sampled_from([row.word for row in LONDON.conditions]), max_size=2, unique=True),
}
ADDITIONS = st.one_of(
    st.builds(lambda **what: add("requirement", **what), question_set=st.sampled_from([row.question_set for row in SETS]), **NARROWED),
    st.builds(lambda **what: add("signer", **what), role=st.sampled_from(sorted(SIGNERS | ADVISERS)), **NARROWED),
    st.builds(lambda **what: add("panel", **what), role=st.sampled_from(sorted(SIGNERS)), needs=st.integers(2, 9), **NARROWED),
    st.builds(lambda **what: add("independent", **what), **NARROWED),
)


@given(
    given_facts=TURNED, stage=st.sampled_from(STAGES), kind=st.sampled_from(list(SubmissionKind)), first=st.booleans(),
    tier=st.sampled_from(list(Tier)), came_from=st.sampled_from([None, *Stage]), more=st.lists(ADDITIONS, min_size=1, max_size=5),
)  # fmt: skip
def test_whatever_is_added_nothing_is_ever_less(given_facts, stage, kind, first, tier, came_from, more):
    merged = additions.merged(LONDON, more)
    case = {"facts": given_facts, "tier": tier, "stage_asked": stage, "kind": kind}
    asked = [
        {row.question_set: row for row in rules.requirements(each, **case, stage_from=came_from)} for each in (LONDON, merged)
    ]
    for code, row in asked[0].items():
        assert asked[1][code].depth.rank >= row.depth.rank
        assert row.voluntary or not asked[1][code].voluntary
    turns = [
        {(turn.role, turn.act): turn for turn in rules.signers(each, **case, first_of_kind=first, stage_from=came_from)}
        for each in (LONDON, merged)
    ]
    for key, turn in turns[0].items():
        now = turns[1][key]
        assert now.needs >= turn.needs
        assert now.independent >= turn.independent
        assert set(now.sections) >= set(turn.sections)
        assert set(now.after) >= set(turn.after)
    whole = list(turns[1].values())
    assert [turn for turn in whole if turn.act is Act.AUTHORISE] == whole[-1:] or not whole
    assert all(turn.sections for turn in whole)
    for n, turn in enumerate(whole):  # whoever comes after somebody stands after them, and an independent one waits for no signature
        assert set(turn.after) <= {each.role for each in whole[:n]}
        assert not turn.independent or not {each.role for each in whole if each.act is Act.SIGN} & set(turn.after)
    sections = [
        {row.code: row for row in rules.sections_for(each, found.values(), **case, first_of_kind=first)}
        for each, found in zip((LONDON, merged), asked, strict=True)
    ]
    for code, section in sections[0].items():
        assert set(sections[1][code].signed_by) >= set(section.signed_by)
        assert set(sections[1][code].advice) >= set(section.advice)
        assert sections[1][code].judged_by is section.judged_by


def case(words: str = CARE, tier=Tier.MEDIUM, after=Tier.MEDIUM) -> Case:
    return Case(facts(words), tier, after, Stage.PILOT, Stage.PIPELINE, SubmissionKind.PROGRESS)


def test_a_newer_policy_is_a_difference_in_sentences():
    found = difference(policy("london-1"), LONDON, case())
    assert "Asked anew: DCB0160 requirements, in full." in found
    assert any(line.startswith("Answered question by question, no longer by a document of your own: DCB0129") for line in found)
    assert difference(LONDON, LONDON, case()) == ()


def test_newer_additions_are_a_difference_and_taken_away_they_are_another():
    more = [
        add("requirement", question_set="nice"), add("requirement", question_set="equality"), add("signer", role="caldicott_guardian"),
        add("panel", role="cso", needs=2), add("independent"),
    ]  # fmt: skip
    merged = additions.merged(LONDON, more)
    assert difference(LONDON, merged, case()) == (
        "Asked anew: NICE evidence standards, in full.",
        "Equality and health inequalities would be asked in full, not in short.",
        "It would take 2 holders of the role clinical safety officer, not 1.",
        "The Caldicott Guardian would sign too.",
        "The clinical safety officer, clinical lead, SIRO and Caldicott Guardian would not see what the others say before all are in.",
    )
    assert difference(merged, LONDON, case())[:2] == (
        "Equality and health inequalities would be asked in short, not in full.",
        "No longer asked: NICE evidence standards. What was answered is kept.",
    )
    assert "The Caldicott Guardian would no longer sign." in difference(merged, LONDON, case())


def test_another_tier_is_said_with_what_it_brings():
    found = difference(LONDON, LONDON, case(after=Tier.HIGH))
    assert found[0] == "The tier would be high, not medium."
    assert "The AI coordination and advisory lead would advise too." in found
