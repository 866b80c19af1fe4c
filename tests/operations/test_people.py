"""Who may be appointed, registered and ended, and by whom."""

from datetime import date

import pytest

from governance import clock
from governance.approval import queries as approval
from governance.database import db, transaction
from governance.errors import Refused
from governance.identity import operations
from governance.identity.models import Appointment
from governance.permissions import OPERATOR, Role
from tests import agreed
from tests.world import World


def appoint(world, person, role, first, last, code="RTH01"):
    return operations.appoint(
        person=person, organisation_id=world.organisation(code).id, role=role, starts_on=first, ends_on=last,
        instrument="Letter", by=OPERATOR, at=clock.now(),
    )  # fmt: skip


def test_nobody_is_dpo_and_siro_together_whichever_begins_first(world):
    person = world.person(Role.AUDITOR, "RTH01")
    with transaction():
        appoint(world, person, Role.SIRO, date(2027, 6, 1), date(2028, 6, 1))
    with pytest.raises(Refused) as refused, transaction():
        appoint(world, person, Role.DPO, date(2026, 11, 2), date(2027, 12, 31))
    assert refused.value.codes == ("dpo_and_siro",)
    assert "This person is SIRO here on some of these days." in refused.value.sentences[0]
    with transaction():
        appoint(world, person, Role.DPO, date(2026, 11, 2), date(2027, 5, 31))


def test_an_agreement_does_not_make_one_person_dpo_and_siro(world):
    with pytest.raises(Refused) as refused, transaction():
        appoint(world, world.person(Role.DPO, "QKK"), Role.SIRO, date(2026, 11, 2), date(2027, 12, 31), code="HLP01")
    assert refused.value.codes == ("dpo_and_siro",)


def test_who_is_both_all_the_same_acts_as_neither(submission):
    world = World()
    with transaction():
        old, icb = world.organisation("RTH01"), world.organisation("QKK")
        appoint(world, world.person(Role.DPO, "RTH01"), Role.SIRO, date(2026, 1, 1), date(2027, 1, 1), code="QKK")
        operations.agree(
            organisation_id=old.id, acting_id=icb.id, roles=[Role.SIRO], starts_on=date(2026, 1, 1),
            ends_on=date(2027, 1, 1), instrument="Agreement", by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused) as refused:
        agreed.sign(world, submission, Role.DPO)
    assert refused.value.codes == ("separation.dpo_and_siro",)
    here = approval.position(submission, clock.today())
    assert Role.DPO not in here.done


def test_nobody_records_their_own_registration(world):
    admin = world.actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01")
    with pytest.raises(Refused) as refused, transaction():
        operations.record_registration(
            person=world.person(Role.ORGANISATION_ADMINISTRATOR, "RTH01"), body="GMC", number="1",
            expires_on=date(2030, 1, 1), trained_on=None, by=admin, at=clock.now(),
        )  # fmt: skip
    assert refused.value.codes == ("self",)


def test_an_appointment_that_ended_is_not_lengthened_by_ending_it_again(world):
    admin = world.actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01")
    number = world.actor(Role.SIRO, "RTH01").current[0].appointment_id
    with transaction():
        row = db.session.get_one(Appointment, number)
        operations.end_appointment(appointment=row, on=date(2026, 11, 1), by=admin, at=clock.now())
    with pytest.raises(Refused) as refused, transaction():
        row = db.session.get_one(Appointment, number)
        operations.end_appointment(appointment=row, on=date(2027, 11, 1), by=admin, at=clock.now())
    assert refused.value.codes == ("ended",)


def test_guesses_of_the_present_password_are_slowed_down(world, client):
    world.sign_in(client, Role.CSO, "RTH01")
    wrong = {"present": "not the password", "new": "four rather odd words"}
    assert [client.post("/me/password", data=wrong).status_code for _ in range(6)] == [422] * 5 + [429]
