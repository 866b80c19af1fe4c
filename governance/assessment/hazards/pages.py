"""What several routes of the hazard log do alike: find a hazard, show it, and answer a form about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template
from werkzeug.wrappers import Response

from governance.assessment.hazards import operations, presenters, queries, rules, words
from governance.assessment.hazards.models import Hazard
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.assessment.plans import rules as plan_rules
from governance.assessment.plans.models import RiskPlan
from governance.errors import Conflict
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.policy.schema import Depth
from governance.register.models import Deployment
from governance.web import access
from governance.web.forms import Form
from governance.web.wording import long_date

LOG = "/<org:organisation>/submissions/<reference>/hazards"
HAZARD = f"{LOG}/<int:number>"


@dataclass(frozen=True, slots=True)
class Asked:
    """The hazard a request is about, with its submission and deployment."""

    submission: Submission
    deployment: Deployment
    hazard: Hazard


def asked(reference: str, number: int) -> Asked:
    """Find it. Raises NotVisible."""
    submission, deployment = door.found(reference)
    return Asked(submission, deployment, queries.hazard(deployment, number))


def mine(reference: str, number: int, by: Actor) -> Hazard:
    """The same hazard, found again inside the writing transaction. Raises NotVisible."""
    _, deployment = door.found(reference, by)
    return queries.hazard(deployment, number)


def answer(
    about: Asked,
    form: Form,
    save: Callable[[Actor], Any],
    template: str,
    fields: Mapping[str, str] | None = None,
    *,
    after: Callable[[], str] | None = None,
    **values: Any,
) -> tuple[str, int] | Response:
    """Show a form, or do what it asks and go on. A stale page gets the fresh hazard, with 409."""
    reference, number = str(about.submission.reference), about.hazard.number
    try:
        if form.validate_on_submit() and door.attempt(form, save, fields):
            return redirect(after() if after else door.here(about.submission, "hazards.show", number=number))
    except Conflict as stale:
        return hazard_page(reference, number, stale.sentences), 409
    return render_template(
        template, form=form, submission=about.submission, hazard=about.hazard, where=door.where(about.deployment),
        crumbs=hazard_crumbs(about), kinds=words.KIND_WORDS, **values,
    ), 422 if form.is_submitted() else 200  # fmt: skip


def log_page(reference: str, notices: tuple[str, ...] = ()) -> str:
    """The log as it stands."""
    submission, deployment = door.found(reference)
    plan, hazards = plans.risk_plan(deployment), queries.hazards(deployment)
    matrix, content = plans.adopted_matrix(plan), [rules.hazard_content(each) for each in hazards]
    standing = presenters.standing(
        deployment, hazards, content, depth=plans.asked_depth(submission, "hazard_log"), matrix=matrix,
        scoring=scoring(plan), by=access.actor(),
    )  # fmt: skip
    adopted = f", adopted in the risk management plan of {long_date(plan.written_at)}" if plan else ""
    return render_template(
        "hazards/log.jinja", log=presenters.log(content, matrix, adopted), standing=standing, submission=submission,
        where=door.where(deployment), crumbs=door.crumbs(submission), notices=notices,
    )  # fmt: skip


def hazard_page(reference: str, number: int, notices: tuple[str, ...] = ()) -> str:
    """One hazard as it stands. `notices` are said above it."""
    about = asked(reference, number)
    hazard, matrix = about.hazard, operations.scored_with(about.hazard)
    content = rules.hazard_content(hazard)
    acceptable = rules.acceptable(hazard, matrix)
    stopping = rules.hazard_blockers([hazard], plans.asked_depth(about.submission, "hazard_log") or Depth.SHORT, matrix)
    by, own = access.actor(), about.deployment.organisation_id == access.actor().organisation_id
    return render_template(
        "hazards/hazard.jinja", hazard=hazard, row=presenters.row(content, matrix), controls=rules.in_place(hazard),
        acceptable=acceptable, accepted=presenters.ACCEPTANCE_WORDS.get(hazard.acceptance or "", ""),
        reason_missing=rules.reason_missing(hazard, matrix), stopping=[blocker.sentence for blocker in stopping],
        kinds=words.KIND_WORDS, statuses={code: says for code, _, says in words.STATUSES},
        scoring=scoring(plans.risk_plan(about.deployment)), history=presenters.history(hazard, matrix), notices=notices,
        may_change=own and by.may(Permission.ADD_HAZARD, deployment_id=about.deployment.id),
        submission=about.submission, where=door.where(about.deployment), crumbs=log_crumbs(about.submission),
    )  # fmt: skip


def scoring(plan: RiskPlan | None) -> tuple[str, ...]:
    """Why no hazard can be scored now, given the newest revision of the plan."""
    approved = plan is not None and plans.approval_of(plan) is not None
    found = plan_rules.score_blockers(plan.revision if plan else None, approved=approved)
    return tuple(blocker.sentence for blocker in found)


def log_crumbs(submission: Submission) -> door.Crumbs:
    """The way back from a hazard."""
    return door.crumbs(submission, ("Hazard log", "hazards.log"))


def hazard_crumbs(about: Asked) -> door.Crumbs:
    """The way back from a form about a hazard."""
    at = door.here(about.submission, "hazards.show", number=about.hazard.number)
    return [*log_crumbs(about.submission), (f"Hazard {about.hazard.number}", at)]
