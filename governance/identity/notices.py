"""Whom an appointment is told, and in which words."""

from datetime import date, datetime

from governance.identity import queries
from governance.identity.models import Appointment
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.web.wording import long_date


def appointed(row: Appointment, at: datetime) -> None:
    """Somebody holds an accountable role now, or from a day on."""
    _tell(
        row, "appointment.made", f"You are appointed {row.role.title} at {_where(row)}",
        f"{'For one tool, from' if row.deployment_id else 'From'} {long_date(row.starts_on)} to {long_date(row.ends_on)}.",
        "made", at,
    )  # fmt: skip


def ended(row: Appointment, on: date, at: datetime) -> None:
    """An appointment was ended early."""
    _tell(
        row, "appointment.ended", f"Your appointment as {row.role.title} at {_where(row)} ends",
        f"It ends on {long_date(on)}. What you signed before stays as you signed it.",
        f"ended:{on.isoformat()}", at,
    )  # fmt: skip


def _where(row: Appointment) -> str:
    return queries.organisation_name(row.organisation_id)


def _tell(row: Appointment, kind: str, subject: str, body: str, key: str, at: datetime) -> None:
    tell(
        person_ids=[row.person_id], organisation_id=row.organisation_id, kind=kind, subject=subject, body=body,
        path=notifications.path("identity.account"), key=f"appointment:{row.id}:{key}", at=at,
    )  # fmt: skip
