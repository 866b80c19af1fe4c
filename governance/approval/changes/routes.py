"""Noting a change of a deployment, its page, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.approval.changes import operations, presenters, queries
from governance.approval.changes.forms import NoteForm, SettleForm
from governance.assessment.plans import door
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.register import queries as register
from governance.register.models import Deployment
from governance.web import access
from governance.web.forms import Form

bp = Blueprint("changes", __name__)
CHANGES = "/<org:organisation>/tools/<reference>/changes"
NOTICE = f"{CHANGES}/<int:number>"
Page = str | Response | tuple[str, int]


@bp.route(f"{CHANGES}/new", methods=["GET", "POST"])
@access.requires(Permission.NOTE_CHANGE)
def note(organisation: str, reference: str) -> Page:
    """What changed, with what each kind of change would touch here."""
    found = register.deployment(reference, access.actor())
    form, made = NoteForm.offering(presenters.choices(found)), []

    def act(by: Actor) -> None:
        made.append(
            operations.note_change(
                deployment=register.deployment(reference, by), kind=form.kind.data, what=form.what.data,
                version=form.version.data or "", effective_on=form.effective_on.data, by=by, at=clock.now(),
            ).number
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, {name: name for name in ("kind", "what", "version")}):
        return redirect(url_for("changes.notice", organisation=organisation, reference=reference, number=made[0]))
    found = register.deployment(reference, access.actor())
    return render_template(
        "changes/note.jinja", form=form, deployment=found, where=door.where(found), crumbs=_crumbs(found)
    ), 422 if form.is_submitted() else 200


@bp.route(NOTICE)
@access.requires(Permission.READ_REGISTER)
def notice(organisation: str, reference: str, number: int) -> Page:
    """One change: what it touches, and what follows."""
    return _shown(reference, number)


@bp.route(f"{NOTICE}/take-up", methods=["POST"])
@access.requires(Permission.START_SUBMISSION)
def take_up(organisation: str, reference: str, number: int) -> Page:
    """Start the re-assurance that takes up what is open, or take it up in the submission that is open already."""
    form, taken = Form(), []

    def act(by: Actor) -> None:
        found = _own(reference, number, by)
        begin: Callable[..., Submission] = (
            operations.take_up if queries.running_on(found) else operations.start_re_assurance
        )
        row = begin(deployment=found, by=by, at=clock.now())
        taken.append((row.reference, row.id))

    if form.validate_on_submit() and door.attempt(form, act):
        ref, draft = taken[0]
        if ref is None:
            return redirect(url_for("intake.draft", organisation=organisation, draft=draft))
        return redirect(url_for("packs.submission", organisation=organisation, reference=ref))
    return _shown(reference, number, form=form), 422


@bp.route(f"{NOTICE}/settle", methods=["POST"])
@access.requires(Permission.SETTLE_CHANGE)
def settle(organisation: str, reference: str, number: int) -> Page:
    """Nothing follows, with the reason."""
    form = SettleForm()

    def act(by: Actor) -> None:
        row = queries.notice(register.deployment(reference, by), number)
        form.refuse_if_stale(row)
        operations.settle(
            notice=row, reason=form.reason.data, version_id=form.version_id.data or "", by=by, at=clock.now()
        )

    if form.validate_on_submit() and door.attempt(form, act, {"reason": "reason"}):
        return redirect(url_for("changes.notice", organisation=organisation, reference=reference, number=number))
    return _shown(reference, number, settle=form), 422


def _own(reference: str, number: int, by: Actor) -> Deployment:
    """The deployment of a change that is there."""
    found = register.deployment(reference, by)
    queries.notice(found, number)
    return found


def _shown(reference: str, number: int, *, form: Any = None, settle: Any = None) -> str:
    by = access.actor()
    found = register.deployment(reference, by)
    row = queries.notice(found, number)
    page = presenters.build(row, found, by)
    if not page.may_settle:
        settle = None
    elif settle is None:
        settle = SettleForm(data={"version_id": row.version_id}, formdata=None)
    return render_template(
        "changes/notice.jinja", page=page, form=form or Form(formdata=None), settle=settle,
        here={"organisation": by.organisation_code, "reference": reference, "number": number}, crumbs=_crumbs(found),
    )  # fmt: skip


def _crumbs(deployment: Deployment) -> door.Crumbs:
    code = access.actor().organisation_code
    return [
        ("Tools", url_for("register.tools", organisation=code)),
        (deployment.tool.name, url_for("deployments.deployment", organisation=code, reference=deployment.reference)),
    ]
