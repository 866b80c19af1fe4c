"""Whom an overdue task of decommissioning is told, and in which words."""

from __future__ import annotations

from datetime import datetime

from governance import clock
from governance.identity import delegations
from governance.identity import queries as identity
from governance.monitoring.endings.queries import Open
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.web.wording import long_date


def overdue(task: Open, at: datetime) -> int:
    """Tell whoever owns it and the digital leads, once for each day it was due on; returns how many were told."""
    on, code = clock.london_date(at), identity.organisation(task.organisation_id).code
    people = {
        person.id
        for role in (Role(task.owner_role), Role.DIGITAL_LEAD)
        for person in delegations.at_work(task.organisation_id, role, on, deployment_id=task.deployment_id)
    }
    return tell(
        person_ids=people,
        organisation_id=task.organisation_id,
        kind="decommission_task.overdue",
        subject=f"Overdue since {long_date(task.due_on)}: task {task.number} of ending {task.tool}",
        body=f"{task.text}\nIt belongs to the {Role(task.owner_role).title}.",
        path=notifications.path("endings.ending", organisation=code, reference=task.reference),
        key=f"decommission-task:{task.id}:{task.due_on.isoformat()}",
        at=at,
    )
