"""A declared tool: what is next, the interim decision in two steps, and approvals that were not made here."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from governance import clock
from governance.approval.interim import operations, presenters, queries, rules
from governance.approval.interim.forms import EarlierForm, InterimForm
from governance.assessment.plans import door
from governance.errors import NotVisible, Refused
from governance.extensions import house
from governance.intake.declarations import presenters as declared
from governance.intake.declarations import queries as declarations
from governance.permissions import Actor, Permission, Role
from governance.register import queries as register
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.web import access, uploads

bp = Blueprint("interim", __name__)
DECLARATION = "/<org:organisation>/tools/<reference>/declaration"
Page = str | Response | tuple[str, int]


@bp.route(DECLARATION)
@access.requires(Permission.READ_REGISTER)
def declaration(organisation: str, reference: str) -> str:
    """What was stated, what is next, by when and with whom."""
    found = register.deployment(reference, access.actor())
    page = presenters.build(found, access.actor(), clock.now())
    return render_template("approval/declaration.jinja", it=page, crumbs=_crumbs(found)[:-1])


@bp.route(f"{DECLARATION}/decide", methods=["GET", "POST"])
@access.requires(Permission.DECIDE_INTERIM)
def decide(organisation: str, reference: str) -> Page:
    """First step: everything that was stated, and what this role says."""
    found, by = register.deployment(reference, access.actor()), access.actor()
    row = declarations.own(found)
    role = rules.role_of({held.role for held in by.current}, queries.position(row, found))
    form, tokens = InterimForm.for_role(role, operations.latest_submission(clock.now())), []

    def intend(by: Actor) -> None:
        mine = register.deployment(reference, by)
        tokens.append(operations.intend(deployment=mine, role=role, said=form.said(), by=by, at=clock.now()).token)

    fields = {name: name for name in ("outcome", "reason", "restriction", "fallback", "submission_due_on") if name in form}
    if form.validate_on_submit() and door.attempt(form, intend, fields):
        return redirect(url_for("interim.confirm", organisation=organisation, reference=reference, token=tokens[0]))
    found = register.deployment(reference, access.actor())
    row, page = declarations.own(found), presenters.build(found, access.actor(), clock.now())
    return render_template(
        "approval/decide_interim.jinja", it=page, form=form, role=role, crumbs=_crumbs(found),
        stopping=operations.act_blockers(row, found, role, access.actor(), clock.now()),
        signs_as=_signs_as(role, found),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{DECLARATION}/confirm/<token>", methods=["GET", "POST"])
@access.requires(Permission.DECIDE_INTERIM)
def confirm(organisation: str, reference: str, token: str) -> Page:
    """Second step: the statement, and the password."""
    found = register.deployment(reference, access.actor())
    intent = signing.intent(token, access.actor(), clock.now())
    if (intent.subject_kind, intent.subject_id) != (queries.SUBJECT, declarations.own(found).id):
        raise NotVisible()
    form = door.ConfirmForm()

    def seal(by: Actor) -> None:
        at = clock.now()
        operations.carry_out(
            deployment=register.deployment(reference, by), intent=signing.intent(token, by, at), keyring=house().keyring,
            by=by, at=at,
        )  # fmt: skip

    if form.validate_on_submit() and door.confirmed(form) and door.attempt(form, seal):
        return redirect(url_for("interim.declaration", organisation=organisation, reference=reference))
    found = register.deployment(reference, access.actor())
    return render_template(
        "approval/confirm_interim.jinja", form=form, intent=intent, where=door.where(found), crumbs=_crumbs(found),
        signs_as=_signs_as(intent.role, found),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{DECLARATION}/earlier-approval", methods=["GET", "POST"])
@access.requires(Permission.ATTACH)
def earlier(organisation: str, reference: str) -> Page:
    """Attach an approval made elsewhere, as a file or in words. It assures nothing."""
    found, form = register.deployment(reference, access.actor()), EarlierForm()
    declarations.own(found)
    if form.validate_on_submit():
        try:
            upload = _received(form)
            with access.acting() as by:
                operations.attach_earlier_approval(
                    deployment=register.deployment(reference, by), title=form.title.data or "", upload=upload,
                    issuer=form.issuer.data or "", issued_on=form.issued_on.data, by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(url_for("interim.declaration", organisation=organisation, reference=reference))
        except Refused as refused:
            form.refuse(refused, {"issued_on": "issued_on", "title": "title"} | _about_file(refused))
            found = register.deployment(reference, access.actor())
    facts = declared.stated(declarations.own(found), found)
    return render_template(
        "approval/earlier_approval.jinja", form=form, where=door.where(found), facts=facts, crumbs=_crumbs(found)
    ), 422 if form.is_submitted() else 200


def _signs_as(role: Role, deployment: Deployment) -> door.SignsAs:
    """The facts that the signature keeps; registration and training are the safety officer's."""
    whole = door.signs_as(role, deployment, access.actor())
    clinical = ("Registration", "Safety training")
    return whole if role is Role.CSO else replace(whole, facts=tuple(each for each in whole.facts if each[0] not in clinical))


def _received(form: EarlierForm) -> uploads.Upload:
    """The file sent, or what was typed as a text file; in storage. Before the transaction."""
    sent, words = form.file.data, (form.words.data or "").strip()
    if isinstance(sent, FileStorage) and sent.filename:
        upload = uploads.receive(sent, kinds=uploads.DOCUMENTS, limit=current_app.config["UPLOAD_LIMIT"])
    elif words:
        data = words.encode()
        upload = uploads.Upload(
            "earlier-approval.txt", "txt", "text/plain", len(data), hashlib.sha256(data).hexdigest(), data
        )
    else:
        raise Refused.because("Choose a file, or say what it says.", code="file")
    house().storage.put_content(upload.data)
    return upload


def _about_file(refused: Refused) -> dict[str, str]:
    return {code: "file" for code in refused.codes if code == "file" or code.startswith("upload.")}


def _crumbs(deployment: Deployment) -> door.Crumbs:
    code = access.actor().organisation_code
    here = {"organisation": code, "reference": deployment.reference}
    return [
        ("Tools", url_for("register.tools", organisation=code)),
        (deployment.tool.name, url_for("deployments.deployment", organisation=code, reference=deployment.reference)),
        ("Declaration", url_for("interim.declaration", organisation=here["organisation"], reference=here["reference"])),
    ]
