"""Attaching evidence, and saying what it supports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence import queries, rules
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.audit.record import record
from governance.database import db
from governance.database.base import Base
from governance.errors import Conflict, Forbidden, NotVisible, refuse_if
from governance.permissions import Actor, Permission
from governance.policy import policy


class StoredFile(Protocol):
    """A file that was received, found to be its type, and put into storage before the transaction."""

    @property
    def filename(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def attach(
    *,
    title: str,
    kind: str,
    by: Actor,
    at: datetime,
    upload: StoredFile | None = None,
    url: str = "",
    issuer: str = "",
    standard: str = "",
    tool_version_id: int | None = None,
    issued_on: date | None = None,
    expires_on: date | None = None,
    shareable: bool = False,
) -> Evidence:
    """Keep one file or link. Without `expires_on` the date follows from policy where it sets a validity for the kind.

    Raises Forbidden, or Refused with codes named as the form's fields.
    """
    by.must(Permission.ATTACH)
    london = policy()
    refuse_if(
        rules.attach_blockers(
            policy=london, kind=kind, has_file=upload is not None, url=url, issued_on=issued_on, expires_on=expires_on,
            on=clock.london_date(at),
        )
    )  # fmt: skip
    item = Evidence(
        organisation_id=by.organisation_id,
        title=title,
        kind=kind,
        issuer=issuer,
        standard=standard,
        tool_version_id=tool_version_id,
        issued_on=issued_on,
        expires_on=expires_on or rules.expected_expiry(london, kind, issued_on),
        shareable=shareable,
        filename=upload.filename if upload else "",
        media_type=upload.media_type if upload else "",
        size=upload.size if upload else 0,
        sha256=upload.sha256 if upload else None,
        url=url or None,
        attached_by=by.person_id,
        attached_at=at,
    )
    db.session.add(item)
    db.session.flush()
    record(
        "evidence.attached", stream=f"organisation:{item.organisation_id}", by=by, at=at,
        evidence=item.id, sha256=item.sha256, url=item.url,
    )  # fmt: skip
    return item


def use(
    *, evidence: Evidence, subject_kind: str, subject_id: int, by: Actor, at: datetime, code: str = ""
) -> EvidenceUse:
    """Say that an item supports an answer, document, condition or control of the same organisation. Twice is once."""
    _own(evidence, by)
    by.must(Permission.ATTACH)
    _check_subject(subject_kind, subject_id, by)
    there = queries.use_of(evidence, subject_kind, subject_id, code)
    if there is not None:
        return there
    row = EvidenceUse(
        organisation_id=evidence.organisation_id,
        evidence_id=evidence.id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        code=code,
        added_by=by.person_id,
        added_at=at,
    )
    db.session.add(row)
    _record("evidence.used", row, by, at)
    return row


def stop_using(
    *, evidence: Evidence, subject_kind: str, subject_id: int, by: Actor, at: datetime, code: str = ""
) -> EvidenceUse:
    """Take an item away from what it supported; the item stays. Raises Conflict when it was taken away already."""
    _own(evidence, by)
    by.must(Permission.ATTACH)
    _check_subject(subject_kind, subject_id, by)
    row = queries.use_of(evidence, subject_kind, subject_id, code)
    if row is None:
        raise Conflict("Somebody took this evidence away already.")
    row.removed_by, row.removed_at = by.person_id, at
    _record("evidence.released", row, by, at)
    return row


def _record(kind: str, row: EvidenceUse, by: Actor, at: datetime) -> None:
    record(
        kind, stream=f"organisation:{row.organisation_id}", by=by, at=at,
        evidence=row.evidence_id, subject=f"{row.subject_kind}:{row.subject_id}", code=row.code,
    )  # fmt: skip


def _own(item: Evidence, by: Actor) -> None:
    if item.organisation_id not in by.scope:
        raise NotVisible()
    if item.organisation_id != by.organisation_id:
        raise Forbidden("This evidence belongs to an organisation that has ended. It can be read, not changed.")


def _check_subject(subject_kind: str, subject_id: int, by: Actor) -> None:
    """What is supported must exist in the actor's own organisation; the tables of later rooms are known by name alone."""
    if subject_kind not in rules.SUBJECTS:
        raise NotVisible()
    table = Base.metadata.tables[subject_kind]
    owner = db.session.scalar(sa.select(table.c.organisation_id).where(table.c.id == subject_id))
    if owner != by.organisation_id:
        raise NotVisible()
