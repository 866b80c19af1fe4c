"""Evidence and what it supports."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Evidence(TenantMixin, Model):
    """A file (by SHA-256) or a link. It is never changed: a newer one is a new row."""

    __tablename__ = "evidence"
    __table_args__ = table_args(
        sa.CheckConstraint("(sha256 IS NULL) <> (url IS NULL)", name="file_or_link"), audit="grow-only", parent=True
    )

    title: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(40))  # policy's evidence kinds: dspt, cyber_essentials, penetration_test, …
    issuer: Mapped[str] = mapped_column(sa.String(200), default="")
    standard: Mapped[str] = mapped_column(sa.String(200), default="")
    tool_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    shareable: Mapped[bool] = mapped_column(default=False)
    filename: Mapped[str] = mapped_column(sa.String(200), default="")
    media_type: Mapped[str] = mapped_column(sa.String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    url: Mapped[str | None] = mapped_column(sa.String(500))
    attached_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
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
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
