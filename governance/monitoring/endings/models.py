"""Tasks of decommissioning, and lessons."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class DecommissionTask(TenantMixin, Model):
    """One thing to do before a tool is gone. kind: hazard, data, access, people, contract or other."""

    __tablename__ = "decommission_task"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.UniqueConstraint("deployment_id", "number"),
        audit="tracked",
    )

    deployment_id: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.String(400))
    owner_role: Mapped[str] = mapped_column(sa.String(40))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class Lesson(TenantMixin, Model):
    """What was learned, written for partners: it is shown to every partner with the ceased record."""

    __tablename__ = "lesson"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"), sa.Index("ix_lesson_of", "deployment_id"), audit="grow-only"
    )

    deployment_id: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
