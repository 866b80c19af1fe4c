"""Issued reports."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Report(TenantMixin, Model):
    """A PDF as issued: kind audit_report, edition full. The file lies in storage by SHA-256 and is never made twice."""

    __tablename__ = "report"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"),
        tenant_key("pack_id", "assurance_pack"),
        sa.UniqueConstraint("pack_id", "kind", "edition"),
        audit="grow-only",
        parent=True,
    )

    submission_id: Mapped[int]
    pack_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(30))
    edition: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(400))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    pages: Mapped[int]
    size: Mapped[int]
    stream_head: Mapped[str] = mapped_column(sa.String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
