"""Shared facts about tools, and deployments with their history."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from governance.database import Json, Model, TenantMixin, UtcDateTime, enum_column, table_args, tenant_key
from governance.identity.models import Organisation
from governance.lifecycle import Stage, Standing


class SharedMixin:
    """A row that all organisations share: the one that registered it corrects it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    registered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Manufacturer(SharedMixin, Model):
    """Who makes a tool."""

    __tablename__ = "manufacturer"
    __table_args__ = table_args(audit="tracked")


class Supplier(SharedMixin, Model):
    """Who sells a tool, often not its manufacturer."""

    __tablename__ = "supplier"
    __table_args__ = table_args(audit="tracked")


class Tool(SharedMixin, Model):
    """An AI product, whatever its release."""

    __tablename__ = "tool"
    __table_args__ = table_args(audit="tracked")

    manufacturer_id: Mapped[int] = mapped_column(sa.ForeignKey("manufacturer.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(30))
    summary: Mapped[str] = mapped_column(sa.Text, default="")

    manufacturer: Mapped[Manufacturer] = relationship()


class ToolVersion(Model):
    """One release of a tool. Answers about a tool are about a version of it."""

    __tablename__ = "tool_version"
    __table_args__ = table_args(sa.UniqueConstraint("tool_id", "version"), audit="tracked")

    id: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[int] = mapped_column(sa.ForeignKey("tool.id"))
    version: Mapped[str] = mapped_column(sa.String(60))
    registered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    tool: Mapped[Tool] = relationship()


class UseCase(SharedMixin, Model):
    """What a tool is used for: kind, setting, pathway and population. `name` is its short title."""

    __tablename__ = "use_case"
    __table_args__ = table_args(audit="tracked")

    kind: Mapped[str] = mapped_column(sa.String(30))
    setting: Mapped[str] = mapped_column(sa.String(200), default="")
    pathway: Mapped[str] = mapped_column(sa.String(200), default="")
    population: Mapped[str] = mapped_column(sa.String(200), default="")


class ReferenceCounter(Model):
    """The last number given in an organisation in a year."""

    __tablename__ = "reference_counter"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Deployment(TenantMixin, Model):
    """One tool for one use case at one deploying organisation. `organisation_id` is always the one that deploys."""

    __tablename__ = "deployment"
    __table_args__ = table_args(
        sa.Index("ix_deployment_organisation_id_stage", "organisation_id", "stage"), audit="tracked", parent=True
    )

    reference: Mapped[str] = mapped_column(sa.String(24), unique=True)
    tool_id: Mapped[int] = mapped_column(sa.ForeignKey("tool.id"), index=True)
    tool_version_id: Mapped[int] = mapped_column(sa.ForeignKey("tool_version.id"))
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"))
    use_case_id: Mapped[int] = mapped_column(sa.ForeignKey("use_case.id"))
    purpose: Mapped[str] = mapped_column(sa.Text)  # one or two plain sentences: what it does here and who checks it
    submitted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    controller_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    stage_since: Mapped[date]
    standing: Mapped[Standing] = mapped_column(enum_column(Standing))
    standing_before: Mapped[Standing | None] = mapped_column(enum_column(Standing, check=False))
    standing_since: Mapped[date]
    tier: Mapped[str | None] = mapped_column(sa.String(10))
    approved_stage: Mapped[Stage | None] = mapped_column(enum_column(Stage, check=False))
    approved_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))
    approved_from: Mapped[date | None]
    approved_until: Mapped[date | None]
    approved_pack_id: Mapped[int | None]
    next_review_on: Mapped[date | None]
    decision_needed_by: Mapped[date | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}

    organisation: Mapped[Organisation] = relationship(foreign_keys="Deployment.organisation_id")
    controller: Mapped[Organisation] = relationship(foreign_keys="Deployment.controller_id")
    submitted_by: Mapped[Organisation] = relationship(foreign_keys="Deployment.submitted_by_id")
    tool: Mapped[Tool] = relationship()
    tool_version: Mapped[ToolVersion] = relationship(foreign_keys="Deployment.tool_version_id")
    approved_version: Mapped[ToolVersion | None] = relationship(foreign_keys="Deployment.approved_version_id")
    supplier: Mapped[Supplier] = relationship()
    use_case: Mapped[UseCase] = relationship()
    sites: Mapped[list["DeploymentSite"]] = relationship(order_by="DeploymentSite.id", viewonly=True)


class DeploymentSite(TenantMixin, Model):
    """A site where a deployment runs or will run."""

    __tablename__ = "deployment_site"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("site_id", "site"),
        sa.UniqueConstraint("deployment_id", "site_id"),
        audit="tracked",
    )

    deployment_id: Mapped[int]
    site_id: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))


class DeploymentChange(TenantMixin, Model):
    """One change of stage or standing: what pages show as history."""

    __tablename__ = "deployment_change"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"), sa.Index("ix_deployment_change_of", "deployment_id"), audit="grow-only"
    )

    deployment_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    arrow: Mapped[str] = mapped_column(sa.String(30))
    stage_from: Mapped[Stage | None] = mapped_column(enum_column(Stage, check=False))
    stage_to: Mapped[Stage] = mapped_column(enum_column(Stage))
    standing_from: Mapped[Standing | None] = mapped_column(enum_column(Standing, check=False))
    standing_to: Mapped[Standing] = mapped_column(enum_column(Standing))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    submission_id: Mapped[int | None]


class GoLive(TenantMixin, Model):
    """The go-live record: date, version, sites, share trained, confirmed by (policy: needed before Business as usual)."""

    __tablename__ = "go_live"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"), sa.Index("ix_go_live_of", "deployment_id"), audit="grow-only"
    )

    deployment_id: Mapped[int]
    went_live_on: Mapped[date]
    tool_version_id: Mapped[int] = mapped_column(sa.ForeignKey("tool_version.id"))
    sites: Mapped[str] = mapped_column(sa.Text)
    share_trained: Mapped[int]  # whole per cent of the staff who use it
    confirmed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Projection(Model):
    """What partners may see of a deployment, rewritten by every operation that changes it. Nothing local in it.

    `performance` is [{name, unit, period, value, target, variation, assurance}, …], one for each indicator with a figure;
    `lessons` the texts of a ceased one; `stages` is [[stage, day it was come to], …].
    """

    __tablename__ = "projection"
    __table_args__ = (sa.Index("ix_projection_tool", "tool_id"), sa.Index("ix_projection_reference", "reference"))

    deployment_id: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(sa.String(200))
    reference: Mapped[str] = mapped_column(sa.String(24))
    tool_id: Mapped[int] = mapped_column(sa.ForeignKey("tool.id"))
    tool_name: Mapped[str] = mapped_column(sa.String(200))
    manufacturer_name: Mapped[str] = mapped_column(sa.String(200))
    version: Mapped[str] = mapped_column(sa.String(60))
    use_case: Mapped[str] = mapped_column(sa.String(200))
    use_case_id: Mapped[int]
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    standing: Mapped[Standing] = mapped_column(enum_column(Standing))
    approved_until: Mapped[date | None]
    open_conditions: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(sa.String(30), default="", server_default="")  # kind of tool, as triage asks
    supplier_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    purpose: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # what it does here and who checks it
    oversight: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")  # triage's fact
    patient_facing: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    tier: Mapped[str | None] = mapped_column(sa.String(10))
    stage_since: Mapped[date | None]
    stages: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    standing_since: Mapped[date | None]
    in_use_since: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")  # as stated, of a declared tool
    decision_needed_by: Mapped[date | None]
    site_count: Mapped[int] = mapped_column(default=0, server_default="0")
    monitored_to: Mapped[date | None]  # the last period with a figure
    open_signals: Mapped[int] = mapped_column(default=0, server_default="0")
    red_signals: Mapped[int] = mapped_column(default=0, server_default="0")
    performance: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    lessons: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    decided_pack_id: Mapped[int | None]  # the pack whose partner edition may be read
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
