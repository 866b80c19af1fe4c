"""Organisations in time, people, memberships, appointments and agreements."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from governance.database import Json, Model, UtcDateTime, enum_column, table_args
from governance.lifecycle import Stage
from governance.permissions import Role


class Organisation(Model):
    """An ICB, sub-ICB, trust or practice, with the dates between which it exists. Codes are ODS codes of up to 10 characters."""

    __tablename__ = "organisation"
    __table_args__ = table_args(
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="dates_in_order"), audit="tracked"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(10), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(20))  # icb, sub_icb, trust, practice
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    provenance: Mapped[str] = mapped_column(sa.String(200), default="")
    concerns: Mapped[str | None] = mapped_column(sa.String(300))  # how the public raises a concern


class OrganisationLink(Model):
    """Between two dates the child belonged to the parent (a sub-ICB or a trust to its ICB)."""

    __tablename__ = "organisation_link"
    __table_args__ = table_args(sa.UniqueConstraint("child_id", "parent_id", "started_on"), audit="tracked")

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    parent_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class Site(Model):
    """A place where an organisation gives care."""

    __tablename__ = "site"
    __table_args__ = table_args(sa.UniqueConstraint("organisation_id", "name"), audit="tracked", parent=True)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    ended_on: Mapped[date | None]


class Person(Model):
    """Someone who can sign in. `session_epoch` rises with each change of password, which ends every session."""

    __tablename__ = "person"
    __table_args__ = table_args(audit="tracked")

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    session_epoch: Mapped[int] = mapped_column(default=1)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    registrations: Mapped[list["ProfessionalRegistration"]] = relationship(
        foreign_keys="ProfessionalRegistration.person_id", order_by="ProfessionalRegistration.id", viewonly=True
    )


class ProfessionalRegistration(Model):
    """A person's registration and safety training as recorded on a day. The latest row counts; older ones stay."""

    __tablename__ = "professional_registration"
    __table_args__ = table_args(audit="grow-only")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[str] = mapped_column(sa.String(40))
    expires_on: Mapped[date]
    trained_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Model):
    """A person works in an organisation in a member's role, between two dates."""

    __tablename__ = "membership"
    __table_args__ = table_args(sa.Index("ix_membership_person", "person_id"), audit="tracked", parent=True)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class Appointment(Model):
    """A person holds an accountable role, between two dates, under an instrument (letter, board minute).

    `deployment_id` is set for roles held per deployment. The three limits bound an authorising executive.
    `ends_on` is the last day; `ended_on` is set when it was ended early.
    """

    __tablename__ = "appointment"
    __table_args__ = table_args(
        sa.ForeignKeyConstraint(
            ["organisation_id", "deployment_id"], ["deployment.organisation_id", "deployment.id"]
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        sa.Index("ix_appointment_person", "person_id"),
        audit="tracked",
        parent=True,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    deployment_id: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    instrument: Mapped[str] = mapped_column(sa.String(200))
    highest_tier: Mapped[str | None] = mapped_column(sa.String(10))
    highest_stage: Mapped[Stage | None] = mapped_column(enum_column(Stage))
    highest_residual: Mapped[int | None]
    appointed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    appointed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Agreement(Model):
    """Between two dates, holders of `roles` in `acting_id` act in `organisation_id` (an ICB's people for a practice)."""

    __tablename__ = "agreement"
    __table_args__ = table_args(
        sa.CheckConstraint("acting_id <> organisation_id", name="two_organisations"),
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        audit="tracked",
        parent=True,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    acting_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(Json)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    instrument: Mapped[str] = mapped_column(sa.String(200))
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class Delegation(Model):
    """Between two dates one holder of a role acts for another holder of the same role in an organisation.

    It moves the work, not the authority: who acts must hold the appointment too (our policy, "Who must agree").
    `deployment_id` narrows it to one deployment. The last day is `ends_on`; `ended_on` is set when it was ended early.
    """

    __tablename__ = "delegation"
    __table_args__ = table_args(
        sa.ForeignKeyConstraint(
            ["organisation_id", "deployment_id"], ["deployment.organisation_id", "deployment.id"]
        ),
        sa.CheckConstraint("from_person_id <> to_person_id", name="two_people"),
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        audit="tracked",
        parent=True,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    from_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    to_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    deployment_id: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(sa.Text)
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInAttempt(Model):
    """One try to sign in, by account and by address, so that throttling survives a restart. Not audited, kept a day."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        sa.Index("ix_sign_in_attempt_account_at", "account", "at"),
        sa.Index("ix_sign_in_attempt_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the e-mail as typed, folded
    address: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    passed: Mapped[bool]
