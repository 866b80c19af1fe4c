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

    layer: supplier (what the supplier says) or organisation. source: typed, register, model_card, supplier_form,
    supplier_link, overlap, earlier_version (of the set) or tool_version (carried from the version of the tool before);
    `origin` says where one of the last five was found ("dtac-2.0 C2.2.5"; "dtac-2.0 C2.2.5 1 2.1": revision 1, version 2.1).
    An answer from a card or form counts as answered only when a later row confirms it (`confirmed`).
    Given by a person, or by the supplier's contact behind a link: exactly one of the two.
    """

    __tablename__ = "answer"
    __table_args__ = table_args(
        tenant_key("sheet_id", "answer_sheet"),
        tenant_key("supplier_link_id", "supplier_link"),
        sa.CheckConstraint("(answered_by IS NULL) <> (supplier_link_id IS NULL)", name="one_answerer"),
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
    origin: Mapped[str | None] = mapped_column(sa.String(120))
    confirmed: Mapped[bool] = mapped_column(default=True)
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    supplier_link_id: Mapped[int | None]
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SetMove(TenantMixin, Model):
    """An organisation goes on in a newer version of a set, for one tool version or one deployment. The newest counts.

    `carried` are the codes whose answers were taken over, because the newer version says that the question is the same.
    """

    __tablename__ = "set_move"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint("(tool_version_id IS NULL) <> (deployment_id IS NULL)", name="one_scope"),
        sa.UniqueConstraint("organisation_id", "from_set", "tool_version_id"),
        sa.UniqueConstraint("organisation_id", "from_set", "deployment_id"),
        audit="grow-only",
    )

    from_set: Mapped[str] = mapped_column(sa.String(40))
    to_set: Mapped[str] = mapped_column(sa.String(40))
    tool_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tool_version.id"))
    deployment_id: Mapped[int | None]
    carried: Mapped[list[Any]] = mapped_column(Json)
    moved_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupplierForm(TenantMixin, Model):
    """A supplier's filled form as it was read: the file, and an account of what was found and what was not.

    `account`: [[code, "read" | "empty" | "not found" | "unclear" | "kept", sentence], …] in the order of the set.
    """

    __tablename__ = "supplier_form"
    __table_args__ = table_args(
        tenant_key("sheet_id", "answer_sheet"), tenant_key("evidence_id", "evidence"), audit="grow-only", parent=True
    )

    sheet_id: Mapped[int]
    evidence_id: Mapped[int]
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    account: Mapped[list[Any]] = mapped_column(Json)
    read_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupplierLink(TenantMixin, Model):
    """A link that lets a supplier's contact answer one sheet until a day. The token is kept only as its SHA-256.

    Ended by `handed_in_at` (the supplier has finished), `revoked_at` (somebody took it back) or `expires_at`.
    """

    __tablename__ = "supplier_link"
    __table_args__ = table_args(tenant_key("sheet_id", "answer_sheet"), audit="tracked", parent=True)

    sheet_id: Mapped[int] = mapped_column(index=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    contact_name: Mapped[str] = mapped_column(sa.String(200))
    contact_email: Mapped[str] = mapped_column(sa.String(254))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    sent_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
