"""Writing and finishing tasks of decommissioning, and keeping lessons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from governance import clock
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, refuse_if
from governance.intake import queries as intake
from governance.monitoring.endings import queries, rules
from governance.monitoring.endings.models import DecommissionTask, Lesson
from governance.monitoring.endings.rules import NewTask
from governance.permissions import Actor, Permission, Role
from governance.register import operations as register
from governance.register.models import Deployment


def add_task(*, deployment: Deployment, task: NewTask, by: Actor, at: datetime) -> DecommissionTask:
    """List one task. Raises Forbidden, Refused."""
    _may_write(deployment, by)
    refuse_if(rules.task_blockers(task, clock.london_date(at)))
    return _listed(deployment, [task], by, at)[0]


def take_starters(*, deployment: Deployment, by: Actor, at: datetime) -> Sequence[DecommissionTask]:
    """List the starter list, where nothing is listed yet. Raises Forbidden, Refused."""
    _may_write(deployment, by)
    one_at_a_time(f"ending:{deployment.id}")
    if queries.last_number(deployment):
        refuse_if([Blocker("tasks", "Tasks are listed already.")])
    return _listed(deployment, rules.starters(queries.facts(deployment), clock.london_date(at)), by, at)


def change_task(
    *, deployment: Deployment, row: DecommissionTask, task: NewTask, version_id: int | str, by: Actor, at: datetime
) -> None:
    """Write a task anew, while it is not done. Raises Forbidden, Refused, Conflict."""
    _may_write(deployment, by)
    _fresh(row, version_id)
    done = [Blocker("done", "This task is finished already.")] if row.done_on else []
    refuse_if([*done, *rules.task_blockers(task, clock.london_date(at))])
    row.kind, row.text, row.owner_role, row.due_on = task.kind, task.text.strip(), task.owner.value, task.due_on
    _note("decommission_task.changed", deployment, by, at, number=row.number, text=row.text, due_on=row.due_on)


def finish_task(
    *,
    deployment: Deployment,
    row: DecommissionTask,
    done_on: date | None,
    note: str,
    version_id: int | str,
    by: Actor,
    at: datetime,
) -> None:
    """Say that a task is done and how, as its owner or the lead, before or after the decision.

    Raises Forbidden, Refused, Conflict.
    """
    _own(deployment, by)
    if not rules.may_finish(Role(row.owner_role), {each.role for each in by.current if each.covers(deployment.id)}):
        raise Forbidden(f"This task is the {Role(row.owner_role).title}’s, or the digital lead’s, to finish.")
    _fresh(row, version_id)
    refuse_if(rules.finish_blockers(done=row.done_on is not None, done_on=done_on, note=note, on=clock.london_date(at)))
    row.done_on, row.done_by, row.note = done_on, by.person_id, note.strip()
    _note("decommission_task.done", deployment, by, at, number=row.number, note=row.note, done_on=done_on)


def record_lesson(*, deployment: Deployment, text: str, because: str = "", by: Actor, at: datetime) -> Lesson:
    """Keep a lesson for partners, or why there is none. It is never changed. Raises Forbidden, Refused."""
    _may_write(deployment, by)
    refuse_if(rules.lesson_blockers(text, because))
    row = Lesson(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        text=rules.lesson(text, because),
        recorded_by=by.person_id,
        recorded_at=at,
    )
    db.session.add(row)
    _note("lesson.recorded", deployment, by, at, text=row.text)
    register.project(deployment=deployment, at=at)
    return row


def writing_blockers(deployment: Deployment) -> list[Blocker]:
    """Why tasks and lessons cannot be written now."""
    running = intake.open_on(deployment)
    return rules.write_blockers(
        standing=deployment.standing, kind=running.kind if running else None, status=running.status if running else None
    )


def _listed(deployment: Deployment, new: Sequence[NewTask], by: Actor, at: datetime) -> list[DecommissionTask]:
    one_at_a_time(f"ending:{deployment.id}")
    last, rows = queries.last_number(deployment), []
    for number, each in enumerate(new, last + 1):
        row = DecommissionTask(
            organisation_id=deployment.organisation_id,
            deployment_id=deployment.id,
            number=number,
            kind=each.kind,
            text=each.text.strip(),
            owner_role=each.owner.value,
            due_on=each.due_on,
            added_by=by.person_id,
            added_at=at,
        )
        db.session.add(row)
        rows.append(row)
        _note("decommission_task.added", deployment, by, at, number=number, task=each.kind, text=row.text, due_on=each.due_on)
    return rows


def _may_write(deployment: Deployment, by: Actor) -> None:
    _own(deployment, by)
    by.must(Permission.END_USE, deployment_id=deployment.id)
    refuse_if(writing_blockers(deployment))


def _own(deployment: Deployment, by: Actor) -> None:
    """Writing is to the own organisation, whatever may be read."""
    if deployment.organisation_id not in by.scope:
        raise NotVisible()
    if deployment.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")


def _fresh(row: DecommissionTask, version_id: int | str) -> None:
    if str(row.version_id) != str(version_id):
        raise Conflict()


def _note(kind: str, deployment: Deployment, by: Actor, at: datetime, **said: Any) -> None:
    record(
        kind, stream=register.stream_of(deployment), by=by, at=at, organisation_id=deployment.organisation_id, **said
    )
