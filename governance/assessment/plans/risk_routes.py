"""The clinical risk management plan: read it, write it, approve it in two steps."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards.matrix import matrix
from governance.assessment.plans import door, operations, presenters, queries
from governance.assessment.plans.forms import RiskPlanForm
from governance.database import db
from governance.errors import NotVisible
from governance.extensions import house
from governance.permissions import Actor, Permission, Role
from governance.signing import operations as signing
from governance.web import access
from governance.web.forms import Form

bp = Blueprint("risk", __name__)
PLAN = "/<org:organisation>/submissions/<reference>/risk-plan"
SHOW = "plans.risk.show"
FIRST = {"revision": 0, "matrix_version": queries.CURRENT_MATRIX}


@bp.route(PLAN)
@access.requires(Permission.READ_SHEET)
def show(organisation: str, reference: str) -> str:
    """The newest revision."""
    submission, deployment = door.found(reference)
    page = presenters.risk_plan_page(deployment, access.actor())
    return render_template(
        "plans/risk_plan.jinja", page=page, submission=submission, where=door.where(deployment),
        crumbs=door.crumbs(submission),
    )  # fmt: skip


@bp.route(f"{PLAN}/write", methods=["GET", "POST"])
@access.requires(Permission.ANSWER)
def write(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Write a revision."""
    submission, deployment = door.found(reference)
    plan = queries.risk_plan(deployment)
    stored = {"revision": plan.revision, "matrix_version": plan.matrix_version} if plan else FIRST
    form = RiskPlanForm(data=stored | presenters.with_dates(plan.content if plan else {}, RiskPlanForm.dates))
    form.matrix_version.choices = [(queries.CURRENT_MATRIX, matrix().title)]

    def save(by: Actor) -> None:
        _, mine = door.found(reference, by)
        operations.write_risk_plan(
            deployment=mine, content=form.content(), matrix_version=form.matrix_version.data,
            expected_revision=form.seen, by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, save):
        return redirect(door.here(submission, SHOW))
    return render_template(
        "plans/write_risk_plan.jinja", form=form, submission=submission, where=door.where(deployment),
        crumbs=door.crumbs(submission, ("Clinical risk management plan", SHOW)),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{PLAN}/approve", methods=["GET", "POST"])
@access.requires(Permission.APPROVE_PLAN)
def approve(organisation: str, reference: str) -> tuple[str, int] | Response:
    """First step: read everything, and go on to sign."""
    submission, deployment = door.found(reference)
    plan = queries.risk_plan(deployment)
    if plan is None:
        raise NotVisible()
    form, tokens = Form(), []

    def intend(by: Actor) -> None:
        _, mine = door.found(reference, by)
        db.session.refresh(plan)
        tokens.append(operations.intend_plan_approval(deployment=mine, plan=plan, by=by, at=clock.now()).token)

    if form.validate_on_submit() and door.attempt(form, intend):
        return redirect(door.here(submission, "plans.risk.confirm", token=tokens[0]))
    return render_template(
        "plans/approve_risk_plan.jinja", form=form, plan=plan, submission=submission, where=door.where(deployment),
        said=presenters.risk_plan_said(plan), ratings=presenters.ratings(queries.adopted_matrix(plan)),
        matrix=queries.adopted_matrix(plan), statement=operations.approval_statement(deployment, plan),
        signs_as=door.signs_as(Role.CSO, deployment, access.actor()),
        crumbs=door.crumbs(submission, ("Clinical risk management plan", SHOW)),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{PLAN}/confirm/<token>", methods=["GET", "POST"])
@access.requires(Permission.APPROVE_PLAN)
def confirm(organisation: str, reference: str, token: str) -> tuple[str, int] | Response:
    """Second step: the statement, and the password."""
    submission, deployment = door.found(reference)
    intent = signing.intent(token, access.actor(), clock.now())
    if intent.subject_kind != operations.PLAN_APPROVAL:
        raise NotVisible()
    form = door.ConfirmForm()

    def seal(by: Actor) -> None:
        _, mine = door.found(reference, by)
        at = clock.now()
        meant = signing.intent(token, by, at)
        plan = queries.risk_plan_by_id(mine, meant.subject_id)
        operations.approve_risk_plan(deployment=mine, plan=plan, intent=meant, keyring=house().keyring, by=by, at=at)

    if form.validate_on_submit() and door.confirmed(form) and door.attempt(form, seal):
        return redirect(door.here(submission, SHOW))
    return render_template(
        "plans/confirm.jinja", form=form, intent=intent, submission=submission, where=door.where(deployment),
        title="Approve the clinical risk management plan",
        signs_as=door.signs_as(Role.CSO, deployment, access.actor()),
        crumbs=door.crumbs(submission, ("Clinical risk management plan", SHOW)),
    ), 422 if form.is_submitted() else 200  # fmt: skip
