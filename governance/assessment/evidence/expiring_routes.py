"""What expires, and where it is used, on one page and as a workbook; closing a supplier's task."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.evidence import expiring as presenters
from governance.assessment.evidence import expiring_queries, queries, tasks
from governance.assessment.evidence.expiring_queries import Narrowed
from governance.assessment.evidence.forms import CloseForm
from governance.errors import Refused
from governance.permissions import Permission
from governance.policy import policy
from governance.web import access

bp = Blueprint("expiring", __name__)
Page = str | Response | tuple[str, int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/<org:organisation>/evidence/expiring")
@access.requires(Permission.READ_SHEET)
def expiring(organisation: str) -> str:
    """What expires, by how soon, each with every place where it is used; `kind` and `supplier` narrow it."""
    by, narrowed = access.actor(), _narrowed()
    return render_template(
        "evidence/expiring.jinja", page=presenters.build(by, narrowed, request.args.get("after", "")[:40]), narrowed=narrowed,
        kinds=policy().evidence_validity, suppliers=queries.suppliers(by), may_act=by.may(Permission.ATTACH),
    )  # fmt: skip


@bp.route("/<org:organisation>/evidence/expiring.xlsx")
@access.requires(Permission.READ_SHEET)
def workbook(organisation: str) -> Response:
    """The same as a workbook: a row for each place where an item is used."""
    by = access.actor()
    data = presenters.workbook(by, _narrowed(), clock.now())
    name = f"Evidence that expires, {by.on.isoformat()}.xlsx"
    response = send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.route("/<org:organisation>/evidence/tasks/<int:task_id>", methods=["GET", "POST"])
@access.requires(Permission.ATTACH)
def close(organisation: str, task_id: int) -> Page:
    """Close a supplier's task without a newer return, with the reason."""
    task, form = expiring_queries.task(task_id, access.actor()), CloseForm()
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                tasks.close(task=expiring_queries.task(task_id, by), reason=form.reason.data or "", by=by, at=clock.now())
            return redirect(url_for("evidence.expiring.expiring", organisation=organisation))
        except Refused as refused:
            form.refuse(refused, {"reason": "reason"})
    return render_template(
        "evidence/close_task.jinja", form=form, task=presenters.task_line(task, access.actor()), is_open=task.closed_at is None
    ), 422 if form.is_submitted() else 200


def _narrowed() -> Narrowed:
    supplier = request.args.get("supplier", type=int)
    known = {row.kind for row in policy().evidence_validity}
    kind = request.args.get("kind", "")
    return Narrowed(kind if kind in known else "", supplier if supplier and 0 < supplier < 2**31 else None)
