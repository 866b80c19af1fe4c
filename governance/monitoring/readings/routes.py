"""What is watched: the overview of a deployment, one indicator, and setting up, changing and ending what is measured."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.identity import queries as identity
from governance.monitoring.readings import indicator_page, operations, periods, presenters, queries, rules
from governance.monitoring.readings.forms import (
    ChangeForm,
    EndForm,
    IndicatorForm,
    Planned,
    RebaseForm,
    SetUpForm,
    set_up_form,
)
from governance.permissions import Actor, Permission, Role
from governance.questions import queries as questions
from governance.register import queries as register
from governance.register.models import Deployment
from governance.web import access

bp = Blueprint("readings", __name__)
HERE = "/<org:organisation>/tools/<reference>/monitoring"
Page = str | Response | tuple[str, int]


@bp.route(HERE)
@access.requires(Permission.READ_REGISTER)
def overview(organisation: str, reference: str) -> str:
    """Every indicator with its latest figure, its aim and what its chart says."""
    by = access.actor()
    deployment = register.deployment(reference, by)
    planned = [] if queries.indicators(deployment) else _planned(deployment)
    return render_template(
        "monitoring/overview.jinja", it=presenters.overview(deployment, by, clock.today()), planned=len(planned)
    )


@bp.route(f"{HERE}/<int:number>")
@access.requires(Permission.READ_REGISTER)
def indicator(organisation: str, reference: str, number: int) -> str:
    """One indicator: its chart with its table, its figures as entered, and what was changed about it."""
    by = access.actor()
    deployment = register.deployment(reference, by)
    row = queries.indicator(deployment, number)
    it = indicator_page.build(row, deployment, by, clock.today())
    return render_template(
        "monitoring/indicator.jinja", it=it, deployment=deployment, asked=questions.asked_on(deployment.id, by),
        crumbs=_crumbs(deployment, by),
    )  # fmt: skip


@bp.route(f"{HERE}/set-up", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_INDICATORS)
def set_up(organisation: str, reference: str) -> Page:
    """Set up what the monitoring plan names, on one page with everything prefilled."""
    deployment = register.deployment(reference, access.actor())
    plan, planned = plans.monitoring_plan(deployment), _planned(deployment)
    owners = [_owner(each.owner, deployment) for each in planned]
    form: SetUpForm = set_up_form(planned, owners, clock.today().replace(day=1))

    def act(by: Actor) -> None:
        assert plan is not None
        operations.take_from_plan(
            deployment=register.deployment(reference, by), settings=form.settings(plan.revision), by=by, at=clock.now()
        )

    stopping = rules.watch_blockers(deployment.stage, deployment.standing)
    if planned and form.validate_on_submit() and door.attempt(form, act, form.codes()):
        return redirect(url_for("readings.overview", organisation=organisation, reference=reference))
    return render_template(
        "monitoring/set_up.jinja", form=form, plan=plan, stopping=stopping, where=door.where(deployment),
        words=presenters.PLAN_WORDS, crumbs=_crumbs(deployment, access.actor()),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/add", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_INDICATORS)
def add(organisation: str, reference: str) -> Page:
    """Measure one thing more, that the plan does not name."""
    deployment = register.deployment(reference, access.actor())
    form = IndicatorForm(data={"owner_role": _owner("", deployment), "first_period_on": clock.today().replace(day=1)})

    def act(by: Actor) -> None:
        operations.add_indicator(
            deployment=register.deployment(reference, by), setting=form.setting(), by=by, at=clock.now()
        )

    names = ("name", "direction", "frequency", "target", "limit_low", "limit_high", "owner_role")
    if form.validate_on_submit() and door.attempt(form, act, {name: name for name in names}):
        return redirect(url_for("readings.overview", organisation=organisation, reference=reference))
    return _form_page("Add an indicator", "Save the indicator", form, deployment, ["name", *_names(form)])


@bp.route(f"{HERE}/<int:number>/change", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_INDICATORS)
def change(organisation: str, reference: str, number: int) -> Page:
    """Change target, limits, source or owner, with a reason."""
    deployment = register.deployment(reference, access.actor())
    row = queries.indicator(deployment, number)
    form = ChangeForm(obj=row)

    def act(by: Actor) -> None:
        mine = queries.indicator(register.deployment(reference, by), number)
        operations.change_indicator(
            indicator=mine, changed=form.changed(), reason=form.reason.data or "", version_id=form.version_id.data or "",
            by=by, at=clock.now(),
        )  # fmt: skip

    fields = {name: name for name in ("target", "limit_low", "limit_high", "owner_role", "reason")}
    if form.validate_on_submit() and door.attempt(form, act, fields):
        return redirect(url_for("readings.indicator", organisation=organisation, reference=reference, number=number))
    return _form_page(f"Change {row.name}", "Save the change", form, deployment, _names(form), lede=CHANGES)


@bp.route(f"{HERE}/<int:number>/end", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_INDICATORS)
def end(organisation: str, reference: str, number: int) -> Page:
    """Measure it no more."""
    deployment = register.deployment(reference, access.actor())
    row = queries.indicator(deployment, number)
    form = EndForm(obj=row)

    def act(by: Actor) -> None:
        mine = queries.indicator(register.deployment(reference, by), number)
        operations.end_indicator(
            indicator=mine, reason=form.reason.data or "", version_id=form.version_id.data or "", by=by, at=clock.now()
        )

    if form.validate_on_submit() and door.attempt(form, act, {"reason": "reason"}):
        return redirect(url_for("readings.indicator", organisation=organisation, reference=reference, number=number))
    return _form_page(f"Stop measuring {row.name}", "Stop measuring it", form, deployment, ["reason"], lede=ENDS)


@bp.route(f"{HERE}/<int:number>/new-limits", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_INDICATORS)
def rebase(organisation: str, reference: str, number: int) -> Page:
    """Begin new limits with a period: who decides it and why stays on the page."""
    deployment = register.deployment(reference, access.actor())
    row = queries.indicator(deployment, number)
    figures = queries.figures_of([row.id]).get(row.id, [])
    form = RebaseForm()
    form.period.choices = [
        (each.period_on.isoformat(), f"{periods.name(each.period_on, row.frequency)} ({len(figures) - n} figures)")
        for n, each in reversed([*enumerate(figures)][1:])
    ]

    def act(by: Actor) -> None:
        mine = queries.indicator(register.deployment(reference, by), number)
        begins = next(each.period_on for each in figures if each.period_on.isoformat() == form.period.data)
        operations.rebase(indicator=mine, period_on=begins, reason=form.reason.data or "", by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act, {"period": "period", "reason": "reason"}):
        return redirect(url_for("readings.indicator", organisation=organisation, reference=reference, number=number))
    return _form_page(f"New limits for {row.name}", "Begin new limits", form, deployment, _names(form), lede=REBASES)


CHANGES = "The reason stays on the page. The newest figure is looked at again; an open signal stays open."
ENDS = "Its figures stay. No figure is expected for a period that is not over yet."
REBASES = (
    "Only where a change was seen, its cause is known and it will last. Limits are on trial until 13 figures stand behind"
    " them. The product never begins new limits by itself."
)


def _form_page(
    title: str, submit: str, form: object, deployment: Deployment, fields: list[str], lede: str = ""
) -> tuple[str, int]:
    return render_template(
        "monitoring/form.jinja", title=title, submit=submit, form=form, fields=list(dict.fromkeys(fields)), lede=lede,
        where=door.where(deployment), crumbs=_crumbs(deployment, access.actor()),
    ), 422 if form.is_submitted() else 200  # type: ignore[attr-defined] # fmt: skip


def _names(form: object) -> list[str]:
    return [field.name for field in form if field.name not in ("csrf_token", "version_id")]  # type: ignore[attr-defined]


def _planned(deployment: Deployment) -> list[Planned]:
    """What the newest plan names and nobody measures yet."""
    plan = plans.monitoring_plan(deployment)
    taken = {each.name.casefold() for each in queries.indicators(deployment, ended=False)}
    named = [each for each in (plan.content.get("indicators") or () if plan else ()) if each.get("name")]
    return [
        Planned(
            n, str(each["name"]).strip(), each.get("source") or "", each.get("direction") or "neither",
            each.get("frequency") or "monthly", each.get("target") or "", each.get("owner") or "",
        )
        for n, each in enumerate(each for each in named if str(each["name"]).strip().casefold() not in taken)
    ]  # fmt: skip


def _owner(words: str, deployment: Deployment) -> str:
    """The role proposed: the one that the plan names, else the clinical lead, else the digital lead."""
    if named := rules.owner_role_in(words):
        return named.value
    lead = identity.holders(deployment.organisation_id, Role.CLINICAL_LEAD, clock.today(), deployment.id)
    return (Role.CLINICAL_LEAD if lead else Role.DIGITAL_LEAD).value


def _crumbs(deployment: Deployment, by: Actor) -> list[tuple[str, str]]:
    here: dict[str, Any] = {"organisation": by.organisation_code, "reference": deployment.reference}
    return [
        (deployment.tool.name, url_for("deployments.deployment", **here)),
        ("Monitoring", url_for("readings.overview", **here)),
    ]
