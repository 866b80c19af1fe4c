"""The outbox."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, UtcDateTime


class Delivery(Model):
    """One e-mail to one person, with one notice or a digest of several. status: queued, sent or failed.

    Or to somebody who is no person here (`person_id` is None): a room above writes that letter anew at each attempt, from
    its own record that the key names, so that no text of it lies here.

    `claimed_at` is set while a worker sends it, so that another does not. `again_at` is when a failed one is tried next
    by itself; None where trying again changes nothing, or was tried for long enough.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        sa.CheckConstraint("status IN ('queued', 'sent', 'failed')", name="status"),
        sa.Index("ix_delivery_status", "status", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)  # notice:12, digest:7:2026-11-22, supplier:3:asked
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))  # notice, digest, or that of the room that writes the letter
    message_id: Mapped[str] = mapped_column(sa.String(200))  # the same at each attempt: a mail system sees one message
    subject: Mapped[str] = mapped_column(sa.String(200))
    status: Mapped[str] = mapped_column(sa.String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(sa.String(300), default="")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notice(Model):
    """One thing that one person is told about one organisation. `key` makes it once: a reminder for a day is told once.

    delivery: at_once, digest or page (shown on pages only). It holds no patient data and no reason text of others.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.CheckConstraint("delivery IN ('at_once', 'digest', 'page')", name="delivery"),
        sa.UniqueConstraint("person_id", "key"),
        sa.Index("ix_notice_person_id_at", "person_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(160))
    kind: Mapped[str] = mapped_column(sa.String(60))  # as audit kinds: submission.submitted, signal.opened
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    path: Mapped[str] = mapped_column(sa.String(300))  # the page it is about, from the root of the product
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivery: Mapped[str] = mapped_column(sa.String(10))
    delivery_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delivery.id"), index=True)


class NoticePreference(Model):
    """How a person wants to be told: at_once, digest (the default) or page."""

    __tablename__ = "notice_preference"
    __table_args__ = (sa.CheckConstraint("delivery IN ('at_once', 'digest', 'page')", name="delivery"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    delivery: Mapped[str] = mapped_column(sa.String(10))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
