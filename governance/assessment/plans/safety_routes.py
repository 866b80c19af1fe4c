"""The clinical safety officer's decision whether a deployment is safety related."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.plans import door, operations, queries
from governance.assessment.plans.forms import SafetyDecisionForm
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Permission, Role
from governance.web import access

bp = Blueprint("safety", __name__)
DECISION = "/<org:organisation>/submissions/<reference>/safety-decision"
SHOW = "plans.safety.show"


@bp.route(DECISION)
@access.requires(Permission.READ_SHEET)
def show(organisation: str, reference: str) -> str:
    """The newest decision, and those before it."""
    submission, deployment = door.found(reference)
    decisions = queries.safety_decisions(deployment)
    own = submission.organisation_id == access.actor().organisation_id
    return render_template(
        "plans/safety_decision.jinja", decisions=decisions, submission=submission, where=door.where(deployment),
        direct_care=_direct_care(submission), crumbs=door.crumbs(submission),
        may_decide=own and access.actor().may(Permission.DECIDE_SAFETY, deployment_id=deployment.id),
    )  # fmt: skip


@bp.route(f"{DECISION}/decide", methods=["GET", "POST"])
@access.requires(Permission.DECIDE_SAFETY)
def decide(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Decide, with the reason."""
    submission, deployment = door.found(reference)
    newest = queries.safety_decision(deployment)
    form = SafetyDecisionForm(data={"revision": newest.revision if newest else 0})

    def save(by: Actor) -> None:
        asked, mine = door.found(reference, by)
        operations.decide_safety(
            deployment=mine, safety_related=form.decision.data == "yes", reason=form.reason.data or "",
            direct_care=_direct_care(asked), expected_revision=form.seen, by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(
        form, save, {"safety.reason": "reason", "safety.direct_care": "decision"}
    ):
        return redirect(door.here(submission, SHOW))
    return render_template(
        "plans/decide_safety.jinja", form=form, submission=submission, deployment=deployment,
        where=door.where(deployment),
        signs_as=door.signs_as(Role.CSO, deployment, access.actor()),
        crumbs=door.crumbs(submission, ("Safety decision", SHOW)),
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _direct_care(submission: Submission) -> bool:
    return intake.facts(submission).get("direct_care") == "yes"
