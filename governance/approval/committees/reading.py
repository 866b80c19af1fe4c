"""What pages read in one go: the next meeting of every committee, its open actions, everybody who may be recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from governance.approval.committees.models import (
    AgendaItem,
    Committee,
    Enclosure,
    Meeting,
    MeetingAction,
    MeetingComment,
)
from governance.approval.committees.queries import agenda
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import PackSection
from governance.database import db
from governance.identity import queries as identity
from governance.identity.models import Appointment, Person
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Role

AWAITS = (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)


def next_meetings(groups: Sequence[Committee]) -> dict[int, Meeting]:
    """For each committee the meeting that is planned first; else the newest that is not cancelled."""
    query = sa.select(Meeting).where(Meeting.committee_id.in_([each.id for each in groups]), Meeting.status != "cancelled")
    found: dict[int, Meeting] = {}
    for row in db.session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id.desc())):
        if row.committee_id not in found or row.status == "planned":
            found[row.committee_id] = row
    return found


def open_actions_of(group: Committee, limit: int = 50) -> Sequence[tuple[MeetingAction, Meeting]]:
    """Actions of one committee that are not done, the most urgent first, with the meeting that asked for each."""
    query = sa.select(MeetingAction, Meeting).join(Meeting, Meeting.id == MeetingAction.meeting_id)
    query = query.where(Meeting.committee_id == group.id, MeetingAction.done_on.is_(None))
    rows = db.session.execute(query.order_by(MeetingAction.due_on, MeetingAction.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


def items_on(meetings: Sequence[Meeting]) -> Mapping[int, int]:
    """How many items the agenda of each meeting has."""
    query = sa.select(AgendaItem.meeting_id, sa.func.count()).where(
        AgendaItem.meeting_id.in_([each.id for each in meetings]), AgendaItem.removed_at.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(AgendaItem.meeting_id))}


def papers(items: Sequence[AgendaItem]) -> dict[int, list[tuple[Enclosure, str]]]:
    """The enclosures of each item in the order of their letters, each with the code of its section of the pack."""
    query = sa.select(Enclosure, PackSection.code).outerjoin(PackSection, PackSection.id == Enclosure.pack_section_id)
    query = query.where(Enclosure.agenda_item_id.in_([each.id for each in items]))
    found: dict[int, list[tuple[Enclosure, str]]] = {each.id: [] for each in items}
    for row, code in db.session.execute(query.order_by(Enclosure.letter)):
        found[row.agenda_item_id].append((row, code or ""))
    return found


def comments_on(items: Sequence[AgendaItem]) -> dict[int, list[tuple[MeetingComment, str]]]:
    """What members said of each item out of the meeting, the first first, with their names."""
    query = sa.select(MeetingComment, Person.name).join(Person, Person.id == MeetingComment.person_id)
    query = query.where(MeetingComment.agenda_item_id.in_([each.id for each in items]))
    found: dict[int, list[tuple[MeetingComment, str]]] = {each.id: [] for each in items}
    for row, name in db.session.execute(query.order_by(MeetingComment.id)):
        found[row.agenda_item_id].append((row, name))
    return found


def names(person_ids: Collection[int | None]) -> dict[int | None, str]:
    """Names of people by id."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_([each for each in person_ids if each]))
    return {row[0]: row[1] for row in db.session.execute(query)}


def submissions_of(items: Sequence[AgendaItem]) -> dict[int, Submission]:
    """The submissions on an agenda, by id."""
    query = sa.select(Submission).where(Submission.id.in_([each.submission_id for each in items if each.submission_id]))
    return {row.id: row for row in db.session.scalars(query)}


def offered(meeting: Meeting, by: Actor) -> list[Submission]:
    """Own submissions that wait for a decision and are not on this agenda, the oldest first."""
    there = {each.submission_id for each in agenda(meeting)}
    return [
        each
        for each in intake.open_submissions(by)
        if each.status in AWAITS and each.organisation_id == by.organisation_id and each.id not in there
    ]


def sections_left(item: AgendaItem, by: Actor) -> list[PackSection]:
    """Sections of the item's pack that are not enclosed yet; none for a matter in words."""
    if item.pack_id is None:
        return []
    there = {row.pack_section_id for row, _ in papers([item])[item.id]}
    return [each for each in packs.pack_by_id(item.pack_id, by).sections if each.id not in there]


def holders(by: Actor, on: date) -> list[tuple[Person, Role]]:
    """Everybody of the actor's organisation with each role held on a day, also for one deployment only, by name."""
    found = {(person.id, row.role): (person, row.role) for row, person in identity.memberships_of(by, on)}
    query = sa.select(Appointment.role, Person).join(Person, Person.id == Appointment.person_id)
    query = query.where(
        Appointment.organisation_id == by.organisation_id, Appointment.starts_on <= on, Appointment.ends_on >= on,
        sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on > on),
    )  # fmt: skip
    found |= {(person.id, role): (person, role) for role, person in db.session.execute(query)}
    return sorted(found.values(), key=lambda each: (each[0].name, each[1].title))
