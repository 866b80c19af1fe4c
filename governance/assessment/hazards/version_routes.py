"""Frozen versions of the log: freeze, read, approve in two steps."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import pages, presenters, queries, versions
from governance.assessment.hazards.matrix import matrix
from governance.assessment.hazards.models import HazardLogVersion
from governance.assessment.hazards.pages import LOG
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.errors import NotVisible
from governance.extensions import house
from governance.permissions import Actor, Permission, Role
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.web import access
from governance.web.forms import Form
from governance.web.wording import moment

bp = Blueprint("versions", __name__)
VERSION = f"{LOG}/versions/<int:number>"
SHOW = "hazards.versions.show"


@bp.route(f"{LOG}/freeze", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def freeze(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Freeze the log as it stands."""
    deployment = pages.found(reference)
    form, made = Form(), []

    def save(by: Actor) -> None:
        mine = pages.found(reference, by)
        made.append(versions.make_version(deployment=mine, by=by, at=clock.now()).number)

    if form.validate_on_submit() and door.attempt(form, save):
        return redirect(pages.here(deployment, SHOW, number=made[0]))
    latest = queries.latest_version(deployment)
    return render_template(
        "hazards/freeze.jinja", form=form, number=latest.number + 1 if latest else 1, where=door.where(deployment),
        count=len(queries.hazards(deployment)), crumbs=pages.log_crumbs(deployment),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(VERSION)
@access.requires(Permission.READ_SHEET)
def show(organisation: str, reference: str, number: int) -> str:
    """One version as it was frozen."""
    deployment = pages.found(reference)
    version = queries.version(deployment, number)
    approval, latest = queries.approval_of(version), queries.latest_version(deployment)
    by, own = access.actor(), deployment.organisation_id == access.actor().organisation_id
    return render_template(
        "hazards/version.jinja", version=version, approval=approval, log=_frozen(deployment, version),
        frozen=moment(version.made_at), deployment=deployment, where=door.where(deployment),
        crumbs=pages.log_crumbs(deployment), superseded=latest is not None and latest.id != version.id,
        may_approve=own and approval is None and by.may(Permission.APPROVE_LOG, deployment_id=deployment.id),
    )  # fmt: skip


@bp.route(f"{VERSION}/approve", methods=["GET", "POST"])
@access.requires(Permission.APPROVE_LOG)
def approve(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """First step: read the version, and go on to sign."""
    deployment = pages.found(reference)
    version = queries.version(deployment, number)
    form, tokens = Form(), []

    def intend(by: Actor) -> None:
        mine = pages.found(reference, by)
        meant = queries.version(mine, number)
        tokens.append(versions.intend_approval(deployment=mine, version=meant, by=by, at=clock.now()).token)

    if form.validate_on_submit() and door.attempt(form, intend):
        return redirect(pages.here(deployment, "hazards.versions.confirm", number=number, token=tokens[0]))
    return render_template(
        "hazards/approve_version.jinja", form=form, version=version, log=_frozen(deployment, version),
        statement=versions.approval_statement(deployment, version), where=door.where(deployment), deployment=deployment,
        signs_as=door.signs_as(Role.CSO, deployment, access.actor()), crumbs=_crumbs(deployment, number),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{VERSION}/confirm/<token>", methods=["GET", "POST"])
@access.requires(Permission.APPROVE_LOG)
def confirm(organisation: str, reference: str, number: int, token: str) -> tuple[str, int] | Response:
    """Second step: the statement, and the password."""
    deployment = pages.found(reference)
    version, intent = queries.version(deployment, number), signing.intent(token, access.actor(), clock.now())
    if (intent.subject_kind, intent.subject_id) != (queries.LOG_VERSION, version.id):
        raise NotVisible()
    form = door.ConfirmForm()

    def seal(by: Actor) -> None:
        mine = pages.found(reference, by)
        at = clock.now()
        versions.approve_version(
            deployment=mine, version=queries.version(mine, number), intent=signing.intent(token, by, at),
            keyring=house().keyring, by=by, at=at,
        )  # fmt: skip

    if form.validate_on_submit() and door.confirmed(form) and door.attempt(form, seal):
        return redirect(pages.here(deployment, SHOW, number=number))
    return render_template(
        "plans/confirm.jinja", form=form, intent=intent, deployment=deployment, where=door.where(deployment),
        title=f"Approve version {number} of the hazard log", crumbs=_crumbs(deployment, number),
        signs_as=door.signs_as(Role.CSO, deployment, access.actor()),
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _frozen(deployment: Deployment, version: HazardLogVersion) -> presenters.Log:
    """A frozen log, drawn on the matrix it was scored with."""
    scored = next((each["matrix_version"] for each in version.content if each["matrix_version"]), None)
    scheme = matrix(scored) if scored else plans.adopted_matrix(plans.risk_plan(deployment))
    return presenters.log(version.content, scheme, "")


def _crumbs(deployment: Deployment, number: int) -> door.Crumbs:
    at = pages.here(deployment, SHOW, number=number)
    return [*pages.log_crumbs(deployment), (f"Version {number}", at)]
