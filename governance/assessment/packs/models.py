"""Judgements on sections, frozen packs and their sections."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from governance.database import Json, Model, TenantMixin, UtcDateTime, enum_column, table_args, tenant_key
from governance.permissions import Role


class AssurancePack(TenantMixin, Model):
    """One round's frozen content. `digest` covers the list of section codes and digests."""

    __tablename__ = "assurance_pack"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"),
        sa.UniqueConstraint("submission_id", "round"),
        sa.Index("ix_assurance_pack_digest", "digest"),
        audit="grow-only",
        parent=True,
    )

    submission_id: Mapped[int]
    round: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    frozen_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    sections: Mapped[list["PackSection"]] = relationship(
        primaryjoin="AssurancePack.id == foreign(PackSection.pack_id)", order_by="PackSection.position", viewonly=True
    )


class PackSection(TenantMixin, Model):
    """One section: canonical content with who judged it, and its digest."""

    __tablename__ = "pack_section"
    __table_args__ = table_args(
        tenant_key("pack_id", "assurance_pack"), sa.UniqueConstraint("pack_id", "code"), audit="grow-only", parent=True
    )

    pack_id: Mapped[int]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(sa.String(64))


class Judgement(TenantMixin, Model):
    """A role's own met / not met / query on a section, bound to the digest of what was judged. The newest counts."""

    __tablename__ = "judgement"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"),
        tenant_key("appointment_id", "appointment"),
        sa.UniqueConstraint("submission_id", "section", "revision"),
        sa.CheckConstraint("outcome IN ('met', 'not_met', 'query')", name="outcome"),
        audit="grow-only",
    )

    submission_id: Mapped[int]
    section: Mapped[str] = mapped_column(sa.String(40))
    revision: Mapped[int]
    role: Mapped[Role] = mapped_column(enum_column(Role))
    outcome: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(sa.String(200))
    appointment_id: Mapped[int | None]
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)
