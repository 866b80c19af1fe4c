"""Declarations, and the spreadsheets they came from."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, TenantMixin, UtcDateTime, enum_column, table_args, tenant_key
from governance.lifecycle import Stage


class Declaration(TenantMixin, Model):
    """What was said of a tool in use when it was entered. `facts` are the few triage facts asked (direct_care, personal_data).

    `interim_due_on` is the day by which it is decided whether it may go on meanwhile (a default of ours).
    """

    __tablename__ = "declaration"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        tenant_key("import_id", "register_import"),
        sa.UniqueConstraint("deployment_id"),
        audit="grow-only",
        parent=True,
    )

    deployment_id: Mapped[int]
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    in_use_since: Mapped[str] = mapped_column(sa.String(60))  # as stated: "spring 2024", "14 March 2025"
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    earlier_approval: Mapped[str] = mapped_column(sa.Text, default="")  # what was approved elsewhere, in words: not made here
    import_id: Mapped[int | None]
    import_row: Mapped[int | None]  # the row of the spreadsheet, its heading being row 1
    interim_due_on: Mapped[date]
    digest: Mapped[str] = mapped_column(sa.String(64))  # of what is decided upon: the interim decision names it
    declared_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegisterImport(TenantMixin, Model):
    """An existing AI register as uploaded, with how its columns were mapped and what became of each row.

    status: uploaded, mapped, brought_in or dropped. The last mapping of an organisation for the same headings is offered again.
    """

    __tablename__ = "register_import"
    __table_args__ = table_args(
        sa.CheckConstraint("status IN ('uploaded', 'mapped', 'brought_in', 'dropped')", name="status"),
        audit="tracked",
        parent=True,
    )

    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    sheet: Mapped[str] = mapped_column(sa.String(100), default="")
    headings: Mapped[list[Any]] = mapped_column(Json)
    headings_digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # our field to a heading, or to a fixed value
    row_count: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(sa.String(20))
    account: Mapped[list[Any]] = mapped_column(Json, default=list)  # [[row, reference or "", sentence], …]
    uploaded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}
