"""Finding tasks of decommissioning and lessons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.intake.models import Submission, Triage
from governance.lifecycle import SubmissionKind
from governance.monitoring.endings.models import DecommissionTask, Lesson
from governance.register.models import Deployment, Tool

MOST = 200


@dataclass(frozen=True, slots=True)
class Open:
    """One task that is not done, for a list over all tools."""

    id: int
    organisation_id: int
    deployment_id: int
    reference: str
    tool: str
    number: int
    text: str
    owner_role: str
    due_on: date


def tasks(deployment: Deployment) -> Sequence[DecommissionTask]:
    """Every task of a deployment, in the order they were written."""
    query = sa.select(DecommissionTask).where(DecommissionTask.deployment_id == deployment.id)
    return db.session.scalars(query.order_by(DecommissionTask.number)).all()


def task(deployment: Deployment, number: int) -> DecommissionTask:
    """One task. Raises NotVisible."""
    query = sa.select(DecommissionTask).where(DecommissionTask.deployment_id == deployment.id)
    found = db.session.scalar(query.where(DecommissionTask.number == number))
    if found is None:
        raise NotVisible()
    return found


def last_number(deployment: Deployment) -> int:
    """The highest number given so far; 0 where there is none."""
    query = sa.select(sa.func.max(DecommissionTask.number)).where(DecommissionTask.deployment_id == deployment.id)
    return db.session.scalar(query) or 0


def lessons(deployment: Deployment) -> list[tuple[Lesson, str]]:
    """Every lesson with who recorded it, oldest first."""
    query = sa.select(Lesson, Person.name).join(Person, Person.id == Lesson.recorded_by)
    query = query.where(Lesson.deployment_id == deployment.id).order_by(Lesson.id)
    return [(row, name) for row, name in db.session.execute(query)]


def authors(deployment: Deployment) -> frozenset[int]:
    """Ids of everyone who wrote a task or a lesson: nobody judges what they wrote."""
    wrote = sa.select(DecommissionTask.added_by).where(DecommissionTask.deployment_id == deployment.id)
    learned = sa.select(Lesson.recorded_by).where(Lesson.deployment_id == deployment.id)
    return frozenset(db.session.scalars(wrote.union(learned)))


def ending(deployment: Deployment) -> Submission | None:
    """The open submission, where it asks to cease."""
    found = intake.open_on(deployment)
    return found if found is not None and found.kind is SubmissionKind.CEASE else None


def facts(deployment: Deployment) -> dict[str, str]:
    """The triage facts of the newest submission that was proposed."""
    query = sa.select(Triage.facts).join(Submission, Submission.id == Triage.submission_id)
    found = db.session.scalar(query.where(Submission.deployment_id == deployment.id).order_by(Triage.id.desc()).limit(1))
    return dict(found or {})


def open_tasks(scope: Collection[int] | None = None, *, until: date | None = None) -> list[Open]:
    """Tasks not done yet in these organisations (in all, for what runs by itself), the earliest due first."""
    query = (
        sa.select(
            DecommissionTask.id, DecommissionTask.organisation_id, Deployment.id, Deployment.reference, Tool.name,
            DecommissionTask.number, DecommissionTask.text, DecommissionTask.owner_role, DecommissionTask.due_on,
        )
        .join(Deployment, Deployment.id == DecommissionTask.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(DecommissionTask.done_on.is_(None))
        .order_by(DecommissionTask.due_on, DecommissionTask.id)
    )  # fmt: skip
    if scope is not None:
        query = query.where(DecommissionTask.organisation_id.in_(scope)).limit(MOST)
    if until is not None:
        query = query.where(DecommissionTask.due_on <= until)
    rows: Sequence[Any] = db.session.execute(query).all()
    return [Open(*row) for row in rows]
