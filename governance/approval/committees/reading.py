"""What pages read in one go: the next meeting of every committee, its open actions, everybody who may be recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

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
from governance.assessment.evidence.models import Evidence
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import PackSection
from governance.database import db
from governance.identity import queries as identity
from governance.identity.models import Agreement, Appointment, Membership, Organisation, Person
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


def files_left(item: AgendaItem, by: Actor) -> list[Evidence]:
    """Files of evidence that the item's pack names and that are not enclosed yet, by title; none for a matter in words."""
    if item.pack_id is None:
        return []
    pack = packs.pack_by_id(item.pack_id, by)
    there = {row.digest for row, _ in papers([item])[item.id]}
    named = {digest for section in pack.sections for digest in _digests(section.content)} - there
    query = sa.select(Evidence).where(Evidence.organisation_id == item.organisation_id, Evidence.sha256.in_(named))
    newest = {each.sha256: each for each in db.session.scalars(query.order_by(Evidence.id))}
    return sorted(newest.values(), key=lambda each: (each.title.lower(), each.id))


def _digests(content: Any) -> Iterator[str]:
    """The SHA-256 of every file that a part of a pack names, however deep it stands."""
    if isinstance(content, list):
        for each in content:
            yield from _digests(each)
    elif isinstance(content, dict):
        if "filename" in content and content.get("sha256"):
            yield content["sha256"]
        for each in content.values():
            yield from _digests(each)


def holders(by: Actor, on: date) -> list[tuple[Person, Role, str]]:
    """Everybody with each role they hold in the actor's organisation on a day, by name: also for one deployment only, and
    under an agreement, then with the name of the organisation that they come from."""
    assert by.organisation_id is not None
    found = {(person.id, role): (person, role, from_) for person, role, from_ in _lent(by.organisation_id, on)}
    found |= {(person.id, row.role): (person, row.role, "") for row, person in identity.memberships_of(by, on)}
    query = sa.select(Appointment.role, Person).join(Person, Person.id == Appointment.person_id)
    query = query.where(Appointment.organisation_id == by.organisation_id, _runs(Appointment, on))
    found |= {(person.id, role): (person, role, "") for role, person in db.session.execute(query)}
    return sorted(found.values(), key=lambda each: (each[0].name, each[1].title))


def _lent(organisation_id: int, on: date) -> Iterator[tuple[Person, Role, str]]:
    """Who acts in an organisation under an agreement in force on a day, in each role that it names, and where they are from."""
    member = sa.and_(
        Membership.organisation_id == Agreement.acting_id, Membership.started_on <= on,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on > on),
    )  # fmt: skip
    appointed = sa.and_(
        Appointment.organisation_id == Agreement.acting_id, Appointment.deployment_id.is_(None), _runs(Appointment, on)
    )
    for held, runs in ((Membership, member), (Appointment, appointed)):
        query = sa.select(Person, held.role, Organisation.name, Agreement.roles).select_from(Agreement)
        query = query.join(held, runs).join(Person, Person.id == held.person_id)
        query = query.join(Organisation, Organisation.id == Agreement.acting_id)
        for person, role, name, roles in db.session.execute(
            query.where(Agreement.organisation_id == organisation_id, _runs(Agreement, on))
        ):
            if role in roles:
                yield person, role, name


def _runs(held: type[Appointment] | type[Agreement], on: date) -> sa.ColumnElement[bool]:
    return sa.and_(held.starts_on <= on, held.ends_on >= on, sa.or_(held.ended_on.is_(None), held.ended_on > on))
