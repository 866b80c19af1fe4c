"""Whom a frozen version of the hazard log is told, and in which words."""

from datetime import datetime

from governance.assessment.hazards.models import HazardLogVersion
from governance.permissions import Actor, Role
from governance.register import notices as register
from governance.register.models import Deployment
from governance.web.wording import plural


def awaits_approval(deployment: Deployment, version: HazardLogVersion, by: Actor, at: datetime) -> None:
    """The clinical safety officer reads and approves it."""
    register.say(
        deployment,
        people=register.holders(deployment, (Role.CSO,), at),
        by=by,
        kind="hazard_log_version.made",
        subject=f"Hazard log to approve: {register.named(deployment)}",
        body=f"Version {version.number} is frozen, with {plural(len(version.content), 'hazard')}.",
        page=register.path(
            deployment, "hazards.versions.show", reference=deployment.reference, number=version.number
        ),
        key=f"hazard-log-version:{version.id}",
        at=at,
    )
