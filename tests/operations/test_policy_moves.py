"""An organisation's additions pinned with the policy, and the decision to go on under a newer one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.assessment.sheets.asked import requirements_of
from governance.audit import verify
from governance.audit.models import AuditEvent, AuditPayload
from governance.audit.record import record
from governance.database import db, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.home import presenters as home
from governance.intake import operations as intake
from governance.intake import queries
from governance.intake.additions import operations, presenters
from governance.intake.additions import queries as additions
from governance.intake.models import PolicyAddition, PolicyMove, Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Role
from governance.reports.sentences import sentence
from tests import added
from tests.proposals import TOOL, proposed
from tests.world import World

TODAY = World.TODAY


def asked(submission: Submission) -> set[str]:
    return {row.question_set for row in requirements_of(submission)}


def findings() -> list[str]:
    with db.session.session_factory() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def moved(world: World, submission: Submission, *, reason: str = "The board asked for it.", mark: str | None = None) -> PolicyMove:
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, "RTH01")
        found = additions.newer(submission, by.on)
        return operations.move_policy(
            submission=submission, reason=reason, mark=mark or (found.mark if found else ""),
            version_id=submission.version_id, by=by, at=clock.now(),
        )  # fmt: skip


def test_additions_are_pinned_with_the_version_when_it_is_proposed(world: World) -> None:
    before = proposed(world)
    row = added.add(world, added.NICE)
    later = added.add(world, added.PANEL, starts_on=TODAY + timedelta(days=1))
    after = proposed(world, tool=TOOL | {"name": "Queuewell", "manufacturer": "Queuewell Ltd"})
    elsewhere = proposed(world, "QKK")
    assert (before.policy_additions, after.policy_additions, elsewhere.policy_additions) == (None, [row.id], None)
    assert later.id not in after.policy_additions
    assert [("nice" in asked(each)) for each in (before, after, elsewhere)] == [False, True, False]
    assert queries.policy_of(after).named == "london-2 with 1 addition of the organisation’s own"
    added.end(world, row, TODAY)
    assert "nice" in asked(after)  # what is open keeps it, until somebody decides
    found = additions.newer(after, TODAY)
    assert found is not None
    assert found.sentences == ("No longer asked: NICE evidence standards. What was answered is kept.",)
    assert findings() == []


def test_what_is_recorded_is_refused_where_nobody_decided_it_or_it_takes_away(world: World) -> None:
    with transaction():
        admin = world.actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01")
        given = {"instrument": "Minute 1", "reason": "So it is.", "starts_on": TODAY, "by": admin, "at": clock.now()}
        for what, changed, said in (
            (added.NICE, {"instrument": " "}, "Say what decided it"),
            (added.NICE, {"starts_on": TODAY - timedelta(days=1)}, "It can begin today at the earliest"),
            (("requirement", added.NICE[1] | {"without": "dpia"}), {}, "An addition can only ask for more."),
            (("signer", {"role": "ciso", "stages": ["pilot"]}), {}, "cannot be added"),
        ):
            with pytest.raises(Refused, match=said):
                operations.add(kind=what[0], what=what[1], **given | changed)
        lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
        with pytest.raises(Forbidden):
            operations.add(kind=added.NICE[0], what=added.NICE[1], **given | {"by": lead})
    row = added.add(world, added.NICE)
    with pytest.raises(Refused, match="You ask this already"):
        added.add(world, added.NICE)
    with pytest.raises(Refused, match="It can end today at the earliest"):
        added.end(world, row, TODAY - timedelta(days=1))
    with pytest.raises(NotVisible), transaction():
        other = world.actor(Role.ORGANISATION_ADMINISTRATOR, "QKK")
        operations.end(addition=row, ended_on=TODAY, version_id=row.version_id, by=other, at=clock.now())


def test_a_newer_policy_applies_by_a_decision_and_keeps_the_additions(world: World) -> None:
    submission = proposed(world, policy="london-1")
    added.add(world, added.NICE)
    added.add(world, added.PANEL)
    assert "dcb0160" not in asked(submission)  # nothing moves by itself
    with pytest.raises(Refused, match="Give a reason"):
        moved(world, submission, reason=" ")
    with pytest.raises(Conflict):
        moved(world, submission, mark="london-2:")  # another addition came while it was read
    row = moved(world, submission)
    assert (row.from_version, row.to_version, row.from_additions) == ("london-1", "london-2", [])
    assert submission.policy_additions == row.to_additions
    assert len(row.to_additions) == 2
    assert {"Asked anew: DCB0160 requirements, in full.", "It would take 2 holders of the role clinical safety officer, not 1."} <= set(row.difference)
    assert {"dcb0160", "nice"} <= asked(submission)
    assert additions.newer(submission, TODAY) is None
    with pytest.raises(Refused, match="Nothing newer has come"):
        moved(world, submission)
    assert presenters.moved(row) == "Moved from policy london-1 to london-2"
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "policy.moved")).one()
    payload = db.session.scalars(sa.select(AuditPayload).where(AuditPayload.event_id == event.id)).one()
    assert sentence(event.kind, payload.payload) == "Moved to policy london-2: The board asked for it"
    assert findings() == []


def test_with_its_signers_or_closed_it_is_not_moved(world: World, submission: Submission) -> None:
    added.add(world, added.NICE)
    assert submission.status is SubmissionStatus.SUBMITTED
    assert additions.newer(submission, TODAY) is None
    with pytest.raises(Refused, match="while it is open or returned. It is submitted now."):
        moved(world, submission)
    with transaction():
        lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
        intake.move(submission=submission, arrow="recall", reason="One thing more.", by=lead, at=clock.now(), role=Role.DIGITAL_LEAD)
    moved(world, submission)
    assert "nice" in asked(submission)


def test_an_addition_that_a_newer_policy_has_no_place_for_is_a_matter_to_settle(app: Flask, world: World) -> None:
    """It was recorded under a policy that had the question set: nothing asks it now, and whoever leads is told so."""
    submission = proposed(world)
    with transaction():
        admin = world.actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01")
        db.session.add(
            PolicyAddition(
                organisation_id=admin.organisation_id, kind="requirement",
                what={"question_set": "retired", "depth": "full", "stages": ["pilot"]}, reason="Two near misses.",
                instrument="AI board, minute 2", starts_on=TODAY, made_by=admin.person_id, made_at=clock.now(),
            )
        )  # fmt: skip
        record("policy_addition.made", stream=f"organisation:{admin.organisation_id}", by=admin, at=clock.now())
    said = "At Pilot: retired is asked in full. london-2 has no question set “retired”."
    with app.test_request_context():
        lead, adviser, officer = (
            home.first_screen(world.actor(role, "RTH01"), clock.now()) for role in (Role.DIGITAL_LEAD, Role.AI_LEAD, Role.CSO)
        )
    assert lead.lead is not None
    for rows in (lead.lead.rows, adviser.with_you):
        assert [row.about for row in rows if row.title == "Settle what you ask beyond policy"] == [said]
    assert officer.with_you == ()
    assert [" ".join(line) for line in additions.not_asked(submission, TODAY)] == [said]
    assert additions.homeless(submission.organisation_id, TODAY) == additions.not_asked(submission, TODAY)
