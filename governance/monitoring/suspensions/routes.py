"""Suspend in two steps, confirm per site, resume, and what organisations ask of each other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.plans import door
from governance.errors import Forbidden, NotVisible
from governance.extensions import house
from governance.monitoring.suspensions import forms, operations, presenters, queries, resuming, rules
from governance.monitoring.suspensions.models import Suspension
from governance.permissions import Actor, Permission
from governance.register import queries as register
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.web import access
from governance.web.access import actor, requires

bp = Blueprint("suspensions", __name__, url_prefix="/<org:organisation>")
HERE = "/tools/<reference>"
Page = str | tuple[str, int] | Response


@bp.route("/suspend")
@requires(Permission.SUSPEND)
def choose(organisation: str) -> str:
    """Which tool? The short way from the first screen."""
    lines = [each for each in queries.in_use(actor()) if actor().may(Permission.SUSPEND, deployment_id=each.id)]
    return render_template("suspensions/choose.jinja", lines=lines, suspended=queries.suspended(actor().scope))


@bp.route(f"{HERE}/suspend", methods=["GET", "POST"])
@requires(Permission.SUSPEND)
def suspend(organisation: str, reference: str) -> Page:
    """First step: why, and what staff do instead."""
    row, form = register.deployment(reference, actor()), forms.SuspendForm(data={"signal": request.args.get("signal", "")})
    held = operations.suspending_role(row, actor(), clock.now())
    found = queries.signals(row)
    form.signal.choices = [("", "None"), *((str(each.id), f"Signal {each.number}: {each.sentence}") for each in found)]
    tokens: list[str] = []

    def intend(by: Actor) -> None:
        meant = operations.intend_suspension(
            deployment=register.deployment(reference, by), reason=form.reason.data, fallback=form.fallback.data,
            signal_id=int(form.signal.data) if form.signal.data else None, by=by, at=clock.now(),
        )  # fmt: skip
        tokens.append(meant.token)

    if form.validate_on_submit() and door.attempt(form, intend, {"reason": "reason", "fallback": "fallback"}):
        return redirect(_to("suspensions.confirm", row, token=tokens[0]))
    already = rules.suspend_blockers(standing=row.standing, reason="-", fallback="-")
    return render_template(
        "suspensions/suspend.jinja", form=form, row=row, signals=found, already=[each.sentence for each in already],
        signs_as=door.signs_as(held.role, row, actor()), crumbs=_crumbs(row),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/suspend/confirm/<token>", methods=["GET", "POST"])
@requires(Permission.SUSPEND)
def confirm(organisation: str, reference: str, token: str) -> Page:
    """Second step: the password, and it is suspended."""

    def seal(by: Actor) -> None:
        at, row = clock.now(), register.deployment(reference, by)
        meant = signing.intent(token, by, at)
        operations.suspend(deployment=row, intent=meant, keyring=house().keyring, by=by, at=at)

    return _second_step(reference, token, queries.SUSPENSION, seal, "Suspend its use", "suspensions.suspend", stop=True)


@bp.route(f"{HERE}/suspensions")
@requires(Permission.READ_REGISTER)
def suspensions(organisation: str, reference: str) -> str:
    """Every suspension, with sites and signatures."""
    row = register.deployment(reference, actor())
    found = presenters.records(row)
    return render_template(
        "suspensions/suspensions.jinja", row=row, found=found, heading=presenters.heading(found), crumbs=_crumbs(row)
    )


@bp.route(f"{HERE}/stopped", methods=["GET", "POST"])
@requires(Permission.CONFIRM_STOPPED)
def stopped(organisation: str, reference: str) -> Page:
    """Use confirmed stopped, site by site."""
    row, last = _lasting(reference, actor())
    states, form = queries.sites(row, last), forms.StoppedForm()
    form.sites.choices = [(each.name, each.name) for each in states if each.at is None]

    def keep(by: Actor) -> None:
        mine, suspension = _lasting(reference, by)
        operations.confirm_stopped(
            deployment=mine, suspension=suspension, sites=form.sites.data, note=form.note.data or "", by=by, at=clock.now()
        )

    if form.validate_on_submit() and door.attempt(form, keep, {"sites": "sites"}):
        return redirect(_to("deployments.deployment", row))
    return render_template(
        "suspensions/stopped.jinja", form=form, row=row, states=states, crumbs=_crumbs(row),
        heading=presenters.stopped(states),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/resume", methods=["GET", "POST"])
@requires(Permission.RESUME)
def resume(organisation: str, reference: str) -> Page:
    """First step for the safety officer, and for whoever decides after."""
    row, last = _lasting(reference, actor())
    role = presenters.resuming_role(row, last, actor())
    if role is None:
        raise Forbidden(f"The clinical safety officer signs first, then the {resuming.authoriser(row).title} decides.")
    form, tokens = forms.ResumeForm(), []

    def intend(by: Actor) -> None:
        mine, suspension = _lasting(reference, by)
        meant = resuming.intend(
            deployment=mine, suspension=suspension, role=role, reason=form.reason.data or "", by=by, at=clock.now()
        )
        tokens.append(meant.token)

    if form.validate_on_submit() and door.attempt(form, intend, {"reason": "reason"}):
        return redirect(_to("suspensions.confirm_resume", row, token=tokens[0]))
    return render_template(
        "suspensions/resume.jinja", form=form, row=row, last=last, role=role, crumbs=_crumbs(row),
        stopping=[each.sentence for each in resuming.blockers(row, last, role, "-", actor(), clock.now())],
        now=queries.resumption(row, last), states=queries.sites(row, last),
        signs_as=door.signs_as(role, row, actor()),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/resume/confirm/<token>", methods=["GET", "POST"])
@requires(Permission.RESUME)
def confirm_resume(organisation: str, reference: str, token: str) -> Page:
    """Second step of either signature."""

    def seal(by: Actor) -> None:
        at, (row, last) = clock.now(), _lasting(reference, by)
        meant = signing.intent(token, by, at)
        resuming.sign(deployment=row, suspension=last, intent=meant, keyring=house().keyring, by=by, at=at)

    return _second_step(reference, token, queries.RESUMPTION, seal, "Resume its use", "suspensions.resume")


@bp.route(f"{HERE}/requests/<int:request_id>", methods=["GET", "POST"])
@requires(Permission.SUSPEND)
def request_to_suspend(organisation: str, reference: str, request_id: int) -> Page:
    """Answer what another organisation asks: suspend, or say why its use goes on."""
    row = register.deployment(reference, actor())
    queries.request_about(request_id, row)
    operations.suspending_role(row, actor(), clock.now())
    form = forms.DeclineForm()

    def decline(by: Actor) -> None:
        mine = register.deployment(reference, by)
        operations.decline_request(
            deployment=mine, request=queries.request_about(request_id, mine), answer=form.answer.data, by=by, at=clock.now()
        )

    if form.validate_on_submit() and door.attempt(form, decline, {"answer": "answer"}):
        return redirect(_to("deployments.deployment", row))
    asked = next(each for each in queries.requests_about(row) if each.row.id == request_id)
    return render_template(
        "suspensions/request.jinja", form=form, row=row, crumbs=_crumbs(row), is_open=asked.row.status == "open",
        line=replace(presenters.request_line(asked, actor(), own=True), href=""),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/ask-to-suspend", methods=["GET", "POST"])
@requires(Permission.ASK_TO_SUSPEND)
def ask(organisation: str, reference: str) -> Page:
    """Ask another organisation to suspend a tool, and read its answer. Of the tool only what partners see is shown."""
    seen, form = queries.seen(reference), forms.AskForm()
    if seen.organisation_id in actor().scope:
        return redirect(url_for("deployments.deployment", organisation=organisation, reference=reference))
    why = operations.asking_blockers(seen, "-", actor())
    if any(each.code == "asker" for each in why):
        raise Forbidden(why[0].sentence)

    def send(by: Actor) -> None:
        operations.ask_to_suspend(seen=queries.seen(reference), reason=form.reason.data, by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, send, {"reason": "reason"}):
        return redirect(url_for("suspensions.ask", organisation=organisation, reference=reference))
    lines = [presenters.request_line(each, actor(), own=False) for each in queries.requests_by(actor(), reference)]
    return render_template(
        "suspensions/ask.jinja", form=form, seen=seen, lines=lines, why=[each.sentence for each in why]
    ), 422 if form.is_submitted() else 200


def _second_step(
    reference: str, token: str, kind: str, seal: Callable[[Actor], None], title: str, back: str, *, stop: bool = False
) -> Page:
    row, form = register.deployment(reference, actor()), door.ConfirmForm()
    intent = signing.intent(token, actor(), clock.now())
    if intent.subject_kind != kind or not _is_about(intent.subject_id, kind, row):
        raise NotVisible()
    if form.validate_on_submit() and door.confirmed(form) and door.attempt(form, seal):
        return redirect(_to("deployments.deployment", row))
    return render_template(
        "suspensions/confirm.jinja", form=form, intent=intent, row=row, title=title, stop=stop,
        signs_as=door.signs_as(intent.role, row, actor()), crumbs=[*_crumbs(row), (title, _to(back, row))],
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _is_about(subject_id: int, kind: str, row: Deployment) -> bool:
    """A suspension is intended about the deployment; a resumption about the suspension that lasts."""
    last = queries.current(row)
    return subject_id == (row.id if kind == queries.SUSPENSION else last.id if last else None)


def _lasting(reference: str, by: Actor) -> tuple[Deployment, Suspension]:
    row = register.deployment(reference, by)
    last = queries.current(row)
    if last is None:
        raise NotVisible("It is not suspended.")
    return row, last


def _to(endpoint: str, row: Deployment, **values: Any) -> str:
    return url_for(endpoint, organisation=access.actor().organisation_code, reference=row.reference, **values)


def _crumbs(row: Deployment) -> list[tuple[str, str]]:
    return [
        ("Tools", url_for("register.tools", organisation=access.actor().organisation_code)),
        (row.tool.name, _to("deployments.deployment", row)),
    ]
