"""Evidence and what it supports."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Evidence(TenantMixin, Model):
    """A file (by SHA-256) or a link. It is never changed: a newer one is a new row that may name the one it renews.

    `supplier_id`: a yearly return of the supplier itself (DSPT, Cyber Essentials), whatever the tool. Attached by a person,
    or by the supplier's contact behind a link: exactly one of the two.
    """

    __tablename__ = "evidence"
    __table_args__ = table_args(
        tenant_key("renews_id", "evidence"),
        tenant_key("supplier_link_id", "supplier_link"),
        sa.CheckConstraint("(sha256 IS NULL) <> (url IS NULL)", name="file_or_link"),
        sa.CheckConstraint("(attached_by IS NULL) <> (supplier_link_id IS NULL)", name="one_giver"),
        audit="grow-only",
        parent=True,
    )

    title: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(40))  # policy's evidence kinds: dspt, cyber_essentials, penetration_test, …
    issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    standard: Mapped[str] = mapped_column(sa.String(200), default="")
    standard_version: Mapped[str | None] = mapped_column(sa.String(60))
    supplier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("supplier.id"), index=True)
    renews_id: Mapped[int | None]
    tool_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    shareable: Mapped[bool] = mapped_column(default=False)
    filename: Mapped[str] = mapped_column(sa.String(200), default="")
    media_type: Mapped[str] = mapped_column(sa.String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    url: Mapped[str | None] = mapped_column(sa.String(500))
    attached_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    supplier_link_id: Mapped[int | None]
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvidenceUse(TenantMixin, Model):
    """One item supports one thing: subject_kind answer_sheet (with a question's code), document, condition, control."""

    __tablename__ = "evidence_use"
    __table_args__ = table_args(
        tenant_key("evidence_id", "evidence"),
        sa.Index("ix_evidence_use_subject", "organisation_id", "subject_kind", "subject_id"),
        audit="tracked",
    )

    evidence_id: Mapped[int]
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(30), default="")
    added_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # none: the supplier's contact
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EvidenceTask(TenantMixin, Model):
    """A yearly return of one supplier that has lapsed: one task, however many deployments stand on it.

    Closed by the evidence that renews it, or by a person with a reason.
    """

    __tablename__ = "evidence_task"
    __table_args__ = table_args(
        tenant_key("lapsed_id", "evidence"),
        tenant_key("renewed_id", "evidence"),
        sa.UniqueConstraint("organisation_id", "supplier_id", "kind", "lapsed_id"),
        audit="tracked",
        parent=True,
    )

    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    lapsed_id: Mapped[int]
    lapsed_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    renewed_id: Mapped[int | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class QuarantinedFile(TenantMixin, Model):
    """A file that the scanner found something in: kept apart under its SHA-256, never served, never evidence."""

    __tablename__ = "quarantined_file"
    __table_args__ = table_args(audit="grow-only")

    filename: Mapped[str] = mapped_column(sa.String(200))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    found: Mapped[str] = mapped_column(sa.String(200))
    sent_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # none: the supplier's contact
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
