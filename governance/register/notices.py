"""Telling people of a deployment: how it is called, who holds a role for it, and never whoever did it themselves."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from governance import clock
from governance.identity import delegations
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Actor, Role
from governance.register.models import Deployment


def named(deployment: Deployment) -> str:
    """The tool and where it is, for a subject line."""
    return f"{deployment.tool.name} at {deployment.organisation.name}"


def holders(deployment: Deployment, roles: Iterable[Role], at: datetime) -> set[int]:
    """Ids of the people who hold one of these roles for a deployment on the day; who hands it over is left out."""
    on = clock.london_date(at)
    return {
        person.id
        for role in roles
        for person in delegations.at_work(deployment.organisation_id, role, on, deployment_id=deployment.id)
    }


def path(deployment: Deployment, endpoint: str = "deployments.deployment", **values: Any) -> str:
    """A page about a deployment: its own unless another is named."""
    values = values or {"reference": deployment.reference}
    return notifications.path(endpoint, organisation=deployment.organisation.code, **values)


def say(
    deployment: Deployment, *, people: Collection[int], by: Actor, kind: str, subject: str, body: str, page: str, key: str,
    at: datetime,
) -> None:  # fmt: skip
    """Tell people, except whoever did it."""
    tell(
        person_ids={each for each in people if each != by.person_id},
        organisation_id=deployment.organisation_id,
        kind=kind,
        subject=subject,
        body=body,
        path=page,
        key=key,
        at=at,
    )
