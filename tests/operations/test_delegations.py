"""Handing work over: only to another holder, with effect on who is told, in the seal, and no longer than both hold the role."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance import clock
from governance.approval.interim import operations as interim
from governance.audit import verify
from governance.database import db, transaction
from governance.errors import Refused
from governance.extensions import house
from governance.identity import actors, delegations, operations, queries
from governance.identity.models import Delegation
from governance.notifications.models import Notice
from governance.permissions import OPERATOR, Role
from governance.register.models import Deployment
from governance.signing import queries as signing
from tests import declared
from tests.cover import second

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 13)


def hand_over(world, taker, *, code="RTH01", role=Role.CSO, of="", first=FIRST):
    by = world.actor(role, of or code, acting_in=code)
    with transaction():
        return operations.delegate(
            organisation_id=world.organisation(code).id, role=role, to=taker, starts_on=first, ends_on=LAST,
            reason="Annual leave", by=by, at=clock.now(),
        ).id  # fmt: skip


def recommend(row, person, code="RTH01"):
    """The safety officer's interim recommendation, signed by one person."""
    by = actors.actor_for(person.id, code, clock.now())
    with transaction():
        deployment = db.session.get_one(Deployment, row.deployment_id)
        intent = interim.intend(deployment=deployment, role=Role.CSO, said=declared.GOES_ON, by=by, at=clock.now())
        return interim.carry_out(deployment=deployment, intent=intent, keyring=house().keyring, by=by, at=clock.now())


def at_work(world, code="RTH01"):
    found = {each.id for each in delegations.at_work(world.organisation(code).id, Role.CSO, FIRST)}
    db.session.rollback()
    return found


def test_both_are_told_the_work_goes_over_and_comes_back_and_the_record_holds(world):
    giver, taker = world.person(Role.CSO, "RTH01"), second(world, Role.CSO, "RTH01")
    assert at_work(world) == {giver.id, taker.id}
    row = hand_over(world, taker)
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "delegation.made")).all()
    assert {(each.person_id, each.subject) for each in told} == {
        (giver.id, "Second Cso of RTH01 acts for you as clinical safety officer at Riverside Teaching Hospitals"),
        (taker.id, "You act for Cso of RTH01 as clinical safety officer at Riverside Teaching Hospitals"),
    }
    assert at_work(world) == {taker.id}
    declared.declare(world)
    asked = set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind.startswith("declaration"))))
    assert taker.id in asked and giver.id not in asked
    with transaction():
        by = actors.actor_for(taker.id, "RTH01", clock.now())
        operations.end_delegation(delegation=db.session.get_one(Delegation, row), on=FIRST, by=by, at=clock.now())
    assert at_work(world) == {giver.id, taker.id}
    with Session(db.engine) as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_the_seal_says_for_whom_and_the_giver_may_still_sign(world):
    giver, taker = world.person(Role.CSO, "RTH01"), second(world, Role.CSO, "RTH01")
    hand_over(world, taker)
    for_other = recommend(declared.declare(world), taker)
    assert for_other.details["acting_for"] == "Cso of RTH01, 2–13 November 2026"
    assert for_other.appointment_text == "Appointed to 31 December 2028; acting for Cso of RTH01, 2–13 November 2026"
    own = recommend(declared.declare(world, tool_name="Otherline"), giver)
    assert "acting_for" not in own.details and own.appointment_text == "Appointed to 31 December 2028"
    assert all(signing.seal_holds(each, house().keyring) for each in (for_other, own))


def test_a_hand_over_falls_with_the_appointment_of_whoever_took_it(world):
    giver, taker = world.person(Role.CSO, "RTH01"), second(world, Role.CSO, "RTH01")
    row = hand_over(world, taker)
    with transaction():
        admin = world.actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01")
        mine = next(each for each, person in queries.appointments_of(admin, FIRST) if person.id == taker.id)
        operations.end_appointment(appointment=mine, on=FIRST, by=OPERATOR, at=clock.now())
    assert not delegations.stands(db.session.get_one(Delegation, row), FIRST)
    assert at_work(world) == {giver.id}


@pytest.mark.parametrize(("role", "code"), [(Role.SIRO, "RTH01"), (Role.CSO, "QKK")], ids=str)
def test_nobody_acts_who_does_not_hold_the_role_here(world, role, code):
    with pytest.raises(Refused) as refused:
        hand_over(world, world.person(role, code))
    assert "to" in refused.value.codes
    assert db.session.scalar(sa.select(Delegation.id)) is None


def test_work_is_not_handed_over_twice_or_further_and_only_the_two_end_it(world):
    taker, third = second(world, Role.CSO, "RTH01"), second(world, Role.CSO, "RTH01", "third")
    row = hand_over(world, taker)
    with pytest.raises(Refused) as refused:
        hand_over(world, third)
    assert refused.value.codes == ("twice",)
    with pytest.raises(Refused) as refused, transaction():
        operations.delegate(
            organisation_id=world.organisation("RTH01").id, role=Role.CSO, to=third, starts_on=LAST, ends_on=LAST,
            reason="Leave", by=actors.actor_for(taker.id, "RTH01", clock.now()), at=clock.now(),
        )  # fmt: skip
    assert refused.value.codes == ("chain",)
    with pytest.raises(Refused) as refused, transaction():
        by = actors.actor_for(third.id, "RTH01", clock.now())
        operations.end_delegation(delegation=db.session.get_one(Delegation, row), on=FIRST, by=by, at=clock.now())
    assert refused.value.codes == ("other",)


def test_an_agreement_is_enough_for_both_and_is_named_in_the_seal(world):
    """Two safety officers of the ICB act in the practice: the one hands that work to the other, and keeps the ICB's own."""
    giver, taker = world.person(Role.CSO, "QKK"), second(world, Role.CSO, "QKK")
    hand_over(world, taker, code="HLP01", of="QKK")
    assert (at_work(world, "HLP01"), at_work(world, "QKK")) == ({taker.id}, {giver.id, taker.id})
    row = recommend(declared.declare(world, "HLP01", lead="QKK"), taker, "HLP01")
    assert row.organisation_id == world.organisation("HLP01").id
    assert row.appointment_text == (
        "Appointed to 31 December 2028 at NHS South East London Integrated Care Board, by agreement: Agreement of 20 March 2026; "
        "acting for Cso of QKK, 2–13 November 2026"
    )
