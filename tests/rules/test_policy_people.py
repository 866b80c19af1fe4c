"""One person, two parts; registration; how far an appointment reaches; who may judge."""

import itertools
from datetime import date

import pytest

from governance.lifecycle import Stage
from governance.permissions import Held, Registration, Role
from governance.policy import Tier, rules
from tests.rules.policy_cases import POLICY, sections

DAY = date(2027, 5, 3)
SIGNERS = [
    "cso", "clinical_lead", "caldicott_guardian", "siro", "dpo", "ai_lead", "sro", "authorising_executive",
]  # fmt: skip
REFUSED = {
    frozenset({"siro", "caldicott_guardian"}): "siro_and_caldicott",
    frozenset({"cso", "authorising_executive"}): "cso_and_executive",
}


@pytest.mark.parametrize(("about_to", "already"), list(itertools.permutations(SIGNERS, 2)))
def test_two_roles_of_one_person_on_one_submission(about_to, already):
    found = [blocker.code for blocker in rules.separation_blockers(POLICY, about_to=about_to, already=[already])]
    refused = REFUSED.get(frozenset({about_to, already}))
    assert found == ([f"separation.{refused}"] if refused else [])


@pytest.mark.parametrize("did", ["started", "proposed", "submitted"])
@pytest.mark.parametrize("role", SIGNERS)
def test_who_brought_a_submission_cannot_sign_it_nor_the_other_way_round(did, role):
    for about_to, already in ((role, did), (did, role)):
        (blocker,) = rules.separation_blockers(POLICY, about_to=about_to, already=[already])
        assert blocker.sentence == (
            "Whoever started, proposed or submitted a submission cannot sign, advise on or authorise it."
        )


def test_the_same_person_may_start_propose_and_submit():
    assert rules.separation_blockers(POLICY, about_to="submitted", already=["started", "proposed"]) == []


def test_all_that_clashes_is_said():
    found = rules.separation_blockers(POLICY, about_to="cso", already=["started", "authorising_executive"])
    assert [blocker.code for blocker in found] == ["separation.cso_and_executive", "separation.submitter_and_signer"]


@pytest.mark.parametrize(
    ("role", "held", "refused"),
    [
        (Role.DPO, [Role.SIRO], True),
        (Role.SIRO, [Role.CCIO, Role.DPO], True),
        (Role.DPO, [Role.CALDICOTT_GUARDIAN], False),
        (Role.SIRO, [Role.CALDICOTT_GUARDIAN], False),  # refused on one submission, not in the organisation
        (Role.SIRO, [], False),
    ],
)
def test_dpo_and_siro_are_never_the_same_person(role, held, refused):
    assert bool(rules.appointment_separation_blockers(POLICY, role=role, held=held)) is refused


@pytest.mark.parametrize(
    ("registration", "sentence"),
    [
        (Registration("GMC", "0000001", DAY, None), None),  # counts on its last day
        (None, "The clinical safety officer has no professional registration on record."),
        (
            Registration("GMC", "0000001", date(2027, 5, 2), None),
            "The clinical safety officer’s registration expired on 2 May 2027.",
        ),
        (Registration("", "", DAY, None), "The clinical safety officer’s registration has no body and no number."),
        (Registration("NMC", "00A1", None, None), "The clinical safety officer’s registration has no end date."),
    ],
)
def test_a_safety_officer_needs_a_registration_that_has_not_expired(registration, sentence):
    found = rules.registration_blockers(POLICY, role=Role.CSO, registration=registration, on=DAY)
    assert [blocker.sentence for blocker in found] == ([sentence] if sentence else [])


@pytest.mark.parametrize("role", [Role.SIRO, Role.CLINICAL_LEAD, Role.AUTHORISING_EXECUTIVE])
def test_other_roles_need_no_registration(role):
    assert rules.registration_blockers(POLICY, role=role, registration=None, on=DAY) == []
    assert rules.registration_warnings(POLICY, role=role, registration=None, on=DAY) == []


@pytest.mark.parametrize(
    ("trained_on", "codes"),
    [
        (date(2024, 5, 3), []),
        (date(2024, 5, 2), ["registration.training_old"]),
        (None, ["registration.untrained"]),
    ],
)
def test_training_older_than_three_years_is_a_warning(trained_on, codes):
    registration = Registration("GMC", "0000001", date(2028, 1, 1), trained_on)
    found = rules.registration_warnings(POLICY, role=Role.CSO, registration=registration, on=DAY)
    assert [warning.code for warning in found] == codes


def executive(tier: str | None, stage: Stage | None, residual: int | None) -> Held:
    return Held(
        Role.AUTHORISING_EXECUTIVE, highest_tier=tier, highest_stage=stage, highest_residual=residual,
        starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("held", "tier", "stage", "residual", "sentences"),
    [
        (executive("high", Stage.BUSINESS_AS_USUAL, 3), "high", Stage.BUSINESS_AS_USUAL, 3, []),
        (executive("high", Stage.PILOT, 2), "medium", Stage.PILOT, None, []),
        (
            executive("medium", Stage.PILOT, 2),
            "high",
            Stage.IMPLEMENTATION,
            3,
            [
                "Your appointment goes up to medium tier. This asks for high tier.",
                "Your appointment goes up to Pilot. This asks for Implementation.",
                "Your appointment goes up to a residual risk of 2. This asks for a residual risk of 3.",
            ],
        ),
        (
            executive(None, Stage.PILOT, 2),
            "medium",
            Stage.PILOT,
            1,
            ["Your appointment does not record a highest tier. This asks for medium tier."],
        ),
        (Held(Role.SRO, deployment_id=1), "low", Stage.PILOT, None, []),
    ],
)
def test_an_executive_authorises_within_the_limit_of_the_appointment(held, tier, stage, residual, sentences):
    found = rules.authority_blockers(held, tier=Tier(tier), stage=stage, residual=residual, on=DAY)
    assert [blocker.sentence for blocker in found] == sentences


def test_an_appointment_that_has_ended_authorises_nothing():
    held = executive("high", Stage.BUSINESS_AS_USUAL, 3)
    (blocker,) = rules.authority_blockers(held, tier=Tier.LOW, stage=Stage.PILOT, on=date(2028, 1, 1))
    assert blocker.sentence == "Your appointment as authorising executive does not cover 1 January 2028."


@pytest.mark.parametrize(
    ("code", "role", "answered_by", "blocked"),
    [
        ("dpia", Role.IG_LEAD, [2], None),
        ("dpia", Role.IG_LEAD, [1, 2], "judge.own_answers"),
        ("dpia", Role.CSO, [2], "judge.role"),
        ("risk_plan", Role.CSO, [1], None),  # the one that may be judged by who wrote it
        ("hazard_log", Role.CSO, [1], "judge.own_answers"),
        ("triage", Role.CSO, [], "judge.nothing"),
    ],
)
def test_nobody_judges_what_they_answered(code, role, answered_by, blocked):
    section = sections("direct_care=yes personal_data=health", "pilot")[code]
    found = rules.judge_blockers(section, role=role, person_id=1, answered_by=answered_by)
    assert [blocker.code for blocker in found] == ([blocked] if blocked else [])
