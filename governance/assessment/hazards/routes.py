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
from governance.assessment.hazards.forms import AddHazardForm, DetailsForm, ReviewForm, StatusForm, SupplierForm
from governance.assessment.hazards.pages import HAZARD, LOG
from governance.assessment.plans import door
from governance.permissions import Actor, Permission
from governance.web import access

bp = Blueprint("hazards", __name__)
for part in (score_routes, control_routes, version_routes):
    bp.register_blueprint(part.bp)


@bp.route("/<org:organisation>/submissions/<reference>/hazards", defaults={"rest": ""})
@bp.route("/<org:organisation>/submissions/<reference>/hazards/<path:rest>")
@access.requires(Permission.READ_SHEET)
def moved(organisation: str, reference: str, rest: str) -> Response:
    """Where the log was before it had its place at the deployment: notices and printed pages still lead here."""
    _, deployment = door.found(reference)
    at = pages.here(deployment, "hazards.log")
    return redirect(f"{at}/{rest}" if rest else at, 301)


@bp.route(LOG)
@access.requires(Permission.READ_SHEET)
def log(organisation: str, reference: str) -> str:
    """The log: its finding, the matrix, every hazard and its controls, and its versions."""
    return pages.log_page(reference)


@bp.route(f"{LOG}/add", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def add(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Name a hazard."""
    deployment = pages.found(reference)
    form, made = AddHazardForm(), []

    def save(by: Actor) -> None:
        made.append(operations.add_hazard(deployment=pages.found(reference, by), **form.texts(), by=by, at=clock.now()).number)

    if form.validate_on_submit() and door.attempt(form, save, {"hazard.name": "name"}):
        return redirect(pages.here(deployment, "hazards.show", number=made[0]))
    return render_template(
        "hazards/add.jinja", form=form, where=door.where(deployment), crumbs=pages.log_crumbs(deployment)
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


@bp.route(f"{HAZARD}/review", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def review(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Say when a local review is due, beside any status."""
    asked = pages.asked(reference, number)
    form = ReviewForm(obj=asked.hazard)

    def save(by: Actor) -> None:
        operations.change_hazard(
            hazard=pages.mine(reference, number, by), texts={"review_on": form.review_on.data},
            reason=form.reason.data or "", version_id=form.version_id.data or 0, by=by, at=clock.now(),
        )  # fmt: skip

    return pages.answer(asked, form, save, "hazards/review.jinja")


@bp.route(f"{HAZARD}/supplier", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def supplier(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Keep what the supplier says in its own scheme."""
    asked = pages.asked(reference, number)
    form = SupplierForm(obj=asked.hazard)

    def save(by: Actor) -> None:
        operations.change_hazard(
            hazard=pages.mine(reference, number, by), texts=form.texts(), reason="", version_id=form.version_id.data or 0,
            by=by, at=clock.now(),
        )  # fmt: skip

    return pages.answer(asked, form, save, "hazards/supplier.jinja")
