"""Making the Actor of a request: a person in the organisation that the URL names, never an ambient one."""

from datetime import datetime

from governance import clock
from governance.database import db
from governance.errors import NotVisible
from governance.identity import queries
from governance.identity.models import Person
from governance.permissions import Actor


def actor_for(person_id: int, organisation_code: str | None, at: datetime) -> Actor:
    """The person as they may act in the organisation at this moment. Without a code: the person, in none.

    Raises NotVisible where they hold nothing there, so that a foreign organisation looks like none at all.
    """
    person = db.session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        raise NotVisible()
    on = clock.london_date(at)
    registration = queries.registration_of(person.id)
    if organisation_code is None:
        return Actor(kind="person", person_id=person.id, name=person.name, registration=registration, on=on)
    organisation = queries.organisation_by_code(organisation_code)
    held = queries.held_in(person.id, organisation.id, on)
    if not held:
        raise NotVisible()
    return Actor(
        kind="person",
        person_id=person.id,
        name=person.name,
        organisation_id=organisation.id,
        organisation_code=organisation.code,
        scope=queries.scope_of(organisation),
        held=held,
        registration=registration,
        on=on,
    )
