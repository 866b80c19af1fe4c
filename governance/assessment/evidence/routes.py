"""Pages of evidence: what an organisation holds, one item, its file, and attaching one."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from governance.assessment.evidence import (
    expiring_routes,
    places,
    presenters,
    quarantine_routes,
    queries,
    renewing_routes,
)
from governance.assessment.evidence.forms import AttachForm
from governance.assessment.evidence.receiving import attached, kept, received, refuse
from governance.audit.redactions import queries as redactions
from governance.errors import NotVisible, Refused
from governance.extensions import house
from governance.permissions import Permission
from governance.policy import policy
from governance.web import access

__all__ = ["attached", "bp", "kept", "received", "refuse"]

bp = Blueprint("evidence", __name__)
for part in (expiring_routes, renewing_routes, quarantine_routes):
    bp.register_blueprint(part.bp)
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
    """One item, where it is used, and what takes its place."""
    by = access.actor()
    found = queries.evidence(evidence_id, by)
    newer = queries.renewal_of(found)
    used = places.of([found.id])[found.id]
    own = found.organisation_id == by.organisation_id and by.may(Permission.ATTACH)
    return render_template(
        "evidence/item.jinja", gone=redactions.file_gone("evidence", found.id), item=found,
        facts=presenters.facts(found, by), line=presenters.line(found, by),
        uses=presenters.uses(used, by, renewed=newer is not None), may_renew=own and newer is None,
        may_move=own and newer is not None and any(place.moves for place in used),
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
        said = redactions.file_gone("evidence", found.id)
        raise NotVisible(said or "This file is no longer as it was stored. Tell your administrator.") from gone
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
    form = AttachForm(by=access.actor())
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
