"""What committees attached to their opinions on a submission, for the page on which somebody authorises it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import url_for

from governance.approval.committees.models import AgendaItem, Committee, Meeting
from governance.approval.queries import Position
from governance.approval.slots import Opinion
from governance.database import db
from governance.permissions import Actor, Permission
from governance.web.wording import long_date


def on(here: Position, by: Actor) -> list[Opinion]:
    """Opinions with caveats on a submission of the actor's scope, the newest meeting first."""
    query = (
        sa.select(AgendaItem, Meeting, Committee.name)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Committee, Committee.id == Meeting.committee_id)
        .where(
            AgendaItem.submission_id == here.submission.id,
            AgendaItem.organisation_id.in_(by.scope),
            AgendaItem.removed_at.is_(None),
            AgendaItem.decision == "supported_with_caveats",
        )
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    )
    return [
        Opinion(
            who=f"{name}, {long_date(meeting.held_on)}",
            caveats=tuple(item.caveats),
            link="Read the minutes" if meeting.minutes_sha256 else "Read what the meeting wrote",
            href=_href(meeting, item, by),
            earlier=item.pack_id != here.pack.id,
        )
        for item, meeting, name in db.session.execute(query)
    ]


def _href(meeting: Meeting, item: AgendaItem, by: Actor) -> str:
    if not by.may(Permission.READ_MEETING):
        return ""
    if meeting.minutes_sha256:
        return url_for("minutes.minutes", organisation=by.organisation_code, meeting_id=meeting.id)
    return url_for(
        "meetings.meeting", organisation=by.organisation_code, meeting_id=meeting.id, _anchor=f"item-{item.number}"
    )
