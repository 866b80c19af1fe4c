"""Changes after an approval: noted, told, taken up or settled; evidence that ends; conditions before a later stage."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import conditions as meeting
from governance.approval import due as approvals
from governance.approval import outcomes
from governance.approval.changes import due, operations, queries
from governance.approval.models import Condition
from governance.approval.rules import NewCondition
from governance.assessment.packs import queries as packs
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.intake import operations as intake
from governance.intake import rules as drafts
from governance.lifecycle import Stage, Standing, SubmissionKind
from governance.notifications.models import Notice
from governance.permissions import Role
from tests import agreed, asking, changed
from tests.world import World

R, K = Role, SubmissionKind
LEAD = R.DIGITAL_LEAD


@pytest.fixture
def world(live):
    return World()


def told(kind: str) -> set[int]:
    return set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


def all_holds() -> None:
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_a_new_version_is_noted_with_what_it_touches_and_those_who_answer_for_it_are_told(world, live):
    row = changed.noted(world, live, role=R.CSO)
    there = [code for code, _ in queries.sections_of(live)]
    assert row.touches == [code for code in there if code in {
        "tool", "dtac.c1", "dtac.c2", "dtac.c3", "dtac.c4", "dtac.d", "dcb0129", "hazard_log", "device", "cyber", "monitoring_plan",
    }]  # fmt: skip
    assert "dpia" in there and "dpia" not in row.touches
    assert (row.number, row.status, queries.version_of(row), live.tool_version.version) == (1, "open", "2.4", "2.3")
    assert told("change.noted") == {world.person(role, "RTH01").id for role in (LEAD, R.SRO)}
    assert changed.noted(world, live, kind="hosting", role=R.CLINICAL_LEAD).number == 2
    with pytest.raises(Refused, match="version 2.4 is noted already"):
        changed.noted(world, live)
    all_holds()


def test_a_change_is_noted_by_those_named_alone_and_not_of_another_organisation(world, live):
    for role in (R.SRO, R.SIRO, R.BOARD_MEMBER):
        with pytest.raises(Forbidden):
            changed.noted(world, live, role=role)
    with pytest.raises(NotVisible):
        changed.noted(world, live, code="QWE")
    assert queries.notices_of(live) == []


def test_one_re_assurance_takes_up_every_open_change_and_carries_the_new_version(world, live):
    rows = [changed.noted(world, live), changed.noted(world, live, kind="hosting", what="It moves to another centre.")]
    with transaction():
        draft = operations.start_re_assurance(deployment=live, by=world.actor(LEAD, "RTH01"), at=clock.now())
    asked = drafts.values(draft.draft, "ask")
    assert (asked["kind"], asked["stage"], asked["version"]) == ("re_assurance", "pilot", "2.4")
    assert asked["reason"] == f"Change 1: {changed.WHAT} Change 2: It moves to another centre."
    assert [(row.status, row.submission_id) for row in rows] == [("taken_up", draft.id)] * 2
    changed.noted(world, live, kind="population", what="Children too.")
    with pytest.raises(Refused, match="A draft is open about this deployment, and only one may be"), transaction():
        operations.start_re_assurance(deployment=live, by=world.actor(LEAD, "RTH01"), at=clock.now())
    with transaction():
        by, at = world.actor(LEAD, "RTH01"), clock.now()
        assert operations.take_up(deployment=live, by=by, at=at).id == draft.id
    assert len(queries.of_submission(draft)) == 3
    with transaction():
        intake.withdraw(submission=draft, reason="Not now.", by=world.actor(LEAD, "RTH01"), at=clock.now())
    assert [(row.status, row.submission_id) for row in queries.notices_of(live)] == [("open", None)] * 3
    assert world.person(R.CSO, "RTH01").id in told("change.open_again")
    all_holds()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"kind": "extend_pilot", "version": "2.3"}, "asks for something else"),
        ({"version": "2.3"}, "is about version 2.3, not 2.4"),
        ({}, ""),
    ],
)
def test_a_change_is_open_again_where_what_is_proposed_from_its_draft_does_not_assess_it(world, live, asked, why):
    changed.noted(world, live)
    changed.noted(world, live, kind="hosting", what="It moves to another centre.")
    with transaction():
        by, at = world.actor(LEAD, "RTH01"), clock.now()
        draft = operations.start_re_assurance(deployment=live, by=by, at=at)
        for page, values in (("ask", dict(drafts.values(draft.draft, "ask")) | asked), ("triage", queries.intake.facts(queries.intake.of_deployment(live)[1]))):
            intake.save_draft(submission=draft, page=page, values=values, version_id=draft.version_id, by=by, at=at)
        intake.propose(submission=draft, by=by, at=at)
    assert draft.reference is not None
    left = [row.kind for row in queries.open_of(live)]
    assert left == ([] if not why else ["version"] if "version" in why else ["hosting", "version"])
    said = db.session.scalars(sa.select(Notice.body).where(Notice.kind == "change.open_again")).all()
    assert all(why in each for each in said) and bool(said) is bool(why)


def test_a_change_is_taken_up_in_the_submission_that_is_open_unless_that_is_about_another_version(world, live):
    submission = asking.proposed(world, live, K.RE_ASSURANCE, reason="A yearly look.")
    row, lead = changed.noted(world, live, kind="use"), LEAD
    with transaction():
        operations.take_up(deployment=live, by=world.actor(lead, "RTH01"), at=clock.now())
    assert (row.status, row.submission_id) == ("taken_up", submission.id)
    changed.noted(world, live)
    with pytest.raises(Refused, match=f"Submission {submission.reference} is about version 2.3, and the change brings 2.4"), transaction():
        operations.take_up(deployment=live, by=world.actor(lead, "RTH01"), at=clock.now())
    with pytest.raises(Forbidden), transaction():
        operations.take_up(deployment=live, by=world.actor(R.CSO, "RTH01"), at=clock.now())


def test_nothing_follows_is_said_by_the_safety_officer_with_a_reason_on_a_fresh_page(world, live):
    row = changed.noted(world, live, kind="hosting")
    said = {"notice": row, "version_id": row.version_id, "at": clock.now()}
    cso = world.actor(R.CSO, "RTH01")
    for who, reason, wrong in (
        (world.actor(R.SRO, "RTH01"), "The same centre.", Forbidden),
        (world.actor(R.CSO, "QWE"), "The same centre.", NotVisible),
        (cso, " ", Refused),
    ):
        with pytest.raises(wrong), transaction():
            operations.settle(**said, reason=reason, by=who)
    with pytest.raises(Conflict), transaction():
        operations.settle(**said | {"version_id": 99}, reason="The same centre.", by=cso)
    with transaction():
        operations.settle(**said, reason="The same centre under another name.", by=world.actor(R.CSO, "RTH01"))
    assert (row.status, row.settled_reason) == ("settled", "The same centre under another name.")
    assert told("change.settled") == {world.person(role, "RTH01").id for role in (LEAD, R.SRO)}
    with pytest.raises(Refused, match="settled already"), transaction():
        operations.settle(**said | {"version_id": row.version_id}, reason="Again.", by=world.actor(R.CSO, "RTH01"))
    all_holds()


def test_evidence_that_ended_behind_the_pack_is_noted_once_by_the_system(world, live):
    item, section = changed.ending(world, live, date(2026, 12, 1))
    assert due.run(at=clock.now()) == []
    with clock.fixed(date(2026, 12, 2)):
        with transaction():
            assert due.run(at=clock.now()) == [f"{live.reference}: “ISO 27001 certificate” ended behind its approval."]
        with transaction():
            assert due.run(at=clock.now()) == []
    row = queries.notices_of(live)[0]
    assert (row.kind, row.evidence_id, row.noted_by, row.effective_on) == ("certificate", item.id, None, date(2026, 12, 1))
    assert section in row.touches and "hazard_log" not in row.touches
    assert told("change.noted") == {world.person(role, "RTH01").id for role in (LEAD, R.SRO, R.CSO)}
    all_holds()


TRAIN = NewCondition(
    "Train nine in ten readers.", "digital_lead", "after", date(2026, 12, 1), "Record", before_stage=Stage.IMPLEMENTATION
)
NIGHT = NewCondition("A second reader at night.", "clinical_lead", "after", date(2026, 12, 1))


def test_a_condition_before_a_later_stage_stops_a_move_there_until_its_role_waives_it(submission):
    world, deployment = World(), submission.deployment
    agreed.agree(world, submission, conditions=[TRAIN])
    assert deployment.standing is Standing.ASSURED
    with clock.fixed(date(2026, 12, 15)), transaction():
        approvals.run(at=clock.now())
    row = outcomes.conditions_of(submission)[0]
    assert (deployment.standing, row.status, row.before_stage) == (Standing.ASSURED, "open", Stage.IMPLEMENTATION)
    again = asking.proposed(world, deployment, K.PROGRESS, stage=Stage.IMPLEMENTATION)
    sentence = "Condition 1 must be met before Implementation: Train nine in ten readers."
    stops = {each.sentence: each.code for each in packs.stopping(again, clock.today())}
    assert stops[sentence] == "stop.condition_before"
    section = next(each for each in packs.position(again).sections if each.code == "conditions")
    assert section.matter["parts"][0]["conditions"][0]["before_stage"] == "implementation"
    with transaction():
        executive = world.actor(R.AUTHORISING_EXECUTIVE, "RTH01")
        meeting.waive(condition=row, text="Two readers only.", version_id=row.version_id, by=executive, at=clock.now())
    assert sentence not in [each.sentence for each in packs.stopping(again, clock.today())]
    all_holds()


def test_an_overdue_condition_lapses_the_approval_once_tells_who_decides_and_is_still_met(submission):
    world, deployment = World(), submission.deployment
    agreed.agree(world, submission, conditions=[NIGHT])
    row = outcomes.conditions_of(submission)[0]
    with clock.fixed(date(2026, 12, 2)):
        with transaction():
            approvals.run(at=clock.now())
        assert (deployment.standing, row.status) == (Standing.LAPSED, "overdue")
        decide = {world.person(role, "RTH01").id for role in (R.CSO, R.AUTHORISING_EXECUTIVE, LEAD)}
        assert decide <= told("deployment.lapsed")
        with transaction():
            meeting.offer_evidence(
                condition=row, text="The rota of December.", version_id=row.version_id,
                by=world.actor(R.CLINICAL_LEAD, "RTH01"), at=clock.now(),
            )  # fmt: skip
    with clock.fixed(date(2026, 12, 3)):
        with transaction():
            assert not [said for said in approvals.run(at=clock.now()) if "Condition" in said]
        assert row.status == "offered"
        with transaction():
            executive = world.actor(R.AUTHORISING_EXECUTIVE, "RTH01")
            meeting.confirm(condition=row, text="Seen.", version_id=row.version_id, by=executive, at=clock.now())
    assert db.session.get_one(Condition, row.id).status == "met"
    assert deployment.standing is Standing.LAPSED  # a decision is needed: it does not mend itself
    all_holds()
