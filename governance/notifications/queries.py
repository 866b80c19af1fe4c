"""Finding what people were told, how they want to be, and what could not be sent."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from governance.database import db
from governance.errors import NotVisible
from governance.notifications import mail, rules
from governance.notifications.directory import directory
from governance.notifications.models import Delivery, Notice, NoticePreference
from governance.notifications.rules import Preference
from governance.permissions import Actor

PAGE = 20
LOST_AFTER = timedelta(hours=1)
REMINDER = "reminder.due"
WAITS_AT_MOST = timedelta(days=31)  # what is older is no news for a digest, for example after mail was first set up


def mail_is_set_up() -> bool:
    """Whether this instance can send e-mail at all (SMTP_URL). Without it notices stay on pages."""
    return bool(current_app.config["SMTP_URL"])


def server() -> mail.Server:
    """The mail server of this instance. Raises Fault where it is not set up."""
    return mail.server(current_app.config["SMTP_URL"], current_app.config["MAIL_FROM"])


def path(endpoint: str, **values: Any) -> str:
    """The path of a page from the root of the product, in commands and jobs too, where there is no request."""
    return current_app.url_map.bind("").build(endpoint, values)


def told(person_ids: Collection[int], key: str) -> set[int]:
    """Which of these people were told what has this key."""
    query = sa.select(Notice.person_id).where(Notice.key == key, Notice.person_id.in_(person_ids))
    return set(db.session.scalars(query))


def reminded(at: datetime) -> set[str]:
    """Keys of every reminder of the last months: longer than any ladder with what follows it."""
    query = sa.select(Notice.key).where(Notice.kind == REMINDER, Notice.at > at - timedelta(days=180))
    return set(db.session.scalars(query.distinct()))


def preferences(person_ids: Collection[int]) -> dict[int, Preference]:
    """How people chose to be told; who never chose is not in it."""
    query = sa.select(NoticePreference.person_id, NoticePreference.delivery)
    rows = db.session.execute(query.where(NoticePreference.person_id.in_(person_ids)))
    return {each.person_id: each.delivery for each in rows}


def preference(person_id: int) -> Preference:
    """How one person wants to be told."""
    return preferences([person_id]).get(person_id, rules.DEFAULT)


def mine(person_id: int, *, before: int | None, limit: int) -> Sequence[tuple[Notice, Delivery | None]]:
    """What a person was told, newest first, with the e-mail it went in."""
    query = sa.select(Notice, Delivery).outerjoin(Delivery, Delivery.id == Notice.delivery_id)
    query = query.where(Notice.person_id == person_id)
    if before is not None:
        told = sa.select(Notice.at).where(Notice.id == before, Notice.person_id == person_id).scalar_subquery()
        query = query.where(sa.or_(Notice.at < told, sa.and_(Notice.at == told, Notice.id < before)))
    rows = db.session.execute(query.order_by(Notice.at.desc(), Notice.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]


def delivery(key: str) -> Delivery | None:
    """The e-mail with this key, if one was ever queued."""
    return db.session.scalar(sa.select(Delivery).where(Delivery.key == key))


def carried_by(delivery: Delivery) -> Sequence[Notice]:
    """The notices that one e-mail holds, oldest first."""
    return db.session.scalars(sa.select(Notice).where(Notice.delivery_id == delivery.id).order_by(Notice.id)).all()


def waiting_for_digest(at: datetime) -> dict[int, list[Notice]]:
    """Notices that no e-mail has carried yet, by person, oldest first."""
    query = sa.select(Notice).where(Notice.delivery == "digest", Notice.delivery_id.is_(None), Notice.at > at - WAITS_AT_MOST)
    found: dict[int, list[Notice]] = {}
    for each in db.session.scalars(query.order_by(Notice.person_id, Notice.id)):
        found.setdefault(each.person_id, []).append(each)
    return found


def failed(person_ids: Collection[int] | None, *, before: int | None, limit: int) -> Sequence[Delivery]:
    """E-mails that could not be sent, newest first: to these people, or to anybody (None, for the operator)."""
    query = sa.select(Delivery).where(Delivery.status == "failed")
    if person_ids is not None:
        query = query.where(Delivery.person_id.in_(person_ids))
    if before is not None:
        query = query.where(Delivery.id < before)
    return db.session.scalars(query.order_by(Delivery.id.desc()).limit(limit)).all()


def failed_here(delivery_id: int, by: Actor) -> Delivery:
    """One e-mail to somebody of the actor's own organisation. Raises NotVisible."""
    row = db.session.get(Delivery, delivery_id)
    if row is None or row.person_id not in directory().colleagues(by):
        raise NotVisible()
    return row


def due_again(at: datetime) -> Sequence[int]:
    """Ids of failed e-mails whose next try is due, oldest first."""
    query = sa.select(Delivery.id).where(Delivery.status == "failed", Delivery.again_at <= at)
    return db.session.scalars(query.order_by(Delivery.id).limit(200)).all()
