"""Adding, changing, verifying and removing a control."""

from flask import Blueprint
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import operations, pages, queries
from governance.assessment.hazards.forms import ControlForm, ReasonForm
from governance.assessment.hazards.pages import HAZARD
from governance.permissions import Actor, Permission
from governance.web import access

bp = Blueprint("controls", __name__)
CONTROL = f"{HAZARD}/controls/<int:control_id>"
FIELDS = {"control.kind": "kind", "control.description": "description", "control.reason": "reason"}


@bp.route(f"{HAZARD}/controls/add", methods=["GET", "POST"])
@access.requires(Permission.ADD_CONTROL)
def add(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Add a control."""
    about = pages.asked(reference, number)
    form = ControlForm(data={"version_id": about.hazard.version_id})

    def save(by: Actor) -> None:
        operations.add_control(
            hazard=pages.mine(reference, number, by),
            **form.texts(),
            version_id=form.version_id.data or 0,
            by=by,
            at=clock.now(),
        )

    return pages.answer(about, form, save, "hazards/control.jinja", FIELDS, control=None)


@bp.route(CONTROL, methods=["GET", "POST"])
@access.requires(Permission.ADD_CONTROL)
def change(organisation: str, reference: str, number: int, control_id: int) -> tuple[str, int] | Response:
    """Change a control, or record how it was verified."""
    about = pages.asked(reference, number)
    control = queries.control(about.hazard, control_id)
    form = ControlForm(obj=control, data={"version_id": about.hazard.version_id})

    def save(by: Actor) -> None:
        hazard = pages.mine(reference, number, by)
        operations.change_control(
            hazard=hazard, control=queries.control(hazard, control_id), **form.texts(),
            version_id=form.version_id.data or 0, by=by, at=clock.now(),
        )  # fmt: skip

    return pages.answer(about, form, save, "hazards/control.jinja", FIELDS, control=control)


@bp.route(f"{CONTROL}/remove", methods=["GET", "POST"])
@access.requires(Permission.ADD_CONTROL)
def remove(organisation: str, reference: str, number: int, control_id: int) -> tuple[str, int] | Response:
    """Take a control out of the log."""
    about = pages.asked(reference, number)
    control = queries.control(about.hazard, control_id)
    form = ReasonForm(data={"version_id": about.hazard.version_id})

    def save(by: Actor) -> None:
        hazard = pages.mine(reference, number, by)
        operations.remove_control(
            hazard=hazard, control=queries.control(hazard, control_id), reason=form.reason.data or "",
            version_id=form.version_id.data or 0, by=by, at=clock.now(),
        )  # fmt: skip

    return pages.answer(about, form, save, "hazards/remove_control.jinja", FIELDS, control=control)
