"""Two things at once that cannot both be: about a round, about people, and about what the machine does by itself."""

from contextlib import nullcontext
from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import operations, queries
from governance.approval.models import Decision
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries as log
from governance.assessment.hazards.models import Hazard
from governance.assessment.packs import operations as packing
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import AssurancePack
from governance.audit import checkpoints
from governance.audit.commands import make_checkpoint
from governance.database import db, transaction
from governance.errors import GovernanceError
from governance.extensions import house
from governance.identity import delegations
from governance.identity import operations as identity
from governance.identity.models import Appointment, Delegation, Person
from governance.intake import operations as submissions
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.jobs import schedule
from governance.jobs.models import Job
from governance.lifecycle import Standing, SubmissionKind, SubmissionStatus
from governance.monitoring.suspensions import operations as suspensions
from governance.permissions import OPERATOR, SYSTEM, Role
from governance.register import queries as register
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.signing.models import SignOff
from tests import agreed, asking, proposals
from tests.cover import second
from tests.racing import at_once, intended, seal, signatures, told, whole_chain
from tests.suspended import FALLBACK, REASON
from tests.world import PASSWORD, World, password_hash

R, ST = Role, SubmissionStatus


def lead():
    return World().actor(R.DIGITAL_LEAD, "RTH01")


def status_of(submission):
    db.session.expire_all()
    return submission.status


def one_lost(answers):
    """Exactly one did not get through, and read a sentence of ours."""
    said = told(answers)
    assert len(said) == 1, answers
    assert said[0].endswith(".") and len(said[0]) > 15
    return said[0]


def test_signing_and_withdrawing_at_once_leaves_one_truth(later, submission):
    reference, token = submission.reference, intended(submission, R.CSO)
    by_cso = World().person(R.CSO, "RTH01").id

    def withdraw():
        by = lead()
        submissions.withdraw(submission=intake.submission(reference, by), reason="Not wanted", by=by, at=clock.now())
        return "withdrawn"

    answers = at_once(later, seal(reference, token, by_cso), withdraw)
    assert len(told(answers)) <= 1
    assert status_of(submission) is (ST.WITHDRAWN if answers[1] == "withdrawn" else ST.SUBMITTED)
    assert signatures(submission, R.CSO) == (0 if isinstance(answers[0], GovernanceError) else 1)
    assert whole_chain() == []


def test_one_signs_while_another_returns_it(later, submission):
    """Both may have been in time; if the return came first, nothing is signed in a round that has ended."""
    acts = [
        seal(submission.reference, intended(submission, R.CLINICAL_LEAD), World().person(R.CLINICAL_LEAD, "RTH01").id),
        seal(
            submission.reference,
            intended(submission, R.CSO, outcome="return_for_information", reason="The log is thin"),
            World().person(R.CSO, "RTH01").id,
        ),
    ]
    answers = at_once(later, *acts)
    assert not isinstance(answers[1], GovernanceError)
    assert status_of(submission) is ST.RETURNED
    assert signatures(submission, R.CLINICAL_LEAD) == (0 if told(answers) else 1)
    assert whole_chain() == []


def test_the_executive_cannot_authorise_and_refuse_at_once(later, submission):
    agreed.signed_up_to(World(), submission, R.AUTHORISING_EXECUTIVE)
    person = World().person(R.AUTHORISING_EXECUTIVE, "RTH01").id
    yes = intended(submission, R.AUTHORISING_EXECUTIVE)
    no = intended(submission, R.AUTHORISING_EXECUTIVE, outcome="not_authorised", reason="Not this year")
    answers = at_once(later, *(seal(submission.reference, token, person) for token in (yes, no)))
    one_lost(answers)
    authorised = isinstance(answers[1], GovernanceError)
    assert status_of(submission) is (ST.AUTHORISED if authorised else ST.NOT_APPROVED)
    assert submission.deployment.standing is (Standing.ASSURED if authorised else Standing.PROPOSED)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1
    assert whole_chain() == []


def test_a_decision_pressed_twice_through_the_pages_is_made_once(later, submission):
    agreed.signed_up_to(World(), submission, R.AUTHORISING_EXECUTIVE)
    address = f"/RTH01/submissions/{submission.reference}/confirm/{intended(submission, R.AUTHORISING_EXECUTIVE)}"
    clients = [later.test_client() for _ in range(3)]
    for client in clients:
        World().sign_in(client, R.AUTHORISING_EXECUTIVE, "RTH01")

    def press(client):
        return lambda: client.post(address, data={"password": PASSWORD})

    answers = at_once(later, *(press(client) for client in clients), within=nullcontext)
    assert [each.status_code for each in answers].count(302) == 1
    others = [each for each in answers if each.status_code != 302]
    assert [each.status_code for each in others] == [409, 409]
    assert all("You have signed this already." in each.text for each in others)
    assert signatures(submission, R.AUTHORISING_EXECUTIVE) == 1
    assert whole_chain() == []


def test_of_two_who_submit_one_freezes_the_pack(prepared, ready):
    reference = ready.reference

    def submit():
        by = lead()
        return packing.submit(submission=intake.submission(reference, by), by=by, at=clock.now()).id

    one_lost(at_once(prepared, submit, submit))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AssurancePack)) == 1
    assert status_of(ready) is ST.SUBMITTED
    assert whole_chain() == []


def test_submitting_while_a_colleague_edits_freezes_what_was_there_or_shows_what_changed(prepared, ready):
    reference = ready.reference

    def submit():
        by = lead()
        packing.submit(submission=intake.submission(reference, by), by=by, at=clock.now())
        return "submitted"

    def edit():
        by = lead()
        hazard = log.hazard(intake.submission(reference, by).deployment, 1)
        hazards.add_control(hazard=hazard, kind="training", description="A film", version_id=None, by=by, at=clock.now())
        return "edited"

    answers = at_once(prepared, submit, edit)
    assert "edited" in answers
    if answers[0] == "submitted":
        shown = [each.sentence for each in packs.differences(packs.pack(ready))]
        assert shown in ([], ["Hazard log has changed since the pack was frozen."])
    assert whole_chain() == []


@pytest.mark.parametrize("turn", range(2))
def test_hazards_named_at_once_have_numbers_of_their_own(later, submission, turn):
    reference = submission.reference

    def name():
        by = lead()
        deployment = intake.submission(reference, by).deployment
        return hazards.add_hazard(deployment=deployment, name="Late", by=by, at=clock.now()).number

    answers = at_once(later, name, name, name)
    numbers = [each for each in answers if isinstance(each, int)]
    assert numbers and len(numbers) + len(told(answers)) == 3
    kept = db.session.scalars(sa.select(Hazard.number).where(Hazard.deployment_id == submission.deployment_id)).all()
    assert len(kept) == len(set(kept)) and set(numbers) <= set(kept)
    assert whole_chain() == []


def test_drafts_proposed_at_once_have_references_of_their_own(app):
    drafts = [
        proposals.drafted(World(), tool=proposals.TOOL | {"name": name, "manufacturer": f"{name} Ltd"}).id
        for name in ("Alder", "Birch")
    ]

    def propose(number):
        def act():
            by = lead()
            found = db.session.get_one(Submission, number)
            submissions.propose(submission=found, by=by, at=clock.now())
            return found.reference

        return act

    answers = at_once(app, *(propose(number) for number in drafts))
    references = db.session.scalars(sa.select(Deployment.reference)).all()
    assert len(references) == len(set(references)) == 2 - len(told(answers))
    assert whole_chain() == []


@pytest.mark.parametrize("turn", range(2))
def test_nobody_becomes_both_dpo_and_siro_at_once(app, turn):
    with transaction():
        person = identity.invite(
            email="both@rth01.example", name="Asked For Both", password_hash=password_hash(), by=OPERATOR, at=clock.now()
        ).id
    where = World().organisation("RTH01").id

    def appoint(role):
        def act():
            found = db.session.get_one(Person, person)
            return identity.appoint(
                person=found, organisation_id=where, role=role, starts_on=date(2026, 11, 2), ends_on=date(2028, 1, 1),
                instrument="Letter of 1 November 2026", by=OPERATOR, at=clock.now(),
            ).role  # fmt: skip

        return act

    said = one_lost(at_once(app, appoint(R.DPO), appoint(R.SIRO)))
    assert said.endswith("The data protection officer advises the SIRO, so one person cannot be both. Choose somebody else.")
    held = db.session.scalars(sa.select(Appointment.role).where(Appointment.person_id == person)).all()
    assert len(held) == 1
    assert whole_chain() == []


def test_an_appointment_ended_while_its_holder_signs(later, submission):
    """Whoever came first counts: a signature is there with an appointment that held when it was given, or not at all."""
    token, person = intended(submission, R.CSO), World().person(R.CSO, "RTH01").id
    number = db.session.scalar(sa.select(Appointment.id).where(Appointment.person_id == person))

    def end():
        row = db.session.get_one(Appointment, number)
        by = World().actor(R.ORGANISATION_ADMINISTRATOR, "RTH01")
        identity.end_appointment(appointment=row, on=clock.today(), by=by, at=clock.now())
        return "ended"

    answers = at_once(later, seal(submission.reference, token, person), end)
    assert answers[1] == "ended"
    assert signatures(submission, R.CSO) == (0 if told(answers) else 1)
    if told(answers):
        one_lost(answers)
    assert whole_chain() == []


def test_a_hand_over_ended_while_its_taker_signs(later, submission):
    """The seal says for whom, exactly when the hand-over still held."""
    taker, where = second(World(), R.SIRO, "RTH01").id, World().organisation("RTH01").id
    agreed.sign(World(), submission, R.DPO)
    with transaction():
        row = identity.delegate(
            organisation_id=where, role=R.SIRO, to=db.session.get_one(Person, taker), starts_on=clock.today(),
            ends_on=date(2026, 11, 13), reason="Leave", by=World().actor(R.SIRO, "RTH01"), at=clock.now(),
        ).id  # fmt: skip
    with transaction():
        by = house().actor_for(taker, "RTH01", clock.now())
        for code in queries.unread(queries.position(submission, clock.today()), R.SIRO, taker):
            operations.read_section(submission=submission, code=code, by=by, at=clock.now())
        token = operations.intend(submission=submission, role=R.SIRO, outcome="approve", by=by, at=clock.now()).token

    def end():
        found = db.session.get_one(Delegation, row)
        by = World().actor(R.SIRO, "RTH01")
        identity.end_delegation(delegation=found, on=clock.today(), by=by, at=clock.now())
        return "ended"

    answers = at_once(later, seal(submission.reference, token, taker), end)
    assert answers[1] == "ended"
    assert told(answers) == []
    signed = db.session.get_one(SignOff, answers[0])
    assert ("acting_for" in signed.details) == ("acting for" in signed.appointment_text)
    assert delegations.acting_for(taker, where, R.SIRO, None, date(2026, 11, 3)) in ([], ())
    assert whole_chain() == []


@pytest.mark.parametrize("turn", range(2))
def test_several_workers_queue_the_work_of_a_day_and_an_hour_once(app, turn):
    at_noon = clock.now()
    answers = at_once(app, *(lambda: schedule.tick(at_noon) for _ in range(4)), within=nullcontext)
    assert told(answers) == []
    slots = db.session.scalars(sa.select(Job.key).where(Job.key.is_not(None))).all()
    assert slots and len(slots) == len(set(slots))


def test_a_checkpoint_taken_while_others_write_holds(later, submission):
    token, person = intended(submission, R.CSO), World().person(R.CSO, "RTH01").id
    reference = submission.reference

    def write():
        with transaction():
            return seal(reference, token, person)()

    other, colleague = intended(submission, R.CLINICAL_LEAD), World().person(R.CLINICAL_LEAD, "RTH01").id

    def write_too():
        with transaction():
            return seal(reference, other, colleague)()

    answers = at_once(later, lambda: make_checkpoint(SYSTEM), write, write_too, within=nullcontext)
    assert told(answers) == []
    assert checkpoints.names(house().storage) == [answers[0]]
    assert whole_chain() == []


def test_two_checkpoints_of_one_moment_are_one(later, submission):
    answers = at_once(later, *(lambda: make_checkpoint(SYSTEM) for _ in range(2)), within=nullcontext)
    assert one_lost(answers).startswith("There is a checkpoint of")
    assert whole_chain() == []


def test_taking_effect_and_suspending_at_once_leaves_the_tool_suspended_or_says_why_not(assured, live):
    world, reference = World(), live.reference
    again = asking.submitted(world, live, SubmissionKind.RE_ASSURANCE)
    agreed.signed_up_to(world, again, R.AUTHORISING_EXECUTIVE)
    token, executive = intended(again, R.AUTHORISING_EXECUTIVE), world.person(R.AUTHORISING_EXECUTIVE, "RTH01").id
    cso = world.person(R.CSO, "RTH01").id
    with transaction():
        by = house().actor_for(cso, "RTH01", clock.now())
        stop = suspensions.intend_suspension(
            deployment=register.deployment(reference, by), reason=REASON, fallback=FALLBACK, by=by, at=clock.now()
        ).token

    def suspend():
        by = house().actor_for(cso, "RTH01", clock.now())
        suspensions.suspend(
            deployment=register.deployment(reference, by), intent=signing.intent(stop, by, clock.now()),
            keyring=house().keyring, by=by, at=clock.now(),
        )  # fmt: skip
        return "suspended"

    answers = at_once(assured, seal(again.reference, token, executive), suspend)
    db.session.expire_all()
    assert len(told(answers)) <= 1
    if answers[1] == "suspended":  # safety is never lost to a decision of the same moment
        assert live.standing is Standing.SUSPENDED
    else:
        assert live.standing is Standing.ASSURED
    assert whole_chain() == []
