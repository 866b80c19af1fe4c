"""Indicators and their figures."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import DecimalText, Json, Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Indicator(TenantMixin, Model):
    """One thing that is measured in use. `direction` is up, down or neither: which way is better.

    `limit_low` and `limit_high` bound what may happen without somebody looking: beyond them is a breach.
    """

    __tablename__ = "indicator"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint("direction IN ('up', 'down', 'neither')", name="direction"),
        sa.UniqueConstraint("deployment_id", "number"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str] = mapped_column(sa.String(300), default="")
    unit: Mapped[str] = mapped_column(sa.String(60), default="")
    direction: Mapped[str] = mapped_column(sa.String(10))
    target_text: Mapped[str] = mapped_column(sa.String(200), default="")  # as the plan words it
    target: Mapped[Decimal | None] = mapped_column(DecimalText)
    limit_low: Mapped[Decimal | None] = mapped_column(DecimalText)
    limit_high: Mapped[Decimal | None] = mapped_column(DecimalText)
    frequency: Mapped[str] = mapped_column(sa.String(20))
    owner: Mapped[str] = mapped_column(sa.String(200))  # who looks at it, as the plan says
    owner_role: Mapped[str] = mapped_column(sa.String(40))  # the role whose turn a signal is
    profile: Mapped[str] = mapped_column(sa.String(30), default="making_data_count")
    plan_revision: Mapped[int | None]  # the revision of the monitoring plan it was taken from
    first_period_on: Mapped[date]  # figures are expected from here on
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class IndicatorChange(TenantMixin, Model):
    """What was set or changed about an indicator, and why: what its page shows as history.

    kind: added, changed or ended. `changes` is [[field, before, after], …] in words; empty when it was added or ended.
    """

    __tablename__ = "indicator_change"
    __table_args__ = table_args(
        tenant_key("indicator_id", "indicator"),
        sa.CheckConstraint("kind IN ('added', 'changed', 'ended')", name="kind"),
        sa.Index("ix_indicator_change_of", "indicator_id"),
        audit="grow-only",
    )

    indicator_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    changes: Mapped[list[Any]] = mapped_column(Json)
    by_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReadingBatch(TenantMixin, Model):
    """Figures entered together. `digest` is over the ordered rows (indicator, period, value, revision, note)."""

    __tablename__ = "reading_batch"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint("source IN ('form', 'csv')", name="source"),
        audit="grow-only",
        parent=True,
    )

    deployment_id: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(10))
    filename: Mapped[str] = mapped_column(sa.String(200), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    row_count: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reading(TenantMixin, Model):
    """One figure of one indicator for the period that begins on a day. The highest revision of a period counts."""

    __tablename__ = "reading"
    __table_args__ = (
        tenant_key("indicator_id", "indicator"),
        tenant_key("batch_id", "reading_batch"),
        sa.UniqueConstraint("indicator_id", "period_on", "revision"),
        {"info": {"audit": None, "triggers": "grow-only"}},
    )

    indicator_id: Mapped[int]
    batch_id: Mapped[int] = mapped_column(index=True)
    period_on: Mapped[date]
    value: Mapped[Decimal] = mapped_column(DecimalText)
    revision: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(300), default="")


class Rebase(TenantMixin, Model):
    """From a day on the chart is judged against new limits: who decided it and why (standards.md 9.4). Never by itself."""

    __tablename__ = "rebase"
    __table_args__ = table_args(
        tenant_key("indicator_id", "indicator"), sa.UniqueConstraint("indicator_id", "period_on"), audit="grow-only"
    )

    indicator_id: Mapped[int]
    period_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
