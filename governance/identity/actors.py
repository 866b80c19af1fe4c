"""Making the Actor of a request: a person in the organisation that the URL names, never an ambient one."""

from dataclasses import replace
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


def actor_anywhere(person_id: int, at: datetime) -> Actor:
    """The person with everything they hold in their own right, for pages that belong to no organisation.

    In a single organisation they act in it; in several, in none: they may read, and nothing is written in their name there.
    """
    nowhere = actor_for(person_id, None, at)
    own = queries.own_organisations_of(person_id, nowhere.on)
    if len(own) == 1:
        return actor_for(person_id, own[0].code, at)
    held = [each for organisation in own for each in queries.held_in(person_id, organisation.id, nowhere.on)]
    return replace(nowhere, held=tuple(held))
