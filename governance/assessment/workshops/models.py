"""The record of hazard workshops."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Workshop(TenantMixin, Model):
    """A hazard workshop: the day, who was there by role, and the minutes (DCB0160 4.1: analysis is multidisciplinary).

    `attendance`: [[role in words, name or ""], …]. `evidence_id`: the minutes as a file, where there is one.
    """

    __tablename__ = "workshop"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("evidence_id", "evidence"),
        sa.UniqueConstraint("deployment_id", "number"),
        audit="grow-only",
        parent=True,
    )

    deployment_id: Mapped[int]
    number: Mapped[int]
    held_on: Mapped[date]
    technique: Mapped[str] = mapped_column(sa.String(200), default="")
    attendance: Mapped[list[Any]] = mapped_column(Json)
    minutes: Mapped[str] = mapped_column(sa.Text)
    evidence_id: Mapped[int | None]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
