"""Yearly returns of suppliers that have lapsed: one task for each supplier and kind, however much stands on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence import places, queries, rules
from governance.assessment.evidence.models import Evidence, EvidenceTask
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.permissions import SYSTEM, Actor, Permission


def lapsed(on: date) -> list[Evidence]:
    """For each organisation, supplier and return whose newest copy has expired while something stands on it: that copy.

    Copies are those of one kind and standard (`rules.same`): Cyber Essentials does not stand in for Cyber Essentials Plus.
    """
    query = sa.select(Evidence).where(Evidence.supplier_id.is_not(None), Evidence.expires_on.is_not(None))
    groups: dict[tuple[int, int, tuple[str, str]], list[Evidence]] = {}
    for item in db.session.scalars(query.order_by(Evidence.expires_on, Evidence.id)):
        groups.setdefault((item.organisation_id, item.supplier_id or 0, rules.same(queries.piece(item))), []).append(item)
    over = {key: items for key, items in groups.items() if rules.is_expired(items[-1].expires_on, on)}
    standing = places.live([item.id for items in over.values() for item in items])
    return [items[-1] for items in over.values() if any(standing[item.id] for item in items)]


def open_for(item: Evidence, *, at: datetime) -> EvidenceTask | None:
    """Open the task of a lapsed return; None where it is open already, or was closed for this very one."""
    assert item.supplier_id is not None
    assert item.expires_on is not None
    one_at_a_time(f"evidence_task:{item.organisation_id}:{item.supplier_id}:{item.kind}")
    there = sa.select(EvidenceTask.id).where(
        EvidenceTask.organisation_id == item.organisation_id,
        EvidenceTask.supplier_id == item.supplier_id,
        EvidenceTask.kind == item.kind,
        sa.or_(EvidenceTask.closed_at.is_(None), EvidenceTask.lapsed_id == item.id),
    )
    if db.session.scalar(there.limit(1)) is not None:
        return None
    task = EvidenceTask(
        organisation_id=item.organisation_id, supplier_id=item.supplier_id, kind=item.kind, lapsed_id=item.id,
        lapsed_on=item.expires_on, opened_at=at,
    )  # fmt: skip
    db.session.add(task)
    db.session.flush()
    _record("evidence_task.opened", task, SYSTEM, at)
    return task


def close(*, task: EvidenceTask, reason: str, by: Actor, at: datetime) -> None:
    """Close a task without a newer return, with the reason. Raises Refused, Conflict."""
    if task.organisation_id not in by.scope:
        raise NotVisible()
    if task.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")
    by.must(Permission.ATTACH)
    if task.closed_at is not None:
        raise Conflict("Somebody closed this task already.")
    if not reason.strip():
        raise Refused.because("Say why no newer return is needed.", code="reason")
    task.closed_by, task.closed_at, task.reason = by.person_id, at, reason.strip()
    _record("evidence_task.closed", task, by, at, reason=task.reason)


def copies(item: Evidence, *, on: date) -> Sequence[Evidence]:
    """Other copies of the same return of the same supplier that have expired: a newer one takes the place of all of them."""
    if item.supplier_id is None:
        return []
    query = sa.select(Evidence).where(
        Evidence.organisation_id == item.organisation_id,
        Evidence.supplier_id == item.supplier_id,
        Evidence.kind == item.kind,
        Evidence.expires_on < on,
        Evidence.id.not_in([item.id, item.renews_id or 0]),
    )
    wanted = rules.same(queries.piece(item))
    return [each for each in db.session.scalars(query.order_by(Evidence.id)) if rules.same(queries.piece(each)) == wanted]


def answer(item: Evidence, replaced: Collection[int], *, by: Actor, at: datetime) -> Sequence[EvidenceTask]:
    """Close the tasks that a newer return answers, where it counts today. The caller records it."""
    if rules.is_expired(item.expires_on, clock.london_date(at)):
        return []
    query = sa.select(EvidenceTask).where(
        EvidenceTask.organisation_id == item.organisation_id,
        EvidenceTask.lapsed_id.in_(replaced),
        EvidenceTask.closed_at.is_(None),
    )
    found = db.session.scalars(query.order_by(EvidenceTask.id)).all()
    for task in found:
        task.renewed_id, task.closed_by, task.closed_at = item.id, by.person_id, at
    return found


def _record(kind: str, task: EvidenceTask, by: Actor, at: datetime, **said: object) -> None:
    record(
        kind, stream=f"organisation:{task.organisation_id}", by=by, at=at, organisation_id=task.organisation_id,
        task=task.id, supplier=task.supplier_id, evidence_kind=task.kind, lapsed=task.lapsed_id, **said,
    )  # fmt: skip
