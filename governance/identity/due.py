"""What this room does once a day: remind of appointments and professional registrations that end."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa

from governance.database import db
from governance.identity import queries
from governance.identity.models import Appointment, Person, ProfessionalRegistration
from governance.identity.reminders import EXPIRES, Round
from governance.notifications import queries as notifications
from governance.permissions import Role


def run(*, at: datetime) -> list[str]:
    """Remind each person, and the administrators who can renew it. Running it again tells nobody twice."""
    today = Round(at)
    return [*_appointments(today), *_registrations(today)]


def _appointments(today: Round) -> list[str]:
    query = sa.select(Appointment, Person).join(Person, Person.id == Appointment.person_id)
    query = query.where(Appointment.ended_on.is_(None), Appointment.ends_on.between(today.begins, today.ends))
    found = []
    for row, person in db.session.execute(query.order_by(Appointment.id)):
        later = sa.select(Appointment.id).where(
            Appointment.organisation_id == row.organisation_id, Appointment.role == row.role,
            Appointment.deployment_id.is_not_distinct_from(row.deployment_id), Appointment.ends_on > row.ends_on,
            Appointment.ended_on.is_(None),
        )  # fmt: skip
        if db.session.scalar(later.limit(1)) is None:
            found += today.remind(
                matter=f"Appointment of {person.name} as {row.role.title}",
                ends_on=row.ends_on,
                people=partial(_told, row.person_id, row.organisation_id, today),
                organisation_id=row.organisation_id,
                path=notifications.path("identity.account"),
                key=f"appointment:{row.id}",
                since=row.starts_on,
                body="Nobody is appointed after that yet.",
            )
    return found


def _registrations(today: Round) -> list[str]:
    """The latest registration of everybody with an appointment, in each organisation where they hold one."""
    newest = sa.select(sa.func.max(ProfessionalRegistration.id)).group_by(ProfessionalRegistration.person_id)
    query = (
        sa.select(ProfessionalRegistration, Person, Appointment.organisation_id)
        .join(Person, Person.id == ProfessionalRegistration.person_id)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            ProfessionalRegistration.id.in_(newest),
            ProfessionalRegistration.expires_on.between(today.begins, today.ends),
            Appointment.starts_on <= today.on, Appointment.ends_on >= today.on,
            sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on > today.on),
        )
        .distinct()
        .order_by(ProfessionalRegistration.id, Appointment.organisation_id)
    )  # fmt: skip
    found = []
    for row, person, organisation_id in db.session.execute(query):
        found += today.remind(
            matter=f"Registration of {person.name} ({row.body})",
            ends_on=row.expires_on,
            people=partial(_told, row.person_id, organisation_id, today),
            organisation_id=organisation_id,
            path=notifications.path("identity.account"),
            key=f"registration:{row.id}:{organisation_id}",
            verbs=EXPIRES,
            body="Nobody signs as a clinician with an expired registration.",
        )
    return found


def _told(person_id: int, organisation_id: int, today: Round) -> set[int]:
    administrators = queries.holders(organisation_id, Role.ORGANISATION_ADMINISTRATOR, today.on)
    return {person_id, *(person.id for person in administrators)}
