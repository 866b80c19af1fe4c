"""What stops a move: every stop with the sentence a person reads, and what lifts it."""

from dataclasses import replace
from datetime import date

import pytest

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy import Tier, rules
from governance.policy.faults import STOPS
from governance.policy.rules import Condition, Evidence, GoLive, HazardFacts, MoveFacts
from governance.policy.rules.moves import CHECKS
from governance.policy.schema import Depth
from tests.rules.policy_cases import POLICY, facts, sections

DAY = date(2027, 5, 3)
GO_LIVE = GoLive(on=date(2027, 4, 1), version="2.3", sites=2, share_trained=95, confirmed_by="Amara Bell")
READY = MoveFacts(
    facts=facts("direct_care=yes personal_data=health"),
    tier=Tier.MEDIUM,
    stage_asked=Stage.PILOT,
    stage_from=Stage.PIPELINE,
    on=DAY,
    dcb0129_basis="safety_case",
    monitoring_plan=Depth.FULL,
    hazards=(HazardFacts(1, 1), HazardFacts(2, 2, reason_recorded=True)),
    dpia_residual="medium",
    go_live=GO_LIVE,
)
SCRIBE = facts("direct_care=yes generative=summarises")
BAU = {"stage_asked": Stage.BUSINESS_AS_USUAL, "stage_from": Stage.IMPLEMENTATION}

CASES = [
    ({}, []),
    (
        {"dcb0129_basis": None},
        ["There is no DCB0129 safety case, device technical file or out-of-scope reason."],
    ),
    ({"dcb0129_basis": "technical_file"}, []),
    (
        {"dcb0129_basis": "out_of_scope"},
        ["The clinical safety officer has not accepted the reason why DCB0129 is out of scope."],
    ),
    ({"dcb0129_basis": "out_of_scope", "dcb0129_accepted": True}, []),
    (
        {"facts": SCRIBE},
        ["An ambient scribe that summarises must be registered as at least a class I medical device."],
    ),
    (
        {"facts": SCRIBE, "device_class": "not_a_device"},
        ["An ambient scribe that summarises must be registered as at least a class I medical device."],
    ),
    (
        {"facts": SCRIBE, "device_class": "class_i"},
        ["The ambient scribe’s MHRA registration number is missing."],
    ),
    ({"facts": SCRIBE, "device_class": "class_i", "registration_number": "00042"}, []),
    ({"facts": SCRIBE, "device_class": "class_iia", "registration_number": "00042"}, []),
    ({"monitoring_plan": None}, ["There is no monitoring plan."]),
    ({"monitoring_plan": Depth.SHORT}, []),  # a pilot needs the short one
    (
        {"monitoring_plan": Depth.SHORT, "stage_asked": Stage.IMPLEMENTATION, "stage_from": Stage.PILOT},
        ["The monitoring plan is the short one. Implementation needs the full one."],
    ),
    ({"hazards": ()}, ["No hazard has been recorded."]),
    ({"hazards": (HazardFacts(2, None),)}, ["Hazard 2 has no residual score."]),
    ({"hazards": (HazardFacts(4, 4),)}, ["Hazard 4 has a residual risk of 4, which cannot be accepted."]),
    (
        {"hazards": (HazardFacts(4, 5, reason_recorded=True),)},
        ["Hazard 4 has a residual risk of 5, which cannot be accepted."],
    ),
    (
        {"hazards": (HazardFacts(3, 3),)},
        ["Hazard 3 has a residual risk of 3. Record why it cannot be reduced further."],
    ),
    ({"hazards": (HazardFacts(3, 3, reason_recorded=True),)}, []),
    (
        {"hazards": (HazardFacts(3, 3, reason_recorded=True),), "agreeing": frozenset({Role.CSO, Role.SRO})},
        ["Hazard 3 has a residual risk of 3. The authorising executive must agree and is not asked."],
    ),
    (
        {
            "hazards": (HazardFacts(3, 3, reason_recorded=True),),
            "agreeing": frozenset({Role.CSO, Role.AUTHORISING_EXECUTIVE}),
        },
        [],
    ),
    (
        {"hazards": (HazardFacts(2, 2),)},
        ["Hazard 2 has a residual risk of 2. Record why it is acceptable."],
    ),
    (
        {"dpia_residual": "high"},
        ["The data protection impact assessment leaves a high risk. Consult the ICO before starting."],
    ),
    (
        {"dpia_residual": "high", "ico_consulted_on": date(2027, 6, 1)},  # not yet
        ["The data protection impact assessment leaves a high risk. Consult the ICO before starting."],
    ),
    ({"dpia_residual": "high", "ico_consulted_on": date(2027, 4, 1)}, []),
    (
        {"evidence": (Evidence("Penetration test", "DTAC C3.3", date(2027, 5, 2)),)},
        ["“Penetration test” behind DTAC C3.3 expired on 2 May 2027."],
    ),
    ({"evidence": (Evidence("Penetration test", "DTAC C3.3", DAY), Evidence("Policy", "DTAC B4", None))}, []),
    (
        {"open_before": (Condition(3, "Train every clinician", Stage.PILOT),)},
        ["Condition 3 must be met before Pilot: Train every clinician"],
    ),
    ({"open_before": (Condition(3, "Train every clinician", Stage.IMPLEMENTATION),)}, []),
    ({"go_live": None}, []),  # not asked before Business as usual
    (BAU, []),
    (BAU | {"go_live": None}, ["There is no go-live record."]),
    (
        BAU | {"go_live": GoLive(on=DAY)},
        [
            "The go-live record does not say the version.",
            "The go-live record does not say the sites.",
            "The go-live record does not say the share of staff trained.",
            "The go-live record does not say who confirmed it.",
        ],
    ),
    (BAU | {"go_live": GoLive(DAY, "2.3", 1, 0, "Amara Bell")}, []),  # nobody trained is an answer
]


@pytest.mark.parametrize(("changes", "sentences"), CASES)
def test_what_stops_a_move(changes, sentences):
    found = rules.move_blockers(POLICY, replace(READY, **changes))
    assert [blocker.sentence for blocker in found] == sentences


def test_every_stop_of_the_policy_has_a_case():
    met = {blocker.code for changes, _ in CASES for blocker in rules.move_blockers(POLICY, replace(READY, **changes))}
    assert met == {f"stop.{stop.code}" for stop in POLICY.stops}


def test_every_stop_has_its_check():
    assert set(CHECKS) == set(STOPS)


def test_a_proof_of_concept_names_hazards_without_scoring_them():
    early = replace(
        READY, stage_asked=Stage.PROOF_OF_CONCEPT, dcb0129_basis=None, monitoring_plan=None,
        hazards=(HazardFacts(1, None),),
    )  # fmt: skip
    assert rules.move_blockers(POLICY, early) == []
    assert rules.move_blockers(POLICY, replace(early, dpia_residual="high"))


def test_without_direct_care_hazards_and_dcb0129_stop_nothing():
    plain = replace(READY, facts=facts("personal_data=health"), dcb0129_basis=None, hazards=())
    assert rules.move_blockers(POLICY, plain) == []


@pytest.mark.parametrize("kind", [SubmissionKind.STEP_BACK, SubmissionKind.CEASE])
def test_nothing_stops_a_step_towards_safety(kind):
    worst = replace(READY, kind=kind, hazards=(HazardFacts(1, 5),), dpia_residual="high", dcb0129_basis=None)
    assert rules.move_blockers(POLICY, worst) == []


@pytest.mark.parametrize(
    ("judgements", "sentences"),
    [
        ({"dtac.c1": "met", "dtac.d": "met"}, []),
        ({"dtac.c1": "met", "dtac.d": "not_met"}, []),  # compared, never gates
        ({"dtac.c1": "query"}, ["DTAC C1 (clinical safety) has an open query."]),
        ({"dtac.c1": "not_met"}, ["DTAC C1 (clinical safety) is judged not met."]),
        ({}, ["DTAC C1 (clinical safety) is not judged yet by the chief clinical information officer."]),
    ],
)
def test_a_judgement_stops_a_submission(judgements, sentences):
    there = [section for code, section in sections("direct_care=yes", "pilot").items() if code in ("dtac.c1", "dtac.d")]
    assert [blocker.sentence for blocker in rules.judgement_blockers(there, judgements)] == sentences
