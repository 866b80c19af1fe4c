"""Who must agree, over which sections, in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.lifecycle import Stage
from governance.permissions import Role
from governance.policy import rules
from tests.rules.policy_cases import POLICY, any_facts, any_kind, any_stage, sections, turns

CARE = "direct_care=yes"
HIGH = "direct_care=yes device=class_iia personal_data=confidential"


def acts(words: str, stage: str, **more) -> list[str]:
    return [f"{turn.role} {turn.act}" for turn in turns(words, stage, **more)]


STANDARD_END = ["sro sign", "authorising_executive authorise"]


@pytest.mark.parametrize(
    ("words", "first", "expected"),
    [
        (CARE, False, ["cso sign", "clinical_lead sign", *STANDARD_END]),
        (
            "direct_care=yes personal_data=health",
            False,
            ["cso sign", "clinical_lead sign", "dpo advise", "siro sign", *STANDARD_END],
        ),
        (
            HIGH,
            False,
            [
                "cso sign", "clinical_lead sign", "caldicott_guardian sign", "dpo advise", "siro sign",
                "ai_lead advise", *STANDARD_END,
            ],
        ),
        (CARE, True, ["cso sign", "clinical_lead sign", "ai_lead advise", *STANDARD_END]),
        ("", False, ["cso sign", "sro authorise"]),  # low: the SRO authorises instead
        ("", True, ["cso sign", "ai_lead advise", "sro authorise"]),
        ("personal_data=personal", False, ["cso sign", "dpo advise", "siro sign", "sro authorise"]),
        ("personal_data=health", False, ["cso sign", "dpo advise", "siro sign", *STANDARD_END]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stage", ["pilot", "implementation", "bau"])
def test_who_must_agree_from_pilot_on(words, first, expected, stage):
    assert acts(words, stage, first=first) == expected


@pytest.mark.parametrize(
    ("stage", "kind", "words", "expected"),
    [
        ("poc", "progress", HIGH, ["cso sign", "dpo advise", "siro sign", "sro authorise"]),
        ("poc", "progress", CARE, ["cso sign", "sro authorise"]),
        ("poc", "progress", "", ["cso sign", "sro authorise"]),
        ("pilot", "step_back", HIGH, ["cso sign", "sro authorise"]),
        ("pilot", "step_back", "", ["sro authorise"]),
        ("bau", "cease", HIGH, ["ai_lead advise", "cso sign", "siro sign", "sro authorise"]),
        ("bau", "cease", "", ["ai_lead advise", "sro authorise"]),
    ],
)
def test_who_must_agree_to_the_smaller_things(stage, kind, words, expected):
    assert acts(words, stage, kind=kind) == expected


@pytest.mark.parametrize("kind", ["re_assurance", "extend_pilot"])
def test_the_same_people_sign_a_re_assurance_and_an_extension(kind):
    assert acts(HIGH, "pilot", kind=kind) == acts(HIGH, "pilot")


def test_pipeline_and_research_ask_nobody():
    assert turns(HIGH, "pipeline") == ()
    assert turns("purpose=research direct_care=yes", "pilot") == ()


# code, judged by, consulted, signed by, advice: the policy's table "Pack sections", at Implementation with everything asked
ALL = f"{HIGH} kind=ambient_scribe"
SECTIONS = [
    ("triage", None, "", "cso clinical_lead sro", "ai_lead"),
    ("tool", None, "", "cso clinical_lead sro", "ai_lead"),
    ("dtac.c1", "ccio", "cso", "cso", "ai_lead"),
    ("dtac.c2", "ig_lead", "dpo", "caldicott_guardian siro", "dpo ai_lead"),
    ("dtac.c3", "ciso", "", "siro", "ai_lead"),
    ("dtac.c4", "ccio", "", "sro", "ai_lead"),
    ("dtac.d", "ccio", "", "sro", "ai_lead"),
    ("dcb0129", "cso", "", "cso", "ai_lead"),
    ("risk_plan", "cso", "", "cso", "ai_lead"),
    ("hazard_log", "cso", "", "cso clinical_lead", "ai_lead"),
    ("device", "cso", "", "cso", "ai_lead"),
    ("scribing", "cso", "ig_lead", "cso clinical_lead", "dpo ai_lead"),
    ("cyber", "ciso", "", "siro", "dpo ai_lead"),
    ("dpia", "ig_lead", "", "caldicott_guardian siro", "dpo ai_lead"),
    ("monitoring_plan", "cso", "", "cso clinical_lead sro", "ai_lead"),
    ("nice", "ccio", "", "clinical_lead sro", "ai_lead"),
    ("equality", "sro", "", "sro", "ai_lead"),
    ("ethics", "sro", "", "sro", "ai_lead"),
    ("rollout", "sro", "", "sro", "ai_lead"),
    ("sustainability", "sro", "", "sro", "ai_lead"),
    ("conditions", "sro", "", "sro", "ai_lead"),
]


@pytest.mark.parametrize(("code", "judged", "consulted", "signed", "advice"), SECTIONS)
def test_each_section_of_the_pack(code, judged, consulted, signed, advice):
    section = sections(ALL, "implementation", carried=True)[code]
    assert section.judged_by == judged
    assert " ".join(section.consulted) == consulted
    assert " ".join(section.signed_by) == signed
    assert " ".join(section.advice) == advice


def test_the_pack_has_these_sections_in_this_order():
    assert list(sections(ALL, "implementation", carried=True)) == [row[0] for row in SECTIONS]
    assert "conditions" not in sections(ALL, "implementation")


@pytest.mark.parametrize(
    ("words", "code", "signed", "judged"),
    [
        ("personal_data=health", "triage", "cso sro", None),  # without direct care the CSO signs triage …
        ("personal_data=health", "tool", "sro", None),  # … and nothing else
        ("personal_data=health", "dtac.c1", "sro", "ccio"),  # whose signer is not required: the SRO's
        ("personal_data=health", "monitoring_plan", "sro", "sro"),  # whose judge is not required: likewise
        ("personal_data=health", "dtac.c2", "siro", "ig_lead"),  # not confidential: no Caldicott Guardian
        ("personal_data=health generative=summarises", "scribing", "sro", "sro"),
        (CARE, "dtac.c2", "sro", "ig_lead"),  # no personal data: neither Caldicott Guardian nor SIRO
        (CARE, "dtac.c3", "sro", "ciso"),
        ("direct_care=yes hosting=supplier_uk", "cyber", "sro", "ciso"),
    ],
)
def test_what_nobody_is_required_for_falls_to_the_senior_responsible_owner(words, code, signed, judged):
    section = sections(words, "pilot")[code]
    assert (" ".join(section.signed_by), section.judged_by) == (signed, judged)


def test_the_safety_officer_without_direct_care_signs_only_the_triage():
    (cso, *_) = turns("personal_data=health", "pilot")
    assert (cso.role, cso.sections) == ("cso", ("triage",))


def test_whoever_authorises_sees_the_whole_pack():
    for words, stage in ((ALL, "implementation"), ("", "pilot"), (CARE, "poc")):
        last = turns(words, stage)[-1]
        assert last.act == "authorise"
        assert list(last.sections) == list(sections(words, stage))


def test_skipped_stages_bring_their_sections():
    (cso, *_) = turns(CARE, "bau", came_from="pilot")
    assert "dcb0129" in cso.sections
    (cso, *_) = turns(CARE, "bau")
    assert "dcb0129" not in cso.sections


@pytest.mark.parametrize(
    ("role", "words", "expected"),
    [
        ("cso", HIGH, "approve approve_with_conditions return_for_information not_approved"),
        ("sro", HIGH, "approve approve_with_conditions return_for_information not_approved"),
        ("sro", "", "authorise authorise_with_conditions defer not_authorised"),
        ("dpo", HIGH, "content content_subject_to advises_against consult_the_ico"),
        ("ai_lead", HIGH, "advises_progress progress_subject_to advises_against advises_cease"),
        ("authorising_executive", HIGH, "authorise authorise_with_conditions defer not_authorised"),
    ],
)
def test_what_each_may_answer(role, words, expected):
    (turn,) = [turn for turn in turns(words, "pilot") if turn.role == role]
    assert " ".join(outcome.code for outcome in turn.outcomes) == expected


@pytest.mark.parametrize(("words", "days"), [(HIGH, 10), (CARE, 10), ("", 5)])
def test_how_soon_a_sign_off_is_expected(words, days):
    assert {turn.expected_working_days for turn in turns(words, "pilot")} == {days}


@pytest.mark.parametrize(
    ("done", "open_to"),
    [
        ("", "cso clinical_lead caldicott_guardian dpo ai_lead"),
        ("cso=approve", "clinical_lead caldicott_guardian dpo ai_lead"),
        ("dpo=content", "cso clinical_lead caldicott_guardian siro ai_lead"),
        ("cso=approve clinical_lead=approve caldicott_guardian=approve dpo=content ai_lead=advises_progress", "siro"),
        (
            (
                "cso=approve clinical_lead=approve caldicott_guardian=approve dpo=content siro=approve"
                " ai_lead=advises_against"
            ),
            "sro",
        ),
        (
            (
                "cso=approve clinical_lead=approve caldicott_guardian=approve dpo=content siro=approve"
                " ai_lead=advises_progress sro=approve_with_conditions"
            ),
            "authorising_executive",
        ),
        ("cso=return_for_information", ""),
        ("clinical_lead=not_approved", ""),
        (
            (
                "cso=approve clinical_lead=approve caldicott_guardian=approve dpo=content siro=approve"
                " ai_lead=advises_progress sro=approve authorising_executive=defer"
            ),
            "",
        ),
    ],
)
def test_whose_turn_it_is(done, open_to):
    outcomes = {Role(role): outcome for role, outcome in (pair.split("=") for pair in done.split())}
    assert " ".join(turn.role for turn in rules.turns_open(turns(HIGH, "pilot"), outcomes)) == open_to


@pytest.mark.parametrize(
    ("role", "done", "sentence"),
    [
        (Role.CSO, {}, None),
        (Role.SIRO, {}, "The SIRO acts after the data protection officer."),
        (
            Role.AUTHORISING_EXECUTIVE,
            {Role.CSO: "approve"},
            "The authorising executive acts after the senior responsible owner.",
        ),
        (Role.CSO, {Role.CSO: "approve"}, "The clinical safety officer has already acted in this round."),
        (Role.CLINICAL_LEAD, {Role.CSO: "not_approved"}, "This round has ended or is deferred."),
        (
            Role.CCIO,
            {},
            "The chief clinical information officer is not among those who must agree to this submission.",
        ),
    ],
)
def test_why_it_is_not_your_turn(role, done, sentence):
    found = [blocker.sentence for blocker in rules.turn_blockers(turns(HIGH, "pilot"), done, role)]
    assert found == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("role", "outcome", "done", "reason", "conditions", "codes"),
    [
        ("cso", "approve", {}, "", 0, []),
        ("cso", "return_for_information", {}, " ", 0, ["outcome.reason"]),
        ("cso", "approve_with_conditions", {}, "", 0, ["outcome.conditions"]),
        ("cso", "approve_with_conditions", {}, "", 1, []),
        ("cso", "consult_the_ico", {}, "", 0, ["outcome.unknown"]),
        ("siro", "approve", {Role.DPO: "advises_against"}, "", 0, ["outcome.against_advice"]),
        ("siro", "approve", {Role.DPO: "advises_against"}, "The risk is contained.", 0, []),
        ("cso", "approve", {Role.DPO: "advises_against"}, "", 0, []),  # not the CSO's to weigh
        ("sro", "approve", {Role.AI_LEAD: "advises_cease"}, "", 0, ["outcome.against_advice"]),
        (
            "authorising_executive",
            "authorise",
            {Role.DPO: "consult_the_ico", Role.AI_LEAD: "advises_against"},
            "",
            0,
            ["outcome.against_advice", "outcome.against_advice"],
        ),
        ("authorising_executive", "not_authorised", {Role.AI_LEAD: "advises_against"}, "As advised.", 0, []),
        ("authorising_executive", "authorise", {Role.AI_LEAD: "progress_subject_to"}, "", 0, []),
    ],
)
def test_what_an_outcome_still_needs(role, outcome, done, reason, conditions, codes):
    found = rules.decision_reason_blockers(
        turns(HIGH, "pilot"), done, role=Role(role), outcome=outcome, reason=reason, conditions=conditions
    )
    assert [blocker.code for blocker in found] == codes


@given(any_facts, any_stage, any_kind, st.booleans(), st.data())
def test_in_whatever_order_people_act_the_authoriser_is_last_and_everybody_gets_a_turn(some, stage, kind, first, data):
    tier = rules.tier(some, POLICY).tier
    everybody = rules.signers(
        POLICY, facts=some, tier=tier, stage_asked=stage, kind=kind, first_of_kind=first, stage_from=Stage.PIPELINE
    )
    done: dict[Role, str] = {}
    order = []
    while opened := rules.turns_open(everybody, done):
        turn = data.draw(st.sampled_from(opened))
        done[turn.role] = turn.outcomes[0].code
        order.append(turn.role)
    assert sorted(order) == sorted(turn.role for turn in everybody)
    if everybody:
        assert order[-1] == next(turn.role for turn in everybody if turn.act == "authorise")
    if Role.AUTHORISING_EXECUTIVE in order:
        assert order.index(Role.SRO) < order.index(Role.AUTHORISING_EXECUTIVE)
    if Role.SIRO in order and Role.DPO in order:
        assert order.index(Role.DPO) < order.index(Role.SIRO)
    if Role.AI_LEAD in order:
        assert order.index(Role.AI_LEAD) < order.index(Role.SRO)


@given(any_facts, any_stage, any_kind, st.booleans())
def test_every_section_has_a_signer_with_a_turn_and_every_turn_a_section(some, stage, kind, first):
    tier = rules.tier(some, POLICY).tier
    rows = rules.requirements(POLICY, facts=some, tier=tier, stage_asked=stage, stage_from=None, kind=kind)
    there = rules.sections_for(POLICY, rows, facts=some, tier=tier, stage_asked=stage, kind=kind, first_of_kind=first)
    everybody = rules.signers(POLICY, facts=some, tier=tier, stage_asked=stage, kind=kind, first_of_kind=first)
    for section in there:
        assert section.signed_by
        for role in section.signed_by:
            assert any(turn.role is role and section.code in turn.sections for turn in everybody)
    assert all(turn.sections for turn in everybody)
