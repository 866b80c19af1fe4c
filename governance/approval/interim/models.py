"""Interim decisions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class InterimDecision(TenantMixin, Model):
    """What the executive decided on a declaration after the CSO signed. The two sign-offs have subject_kind "declaration"."""

    __tablename__ = "interim_decision"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("declaration_id", "declaration"),
        tenant_key("sign_off_id", "sign_off"),
        sa.CheckConstraint("outcome IN ('continue', 'restrict', 'stop')", name="outcome"),
        sa.UniqueConstraint("declaration_id"),
        audit="grow-only",
    )

    deployment_id: Mapped[int]
    declaration_id: Mapped[int]
    sign_off_id: Mapped[int]
    outcome: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.Text)  # why; for restrict: how its use is restricted
    submission_due_on: Mapped[date | None]  # by when a re-assurance submission is to be made
    decided_by: Mapped[str] = mapped_column(sa.String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
