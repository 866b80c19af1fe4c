"""The edition for partners as a PDF: anybody on the register may ask for it once a pack is decided, and download it."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, make_response, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.audit.redactions import queries as redactions
from governance.errors import NotVisible
from governance.extensions import house
from governance.permissions import Permission
from governance.reports import operations, queries
from governance.sharing import queries as sharing
from governance.web import access
from governance.web.wording import file_size, plural

bp = Blueprint("partner_reports", __name__)

WAIT = "2"  # seconds until a page that waits asks again


@bp.route("/london/packs/<int:pack_id>/report")
@access.requires_somewhere(Permission.READ_LONDON)
def pack(pack_id: int) -> Response:
    """The PDF of one pack: not asked for yet, on its way, or ready."""
    found = sharing.decided(pack_id)
    report, job = queries.standing(pack_id, queries.PARTNER), queries.partner_job(pack_id)
    replaced = None if report else queries.replaced(pack_id, queries.PARTNER)
    answer = make_response(
        render_template(
            "reports/partner.jinja",
            found=found,
            seen=sharing.of_deployment(found.submission.deployment_id or 0),
            report=report,
            size=f"PDF, {plural(report.pages, 'page')}, {file_size(report.size)}" if report else "",
            job=job,
            gone=redactions.file_gone("report", replaced.report_id, to_partner=True) if replaced else "",
        )
    )
    if report is None and job is not None and job.status in ("queued", "running"):
        answer.headers["Refresh"] = WAIT
    return answer


@bp.route("/london/packs/<int:pack_id>/report", methods=["POST"])
@access.requires_somewhere(Permission.READ_LONDON)
def ask(pack_id: int) -> Response:
    """Ask for it. It is made once, for everybody."""
    with access.acting() as by:
        operations.ask_for_partner_edition(pack=sharing.decided(pack_id).pack, by=by, at=clock.now())
    return redirect(url_for("partner_reports.pack", pack_id=pack_id), 303)


@bp.route("/london/packs/<int:pack_id>/report/file")
@access.requires_somewhere(Permission.READ_LONDON)
def file(pack_id: int) -> Response:
    """The file as issued."""
    found, report = sharing.decided(pack_id), queries.issued(pack_id, queries.PARTNER)
    if report is None:
        raise NotVisible()
    try:
        data = house().storage.content(report.sha256)
    except (FileNotFoundError, ValueError) as gone:
        said = redactions.file_gone("report", report.id, to_partner=True)
        raise NotVisible(said or "This file is no longer as it was issued. Tell your administrator.") from gone
    name = f"{found.submission.reference}-{queries.PARTNER}.pdf"
    answer = send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name)
    answer.set_etag(report.sha256)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
