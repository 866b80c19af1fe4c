"""Changes that may ask for a re-assurance."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, TenantMixin, UtcDateTime, table_args, tenant_key

KINDS = ("version", "use", "population", "hosting", "certificate")


class ChangeNotice(TenantMixin, Model):
    """Something changed about a deployment that is in use or approved: what, from when, which sections it touches.

    status: open, taken_up (a re-assurance was started: `submission_id`), or settled (nothing follows, with the reason).
    Noted by a person, or by the system when evidence behind the approval ended (`noted_by` is then empty).
    """

    __tablename__ = "change_notice"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("submission_id", "submission"),
        tenant_key("evidence_id", "evidence"),
        sa.UniqueConstraint("deployment_id", "number"),
        sa.CheckConstraint("kind IN ('version', 'use', 'population', 'hosting', 'certificate')", name="kind"),
        sa.CheckConstraint("status IN ('open', 'taken_up', 'settled')", name="status"),
        sa.Index("ix_change_notice_deployment", "deployment_id", "status"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    what: Mapped[str] = mapped_column(sa.Text)
    effective_on: Mapped[date]
    tool_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))  # the supplier's new version
    evidence_id: Mapped[int | None]  # the item that ended
    touches: Mapped[list[str]] = mapped_column(Json)  # codes of pack sections, as policy said when it was noted
    status: Mapped[str] = mapped_column(sa.String(20))
    noted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submission_id: Mapped[int | None]
    settled_reason: Mapped[str] = mapped_column(sa.Text, default="")
    settled_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}
