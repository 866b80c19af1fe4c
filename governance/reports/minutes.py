"""Reading what the minutes of one meeting print, asking for them, and finding the job that makes them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from governance.approval import outcomes
from governance.approval import queries as approval
from governance.approval.committees import queries, reading, rules
from governance.approval.committees.models import AgendaItem, Enclosure, Meeting, MeetingComment
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import AssurancePack
from governance.audit.models import AuditEvent, AuditPayload
from governance.clock import london_date
from governance.database import db
from governance.errors import Refused
from governance.identity.models import Organisation
from governance.intake.models import Submission
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Actor, Permission
from governance.reports import queries as reports
from governance.reports.material import Signed
from governance.reports.minutes_material import (
    Asked,
    Attended,
    Commented,
    Interest,
    Item,
    MinutesMaterial,
    Moved,
    Paper,
    SealedLine,
    Standing,
)

KIND = "minutes"
ISSUED = "meeting.minutes_issued"


def ask_for_minutes(*, meeting: Meeting, by: Actor, at: datetime) -> Job:
    """Write the job that makes the minutes; asked again, the same job. Raises Forbidden, and Refused before it is closed."""
    by.must(Permission.MANAGE_MEETING)
    if meeting.status != "closed":
        raise Refused.because("Minutes are made once the meeting is closed.", code="status")
    return queue.enqueue(
        kind=KIND, key=key(meeting.id), payload={"meeting": meeting.id}, organisation_id=meeting.organisation_id, by=by, at=at
    )


def key(meeting_id: int) -> str:
    """What makes two requests for the minutes of a meeting one job."""
    return f"{KIND}:{meeting_id}"


def job(meeting: Meeting) -> Job | None:
    """The job that makes the minutes of a meeting, once asked for."""
    return db.session.scalar(sa.select(Job).where(Job.key == key(meeting.id)))


def code(meeting: Meeting) -> str:
    """The digest whose start stands on each page of the issued minutes, from the event that issued them."""
    query = (
        sa.select(AuditPayload.payload)
        .join(AuditEvent, AuditEvent.id == AuditPayload.event_id)
        .where(AuditEvent.kind == ISSUED, AuditEvent.stream == f"organisation:{meeting.organisation_id}")
    )
    said = [each for each in db.session.scalars(query) if each and each.get("meeting") == meeting.id]
    return str(said[0].get("content", "")) if said else ""


def material(meeting: Meeting, *, issued_at: datetime, product: str, public_url: str) -> MinutesMaterial:
    """Everything the minutes print, as it is recorded when they are made."""
    group, where = queries.committee_of(meeting), db.session.get_one(Organisation, meeting.organisation_id)
    agenda, actions, steps = queries.agenda(meeting), queries.actions(meeting), queries.history(meeting)
    numbers: dict[int | None, int] = {each.id: each.number for each in agenda}
    names = reading.names([each.by_person_id for each in steps])
    papers, comments = reading.papers(agenda), reading.comments_on(agenda)
    about = reading.submissions_of(agenda)
    return MinutesMaterial(
        product=product,
        public_url=public_url,
        organisation=where.name,
        organisation_code=where.code,
        meeting_id=meeting.id,
        committee=group.name,
        terms=group.terms,
        number=meeting.number,
        held_on=meeting.held_on,
        starts_at=meeting.starts_at,
        place=meeting.place,
        quorate=bool(meeting.quorate),
        quorum=meeting.quorum_words,
        comment_until=meeting.comment_until,
        previous=meeting.previous_minutes,
        notes=meeting.notes,
        attended=tuple(Attended(row.name, row.role_words, row.presence, row.is_chair) for row in queries.attendance(meeting)),
        interests=tuple(
            Interest(row.name, numbers.get(row.agenda_item_id, 0), row.interest, row.handled)
            for row in queries.conflicts(meeting)
        ),
        items=tuple(
            _item(meeting, each, papers[each.id], comments[each.id], about.get(each.submission_id or 0), issued_at)
            for each in agenda
        ),
        actions=tuple(
            Asked(row.number, numbers.get(row.agenda_item_id, 0), row.text, row.owner, row.due_on, row.done_on, row.done_words)
            for row in actions
        ),
        steps=tuple(Moved(row.status_to, row.at, names.get(row.by_person_id, ""), row.reason) for row in steps),
        issued_at=issued_at,
    )


def _item(
    meeting: Meeting, row: AgendaItem, papers: list[tuple[Enclosure, str]], comments: list[tuple[MeetingComment, str]],
    about: Submission | None, issued_at: datetime,
) -> Item:  # fmt: skip
    counted = queries.quorum(meeting, row)
    return Item(
        number=row.number,
        title=row.title,
        purpose=rules.PURPOSES[row.purpose],
        presented_by=row.presented_by,
        description=row.description,
        opinion=row.opinion,
        decision=row.decision,
        caveats=tuple(row.caveats),
        is_quorate=counted.quorate,
        quorum=counted.sentence,
        papers=tuple(Paper(rules.enclosure_name(row.number, each.letter), each.title, each.digest) for each, _ in papers),
        comments=tuple(Commented(name, each.role_words, each.position, each.text, each.made_at) for each, name in comments),
        standing=_standing(row, about, issued_at) if about is not None and row.pack_id is not None else None,
    )


def _standing(row: AgendaItem, about: Submission, issued_at: datetime) -> Standing:
    pack = db.session.get_one(AssurancePack, row.pack_id)
    here, decided = approval.position(about, london_date(issued_at)), outcomes.decision(about)
    signed = reports.signed_on(pack, about.deployment) if about.deployment is not None else ()
    newest = packs.pack(about)
    return Standing(
        reference=about.reference or "",
        pack=pack.digest,
        status=about.status.value,
        outcome=decided.outcome if decided else "",
        sentence=decided.sentence if decided else "",
        waiting=tuple(state.turn.role for state in here.open_turns) if here and not decided else (),
        signed=tuple(_sealed(each) for each in signed),
        newer_pack=newest is not None and newest.id != pack.id,
    )


def _sealed(each: Signed) -> SealedLine:
    """Without what was written as a reason: those who read minutes need not read submissions."""
    return SealedLine(each.heading, each.person, each.outcome, each.at, each.code)
