"""Signals and their history."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Signal(TenantMixin, Model):
    """One thing that the rules saw. kind: breach, special_cause, missing; level: red, amber; status: open, taken_up, closed."""

    __tablename__ = "signal"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("indicator_id", "indicator"),
        sa.CheckConstraint("kind IN ('breach', 'special_cause', 'missing')", name="kind"),
        sa.CheckConstraint("level IN ('red', 'amber')", name="level"),
        sa.CheckConstraint("status IN ('open', 'taken_up', 'closed')", name="status"),
        sa.UniqueConstraint("deployment_id", "number"),
        sa.UniqueConstraint("indicator_id", "kind", "period_on"),
        sa.Index("ix_signal_organisation_id_status", "organisation_id", "status"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int]
    indicator_id: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    level: Mapped[str] = mapped_column(sa.String(10))
    sentence: Mapped[str] = mapped_column(sa.String(400))
    period_on: Mapped[date]
    owner_role: Mapped[str] = mapped_column(sa.String(40))
    status: Mapped[str] = mapped_column(sa.String(10))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    look_by: Mapped[datetime | None] = mapped_column(UtcDateTime)  # red within 4 hours, amber 2 working days
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class SignalChange(TenantMixin, Model):
    """What was done about a signal: what pages show as its history."""

    __tablename__ = "signal_change"
    __table_args__ = table_args(
        tenant_key("signal_id", "signal"), sa.Index("ix_signal_change_of", "signal_id"), audit="grow-only"
    )

    signal_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    by_role: Mapped[str] = mapped_column(sa.String(40), default="")
    status_from: Mapped[str | None] = mapped_column(sa.String(10))
    status_to: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.Text, default="")
