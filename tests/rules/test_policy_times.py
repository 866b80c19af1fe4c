"""The ladder, how long approvals last, when reviews are due, how long evidence counts."""

from datetime import date

import pytest

from governance.lifecycle import Stage, SubmissionKind
from governance.policy import Tier, rules
from tests.rules.policy_cases import POLICY, STAGES

DAY = date(2027, 8, 31)


@pytest.mark.parametrize(
    ("stage", "progress", "step_back"),
    [
        ("pipeline", "poc pilot", ""),
        ("poc", "pilot", ""),
        ("pilot", "implementation bau", ""),
        ("implementation", "bau", "pilot"),
        ("bau", "", "implementation pilot"),
    ],
)
def test_which_stages_may_follow(stage, progress, step_back):
    moves = rules.stage_moves(POLICY, STAGES[stage])
    assert list(moves.progress) == [STAGES[name] for name in progress.split()]
    assert list(moves.step_back) == [STAGES[name] for name in step_back.split()]


def test_pilot_cannot_be_skipped():
    assert [row.stage for row in POLICY.ladder if row.skippable] == ["proof_of_concept", "implementation"]


@pytest.mark.parametrize(
    ("kind", "stage", "asked", "sentences"),
    [
        ("progress", "pipeline", "pilot", []),
        ("progress", "pipeline", "bau", ["Progress cannot ask for Business as usual from Pipeline."]),
        ("progress", "bau", "pilot", ["Progress cannot ask for Pilot from Business as usual."]),
        ("step_back", "bau", "pilot", []),
        ("step_back", "pilot", "poc", ["Step back cannot ask for Proof of concept from Pilot."]),
        ("re_assurance", "bau", "bau", []),
        ("re_assurance", "bau", "pilot", ["Re-assurance cannot ask for Pilot from Business as usual."]),
        ("extend_pilot", "pilot", "pilot", []),
        ("extend_pilot", "bau", "bau", ["Extend pilot cannot ask for Business as usual from Business as usual."]),
        ("cease", "pilot", "pilot", []),
    ],
)
def test_what_each_kind_may_ask_for(kind, stage, asked, sentences):
    found = rules.stage_blockers(POLICY, stage=STAGES[stage], stage_asked=STAGES[asked], kind=SubmissionKind(kind))
    assert [blocker.sentence for blocker in found] == sentences


def test_a_pilot_is_extended_once():
    (blocker,) = rules.stage_blockers(
        POLICY, stage=Stage.PILOT, stage_asked=Stage.PILOT, kind=SubmissionKind.EXTEND_PILOT, extended_before=1
    )
    assert blocker.sentence == "This pilot has been extended once already."


@pytest.mark.parametrize(
    ("stage", "tier", "until"),
    [
        ("poc", "high", date(2027, 11, 30)),
        ("poc", "low", date(2027, 11, 30)),
        ("pilot", "high", date(2028, 2, 29)),
        ("pilot", "medium", date(2028, 2, 29)),
        ("pilot", "low", date(2028, 2, 29)),
        ("implementation", "high", date(2028, 2, 29)),
        ("bau", "high", date(2028, 8, 31)),
        ("bau", "medium", date(2029, 8, 31)),
        ("bau", "low", date(2030, 8, 31)),
        ("pipeline", "high", None),
    ],
)
def test_how_long_an_approval_lasts(stage, tier, until):
    assert rules.approval_until(POLICY, tier=Tier(tier), stage=STAGES[stage], decided_on=DAY) == until


@pytest.mark.parametrize(
    ("running_until", "until"),
    [(None, date(2027, 11, 30)), (date(2027, 9, 15), date(2027, 12, 15)), (date(2027, 8, 1), date(2027, 11, 30))],
)
def test_an_extension_adds_three_months_to_the_pilot(running_until, until):
    found = rules.approval_until(
        POLICY, tier=Tier.HIGH, stage=Stage.PILOT, decided_on=DAY,
        kind=SubmissionKind.EXTEND_PILOT, running_until=running_until,
    )  # fmt: skip
    assert found == until


@pytest.mark.parametrize(
    ("chosen", "sentences"),
    [
        (date(2028, 2, 29), []),
        (date(2027, 9, 1), []),
        (date(2028, 3, 1), ["The approval can last until 29 February 2028 at most."]),
        (DAY, ["The approval must end after the day it is given."]),
    ],
)
def test_the_authoriser_may_choose_a_shorter_time_but_no_longer(chosen, sentences):
    found = rules.until_blockers(chosen=chosen, limit=date(2028, 2, 29), decided_on=DAY)
    assert [blocker.sentence for blocker in found] == sentences


SINCE = date(2027, 1, 15)


@pytest.mark.parametrize(
    ("stage", "tier", "last", "due"),
    [
        ("poc", "high", None, None),
        ("pilot", "high", None, date(2027, 2, 15)),
        ("pilot", "medium", date(2027, 3, 10), date(2027, 4, 10)),
        ("pilot", "low", None, date(2027, 7, 15)),  # at the end
        ("implementation", "high", None, date(2027, 2, 15)),
        ("bau", "high", None, date(2027, 2, 15)),  # the first three months as in pilot
        ("bau", "high", date(2027, 4, 15), date(2027, 7, 15)),  # then every quarter
        ("bau", "medium", date(2027, 4, 15), date(2027, 10, 15)),  # every six months
        ("bau", "low", None, date(2027, 4, 15)),  # at the end of the first three months
        ("bau", "low", date(2027, 4, 15), date(2028, 4, 15)),  # yearly
    ],
)
def test_when_the_next_review_is_due(stage, tier, last, due):
    found = rules.review_due(POLICY, tier=Tier(tier), stage=STAGES[stage], stage_since=SINCE, last_review_on=last)
    assert found == due


def test_a_low_tier_pilot_is_reviewed_when_its_approval_ends():
    found = rules.review_due(POLICY, tier=Tier.LOW, stage=Stage.PILOT, stage_since=SINCE, until=date(2027, 5, 1))
    assert found == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("kind", "months"),
    [("dspt", 12), ("cyber_essentials", 12), ("penetration_test", 12), ("dtac", None), ("other", None)],
)
def test_how_long_evidence_counts(kind, months):
    assert rules.evidence_validity_months(POLICY, kind) == months


def test_reminders_go_out_at_90_60_30_and_7_days_then_to_the_ai_lead():
    assert POLICY.reminders.days == (90, 60, 30, 7)
    assert POLICY.reminders.then == "ai_lead"
    assert POLICY.reminders.lapse_tells == ("cso", "authorising_executive")


def test_how_soon_a_concern_is_looked_at_is_not_ours_and_says_so():
    assert [(row.level, row.within) for row in POLICY.concerns] == [
        ("red", "4 hours"), ("amber", "2 working days"), ("green", "the monthly review"),
    ]  # fmt: skip
    assert {row.provenance for row in POLICY.concerns} == {"third-party"}
