"""Intents and sealed sign-offs."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from governance import canonical
from governance.database import Json, Model, TenantMixin, UtcDateTime, enum_column, table_args
from governance.permissions import Role


class SignIntent(TenantMixin, Model):
    """What one person is about to sign: fixed when shown, good for ten minutes, used at most once."""

    __tablename__ = "sign_intent"

    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    section_digests: Mapped[dict[str, str]] = mapped_column(Json)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    outcome: Mapped[str] = mapped_column(sa.String(40))
    statement: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(Json)  # conditions, reasons: sealed with the rest
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignOff(TenantMixin, Model):
    """One person's statement over one subject, immutable.

    subject_kind: risk_plan, hazard_log_version, safety_case, assurance_pack, authorisation, safety_decision.
    act: sign, advise or authorise. One row per subject, role and act: two signers at once meet this key.
    """

    __tablename__ = "sign_off"
    __table_args__ = table_args(
        sa.UniqueConstraint("subject_kind", "subject_id", "role", "act"),
        sa.Index("ix_sign_off_subject", "subject_kind", "subject_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "appointment_id"], ["appointment.organisation_id", "appointment.id"]
        ),
        audit="grow-only",
        parent=True,
    )

    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    act: Mapped[str] = mapped_column(sa.String(10))
    digest: Mapped[str] = mapped_column(sa.String(64))
    section_digests: Mapped[dict[str, str]] = mapped_column(Json)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    outcome: Mapped[str] = mapped_column(sa.String(40))
    statement: Mapped[str] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    person_name: Mapped[str] = mapped_column(sa.String(200))
    appointment_id: Mapped[int | None]
    appointment_text: Mapped[str] = mapped_column(sa.String(300))
    agreement_id: Mapped[int | None]
    registration: Mapped[str] = mapped_column(sa.String(200), default="")
    registration_expires_on: Mapped[date | None]
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_id: Mapped[str] = mapped_column(sa.String(16))
    seal: Mapped[str] = mapped_column(sa.String(100))

    @property
    def check_code(self) -> str:
        """First eight characters of the digest of the seal: what pages and PDFs print beside a signature."""
        return canonical.digest_bytes(self.seal.encode())[:8]
