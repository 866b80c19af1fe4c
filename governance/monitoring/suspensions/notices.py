"""Whom suspending and resuming is told, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from governance import clock
from governance.identity import queries as identity
from governance.identity.models import Person
from governance.monitoring.suspensions.models import Suspension, SuspensionRequest
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.register.models import Deployment

TOLD = (
    Role.CSO, Role.CLINICAL_LEAD, Role.SRO, Role.AUTHORISING_EXECUTIVE, Role.CALDICOTT_GUARDIAN, Role.SIRO, Role.DPO,
    Role.CCIO, Role.CISO, Role.DIGITAL_LEAD,
)  # fmt: skip
"""Everybody accountable and the digital leads; the AI lead of the care system besides."""
ASKED = (Role.CSO, Role.SRO, Role.AUTHORISING_EXECUTIVE)


def suspended(deployment: Deployment, suspension: Suspension, at: datetime) -> None:
    """Its use is suspended: what staff do instead comes first."""
    _everybody(
        deployment, "deployment.suspended",
        f"Suspended: {_what(deployment)}",
        f"Staff do this instead, from now on: {suspension.fallback}\n"
        "Sites confirm that use has stopped. The tool stays suspended until somebody accountable resumes it.",
        f"suspended:{suspension.id}", at,
    )  # fmt: skip


def resumed(deployment: Deployment, suspension: Suspension, at: datetime) -> None:
    """Its use may go on."""
    _everybody(
        deployment, "deployment.resumed",
        f"Resumed: {_what(deployment)}",
        f"Its use may go on. It is {deployment.standing.label.lower()} at {deployment.stage.label}.",
        f"resumed:{suspension.id}", at,
    )  # fmt: skip


def signed(deployment: Deployment, suspension: Suspension, role: Role, number: int, at: datetime) -> None:
    """The safety officer signed: whoever authorises comes next."""
    people = {person.id for person in _holders(deployment, (role,), clock.london_date(at))}
    _tell(
        deployment, people, "resumption.signed",
        f"Ready to resume: {_what(deployment)}",
        f"The clinical safety officer has signed. The {role.title} decides whether its use resumes.",
        f"resumption:{suspension.id}:{number}", at,
    )  # fmt: skip


def asked(deployment: Deployment, request: SuspensionRequest, asking: str, at: datetime) -> None:
    """Another organisation asks to suspend."""
    people = {person.id for person in _holders(deployment, ASKED, clock.london_date(at))}
    _tell(
        deployment, people, "suspension.asked",
        f"Asked to suspend: {_what(deployment)}",
        f"{asking} asks you to suspend its use. You decide: suspend it, or decline with a reason.",
        f"suspension-request:{request.id}", at,
    )  # fmt: skip


def answered(deployment: Deployment, request: SuspensionRequest, at: datetime) -> None:
    """Whoever asked reads the answer on their own organisation's page."""
    asking = identity.organisation(request.asked_by_organisation_id)
    word = "Suspended" if request.status == "suspended" else "Not suspended"
    tell(
        person_ids=[request.asked_by],
        organisation_id=asking.id,
        kind="suspension.answered",
        subject=f"{word}, as you asked about: {_what(deployment)}" if word == "Suspended" else f"{word}: {_what(deployment)}",
        body=f"{deployment.organisation.name} has answered what you asked on this tool.",
        path=notifications.path("suspensions.ask", organisation=asking.code, reference=deployment.reference),
        key=f"suspension-answer:{request.id}",
        at=at,
    )


def _what(deployment: Deployment) -> str:
    return f"{deployment.tool.name} at {deployment.organisation.name}"


def _everybody(deployment: Deployment, kind: str, subject: str, body: str, key: str, at: datetime) -> None:
    """Whoever is accountable, and the AI lead of the care system, who reads the page for partners."""
    on = clock.london_date(at)
    own = {person.id for person in _holders(deployment, TOLD, on)}
    _tell(deployment, own, kind, subject, body, key, at)
    seen = notifications.path("sharing.tool", reference=deployment.reference)
    _tell(deployment, identity.ai_leads(deployment.organisation_id, on) - own, kind, subject, body, key, at, path=seen)


def _holders(deployment: Deployment, roles: Iterable[Role], on: date) -> list[Person]:
    return [
        person
        for role in roles
        for person in identity.holders(deployment.organisation_id, role, on, deployment_id=deployment.id)
    ]


def _tell(
    deployment: Deployment, people: Iterable[int], kind: str, subject: str, body: str, key: str, at: datetime, path: str = ""
) -> None:
    where = {"organisation": deployment.organisation.code, "reference": deployment.reference}
    tell(
        person_ids=people, organisation_id=deployment.organisation_id, kind=kind, subject=subject, body=body,
        path=path or notifications.path("deployments.deployment", **where), key=key, at=at,
    )  # fmt: skip
