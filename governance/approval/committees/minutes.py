"""Issuing the minutes of a closed meeting: once, when their file is stored."""

from __future__ import annotations

from datetime import datetime

from governance.approval.committees import operations
from governance.approval.committees.models import Meeting
from governance.errors import Refused
from governance.permissions import Actor


def issue_minutes(*, meeting: Meeting, sha256: str, content: str, pages: int, made_at: datetime, by: Actor, at: datetime) -> None:
    """Write that the minutes are made. Issued already, nothing is written: they are made once.

    `sha256` is the file's; `content` the digest of what is printed, whose start stands on each page. Raises Refused where
    the meeting is not closed.
    """
    if meeting.status != "closed":
        raise Refused.because("Minutes are made once the meeting is closed.", code="status")
    if meeting.minutes_sha256 is not None:
        return
    meeting.minutes_sha256, meeting.minutes_pages, meeting.minutes_issued_at = sha256, pages, made_at
    operations.note(
        "meeting.minutes_issued", meeting, by, at, meeting=meeting.id, number=meeting.number, pages=pages, sha256=sha256,
        content=content,
    )  # fmt: skip
