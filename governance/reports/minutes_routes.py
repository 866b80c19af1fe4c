"""The minutes of a meeting: asking for them, waiting on the same page, and the file as issued."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from governance import clock
from governance.approval.committees import queries
from governance.approval.committees.models import Meeting
from governance.audit.redactions import queries as redactions
from governance.errors import NotVisible, Refused
from governance.extensions import house
from governance.permissions import Permission
from governance.reports import minutes as reading
from governance.reports import minutes_issuing
from governance.web import access
from governance.web.wording import file_size, plural

bp = Blueprint("minutes", __name__)
MINUTES = "/<org:organisation>/meetings/<int:meeting_id>/minutes"
WAIT = "2"  # seconds until a page that waits asks again; a header, so that it needs no script


@bp.record_once
def _begin(state: BlueprintSetupState) -> None:
    minutes_issuing.init()


@bp.route(MINUTES)
@access.requires(Permission.READ_MEETING)
def minutes(organisation: str, meeting_id: int) -> Response:
    """The minutes, how far they are, or that they are not made yet with the button that makes them."""
    return _page(queries.meeting(meeting_id, access.actor()))


@bp.route(MINUTES, methods=["POST"])
@access.requires(Permission.MANAGE_MEETING)
def ask(organisation: str, meeting_id: int) -> Response:
    """Ask for the minutes of a closed meeting."""
    try:
        with access.acting() as by:
            row = queries.meeting(meeting_id, by)
            if row.organisation_id != by.organisation_id:
                raise NotVisible()
            reading.ask_for_minutes(meeting=row, by=by, at=clock.now())
    except Refused as refused:
        return _page(queries.meeting(meeting_id, access.actor()), refused.sentences)
    return redirect(url_for("minutes.minutes", organisation=organisation, meeting_id=meeting_id), 303)


@bp.route(f"{MINUTES}/file")
@access.requires(Permission.READ_MEETING)
def file(organisation: str, meeting_id: int) -> Response:
    """The file as issued."""
    meeting = queries.meeting(meeting_id, access.actor())
    data = _stored(meeting)
    if data is None or meeting.minutes_sha256 is None:
        gone = redactions.file_gone("meeting", meeting.id)
        raise NotVisible(gone or "These minutes are not made yet, or their file is no longer as it was issued.")
    named = re.sub(r"[^a-z0-9]+", "-", queries.committee_of(meeting).name.lower()).strip("-") or "committee"
    answer = send_file(
        BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=f"{named}-{meeting.number}-minutes.pdf"
    )
    answer.set_etag(meeting.minutes_sha256)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def _page(meeting: Meeting, blockers: tuple[str, ...] = ()) -> Response:
    by, job, data = access.actor(), reading.job(meeting), _stored(meeting)
    is_made = meeting.minutes_sha256 is not None
    is_waiting = not is_made and job is not None and job.status in ("queued", "running")
    answer = make_response(
        render_template(
            "reports/minutes_page.jinja",
            meeting=meeting,
            committee=queries.committee_of(meeting),
            is_made=is_made,
            is_waiting=is_waiting,
            job=job,
            size=f"PDF, {plural(meeting.minutes_pages or 0, 'page')}, {file_size(len(data))}" if data is not None else "",
            gone="" if data is not None or not is_made else redactions.file_gone("meeting", meeting.id),
            digest=reading.code(meeting) if is_made else "",
            may_make=meeting.organisation_id == by.organisation_id and by.may(Permission.MANAGE_MEETING),
            blockers=blockers,
        ),
        422 if blockers else 200,
    )
    if is_waiting:
        answer.headers["Refresh"] = WAIT
    return answer


def _stored(meeting: Meeting) -> bytes | None:
    """The file; None where it is not made, or not as it was issued."""
    if meeting.minutes_sha256 is None:
        return None
    try:
        return house().storage.content(meeting.minutes_sha256)
    except (FileNotFoundError, ValueError):
        return None
