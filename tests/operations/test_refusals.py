"""Refusals of agreement that concern who a person is, what else they did, and what is being decided."""

from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import due, operations, outcomes, queries
from governance.approval.rules import NewCondition
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries as log
from governance.assessment.packs import operations as packs
from governance.database import db, transaction
from governance.errors import Forbidden, Refused
from governance.identity import operations as identity
from governance.identity.models import Appointment
from governance.lifecycle import Stage, SubmissionStatus
from governance.permissions import OPERATOR, Role
from tests import agreed, assessed
from tests.world import World

R = Role
FIRST = NewCondition("Train nine in ten readers", "digital_lead", "before", date(2026, 12, 1))


def appoint(submission, person_role, role, **limits):
    """Give the person who holds one role at the trust another one as well."""
    with transaction():
        identity.appoint(
            person=World().person(person_role, "RTH01"), organisation_id=submission.organisation_id, role=role,
            starts_on=date(2026, 1, 1), ends_on=date(2028, 1, 1), instrument="Letter", by=OPERATOR, at=clock.now(), **limits,
        )  # fmt: skip


def codes(submission, role, person_role=None, **said):
    """The codes of a refusal at the first step, for the person who holds `person_role`."""
    by = World().actor(person_role or role, "RTH01")
    said = {"outcome": "approve", "confirms_unchanged": True} | said
    with pytest.raises(Refused) as refused, transaction():
        operations.intend(submission=submission, role=role, by=by, at=clock.now(), **said)
    return refused.value.codes


def end(submission, role):
    with transaction():
        query = sa.select(Appointment).where(
            Appointment.person_id == World().person(role, "RTH01").id, Appointment.role == role
        )
        identity.end_appointment(appointment=db.session.scalar(query), on=date(2026, 10, 30), by=OPERATOR, at=clock.now())


def test_the_guardian_does_not_also_sign_as_siro(submission):
    agreed.sign(World(), submission, R.DPO)
    agreed.sign(World(), submission, R.CALDICOTT_GUARDIAN)
    appoint(submission, R.CALDICOTT_GUARDIAN, R.SIRO)
    assert "separation.siro_and_caldicott" in codes(submission, R.SIRO, R.CALDICOTT_GUARDIAN)


def test_the_safety_officer_does_not_also_authorise(submission):
    executive = R.AUTHORISING_EXECUTIVE
    limits = {"highest_tier": "high", "highest_stage": Stage.BUSINESS_AS_USUAL, "highest_residual": 3}
    agreed.signed_up_to(World(), submission, executive)
    appoint(submission, R.CSO, executive, **limits)
    assert codes(submission, executive, R.CSO, outcome="authorise") == ("separation.cso_and_executive",)


def test_an_appointment_that_ended_signs_nothing(submission):
    end(submission, R.CALDICOTT_GUARDIAN)
    with transaction():  # somebody without any role has no place in the organisation: keep them a member
        identity.add_membership(
            person=World().person(R.CALDICOTT_GUARDIAN, "RTH01"), organisation_id=submission.organisation_id,
            role=R.AUDITOR, started_on=date(2026, 1, 1), by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    assert codes(submission, R.CALDICOTT_GUARDIAN) == ("appointment",)


def test_a_clinical_lead_of_another_deployment_signs_nothing_here(submission):
    other = assessed.proposals.proposed(World(), tool=assessed.proposals.TOOL | {"name": "Wardsound", "manufacturer": "Wardsound Ltd"})
    end(submission, R.CLINICAL_LEAD)
    appoint(submission, R.CLINICAL_LEAD, R.CLINICAL_LEAD, deployment_id=other.deployment.id)
    assert "appointment" in codes(submission, R.CLINICAL_LEAD)


def test_a_residual_risk_of_four_is_agreed_to_by_nobody_even_when_the_pack_was_frozen_before(submission):
    with transaction():
        hazards.score(
            hazard=log.hazard(submission.deployment, 1), which="residual", severity="major", likelihood="high",
            patients="single", version_id=None, by=World().actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now(), reason="Worse",
        )  # fmt: skip
    with transaction():
        by = World().actor(R.CSO, "RTH01")
        here = queries.position(submission, clock.today())
        for code in queries.unread(here, R.CSO, by.person_id):
            operations.read_section(submission=submission, code=code, by=by, at=clock.now())
    found = codes(submission, R.CSO)
    assert "difference.hazard_log" in found
    assert "stop.residual_unacceptable" in found


def test_advice_is_on_the_pack_as_it_stands_too(submission):
    with transaction():
        hazards.add_hazard(deployment=submission.deployment, name="Seen late", by=World().actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    assert codes(submission, R.AI_LEAD, outcome="advises_progress")[0] == "difference.hazard_log"


def test_returning_asks_for_no_reading_and_no_equal_pack(submission):
    with transaction():
        hazards.add_hazard(deployment=submission.deployment, name="Seen late", by=World().actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    with transaction():
        intent = operations.intend(
            submission=submission, role=R.CSO, outcome="return_for_information", reason="A hazard was added",
            by=World().actor(R.CSO, "RTH01"), at=clock.now(),
        )  # fmt: skip
        assert intent.statement.startswith("I return this submission for information.")


@pytest.mark.parametrize(
    ("role", "said", "code"),
    [
        (R.CSO, {"outcome": "return_for_information"}, "outcome.reason"),
        (R.CSO, {"outcome": "approve_with_conditions"}, "outcome.conditions"),
        (R.CSO, {"outcome": "authorise"}, "outcome.unknown"),
        (R.DPO, {"outcome": "approve"}, "outcome.unknown"),
        (R.CSO, {"outcome": "approve_with_conditions", "conditions": [NewCondition("", "cso", "after", date(2026, 12, 1))]}, "condition.text"),
        (R.CSO, {"outcome": "approve_with_conditions", "conditions": [NewCondition("Train", "cso", "after", date(2026, 11, 2))]}, "condition.due"),
    ],
)  # fmt: skip
def test_an_outcome_says_what_it_needs(submission, role, said, code):
    assert code in codes(submission, role, **said)


def deferred(submission):
    """Everybody agreed, and the executive defers until 1 December 2026."""
    executive = R.AUTHORISING_EXECUTIVE
    agreed.signed_up_to(World(), submission, executive)
    agreed.sign(World(), submission, executive, outcome="defer", reason="Budget", until=date(2026, 12, 1))
    return executive


def take_up(submission, role):
    with transaction():
        operations.resume_decision(submission=submission, by=World().actor(role, "RTH01"), at=clock.now())


def test_nobody_signs_while_the_decision_is_deferred_and_its_day_moves_nothing_by_itself(submission):
    executive = deferred(submission)
    assert "deferred" in codes(submission, executive, outcome="authorise")
    with clock.fixed(date(2026, 12, 2)), transaction():
        assert due.run(at=clock.now()) == []
    assert submission.status is SubmissionStatus.DEFERRED


def test_from_its_day_a_deferred_decision_is_with_whoever_authorises_again(submission):
    executive = deferred(submission)
    assert queries.position(submission, date(2026, 11, 30)).open_turns == ()
    (line,) = queries.position(submission, date(2026, 12, 3)).open_turns
    assert (line.turn.role, clock.london_date(line.since), line.gone) == (executive, date(2026, 12, 1), 2)
    with clock.fixed(date(2026, 12, 3)):
        take_up(submission, executive)
    assert (submission.status, submission.deferred_until) == (SubmissionStatus.SUBMITTED, None)


def test_a_deferred_decision_on_records_that_changed_is_signed_by_nobody_until_it_is_taken_back(submission):
    executive, lead = deferred(submission), World().actor(R.DIGITAL_LEAD, "RTH01")
    with transaction():
        hazards.add_hazard(deployment=submission.deployment, name="Seen late", by=lead, at=clock.now())
    take_up(submission, executive)
    assert "difference.hazard_log" in codes(submission, executive, outcome="authorise")
    with transaction():
        packs.recall(submission=submission, reason="A hazard was added", by=lead, at=clock.now())
    assert (submission.status, submission.deferred_until) == (SubmissionStatus.OPENED, None)


def test_only_whoever_authorises_takes_a_deferred_decision_up_again(submission):
    deferred(submission)
    with pytest.raises(Forbidden):
        take_up(submission, R.SRO)


def test_a_returned_submission_is_signed_by_nobody(submission):
    agreed.sign(World(), submission, R.CSO, outcome="return_for_information", reason="Who reads at night?")
    assert codes(submission, R.CLINICAL_LEAD)[0] == "not_submitted"


def test_conditions_of_a_round_that_was_taken_back_bind_nobody(submission):
    world = World()
    agreed.sign(world, submission, R.CSO, outcome="approve_with_conditions", conditions=[FIRST])
    with transaction():
        packs.recall(submission=submission, reason="A new document", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    with transaction():
        assessed.submit(world, submission)
    agreed.agree(world, submission)
    assert outcomes.decision(submission).sentence.endswith("no conditions")
    assert [row.status for row in outcomes.conditions_of(submission)] == []
