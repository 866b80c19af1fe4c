"""Declaring a conflict of interest and stepping back from a submission."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from governance import clock
from governance.approval import recusals
from governance.approval.forms import RecuseForm
from governance.assessment.plans import door
from governance.permissions import Actor, Permission
from governance.web import access

bp = Blueprint("recusals", __name__)


@bp.route("/<org:organisation>/submissions/<reference>/step-back", methods=["GET", "POST"])
@access.requires(Permission.RECUSE)
def recuse(organisation: str, reference: str) -> str | Response | tuple[str, int]:
    """What stepping back means, and the reason."""
    (submission, deployment), form = door.found(reference), RecuseForm()

    def act(by: Actor) -> None:
        found, _ = door.found(reference, by)
        recusals.recuse(submission=found, reason=form.reason.data, by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act, {"reason": "reason"}):
        return redirect(door.submission_url(submission))
    return render_template(
        "approval/recuse.jinja", form=form, submission=submission, where=door.where(deployment), crumbs=door.crumbs(submission),
        stopping=[each.sentence for each in recusals.blockers(submission, access.actor())],
    ), 422 if form.is_submitted() else 200  # fmt: skip
