"""Finding committees, meetings and what belongs to them, always within the actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from governance.approval.committees import rules
from governance.approval.committees.models import (
    AgendaItem,
    Attendance,
    Committee,
    ConflictOfInterest,
    Enclosure,
    Meeting,
    MeetingAction,
    MeetingChange,
    MeetingComment,
)
from governance.approval.committees.rules import Present, Quorum, Seat
from governance.database import db
from governance.errors import NotVisible
from governance.identity import queries as identity
from governance.permissions import Actor, Role


def committees(by: Actor) -> Sequence[Committee]:
    """Committees of the actor's scope, by name."""
    query = sa.select(Committee).where(Committee.organisation_id.in_(by.scope)).order_by(Committee.name, Committee.id)
    return db.session.scalars(query).all()


def committee(committee_id: int, by: Actor) -> Committee:
    """One committee. Raises NotVisible for a foreign one."""
    row = db.session.get(Committee, committee_id)
    if row is None or row.organisation_id not in by.scope:
        raise NotVisible()
    return row


def meetings(of: Committee, *, before: int | None = None, limit: int = 20) -> Sequence[Meeting]:
    """Meetings of a committee, the newest number first; `before` is the last number shown already."""
    query = sa.select(Meeting).where(Meeting.committee_id == of.id)
    if before is not None:
        query = query.where(Meeting.number < before)
    return db.session.scalars(query.order_by(Meeting.number.desc()).limit(limit)).all()


def meeting(meeting_id: int, by: Actor) -> Meeting:
    """One meeting. Raises NotVisible for a foreign one."""
    row = db.session.get(Meeting, meeting_id)
    if row is None or row.organisation_id not in by.scope:
        raise NotVisible()
    return row


def item(item_id: int, by: Actor) -> AgendaItem:
    """One item that is on an agenda. Raises NotVisible for a foreign one, and for one taken off."""
    row = db.session.get(AgendaItem, item_id)
    if row is None or row.organisation_id not in by.scope or row.removed_at is not None:
        raise NotVisible()
    return row


def action(action_id: int, by: Actor) -> MeetingAction:
    """One action. Raises NotVisible for a foreign one."""
    row = db.session.get(MeetingAction, action_id)
    if row is None or row.organisation_id not in by.scope:
        raise NotVisible()
    return row


def committee_of(of: Meeting) -> Committee:
    """The committee of a meeting."""
    return db.session.get_one(Committee, of.committee_id)


def meeting_of(of: AgendaItem) -> Meeting:
    """The meeting of an item."""
    return db.session.get_one(Meeting, of.meeting_id)


def agenda(of: Meeting) -> Sequence[AgendaItem]:
    """Items on the agenda in their order."""
    query = sa.select(AgendaItem).where(AgendaItem.meeting_id == of.id, AgendaItem.removed_at.is_(None))
    return db.session.scalars(query.order_by(AgendaItem.number)).all()


def enclosures(of: AgendaItem) -> Sequence[Enclosure]:
    """Papers of an item in the order of their letters."""
    query = sa.select(Enclosure).where(Enclosure.agenda_item_id == of.id)
    return db.session.scalars(query.order_by(Enclosure.letter)).all()


def history(of: Meeting) -> Sequence[MeetingChange]:
    """Steps of a meeting, the first first."""
    return db.session.scalars(
        sa.select(MeetingChange).where(MeetingChange.meeting_id == of.id).order_by(MeetingChange.id)
    ).all()


def attendance(of: Meeting) -> tuple[Attendance, ...]:
    """Who was there: for each name and role the newest row, in the order in which they were first recorded."""
    newest: dict[tuple[str, str], Attendance] = {}
    query = sa.select(Attendance).where(Attendance.meeting_id == of.id).order_by(Attendance.id)
    for row in db.session.scalars(query):
        newest[(present(row).key, row.role_words)] = row
    return tuple(newest.values())


def present(row: Attendance) -> Present:
    """One row as the rules take it."""
    return Present(row.name, row.role, row.presence, row.person_id)


def conflicts(of: Meeting) -> Sequence[ConflictOfInterest]:
    """Interests declared, in the order in which they were."""
    query = sa.select(ConflictOfInterest).where(ConflictOfInterest.meeting_id == of.id)
    return db.session.scalars(query.order_by(ConflictOfInterest.id)).all()


def quorum(of: Meeting, about: AgendaItem | None = None) -> Quorum:
    """The count of a meeting; of one item, without those who left for it."""
    group = committee_of(of)
    left = set()
    for row in conflicts(of) if about is not None else ():
        if row.handled == "left" and row.agenda_item_id in (None, about.id if about else None):
            left.add(Present(row.name, None, "", row.person_id).key)
    return rules.count(
        [present(row) for row in attendance(of)], seats=seats(group), people=group.quorum_people, left=left
    )


def seats(of: Committee) -> tuple[Seat, ...]:
    """The roles of a committee's quorum."""
    return tuple(Seat(Role(each["role"]), int(each["at_least"])) for each in of.quorum)


def comments(of: AgendaItem) -> Sequence[MeetingComment]:
    """What members said out of the meeting, the first first."""
    query = sa.select(MeetingComment).where(MeetingComment.agenda_item_id == of.id)
    return db.session.scalars(query.order_by(MeetingComment.id)).all()


def actions(of: Meeting) -> Sequence[MeetingAction]:
    """Actions of a meeting by number."""
    query = sa.select(MeetingAction).where(MeetingAction.meeting_id == of.id)
    return db.session.scalars(query.order_by(MeetingAction.number)).all()


def open_actions(by: Actor, limit: int = 100) -> Sequence[MeetingAction]:
    """Actions over all meetings that are not done, the most urgent first."""
    query = sa.select(MeetingAction).where(MeetingAction.organisation_id.in_(by.scope), MeetingAction.done_on.is_(None))
    return db.session.scalars(query.order_by(MeetingAction.due_on, MeetingAction.id).limit(limit)).all()


def due_between(first: date, last: date) -> Sequence[tuple[MeetingAction, Meeting]]:
    """Actions not done whose day lies between two days, of every organisation: for reminders."""
    query = sa.select(MeetingAction, Meeting).join(Meeting, Meeting.id == MeetingAction.meeting_id)
    query = query.where(MeetingAction.done_on.is_(None), MeetingAction.due_on.between(first, last))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(MeetingAction.id))]


def members(of: Meeting, by: Actor) -> set[int]:
    """Whoever hears of a meeting: who came to it or to the one before, and the holders of roles that the quorum names."""
    before = db.session.scalar(
        sa.select(Meeting)
        .where(Meeting.committee_id == of.committee_id, Meeting.number < of.number, Meeting.status != "cancelled")
        .order_by(Meeting.number.desc())
        .limit(1)
    )
    found = {row.person_id for each in (of, before) if each is not None for row in attendance(each) if row.person_id}
    for seat in seats(committee_of(of)):
        found |= {person.id for person in identity.holders(of.organisation_id, seat.role, by.on)}
    return {each for each in found if each != by.person_id}
