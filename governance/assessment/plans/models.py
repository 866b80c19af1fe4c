"""Plans written for a deployment, one immutable row for each revision."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, TenantMixin, UtcDateTime, table_args, tenant_key


class PlanMixin(TenantMixin):
    """One revision of a plan; `content` holds named texts and dates, `digest` its canonical SHA-256."""

    deployment_id: Mapped[int]
    revision: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(sa.String(64))
    written_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RiskPlan(PlanMixin, Model):
    """Clinical risk management plan (DCB0160 3.2): scope, team, activities, criteria and matrix version."""

    __tablename__ = "risk_plan"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.UniqueConstraint("deployment_id", "revision"),
        audit="grow-only",
        parent=True,
    )

    matrix_version: Mapped[str] = mapped_column(sa.String(40))


class MonitoringPlan(PlanMixin, Model):
    """What is watched in use. depth short: success criteria, end date, stop rule. full: indicators, reviews too."""

    __tablename__ = "monitoring_plan"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.UniqueConstraint("deployment_id", "revision"),
        audit="grow-only",
        parent=True,
    )

    depth: Mapped[str] = mapped_column(sa.String(10))


class SafetyDecision(TenantMixin, Model):
    """The CSO's recorded decision whether a deployment without direct care is safety related, with the reason."""

    __tablename__ = "safety_decision"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("appointment_id", "appointment"),
        sa.UniqueConstraint("deployment_id", "revision"),
        audit="grow-only",
        parent=True,
    )

    deployment_id: Mapped[int]
    revision: Mapped[int]
    safety_related: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(sa.String(200))
    appointment_id: Mapped[int | None]
    registration: Mapped[str] = mapped_column(sa.String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
