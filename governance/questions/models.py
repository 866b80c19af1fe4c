"""Questions and replies, sections given to colleagues, and when somebody last looked."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Model, TenantMixin, UtcDateTime, table_args, tenant_key


class Question(TenantMixin, Model):
    """A question about one thing: subject_kind answer, document, hazard, plan, section or indicator.

    status: open, answered or closed. `subject_key` finds the thing again within its deployment ("dtac-2.0:C1.1", "3");
    `subject_words` names it.
    """

    __tablename__ = "question"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.CheckConstraint("status IN ('open', 'answered', 'closed')", name="status"),
        sa.Index("ix_question_subject", "deployment_id", "subject_kind", "subject_key"),
        sa.Index("ix_question_organisation_id_status", "organisation_id", "status"),
        audit="tracked",
        parent=True,
    )

    deployment_id: Mapped[int]
    submission_reference: Mapped[str] = mapped_column(sa.String(30), default="")
    subject_kind: Mapped[str] = mapped_column(sa.String(20))
    subject_key: Mapped[str] = mapped_column(sa.String(100))
    subject_words: Mapped[str] = mapped_column(sa.String(300))
    path: Mapped[str] = mapped_column(sa.String(300))  # the page where it is asked and answered
    text: Mapped[str] = mapped_column(sa.Text)
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_role: Mapped[str] = mapped_column(sa.String(40))
    to_role: Mapped[str] = mapped_column(sa.String(40))  # whose turn it is to answer
    status: Mapped[str] = mapped_column(sa.String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class QuestionReply(TenantMixin, Model):
    """One reply to a question, as written."""

    __tablename__ = "question_reply"
    __table_args__ = table_args(
        tenant_key("question_id", "question"), sa.Index("ix_question_reply_of", "question_id"), audit="grow-only"
    )

    question_id: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    replied_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    replied_role: Mapped[str] = mapped_column(sa.String(40))
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Assignment(TenantMixin, Model):
    """A section of a submission given to a colleague, with a day. `section` is the code of its row in the task list."""

    __tablename__ = "assignment"
    __table_args__ = table_args(
        tenant_key("deployment_id", "deployment"),
        sa.Index("ix_assignment_person_id", "person_id"),
        sa.Index("ix_assignment_submission", "submission_reference"),
        audit="tracked",
    )

    deployment_id: Mapped[int]
    submission_reference: Mapped[str] = mapped_column(sa.String(30))
    section: Mapped[str] = mapped_column(sa.String(60))
    section_words: Mapped[str] = mapped_column(sa.String(200))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    assigned_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # taken back, or given to somebody else


class Looked(TenantMixin, Model):
    """When one person said that they have seen what is new on a deployment. Not history: the latest day counts."""

    __tablename__ = "looked"
    __table_args__ = (tenant_key("deployment_id", "deployment"), sa.UniqueConstraint("person_id", "deployment_id"))

    deployment_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
