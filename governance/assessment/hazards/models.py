"""Hazards, controls, their history, and log versions."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from governance.database import Json, Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Hazard(TenantMixin, Model):
    """One hazard of one deployment. Fields as the implementation guidance lists them (IG v3.2, Tables 2, 5, 6).

    Ratings are looked up when scored and kept with the version of the matrix. `patients`: single or multiple.
    A control may confine a harm to one patient, so `residual_patients` stands beside it. `revision` is the last row of
    history. `acceptance`: cost_outweighs_benefit or impractical, with `acceptance_reason`; needed for residual 2 and 3.
    `source`: library, supplier or import, none where it was written here. What a supplier says of the same hazard in its own
    scheme stands beside ours as text and is never mapped to it. `review_on`: when a local review is due, beside any status.
    """

    __tablename__ = "hazard"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.UniqueConstraint("deployment_id", "number"),
        sa.CheckConstraint("status IN ('open', 'transferred', 'closed')", name="status"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    impact: Mapped[str] = mapped_column(sa.Text, default="")
    causes: Mapped[str] = mapped_column(sa.Text, default="")
    patients: Mapped[str | None] = mapped_column(sa.String(10))
    initial_severity: Mapped[str | None] = mapped_column(sa.String(20))
    initial_likelihood: Mapped[str | None] = mapped_column(sa.String(20))
    initial_rating: Mapped[int | None]
    residual_patients: Mapped[str | None] = mapped_column(sa.String(10))
    residual_severity: Mapped[str | None] = mapped_column(sa.String(20))
    residual_likelihood: Mapped[str | None] = mapped_column(sa.String(20))
    residual_rating: Mapped[int | None]
    matrix_version: Mapped[str | None] = mapped_column(sa.String(40))
    acceptance: Mapped[str | None] = mapped_column(sa.String(30))
    acceptance_reason: Mapped[str] = mapped_column(sa.Text, default="")
    owner: Mapped[str] = mapped_column(sa.String(200), default="")
    actions: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[str] = mapped_column(sa.String(20), default="open")
    review_on: Mapped[date | None]
    source: Mapped[str | None] = mapped_column(sa.String(80))
    supplier_reference: Mapped[str | None] = mapped_column(sa.String(60))
    supplier_scheme: Mapped[str | None] = mapped_column(sa.String(200))
    supplier_initial: Mapped[str | None] = mapped_column(sa.String(60))
    supplier_residual: Mapped[str | None] = mapped_column(sa.String(60))
    supplier_status: Mapped[str | None] = mapped_column(sa.String(60))
    revision: Mapped[int] = mapped_column(default=0)
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}

    controls: Mapped[list["Control"]] = relationship(
        primaryjoin="Hazard.id == foreign(Control.hazard_id)", order_by="Control.id", viewonly=True
    )


class Control(TenantMixin, Model):
    """What lowers a hazard. kind: existing (counted in the initial score), design, test, training, business_process.

    Implementation and effectiveness are verified apart (DCB0160 6.3): texts say how; empty means not yet.
    """

    __tablename__ = "control"
    __table_args__ = table_args(
        tenant_key("hazard_id", "hazard"),
        sa.CheckConstraint(
            "kind IN ('existing', 'design', 'test', 'training', 'business_process')", name="kind"
        ),
        sa.Index("ix_control_of", "hazard_id"),
        audit="tracked",
    )

    hazard_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    description: Mapped[str] = mapped_column(sa.Text)
    implementation: Mapped[str] = mapped_column(sa.Text, default="")
    effectiveness: Mapped[str] = mapped_column(sa.Text, default="")
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HazardRevision(TenantMixin, Model):
    """A hazard with its controls as they stood after a change, who made it, and why."""

    __tablename__ = "hazard_revision"
    __table_args__ = table_args(
        tenant_key("hazard_id", "hazard"), sa.UniqueConstraint("hazard_id", "revision"), audit="grow-only"
    )

    hazard_id: Mapped[int]
    revision: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HazardLogVersion(TenantMixin, Model):
    """The whole log frozen as one version for the CSO to approve."""

    __tablename__ = "hazard_log_version"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.UniqueConstraint("deployment_id", "number"),
        audit="grow-only",
        parent=True,
    )

    deployment_id: Mapped[int]
    number: Mapped[int]
    content: Mapped[list[Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(sa.String(64))
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HazardImport(TenantMixin, Model):
    """A hazard log as uploaded, with how its columns were mapped and what became of each row.

    status: uploaded, mapped, brought_in or dropped. The last mapping for the same headings is offered again.
    """

    __tablename__ = "hazard_import"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint("status IN ('uploaded', 'mapped', 'brought_in', 'dropped')", name="status"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int]
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    sheet: Mapped[str] = mapped_column(sa.String(100), default="")
    headings: Mapped[list[Any]] = mapped_column(Json)
    headings_digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    status: Mapped[str] = mapped_column(sa.String(20))
    account: Mapped[list[Any]] = mapped_column(Json, default=list)  # [[row, hazard number or "", sentence], …]
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}
