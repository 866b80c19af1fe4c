"""Telling people. The notice, the delivery and its job are rows of the business transaction that they are about."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from sqlalchemy.exc import IntegrityError

from governance.database import db
from governance.jobs import queue
from governance.notifications import queries, rules
from governance.notifications.models import Delivery, Notice
from governance.permissions import SYSTEM

KIND = "deliver"


def tell(
    *, person_ids: Iterable[int], organisation_id: int, kind: str, subject: str, body: str, path: str, key: str,
    at: datetime,
) -> int:  # fmt: skip
    """Tell people one thing about one organisation; returns to how many it was new.

    Each is told once for a `key`, however often this is called. `kind` is as an audit kind ("submission.submitted"),
    `subject` says what and which tool, `path` is the page it is about, from the root (`queries.path`). Who wants to be
    told at once has a delivery queued here; the others find it in their digest, or on their page alone.
    """
    asked = sorted(set(person_ids))
    already = queries.told(asked, key)
    wanted = queries.preferences(asked)
    new = 0
    for person_id in asked:
        if person_id in already:
            continue
        notice = Notice(
            person_id=person_id,
            organisation_id=organisation_id,
            key=key,
            kind=kind,
            subject=rules.one_line(subject, 200),
            body=body.strip(),
            path=path,
            at=at,
            delivery=wanted.get(person_id, rules.DEFAULT),
        )
        if not _added(notice):
            continue
        new += 1
        if notice.delivery == "at_once" and queries.mail_is_set_up():
            row = queue_delivery(key=f"notice:{notice.id}", person_id=person_id, kind="notice", subject=notice.subject, at=at)
            notice.delivery_id = row.id
    db.session.flush()
    return new


def queue_delivery(*, key: str, person_id: int, kind: str, subject: str, at: datetime) -> Delivery:
    """Write one e-mail to be sent, and the job that sends it. Its Message-ID is fixed here, for every attempt."""
    row = Delivery(
        key=key,
        person_id=person_id,
        kind=kind,
        message_id=f"<{secrets.token_hex(16)}@{current_app.config['MAIL_FROM'].rpartition('@')[2]}>",
        subject=subject,
        status="queued",
        queued_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _enqueue(row, at)
    return row


def _enqueue(row: Delivery, at: datetime) -> None:
    queue.enqueue(kind=KIND, key=f"{KIND}:{row.id}", payload={"delivery": row.id}, organisation_id=None, by=SYSTEM, at=at)


def _added(notice: Notice) -> bool:
    """Whether the row is new: another transaction may have told the same person the same meanwhile."""
    try:
        with db.session.begin_nested():
            db.session.add(notice)
    except IntegrityError:
        if notice.person_id in queries.told([notice.person_id], notice.key):
            return False
        raise
    return True
