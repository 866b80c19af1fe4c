"""Who acts for whom: hand-overs that stand on a day, and who is at work in a role then.

A hand-over stands only while both people hold the role there: one whose appointment ended has no effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm

from governance.database import db
from governance.errors import Forbidden, NotVisible
from governance.identity import queries
from governance.identity.models import Agreement, Appointment, Delegation, Person
from governance.identity.rules import Days, Handed
from governance.permissions import Actor, Role, RoleKind


@dataclass(frozen=True, slots=True)
class Acting:
    """One hand-over that stands today, with the names of both."""

    row: Delegation
    giver: str
    taker: str

    @property
    def in_words(self) -> str:
        """For whom and when, as pages and seals say it: "Dr A, 3–14 May 2027"."""
        return f"{self.giver}, {days_in_words(self.row.starts_on, last_day(self.row))}"


def held_days(person_id: int, organisation_id: int, role: Role, deployment_id: int | None) -> list[Days]:
    """The days on which a person holds a role in an organisation by appointment, its own or lent by an agreement."""
    own = sa.select(Appointment).where(
        Appointment.person_id == person_id, Appointment.organisation_id == organisation_id, Appointment.role == role,
        _counts(Appointment.deployment_id, role, deployment_id),
    )  # fmt: skip
    found = [_days(row) for row in db.session.scalars(own)]
    if role.kind is RoleKind.PER_DEPLOYMENT:
        return found
    lent = (
        sa.select(Agreement, Appointment)
        .join(Appointment, Appointment.organisation_id == Agreement.acting_id)
        .where(
            Agreement.organisation_id == organisation_id, Appointment.person_id == person_id, Appointment.role == role,
            Appointment.deployment_id.is_(None),
        )
    )  # fmt: skip
    for agreement, appointment in db.session.execute(lent):
        if role.value in agreement.roles:
            under, held = _days(agreement), _days(appointment)
            found.append(Days(max(under.first, held.first), min(under.last, held.last)))
    return [each for each in found if each.first <= each.last]


def made_for(organisation_id: int, role: Role, deployment_id: int | None) -> list[Handed]:
    """Every hand-over of the same work, those ended early up to their last day."""
    query = sa.select(Delegation).where(
        Delegation.organisation_id == organisation_id, Delegation.role == role,
        Delegation.deployment_id.is_not_distinct_from(deployment_id),
    )  # fmt: skip
    rows = db.session.scalars(query.order_by(Delegation.id))
    found = [Handed(row.from_person_id, row.to_person_id, Days(row.starts_on, last_day(row))) for row in rows]
    return [each for each in found if each.days.first <= each.days.last]


def at_work(organisation_id: int, role: Role, on: date, deployment_id: int | None = None) -> Sequence[Person]:
    """Holders of a role whom its work is brought to on a day: without those who handed it over to another of them."""
    people = queries.holders(organisation_id, role, on, deployment_id)
    if len(people) < 2:
        return people
    able = {person.id for person in people if person.disabled_at is None}
    query = sa.select(Delegation.from_person_id, Delegation.to_person_id).where(
        Delegation.organisation_id == organisation_id, Delegation.role == role, _runs(on),
        _counts(Delegation.deployment_id, role, deployment_id),
    )  # fmt: skip
    away = {giver for giver, taker in db.session.execute(query) if taker in able}
    return [person for person in people if person.id not in away] or people


def acting_for(person_id: int | None, organisation_id: int, role: Role, deployment_id: int, on: date) -> list[Acting]:
    """For whom a person acts on a day in a role: hand-overs to them that stand and count for a deployment."""
    query = _named().where(
        Delegation.to_person_id == person_id, Delegation.organisation_id == organisation_id, Delegation.role == role,
        _counts(Delegation.deployment_id, role, deployment_id), _runs(on),
    )  # fmt: skip
    return [each for each in _acting(query) if stands(each.row, on)]


def of_person(person_id: int | None, on: date) -> list[Acting]:
    """Hand-overs from and to a person that stand on a day."""
    return [each for each in all_of(person_id) if counts_on(each, on)]


def counts_on(each: Acting, on: date) -> bool:
    """Whether a hand-over runs on a day and stands."""
    return each.row.starts_on <= on <= last_day(each.row) and stands(each.row, on)


def all_of(person_id: int | None) -> list[Acting]:
    """Every hand-over from and to a person, the newest first."""
    either = sa.or_(Delegation.from_person_id == person_id, Delegation.to_person_id == person_id)
    return _acting(_named().where(either).order_by(None).order_by(Delegation.starts_on.desc(), Delegation.id.desc()).limit(50))


def in_organisation(organisation_id: int, on: date) -> list[Acting]:
    """Hand-overs in an organisation that run or begin later."""
    query = _named().where(
        Delegation.organisation_id == organisation_id, Delegation.ends_on >= on,
        sa.or_(Delegation.ended_on.is_(None), Delegation.ended_on > on),
    )  # fmt: skip
    return _acting(query)


def own(delegation_id: int, by: Actor) -> Delegation:
    """A hand-over from or to the actor in the organisation they act in. Raises NotVisible, Forbidden."""
    row = db.session.get(Delegation, delegation_id)
    if row is None or row.organisation_id != by.organisation_id:
        raise NotVisible()
    if by.person_id not in (row.from_person_id, row.to_person_id):
        raise Forbidden("Only the two people of a hand-over end it.")
    return row


def stands(row: Delegation, on: date) -> bool:
    """Whether both people hold the role there on a day. Work is never handed to somebody who may not do it."""
    people = {
        person.id
        for person in queries.holders(row.organisation_id, row.role, on, row.deployment_id)
        if person.id == row.from_person_id or person.disabled_at is None
    }
    return {row.from_person_id, row.to_person_id} <= people


def last_day(row: Delegation) -> date:
    """The last day that counts, also where it was ended early."""
    return row.ends_on if row.ended_on is None else min(row.ends_on, row.ended_on - timedelta(days=1))


def days_in_words(first: date, last: date) -> str:
    """`3–14 May 2027`, `28 May to 3 June 2027`, `28 December 2026 to 3 January 2027`, `3 May 2027`."""
    end = f"{last.day} {last:%B %Y}"
    if first >= last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{first.day} {first:%B}{'' if first.year == last.year else f' {first.year}'} to {end}"


def _named() -> Any:
    giver, taker = sa.orm.aliased(Person), sa.orm.aliased(Person)
    return (
        sa.select(Delegation, giver.name, taker.name)
        .join(giver, giver.id == Delegation.from_person_id)
        .join(taker, taker.id == Delegation.to_person_id)
        .order_by(Delegation.starts_on, Delegation.id)
    )


def _acting(query: Any) -> list[Acting]:
    return [Acting(row, giver, taker) for row, giver, taker in db.session.execute(query)]


def _counts(column: Any, role: Role, deployment_id: int | None) -> Any:
    """A role held for one deployment counts for that one, any other for all of them."""
    return column == deployment_id if role.kind is RoleKind.PER_DEPLOYMENT else column.is_(None)


def _runs(on: date) -> Any:
    return sa.and_(
        Delegation.starts_on <= on, Delegation.ends_on >= on, sa.or_(Delegation.ended_on.is_(None), Delegation.ended_on > on)
    )


def _days(row: Appointment | Agreement) -> Days:
    return Days(row.starts_on, row.ends_on if row.ended_on is None else min(row.ends_on, row.ended_on - timedelta(days=1)))
