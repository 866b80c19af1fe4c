"""What changes people, memberships, appointments, agreements and hand-overs."""

from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Refused, refuse_if
from governance.identity import delegations, notices, queries, rules
from governance.identity.models import (
    Agreement,
    Appointment,
    Delegation,
    Membership,
    Organisation,
    OrganisationLink,
    Person,
    ProfessionalRegistration,
    Site,
)
from governance.lifecycle import Stage
from governance.permissions import Actor, Permission, Role, RoleKind
from governance.policy import policy

INSTANCE = "instance:0"


def stream_of(organisation_id: int) -> str:
    """The stream of an organisation's own matters."""
    return f"organisation:{organisation_id}"


def found_organisation(
    *, code: str, name: str, kind: str, started_on: date, provenance: str, by: Actor, at: datetime
) -> Organisation:
    """Add an organisation to the directory (the operator's act)."""
    row = Organisation(code=code.upper(), name=name, kind=kind, started_on=started_on, provenance=provenance)
    db.session.add(row)
    record("organisation.added", stream=INSTANCE, by=by, at=at, code=row.code, name=name)
    return row


def end_organisation(*, organisation: Organisation, on: date, successor: Organisation, by: Actor, at: datetime) -> None:
    """Record that an organisation ended and which one follows it. Its records stay its own and are read by the successor."""
    organisation.ended_on, organisation.successor_id = on, successor.id
    record("organisation.ended", stream=INSTANCE, by=by, at=at, code=organisation.code, successor=successor.code)


def link(*, child: Organisation, parent: Organisation, started_on: date, by: Actor, at: datetime) -> None:
    """Record that one organisation belongs to another from a day on; an open link to another parent ends the day before."""
    db.session.add(OrganisationLink(child_id=child.id, parent_id=parent.id, started_on=started_on))
    record("organisation.linked", stream=INSTANCE, by=by, at=at, child=child.code, parent=parent.code)


def add_site(*, name: str, by: Actor, at: datetime) -> Site:
    """Add a site to the actor's organisation."""
    assert by.organisation_id is not None
    row = Site(organisation_id=by.organisation_id, name=name.strip())
    db.session.add(row)
    record("site.added", stream=stream_of(row.organisation_id), by=by, at=at, name=row.name)
    return row


def invite(*, email: str, name: str, password_hash: str, by: Actor, at: datetime) -> Person:
    """Make an account. Raises Refused when the address is taken or is none."""
    address = email.strip().lower()
    if "@" not in address.strip("@") or any(c.isspace() for c in address):
        raise Refused.because("Enter an e-mail address in the form name@example.nhs.uk.", code="email")
    if queries.person_by_email(address) is not None:
        raise Refused.because("Somebody with this e-mail address has an account already.", code="email_taken")
    row = Person(email=address, name=name.strip(), password_hash=password_hash, created_at=at)
    db.session.add(row)
    stream = stream_of(by.organisation_id) if by.organisation_id else INSTANCE
    record("person.invited", stream=stream, by=by, at=at, name=row.name)
    return row


def add_membership(
    *, person: Person, organisation_id: int, role: Role, started_on: date, by: Actor, at: datetime
) -> Membership:
    """Make a person a member in a member's role. Raises Refused for oneself, a wrong role, or a second time."""
    found = []
    if role.kind is not RoleKind.MEMBER:
        found.append(Blocker("role", f"A {role.title} is appointed, not invited."))
    if person.id == by.person_id:
        found.append(Blocker("self", "You cannot give a role to yourself. Ask another administrator."))
    held = queries.held_in(person.id, organisation_id, started_on)
    if any(each.role is role and each.membership_id for each in held):
        found.append(Blocker("twice", f"{person.name} is a {role.title} here already."))
    refuse_if(found)
    row = Membership(
        organisation_id=organisation_id,
        person_id=person.id,
        role=role,
        started_on=started_on,
        recorded_by=by.person_id,
    )
    db.session.add(row)
    record("membership.begun", stream=stream_of(organisation_id), by=by, at=at, person=person.id, role=role.value)
    return row


def end_membership(*, membership: Membership, on: date, by: Actor, at: datetime) -> None:
    """End a membership from a day on."""
    if membership.person_id == by.person_id:
        raise Refused.because("You cannot end your own role. Ask another administrator.", code="self")
    if membership.ended_on is not None and on > membership.ended_on:
        raise Refused.because("This role has ended already. Give it anew.", code="ended")
    membership.ended_on = on
    stream = stream_of(membership.organisation_id)
    record("membership.ended", stream=stream, by=by, at=at, person=membership.person_id, role=membership.role.value)


def record_registration(
    *, person: Person, body: str, number: str, expires_on: date, trained_on: date | None, by: Actor, at: datetime
) -> ProfessionalRegistration:
    """Record a professional registration and safety training. The latest record counts. Raises Refused for oneself."""
    if person.id == by.person_id:
        raise Refused.because("You cannot record your own registration. Ask another administrator.", code="self")
    row = ProfessionalRegistration(
        person_id=person.id,
        body=body.strip(),
        number=number.strip(),
        expires_on=expires_on,
        trained_on=trained_on,
        recorded_by=by.person_id,
        recorded_at=at,
    )
    db.session.add(row)
    stream = stream_of(by.organisation_id) if by.organisation_id else INSTANCE
    record("registration.recorded", stream=stream, by=by, at=at, person=person.id, body=row.body)
    return row


def appoint(
    *,
    person: Person,
    organisation_id: int,
    role: Role,
    starts_on: date,
    ends_on: date,
    instrument: str,
    by: Actor,
    at: datetime,
    deployment_id: int | None = None,
    highest_tier: str | None = None,
    highest_stage: Stage | None = None,
    highest_residual: int | None = None,
) -> Appointment:
    """Record an appointment. Raises Refused with every reason why it cannot be."""
    # two appointments of one person at once would each not see the other, and hold apart nothing
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update()).all()
    registration = queries.registration_of(person.id)
    refuse_if(
        rules.appointment_blockers(
            role=role,
            is_self=person.id == by.person_id,
            person_holds=queries.roles_between(person.id, organisation_id, starts_on, ends_on),
            starts_on=starts_on,
            ends_on=ends_on,
            on=clock.london_date(at),
            registered_until=registration.expires_on if registration else None,
            deployment_named=deployment_id is not None,
            instrument=instrument,
            limits=(highest_tier, highest_stage, highest_residual),
        )
    )
    row = Appointment(
        organisation_id=organisation_id,
        person_id=person.id,
        role=role,
        deployment_id=deployment_id if role.kind is RoleKind.PER_DEPLOYMENT else None,
        starts_on=starts_on,
        ends_on=ends_on,
        instrument=instrument.strip(),
        highest_tier=highest_tier,
        highest_stage=highest_stage,
        highest_residual=highest_residual,
        appointed_by=by.person_id,
        appointed_at=at,
    )
    db.session.add(row)
    record("appointment.made", stream=stream_of(organisation_id), by=by, at=at, person=person.id, role=role.value)
    db.session.flush()
    notices.appointed(row, at)
    return row


def end_appointment(*, appointment: Appointment, on: date, by: Actor, at: datetime) -> None:
    """End an appointment early, from a day on."""
    if appointment.person_id == by.person_id:
        raise Refused.because("You cannot end your own appointment. Ask another administrator.", code="self")
    if appointment.ended_on is not None and on > appointment.ended_on:
        raise Refused.because("This appointment has ended already. Record a new one.", code="ended")
    appointment.ended_on = on
    stream = stream_of(appointment.organisation_id)
    record("appointment.ended", stream=stream, by=by, at=at, person=appointment.person_id, role=appointment.role.value)
    notices.ended(appointment, on, at)


def agree(
    *,
    organisation_id: int,
    acting_id: int,
    roles: list[Role],
    starts_on: date,
    ends_on: date,
    instrument: str,
    by: Actor,
    at: datetime,
) -> Agreement:
    """Record that an organisation lets holders of these roles in another one act in it between two dates."""
    row = Agreement(
        organisation_id=organisation_id,
        acting_id=acting_id,
        roles=[role.value for role in roles],
        starts_on=starts_on,
        ends_on=ends_on,
        instrument=instrument,
        recorded_by=by.person_id,
    )
    db.session.add(row)
    record("agreement.recorded", stream=stream_of(organisation_id), by=by, at=at, acting=acting_id, roles=row.roles)
    return row


def delegate(
    *,
    organisation_id: int,
    role: Role,
    to: Person,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: Actor,
    at: datetime,
    deployment_id: int | None = None,
) -> Delegation:
    """Hand the work of one's own role in an organisation to another holder of it, for some days. Both are told.

    A role held for one deployment is handed over for that one, any other for the whole organisation. Raises Forbidden,
    Refused with every reason.
    """
    by.must(Permission.DELEGATE)
    assert by.person_id is not None
    # two hand-overs at once would each not see the other: whoever gives or takes waits here
    both = sa.select(Person.id).where(Person.id.in_((by.person_id, to.id))).order_by(Person.id)
    db.session.execute(both.with_for_update()).all()
    registered = queries.registration_of(to.id) if role in policy().registration.roles else None
    refuse_if(
        rules.delegation_blockers(
            role=role,
            from_person_id=by.person_id,
            to_person_id=to.id,
            to_name=to.name,
            days=rules.Days(starts_on, ends_on),
            on=clock.london_date(at),
            from_holds=delegations.held_days(by.person_id, organisation_id, role, deployment_id),
            to_holds=delegations.held_days(to.id, organisation_id, role, deployment_id),
            others=delegations.made_for(organisation_id, role, deployment_id),
            registered_until=registered.expires_on if registered else None,
            reason=reason,
        )
    )
    row = Delegation(
        organisation_id=organisation_id,
        role=role,
        from_person_id=by.person_id,
        to_person_id=to.id,
        deployment_id=deployment_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        made_by=by.person_id,
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _note_delegation("delegation.made", row, by, at)
    notices.delegated(row, at)
    return row


def end_delegation(*, delegation: Delegation, on: date, by: Actor, at: datetime) -> None:
    """End a hand-over early, from a day on: whoever handed the work over, or whoever took it. Both are told."""
    if by.person_id not in (delegation.from_person_id, delegation.to_person_id):
        raise Refused.because("Only the two people of a hand-over end it.", code="other")
    if on < clock.london_date(at):
        raise Refused.because("It can end today or later: what was done in these days stays as it was.", code="past")
    if on > delegation.ends_on or (delegation.ended_on is not None and on >= delegation.ended_on):
        raise Refused.because("It has ended by then already.", code="ended")
    delegation.ended_on = on
    _note_delegation("delegation.ended", delegation, by, at)
    notices.delegation_ended(delegation, on, at)


def _note_delegation(kind: str, row: Delegation, by: Actor, at: datetime) -> None:
    record(
        kind, stream=stream_of(row.organisation_id), by=by, at=at, organisation_id=row.organisation_id, delegation=row.id,
        role=row.role.value, person=row.from_person_id, to=row.to_person_id, ends_on=row.ends_on.isoformat(),
    )  # fmt: skip


def change_password(*, person: Person, password_hash: str, by: Actor, at: datetime) -> None:
    """Keep a new password hash and end every session of the person, this one included."""
    person.password_hash = password_hash
    person.session_epoch += 1
    record("person.password_changed", stream=INSTANCE, by=by, at=at, person=person.id)


def say_how_to_raise_concerns(*, text: str, by: Actor, at: datetime) -> None:
    """Set what public pages say about raising a concern with the actor's organisation; empty brings our words back."""
    by.must(Permission.MANAGE_PEOPLE)
    row = db.session.get_one(Organisation, by.organisation_id)
    row.concerns = text.strip() or None
    record("organisation.concerns_set", stream=stream_of(row.id), by=by, at=at, organisation_id=row.id, text=text.strip())
