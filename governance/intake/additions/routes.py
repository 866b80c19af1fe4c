"""What policy asks and why, what the organisation asks beyond it, and going on under a newer policy."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Conflict, NotVisible, Refused
from governance.intake import queries as intake
from governance.intake.additions import forms, operations, presenters, queries
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Actor, Permission
from governance.policy import additions, policy
from governance.web import access

bp = Blueprint("policy", __name__)
HERE = "/<org:organisation>/policy"
SUBMISSION = "/<org:organisation>/submissions/<reference>/policy"
_KIND = '<any("requirement", "signer", "panel", "independent"):kind>'
FIELDS = {f"addition.{name}": name for name in forms.ORDER}
Page = str | Response | tuple[str, int]


@bp.app_context_processor
def _panels() -> dict[str, Any]:
    """What a submission's page shows of a newer policy: `newer_policy(submission)`."""
    return {"newer_policy": lambda found: presenters.panel(found, access.actor())}


@bp.get(HERE)
@access.requires(Permission.READ_REGISTER)
def explain(organisation: str) -> str:
    """What policy asks for a stage and facts that are chosen here, and why."""
    by = access.actor()
    assert by.organisation_id is not None
    london = intake.policy_for(by.organisation_id, by.on)
    asked = presenters.asked(london, request.args)
    return render_template(
        "policy/explain.jinja", policy=london, asked=asked, parts=asked.parts(london),
        stages=list(Stage), kinds=list(SubmissionKind), chosen=bool(request.args),
    )  # fmt: skip


@bp.get(f"{HERE}/additions")
@access.requires(Permission.READ_REGISTER)
def listed(organisation: str) -> str:
    """What the organisation asks beyond policy, and what decided each."""
    by = access.actor()
    lines = presenters.addition_lines(queries.listed(by), policy(), by)
    return render_template(
        "policy/additions.jinja", lines=lines, in_force=sum(line.state == "In force" for line in lines),
        kinds=additions.KINDS, about=additions.ABOUT, may=by.may(Permission.MANAGE_ADDITIONS), version=policy().version,
    )  # fmt: skip


@bp.route(f"{HERE}/additions/add/{_KIND}", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_ADDITIONS)
def add(organisation: str, kind: str) -> Page:
    """Record one thing more that is asked."""
    form = forms.made(kind, policy())
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                operations.add(
                    kind=kind, what=form.what(), instrument=form.instrument.data, reason=form.reason.data,
                    starts_on=form.starts_on.data, by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(url_for("policy.listed", organisation=organisation))
        except Refused as refused:
            form.refuse(refused, {code: name for code, name in FIELDS.items() if name in form})
    fields = [form[name] for name in forms.ORDER if name in form]
    return render_template(
        "policy/add.jinja", form=form, fields=fields, title=additions.KINDS[kind], about=additions.ABOUT[kind]
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/additions/<int:addition_id>/end", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_ADDITIONS)
def end(organisation: str, addition_id: int) -> Page:
    """Ask it no more from a day on."""
    row = queries.addition(addition_id, access.actor())
    form, stale = forms.EndForm(obj=row), ""
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                operations.end(
                    addition=queries.addition(addition_id, by), ended_on=form.ended_on.data,
                    version_id=form.version_id.data or "", by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(url_for("policy.listed", organisation=organisation))
        except Refused as refused:
            form.refuse(refused, {"addition.ended_on": "ended_on"})
        except Conflict as conflict:
            stale = conflict.sentences[0]
    status = 409 if stale else 422 if form.is_submitted() else 200
    row = queries.addition(addition_id, access.actor())
    if stale:
        form = forms.EndForm(obj=row, formdata=None)
    says = additions.sentence(policy(), intake.as_addition(row))
    return render_template("policy/end.jinja", form=form, row=row, says=says, stale=stale), status


@bp.get(SUBMISSION)
@access.requires(Permission.READ_SUBMISSION)
def submission(organisation: str, reference: str) -> str:
    """What policy asks of one submission, from its own facts, and why."""
    by = access.actor()
    found = _proposed(reference, by)
    return render_template(
        "policy/submission.jinja", submission=found, parts=presenters.own_parts(found),
        facts=presenters.own_facts(found), newer=presenters.newer(found, by),
        held_to=presenters.held_to(found), moves=intake.policy_moves(found), not_asked=queries.not_asked(found, by.on),
    )  # fmt: skip


@bp.route(f"{SUBMISSION}/move", methods=["GET", "POST"])
@access.requires(Permission.MOVE_POLICY)
def move(organisation: str, reference: str) -> Page:
    """Go on under the policy as it is today, after reading what changes."""
    found = _proposed(reference, access.actor())
    form, stale = forms.MoveForm(obj=found), ""
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                operations.move_policy(
                    submission=_proposed(reference, by), reason=form.reason.data, mark=form.mark.data or "",
                    version_id=form.version_id.data or "", by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(url_for("packs.submission", organisation=organisation, reference=reference))
        except Refused as refused:
            form.refuse(refused, {"policy.reason": "reason"})
        except Conflict as conflict:
            stale = conflict.sentences[0]
    by, status = access.actor(), 409 if stale else 422 if form.is_submitted() else 200
    found = _proposed(reference, by)
    newer = presenters.newer(found, by)
    if stale:
        form = forms.MoveForm(obj=found, formdata=None)
    if newer is not None and (stale or not form.is_submitted()):
        form.mark.data = newer.mark
    return render_template(
        "policy/move.jinja", form=form, submission=found, newer=newer, held_to=presenters.held_to(found), stale=stale
    ), status  # fmt: skip


def _proposed(reference: str, by: Actor) -> Submission:
    found = intake.submission(reference, by)
    if found.deployment is None or found.stage_asked is None:
        raise NotVisible()
    return found
