"""Pages of evidence: what an organisation holds, one item, its file, and attaching one."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.evidence import operations, presenters, queries, rules
from governance.assessment.evidence.forms import AttachForm
from governance.assessment.evidence.models import Evidence
from governance.database import db
from governance.errors import NotVisible, Refused, refuse_if
from governance.extensions import house
from governance.identity.models import Person
from governance.permissions import Actor, Permission
from governance.policy import policy
from governance.web import access, uploads

bp = Blueprint("evidence", __name__)
Page = str | Response | tuple[str, int]
SOON = timedelta(days=90)


@bp.route("/<org:organisation>/evidence", endpoint="evidence")
@access.requires(Permission.READ_SHEET)
def items(organisation: str) -> str:
    """What is held, newest first; `kind`, `q` and `soon` narrow it."""
    by = access.actor()
    kind, text = request.args.get("kind", "")[:40], request.args.get("q", "")[:100].replace("\x00", "")
    soon = by.on + SOON if request.args.get("soon") else None
    before = request.args.get("before", type=int)
    before = before if before is not None and 0 < before < 2**31 else None
    found = queries.items(by, kind=kind, text=text, expiring_by=soon, before_id=before)
    shown = found[: queries.PAGE]
    return render_template(
        "evidence/items.jinja", lines=presenters.lines(shown, by), kinds=policy().evidence_validity, kind=kind, text=text,
        soon=soon is not None, narrowed=bool(kind or text or soon), before=before, may_attach=by.may(Permission.ATTACH),
        more=shown[-1].id if len(found) > queries.PAGE else None,
    )  # fmt: skip


@bp.route("/<org:organisation>/evidence/<int:evidence_id>")
@access.requires(Permission.READ_SHEET)
def item(organisation: str, evidence_id: int) -> str:
    """One item, and what it supports."""
    by = access.actor()
    found = queries.evidence(evidence_id, by)
    person = db.session.get_one(Person, found.attached_by or 0)
    return render_template(
        "evidence/item.jinja", item=found, facts=presenters.facts(found, person.name, by.on),
        line=presenters.line(found, by), uses=presenters.uses(queries.uses(found.id)),
    )  # fmt: skip


@bp.route("/<org:organisation>/evidence/<int:evidence_id>/file")
@access.requires(Permission.READ_SHEET)
def file(organisation: str, evidence_id: int) -> Response:
    """The file as it was stored, never opened in the browser."""
    found = queries.evidence(evidence_id, access.actor())
    if found.sha256 is None:
        raise NotVisible()
    try:
        data = house().storage.content(found.sha256)
    except (FileNotFoundError, ValueError) as gone:
        raise NotVisible("This file is no longer as it was stored. Tell your administrator.") from gone
    response = send_file(
        BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=found.filename
    )
    response.headers["Cache-Control"] = "private, no-cache"  # a file sent is kept by anybody for an hour otherwise
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.route("/<org:organisation>/evidence/attach", methods=["GET", "POST"])
@access.requires(Permission.ATTACH)
def attach(organisation: str) -> Page:
    """Attach a file or a link that nothing uses yet."""
    form = AttachForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            upload = received(form)
            with access.acting() as by:
                made = attached(form, upload, by)
            return redirect(url_for("evidence.item", organisation=organisation, evidence_id=made.id))
        except Refused as refused:
            refuse(form, refused)
    return render_template("evidence/attach.jinja", form=form), status


def received(form: AttachForm) -> uploads.Upload | None:
    """The file sent, found to be its type and put into storage; None where none was sent. Before the transaction.

    A form that would be refused anyway is refused here, so that nothing is left in storage.
    """
    sent = form.file.data
    there = isinstance(sent, FileStorage) and bool(sent.filename)
    refuse_if(
        rules.attach_blockers(
            policy=policy(), kind=form.kind.data, has_file=there, url=form.url.data or "",
            issued_on=form.issued_on.data, expires_on=form.expires_on.data, on=clock.today(),
        )
    )  # fmt: skip
    return kept(sent) if there else None


def kept(sent: FileStorage) -> uploads.Upload:
    """A file received whole and put into storage. Raises UploadRefused, leaving nothing."""
    upload = uploads.receive(sent, kinds=uploads.DOCUMENTS, limit=current_app.config["UPLOAD_LIMIT"])
    house().storage.put_content(upload.data)
    return upload


def attached(form: AttachForm, upload: uploads.Upload | None, by: Actor) -> Evidence:
    """The item that a filled form makes, inside the transaction."""
    return operations.attach(
        title=form.title.data, kind=form.kind.data, upload=upload, url=form.url.data or "", issuer=form.issuer.data or "",
        standard=form.standard.data or "", issued_on=form.issued_on.data, expires_on=form.expires_on.data,
        shareable=bool(form.shareable.data), by=by, at=clock.now(),
    )  # fmt: skip


def refuse(form: AttachForm, refused: Refused) -> None:
    """Put each reason on the field it is about."""
    fields = {name: name for name in ("file", "url", "kind", "issued_on", "expires_on")}
    form.refuse(refused, fields | {code: "file" for code in refused.codes if code.startswith("upload.")})
