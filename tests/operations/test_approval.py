"""Agreement in policy's order, and every refusal on the way."""

from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import conditions as conditions_of
from governance.approval import due, operations, outcomes, queries
from governance.approval.models import Advice, Condition, Decision
from governance.approval.rules import NewCondition
from governance.assessment.packs import operations as packs
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, Refused
from governance.extensions import house
from governance.identity import operations as identity
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import OPERATOR, Role
from governance.signing.models import SignIntent
from governance.signing.queries import seal_holds, sign_offs_on
from tests import agreed, assessed, proposals
from tests.world import World

R = Role
LATER = NewCondition("A second reader at night", "clinical_lead", "after", date(2026, 12, 1), "Rota of four weeks")
FIRST = NewCondition("Train nine in ten readers", "digital_lead", "before", date(2026, 12, 1))


def whole_chain() -> list[str]:
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def refusal(world, submission, role, **said) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        agreed.sign(world, submission, role, **said)
    return refused.value.codes


def test_a_medium_tool_is_agreed_in_order_and_goes_to_pilot(submission):
    world = World()
    agreed.agree(world, submission)
    deployment = submission.deployment
    assert submission.status is SubmissionStatus.AUTHORISED
    assert (deployment.stage, deployment.standing) == (Stage.PILOT, Standing.ASSURED)
    assert deployment.approved_until == date(2027, 5, 2)
    decision = outcomes.decision(submission)
    assert decision.sentence == "Approved for Pilot, version 2.3, until 2 May 2027, no conditions"
    assert whole_chain() == []


def test_every_seal_holds_and_names_its_sections(submission):
    world = World()
    agreed.agree(world, submission)
    pack = queries.position(submission, clock.today()).pack
    rows = sign_offs_on("assurance_pack", pack.id)
    assert [row.role for row in rows] == agreed.roles_in_order(submission)
    assert all(seal_holds(row, house().keyring) for row in rows)
    executive = rows[-1]
    assert set(executive.section_digests) == {section.code for section in pack.sections}
    assert len(executive.details["agreed"]) == len(rows) - 1


def test_a_low_tool_is_authorised_by_the_senior_responsible_owner(world):
    submission = agreed.authorised(world, facts=proposals.LOW)
    assert outcomes.authorisation(submission).role is R.SRO
    assert submission.deployment.standing is Standing.ASSURED


@pytest.mark.parametrize("role", [R.SIRO, R.SRO, R.AUTHORISING_EXECUTIVE])
def test_nobody_acts_before_those_they_wait_for(submission, role):
    world = World()
    assert "turn.waiting" in refusal(world, submission, role)


def test_the_submitter_signs_nothing(submission):
    world = World()
    with transaction():
        lead = world.person(R.DIGITAL_LEAD, "RTH01")
        identity.record_registration(
            person=lead, body="GMC", number="1", expires_on=date(2028, 1, 1), trained_on=None, by=OPERATOR, at=clock.now()
        )
        identity.appoint(
            person=lead, organisation_id=submission.organisation_id, role=R.CSO, starts_on=date(2026, 1, 1),
            ends_on=date(2028, 1, 1), instrument="Letter", by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    with transaction(), pytest.raises(Refused) as refused:
        by = world.actor(R.DIGITAL_LEAD, "RTH01")
        operations.intend(submission=submission, role=R.CSO, outcome="approve", by=by, at=clock.now())
    assert any(code.startswith("separation") for code in refused.value.codes)


def test_an_expired_registration_signs_nothing(submission):
    world = World()
    with transaction():
        identity.record_registration(
            person=world.person(R.CSO, "RTH01"), body="GMC", number="1", expires_on=date(2026, 10, 31), trained_on=None,
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    assert refusal(world, submission, R.CSO) == ("registration.expired",)


def test_a_section_that_was_not_opened_is_not_signed(submission):
    world = World()
    with transaction(), pytest.raises(Refused) as refused:
        operations.intend(
            submission=submission, role=R.CSO, outcome="approve", by=world.actor(R.CSO, "RTH01"), at=clock.now()
        )
    assert refused.value.codes == ("unread",)


def test_a_pack_whose_records_changed_is_not_agreed_to(submission):
    world = World()
    with transaction():
        sheet, by = sheet_queries.sheet_for(submission, "dpia-1"), world.actor(R.DIGITAL_LEAD, "RTH01")
        sheets.answer(sheet=sheet, code="DP4.4", value="For triage and for audit.", by=by, at=clock.now())
    with pytest.raises(Refused) as refused:
        agreed.sign(world, submission, R.CSO)
    assert any("Data protection" in sentence or "DPIA" in sentence for sentence in refused.value.sentences)


def test_a_superseded_pack_is_not_signed(submission):
    world = World()
    with transaction():
        intent = agreed.intend(world, submission, R.CSO)
        token = intent.id
    with transaction():
        packs.recall(submission=submission, reason="A new document", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    with transaction():
        assessed.submit(world, submission)
    with transaction(), pytest.raises(Refused) as refused:
        operations.carry_out(
            submission=submission, intent=db.session.get_one(SignIntent, token), keyring=house().keyring,
            by=world.actor(R.CSO, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert refused.value.codes == ("superseded",)


def test_deciding_against_advice_needs_a_reason(submission):
    world = World()
    agreed.sign(world, submission, R.DPO, outcome="advises_against", reason="Retention is too long.")
    assert refusal(world, submission, R.SIRO) == ("outcome.against_advice",)
    agreed.sign(world, submission, R.SIRO, reason="Retention is cut to 30 days from the start.")
    assert db.session.scalar(sa.select(Advice)).text == "Retention is too long."


def test_return_for_information_makes_a_round_and_unchanged_sections_are_confirmed(submission):
    world = World()
    agreed.sign(world, submission, R.CSO)
    agreed.sign(world, submission, R.CLINICAL_LEAD, outcome="return_for_information", reason="Say who reads at night.")
    assert submission.status is SubmissionStatus.RETURNED
    with transaction():
        assessed.submit(world, submission)
    assert submission.round == 2
    here = queries.position(submission, clock.today())
    cso = world.actor(R.CSO, "RTH01")
    assert queries.unchanged(here, R.CSO, cso.person_id) == set(here.line(R.CSO).turn.sections)
    with transaction(), pytest.raises(Refused) as refused:
        operations.intend(submission=submission, role=R.CSO, outcome="approve", by=cso, at=clock.now())
    assert refused.value.codes == ("unchanged",)
    agreed.sign(world, submission, R.CSO)


def test_not_approved_closes_it_and_leaves_the_standing(submission):
    world = World()
    agreed.sign(world, submission, R.CSO, outcome="not_approved", reason="The risk is not controlled.")
    assert submission.status is SubmissionStatus.NOT_APPROVED
    assert submission.deployment.standing is Standing.PROPOSED
    assert db.session.scalar(sa.select(Decision)).outcome == "not_approved"
    assert whole_chain() == []


def test_a_decision_is_deferred_and_taken_up_again(submission):
    world = World()
    executive = R.AUTHORISING_EXECUTIVE
    agreed.signed_up_to(world, submission, executive)
    agreed.sign(world, submission, executive, outcome="defer", reason="Budget in December", until=date(2026, 12, 1))
    assert (submission.status, submission.deferred_until) == (SubmissionStatus.DEFERRED, date(2026, 12, 1))
    with transaction():
        operations.resume_decision(submission=submission, by=world.actor(executive, "RTH01"), at=clock.now())
    agreed.sign(world, submission, executive)
    assert submission.status is SubmissionStatus.AUTHORISED


def test_an_approval_lasts_no_longer_than_policy_allows(submission):
    world = World()
    executive = R.AUTHORISING_EXECUTIVE
    agreed.signed_up_to(world, submission, executive)
    assert refusal(world, submission, executive, until=date(2028, 1, 1)) == ("until.too_long",)


def test_an_executive_signs_within_the_limit_of_their_appointment(submission):
    world = World()
    executive = R.AUTHORISING_EXECUTIVE
    agreed.signed_up_to(world, submission, executive)
    with transaction():
        person = world.person(executive, "RTH01")
        old = world.actor(executive, "RTH01").held_for(executive, submission.deployment_id)
        row = db.session.get_one(identity.Appointment, old.appointment_id)
        identity.end_appointment(appointment=row, on=date(2026, 10, 30), by=OPERATOR, at=clock.now())
        identity.appoint(
            person=person, organisation_id=submission.organisation_id, role=executive, starts_on=date(2026, 10, 30),
            ends_on=date(2028, 1, 1), instrument="Letter", highest_tier="low", highest_stage=Stage.PILOT,
            highest_residual=3, by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    assert refusal(world, submission, executive) == ("authority.tier",)


def test_a_condition_before_holds_the_effect_until_its_role_confirms_it(submission):
    world = World()
    agreed.agree(world, submission, conditions=[FIRST, LATER])
    deployment = submission.deployment
    assert (submission.status, deployment.standing) == (SubmissionStatus.AUTHORISED, Standing.PROPOSED)
    first = outcomes.conditions_of(submission)[0]
    with transaction():
        conditions_of.offer_evidence(
            condition=first, text="Training record, 94 of 101", version_id=first.version_id,
            by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    with transaction():
        conditions_of.confirm(
            condition=first, text="Seen", version_id=first.version_id,
            by=world.actor(R.AUTHORISING_EXECUTIVE, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert (deployment.stage, deployment.standing) == (Stage.PILOT, Standing.ASSURED)
    assert whole_chain() == []


def test_an_approval_that_ended_before_its_condition_was_met_takes_no_effect(submission):
    world, executive = World(), R.AUTHORISING_EXECUTIVE
    agreed.signed_up_to(world, submission, executive)
    agreed.sign(
        world, submission, executive, outcome="authorise_with_conditions", conditions=[FIRST, LATER], until=date(2026, 12, 31)
    )
    first, deployment = outcomes.conditions_of(submission)[0], submission.deployment
    with clock.fixed(date(2026, 12, 31)):
        assert outcomes.ended_unused(submission, clock.today()) is None
    with clock.fixed(date(2027, 1, 1)):
        with transaction():
            conditions_of.confirm(
                condition=first, text="Seen", version_id=first.version_id, by=world.actor(executive, "RTH01"), at=clock.now()
            )
        assert outcomes.ended_unused(submission, clock.today()) == date(2026, 12, 31)
    assert (first.status, deployment.stage, deployment.standing) == ("met", Stage.PIPELINE, Standing.PROPOSED)
    assert whole_chain() == []


def test_an_approval_that_took_effect_did_not_end_unused(submission):
    agreed.agree(World(), submission)
    assert outcomes.ended_unused(submission, date(2028, 1, 1)) is None


def test_a_condition_is_confirmed_by_nobody_else_and_on_a_fresh_page(submission):
    world = World()
    agreed.agree(world, submission, conditions=[LATER])
    condition = outcomes.conditions_of(submission)[0]
    with transaction(), pytest.raises(Exception, match="Only the authorising executive"):
        conditions_of.confirm(
            condition=condition, text="", version_id=condition.version_id, by=world.actor(R.CSO, "RTH01"), at=clock.now()
        )
    with transaction(), pytest.raises(Conflict):
        conditions_of.waive(
            condition=condition, text="Not needed", version_id=99,
            by=world.actor(R.AUTHORISING_EXECUTIVE, "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_time_lapses_what_has_ended_once(submission):
    world = World()
    agreed.agree(world, submission, conditions=[LATER])
    deployment = submission.deployment
    with clock.fixed(date(2026, 12, 2)), transaction():
        assert len(due.run(at=clock.now())) == 2
    assert (deployment.standing, outcomes.conditions_of(submission)[0].status) == (Standing.LAPSED, "overdue")
    assert deployment.decision_needed_by == date(2026, 12, 16)
    with clock.fixed(date(2026, 12, 3)), transaction():
        assert due.run(at=clock.now()) == []
    assert whole_chain() == []


def test_a_pilot_that_ended_lapses(submission):
    agreed.agree(World(), submission)
    deployment = submission.deployment
    with clock.fixed(date(2027, 5, 3)), transaction():
        (said,) = due.run(at=clock.now())
    assert said.startswith(f"{deployment.reference} lapsed: The pilot ended on 2 May 2027.")


def test_a_condition_set_before_a_recall_falls_with_its_round(submission):
    world = World()
    agreed.sign(world, submission, R.CSO, outcome="approve_with_conditions", conditions=[FIRST])
    with transaction():
        packs.recall(submission=submission, reason="A new document", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    with transaction():
        assessed.submit(world, submission)
    assert outcomes.conditions_of(submission) == []
    agreed.agree(world, submission)
    assert outcomes.decision(submission).sentence.endswith("no conditions")
    assert submission.deployment.standing is Standing.ASSURED
    assert db.session.scalars(sa.select(Condition.status)).all() == ["void"]
    assert whole_chain() == []


def test_nothing_goes_live_that_is_not_assured(submission):
    world = World()
    with pytest.raises(Refused) as refused, transaction():
        conditions_of.record_go_live(
            deployment=submission.deployment, went_live_on=date(2026, 11, 1), sites="Main site", share_trained=90,
            confirmed_by_id=world.person(R.DIGITAL_LEAD, "RTH01").id, by=world.actor(R.DIGITAL_LEAD, "RTH01"),
            at=clock.now(),
        )  # fmt: skip
    assert refused.value.codes == ("go_live.standing",)


def test_a_condition_is_settled_neither_with_an_expired_registration_nor_by_a_successor(submission):
    world, cso = World(), R.CSO
    agreed.sign(world, submission, cso, outcome="approve_with_conditions", conditions=[LATER])
    for role in agreed.roles_in_order(submission):
        if role is not cso:
            agreed.sign(world, submission, role)
    condition = outcomes.conditions_of(submission)[0]
    with transaction():
        identity.end_organisation(
            organisation=world.organisation("RTH01"), on=World.TODAY, successor=world.organisation("QWE"), by=OPERATOR,
            at=clock.now(),
        )  # fmt: skip
        identity.record_registration(
            person=world.person(cso, "RTH01"), body="GMC", number="1", expires_on=date(2026, 10, 31), trained_on=None,
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    for code, why in (("QWE", Forbidden), ("RTH01", Refused)):
        with pytest.raises(why), transaction():
            conditions_of.confirm(
                condition=condition, text="Seen", version_id=condition.version_id, by=world.actor(cso, code), at=clock.now()
            )
    assert condition.status == "open"
