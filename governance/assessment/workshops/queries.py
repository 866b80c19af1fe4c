"""Reading the workshops of a deployment."""

from typing import Any

import sqlalchemy as sa

from governance.assessment.evidence.models import Evidence
from governance.assessment.workshops import rules
from governance.assessment.workshops.models import Workshop
from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.register.models import Deployment

Line = tuple[Workshop, str, Evidence | None]
"""A workshop, who recorded it, and the minutes as a file where there is one."""


def workshops(deployment: Deployment) -> list[Line]:
    """Every workshop, the newest first, in one query."""
    return [(row[0], row[1], row[2]) for row in db.session.execute(_lines(deployment))]


def workshop(deployment: Deployment, number: int) -> Line:
    """One workshop. Raises NotVisible."""
    found = db.session.execute(_lines(deployment).where(Workshop.number == number)).first()
    if found is None:
        raise NotVisible()
    return found[0], found[1], found[2]


def last_number(deployment: Deployment) -> int:
    """The highest number given so far; 0 where there is none."""
    query = sa.select(sa.func.max(Workshop.number)).where(Workshop.deployment_id == deployment.id)
    return db.session.scalar(query) or 0


def content(deployment: Deployment) -> list[dict[str, Any]]:
    """Every workshop as packs and safety case reports hold it, the oldest first."""
    query = sa.select(Workshop).where(Workshop.deployment_id == deployment.id).order_by(Workshop.number)
    return [rules.content(each) for each in db.session.scalars(query)]


def _lines(deployment: Deployment) -> sa.Select[Workshop, str, Evidence]:
    return (
        sa.select(Workshop, Person.name, Evidence)
        .join(Person, Person.id == Workshop.recorded_by)
        .outerjoin(Evidence, Evidence.id == Workshop.evidence_id)
        .where(Workshop.deployment_id == deployment.id)
        .order_by(Workshop.number.desc())
    )
