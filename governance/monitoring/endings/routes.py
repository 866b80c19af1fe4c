"""The ending of one tool: its tasks, that they are done, and what was learned."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.plans import door
from governance.errors import Conflict
from governance.monitoring.endings import forms, operations, presenters, queries
from governance.monitoring.endings.rules import NewTask
from governance.permissions import Actor, Permission, Role
from governance.register import queries as register
from governance.register.models import Deployment
from governance.web.access import actor, requires

bp = Blueprint("endings", __name__, url_prefix="/<org:organisation>/tools/<reference>/ending")
Page = str | tuple[str, int] | Response


@bp.route("")
@requires(Permission.READ_REGISTER)
def ending(organisation: str, reference: str) -> str:
    """Tasks and lessons, and what is still missing."""
    row = register.deployment(reference, actor())
    return _shown(row)


@bp.route("/starter", methods=["POST"])
@requires(Permission.END_USE)
def starter(organisation: str, reference: str) -> Page:
    """Take the starter list."""
    row, form = register.deployment(reference, actor()), forms.Form()

    def take(by: Actor) -> None:
        operations.take_starters(deployment=register.deployment(reference, by), by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, take):
        return redirect(_to("endings.ending", row))
    return _shown(register.deployment(reference, actor()), form), 422


@bp.route("/tasks", methods=["GET", "POST"])
@requires(Permission.END_USE)
def add(organisation: str, reference: str) -> Page:
    """List one more task."""
    row, form = register.deployment(reference, actor()), forms.task_form()

    def keep(by: Actor) -> None:
        operations.add_task(deployment=register.deployment(reference, by), task=_task(form), by=by, at=clock.now())

    return _small(row, form, keep, "endings/task.jinja", title="List a task")


@bp.route("/tasks/<int:number>", methods=["GET", "POST"])
@requires(Permission.END_USE)
def change(organisation: str, reference: str, number: int) -> Page:
    """Write a task anew."""
    row = register.deployment(reference, actor())
    form = forms.task_form(queries.task(row, number))

    def keep(by: Actor) -> None:
        mine = register.deployment(reference, by)
        operations.change_task(
            deployment=mine, row=queries.task(mine, number), task=_task(form), version_id=form.version_id.data or "",
            by=by, at=clock.now(),
        )  # fmt: skip

    return _small(row, form, keep, "endings/task.jinja", title=f"Change task {number}")


@bp.route("/tasks/<int:number>/done", methods=["GET", "POST"])
@requires(Permission.FINISH_TASK)
def done(organisation: str, reference: str, number: int) -> Page:
    """Say that a task is done, and how."""
    row = register.deployment(reference, actor())
    task = queries.task(row, number)
    form = forms.DoneForm(data={"done_on": clock.today(), "version_id": task.version_id})

    def finish(by: Actor) -> None:
        mine = register.deployment(reference, by)
        operations.finish_task(
            deployment=mine, row=queries.task(mine, number), done_on=form.done_on.data, note=form.note.data,
            version_id=form.version_id.data or "", by=by, at=clock.now(),
        )  # fmt: skip

    line = presenters.line(task, row, actor(), clock.today(), writes=False, finishes=False)
    return _small(row, form, finish, "endings/done.jinja", title=f"Task {number}", task=line)


@bp.route("/lesson", methods=["GET", "POST"])
@requires(Permission.END_USE)
def lesson(organisation: str, reference: str) -> Page:
    """Write what was learned, for every partner."""
    row, form = register.deployment(reference, actor()), forms.LessonForm()

    def keep(by: Actor) -> None:
        operations.record_lesson(
            deployment=register.deployment(reference, by), text=form.text.data or "", because=form.because.data or "",
            by=by, at=clock.now(),
        )  # fmt: skip

    return _small(row, form, keep, "endings/lesson.jinja", title="Record a lesson")


def _task(form: forms.TaskForm) -> NewTask:
    return NewTask(form.kind.data, form.text.data, Role(form.owner.data), form.due_on.data)


def _small(row: Deployment, form: Any, act: Callable[[Actor], None], template: str, *, title: str, **more: Any) -> Page:
    """One form: 422 keeps what was typed, 409 says that somebody changed it meanwhile."""
    stale, status = "", 422 if form.is_submitted() else 200
    reference = row.reference
    try:
        if form.validate_on_submit() and door.attempt(form, act, {name: name for name in form.data}):
            return redirect(_to("endings.ending", row))
    except Conflict as conflict:
        stale, status = conflict.sentences[0], conflict.status
    row = register.deployment(reference, actor())
    why_not = operations.writing_blockers(row) if template != "endings/done.jinja" else []
    return render_template(
        template, form=form, row=row, title=title, stale=stale, crumbs=_crumbs(row),
        why_not=[each.sentence for each in why_not], **more,
    ), status  # fmt: skip


def _shown(row: Deployment, form: Any = None) -> str:
    it = presenters.build(row, actor(), clock.today())
    return render_template("endings/ending.jinja", row=row, it=it, form=form, crumbs=_crumbs(row)[:2])


def _to(endpoint: str, row: Deployment, **values: Any) -> str:
    return url_for(endpoint, organisation=actor().organisation_code, reference=row.reference, **values)


def _crumbs(row: Deployment) -> list[tuple[str, str]]:
    return [
        ("Tools", url_for("register.tools", organisation=actor().organisation_code)),
        (row.tool.name, _to("deployments.deployment", row)),
        ("Decommissioning", _to("endings.ending", row)),
    ]
