"""The safety case report of a deployment: read it, write it, approve it in two steps."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import pages
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.assessment.safety_cases import operations, presenters, queries
from governance.assessment.safety_cases.forms import SafetyCaseForm
from governance.errors import NotVisible
from governance.extensions import house
from governance.permissions import Actor, Permission, Role
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.web import access
from governance.web.forms import Form

bp = Blueprint("safety_cases", __name__)
CASE = "/<org:organisation>/tools/<reference>/safety-case"
REVISION = f"{CASE}/revisions/<int:number>"


@bp.route(CASE)
@access.requires(Permission.READ_SHEET)
def show(organisation: str, reference: str) -> str:
    """The newest revision."""
    return _page(reference, None)


@bp.route(REVISION)
@access.requires(Permission.READ_SHEET)
def revision(organisation: str, reference: str, number: int) -> str:
    """One revision as it was written."""
    return _page(reference, number)


@bp.route(f"{CASE}/write", methods=["GET", "POST"])
@access.requires(Permission.WRITE_SAFETY_CASE)
def write(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Write a revision, from the last one."""
    deployment = pages.found(reference)
    form = SafetyCaseForm(data=presenters.first_words(queries.newest(deployment), plans.risk_plan(deployment)))

    def save(by: Actor) -> None:
        operations.write(
            deployment=pages.found(reference, by), phase=form.phase.data, texts=form.texts(), expected_revision=form.seen,
            by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, save, {"safety_case.phase": "phase"}):
        return redirect(pages.here(deployment, "safety_cases.show"))
    return render_template(
        "safety_cases/write.jinja", form=form, where=door.where(deployment), crumbs=_crumbs(deployment),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{REVISION}/approve", methods=["GET", "POST"])
@access.requires(Permission.WRITE_SAFETY_CASE)
def approve(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """First step: read the whole, and go on to sign."""
    deployment = pages.found(reference)
    case, form = queries.revision(deployment, number), Form()
    tokens: list[str] = []

    def intend(by: Actor) -> None:
        mine = pages.found(reference, by)
        meant = operations.intend_approval(deployment=mine, case=queries.revision(mine, number), by=by, at=clock.now())
        tokens.append(meant.token)

    if form.validate_on_submit() and door.attempt(form, intend):
        return redirect(pages.here(deployment, "safety_cases.confirm", number=number, token=tokens[0]))
    return render_template(
        "safety_cases/approve.jinja", form=form, case=case, report=presenters.report(case), deployment=deployment,
        where=door.where(deployment), statement=operations.statement(deployment, case),
        signs_as=door.signs_as(Role.CSO, deployment, access.actor()), crumbs=_crumbs(deployment),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{REVISION}/confirm/<token>", methods=["GET", "POST"])
@access.requires(Permission.WRITE_SAFETY_CASE)
def confirm(organisation: str, reference: str, number: int, token: str) -> tuple[str, int] | Response:
    """Second step: the statement, and the password."""
    deployment = pages.found(reference)
    case, intent = queries.revision(deployment, number), signing.intent(token, access.actor(), clock.now())
    if (intent.subject_kind, intent.subject_id) != (queries.SAFETY_CASE, case.id):
        raise NotVisible()
    form = door.ConfirmForm()

    def seal(by: Actor) -> None:
        mine, at = pages.found(reference, by), clock.now()
        operations.approve(
            deployment=mine, case=queries.revision(mine, number), intent=signing.intent(token, by, at),
            keyring=house().keyring, by=by, at=at,
        )  # fmt: skip

    if form.validate_on_submit() and door.confirmed(form) and door.attempt(form, seal):
        return redirect(pages.here(deployment, "safety_cases.show"))
    return render_template(
        "plans/confirm.jinja", form=form, intent=intent, where=door.where(deployment), crumbs=_crumbs(deployment),
        title=f"Approve revision {number} of the safety case report",
        signs_as=door.signs_as(Role.CSO, deployment, access.actor()),
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _page(reference: str, number: int | None) -> str:
    deployment = pages.found(reference)
    page = presenters.page(deployment, access.actor(), number)
    crumbs = pages.log_crumbs(deployment) if number is None else _crumbs(deployment)
    return render_template(
        "safety_cases/show.jinja", page=page, deployment=deployment, where=door.where(deployment), crumbs=crumbs
    )


def _crumbs(deployment: Deployment) -> door.Crumbs:
    return [*pages.log_crumbs(deployment), ("Safety case report", pages.here(deployment, "safety_cases.show"))]
