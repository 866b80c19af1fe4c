"""Reading the audit stream of a deployment, for its page and for reports: one query for a page, one for names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.approval import blind
from governance.audit.models import AuditEvent, AuditPayload, AuditStream
from governance.database import db
from governance.identity.models import Person
from governance.register.models import Deployment
from governance.reports.material import Event, Trail

PAGE = 50
KINDS = {
    "system": "The system",
    "operator": "The operator",
    "public": "A member of the public",
    "token": "A token",
    "supplier_contact": "The supplier’s contact",
}


def stream_of(deployment: Deployment) -> str:
    """The name of a deployment's stream."""
    return f"deployment:{deployment.id}"


def page(deployment: Deployment, *, before: int | None = None, limit: int = PAGE) -> list[Event]:
    """Events of a deployment, newest first, one page and one more. `before` is the position of the last one shown."""
    query = _events(stream_of(deployment)).order_by(AuditEvent.position.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(AuditEvent.position < before)
    return _named(db.session.execute(query).all(), blind.unseen(deployment))


def head(deployment: Deployment) -> tuple[int, str]:
    """Position and hash of the newest event; nought and an empty hash where there is none."""
    row = db.session.get(AuditStream, stream_of(deployment))
    return (row.position, row.head) if row else (0, "")


def up_to(deployment: Deployment, at: datetime) -> Trail:
    """The whole stream as it was at a moment, oldest first. Later events are left out, so that it reads the same again."""
    stream = stream_of(deployment)
    last = db.session.scalar(sa.select(sa.func.max(AuditEvent.position)).where(AuditEvent.stream == stream, AuditEvent.at <= at))
    query = _events(stream).where(AuditEvent.position <= (last or 0)).order_by(AuditEvent.position)
    events = _named(db.session.execute(query).all(), blind.unseen(deployment))
    return Trail(stream, last or 0, events[-1].hash if events else "", tuple(events))


def _events(stream: str) -> sa.Select[Any]:
    return (
        sa.select(AuditEvent, AuditPayload.payload, AuditPayload.event_id.is_(None))
        .outerjoin(AuditPayload, AuditPayload.event_id == AuditEvent.id)
        .where(AuditEvent.stream == stream)
    )


def _named(rows: Sequence[Any], unseen: Collection[int]) -> list[Event]:
    """`unseen` are sign-offs whose outcome nobody is shown yet: their events say that somebody signed, and no more."""
    names = _names(row[0].person_id for row in rows if row[0].person_id is not None)
    return [_veiled(_event(row[0], None if row[2] else row[1] or {}, names), unseen) for row in rows]


def _veiled(event: Event, unseen: Collection[int]) -> Event:
    said = event.payload or {}
    if event.kind != "sign_off.sealed" or said.get("sign_off") not in unseen:
        return event
    return replace(event, kind="sign_off.unseen", payload={name: said.get(name) for name in ("role", "act")})


def _event(event: AuditEvent, payload: dict[str, Any] | None, names: dict[int, str]) -> Event:
    who = names.get(event.person_id or 0) or KINDS.get(event.actor_kind, event.actor_kind)
    return Event(event.position, event.at, who, event.kind, payload, event.hash)


def _names(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {row[0]: row[1] for row in db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))}
