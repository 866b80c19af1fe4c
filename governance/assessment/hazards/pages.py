"""What several routes of the hazard log do alike: find a hazard, show it, and answer a form about it.

A log belongs to a deployment and is changed, frozen and approved there, whether or not a submission is open on it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import operations, presenters, queries, rules, words
from governance.assessment.hazards.models import Hazard
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.assessment.plans import rules as plan_rules
from governance.assessment.plans.models import RiskPlan
from governance.assessment.workshops import presenters as workshops
from governance.assessment.workshops import queries as workshop_queries
from governance.errors import Conflict
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing
from governance.permissions import Actor, Permission
from governance.policy.schema import Depth
from governance.register import queries as register
from governance.register.models import Deployment
from governance.web import access
from governance.web.forms import Form
from governance.web.wording import long_date

LOG = "/<org:organisation>/tools/<reference>/hazards"
HAZARD = f"{LOG}/<int:number>"
EARLY = frozenset({Stage.PIPELINE, Stage.PROOF_OF_CONCEPT})


@dataclass(frozen=True, slots=True)
class Asked:
    """The hazard a request is about, with its deployment."""

    deployment: Deployment
    hazard: Hazard


def found(reference: str, by: Actor | None = None) -> Deployment:
    """The deployment whose log it is. Raises NotVisible."""
    return register.deployment(reference, by or access.actor())


def here(deployment: Deployment, endpoint: str, **values: Any) -> str:
    """The address of a page of its log, in the organisation of the request."""
    return url_for(endpoint, organisation=access.actor().organisation_code, reference=deployment.reference, **values)


def asked(reference: str, number: int) -> Asked:
    """Find it. Raises NotVisible."""
    deployment = found(reference)
    return Asked(deployment, queries.hazard(deployment, number))


def mine(reference: str, number: int, by: Actor) -> Hazard:
    """The same hazard, found again inside the writing transaction. Raises NotVisible."""
    return queries.hazard(found(reference, by), number)


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
    reference, number = about.deployment.reference, about.hazard.number
    try:
        if form.validate_on_submit() and door.attempt(form, save, fields):
            return redirect(after() if after else here(about.deployment, "hazards.show", number=number))
    except Conflict as stale:
        return hazard_page(reference, number, stale.sentences), 409
    return render_template(
        template, form=form, deployment=about.deployment, plan_url=plan_url(about.deployment), hazard=about.hazard,
        where=door.where(about.deployment),
        crumbs=hazard_crumbs(about), kinds=words.KIND_WORDS, **values,
    ), 422 if form.is_submitted() else 200  # fmt: skip


def log_page(reference: str, notices: tuple[str, ...] = ()) -> str:
    """The log as it stands."""
    deployment = found(reference)
    submission = intake.open_on(deployment)
    plan, hazards = plans.risk_plan(deployment), queries.hazards(deployment)
    matrix, content = plans.adopted_matrix(plan), [rules.hazard_content(each) for each in hazards]
    standing = presenters.standing(
        deployment, hazards, content, depth=depth_of(deployment, submission), matrix=matrix,
        scoring=scoring(plan), by=access.actor(),
    )  # fmt: skip
    adopted = f", adopted in the risk management plan of {long_date(plan.written_at)}" if plan else ""
    return render_template(
        "hazards/log.jinja", log=presenters.log(content, matrix, adopted, clock.today()), standing=standing,
        deployment=deployment, submission=submission, plan_url=plan_url(deployment), where=door.where(deployment),
        crumbs=crumbs(deployment, submission), notices=notices,
        workshops=workshops.shown(workshop_queries.workshops(deployment)),
        may_record=deployment.organisation_id == access.actor().organisation_id
        and access.actor().may(Permission.RECORD_WORKSHOP, deployment_id=deployment.id),
    )  # fmt: skip


def hazard_page(reference: str, number: int, notices: tuple[str, ...] = ()) -> str:
    """One hazard as it stands. `notices` are said above it."""
    about = asked(reference, number)
    hazard, matrix = about.hazard, operations.scored_with(about.hazard)
    content = rules.hazard_content(hazard)
    acceptable = rules.acceptable(hazard, matrix)
    submission = intake.open_on(about.deployment)
    stopping = rules.hazard_blockers([hazard], depth_of(about.deployment, submission) or Depth.SHORT, matrix)
    by, own = access.actor(), about.deployment.organisation_id == access.actor().organisation_id
    return render_template(
        "hazards/hazard.jinja", hazard=hazard, row=presenters.row(content, matrix), controls=rules.in_place(hazard),
        beside=presenters.beside(content, clock.today()),
        acceptable=acceptable, accepted=presenters.ACCEPTANCE_WORDS.get(hazard.acceptance or "", ""),
        reason_missing=rules.reason_missing(hazard, matrix), stopping=[blocker.sentence for blocker in stopping],
        kinds=words.KIND_WORDS, statuses={code: says for code, _, says in words.STATUSES},
        scoring=scoring(plans.risk_plan(about.deployment)), history=presenters.history(hazard, matrix), notices=notices,
        may_change=own and by.may(Permission.ADD_HAZARD, deployment_id=about.deployment.id),
        deployment=about.deployment, submission=submission, plan_url=plan_url(about.deployment),
        where=door.where(about.deployment), crumbs=log_crumbs(about.deployment),
    )  # fmt: skip


def scoring(plan: RiskPlan | None) -> tuple[str, ...]:
    """Why no hazard can be scored now, given the newest revision of the plan."""
    approved = plan is not None and plans.approval_of(plan) is not None
    found = plan_rules.score_blockers(plan.revision if plan else None, approved=approved)
    return tuple(blocker.sentence for blocker in found)


def depth_of(deployment: Deployment, submission: Submission | None) -> Depth | None:
    """How deep the log must go: what the open submission asks, else what a tool in use from pilot on must hold.

    None where nobody asks for a log: not in use and nothing submitted, or not direct care.
    """
    if submission is not None:
        return plans.asked_depth(submission, "hazard_log")
    in_use = deployment.standing not in (Standing.PROPOSED, Standing.CEASED)
    if not in_use or deployment.stage in EARLY:
        return None
    latest = next(iter(intake.of_deployment(deployment)), None)
    return Depth.FULL if latest is None or plans.asked_depth(latest, "hazard_log") is not None else None


def plan_url(deployment: Deployment) -> str:
    """The page of the risk management plan, under the newest submission; empty where there never was one."""
    latest = next((each for each in intake.of_deployment(deployment) if each.reference), None)
    return door.here(latest, "plans.risk.show") if latest is not None else ""


def crumbs(deployment: Deployment, submission: Submission | None = None) -> door.Crumbs:
    """The way back: the tool, and the submission that is open on it."""
    steps = [(door.where(deployment), here(deployment, "deployments.deployment"))]
    return [*steps, *(door.crumbs(submission) if submission is not None else [])]


def log_crumbs(deployment: Deployment) -> door.Crumbs:
    """The way back from a hazard."""
    return [*crumbs(deployment), ("Hazard log", here(deployment, "hazards.log"))]


def hazard_crumbs(about: Asked) -> door.Crumbs:
    """The way back from a form about a hazard."""
    at = here(about.deployment, "hazards.show", number=about.hazard.number)
    return [*log_crumbs(about.deployment), (f"Hazard {about.hazard.number}", at)]
