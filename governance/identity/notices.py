"""Whom an appointment and a hand-over is told, and in which words."""

from datetime import date, datetime

from governance.database import db
from governance.identity import queries
from governance.identity.models import Appointment, Delegation, Person
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


def delegated(row: Delegation, at: datetime) -> None:
    """Work was handed over: the one knows that it is settled, the other from when it is with them."""
    giver, taker = _both(row)
    days = f"From {long_date(row.starts_on)} to {long_date(row.ends_on)}"
    _tell_both(
        row, "delegation.made", at, "made",
        giver=(f"{taker.name} acts for you as {row.role.title} at {_where(row)}", f"{days}. You may still act yourself."),
        taker=(f"You act for {giver.name} as {row.role.title} at {_where(row)}", f"{days}. You sign under your own appointment."),
    )  # fmt: skip


def delegation_ended(row: Delegation, on: date, at: datetime) -> None:
    """A hand-over was ended early."""
    giver, taker = _both(row)
    body = f"It ends on {long_date(on)}. What was signed in these days stays as it was signed."
    _tell_both(
        row, "delegation.ended", at, f"ended:{on.isoformat()}",
        giver=(f"{taker.name} no longer acts for you as {row.role.title} at {_where(row)}", body),
        taker=(f"You no longer act for {giver.name} as {row.role.title} at {_where(row)}", body),
    )  # fmt: skip


def _both(row: Delegation) -> tuple[Person, Person]:
    return db.session.get_one(Person, row.from_person_id), db.session.get_one(Person, row.to_person_id)


def _tell_both(
    row: Delegation, kind: str, at: datetime, key: str, *, giver: tuple[str, str], taker: tuple[str, str]
) -> None:
    for person_id, (subject, body) in ((row.from_person_id, giver), (row.to_person_id, taker)):
        tell(
            person_ids=[person_id], organisation_id=row.organisation_id, kind=kind, subject=subject, body=body,
            path=notifications.path("appointments.mine"), key=f"delegation:{row.id}:{key}", at=at,
        )  # fmt: skip


def _where(row: Appointment | Delegation) -> str:
    return queries.organisation_name(row.organisation_id)


def _tell(row: Appointment, kind: str, subject: str, body: str, key: str, at: datetime) -> None:
    tell(
        person_ids=[row.person_id], organisation_id=row.organisation_id, kind=kind, subject=subject, body=body,
        path=notifications.path("identity.account"), key=f"appointment:{row.id}:{key}", at=at,
    )  # fmt: skip
