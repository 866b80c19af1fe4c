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
    """What an event says in detail. A redaction, which is an event of its own, can take texts out of it."""

    __tablename__ = "audit_payload"
    __table_args__ = ({"info": {"triggers": "grow-only"}},)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_event.id"), primary_key=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)


class Redaction(Model):
    """Patient details that somebody typed were taken out of one column of one row, or out of one event's payload.

    Who, why and when stay, and the SHA-256 of the whole row before and after, so that the chain still verifies.
    `row_id` of table "audit_payload" is the event's id, whose digests are the payload's. `column_name` "file" is the stored
    file of the row. `marker` is what stands in the text's place. `content_before` and `content_after` are there where the
    row keeps a digest of its own content, which the content no longer gives: what it gave and what it gives. `seal` is there
    where the row was sealed: the house's key over the row as it reads now, made while the first seal still held.
    """

    __tablename__ = "redaction"
    __table_args__ = (
        sa.Index("ix_redaction_of", "table_name", "row_id"),
        {"info": {"audit": "grow-only"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(sa.String(60))
    row_id: Mapped[int]
    column_name: Mapped[str] = mapped_column(sa.String(60))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    before_digest: Mapped[str] = mapped_column(sa.String(64))
    after_digest: Mapped[str] = mapped_column(sa.String(64))
    marker: Mapped[str] = mapped_column(sa.String(80))
    content_before: Mapped[str | None] = mapped_column(sa.String(64))
    content_after: Mapped[str | None] = mapped_column(sa.String(64))
    key_id: Mapped[str | None] = mapped_column(sa.String(16))
    seal: Mapped[str | None] = mapped_column(sa.String(100))
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_by: Mapped[str] = mapped_column(sa.String(200))  # who asked for it, in words: name and role
    redacted_by: Mapped[str] = mapped_column(sa.String(200))  # the operator's name, as given on the command line
    redacted_at: Mapped[datetime] = mapped_column(UtcDateTime)
