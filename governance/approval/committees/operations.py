"""Committees, planning a meeting and its agenda. The one writer of a meeting's status lies here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from governance.approval.committees import notices, queries, rules
from governance.approval.committees.models import AgendaItem, Committee, Enclosure, Meeting, MeetingChange
from governance.approval.committees.rules import Seat
from governance.assessment.evidence.models import Evidence
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import PackSection
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.intake.models import Submission
from governance.permissions import Actor, Permission


def found_committee(
    *, name: str, seats: Sequence[Seat], quorum_people: int, comment_working_days: int, by: Actor, at: datetime,
    terms: str = "",
) -> Committee:  # fmt: skip
    """Keep a committee. Raises Refused with every reason, Forbidden."""
    by.must(Permission.MANAGE_MEETING)
    assert by.organisation_id is not None
    refuse_if(rules.committee_blockers(name=name, seats=seats, people=quorum_people, comment_days=comment_working_days))
    one_at_a_time(f"committees:{by.organisation_id}")
    same = sa.select(Committee.id).where(Committee.organisation_id == by.organisation_id, Committee.name == name.strip())
    if db.session.scalar(same):
        raise Refused.because("There is a committee of this name already.", code="name")
    row = Committee(
        organisation_id=by.organisation_id, name=name.strip(), terms=terms.strip(), quorum_people=quorum_people,
        quorum=[{"role": each.role.value, "at_least": each.at_least} for each in seats],
        comment_working_days=comment_working_days, ended_on=None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    note("committee.founded", row, by, at, committee=row.id, name=row.name, quorum=row.quorum, people=quorum_people)
    return row


def change_committee(
    *, committee: Committee, terms: str, seats: Sequence[Seat], quorum_people: int, comment_working_days: int,
    version_id: int | str, by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Change what makes it quorate. Meetings that were held keep what was counted. Raises Refused, Conflict, Forbidden."""
    manage(committee, by, version_id)
    refuse_if(
        rules.committee_blockers(name=committee.name, seats=seats, people=quorum_people, comment_days=comment_working_days)
    )
    committee.terms, committee.quorum_people = terms.strip(), quorum_people
    committee.quorum = [{"role": each.role.value, "at_least": each.at_least} for each in seats]
    committee.comment_working_days = comment_working_days
    db.session.flush()
    note("committee.changed", committee, by, at, committee=committee.id, quorum=committee.quorum, people=quorum_people)


def end_committee(*, committee: Committee, on: date, version_id: int | str, by: Actor, at: datetime) -> None:
    """End a committee with a last day; its meetings stay. Raises Refused, Conflict, Forbidden."""
    manage(committee, by, version_id)
    if committee.ended_on is not None:
        raise Refused.because("This committee has ended already.", code="ended")
    committee.ended_on = on
    db.session.flush()
    note("committee.ended", committee, by, at, committee=committee.id, on=on)


def plan(
    *, committee: Committee, held_on: date, starts_at: str, by: Actor, at: datetime, place: str = ""
) -> Meeting:
    """Plan the next meeting of a committee. Raises Refused where the committee has ended, Forbidden, NotVisible."""
    manage(committee, by)
    if committee.ended_on is not None and committee.ended_on < held_on:
        raise Refused.because("This committee has ended by that day.", code="held_on")
    one_at_a_time(f"meetings:{committee.id}")
    last = db.session.scalar(sa.select(sa.func.max(Meeting.number)).where(Meeting.committee_id == committee.id))
    row = Meeting(
        organisation_id=committee.organisation_id, committee_id=committee.id, number=(last or 0) + 1, held_on=held_on,
        starts_at=starts_at, place=place.strip(), status="planned", quorate=None, comment_until=None, closed_at=None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _changed(row, None, "", by, at)
    note("meeting.planned", row, by, at, meeting=row.id, number=row.number, held_on=held_on)
    return row


def cancel(*, meeting: Meeting, reason: str, version_id: int | str, by: Actor, at: datetime) -> None:
    """Call a planned meeting off, with the reason. Raises Refused, Conflict, Forbidden, NotVisible."""
    manage(meeting, by, version_id)
    if not reason.strip():
        raise Refused.because("Say why the meeting is cancelled.", code="reason")
    move(meeting, "cancel", by, at, reason=reason)
    notices.cancelled(meeting, reason, by, at)


def invite(*, meeting: Meeting, by: Actor, at: datetime) -> int:
    """Tell those who come to it the agenda as it stands; returns to how many it was new. Raises Refused, Forbidden."""
    manage(meeting, by)
    _planned(meeting)
    there = queries.agenda(meeting)
    if not there:
        raise Refused.because("There is nothing on the agenda yet.", code="agenda")
    note("meeting.announced", meeting, by, at, meeting=meeting.id, items=len(there))
    return notices.agenda(meeting, there, by, at)


def put_submission(
    *, meeting: Meeting, submission: Submission, purpose: str, by: Actor, at: datetime, presented_by: str = "",
    description: str = "",
) -> AgendaItem:  # fmt: skip
    """Put a submission of the own organisation on the agenda with the pack it has now. Raises Refused, Forbidden, NotVisible."""
    manage(meeting, by)
    if submission.organisation_id != by.organisation_id:
        raise NotVisible()
    pack = packs.pack(submission)
    if pack is None:
        raise Refused.because("It has no pack yet. It can be put on once it was submitted.", code="submission")
    if any(each.submission_id == submission.id for each in queries.agenda(meeting)):
        raise Refused.because("This submission is on the agenda already.", code="submission")
    assert submission.deployment is not None  # whatever has a pack was proposed
    title = f"{submission.deployment.tool.name}, {submission.reference}"
    return _put(
        meeting, title, purpose, by, at, presented_by=presented_by, description=description,
        submission_id=submission.id, pack_id=pack.id,
    )  # fmt: skip


def put_matter(
    *, meeting: Meeting, title: str, purpose: str, by: Actor, at: datetime, presented_by: str = "", description: str = ""
) -> AgendaItem:
    """Put a matter in words on the agenda. Raises Refused, Forbidden, NotVisible."""
    manage(meeting, by)
    if not title.strip():
        raise Refused.because("Enter what the item is about.", code="title")
    return _put(meeting, title.strip(), purpose, by, at, presented_by=presented_by, description=description)


def _put(meeting: Meeting, title: str, purpose: str, by: Actor, at: datetime, **values: Any) -> AgendaItem:
    _planned(meeting)
    if purpose not in rules.PURPOSES:
        raise Refused.because("Choose whether it is for decision, for assurance or for noting.", code="purpose")
    one_at_a_time(f"agenda:{meeting.id}")
    row = AgendaItem(
        organisation_id=meeting.organisation_id, meeting_id=meeting.id, number=len(queries.agenda(meeting)) + 1,
        title=title[:200], purpose=purpose, **values,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    note("meeting.item_put", row, by, at, meeting=meeting.id, number=row.number, title=row.title)
    return row


def take_off(*, item: AgendaItem, version_id: int | str, by: Actor, at: datetime) -> None:
    """Take an item off the agenda of a planned meeting; the others close ranks. Raises Refused, Conflict, Forbidden."""
    manage(item, by, version_id)
    meeting = queries.meeting_of(item)
    _planned(meeting)
    item.removed_at = at
    item.number = -item.id  # its number is free for the others
    db.session.flush()
    _number(queries.agenda(meeting))
    note("meeting.item_removed", item, by, at, meeting=meeting.id, title=item.title)


def shift(*, item: AgendaItem, up: bool, version_id: int | str, by: Actor, at: datetime) -> None:
    """Move an item one place up or down the agenda of a planned meeting. At its end it stays. Raises Refused, Conflict."""
    manage(item, by, version_id)
    meeting = queries.meeting_of(item)
    order = [each.id for each in queries.agenda(meeting)]
    here = order.index(item.id)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    reorder(meeting=meeting, item_ids=order, by=by, at=at)


def reorder(*, meeting: Meeting, item_ids: Sequence[int], by: Actor, at: datetime) -> None:
    """Put the agenda in another order: every item once. Raises Refused, Forbidden, NotVisible."""
    manage(meeting, by)
    _planned(meeting)
    there = {each.id: each for each in queries.agenda(meeting)}
    if sorted(item_ids) != sorted(there):
        raise Refused.because("The agenda changed meanwhile. Put it in order once more.", code="order")
    _number([there[each] for each in item_ids])
    note("meeting.agenda_ordered", meeting, by, at, meeting=meeting.id, items=list(item_ids))


def _number(items: Sequence[AgendaItem]) -> None:
    """Number from 1, by way of numbers that nothing else has: each is unique within its meeting."""
    for each in items:
        each.number = -each.id
    db.session.flush()
    for number, each in enumerate(items, 1):
        each.number = number
    db.session.flush()


def enclose_section(*, item: AgendaItem, section: PackSection, by: Actor, at: datetime) -> Enclosure:
    """Enclose a section of the pack that the item has. Raises Refused, NotVisible for a section of another pack."""
    if section.pack_id != item.pack_id:
        raise NotVisible()
    return _enclose(item, section.title, section.digest, by, at, pack_section_id=section.id, evidence_id=None)


def enclose_evidence(*, item: AgendaItem, evidence: Evidence, by: Actor, at: datetime) -> Enclosure:
    """Enclose a file of the own organisation. A link cannot be: nothing would show which paper it was."""
    if evidence.organisation_id != by.organisation_id:
        raise NotVisible()
    if evidence.sha256 is None:
        raise Refused.because("Enclose a file, not a link: the minutes must show which paper it was.", code="evidence")
    return _enclose(item, evidence.title, evidence.sha256, by, at, pack_section_id=None, evidence_id=evidence.id)


def _enclose(item: AgendaItem, title: str, digest: str, by: Actor, at: datetime, **what: int | None) -> Enclosure:
    manage(item, by)
    _planned(queries.meeting_of(item))
    one_at_a_time(f"enclosures:{item.id}")
    there = queries.enclosures(item)
    if any(each.digest == digest for each in there):
        raise Refused.because("This paper is enclosed already.", code="enclosure")
    letter = rules.next_letter([each.letter for each in there])
    if letter is None:
        raise Refused.because("An item has at most 27 enclosures.", code="enclosure")
    row = Enclosure(
        organisation_id=item.organisation_id, agenda_item_id=item.id, letter=letter, title=title[:200], digest=digest, **what
    )
    db.session.add(row)
    db.session.flush()
    note("meeting.enclosed", row, by, at, item=item.id, letter=letter, title=row.title, digest=digest)
    return row


def move(meeting: Meeting, arrow: str, by: Actor, at: datetime, *, reason: str = "", **payload: Any) -> None:
    """The one writer of a meeting's status and its history. Raises Refused where it stands elsewhere."""
    refuse_if(rules.move_blockers(meeting.status, arrow))
    before, meeting.status = meeting.status, rules.ARROWS[arrow][1]
    db.session.flush()
    _changed(meeting, before, reason, by, at)
    kind = "meeting.comments_opened" if meeting.status == "commenting" else f"meeting.{meeting.status}"
    note(kind, meeting, by, at, meeting=meeting.id, number=meeting.number, reason=reason.strip(), **payload)


def _changed(meeting: Meeting, before: str | None, reason: str, by: Actor, at: datetime) -> None:
    row = MeetingChange(
        organisation_id=meeting.organisation_id, meeting_id=meeting.id, status_from=before, status_to=meeting.status,
        reason=reason.strip(), at=at, by_person_id=by.person_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()


def manage(row: Any, by: Actor, version_id: int | str | None = None) -> None:
    """Raise NotVisible, Forbidden, or Conflict where the page was stale."""
    if row.organisation_id not in by.scope:
        raise NotVisible()
    by.must(Permission.MANAGE_MEETING)
    if row.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")
    if version_id is not None and str(row.version_id) != str(version_id):
        raise Conflict()


def note(kind: str, row: Any, by: Actor, at: datetime, **payload: Any) -> None:
    """One event in the stream of the organisation."""
    org = row.organisation_id
    record(kind, stream=f"organisation:{org}", by=by, at=at, organisation_id=org, **payload)


def _planned(meeting: Meeting) -> None:
    if meeting.status != "planned":
        raise Refused.because(
            f"The agenda is fixed: the meeting is {rules.STATUS[meeting.status].lower()}.", code="status"
        )
