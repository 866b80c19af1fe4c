"""Revisions of the clinical safety case report."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, TenantMixin, UtcDateTime, table_args, tenant_key


class SafetyCase(TenantMixin, Model):
    """One revision of a clinical safety case report: the CSO's prose beside tables generated from the log (DCB0160 3.5).

    `texts`: introduction, system, argument, test_issues, summary … as the CSO writes them. `tables`: what was generated
    when this revision was written. The CSO approves a revision by a sign-off over `digest` (subject kind safety_case).
    """

    __tablename__ = "safety_case"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("log_version_id", "hazard_log_version"),
        sa.UniqueConstraint("deployment_id", "revision"),
        audit="grow-only",
        parent=True,
    )

    deployment_id: Mapped[int]
    revision: Mapped[int]
    phase: Mapped[str] = mapped_column(sa.String(40))  # deployment, use, maintenance, decommissioning
    texts: Mapped[dict[str, Any]] = mapped_column(Json)
    tables: Mapped[dict[str, Any]] = mapped_column(Json)
    log_version_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(sa.String(64))
    written_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
