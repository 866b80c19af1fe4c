"""Finding evidence, what it supports, and what supports a thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from governance.assessment.evidence import rules
from governance.assessment.evidence.models import Evidence, EvidenceUse, QuarantinedFile
from governance.database import db
from governance.database.base import Base
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.register.models import Deployment, Supplier, Tool, ToolVersion

PAGE = 50
MOST_NAMED = 500


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


def quarantined(by: Actor, *, before_id: int | None = None) -> Sequence[tuple[QuarantinedFile, str]]:
    """Files that were refused, each with the name of who sent it, newest first: one page and one more."""
    query = (
        sa.select(QuarantinedFile, Person.name)
        .outerjoin(Person, Person.id == QuarantinedFile.sent_by)
        .where(QuarantinedFile.organisation_id.in_(by.scope))
        .order_by(QuarantinedFile.id.desc())
    )
    if before_id is not None:
        query = query.where(QuarantinedFile.id < before_id)
    return [(row[0], row[1] or "The supplier’s contact") for row in db.session.execute(query.limit(PAGE + 1))]


def renewal_of(item: Evidence) -> Evidence | None:
    """The newest item that took this one's place."""
    query = sa.select(Evidence).where(Evidence.renews_id == item.id, Evidence.organisation_id == item.organisation_id)
    return db.session.scalar(query.order_by(Evidence.id.desc()).limit(1))


def giver(item: Evidence) -> str:
    """Who attached an item: a person, or the supplier's contact behind a link, said to be one."""
    if item.attached_by is not None:
        return db.session.get_one(Person, item.attached_by).name
    link = Base.metadata.tables["supplier_link"]
    name = db.session.scalar(sa.select(link.c.contact_name).where(link.c.id == item.supplier_link_id))
    return f"{name} (supplier)"


def supplier(item: Evidence) -> Supplier | None:
    """Whose own return it is; None where it is about a tool."""
    return db.session.get(Supplier, item.supplier_id) if item.supplier_id else None


def versions(by: Actor) -> list[tuple[int, str]]:
    """Versions of the organisation's own tools that an item may cover, by name."""
    own = by.organisation_id
    mine = sa.union(
        sa.select(Deployment.tool_version_id).where(Deployment.organisation_id == own),
        sa.select(Submission.tool_version_id).where(Submission.organisation_id == own, Submission.deployment_id.is_not(None)),
    ).subquery()
    query = sa.select(ToolVersion.id, Tool.name, ToolVersion.version).join(Tool, Tool.id == ToolVersion.tool_id)
    query = query.where(ToolVersion.id.in_(sa.select(mine.c[0]))).order_by(Tool.name_key, ToolVersion.id.desc())
    return [(row[0], f"{row[1]} {row[2]}") for row in db.session.execute(query.limit(MOST_NAMED))]


def suppliers(by: Actor) -> list[tuple[int, str]]:
    """Suppliers of the organisation's own tools, by name."""
    mine = sa.select(Deployment.supplier_id).where(Deployment.organisation_id == by.organisation_id)
    query = sa.select(Supplier.id, Supplier.name).where(Supplier.id.in_(mine)).order_by(Supplier.name_key)
    return [(row[0], row[1]) for row in db.session.execute(query.limit(MOST_NAMED))]


def only_supplier(tool_version_id: int, organisation_id: int) -> int | None:
    """Who supplies a version to an organisation, where it is one supplier alone."""
    query = sa.select(Deployment.supplier_id).distinct()
    tool = sa.select(ToolVersion.tool_id).where(ToolVersion.id == tool_version_id).scalar_subquery()
    found = db.session.scalars(
        query.where(Deployment.organisation_id == organisation_id, Deployment.tool_id == tool)
    ).all()
    return found[0] if len(found) == 1 else None


def piece(item: Evidence) -> rules.Piece:
    """An item as the rules of expiry read it."""
    return rules.Piece(item.title, item.kind, item.standard, item.expires_on)


def covered(items: Iterable[Evidence]) -> dict[int, str]:
    """The versions that several items cover, as pages say them, in one query; none where no item covers one."""
    ids = {item.tool_version_id for item in items if item.tool_version_id is not None}
    query = sa.select(ToolVersion.id, Tool.name, ToolVersion.version).join(Tool, Tool.id == ToolVersion.tool_id)
    rows = db.session.execute(query.where(ToolVersion.id.in_(ids))) if ids else ()
    return {row[0]: f"{row[1]} {row[2]}" for row in rows}


def covering(item: Evidence, tool_version_id: int | None) -> Evidence | None:
    """The newest item with the same file or link, of the same kind and dates, that covers a version."""
    same = [getattr(Evidence, name) == getattr(item, name) for name in ("organisation_id", "kind", "sha256", "url")]
    same += [getattr(Evidence, name) == getattr(item, name) for name in ("issued_on", "expires_on")]
    query = sa.select(Evidence).where(*same, Evidence.tool_version_id == tool_version_id)
    return db.session.scalar(query.order_by(Evidence.id.desc()).limit(1))


def content(item: Evidence, covers: Mapping[int, str]) -> dict[str, object]:
    """An item as a pack holds it. The day it expires, never whether it has. `covers` is what `covered` found.

    What older packs do not hold (the version of the standard, the version covered, whether it is the supplier's own
    return) is in it only where it is said, so that the content of an item that was there before does not change.
    """
    said: dict[str, object] = {
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
    if item.standard_version:
        said["standard_version"] = item.standard_version
    if item.tool_version_id is not None:
        said["covers"] = covers[item.tool_version_id]
    if item.supplier_id is not None:
        said["return_of"] = "supplier"
    return said


def _plain(text: str) -> str:
    """Text as it stands inside LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
