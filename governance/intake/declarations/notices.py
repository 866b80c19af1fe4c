"""Whom a declaration is told, and in which words."""

from __future__ import annotations

from datetime import date, datetime

from governance import clock
from governance.identity import delegations
from governance.identity import queries as people
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.register.models import Deployment
from governance.web.wording import long_date


def declared(*, deployment: Deployment, due_on: date, at: datetime) -> None:
    """An interim decision is due: the clinical safety officer reads first."""
    who = delegations.at_work(deployment.organisation_id, Role.CSO, clock.london_date(at), deployment.id)
    name = people.organisation(deployment.organisation_id)
    tell(
        person_ids=[person.id for person in who],
        organisation_id=deployment.organisation_id,
        kind="declaration.made",
        subject=f"Declared as in use: {deployment.tool.name} at {name.name}",
        body=(
            f"Nobody has assured it here. By {long_date(due_on)} it is decided whether it may go on meanwhile. You"
            " recommend, then the authorising executive decides."
        ),
        path=notifications.path("interim.declaration", organisation=name.code, reference=deployment.reference),
        key=f"declared:{deployment.reference}",
        at=at,
    )
