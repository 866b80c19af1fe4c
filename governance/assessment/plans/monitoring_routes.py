"""The monitoring plan: its texts on one page, its indicators one by one."""

from typing import Any

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.plans import door, operations, presenters, queries
from governance.assessment.plans.forms import FullMonitoringPlanForm, IndicatorForm, MonitoringPlanForm, RevisedForm
from governance.assessment.plans.models import MonitoringPlan
from governance.errors import NotVisible
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.policy.schema import Depth
from governance.web import access

bp = Blueprint("monitoring", __name__)
PLAN = "/<org:organisation>/submissions/<reference>/monitoring-plan"
SHOW = "plans.monitoring.show"
STEP = ("Monitoring plan", SHOW)


@bp.route(PLAN)
@access.requires(Permission.READ_SHEET)
def show(organisation: str, reference: str) -> str:
    """The newest revision."""
    submission, deployment = door.found(reference)
    page = presenters.monitoring_page(deployment, _depth(submission), access.actor())
    return render_template(
        "plans/monitoring_plan.jinja", page=page, submission=submission, where=door.where(deployment),
        crumbs=door.crumbs(submission),
    )  # fmt: skip


@bp.route(f"{PLAN}/write", methods=["GET", "POST"])
@access.requires(Permission.ANSWER)
def write(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Write its texts."""
    submission, deployment = door.found(reference)
    plan = queries.monitoring_plan(deployment)
    full = _depth(submission) is Depth.FULL
    shape = FullMonitoringPlanForm if full else MonitoringPlanForm
    stored = presenters.with_dates(plan.content if plan else {}, shape.dates)
    form = shape(data=stored | {"revision": plan.revision if plan else 0})

    def save(by: Actor) -> None:
        _save(reference, by, form.content(), form.seen)

    if form.validate_on_submit() and door.attempt(form, save):
        return redirect(door.here(submission, SHOW))
    return render_template(
        "plans/write_monitoring_plan.jinja", form=form, submission=submission, full=full, where=door.where(deployment),
        crumbs=door.crumbs(submission, STEP),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{PLAN}/indicators/<int:number>", methods=["GET", "POST"])
@access.requires(Permission.ANSWER)
def indicator(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Add the next indicator, or change one. They are counted from 1."""
    submission, deployment = door.found(reference)
    plan = queries.monitoring_plan(deployment)
    there = _indicators(plan)
    if not 1 <= number <= len(there) + 1:
        raise NotVisible()
    stored = there[number - 1] if number <= len(there) else {}
    form = IndicatorForm(data=stored | {"revision": plan.revision if plan else 0})

    def save(by: Actor) -> None:
        changed = [*there[: number - 1], form.content(), *there[number:]]
        _save(reference, by, {"indicators": changed}, form.seen)

    if form.validate_on_submit() and door.attempt(form, save):
        return redirect(door.here(submission, SHOW))
    return render_template(
        "plans/indicator.jinja", form=form, submission=submission, number=number, new=number > len(there),
        where=door.where(deployment), crumbs=door.crumbs(submission, STEP),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{PLAN}/indicators/<int:number>/remove", methods=["GET", "POST"])
@access.requires(Permission.ANSWER)
def remove_indicator(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Take an indicator out; earlier revisions keep it."""
    submission, deployment = door.found(reference)
    plan = queries.monitoring_plan(deployment)
    there = _indicators(plan)
    if plan is None or not 1 <= number <= len(there):
        raise NotVisible()
    form = RevisedForm(data={"revision": plan.revision})

    def save(by: Actor) -> None:
        _save(reference, by, {"indicators": [*there[: number - 1], *there[number:]]}, form.seen)

    if form.validate_on_submit() and door.attempt(form, save):
        return redirect(door.here(submission, SHOW))
    return render_template(
        "plans/remove_indicator.jinja", form=form, submission=submission, name=there[number - 1]["name"],
        where=door.where(deployment), crumbs=door.crumbs(submission, STEP),
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _save(reference: str, by: Actor, changed: dict[str, Any], seen: int) -> None:
    """Write a revision that changes some of the newest one's content. Raises Conflict when it is not the one seen."""
    submission, deployment = door.found(reference, by)
    newest = queries.monitoring_plan(deployment)
    operations.write_monitoring_plan(
        deployment=deployment, content=(newest.content if newest else {}) | changed, depth=_depth(submission),
        expected_revision=seen, by=by, at=clock.now(),
    )  # fmt: skip


def _depth(submission: Submission) -> Depth:
    """How deep policy asks; short where it does not ask at all, as then nothing more is needed."""
    return queries.asked_depth(submission, "monitoring_plan") or Depth.SHORT


def _indicators(plan: MonitoringPlan | None) -> list[dict[str, Any]]:
    return list(plan.content.get("indicators") or ()) if plan is not None else []
