"""What this room does once a day: remind of local reviews of hazards that come due."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa

from governance.assessment.hazards.models import Hazard
from governance.database import db
from governance.identity.reminders import IS_DUE, Round
from governance.lifecycle import Standing
from governance.permissions import Role
from governance.register import notices as register
from governance.register.models import Deployment


def run(*, at: datetime) -> list[str]:
    """Remind the clinical safety officer and the digital lead, while the tool has not ceased. Nobody is told twice."""
    today, found = Round(at), []
    query = (
        sa.select(Hazard, Deployment)
        .join(Deployment, Deployment.id == Hazard.deployment_id)
        .where(Hazard.review_on.between(today.begins, today.ends), Deployment.standing != Standing.CEASED)
        .order_by(Hazard.id)
    )
    for hazard, deployment in db.session.execute(query):
        assert hazard.review_on is not None
        found += today.remind(
            matter=f"Local review of hazard {hazard.number} of {register.named(deployment)}",
            ends_on=hazard.review_on,
            people=partial(register.holders, deployment, (Role.CSO, Role.DIGITAL_LEAD), at),
            organisation_id=hazard.organisation_id,
            path=register.path(deployment, "hazards.show", reference=deployment.reference, number=hazard.number),
            key=f"hazard:{hazard.id}",
            verbs=IS_DUE,
            body="Look at it again here, then set the next date.",
        )
    return found
