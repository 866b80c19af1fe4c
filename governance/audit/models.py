"""Streams, events and payloads of the chain."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, UtcDateTime


class AuditStream(Model):
    """The head of one stream: `deployment:12`, `organisation:3`, `tool:7` or `instance:0`."""

    __tablename__ = "audit_stream"

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(sa.String(64), default="")


class AuditEvent(Model):
    """One chained record. `rows` is a list of [table, id, sha256]; `hash` covers everything but the payload itself."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.UniqueConstraint("stream", "position"),
        {"info": {"audit": None, "triggers": "grow-only"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(sa.String(60))
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    person_id: Mapped[int | None]
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(sa.String(60), index=True)
    payload_digest: Mapped[str] = mapped_column(sa.String(64))
    rows: Mapped[list[Any]] = mapped_column(Json)
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditPayload(Model):
    """What an event says in detail. Deleted by a redaction, which is an event of its own."""

    __tablename__ = "audit_payload"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_event.id"), primary_key=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
