"""Committees, meetings, agenda items with enclosures, attendance by role, conflicts, actions, comments.

Source of the shape: minutes of an NHS England data governance group, 2025 (attendance by role, quoracy, conflicts, numbered
enclosures, opinion, actions, decision with caveats, comments out of meeting when not quorate).
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance.database import Json, Model, TenantMixin, UtcDateTime, enum_column, table_args, tenant_key
from governance.permissions import Role


class Committee(TenantMixin, Model):
    """A standing group of one organisation. quorum: [{"role": "cso", "at_least": 1}, …]; `quorum_people` counts all."""

    __tablename__ = "committee"
    __table_args__ = table_args(sa.UniqueConstraint("organisation_id", "name"), audit="tracked", parent=True)

    name: Mapped[str] = mapped_column(sa.String(200))
    terms: Mapped[str] = mapped_column(sa.Text, default="")
    quorum: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    quorum_people: Mapped[int]
    comment_working_days: Mapped[int]
    ended_on: Mapped[date | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class Meeting(TenantMixin, Model):
    """One meeting. status: planned, held, commenting (not quorate: members comment until a day), closed or cancelled."""

    __tablename__ = "meeting"
    __table_args__ = table_args(
        tenant_key("committee_id", "committee"),
        sa.UniqueConstraint("committee_id", "number"),
        sa.CheckConstraint("status IN ('planned', 'held', 'commenting', 'closed', 'cancelled')", name="status"),
        audit="tracked",
        parent=True,
    )

    committee_id: Mapped[int]
    number: Mapped[int]
    held_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(sa.String(5))  # local time, "14:00"
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    status: Mapped[str] = mapped_column(sa.String(20))
    quorate: Mapped[bool | None]  # as counted when it was held
    quorum_words: Mapped[str] = mapped_column(sa.Text, default="")
    comment_until: Mapped[date | None]
    previous_minutes: Mapped[str] = mapped_column(sa.Text, default="")  # agreed, or what was corrected
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    minutes_sha256: Mapped[str | None] = mapped_column(sa.String(64))  # the issued PDF; made once, after it is closed
    minutes_pages: Mapped[int | None]
    minutes_issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class MeetingChange(TenantMixin, Model):
    """One step of a meeting: what pages show as its history."""

    __tablename__ = "meeting_change"
    __table_args__ = table_args(tenant_key("meeting_id", "meeting"), audit="grow-only")

    meeting_id: Mapped[int] = mapped_column(index=True)
    status_from: Mapped[str | None] = mapped_column(sa.String(20))
    status_to: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class AgendaItem(TenantMixin, Model):
    """One item: a submission with the pack it had when it was put on, or a matter in words.

    opinion and decision are the committee's: supported, supported_with_caveats, not_supported, deferred or noted. The
    decision on a submission stays with those who sign and authorise it.
    """

    __tablename__ = "agenda_item"
    __table_args__ = table_args(
        tenant_key("meeting_id", "meeting"),
        tenant_key("submission_id", "submission"),
        tenant_key("pack_id", "assurance_pack"),
        sa.UniqueConstraint("meeting_id", "number"),
        sa.CheckConstraint(
            "decision IN ('', 'supported', 'supported_with_caveats', 'not_supported', 'deferred', 'noted')", name="decision"
        ),
        audit="tracked",
        parent=True,
    )

    meeting_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    purpose: Mapped[str] = mapped_column(sa.String(20))  # for decision, for assurance, for noting
    submission_id: Mapped[int | None]
    pack_id: Mapped[int | None]
    presented_by: Mapped[str] = mapped_column(sa.String(200), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    opinion: Mapped[str] = mapped_column(sa.Text, default="")
    decision: Mapped[str] = mapped_column(sa.String(30), default="")
    caveats: Mapped[list[str]] = mapped_column(Json, default=list)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class Enclosure(TenantMixin, Model):
    """A paper of an item, numbered as it is named in the minutes: 1, 1a, 1b. A section of the pack, a file, or a link."""

    __tablename__ = "enclosure"
    __table_args__ = table_args(
        tenant_key("agenda_item_id", "agenda_item"),
        tenant_key("pack_section_id", "pack_section"),
        tenant_key("evidence_id", "evidence"),
        sa.UniqueConstraint("agenda_item_id", "letter"),
        audit="grow-only",
    )

    agenda_item_id: Mapped[int]
    letter: Mapped[str] = mapped_column(sa.String(2))  # "" for the first, then a, b, c
    title: Mapped[str] = mapped_column(sa.String(200))
    digest: Mapped[str] = mapped_column(sa.String(64))
    pack_section_id: Mapped[int | None]
    evidence_id: Mapped[int | None]


class Attendance(TenantMixin, Model):
    """Who was there, by role; the newest row for a name and role counts. presence: present, remote or apologies."""

    __tablename__ = "attendance"
    __table_args__ = table_args(
        tenant_key("meeting_id", "meeting"),
        sa.CheckConstraint("presence IN ('present', 'remote', 'apologies')", name="presence"),
        audit="grow-only",
        parent=True,
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[Role | None] = mapped_column(enum_column(Role))
    role_words: Mapped[str] = mapped_column(sa.String(100))
    is_chair: Mapped[bool] = mapped_column(default=False)
    presence: Mapped[str] = mapped_column(sa.String(20))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConflictOfInterest(TenantMixin, Model):
    """An interest declared for one item or for all, and what was done: took_part, stayed_silent or left."""

    __tablename__ = "conflict_of_interest"
    __table_args__ = table_args(
        tenant_key("meeting_id", "meeting"),
        tenant_key("agenda_item_id", "agenda_item"),
        sa.CheckConstraint("handled IN ('took_part', 'stayed_silent', 'left')", name="handled"),
        audit="grow-only",
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    agenda_item_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    interest: Mapped[str] = mapped_column(sa.Text)
    handled: Mapped[str] = mapped_column(sa.String(20))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetingAction(TenantMixin, Model):
    """Something somebody was asked to do, by a day."""

    __tablename__ = "meeting_action"
    __table_args__ = table_args(
        tenant_key("meeting_id", "meeting"),
        tenant_key("agenda_item_id", "agenda_item"),
        sa.UniqueConstraint("meeting_id", "number"),
        audit="tracked",
        parent=True,
    )

    meeting_id: Mapped[int]
    agenda_item_id: Mapped[int | None]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    owner: Mapped[str] = mapped_column(sa.String(200))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_words: Mapped[str] = mapped_column(sa.Text, default="")
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class MeetingComment(TenantMixin, Model):
    """What a member said out of the meeting, while comments were open. It is a comment, never a sign-off."""

    __tablename__ = "meeting_comment"
    __table_args__ = table_args(
        tenant_key("agenda_item_id", "agenda_item"),
        sa.CheckConstraint("position IN ('supports', 'supports_with_caveats', 'against')", name="position"),
        audit="grow-only",
    )

    agenda_item_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role_words: Mapped[str] = mapped_column(sa.String(100))
    position: Mapped[str] = mapped_column(sa.String(30))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
