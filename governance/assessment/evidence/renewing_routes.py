"""Attaching a newer item in the place of one that expires, and moving what could not change at the time."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.evidence import operations, places, presenters, queries, receiving
from governance.assessment.evidence.forms import AttachForm, filled
from governance.errors import Conflict, Refused
from governance.permissions import Permission
from governance.web import access

bp = Blueprint("renewing", __name__)
Page = str | Response | tuple[str, int]
ITEM = "/<org:organisation>/evidence/<int:evidence_id>"


@bp.route(f"{ITEM}/renew", methods=["GET", "POST"])
@access.requires(Permission.ATTACH)
def renew(organisation: str, evidence_id: int) -> Page:
    """Attach a newer one: what stands on the old one stands on it from now on."""
    by = access.actor()
    old = queries.evidence(evidence_id, by)
    if queries.renewal_of(old) is not None and not AttachForm(by=by).is_submitted():
        return redirect(url_for("evidence.item", organisation=organisation, evidence_id=evidence_id))
    form = AttachForm(by=by, data=filled(old))
    if form.validate_on_submit():
        try:
            upload = receiving.received(form)
            with access.acting() as by:
                made = receiving.attached(form, upload, by, renews=queries.evidence(evidence_id, by))
            return redirect(url_for("evidence.item", organisation=organisation, evidence_id=made.id))
        except Refused as refused:
            receiving.refuse(form, refused)
        except Conflict as conflict:
            form.add_error(conflict.sentences[0])
            return _page(form, evidence_id), 409
    return _page(form, evidence_id), 422 if form.is_submitted() else 200


@bp.route(f"{ITEM}/move", methods=["POST"])
@access.requires(Permission.ATTACH)
def move(organisation: str, evidence_id: int) -> Page:
    """Put the newer item in the places that waited when it was attached."""
    with access.acting() as by:
        newer = operations.move_on(evidence=queries.evidence(evidence_id, by), by=by, at=clock.now())
    return redirect(url_for("evidence.item", organisation=organisation, evidence_id=newer.id))


def _page(form: AttachForm, evidence_id: int) -> str:
    by = access.actor()
    old = queries.evidence(evidence_id, by)
    used = places.of([old.id])[old.id]
    moving = presenters.uses([place for place in used if place.moves], by)
    staying = presenters.uses([place for place in used if place.live and not place.moves], by, renewed=True)
    return render_template(
        "evidence/renew.jinja", form=form, item=old, line=presenters.line(old, by), moving=moving, staying=staying
    )
