"""What plans must say. Sources: DCB0160 3.2.1 to 3.2.4; our policy for the monitoring plan and the safety decision."""

import pytest

from governance.assessment.plans import rules, texts
from governance.policy.schema import Depth

WHOLE = {text.code: "Said." for text in texts.RISK_PLAN_TEXTS} | {"review_on": "2027-11-01"}
SHORT = {"success_criteria": "Said.", "stop_rule": "Said.", "ends_on": "2027-05-01"}
INDICATOR = {
    "name": "Urgent findings missed",
    "source": "Weekly audit",
    "direction": "down",
    "target": "2 in 1,000",
    "frequency": "weekly",
    "owner": "Clinical lead",
}
FULL = SHORT | {"reviews": "Said.", "acts": "Said.", "indicators": [INDICATOR]}


def said(blockers):
    return [blocker.sentence for blocker in blockers]


def test_a_whole_plan_is_approved_once_in_its_newest_revision():
    assert rules.approve_plan_blockers(WHOLE, newest=True, approved=False) == []
    assert said(rules.approve_plan_blockers(WHOLE, newest=False, approved=False)) == [
        "The plan was changed since. Read and approve its newest revision."
    ]
    assert said(rules.approve_plan_blockers(WHOLE, newest=True, approved=True)) == [
        "This revision of the plan is approved already."
    ]


@pytest.mark.parametrize("text", texts.RISK_PLAN_TEXTS, ids=lambda text: text.code)
def test_a_plan_is_not_approved_while_it_leaves_something_out(text):
    assert said(rules.approve_plan_blockers(WHOLE | {text.code: " "}, newest=True, approved=False)) == [text.missing]


def test_a_plan_names_the_day_of_its_next_review():
    found = rules.risk_plan_text_blockers(WHOLE | {"review_on": None})
    assert said(found) == ["The plan has no date for its next review."]


@pytest.mark.parametrize(
    ("revision", "approved", "sentences"),
    [
        (None, False, ["No hazard can be scored yet: there is no clinical risk management plan."]),
        (
            2,
            False,
            ["No hazard can be scored yet: the clinical safety officer has not approved revision 2 of the plan."],
        ),
        (2, True, []),
    ],
)
def test_no_hazard_is_scored_before_the_plan_is_approved(revision, approved, sentences):
    assert said(rules.score_blockers(revision, approved=approved)) == sentences


def test_a_submission_waits_for_the_plan_and_for_its_approval():
    assert said(rules.risk_plan_blockers(None, {}, approved=False)) == ["There is no clinical risk management plan."]
    assert said(rules.risk_plan_blockers(3, WHOLE, approved=False)) == [
        "Revision 3 of the clinical risk management plan is not approved by the clinical safety officer."
    ]
    assert rules.risk_plan_blockers(3, WHOLE, approved=True) == []


@pytest.mark.parametrize(
    ("content", "depth", "sentences"),
    [
        (None, Depth.SHORT, ["There is no monitoring plan."]),
        (SHORT, Depth.SHORT, []),
        (SHORT | {"stop_rule": ""}, Depth.SHORT, ["The monitoring plan has no stop rule."]),
        (SHORT | {"ends_on": None}, Depth.SHORT, ["The monitoring plan has no end date."]),
        (FULL, Depth.FULL, []),
        (
            SHORT,
            Depth.FULL,
            [
                "The monitoring plan does not say how often it is reviewed.",
                "The monitoring plan does not say who acts on a figure out of line.",
                "The monitoring plan has no indicator.",
            ],
        ),
        (
            FULL | {"indicators": [INDICATOR | {"target": "", "owner": ""}]},
            Depth.FULL,
            ["Indicator “Urgent findings missed” has no target.", "Indicator “Urgent findings missed” has no owner."],
        ),
        (FULL | {"indicators": [INDICATOR | {"name": ""}]}, Depth.FULL, ["An indicator has no name."]),
    ],
)
def test_what_a_monitoring_plan_lacks_for_its_depth(content, depth, sentences):
    assert said(rules.monitoring_blockers(content, depth)) == sentences


@pytest.mark.parametrize(
    ("related", "direct_care", "reason", "codes"),
    [
        (False, False, "It sorts invoices", []),
        (True, True, "It orders images", []),
        (False, True, "It only orders images", ["safety.direct_care"]),
        (False, False, " ", ["safety.reason"]),
    ],
)
def test_a_tool_in_direct_care_is_never_called_not_safety_related(related, direct_care, reason, codes):
    found = rules.decide_safety_blockers(safety_related=related, direct_care=direct_care, reason=reason)
    assert [blocker.code for blocker in found] == codes


@pytest.mark.parametrize(("related", "codes"), [(None, ["safety.undecided"]), (True, ["safety.related"]), (False, [])])
def test_without_direct_care_a_submission_waits_for_the_decision(related, codes):
    assert [blocker.code for blocker in rules.safety_decision_blockers(related)] == codes
