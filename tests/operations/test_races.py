"""Two people at the same moment, on both databases: one wins, the other reads a sentence, and the chain is whole."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import conditions as meeting
from governance.approval import operations, outcomes, queries
from governance.approval.interim import operations as interim
from governance.approval.interim.models import InterimDecision
from governance.approval.interim.rules import Said
from governance.approval.models import Condition, ConditionChange
from governance.approval.rules import NewCondition
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence import queries as held
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries as log
from governance.assessment.packs import operations as packing
from governance.assessment.packs import queries as packs
from governance.database import db, transaction
from governance.extensions import house
from governance.identity import operations as identity
from governance.intake import queries as intake
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import OPERATOR, Role
from governance.register import queries as register
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.signing.models import SignOff
from tests import agreed, assessed, declared
from tests.racing import at_once, intended, seal, signatures, told, whole_chain
from tests.world import World, password_hash

R = Role


@pytest.fixture
def second_guardian(submission) -> int:
    """Another Caldicott Guardian at the trust."""
    with transaction():
        person = identity.invite(
            email="another@rth01.example", name="Another Guardian", password_hash=password_hash(), by=OPERATOR, at=clock.now()
        )
        identity.appoint(
            person=person, organisation_id=submission.organisation_id, role=R.CALDICOTT_GUARDIAN,
            starts_on=date(2026, 1, 1), ends_on=date(2028, 1, 1), instrument="Letter", by=OPERATOR, at=clock.now(),
        )  # fmt: skip
        return person.id


def test_of_two_holders_of_a_role_one_signs_and_the_other_reads_so(later, submission, second_guardian):
    first = World().person(R.CALDICOTT_GUARDIAN, "RTH01").id
    tokens = [intended(submission, R.CALDICOTT_GUARDIAN)]
    with transaction():
        by = house().actor_for(second_guardian, "RTH01", clock.now())
        here = queries.position(submission, clock.today())
        for code in queries.unread(here, R.CALDICOTT_GUARDIAN, second_guardian):
            operations.read_section(submission=submission, code=code, by=by, at=clock.now())
        tokens.append(
            operations.intend(
                submission=submission, role=R.CALDICOTT_GUARDIAN, outcome="approve", by=by, at=clock.now()
            ).token
        )
    reference = submission.reference
    answers = at_once(later, seal(reference, tokens[0], first), seal(reference, tokens[1], second_guardian))
    assert len(told(answers)) == 1
    assert "already" in told(answers)[0]
    assert signatures(submission, R.CALDICOTT_GUARDIAN) == 1
    assert whole_chain() == []


def test_a_double_click_signs_once(later, submission):
    token, person = intended(submission, R.CSO), World().person(R.CSO, "RTH01").id
    act = seal(submission.reference, token, person)
    assert told(at_once(later, act, act)) == ["You have signed this already."]
    assert signatures(submission, R.CSO) == 1
    assert whole_chain() == []


def test_signing_and_editing_at_once_never_signs_what_nobody_read(later, submission):
    token, person = intended(submission, R.CSO), World().person(R.CSO, "RTH01").id
    reference = submission.reference
    before = packs.pack(submission).digest

    def edit() -> str:
        by = World().actor(R.DIGITAL_LEAD, "RTH01")
        hazard = log.hazard(intake.submission(reference, by).deployment, 1)
        hazards.add_control(
            hazard=hazard, kind="training", description="A short film", version_id=None, by=by, at=clock.now()
        )
        return "edited"

    answers = at_once(later, seal(reference, token, person), edit)
    assert answers[1] == "edited"
    assert "Hazard log has changed since the pack was frozen." in [
        each.sentence for each in packs.differences(packs.pack(submission))
    ]
    if told(answers):  # the edit came first: the signature names what changed
        assert "Hazard log has changed since the pack was frozen." in told(answers)
        assert signatures(submission, R.CSO) == 0
    else:  # the signature came first: it is over the frozen pack, and the edit shows as drift
        row = db.session.scalar(sa.select(SignOff).where(SignOff.id == answers[0]))
        assert row.digest == before
    assert whole_chain() == []


def test_two_roles_in_parallel_both_sign_and_number_their_conditions_apart(later, submission):
    later_on = [NewCondition("A second reader at night", "clinical_lead", "after", date(2026, 12, 1))]
    acts = []
    for role in (R.CSO, R.CLINICAL_LEAD, R.CALDICOTT_GUARDIAN):
        token = intended(submission, role, outcome="approve_with_conditions", conditions=later_on)
        acts.append(seal(submission.reference, token, World().person(role, "RTH01").id))
    answers = at_once(later, *acts)
    assert told(answers) == []
    assert sorted(row.number for row in outcomes.conditions_of(submission)) == [1, 2, 3]
    assert whole_chain() == []


def test_signing_and_taking_back_at_once_leaves_one_truth(later, submission):
    token, person = intended(submission, R.CSO), World().person(R.CSO, "RTH01").id
    reference = submission.reference

    def take_back() -> str:
        by = World().actor(R.DIGITAL_LEAD, "RTH01")
        packing.recall(submission=intake.submission(reference, by), reason="A new document", by=by, at=clock.now())
        return "taken back"

    answers = at_once(later, seal(reference, token, person), take_back)
    assert len(told(answers)) <= 1
    assert submission.status is (SubmissionStatus.OPENED if answers[1] == "taken back" else SubmissionStatus.SUBMITTED)
    assert whole_chain() == []


def test_a_condition_confirmed_and_waived_at_once_ends_one_way(later, submission):
    before = NewCondition("Train nine in ten readers", "digital_lead", "before", date(2026, 12, 1))
    agreed.agree(World(), submission, conditions=[before])
    row = outcomes.conditions_of(submission)[0]
    number, version, executive = row.id, row.version_id, World().person(R.AUTHORISING_EXECUTIVE, "RTH01").id

    def settle(verb: Callable[..., None]) -> Callable[[], str]:
        def act() -> str:
            by = house().actor_for(executive, "RTH01", clock.now())
            verb(condition=outcomes.condition(number, by), text="Seen", version_id=version, by=by, at=clock.now())
            return "done"

        return act

    answers = at_once(later, settle(meeting.confirm), settle(meeting.waive))
    assert sorted(str(each) for each in answers).count("done") == 1
    steps = sa.select(ConditionChange.status_to).where(ConditionChange.condition_id == number)
    ends = [step for step in db.session.scalars(steps) if step in ("met", "waived")]
    assert len(ends) == 1
    assert db.session.get_one(Condition, number).status == ends[0]
    assert whole_chain() == []


def test_the_last_two_conditions_met_at_once_let_the_decision_take_effect(later, submission):
    first = [NewCondition("Train nine in ten readers", "digital_lead", "before", date(2026, 12, 1))]
    setters = (R.CSO, R.CLINICAL_LEAD)
    for role in setters:
        agreed.sign(World(), submission, role, outcome="approve_with_conditions", conditions=first)
    for role in agreed.roles_in_order(submission):
        if role not in setters:
            agreed.sign(World(), submission, role)
    assert submission.deployment.standing is Standing.PROPOSED

    def confirm(row: Condition) -> Callable[[], str]:
        number, version, person = row.id, row.version_id, World().person(row.set_by_role, "RTH01").id

        def act() -> str:
            by = house().actor_for(person, "RTH01", clock.now())
            meeting.confirm(condition=outcomes.condition(number, by), text="Seen", version_id=version, by=by, at=clock.now())
            return "met"

        return act

    answers = at_once(later, *(confirm(row) for row in outcomes.conditions_of(submission)))
    assert answers == ["met", "met"]
    assert submission.deployment.standing is Standing.ASSURED
    assert whole_chain() == []


def test_two_executives_at_once_decide_once_on_a_declared_tool(app):
    world = World()
    row = declared.declare(world)
    declared.signed(world, row, R.CSO, declared.GOES_ON)
    reference = db.session.get_one(Deployment, row.deployment_id).reference
    with transaction():
        other = identity.invite(
            email="another@rth01.example", name="Another Executive", password_hash=password_hash(), by=OPERATOR, at=clock.now()
        )
        identity.appoint(
            person=other, organisation_id=row.organisation_id, role=R.AUTHORISING_EXECUTIVE, starts_on=date(2026, 1, 1),
            ends_on=date(2028, 12, 31), instrument="Letter of 6 January 2026", highest_tier="high",
            highest_stage=Stage.BUSINESS_AS_USUAL, highest_residual=3, by=OPERATOR, at=clock.now(),
        )  # fmt: skip
        people = (world.person(R.AUTHORISING_EXECUTIVE, "RTH01").id, other.id)

    def decide(person: int, said: Said) -> Callable[[], object]:
        with transaction():
            by = house().actor_for(person, "RTH01", clock.now())
            token = interim.intend(
                deployment=register.deployment(reference, by), role=R.AUTHORISING_EXECUTIVE, said=said, by=by, at=clock.now()
            ).token

        def act() -> object:
            by = house().actor_for(person, "RTH01", clock.now())
            return interim.carry_out(
                deployment=register.deployment(reference, by), intent=signing.intent(token, by, clock.now()),
                keyring=house().keyring, by=by, at=clock.now(),
            ).id  # fmt: skip

        return act

    answers = at_once(app, decide(people[0], declared.GOES_ON), decide(people[1], declared.STOPS))
    assert len(told(answers)) == 1
    outcome = db.session.scalars(sa.select(InterimDecision.outcome)).one()
    standing = db.session.get_one(Deployment, row.deployment_id).standing
    assert (outcome, standing) in {("continue", Standing.DECLARED), ("stop", Standing.SUSPENDED)}
    assert whole_chain() == []


def test_of_two_newer_items_at_once_one_takes_the_place(app):
    lead = World().actor(R.DIGITAL_LEAD, "RTH01")
    with transaction():
        old = assessed.evidence_item(lead, title="Old", expires_on=date(2026, 12, 1)).id
    upload = assessed.stored(text="Newer")
    house().storage.put_content(upload.data)

    def renew() -> object:
        return evidence.renew(
            evidence=held.evidence(old, lead), title="Newer", kind="other", upload=upload, expires_on=date(2028, 1, 1),
            by=lead, at=clock.now(),
        ).id  # fmt: skip

    answers = at_once(app, renew, renew)
    assert told(answers) == ["Somebody attached a newer one already."]
    assert whole_chain() == []
