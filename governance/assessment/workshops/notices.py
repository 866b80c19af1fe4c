"""Whom a recorded workshop is told, and in which words."""

from datetime import datetime

from governance.assessment.workshops.models import Workshop
from governance.permissions import Actor, Role
from governance.register import notices as register
from governance.register.models import Deployment
from governance.web.wording import long_date


def recorded(deployment: Deployment, workshop: Workshop, by: Actor, at: datetime) -> None:
    """The clinical safety officer, who answers for the analysis, reads it."""
    register.say(
        deployment,
        people=register.holders(deployment, (Role.CSO,), at),
        by=by,
        kind="workshop.recorded",
        subject=f"Hazard workshop recorded: {register.named(deployment)}",
        body=f"Workshop {workshop.number}, held on {long_date(workshop.held_on)}.",
        page=register.path(deployment, "workshops.show", reference=deployment.reference, number=workshop.number),
        key=f"workshop:{workshop.id}",
        at=at,
    )
