"""Reports: asking, waiting, reading and serving; the audit trail of a deployment; and the public check of a code."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.packs import queries as packs
from governance.audit.redactions import queries as redactions
from governance.errors import NotVisible, Refused
from governance.extensions import house
from governance.intake import queries as intake
from governance.permissions import Permission
from governance.register import presenters as register_words
from governance.register import queries as register
from governance.reports import checking, issuing, operations, queries, render, trail
from governance.reports.presenters import pages
from governance.reports.presenters import trail as trail_lines
from governance.web import access

bp = Blueprint("reports", __name__)

WAIT = "2"  # seconds until a page that waits asks again; a header, so that it needs no script


@bp.record_once
def _begin(state: BlueprintSetupState) -> None:
    render.check_parts()
    issuing.init()


@bp.route("/<org:organisation>/reports")
@access.requires(Permission.READ_DECIDED)
def reports(organisation: str) -> str:
    """Issued reports, newest first, twenty at a time. Three queries."""
    by = access.actor()
    found = queries.reports(by, before=_before())
    shown = found[: queries.PAGE]
    return render_template(
        "reports/list.jinja",
        lines=[pages.line(each, by) for each in shown],
        more=shown[-1].report.id if len(found) > queries.PAGE else None,
        before=_before(),
    )


@bp.route("/<org:organisation>/submissions/<reference>/report", methods=["GET", "POST"])
@access.requires(Permission.ISSUE_REPORT, Permission.READ_PACK)
def ask(organisation: str, reference: str) -> Response | tuple[str, int]:
    """The reports of one submission, and the button that makes one."""
    blockers: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            with access.acting() as by:
                found = intake.submission(reference, by)
                job = operations.ask_for_report(submission=found, by=by, at=clock.now())
                job_id = job.id
            return redirect(url_for("reports.making", organisation=organisation, job_id=job_id), 303)
        except Refused as refused:
            blockers = refused.sentences
    by, submission = access.actor(), intake.submission(reference, access.actor())
    pack = packs.pack(submission)
    edition = queries.edition_of(submission, pack) if pack else ""
    page = render_template(
        "reports/ask.jinja",
        submission=submission,
        title=register_words.title(submission.deployment) if submission.deployment else reference,
        pack=pack,
        edition=edition,
        made=pages.of_submission(queries.of_submission(submission.id, by), reference, by),
        is_made=pack is not None and queries.standing(pack.id, edition) is not None,
        replaced=queries.replaced(pack.id, edition) if pack else None,
        may_make=by.may(Permission.ISSUE_REPORT, deployment_id=submission.deployment_id),
        blockers=blockers,
    )
    return page, 422 if blockers else 200


@bp.route("/<org:organisation>/reports/making/<int:job_id>")
@access.requires(Permission.ISSUE_REPORT)
def making(organisation: str, job_id: int) -> Response:
    """How far a report is. The page asks again by itself until it is made."""
    job = queries.job(job_id, access.actor())
    if job.status == "done":
        return redirect(url_for("reports.report", organisation=organisation, report_id=job.result["report"]))
    submission = packs.submission_of(packs.pack_by_id(job.payload["pack"], access.actor()))
    answer = make_response(render_template("reports/making.jinja", job=job, submission=submission))
    if job.status in ("queued", "running"):
        answer.headers["Refresh"] = WAIT
    return answer


@bp.route("/<org:organisation>/reports/<int:report_id>")
@access.requires(Permission.READ_DECIDED)
def report(organisation: str, report_id: int) -> str:
    """One issued report: what it is, its check code, and its file."""
    by = access.actor()
    found = queries.report(report_id, by)
    pack = packs.pack_by_id(found.pack_id, by)
    submission = packs.submission_of(pack)
    return render_template(
        "reports/report.jinja",
        report=found,
        gone=redactions.file_gone("report", found.id),
        may_make=by.may(Permission.ISSUE_REPORT, deployment_id=submission.deployment_id),
        line=pages.of_submission([found], submission.reference or "", by)[0],
        pack=pack,
        submission=submission,
        decision=queries.decision_of(found),
    )


@bp.route("/<org:organisation>/reports/<int:report_id>/file")
@access.requires(Permission.READ_DECIDED)
def file(organisation: str, report_id: int) -> Response:
    """The file as issued."""
    found = queries.report(report_id, access.actor())
    try:
        data = house().storage.content(found.sha256)
    except (FileNotFoundError, ValueError) as gone:
        said = redactions.file_gone("report", found.id)
        raise NotVisible(said or "This file is no longer as it was issued. Tell your administrator.") from gone
    reference = packs.submission_of(packs.pack_by_id(found.pack_id, access.actor())).reference
    answer = send_file(
        BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=f"{reference}-{found.edition}.pdf"
    )
    answer.set_etag(found.sha256)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@bp.route("/<org:organisation>/tools/<reference>/audit", endpoint="trail")
@access.requires(Permission.READ_AUDIT, Permission.READ_DECIDED)
def audit_trail(organisation: str, reference: str) -> str:
    """The deployment's stream in sentences, newest first, fifty at a time."""
    by = access.actor()
    deployment = register.deployment(reference, by)
    if not by.may(Permission.READ_AUDIT) and not queries.is_decided(deployment):
        raise NotVisible()
    found = trail.page(deployment, before=_before())
    shown = found[: trail.PAGE]
    position, head = trail.head(deployment)
    return render_template(
        "reports/trail.jinja",
        deployment=deployment,
        title=register_words.title(deployment),
        lines=[trail_lines.line(each) for each in shown],
        position=position,
        head=head,
        more=shown[-1].position if len(found) > trail.PAGE else None,
        before=_before(),
        may_open=by.may(Permission.READ_REGISTER),
    )


@bp.route("/check")
@access.public
def check() -> Response | tuple[str, int]:
    """Type a check code."""
    typed = request.args.get("code")
    if typed is None:
        return render_template("reports/check.jinja", typed="", error="", found=[], code=""), 200
    code = checking.read_code(typed)
    if code is not None:
        return redirect(url_for("reports.checked", code=code))
    error = "Enter the check code: eight characters, 0 to 9 and a to f."
    return render_template("reports/check.jinja", typed=typed[:80], error=error, found=[], code=""), 422


@bp.route("/check/<code>")
@access.public
def checked(code: str) -> Response | tuple[str, int]:
    """What a check code belongs to; a calm 404 where it belongs to nothing."""
    read = checking.read_code(code)
    if read is not None and read != code:
        return redirect(url_for("reports.checked", code=read))
    found = [pages.checked(each) for each in queries.by_code(read)] if read else []
    page = render_template("reports/check.jinja", typed=code[:80], error="", found=found, code=code[:64])
    return page, 200 if found else 404


def _before() -> int | None:
    """The last row shown before, from the address; anything odd counts as nothing."""
    found = request.args.get("before", type=int)
    return found if found is not None and 0 < found < 2**31 else None
