"""Whom a meeting is told: those who come to it, and the owners of actions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from governance.approval.committees import queries
from governance.approval.committees.models import AgendaItem, Meeting, MeetingAction
from governance.database import db
from governance.identity.models import Organisation
from governance.notifications.operations import tell
from governance.permissions import Actor
from governance.web.wording import long_date, plural


def path(meeting: Meeting) -> str:
    """The page of a meeting, from the root."""
    return f"/{db.session.get_one(Organisation, meeting.organisation_id).code}/meetings/{meeting.id}"


def named(meeting: Meeting) -> str:
    """A meeting in words: its committee and its day."""
    return f"{queries.committee_of(meeting).name}, {long_date(meeting.held_on)}"


def agenda(meeting: Meeting, items: Sequence[AgendaItem], by: Actor, at: datetime) -> int:
    """The agenda as it stands, told anew where it changed; returns to how many it was new."""
    body = f"{plural(len(items), 'item')}: {'; '.join(each.title for each in items)}. At {meeting.starts_at}."
    key = f"agenda:{meeting.id}:{meeting.held_on.isoformat()}:{'-'.join(str(each.id) for each in items)}"
    return _say(meeting, queries.members(meeting, by), "announced", f"Agenda: {named(meeting)}", body, key, at)


def cancelled(meeting: Meeting, reason: str, by: Actor, at: datetime) -> None:
    """It is called off."""
    people = queries.members(meeting, by)
    _say(meeting, people, "cancelled", f"Cancelled: {named(meeting)}", reason.strip(), f"cancelled:{meeting.id}", at)


def commenting(meeting: Meeting, by: Actor, at: datetime) -> None:
    """Members comment out of the meeting until a day."""
    until = long_date(meeting.comment_until)
    body = f"The meeting was not quorate for every item. Comment by {until}. A comment is no sign-off."
    people = queries.members(meeting, by)
    _say(meeting, people, "comments_opened", f"Your comment: {named(meeting)}", body, f"commenting:{meeting.id}", at)


def closed(meeting: Meeting, by: Actor, at: datetime) -> None:
    """It is closed, and its minutes can be made."""
    people = queries.members(meeting, by)
    _say(meeting, people, "closed", f"Closed: {named(meeting)}", "What was decided is on its page.", f"closed:{meeting.id}", at)


def action(row: MeetingAction, meeting: Meeting, by: Actor, at: datetime) -> None:
    """Somebody was asked to do something."""
    people = {row.owner_id} - {None, by.person_id}
    subject, body = f"Action {row.number}: {named(meeting)}", f"{row.text} By {long_date(row.due_on)}."
    _say(meeting, [each for each in people if each], "action_given", subject, body, f"action:{row.id}", at)


def _say(
    meeting: Meeting, people: Collection[int], step: str, subject: str, body: str, key: str, at: datetime
) -> int:
    return tell(
        person_ids=people, organisation_id=meeting.organisation_id, kind=f"meeting.{step}", subject=subject, body=body,
        path=path(meeting), key=f"meeting:{key}", at=at,
    )  # fmt: skip
