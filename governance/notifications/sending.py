"""The job behind a delivery. At least once, and once where the mail server says what it did: a sent one is left alone.

A worker claims the row, sends outside any transaction, then notes what came of it. "Not now" is tried again by the engine,
then each hour for three days; a "no" for good is not. Either stays visible until it is sent.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from governance import clock
from governance.database import db, read_only, transaction
from governance.errors import Fault, Refused
from governance.jobs import queue, schedule
from governance.notifications import letters, mail, operations, queries
from governance.notifications.directory import Recipient, directory
from governance.notifications.letters import Letter
from governance.notifications.models import Delivery

CLAIM = timedelta(minutes=5)  # a worker that has not come back by then is gone
EVERY = timedelta(hours=1)

letters_to_others: dict[str, Callable[[Delivery], tuple[Recipient, Letter] | None]] = {}
"""Who writes the letters to people who are no persons here, by the kind of delivery; None where it is no longer to be sent."""

FOR = timedelta(days=3)


class Busy(Exception):
    """Another worker is sending this now."""


def init(app: Flask) -> None:
    """Register the work. Raises Fault when SMTP_URL or MAIL_FROM is wrong, so that the start stops."""
    queue.handles(operations.KIND)(deliver)
    if again not in schedule.each_minute:
        schedule.each_minute.append(again)
    if app.config["SMTP_URL"]:
        mail.server(app.config["SMTP_URL"], app.config["MAIL_FROM"])


def deliver(job_id: int, progress: Callable[[int, str], None]) -> dict[str, Any]:
    """Send one e-mail, unless it was sent."""
    delivery_id = int(queue.payload_of(job_id)["delivery"])
    if not _claim(delivery_id, clock.now()):
        return {"delivery": delivery_id}
    try:
        made, to = _written(delivery_id)
        mail.send(made, to)
    except mail.Rejected as no:
        _failed(delivery_id, str(no), again=None)
        raise Refused.because(str(no), code="delivery.rejected") from None
    except mail.Unreached as no:
        _not_now(delivery_id, job_id, str(no))
        raise
    with transaction():
        row = db.session.get_one(Delivery, delivery_id)
        row.status, row.said, row.sent_at, row.claimed_at = "sent", "", clock.now(), None
    return {"delivery": delivery_id}


def again(at: datetime) -> None:
    """Hand over what is due for another try. Asked each minute by the worker."""
    with read_only():
        ids = list(queries.due_again(at))
    for delivery_id in ids:
        with transaction():
            row = db.session.get_one(Delivery, delivery_id, with_for_update=True)
            if row.status == "failed":
                operations.try_again(delivery=row, at=at)


def _claim(delivery_id: int, at: datetime) -> bool:
    """Take the row for this worker; False where it needs no sending. Raises Busy while another worker has it."""
    free = sa.or_(Delivery.claimed_at.is_(None), Delivery.claimed_at < at - CLAIM)
    take = sa.update(Delivery).where(Delivery.id == delivery_id, Delivery.status == "queued", free)
    with transaction():
        taken = db.session.execute(take.values(claimed_at=at, attempts=Delivery.attempts + 1).returning(Delivery.id)).first()
        status = db.session.scalar(sa.select(Delivery.status).where(Delivery.id == delivery_id))
    if taken is None and status == "queued":
        raise Busy(f"Delivery {delivery_id} is being sent by another worker.")
    return taken is not None


def _written(delivery_id: int) -> tuple[EmailMessage, mail.Server]:
    """The message as it is sent at every attempt, to the address that the person has now."""
    config = current_app.config
    with read_only() as session:
        row = session.get_one(Delivery, delivery_id)
        try:
            server = queries.server()
        except Fault:
            raise mail.Rejected("No mail server is set up.") from None
        to, letter = _to_person(row, row.person_id) if row.person_id is not None else _to_others(row)
        made = mail.message(
            to=to.address,
            name=to.name,
            sender=server.sender,
            product=config["PRODUCT_NAME"],
            subject=letter.subject,
            text=letter.text,
            message_id=row.message_id,
            made_at=row.queued_at,
        )
    return made, server


def _to_person(row: Delivery, person_id: int) -> tuple[Recipient, Letter]:
    to = directory().recipients([person_id]).get(person_id)
    if to is None:
        raise mail.Rejected("Their account is closed.")
    notices = queries.carried_by(row)
    return to, letters.letter(
        notices,
        kind=row.kind,
        subject=row.subject,
        organisations=directory().organisations({each.organisation_id for each in notices}),
        top=current_app.config["PUBLIC_URL"].rstrip("/"),
        product=current_app.config["PRODUCT_NAME"],
    )


def _to_others(row: Delivery) -> tuple[Recipient, Letter]:
    written = letters_to_others[row.kind](row)
    if written is None:
        raise mail.Rejected("What it was about has ended.")
    return written


def _not_now(delivery_id: int, job_id: int, said: str) -> None:
    """Note a "not now": the engine tries again shortly, or, after its last attempt, the hourly round does."""
    with read_only() as session:
        job, row = queue.job(job_id), session.get_one(Delivery, delivery_id)
        last, since = job is None or job.attempts >= queue.ATTEMPTS, row.queued_at
    at = clock.now()
    if last:
        _failed(delivery_id, said, again=at + EVERY if at - since < FOR else None)
        raise Refused.because(said, code="delivery.unreached") from None
    with transaction():
        row = db.session.get_one(Delivery, delivery_id)
        row.said, row.claimed_at = said, None


def _failed(delivery_id: int, said: str, *, again: datetime | None) -> None:
    with transaction():
        row = db.session.get_one(Delivery, delivery_id)
        row.status, row.said, row.again_at, row.claimed_at = "failed", said[:300], again, None
