"""Finding evidence, what it supports, and what supports a thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.database import db
from governance.errors import NotVisible
from governance.permissions import Actor

PAGE = 50


def evidence(evidence_id: int, by: Actor) -> Evidence:
    """One item within the actor's scope. Raises NotVisible."""
    found = db.session.get(Evidence, evidence_id)
    if found is None or found.organisation_id not in by.scope:
        raise NotVisible()
    return found


def items(
    by: Actor, *, kind: str = "", text: str = "", expiring_by: date | None = None, before_id: int | None = None
) -> Sequence[Evidence]:
    """Evidence of the actor's scope, newest first, one page and one more. `expiring_by`: only what expires by that day."""
    query = sa.select(Evidence).where(Evidence.organisation_id.in_(by.scope))
    if kind:
        query = query.where(Evidence.kind == kind)
    if text:
        like = f"%{_plain(text)}%"
        query = query.where(sa.or_(Evidence.title.ilike(like, escape="\\"), Evidence.issuer.ilike(like, escape="\\")))
    if expiring_by is not None:
        query = query.where(Evidence.expires_on <= expiring_by)
    if before_id is not None:
        query = query.where(Evidence.id < before_id)
    return db.session.scalars(query.order_by(Evidence.id.desc()).limit(PAGE + 1)).all()


def choices(by: Actor, limit: int = 200) -> Sequence[Evidence]:
    """What may be chosen again for another answer: the own organisation's items, newest first."""
    query = sa.select(Evidence).where(Evidence.organisation_id == by.organisation_id)
    return db.session.scalars(query.order_by(Evidence.id.desc()).limit(limit)).all()


def uses(evidence_id: int) -> Sequence[EvidenceUse]:
    """What one item supports now, oldest first."""
    query = sa.select(EvidenceUse).where(EvidenceUse.evidence_id == evidence_id, EvidenceUse.removed_at.is_(None))
    return db.session.scalars(query.order_by(EvidenceUse.id)).all()


def use_counts(ids: Iterable[int]) -> Mapping[int, int]:
    """How many things each item supports now, in one query."""
    query = (
        sa.select(EvidenceUse.evidence_id, sa.func.count())
        .where(EvidenceUse.evidence_id.in_(list(ids)), EvidenceUse.removed_at.is_(None))
        .group_by(EvidenceUse.evidence_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def supporting(subject_kind: str, subject_id: int, *, organisation_id: int) -> dict[str, list[Evidence]]:
    """What supports one sheet, document, condition or control: items by the question's code ("" where there is none)."""
    query = (
        sa.select(EvidenceUse.code, Evidence)
        .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
        .where(
            EvidenceUse.organisation_id == organisation_id,
            EvidenceUse.subject_kind == subject_kind,
            EvidenceUse.subject_id == subject_id,
            EvidenceUse.removed_at.is_(None),
        )
        .order_by(Evidence.id)
    )
    found: dict[str, list[Evidence]] = {}
    for code, item in db.session.execute(query):
        if item not in found.setdefault(code, []):
            found[code].append(item)
    return found


def use_of(evidence: Evidence, subject_kind: str, subject_id: int, code: str) -> EvidenceUse | None:
    """The live row that says this item supports this."""
    return db.session.scalar(
        sa.select(EvidenceUse).where(
            EvidenceUse.evidence_id == evidence.id,
            EvidenceUse.subject_kind == subject_kind,
            EvidenceUse.subject_id == subject_id,
            EvidenceUse.code == code,
            EvidenceUse.removed_at.is_(None),
        )
    )


def by_ids(ids: Iterable[int], *, organisation_id: int) -> dict[int, Evidence]:
    """Several items of one organisation by id, in one query."""
    query = sa.select(Evidence).where(Evidence.id.in_(list(ids)), Evidence.organisation_id == organisation_id)
    return {item.id: item for item in db.session.scalars(query)}


def content(item: Evidence) -> dict[str, object]:
    """An item as a pack holds it. The day it expires, never whether it has."""
    return {
        "title": item.title,
        "kind": item.kind,
        "issuer": item.issuer,
        "standard": item.standard,
        "issued_on": item.issued_on.isoformat() if item.issued_on else None,
        "expires_on": item.expires_on.isoformat() if item.expires_on else None,
        "shareable": item.shareable,
        "filename": item.filename,
        "sha256": item.sha256,
        "url": item.url,
    }


def _plain(text: str) -> str:
    """Text as it stands inside LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
