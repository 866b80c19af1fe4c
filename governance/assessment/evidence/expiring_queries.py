"""Finding what expires, and the tasks that suppliers' lapsed returns opened."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from governance.assessment.evidence import places, rules
from governance.assessment.evidence.models import Evidence, EvidenceTask, EvidenceUse
from governance.database import db
from governance.errors import NotVisible
from governance.permissions import Actor
from governance.register.models import Deployment, Supplier

PAGE = 50


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of expiring evidence is narrowed to: a kind, a supplier's returns and what covers its tools."""

    kind: str = ""
    supplier_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.kind or self.supplier_id)


def expiring(by: Actor, narrowed: Narrowed, *, after: tuple[date, int] | None = None, limit: int) -> Sequence[Evidence]:
    """What expires, the soonest first: all that something stands on, and what nothing uses yet while it still counts.

    What was renewed is left out once nothing stands on it any more.
    """
    query = sa.select(Evidence).where(*_expiring(by, narrowed))
    if after is not None:
        day, number = after
        later = sa.and_(Evidence.expires_on == day, Evidence.id > number)
        query = query.where(sa.or_(Evidence.expires_on > day, later))
    return db.session.scalars(query.order_by(Evidence.expires_on, Evidence.id).limit(limit)).all()


def expiring_counts(by: Actor, narrowed: Narrowed) -> dict[str, int]:
    """How many items expire in each of `rules.BANDS`, and how many have, in one query."""
    query = sa.select(Evidence.expires_on, sa.func.count()).where(*_expiring(by, narrowed))
    found: dict[str, int] = {}
    for day, count in db.session.execute(query.group_by(Evidence.expires_on)):
        if day is not None:
            title = rules.band(day, by.on)
            found[title] = found.get(title, 0) + count
    return found


def _expiring(by: Actor, narrowed: Narrowed) -> list[sa.ColumnElement[bool]]:
    renewed = sa.select(Evidence.renews_id).where(Evidence.organisation_id.in_(by.scope), Evidence.renews_id.is_not(None))
    waiting = sa.and_(Evidence.expires_on >= by.on, Evidence.id.not_in(renewed))
    found = [
        Evidence.organisation_id.in_(by.scope), Evidence.expires_on.is_not(None), sa.or_(in_use(by.scope), waiting)
    ]  # fmt: skip
    if narrowed.kind:
        found.append(Evidence.kind == narrowed.kind)
    if narrowed.supplier_id:
        sold = sa.select(Deployment.tool_version_id).where(
            Deployment.organisation_id.in_(by.scope), Deployment.supplier_id == narrowed.supplier_id
        )
        found.append(sa.or_(Evidence.supplier_id == narrowed.supplier_id, Evidence.tool_version_id.in_(sold)))
    return found


def renewals(ids: Collection[int]) -> set[int]:
    """Which of these items have a newer one."""
    found = db.session.scalars(sa.select(Evidence.renews_id).where(Evidence.renews_id.in_(ids)))
    return {number for number in found if number is not None}


def supplier_names(ids: Collection[int]) -> dict[int, str]:
    """Names of suppliers by id, in one query."""
    rows = db.session.execute(sa.select(Supplier.id, Supplier.name).where(Supplier.id.in_(ids))) if ids else ()
    return {row[0]: row[1] for row in rows}


def task(task_id: int, by: Actor) -> EvidenceTask:
    """One supplier's task within the actor's scope. Raises NotVisible."""
    found = db.session.get(EvidenceTask, task_id)
    if found is None or found.organisation_id not in by.scope:
        raise NotVisible()
    return found


def open_tasks(by: Actor, narrowed: Narrowed) -> Sequence[EvidenceTask]:
    """Yearly returns that have lapsed and that nobody has seen to, the longest lapsed first."""
    query = sa.select(EvidenceTask).where(EvidenceTask.organisation_id.in_(by.scope), EvidenceTask.closed_at.is_(None))
    if narrowed.kind:
        query = query.where(EvidenceTask.kind == narrowed.kind)
    if narrowed.supplier_id:
        query = query.where(EvidenceTask.supplier_id == narrowed.supplier_id)
    return db.session.scalars(query.order_by(EvidenceTask.lapsed_on, EvidenceTask.id).limit(PAGE)).all()


def copies_of(tasks: Sequence[EvidenceTask]) -> dict[int, list[int]]:
    """Ids of every copy of the return that a task is about, up to the one that lapsed last, by the task."""
    found: dict[int, list[int]] = {task.id: [] for task in tasks}
    query = sa.select(Evidence.id, Evidence.organisation_id, Evidence.supplier_id, Evidence.kind, Evidence.expires_on).where(
        Evidence.organisation_id.in_({task.organisation_id for task in tasks}),
        Evidence.supplier_id.in_({task.supplier_id for task in tasks}),
    )
    for row in db.session.execute(query.order_by(Evidence.id)) if tasks else ():
        for task in tasks:
            same = (row[1], row[2], row[3]) == (task.organisation_id, task.supplier_id, task.kind)
            if same and row[4] is not None and row[4] <= task.lapsed_on:
                found[task.id].append(row[0])
    return found


def in_use(scope: Collection[int]) -> sa.ColumnElement[bool]:
    """That something of these organisations stands on an item."""
    used = sa.select(EvidenceUse.evidence_id).where(
        EvidenceUse.organisation_id.in_(scope), EvidenceUse.removed_at.is_(None)
    )
    return sa.or_(*(Evidence.id.in_(selection) for selection in (used, *places.selections(scope))))
