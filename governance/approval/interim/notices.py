"""Whom an interim decision is told, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from governance import clock
from governance.approval.interim.models import InterimDecision
from governance.approval.interim.rules import OUTCOMES
from governance.identity import delegations
from governance.identity import queries as people
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.register.models import Deployment
from governance.web.wording import long_date


def recommended(deployment: Deployment, outcome: str, due_on: date, at: datetime) -> None:
    """The safety officer has signed: the executive decides."""
    said = OUTCOMES[outcome][0].lower() + OUTCOMES[outcome][1:]
    _tell(
        deployment, (Role.AUTHORISING_EXECUTIVE,), "declaration.recommended",
        f"Interim decision awaited: {_what(deployment)}",
        f"The clinical safety officer recommends: {said}. You decide by {long_date(due_on)}.",
        "recommended", at,
    )  # fmt: skip


def decided(deployment: Deployment, decision: InterimDecision, at: datetime) -> None:
    """The executive has decided: whoever uses and watches it must know."""
    due = decision.submission_due_on
    after = f" Its re-assurance is to be submitted by {long_date(due)}." if due else ""
    _tell(
        deployment, (Role.DIGITAL_LEAD, Role.CSO, Role.CLINICAL_LEAD, Role.SRO), "declaration.decided",
        f"{OUTCOMES[decision.outcome]}: {_what(deployment)}",
        f"{decision.text}{after} It is not assured by this.",
        "interim-decided", at,
    )  # fmt: skip


def overdue(deployment: Deployment, due_on: date, at: datetime) -> None:
    """No interim decision by its day."""
    _tell(
        deployment, (Role.CSO, Role.AUTHORISING_EXECUTIVE), "declaration.overdue",
        f"Interim decision overdue: {_what(deployment)}",
        f"It was due on {long_date(due_on)}. It is in use and not assured.",
        "interim-overdue", at,
    )  # fmt: skip


def not_submitted(deployment: Deployment, due_on: date, at: datetime) -> None:
    """No re-assurance by the day that the executive set."""
    _tell(
        deployment, (Role.DIGITAL_LEAD, Role.CSO, Role.AUTHORISING_EXECUTIVE), "declaration.not_submitted",
        f"Re-assurance overdue: {_what(deployment)}",
        f"It was to be submitted by {long_date(due_on)}. It is in use and not assured.",
        "re-assurance-overdue", at,
    )  # fmt: skip


def _what(deployment: Deployment) -> str:
    return f"{deployment.tool.name} at {people.organisation_name(deployment.organisation_id)}"


def _tell(
    deployment: Deployment, roles: Iterable[Role], kind: str, subject: str, body: str, key: str, at: datetime
) -> None:
    on = clock.london_date(at)
    who = {
        person.id for role in roles for person in delegations.at_work(deployment.organisation_id, role, on, deployment.id)
    }
    code = people.organisation(deployment.organisation_id).code
    tell(
        person_ids=who,
        organisation_id=deployment.organisation_id,
        kind=kind,
        subject=subject,
        body=body,
        path=notifications.path("interim.declaration", organisation=code, reference=deployment.reference),
        key=f"{key}:{deployment.reference}",
        at=at,
    )
