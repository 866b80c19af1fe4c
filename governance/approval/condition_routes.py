"""A condition's own page, meeting it, and the go-live record."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from governance import clock
from governance.approval import condition_page, outcomes
from governance.approval import conditions as operations
from governance.approval.forms import GoLiveForm, OfferForm, SettleForm
from governance.approval.models import Condition
from governance.assessment.evidence import operations as attaching
from governance.assessment.evidence import queries as evidence
from governance.assessment.evidence import receiving
from governance.assessment.evidence.forms import label
from governance.assessment.evidence.models import Evidence
from governance.assessment.evidence.rules import OTHER, is_expired
from governance.assessment.plans import door
from governance.errors import Conflict, Refused
from governance.identity import queries as people
from governance.permissions import Actor, Permission
from governance.register import queries as register
from governance.web import access, uploads

bp = Blueprint("conditions", __name__)
CONDITION = "/<org:organisation>/conditions/<int:condition_id>"
Page = str | Response | tuple[str, int]


@bp.route(CONDITION)
@access.requires(Permission.READ_REGISTER)
def condition(organisation: str, condition_id: int) -> Page:
    """What must be met, by whom, by when, and what was done about it."""
    return _shown(outcomes.condition(condition_id, access.actor()))


@bp.route(f"{CONDITION}/offer", methods=["POST"])
@access.requires(Permission.ACT_ON_CONDITION)
def offer(organisation: str, condition_id: int) -> Page:
    """Say how it is met."""
    form = _offer_form(access.actor())
    files: list[uploads.Upload] = []

    def act(by: Actor) -> None:
        row = outcomes.condition(condition_id, by)
        form.refuse_if_stale(row)
        operations.offer_evidence(
            condition=row, text=form.text.data, version_id=form.version_id.data or "", item=_item(form, files, row, by),
            by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and _received(form, files) and door.attempt(form, act, {"text": "text", "held": "held"}):
        return redirect(url_for("conditions.condition", organisation=organisation, condition_id=condition_id))
    return _shown(outcomes.condition(condition_id, access.actor()), offer=form), 422


@bp.route(f"{CONDITION}/settle", methods=["POST"])
@access.requires(Permission.CONFIRM_CONDITION)
def settle(organisation: str, condition_id: int) -> Page:
    """Confirm that it is met, or waive it: the role that set it."""
    form = SettleForm()

    def act(by: Actor) -> None:
        row = outcomes.condition(condition_id, by)
        form.refuse_if_stale(row)
        verb = operations.waive if form.settle.data == "waived" else operations.confirm
        verb(condition=row, text=form.text.data, version_id=form.version_id.data or "", by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act, {"text": "text"}):
        return redirect(url_for("conditions.condition", organisation=organisation, condition_id=condition_id))
    return _shown(outcomes.condition(condition_id, access.actor()), settle=form), 422


def _offer_form(by: Actor, **given: Any) -> OfferForm:
    form = OfferForm(**given)
    form.held.choices = [
        (item.id, label(item)) for item in evidence.choices(by) if not is_expired(item.expires_on, by.on)
    ]
    if not by.may(Permission.ATTACH):  # who must meet it but keeps no evidence says it in words
        del form.held, form.file
    return form


def _received(form: OfferForm, files: list[uploads.Upload]) -> bool:
    """Whether the file sent, if one was, is taken; before the transaction. What is wrong is said at its field."""
    sent = form.file.data if "file" in form else None
    if not (isinstance(sent, FileStorage) and sent.filename):
        return True
    if "held" in form and form.held.data:
        form.add_error("Choose one: evidence you hold, or a new file.", "file")
        return False
    try:
        files.append(receiving.kept(sent))
    except Refused as refused:
        form.refuse(refused, dict.fromkeys(refused.codes, "file"))
    return bool(files)


def _item(form: OfferForm, files: list[uploads.Upload], row: Condition, by: Actor) -> Evidence | None:
    """The evidence chosen, or the file sent as a new item; None where the words are all."""
    if "held" in form and form.held.data:
        return evidence.evidence(form.held.data, by)
    if not files:
        return None
    title = f"Evidence for condition {row.number}: {files[0].filename}"[:200]
    return attaching.attach(title=title, kind=OTHER, upload=files[0], by=by, at=clock.now())


def _shown(row: Condition, *, offer: OfferForm | None = None, settle: SettleForm | None = None) -> str:
    by = access.actor()
    page = condition_page.build(row, by, clock.today())
    fresh = {"version_id": row.version_id}
    return render_template(
        "approval/condition.jinja", page=page,
        offer=offer or (_offer_form(by, data=fresh, formdata=None) if page.may_offer else None),
        settle=settle or (SettleForm(data=fresh, formdata=None) if page.may_settle else None),
        offer_url=url_for("conditions.offer", organisation=by.organisation_code, condition_id=row.id),
        settle_url=url_for("conditions.settle", organisation=by.organisation_code, condition_id=row.id),
        crumbs=[(page.deployment, page.deployment_url)],
    )  # fmt: skip


@bp.route("/<org:organisation>/tools/<reference>/go-live", methods=["GET", "POST"])
@access.requires(Permission.RECORD_GO_LIVE)
def go_live(organisation: str, reference: str) -> Page:
    """When it went live, where, and how many of its staff are trained."""
    deployment = register.deployment(reference, access.actor())
    form = GoLiveForm()
    form.confirmed_by.choices = [(str(each.id), each.name) for each in people.people_of(access.actor())]
    stopping = condition_page.go_live_stopping(deployment)

    def act(by: Actor) -> None:
        mine = register.deployment(reference, by)
        if condition_page.go_live_stopping(mine):
            raise Conflict("This deployment is not assured any more, so nothing new goes live.")
        operations.record_go_live(
            deployment=mine, went_live_on=form.went_live_on.data, sites=form.sites.data,
            share_trained=form.share_trained.data, confirmed_by_id=int(form.confirmed_by.data), by=by, at=clock.now(),
        )  # fmt: skip

    page = url_for("deployments.deployment", organisation=organisation, reference=reference)
    fields = {name: name for name in ("went_live_on", "sites", "share_trained")}
    if form.validate_on_submit() and door.attempt(form, act, fields):
        return redirect(page)
    return render_template(
        "approval/go_live.jinja", form=form, deployment=deployment, stopping=stopping,
        version=(deployment.approved_version or deployment.tool_version).version,
        record=condition_page.recorded(register.go_live(deployment)),
        crumbs=[(deployment.reference, page)],
    ), 422 if form.is_submitted() else 200  # fmt: skip
