"""What a change touches, and why one is not noted, not taken up or not settled: tables."""

from datetime import date

import pytest

from governance.approval import words
from governance.approval.changes import rules
from governance.approval.changes.rules import Running
from governance.approval.changes.words import from_or_on, name_of
from governance.approval.rules import NewCondition, condition_blockers, later_stages
from governance.lifecycle import Stage, Standing, SubmissionKind, SubmissionStatus
from governance.permissions import Role
from governance.policy import policy
from governance.policy.rules import Condition, MoveFacts, move_blockers

LONDON = policy("london-2")
PACK = ("triage", "tool", "dtac.c1", "dtac.c2", "dtac.c3", "hazard_log", "dpia", "monitoring_plan", "rollout")
S, K = SubmissionStatus, SubmissionKind


@pytest.mark.parametrize(
    ("kind", "used_in", "expected"),
    [
        ("version", (), ("tool", "dtac.c1", "dtac.c2", "dtac.c3", "hazard_log", "monitoring_plan")),
        ("use", (), ("triage", "hazard_log", "dpia", "monitoring_plan", "rollout")),
        ("population", (), ("triage", "hazard_log", "dpia", "monitoring_plan")),
        ("hosting", (), ("triage", "dtac.c2", "dtac.c3", "hazard_log", "dpia")),
        ("certificate", (), ("dtac.c3",)),
        ("certificate", ("dpia", "dtac.c1"), ("dtac.c1", "dtac.c3", "dpia")),
        ("certificate", ("nice",), ("dtac.c3",)),
    ],
)
def test_a_change_touches_what_policy_names_and_where_the_ended_evidence_is_used(kind, used_in, expected):
    assert rules.touched(LONDON, kind, pack=PACK, used_in=used_in) == expected


def test_where_nothing_was_decided_everything_that_policy_names_is_touched():
    row = rules.row_of(LONDON, "hosting")
    assert set(rules.touched(LONDON, "hosting", pack=())) == set(row.touches)
    assert rules.row_of(policy("london-1"), "hosting") is None
    assert rules.touched(policy("london-1"), "hosting", pack=PACK) == ()


def test_each_kind_of_change_is_a_row_of_policy_with_its_basis():
    assert [row.kind for row in LONDON.changes] == [*rules.BY_PEOPLE, "certificate"]
    assert all(row.touches and row.says.endswith(".") for row in LONDON.changes)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, ""),
        ({"standing": Standing.DECLARED}, ""),
        ({"standing": Standing.SUSPENDED}, ""),
        ({"standing": Standing.PROPOSED}, "A change is noted about a tool that is approved or in use. This one is proposed."),
        ({"standing": Standing.PROPOSED, "approved": True}, ""),
        ({"standing": Standing.CEASED, "approved": True}, "This one is ceased."),
        ({"kind": "certificate"}, "Choose what changed."),
        ({"what": " "}, "Say what changed, in a sentence or two."),
        ({"version": " "}, "Enter the new version."),
        ({"version": "v2.3"}, "Version 2.3 is the one in use."),
        ({"version": "2.4", "noted": ["v2.4"]}, "A change to version 2.4 is noted already and still open."),
        ({"kind": "use", "version": ""}, ""),
    ],
)
def test_why_a_change_is_not_noted(given, sentence):
    usual = {
        "standing": Standing.ASSURED, "approved": False, "kind": "version", "what": "A new model.", "version": "2.4",
        "in_use": "2.3",
    }  # fmt: skip
    found = rules.note_blockers(**usual | given)
    assert [sentence in each.sentence for each in found] == ([True] if sentence else [])


def running(status=S.OPENED, kind=K.RE_ASSURANCE, version="2.3", name="Submission S2"):
    return Running(name, status, kind, version)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, ""),
        ({"open_changes": 0}, "No change is open"),
        ({"standing": Standing.PROPOSED}, "Re-assurance cannot be asked for: this deployment is proposed."),
        ({"running": running()}, "Submission S2 is open about this deployment, and only one may be. Take the change up there."),
    ],
)
def test_why_no_re_assurance_is_started(given, sentence):
    found = rules.start_blockers(**{"open_changes": 1, "standing": Standing.ASSURED, "running": None} | given)
    assert [sentence in each.sentence for each in found] == ([True] if sentence else [])


@pytest.mark.parametrize(
    ("open_on_it", "version", "sentence"),
    [
        (running(), "", ""),
        (running(S.RETURNED), "", ""),
        (running(S.HELD), "", ""),
        (running(S.DRAFTED), "2.4", ""),
        (running(version="v2.4"), "2.4", ""),
        (running(kind=K.PROGRESS), "", ""),
        (None, "", "No submission is open about this deployment."),
        (running(), "2.4", "Submission S2 is about version 2.3, and the change brings 2.4."),
        (running(S.SUBMITTED), "", "Submission S2 is with those who must agree."),
        (running(S.DEFERRED), "", "Take it back from them, or wait for its decision."),
        (running(kind=K.CEASE), "", "asks for something else: cease. It shows none of this again."),
        (running(kind=K.EXTEND_PILOT), "", "asks for something else: extend pilot."),
    ],
)
def test_whether_a_change_is_taken_up_in_the_submission_that_is_open(open_on_it, version, sentence):
    found = rules.take_up_blockers(open_changes=1, running=open_on_it, version=version)
    assert [sentence in each.sentence for each in found] == ([True] if sentence else [])


@pytest.mark.parametrize(
    ("status", "reason", "sentence"),
    [
        ("open", "Same hosting company, another name.", ""),
        ("open", " ", "Say why nothing follows from it."),
        ("taken_up", "It was small.", "This change is taken up already."),
        ("settled", "It was small.", "This change is settled already."),
    ],
)
def test_why_a_change_is_not_settled(status, reason, sentence):
    assert [each.sentence for each in rules.settle_blockers(status=status, reason=reason)] == ([sentence] if sentence else [])


def test_the_safety_officer_settles_where_care_is_reached_and_the_owner_elsewhere():
    assert (rules.settler(direct_care=True), rules.settler(direct_care=False)) == (Role.CSO, Role.SRO)
    assert (name_of("version", "2.4"), name_of("certificate")) == ("Version 2.4", "Evidence ended")
    assert (from_or_on("version"), from_or_on("certificate")) == ("from", "on")


ON, DUE = date(2026, 11, 2), date(2027, 5, 2)


@pytest.mark.parametrize(
    ("asked", "kind", "stage", "sentence"),
    [
        (Stage.PILOT, "after", Stage.IMPLEMENTATION, ""),
        (Stage.PILOT, "after", Stage.BUSINESS_AS_USUAL, ""),
        (Stage.PILOT, "after", None, ""),
        (Stage.PILOT, "before", None, ""),
        (Stage.PILOT, "after", Stage.PILOT, "Condition 1 can only count before a stage above Pilot."),
        (Stage.PILOT, "before", Stage.IMPLEMENTATION, "Condition 1 can only count before a stage above Pilot."),
        (Stage.BUSINESS_AS_USUAL, "after", Stage.IMPLEMENTATION, "before a stage above Business as usual."),
    ],
)
def test_a_condition_counts_before_a_stage_that_is_still_ahead(asked, kind, stage, sentence):
    given = NewCondition("Train nine in ten", "digital_lead", kind, DUE, before_stage=stage)
    found = condition_blockers([given], ON, asked=asked)
    assert [sentence in each.sentence for each in found] == ([True] if sentence else [])
    assert NewCondition.from_content(given.content()) == given
    assert ("before_stage" in given.content()) is (stage is not None)


def test_stages_ahead_and_when_a_condition_counts_in_words():
    assert later_stages(Stage.PILOT) == (Stage.IMPLEMENTATION, Stage.BUSINESS_AS_USUAL)
    assert later_stages(Stage.BUSINESS_AS_USUAL) == ()
    assert words.counts("before", None, DUE) == "before it takes effect, by 2 May 2027"
    assert words.counts("after", Stage.IMPLEMENTATION, DUE) == "before Implementation"
    assert words.counts("after", None, DUE) == "by 2 May 2027"


@pytest.mark.parametrize(
    ("asked", "kind", "stopped"),
    [
        (Stage.PILOT, K.RE_ASSURANCE, False),
        (Stage.IMPLEMENTATION, K.PROGRESS, True),
        (Stage.BUSINESS_AS_USUAL, K.PROGRESS, True),
        (Stage.PILOT, K.STEP_BACK, False),
    ],
)
def test_it_stops_a_move_to_that_stage_or_above(asked, kind, stopped):
    move = MoveFacts(
        facts={}, tier=None, stage_asked=asked, stage_from=Stage.PILOT, on=ON, kind=kind,
        open_before=(Condition(2, "Train nine in ten.", Stage.IMPLEMENTATION),),
    )  # fmt: skip
    found = [each.sentence for each in move_blockers(LONDON, move) if each.code == "stop.condition_before"]
    assert found == ([f"Condition 2 must be met before {asked.label}: Train nine in ten."] if stopped else [])
