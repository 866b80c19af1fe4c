"""Ending what a person holds, from the administrator's pages."""

import pytest
import sqlalchemy as sa

from governance.database import db
from governance.identity.models import Appointment, Membership
from governance.permissions import Role
from tests.world import World

TODAY = World.TODAY


@pytest.mark.parametrize(
    ("kind", "place", "role", "what"),
    [
        (Membership, "memberships", Role.DIGITAL_LEAD, "this role"),
        (Appointment, "appointments", Role.CSO, "this appointment"),
    ],
)
def test_what_a_person_holds_ends_on_the_day_that_is_given(client, world, kind, place, role, what):
    person = world.person(role, "RTH01").id
    held = db.session.scalar(sa.select(kind).where(kind.person_id == person, kind.role == role))
    db.session.rollback()
    world.sign_in(client, Role.ORGANISATION_ADMINISTRATOR, "RTH01")
    at = f"/RTH01/people/{place}/{held.id}/end"
    assert what in client.get(at).text
    assert client.post(at, data={}).status_code == 422
    answer = client.post(at, data={"on-day": TODAY.day, "on-month": TODAY.month, "on-year": TODAY.year})
    assert answer.location == "/RTH01/people"
    assert db.session.get(kind, held.id).ended_on == TODAY
