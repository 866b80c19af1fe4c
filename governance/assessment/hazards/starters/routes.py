"""The page of starting hazards: one kind of tool at a time, each with its causes, effect and controls to read first."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import pages, queries, words
from governance.assessment.hazards.pages import LOG
from governance.assessment.hazards.starters import operations
from governance.assessment.hazards.starters.forms import TakeForm
from governance.assessment.hazards.starters.library import Kind, library
from governance.assessment.plans import door
from governance.errors import NotVisible
from governance.permissions import Actor, Permission
from governance.register.models import Deployment
from governance.web import access

bp = Blueprint("starters", __name__)


@bp.route(f"{LOG}/starters", methods=["GET", "POST"])
@access.requires(Permission.ADD_HAZARD)
def starters(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Read the starting hazards of a kind of tool, and add those chosen."""
    deployment = pages.found(reference)
    kind, usual = _kind(deployment)
    taken = {each.source: each.number for each in queries.hazards(deployment) if each.source}
    form = TakeForm()
    form.offer([each for each in kind.hazards if kind.source(each) not in taken])

    def save(by: Actor) -> None:
        mine = pages.found(reference, by)
        operations.take(
            deployment=mine, kind=kind, numbers=form.hazards.data, in_place=form.places(), by=by, at=clock.now()
        )  # fmt: skip

    fields = {"starters.none": "hazards", "starters.there": "hazards"}
    if form.validate_on_submit() and door.attempt(form, save, fields):
        return redirect(pages.here(deployment, "hazards.log"))
    return render_template(
        "hazards/starters.jinja", form=form, kind=kind, library=library(), taken=taken, kinds=words.KIND_WORDS,
        usual=usual, deployment=deployment, where=door.where(deployment), crumbs=pages.log_crumbs(deployment),
        there=[each for each in kind.hazards if kind.source(each) in taken],
        offered=[each for each in kind.hazards if kind.source(each) not in taken],
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _kind(deployment: Deployment) -> tuple[Kind, bool]:
    """(the kind asked for, whether it is the tool's own). The first kind where the tool's has no list. Raises NotVisible."""
    own = library().of(deployment.use_case.kind)
    if (asked := request.args.get("kind")) is None:
        return own or library().kinds[0], own is not None
    found = library().of(asked)
    if found is None:
        raise NotVisible("There is no list of starting hazards for this kind of tool.")
    return found, found is own
