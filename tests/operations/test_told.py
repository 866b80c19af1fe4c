"""Who is told what on a submission's way, by whom it is never told, and what `flask due` reminds of, once."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.approval import conditions as conditions_of
from governance.approval import outcomes, queries
from governance.approval.rules import NewCondition
from governance.assessment.packs import operations as packs
from governance.database import db, read_only, transaction
from governance.identity import due
from governance.identity import operations as identity
from governance.identity.models import Person
from governance.intake.models import Submission
from governance.jobs import queue, schedule
from governance.jobs.models import Job
from governance.notifications.models import Notice
from governance.permissions import OPERATOR
from governance.permissions import Role as R
from tests import agreed, assessed
from tests.world import World

LATER = NewCondition("Measure the turnaround of urgent images.", "digital_lead", "after", date(2027, 4, 1), "A table.")


def told(*kinds: str) -> list[tuple[str, str]]:
    """(whom, subject) of every notice of some kinds, by the role that is in each person's address."""
    with read_only() as session:
        query = sa.select(Person.email, Notice.subject).join(Notice, Notice.person_id == Person.id)
        rows = session.execute(query.where(Notice.kind.in_(kinds)).order_by(Notice.id)).all()
    return [(email.split("@")[0], subject) for email, subject in rows]


def whom(*kinds: str) -> list[str]:
    return [who for who, _ in told(*kinds)]


def forget() -> None:
    """Leave out what was told so far."""
    with transaction():
        db.session.execute(sa.delete(Notice))


def test_each_turn_is_told_to_whom_it_comes_and_the_end_to_leads_and_signers(submission: Submission) -> None:
    world = World()
    assert set(whom("submission.turn")) >= {"cso", "clinical_lead"}
    assert told("submission.turn")[0][1].startswith("Your turn to ")
    assert "authorising_executive" not in whom("submission.turn")
    forget()
    roles = agreed.roles_in_order(submission)
    for role in roles[:-1]:
        agreed.sign(world, submission, role)
    assert whom("submission.turn")[-1] == "authorising_executive"
    assert len(whom("submission.turn")) == len(set(whom("submission.turn")))
    assert "cso" not in whom("submission.turn")

    agreed.sign(world, submission, roles[-1], outcome="authorise_with_conditions", conditions=[LATER])
    assert set(whom("submission.authorised")) == {"digital_lead", *(each.value for each in roles[:-1])}
    assert told("condition.open") == [("digital_lead", f"Condition to meet: {_named(submission)}, condition 1")]


def test_a_return_is_told_without_its_reason_and_each_round_anew(submission: Submission) -> None:
    world = World()
    forget()
    agreed.sign(world, submission, R.CSO, outcome="return_for_information", reason="The rota of Dr Secret is missing")
    assert told("submission.returned") == [
        ("digital_lead", f"Returned for information: {_named(submission)}, {submission.stage_asked.label}")
    ]
    with read_only() as session:
        assert not [each for each in session.scalars(sa.select(Notice)) if "Secret" in each.body + each.subject]
    with transaction():
        packs.submit(submission=submission, by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    assert "cso" in whom("submission.turn")


def test_a_recall_and_a_refusal_are_told(submission: Submission) -> None:
    world = World()
    agreed.sign(world, submission, R.CSO)
    forget()
    with transaction():
        packs.recall(submission=submission, reason="A new document", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    assert told("submission.opened") == [("cso", f"Taken back: {_named(submission)}, {submission.stage_asked.label}")]
    with transaction():
        packs.submit(submission=submission, by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    agreed.sign(world, submission, R.CSO, outcome="not_approved", reason="Unsafe")
    assert whom("submission.not_approved") == ["digital_lead"]


def test_a_deferral_comes_back_to_the_executive_on_its_day(submission: Submission) -> None:
    world = World()
    agreed.signed_up_to(world, submission, R.AUTHORISING_EXECUTIVE)
    agreed.sign(world, submission, R.AUTHORISING_EXECUTIVE, outcome="defer", reason="Budget", until=date(2026, 11, 20))
    assert "until 20 November 2026" in told("submission.deferred")[0][1]
    forget()
    for day in (19, 20, 21):
        with clock.fixed(date(2026, 11, day)):
            schedule.run_due(clock.now())
        assert len(whom("submission.turn")) == (0 if day == 19 else 1)
    assert whom("submission.turn") == ["authorising_executive"]


def test_a_condition_goes_from_its_owner_to_who_set_it_and_back(submission: Submission) -> None:
    world = World()
    agreed.agree(world, submission, conditions=[LATER])
    condition = outcomes.conditions_of(submission)[0]
    with transaction():
        conditions_of.offer_evidence(
            condition=condition, text="Table 4", version_id=condition.version_id,
            by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert whom("condition.offered") == ["authorising_executive"]
    with transaction():
        conditions_of.confirm(
            condition=condition, text="Seen", version_id=condition.version_id,
            by=world.actor(R.AUTHORISING_EXECUTIVE, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert whom("condition.met") == ["digital_lead"]


def test_a_frozen_log_waits_for_the_safety_officer(app: Flask, world: World) -> None:
    submission = assessed.ready(world)
    assert set(told("hazard_log_version.made")) == {("cso", f"Hazard log to approve: {_named(submission)}")}


def test_an_appointment_is_told_to_the_person(app: Flask, world: World) -> None:
    forget()
    with transaction():
        row = identity.appoint(
            person=world.person(R.IG_LEAD, "RTH01"), organisation_id=world.organisation("RTH01").id, role=R.CALDICOTT_GUARDIAN,
            starts_on=date(2026, 11, 2), ends_on=date(2027, 11, 1), instrument="Letter", by=OPERATOR, at=clock.now(),
        )  # fmt: skip
        identity.end_appointment(appointment=row, on=date(2027, 1, 1), by=OPERATOR, at=clock.now())
    assert told("appointment.made", "appointment.ended") == [
        ("ig_lead", "You are appointed Caldicott Guardian at Riverside Teaching Hospitals"),
        ("ig_lead", "Your appointment as Caldicott Guardian at Riverside Teaching Hospitals ends"),
    ]


def test_a_pilot_is_reminded_of_at_each_step_once_and_its_lapse_is_told(submission: Submission) -> None:
    agreed.agree(World(), submission)
    deployment = submission.deployment
    ends = deployment.approved_until
    seen = []
    for left in (91, 90, 89, 60, 60, 25, 7, 6, -1, -2, -20):
        forget_nothing = told("reminder.due", "deployment.lapsed")
        with clock.fixed(ends - timedelta(days=left)):
            done = schedule.run_due(clock.now())
        assert done.failed == []
        now = told("reminder.due", "deployment.lapsed")[len(forget_nothing) :]
        seen.append((left, sorted({who for who, subject in now if subject.startswith(("Pilot of", "Lapsed"))})))
    both = ["digital_lead", "sro"]
    assert seen == [
        (91, []), (90, both), (89, []), (60, both), (60, []), (25, both), (7, both), (6, []),
        (-1, ["ai_lead", "authorising_executive", "cso", "digital_lead"]), (-2, []), (-20, []),
    ]  # fmt: skip


def test_appointments_and_registrations_are_reminded_of_and_then_the_ai_lead_hears(app: Flask, world: World) -> None:
    forget()
    for day in (date(2027, 12, 1), date(2027, 12, 31), date(2028, 1, 3)):
        with clock.fixed(day):
            assert schedule.run_due(clock.now()).failed == []
    mine = [(who, subject) for who, subject in told("reminder.due") if "Cso of RTH01" in subject and "Registration" in subject]
    assert mine == [
        ("organisation_administrator", "Registration of Cso of RTH01 (GMC) expires on 31 December 2027"),
        ("cso", "Registration of Cso of RTH01 (GMC) expires on 31 December 2027"),
        ("organisation_administrator", "Registration of Cso of RTH01 (GMC) expires on 31 December 2027"),
        ("cso", "Registration of Cso of RTH01 (GMC) expires on 31 December 2027"),
        ("ai_lead", "Registration of Cso of RTH01 (GMC) expired on 31 December 2027"),
    ]
    with clock.fixed(date(2028, 12, 30)):
        schedule.run_due(clock.now())
    assert ("siro", "Appointment of Siro of RTH01 as SIRO ends on 31 December 2028") in told("reminder.due")


def test_a_late_signature_is_said_to_the_signer_then_to_the_ai_lead(submission: Submission) -> None:
    expected = queries.position(submission, clock.today()).line(R.CSO).turn.expected_working_days
    seen = []
    for days in (expected, expected + 1, expected + 2, expected + 6, expected + 7):
        before = len(told("reminder.due"))
        with clock.fixed(clock.add_working_days(World.TODAY, days)):
            schedule.run_due(clock.now())
        late = [who for who, subject in told("reminder.due")[before:] if subject.startswith("Late: clinical safety officer")]
        seen.append(late)
    assert seen == [[], ["cso"], [], ["ai_lead"], []]


def test_due_work_is_queued_once_a_day_from_six_in_the_morning(app: Flask, world: World) -> None:
    with clock.fixed(World.TODAY) as nine:
        early = nine - timedelta(hours=4)
    for at in (early, nine, nine, nine + timedelta(hours=9)):
        schedule.tick(at)
    with read_only() as session:
        keys = list(session.scalars(sa.select(Job.key).where(Job.kind == "due")))
    assert keys == ["due:2026-11-02"]
    schedule.tick(nine + timedelta(days=1))
    with read_only() as session:
        ids = list(session.scalars(sa.select(Job.id).where(Job.kind == "due").order_by(Job.id)))
    for job_id in ids:
        queue.run(job_id)
    with read_only() as session:
        assert [session.get_one(Job, each).status for each in ids] == ["done", "done"]


def test_a_room_whose_work_fails_holds_up_no_other(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, at: object) -> list[str]:
        raise OSError("the disc is full")

    monkeypatch.setattr(due, "run", broken)
    with clock.fixed(date(2028, 12, 30)):
        done = schedule.run_due(clock.now())
    assert done.failed == ["identity"]
    result = app.test_cli_runner().invoke(args=["due"])
    assert result.exit_code == 1
    assert "The due work of identity failed. The others are done." in result.output


def _named(submission: Submission) -> str:
    return f"{submission.deployment.tool.name} at Riverside Teaching Hospitals"
