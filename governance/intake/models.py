"""Submissions, their history, triage facts and uploaded model cards."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from governance.database import Json, Model, TenantMixin, UtcDateTime, enum_column, table_args, tenant_key
from governance.lifecycle import Stage, SubmissionKind, SubmissionStatus
from governance.register.models import Deployment, ToolVersion

OPEN = "status NOT IN ('authorised', 'not_approved', 'withdrawn') AND deployment_id IS NOT NULL"


class Submission(TenantMixin, Model):
    """A request for one thing about a deployment. While drafted it has no deployment: `draft` holds what was typed.

    `round` counts freezes; `turn_since` is when the present round began. `version_id` detects stale pages.
    """

    __tablename__ = "submission"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint(
            "deployment_id IS NOT NULL OR status IN ('drafted', 'withdrawn', 'held')", name="deployment_once_proposed"
        ),
        sa.Index(
            "uq_submission_one_open", "deployment_id", unique=True, sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)
        ),
        sa.Index("ix_submission_organisation_id_status", "organisation_id", "status"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int | None] = mapped_column(index=True)
    reference: Mapped[str | None] = mapped_column(sa.String(30), unique=True)
    kind: Mapped[SubmissionKind] = mapped_column(enum_column(SubmissionKind))
    stage_from: Mapped[Stage] = mapped_column(enum_column(Stage))
    stage_asked: Mapped[Stage | None] = mapped_column(enum_column(Stage, check=False))
    shown_anew: Mapped[bool | None]  # nothing of it was assured before, or another version
    tool_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))
    status: Mapped[SubmissionStatus] = mapped_column(enum_column(SubmissionStatus))
    status_before: Mapped[SubmissionStatus | None] = mapped_column(enum_column(SubmissionStatus, check=False))
    round: Mapped[int] = mapped_column(default=0)
    policy_version: Mapped[str | None] = mapped_column(sa.String(40))
    policy_additions: Mapped[list[int] | None] = mapped_column(Json)  # ids pinned with the version; None: none
    tier: Mapped[str | None] = mapped_column(sa.String(10))
    route: Mapped[str | None] = mapped_column(sa.String(20))
    same_as: Mapped[str] = mapped_column(sa.Text, default="")  # the match picked, or why this tool differs
    draft: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    started_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    submitted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    turn_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deferred_until: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}

    @property
    def counted_from(self) -> Stage:
        """The stage from which rows of policy count: of a declared tool, or of a new version, nothing was shown on the way."""
        skipped = self.shown_anew and self.kind is SubmissionKind.RE_ASSURANCE
        return Stage.PIPELINE if skipped else self.stage_from

    deployment: Mapped[Deployment | None] = relationship(
        primaryjoin="foreign(Submission.deployment_id) == Deployment.id", viewonly=True
    )
    tool_version: Mapped[ToolVersion | None] = relationship()


class SubmissionChange(TenantMixin, Model):
    """One arrow taken: what pages show as the history of a submission."""

    __tablename__ = "submission_change"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"), sa.Index("ix_submission_change_of", "submission_id"), audit="grow-only"
    )

    submission_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    by_role: Mapped[str] = mapped_column(sa.String(40), default="")
    arrow: Mapped[str] = mapped_column(sa.String(30))
    status_from: Mapped[SubmissionStatus | None] = mapped_column(enum_column(SubmissionStatus, check=False))
    status_to: Mapped[SubmissionStatus] = mapped_column(enum_column(SubmissionStatus))
    round: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class Triage(TenantMixin, Model):
    """The facts of triage as recorded once, with the tier they gave. A correction is a new row with a reason."""

    __tablename__ = "triage"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"), sa.Index("ix_triage_of", "submission_id"), audit="grow-only"
    )

    submission_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    tier: Mapped[str | None] = mapped_column(sa.String(10))
    route: Mapped[str] = mapped_column(sa.String(20))
    reasons: Mapped[list[Any]] = mapped_column(Json)  # [[code, sentence], …]: every rule that fired
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TierChange(TenantMixin, Model):
    """A person raised the tier, or the CSO lowered it with a reason."""

    __tablename__ = "tier_change"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"), sa.Index("ix_tier_change_of", "submission_id"), audit="grow-only"
    )

    submission_id: Mapped[int]
    tier_from: Mapped[str] = mapped_column(sa.String(10))
    tier_to: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(sa.String(40))
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ModelCard(TenantMixin, Model):
    """A supplier's model card as uploaded: the file by SHA-256, and every element read from it."""

    __tablename__ = "model_card"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"), sa.Index("ix_model_card_of", "submission_id"), audit="grow-only"
    )

    submission_id: Mapped[int]
    schema_version: Mapped[str] = mapped_column(sa.String(10))
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    fields: Mapped[dict[str, str]] = mapped_column(Json)  # our field to the text read
    elements: Mapped[list[Any]] = mapped_column(Json)  # [[path, text], …] in the card's order
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PolicyAddition(TenantMixin, Model):
    """What an organisation asks beyond policy, as data. It may add, never remove: a pure rule merges it.

    kind: requirement (a question set at a stage), signer (a role must agree), panel (so many holders of a role must
    agree) or independent (signers do not see each other until all are in). `what` holds the plain values of that kind.
    It counts for submissions proposed from `starts_on` until the day before `ended_on`.
    """

    __tablename__ = "policy_addition"
    __table_args__ = table_args(
        sa.CheckConstraint("kind IN ('requirement', 'signer', 'panel', 'independent')", name="kind"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= starts_on", name="dates_in_order"),
        audit="tracked",
        parent=True,
    )

    kind: Mapped[str] = mapped_column(sa.String(20))
    what: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(sa.Text)
    instrument: Mapped[str] = mapped_column(sa.String(200))  # the minute or paper that decided it
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class PolicyMove(TenantMixin, Model):
    """An open submission goes on under a newer policy, or with newer additions, because somebody decided so."""

    __tablename__ = "policy_move"
    __table_args__ = table_args(
        tenant_key("submission_id", "submission"), sa.Index("ix_policy_move_of", "submission_id"), audit="grow-only"
    )

    submission_id: Mapped[int]
    from_version: Mapped[str] = mapped_column(sa.String(40))
    to_version: Mapped[str] = mapped_column(sa.String(40))
    from_additions: Mapped[list[int]] = mapped_column(Json)
    to_additions: Mapped[list[int]] = mapped_column(Json)
    difference: Mapped[list[str]] = mapped_column(Json)  # the sentences shown when it was decided
    reason: Mapped[str] = mapped_column(sa.Text)
    moved_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
