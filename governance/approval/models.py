"""Advice, authorisations, decisions and conditions."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, enum_column, table_args, tenant_key
from governance.lifecycle import Stage
from governance.permissions import Role


class SectionReading(TenantMixin, Model):
    """A signer opened a section of a pack: kept so that the page can say "read 10:24"."""

    __tablename__ = "section_reading"
    __table_args__ = table_args(
        tenant_key("pack_section_id", "pack_section"), sa.UniqueConstraint("pack_section_id", "person_id")
    )

    pack_section_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Recusal(TenantMixin, Model):
    """A person steps back from one submission because of a conflict of interest, for good and in every role."""

    __tablename__ = "recusal"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"), sa.UniqueConstraint("submission_id", "person_id"), audit="grow-only"
    )

    submission_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Advice(TenantMixin, Model):
    """A DPO's or AI lead's advice, kept for ever beside the decision. Never a sign-off."""

    __tablename__ = "advice"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"),
        tenant_key("sign_off_id", "sign_off"),
        sa.UniqueConstraint("submission_id", "round", "role"),
        audit="grow-only",
    )

    submission_id: Mapped[int]
    round: Mapped[int]
    role: Mapped[Role] = mapped_column(enum_column(Role))
    outcome: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    sign_off_id: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Authorisation(TenantMixin, Model):
    """The authoriser's act: for a stage, a version, until a date, accepting a residual rating."""

    __tablename__ = "authorisation"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"),
        tenant_key("pack_id", "assurance_pack"),
        tenant_key("sign_off_id", "sign_off"),
        sa.UniqueConstraint("submission_id"),
        audit="grow-only",
        parent=True,
    )

    submission_id: Mapped[int]
    pack_id: Mapped[int]
    sign_off_id: Mapped[int]
    role: Mapped[Role] = mapped_column(enum_column(Role))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    tool_version_id: Mapped[int] = mapped_column(sa.ForeignKey("tool_version.id"))
    until: Mapped[date]
    residual_accepted: Mapped[int | None]
    against_advice: Mapped[str] = mapped_column(sa.Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(TenantMixin, Model):
    """The one row that closes a submission, caused by an authorisation or by a sign-off that refused."""

    __tablename__ = "decision"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"),
        tenant_key("sign_off_id", "sign_off"),
        sa.UniqueConstraint("submission_id"),
        sa.CheckConstraint("outcome IN ('authorised', 'not_approved')", name="outcome"),
        audit="grow-only",
    )

    submission_id: Mapped[int]
    outcome: Mapped[str] = mapped_column(sa.String(20))
    sign_off_id: Mapped[int]
    sentence: Mapped[str] = mapped_column(sa.Text)
    decided_by: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Condition(TenantMixin, Model):
    """What must be met, by whom and when. kind: before (the decision takes effect only then) or after.

    `before_stage`: one met after that also stops a later move to this stage until it is met or waived.
    """

    __tablename__ = "condition"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"),
        tenant_key("deployment_id", "deployment"),
        tenant_key("sign_off_id", "sign_off"),
        sa.CheckConstraint("kind IN ('before', 'after')", name="kind"),
        sa.CheckConstraint("status IN ('proposed', 'open', 'offered', 'met', 'waived', 'overdue', 'void')", name="status"),
        sa.Index("ix_condition_deployment", "deployment_id", "status"),
        audit="tracked",
        parent=True,
    )

    submission_id: Mapped[int]
    deployment_id: Mapped[int]
    sign_off_id: Mapped[int]
    set_by_role: Mapped[Role] = mapped_column(enum_column(Role))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    evidence_asked: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(10))
    owner_role: Mapped[str] = mapped_column(sa.String(40))
    due_on: Mapped[date]
    before_stage: Mapped[Stage | None] = mapped_column(enum_column(Stage, check=False))
    status: Mapped[str] = mapped_column(sa.String(10))
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class ConditionChange(TenantMixin, Model):
    """One step in a condition's life, with the words said."""

    __tablename__ = "condition_change"
    __table_args__ = table_args(
        tenant_key("condition_id", "condition"), tenant_key("evidence_id", "evidence"), audit="grow-only"
    )

    condition_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    by_role: Mapped[str] = mapped_column(sa.String(40), default="")
    status_from: Mapped[str | None] = mapped_column(sa.String(10))
    status_to: Mapped[str] = mapped_column(sa.String(10))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    evidence_id: Mapped[int | None]  # the evidence offered that it is met
