"""Answer sheets, answers, documents and judgements."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, TenantMixin, UtcDateTime, table_args, tenant_key

SUPPLIER, ORGANISATION = "supplier", "organisation"


class AnswerSheet(TenantMixin, Model):
    """One question set being filled by one organisation, for a tool version or for a deployment."""

    __tablename__ = "answer_sheet"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint("(tool_version_id IS NULL) <> (deployment_id IS NULL)", name="one_scope"),
        sa.UniqueConstraint("organisation_id", "question_set", "tool_version_id"),
        sa.UniqueConstraint("organisation_id", "question_set", "deployment_id"),
        audit="tracked",
        parent=True,
    )

    question_set: Mapped[str] = mapped_column(sa.String(40))
    tool_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))
    deployment_id: Mapped[int | None]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Answer(TenantMixin, Model):
    """One answer as given. `revision` counts within (sheet, code, layer); the highest counts.

    layer: supplier (what the supplier says) or organisation. source: typed, model_card, supplier_form.
    An answer from a card or form counts as answered only when a later row confirms it (`confirmed`).
    """

    __tablename__ = "answer"
    __table_args__ = table_args(
        tenant_key("sheet_id", "answer_sheet"),
        sa.UniqueConstraint("sheet_id", "code", "layer", "revision"),
        audit="grow-only",
    )

    sheet_id: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(30))
    layer: Mapped[str] = mapped_column(sa.String(20))
    revision: Mapped[int]
    value: Mapped[Any] = mapped_column(Json, nullable=True)  # nothing where it is not applicable
    note: Mapped[str] = mapped_column(sa.Text, default="")
    not_applicable: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.String(20))
    confirmed: Mapped[bool] = mapped_column(default=True)
    answered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Document(TenantMixin, Model):
    """An organisation's own document that meets a row of policy whose question set is not published yet (form `document`).

    `facts` are what policy reads from it, entered by hand. `revision` counts within its scope; the highest counts.
    """

    __tablename__ = "document"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("evidence_id", "evidence"),
        sa.CheckConstraint("(tool_version_id IS NULL) <> (deployment_id IS NULL)", name="one_scope"),
        sa.UniqueConstraint("organisation_id", "question_set", "tool_version_id", "revision"),
        sa.UniqueConstraint("organisation_id", "question_set", "deployment_id", "revision"),
        audit="grow-only",
        parent=True,
    )

    question_set: Mapped[str] = mapped_column(sa.String(40))  # policy's row, e.g. dpia
    tool_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))
    deployment_id: Mapped[int | None]
    revision: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    version_label: Mapped[str] = mapped_column(sa.String(60))
    dated_on: Mapped[date]
    review_due_on: Mapped[date | None]
    evidence_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
