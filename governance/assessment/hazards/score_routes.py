"""Scoring a hazard before and with its controls, and saying why a residual risk stays."""

from flask import Blueprint
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import operations, pages, rules
from governance.assessment.hazards.forms import AcceptForm, ScoreForm
from governance.assessment.hazards.pages import HAZARD
from governance.assessment.plans import queries as plans
from governance.errors import NotVisible
from governance.permissions import Actor, Permission
from governance.web import access

bp = Blueprint("scores", __name__)
FIELDS = {"score.reason": "reason"}


@bp.route(f"{HAZARD}/initial", methods=["GET", "POST"])
@access.requires(Permission.SCORE_HAZARD)
def initial(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Score it with the existing controls counted."""
    return _score(reference, number, "initial")


@bp.route(f"{HAZARD}/residual", methods=["GET", "POST"])
@access.requires(Permission.SCORE_HAZARD)
def residual(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Score it with all its controls; where the rating asks for a reason, that is the next page."""
    return _score(reference, number, "residual")


@bp.route(f"{HAZARD}/acceptance", methods=["GET", "POST"])
@access.requires(Permission.SCORE_HAZARD)
def acceptance(organisation: str, reference: str, number: int) -> tuple[str, int] | Response:
    """Say why a residual 2 or 3 stays."""
    about = pages.asked(reference, number)
    asked = rules.acceptable(about.hazard, operations.scored_with(about.hazard))
    if asked is None or asked.residual != "with_reason":
        raise NotVisible("This hazard has no residual rating that needs a reason.")
    form = AcceptForm(obj=about.hazard)
    form.offer(asked.reasons)

    def save(by: Actor) -> None:
        operations.accept(
            hazard=pages.mine(reference, number, by), acceptance=form.acceptance.data or "",
            reason=form.acceptance_reason.data or "", version_id=form.version_id.data or 0, by=by, at=clock.now(),
        )  # fmt: skip

    fields = {"accept.ground": "acceptance", "accept.reason": "acceptance_reason"}
    return pages.answer(about, form, save, "hazards/acceptance.jinja", fields, asked=asked)


def _score(reference: str, number: int, which: operations.Which) -> tuple[str, int] | Response:
    about = pages.asked(reference, number)
    plan = plans.risk_plan(about.deployment)
    form = ScoreForm(data=ScoreForm.stored(about.hazard, which))
    form.offer(plans.adopted_matrix(plan))
    again = getattr(about.hazard, f"{which}_rating") is not None

    def save(by: Actor) -> None:
        operations.score(
            hazard=pages.mine(reference, number, by), which=which, severity=form.severity,
            likelihood=form.likelihood.data, patients=form.patients.data, reason=form.reason.data or "",
            version_id=form.version_id.data or 0, by=by, at=clock.now(),
        )  # fmt: skip

    def after() -> str:
        fresh = pages.asked(reference, number)
        missing = rules.reason_missing(fresh.hazard, operations.scored_with(fresh.hazard))
        page = "hazards.scores.acceptance" if which == "residual" and missing else "hazards.show"
        return pages.here(fresh.deployment, page, number=number)

    controls = rules.in_place(about.hazard)
    counted = [each for each in controls if each.kind == "existing"] if which == "initial" else controls
    return pages.answer(
        about, form, save, "hazards/score.jinja", FIELDS, after=after, which=which, again=again, counted=counted,
        scoring=pages.scoring(plan),
    )  # fmt: skip
