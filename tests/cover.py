"""A second holder of a role, so that there is somebody to hand work to."""

from datetime import date

from governance import clock
from governance.database import transaction
from governance.identity import operations
from governance.identity.models import Person
from governance.permissions import OPERATOR, Role
from tests.world import World, password_hash


def second(world: World, role: Role, code: str, word: str = "second") -> Person:
    """Invite and appoint a second person to a role of the whole organisation. Opens its own transaction."""
    with transaction():
        at = clock.now()
        person = operations.invite(
            email=f"{word}.{role.value}@{code.lower()}.example", password_hash=password_hash(),
            name=f"{word.title()} {role.value.replace('_', ' ').title()} of {code}", by=OPERATOR, at=at,
        )  # fmt: skip
        operations.record_registration(
            person=person, body="GMC", number=f"100{person.id:04d}", expires_on=date(2027, 12, 31),
            trained_on=date(2025, 6, 12), by=OPERATOR, at=at,
        )  # fmt: skip
        operations.appoint(
            person=person, organisation_id=world.organisation(code).id, role=role, starts_on=date(2026, 1, 1),
            ends_on=date(2028, 12, 31), instrument="Letter of 5 January 2026", by=OPERATOR, at=at,
        )  # fmt: skip
        return person


def hand_over(world: World, taker: Person, role: Role = Role.CSO, code: str = "RTH01", reason: str = "Annual leave") -> None:
    """Have the holder of a role hand the work to another one for some days. Opens its own transaction."""
    with transaction():
        operations.delegate(
            organisation_id=world.organisation(code).id, role=role, to=taker, starts_on=clock.today(),
            ends_on=date(2026, 11, 13), reason=reason, by=world.actor(role, code), at=clock.now(),
        )  # fmt: skip


def kept(world: World, reason: str = "Annual leave") -> None:
    """For the sweep: the trust's chief clinical information officer hands the work to a second one for some days."""
    hand_over(world, second(world, Role.CCIO, "RTH01"), Role.CCIO, reason=reason)
