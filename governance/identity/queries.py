"""Finding people, organisations and what somebody holds."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import (
    Agreement,
    Appointment,
    Membership,
    Organisation,
    OrganisationLink,
    Person,
    ProfessionalRegistration,
    Site,
)
from governance.notifications.directory import Directory, Recipient
from governance.permissions import Actor, Held, Registration, Role


def organisation_by_code(code: str) -> Organisation:
    """The organisation with an ODS code. Raises NotVisible."""
    found = db.session.scalar(_statement("organisation"), {"organisation": code.upper()})
    if found is None:
        raise NotVisible()
    return found


def organisation(organisation_id: int) -> Organisation:
    """One organisation by id. Raises NotVisible."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotVisible()
    return found


def organisation_name(organisation_id: int) -> str:
    """The name of an organisation, for the head of a page."""
    return organisation(organisation_id).name


def person_by_email(email: str) -> Person | None:
    """The person with an e-mail address, whatever its case."""
    return db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def scope_of(organisation: Organisation) -> frozenset[int]:
    """The organisation's id and those of its ended predecessors, however far back."""
    ids, frontier = {organisation.id}, [organisation.id]
    while frontier:
        each = frontier.pop()
        found = set(db.session.scalars(_statement("predecessors"), {"organisation": each})) - ids
        ids |= found
        frontier += sorted(found)
    return frozenset(ids)


def registration_of(person_id: int) -> Registration | None:
    """The latest registration recorded for a person."""
    row = db.session.execute(_statement("registration"), {"person": person_id}).first()
    return Registration(*row) if row else None


def held_in(person_id: int, organisation_id: int, on: date) -> tuple[Held, ...]:
    """Every role a person holds in an organisation on a day: own memberships and appointments, and those that
    an Agreement lets them use there."""
    own = [*_memberships(person_id, organisation_id, on), *_appointments(person_id, organisation_id, on)]
    lent = []
    for agreement in agreements_for(organisation_id, on):
        theirs = [
            *_memberships(person_id, agreement.acting_id, on),
            *_appointments(person_id, agreement.acting_id, on, whole_organisation=True),
        ]
        lent += [_under(held, agreement) for held in theirs if held.role in agreement.roles]
    return tuple(own + lent)


def roles_between(person_id: int, organisation_id: int, first: date, last: date) -> set[Role]:
    """Roles a person is appointed to on any day between two, in an organisation or through an Agreement with it."""
    lent = sa.select(Agreement).where(
        Agreement.organisation_id == organisation_id,
        Agreement.starts_on <= last,
        Agreement.ends_on >= first,
        sa.or_(Agreement.ended_on.is_(None), Agreement.ended_on > first),
    )
    places: dict[int, set[str]] = {}
    for each in db.session.scalars(lent):
        places.setdefault(each.acting_id, set()).update(each.roles)
    held = sa.select(Appointment.organisation_id, Appointment.role).where(
        Appointment.person_id == person_id,
        Appointment.organisation_id.in_([organisation_id, *places]),
        Appointment.starts_on <= last,
        Appointment.ends_on >= first,
        sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on > first),
    )
    return {role for place, role in db.session.execute(held) if place == organisation_id or role in places[place]}


def agreements_for(organisation_id: int, on: date) -> Sequence[Agreement]:
    """Agreements in force in which an organisation lets another act."""
    return db.session.scalars(_statement("agreements"), {"organisation": organisation_id, "on": on}).all()


def own_organisations_of(person_id: int, on: date) -> Sequence[Organisation]:
    """Organisations in which a person holds something in their own right on a day, by name: not under an agreement."""
    mine = sa.select(_mine(person_id, on).c.organisation_id)
    return db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(mine)).order_by(Organisation.name)).all()


def _mine(person_id: int, on: date) -> sa.Subquery:
    member = sa.select(Membership.organisation_id).where(Membership.person_id == person_id, _membership_runs(on))
    appointed = sa.select(Appointment.organisation_id).where(Appointment.person_id == person_id, _appointment_runs(on))
    return member.union(appointed).subquery()


def organisations_of(person_id: int, on: date) -> Sequence[Organisation]:
    """Organisations in which a person may act on a day, by name: as member, by appointment or under an agreement."""
    mine = _mine(person_id, on)
    lent = sa.select(Agreement.organisation_id).where(
        Agreement.acting_id.in_(sa.select(mine.c.organisation_id)),
        Agreement.starts_on <= on,
        Agreement.ends_on >= on,
        sa.or_(Agreement.ended_on.is_(None), Agreement.ended_on > on),
    )
    query = sa.select(Organisation).where(
        sa.or_(Organisation.id.in_(sa.select(mine.c.organisation_id)), Organisation.id.in_(lent))
    )
    found = db.session.scalars(query.order_by(Organisation.name)).all()
    return [each for each in found if held_in(person_id, each.id, on)]


def holders(organisation_id: int, role: Role, on: date, deployment_id: int | None = None) -> Sequence[Person]:
    """People who hold a role now that counts for a deployment (or for the whole organisation), by name."""
    people = set(db.session.scalars(sa.select(Appointment.person_id).where(
        Appointment.organisation_id == organisation_id,
        Appointment.role == role,
        _appointment_runs(on),
        sa.or_(Appointment.deployment_id.is_(None), Appointment.deployment_id == deployment_id),
    )))
    people |= set(db.session.scalars(sa.select(Membership.person_id).where(
        Membership.organisation_id == organisation_id, Membership.role == role, _membership_runs(on)
    )))
    for agreement in agreements_for(organisation_id, on):
        if role in agreement.roles:
            people |= {person.id for person in holders(agreement.acting_id, role, on)}
    return db.session.scalars(sa.select(Person).where(Person.id.in_(people)).order_by(Person.name)).all()


def directory() -> Directory:
    """Names and addresses for the notifications room, which lies below this one."""
    return Directory(_recipients, _names, _colleagues)


def _recipients(person_ids: Collection[int]) -> dict[int, Recipient]:
    query = sa.select(Person.id, Person.name, Person.email).where(Person.id.in_(person_ids), Person.disabled_at.is_(None))
    return {ident: Recipient(name, email) for ident, name, email in db.session.execute(query)}


def _names(organisation_ids: Collection[int]) -> dict[int, str]:
    query = sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisation_ids))
    return {ident: name for ident, name in db.session.execute(query)}  # noqa: C416  a row is no pair to the type checker


def _colleagues(by: Actor) -> set[int]:
    member = sa.select(Membership.person_id).where(
        Membership.organisation_id == by.organisation_id, _membership_runs(by.on)
    )
    appointed = sa.select(Appointment.person_id).where(
        Appointment.organisation_id == by.organisation_id, _appointment_runs(by.on)
    )
    return set(db.session.scalars(member.union(appointed)))


def sites_of(by: Actor) -> Sequence[Site]:
    """Sites of the actor's own organisation that are open."""
    query = sa.select(Site).where(Site.organisation_id == by.organisation_id, Site.ended_on.is_(None))
    return db.session.scalars(query.order_by(Site.name)).all()


def children_of(organisation_id: int, on: date) -> Sequence[Organisation]:
    """Organisations that belong to this one on a day."""
    query = sa.select(Organisation).join(OrganisationLink, OrganisationLink.child_id == Organisation.id).where(
        OrganisationLink.parent_id == organisation_id,
        OrganisationLink.started_on <= on,
        sa.or_(OrganisationLink.ended_on.is_(None), OrganisationLink.ended_on >= on),
    )
    return db.session.scalars(query.order_by(Organisation.name)).all()


def system_of(organisation_id: int, on: date) -> frozenset[int]:
    """Ids of every organisation in the same integrated care system on a day: the ICB and all that belong to it."""
    parents = db.session.scalars(
        sa.select(OrganisationLink.parent_id).where(
            OrganisationLink.child_id == organisation_id,
            OrganisationLink.started_on <= on,
            sa.or_(OrganisationLink.ended_on.is_(None), OrganisationLink.ended_on >= on),
        )
    ).all()
    roots = set(parents) or {organisation_id}
    ids = set(roots) | {organisation_id}
    for root in roots:
        ids |= set(scope_of(organisation(root))) | {child.id for child in children_of(root, on)}
    return frozenset(ids)


def ai_leads(organisation_id: int, on: date) -> set[int]:
    """Whoever is AI coordination and advisory lead in the care system of an organisation on a day."""
    return set(db.session.scalars(sa.select(Appointment.person_id).where(
        Appointment.organisation_id.in_(system_of(organisation_id, on)), Appointment.role == Role.AI_LEAD, _appointment_runs(on)
    )))


def _membership_runs(on: Any) -> sa.ColumnElement[bool]:
    return sa.and_(Membership.started_on <= on, sa.or_(Membership.ended_on.is_(None), Membership.ended_on > on))


def _appointment_runs(on: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        Appointment.starts_on <= on,
        Appointment.ends_on >= on,
        sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on > on),
    )


def _memberships(person_id: int, organisation_id: int, on: date) -> list[Held]:
    given = {"person": person_id, "organisation": organisation_id, "on": on}
    return [
        Held(role=role, membership_id=ident, starts_on=starts, ends_on=ends)
        for ident, role, starts, ends in db.session.execute(_statement("memberships"), given)
    ]


def _appointments(person_id: int, organisation_id: int, on: date, whole_organisation: bool = False) -> list[Held]:
    given = {"person": person_id, "organisation": organisation_id, "on": on}
    return [
        Held(
            role=row.role,
            appointment_id=row.id,
            deployment_id=row.deployment_id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            highest_tier=row.highest_tier,
            highest_stage=row.highest_stage,
            highest_residual=row.highest_residual,
        )
        for row in db.session.execute(_statement("appointments"), given)
        if not (whole_organisation and row.deployment_id)
    ]


@cache
def _statement(name: str) -> Any:
    """Statements that every request needs, put together once: making them anew cost more than running them."""
    person: Any = sa.bindparam("person")
    organisation: Any = sa.bindparam("organisation")
    on: Any = sa.bindparam("on", type_=sa.Date)
    match name:
        case "memberships":
            columns = (Membership.id, Membership.role, Membership.started_on, Membership.ended_on)
            query = sa.select(*columns).where(Membership.person_id == person, Membership.organisation_id == organisation)
            return query.where(_membership_runs(on))
        case "appointments":
            every = sa.select(*Appointment.__table__.columns)
            every = every.where(Appointment.person_id == person, Appointment.organisation_id == organisation)
            return every.where(_appointment_runs(on))
        case "agreements":
            return sa.select(Agreement).where(
                Agreement.organisation_id == organisation,
                Agreement.starts_on <= on,
                Agreement.ends_on >= on,
                sa.or_(Agreement.ended_on.is_(None), Agreement.ended_on > on),
            )
        case "predecessors":
            return sa.select(Organisation.id).where(
                Organisation.successor_id == organisation, Organisation.ended_on.is_not(None)
            )
        case "organisation":
            return sa.select(Organisation).where(Organisation.code == organisation)
    row = ProfessionalRegistration
    latest = sa.select(row.body, row.number, row.expires_on, row.trained_on)
    return latest.where(row.person_id == person).order_by(row.id.desc()).limit(1)


def _under(held: Held, agreement: Agreement) -> Held:
    ends = min(held.ends_on, agreement.ends_on) if held.ends_on else agreement.ends_on
    return Held(
        role=held.role,
        appointment_id=held.appointment_id,
        membership_id=held.membership_id,
        agreement_id=agreement.id,
        starts_on=held.starts_on,
        ends_on=ends,
        highest_tier=held.highest_tier,
        highest_stage=held.highest_stage,
        highest_residual=held.highest_residual,
    )


def people_of(by: Actor) -> Sequence[Person]:
    """Everybody who is or was a member or appointed in the actor's own organisation, by name."""
    member = sa.select(Membership.person_id).where(Membership.organisation_id == by.organisation_id)
    appointed = sa.select(Appointment.person_id).where(Appointment.organisation_id == by.organisation_id)
    query = sa.select(Person).where(Person.id.in_(member.union(appointed))).options(selectinload(Person.registrations))
    return db.session.scalars(query.order_by(Person.name)).all()


def memberships_of(by: Actor, on: date) -> Sequence[tuple[Membership, Person]]:
    """Memberships that run in the actor's own organisation, with their people, by name."""
    query = sa.select(Membership, Person).join(Person, Person.id == Membership.person_id)
    query = query.where(Membership.organisation_id == by.organisation_id, _membership_runs(on))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Person.name, Membership.id))]


def appointments_of(by: Actor, on: date, deployment_id: int | None = None) -> Sequence[tuple[Appointment, Person]]:
    """Appointments that run in the actor's own organisation: for one deployment, or for the whole organisation."""
    query = sa.select(Appointment, Person).join(Person, Person.id == Appointment.person_id)
    query = query.where(Appointment.organisation_id.in_(by.scope), _appointment_runs(on))
    query = query.where(
        Appointment.deployment_id == deployment_id if deployment_id else Appointment.deployment_id.is_(None)
    )
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Person.name, Appointment.id))]


def own_person(person_id: int, by: Actor) -> Person:
    """A person of the actor's own organisation. Raises NotVisible for anybody else."""
    for person in people_of(by):
        if person.id == person_id:
            return person
    raise NotVisible()


def own_membership(membership_id: int, by: Actor) -> Membership:
    """A membership in the actor's own organisation. Raises NotVisible."""
    row = db.session.get(Membership, membership_id)
    if row is None or row.organisation_id != by.organisation_id:
        raise NotVisible()
    return row


def own_appointment(appointment_id: int, by: Actor) -> Appointment:
    """An appointment in the actor's own organisation. Raises NotVisible."""
    row = db.session.get(Appointment, appointment_id)
    if row is None or row.organisation_id != by.organisation_id:
        raise NotVisible()
    return row
