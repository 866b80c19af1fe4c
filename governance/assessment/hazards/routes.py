"""The hazard log, and one hazard: what it says, its status, its history."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import (
    control_routes,
    operations,
    pages,
    score_routes,
    version_routes,
)
from governance.assessment.hazards.forms import AddHazardForm, DetailsForm, StatusForm
from governance.assessment.hazards.pages import HAZARD, LOG
from governance.assessment.plans import door
from governance.permissions import Actor, Permission
from governance.web import access

bp = Blueprint("hazards", __name__)
for part in (score_routes, control_routes, version_routes):
    bp.register_blueprint(part.bp)


@bp.route(LOG)
@access.requires(Permission.READ_SHEET)
def log(organisation: str, reference: str) -> str:
    """The log: its finding, the matrix, every hazard and its controls, and its versions."""
    return pages.log_page(reference)


@bp.route(f"{LOG}/add", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def add(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Name a hazard."""
    submission, deployment = door.found(reference)
    form, made = AddHazardForm(), []

    def save(by: Actor) -> None:
        _, mine = door.found(reference, by)
        made.append(operations.add_hazard(deployment=mine, **form.texts(), by=by, at=clock.now()).number)

    if form.validate_on_submit() and door.attempt(form, save, {"hazard.name": "name"}):
        return redirect(door.here(submission, "hazards.show", number=made[0]))
    return render_template(
        "hazards/add.jinja", form=form, where=door.where(deployment), crumbs=pages.log_crumbs(submission)
    ), 422 if form.is_submitted() else 200


@bp.route(HAZARD)
@access.requires(Permission.READ_SHEET)
def show(organisation: str, reference: str, number: int) -> str:
    """One hazard."""
    return pages.hazard_page(reference, number)


@bp.route(f"{HAZARD}/details", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def details(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Change what it says."""
    asked = pages.asked(reference, number)
    form = DetailsForm(obj=asked.hazard)

    def save(by: Actor) -> None:
        operations.change_hazard(
            hazard=pages.mine(reference, number, by), texts=form.texts(), reason=form.reason.data or "",
            version_id=form.version_id.data or 0, by=by, at=clock.now(),
        )  # fmt: skip

    return pages.answer(asked, form, save, "hazards/details.jinja", {"hazard.name": "name"})


@bp.route(f"{HAZARD}/status", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def status(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Open, transfer or close it."""
    asked = pages.asked(reference, number)
    form = StatusForm(obj=asked.hazard)

    def save(by: Actor) -> None:
        operations.change_status(
            hazard=pages.mine(reference, number, by), status=form.status.data, reason=form.reason.data or "",
            version_id=form.version_id.data or 0, by=by, at=clock.now(),
        )  # fmt: skip

    return pages.answer(asked, form, save, "hazards/status.jinja")
