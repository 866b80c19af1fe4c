"""Suspensions, what each site confirmed, and requests by an ICB or an AI lead."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Suspension(TenantMixin, Model):
    """One time that a deployment was suspended, until it was resumed.

    The sign-offs of resuming have subject_kind "resumption" and this row's id; the one that suspended it "suspension".
    """

    __tablename__ = "suspension"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("signal_id", "signal"),
        sa.Index("ix_suspension_of", "deployment_id"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)
    fallback: Mapped[str] = mapped_column(sa.Text)  # what staff do instead, from now on
    digest: Mapped[str] = mapped_column(sa.String(64))  # of what the suspending signature names
    signal_id: Mapped[int | None]  # the signal that led to it, where one did
    role: Mapped[str] = mapped_column(sa.String(40))
    suspended_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    suspended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UseStopped(TenantMixin, Model):
    """Somebody confirmed that use has stopped at one site."""

    __tablename__ = "use_stopped"
    __table_args__ = table_args(
        tenant_key("suspension_id", "suspension"),
        sa.UniqueConstraint("suspension_id", "site_name"),
        audit="grow-only",
    )

    suspension_id: Mapped[int]
    site_name: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    confirmed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SuspensionRequest(TenantMixin, Model):
    """An ICB or an AI lead of another organisation asks the deploying one to suspend. The deploying one decides.

    `organisation_id` is the deploying organisation; status: open, suspended or declined (with the reason).
    """

    __tablename__ = "suspension_request"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint("status IN ('open', 'suspended', 'declined')", name="status"),
        sa.Index("ix_suspension_request_of", "deployment_id"),
        audit="tracked",
    )

    deployment_id: Mapped[int]
    asked_by_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_role: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(sa.String(10))
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
