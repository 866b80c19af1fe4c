"""Whom an approved safety case report is told, and in which words."""

from datetime import datetime

from governance.assessment.safety_cases.models import SafetyCase
from governance.assessment.safety_cases.texts import PHASE_WORDS
from governance.permissions import Actor, Role
from governance.register import notices as register
from governance.register.models import Deployment


def approved(deployment: Deployment, case: SafetyCase, by: Actor, at: datetime) -> None:
    """The digital lead and the clinical lead, who made the log it stands on."""
    register.say(
        deployment,
        people=register.holders(deployment, (Role.DIGITAL_LEAD, Role.CLINICAL_LEAD), at),
        by=by,
        kind="safety_case.approved",
        subject=f"Safety case report approved: {register.named(deployment)}",
        body=f"Revision {case.revision}, for the {PHASE_WORDS[case.phase].lower()} phase.",
        page=register.path(deployment, "safety_cases.revision", reference=deployment.reference, number=case.revision),
        key=f"safety-case:{case.id}",
        at=at,
    )


def written(deployment: Deployment, case: SafetyCase, by: Actor, at: datetime) -> None:
    """The other clinical safety officers: one of them approves it."""
    register.say(
        deployment,
        people=register.holders(deployment, (Role.CSO,), at),
        by=by,
        kind="safety_case.written",
        subject=f"Safety case report to approve: {register.named(deployment)}",
        body=f"Revision {case.revision} is written.",
        page=register.path(deployment, "safety_cases.revision", reference=deployment.reference, number=case.revision),
        key=f"safety-case-written:{case.id}",
        at=at,
    )
