"""What is recorded of a meeting: attendance, interests, outcomes, actions, comments out of it, and its end.

None of it signs, advises or authorises: those acts are made by the people themselves, on the pack.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from governance import clock
from governance.approval.committees import notices, operations, queries, rules
from governance.approval.committees.models import (
    AgendaItem,
    Attendance,
    Committee,
    ConflictOfInterest,
    Meeting,
    MeetingAction,
    MeetingComment,
)
from governance.approval.committees.operations import fresh, note, step
from governance.database import db
from governance.errors import Forbidden, NotVisible, Refused, refuse_if
from governance.identity import queries as identity
from governance.identity.models import Person
from governance.permissions import Actor, Permission, Role


def attend(
    *, meeting: Meeting, name: str, role_words: str, presence: str, by: Actor, at: datetime, role: Role | None = None,
    person: Person | None = None, is_chair: bool = False,
) -> Attendance:  # fmt: skip
    """Record one person's presence, by role. Recorded again, the newest counts. Raises Refused, Forbidden."""
    _recording(meeting, by)
    said = name.strip() or (person.name if person else "")
    if not said:
        raise Refused.because("Enter the name of who was there.", code="name")
    if presence not in rules.PRESENCES:
        raise Refused.because("Say whether they were present, remote, or sent apologies.", code="presence")
    if is_chair and presence == "apologies":
        raise Refused.because("Whoever is in the chair is there.", code="presence")
    if person is not None:
        person = identity.own_person(person.id, by)
    row = Attendance(
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.id,
        person_id=person.id if person is not None else None,
        name=said,
        role=role,
        role_words=role_words.strip() or (role.heading if role is not None else "Guest"),
        is_chair=is_chair,
        presence=presence,
        recorded_at=at,
    )
    db.session.add(row)
    db.session.flush()
    note(meeting.organisation_id, "meeting.attended", by, at, meeting=meeting.id, name=said, role=row.role_words,
         presence=presence)  # fmt: skip
    return row


def declare_interest(
    *, meeting: Meeting, name: str, interest: str, handled: str, by: Actor, at: datetime, item: AgendaItem | None = None,
    person: Person | None = None,
) -> ConflictOfInterest:  # fmt: skip
    """Record an interest, for one item or for all, and what was done about it. Raises Refused, Forbidden."""
    _recording(meeting, by)
    if not name.strip() or not interest.strip():
        raise Refused.because("Say who has the interest, and what it is.", code="interest")
    if handled not in rules.HANDLED:
        raise Refused.because("Say what was done about it.", code="handled")
    row = ConflictOfInterest(
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.id,
        agenda_item_id=item.id if item is not None else None,
        person_id=person.id if person is not None else None,
        name=name.strip(),
        interest=interest.strip(),
        handled=handled,
        declared_at=at,
    )
    db.session.add(row)
    db.session.flush()
    note(meeting.organisation_id, "meeting.interest_declared", by, at, meeting=meeting.id, name=row.name, interest=row.interest,
         handled=handled, item=item.number if item is not None else 0)  # fmt: skip
    return row


def hold(*, meeting: Meeting, previous_minutes: str, notes: str, version_id: int | str, by: Actor, at: datetime) -> None:
    """Record that the meeting was held: its quorum is counted and kept. Raises Refused, Forbidden, Conflict."""
    operations.planned(meeting, by)
    fresh(meeting, version_id)
    people = queries.attendance(meeting)
    refuse_if(
        rules.hold_blockers(
            held_on=meeting.held_on, on=clock.london_date(at), attendance=len(people),
            chairs=sum(each.is_chair for each in people), items=len(queries.items(meeting)),
        )
    )  # fmt: skip
    found = queries.quorum_of(meeting)
    meeting.quorate, meeting.quorum_words = found.met, found.sentence
    meeting.previous_minutes, meeting.notes = previous_minutes.strip(), notes.strip()
    step(meeting, "planned", "held", found.sentence, by, at)


def decide_item(
    *, meeting: Meeting, item: AgendaItem, opinion: str, decision: str, caveats: Sequence[str], version_id: int | str,
    by: Actor, at: datetime, description: str | None = None,
) -> None:  # fmt: skip
    """Record the opinion of the group on an item, and what it decided. It moves nothing: people sign for themselves.

    Raises Refused, Forbidden, Conflict.
    """
    _minuted(meeting, by)
    fresh(item, version_id)
    kept = [each.strip() for each in caveats if each.strip()]
    refuse_if(
        rules.decision_blockers(
            decision=decision, opinion=opinion, caveats=kept, quorate=queries.quorum_of(meeting, item).met,
            commented=bool(queries.comments(meeting).get(item.id)),
        )
    )  # fmt: skip
    item.opinion, item.decision = opinion.strip(), decision
    item.caveats = kept if decision == "supported_with_caveats" else []
    if description is not None:
        item.description = description.strip()
    db.session.flush()
    note(item.organisation_id, "meeting.item_decided", by, at, meeting=meeting.id, item=item.number, title=item.title,
         decision=decision, opinion=item.opinion, caveats=item.caveats)  # fmt: skip


def open_comments(*, meeting: Meeting, version_id: int | str, by: Actor, at: datetime) -> date:
    """Ask members to comment out of the meeting, because it was not quorate for all its items; returns the last day.

    Raises Refused, Forbidden, Conflict.
    """
    _minuted(meeting, by)
    fresh(meeting, version_id)
    refuse_if(rules.step_blockers(meeting.status, "commenting"))
    if all(queries.quorum_of(meeting, item).met for item in queries.items(meeting)):
        raise Refused.because("The meeting was quorate for every item. Nothing is left to comment on.", code="quorum")
    committee = db.session.get_one(Committee, meeting.committee_id)
    until = clock.add_working_days(clock.london_date(at), committee.comment_working_days)
    meeting.comment_until = until
    step(meeting, "held", "commenting", "", by, at)
    notices.commenting(meeting, until, by, at)
    return until


def comment(
    *, meeting: Meeting, item: AgendaItem, position: str, text: str, by: Actor, at: datetime
) -> MeetingComment:
    """A member's word on an item while comments are open; said again, the newest counts. It is never a sign-off.

    Raises Refused, Forbidden, NotVisible.
    """
    if meeting.organisation_id not in by.scope:
        raise NotVisible()
    if meeting.organisation_id != by.organisation_id or not by.may(Permission.COMMENT_ON_ITEM):
        raise Forbidden()
    on = clock.london_date(at)
    refuse_if(rules.comment_blockers(status=meeting.status, until=meeting.comment_until, on=on, position=position, text=text))
    assert by.person_id is not None
    held = sorted(role.heading for role in by.roles)
    row = MeetingComment(
        organisation_id=meeting.organisation_id,
        agenda_item_id=item.id,
        person_id=by.person_id,
        role_words=", ".join(held)[:100],
        position=position,
        text=text.strip(),
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    note(row.organisation_id, "meeting.commented", by, at, meeting=meeting.id, item=item.number, position=position, text=row.text)
    return row


def add_action(
    *, meeting: Meeting, text: str, owner: str, due_on: date, by: Actor, at: datetime, item: AgendaItem | None = None,
    person: Person | None = None,
) -> MeetingAction:  # fmt: skip
    """Record what somebody was asked to do, by a day, and tell them. Raises Refused, Forbidden."""
    _minuted(meeting, by)
    named = owner.strip() or (person.name if person else "")
    refuse_if(rules.action_blockers(text=text, owner=named, due_on=due_on, held_on=meeting.held_on))
    db.session.refresh(meeting, with_for_update=True)
    row = MeetingAction(
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.id,
        agenda_item_id=item.id if item is not None else None,
        number=max((each.number for each in queries.actions(meeting)), default=0) + 1,
        text=text.strip(),
        owner_id=person.id if person is not None else None,
        owner=named,
        due_on=due_on,
    )
    db.session.add(row)
    db.session.flush()
    note(row.organisation_id, "meeting.action_set", by, at, meeting=meeting.id, action=row.number, text=row.text, owner=named,
         due_on=due_on.isoformat())  # fmt: skip
    notices.action(row, meeting, by, at)
    return row


def finish_action(
    *, meeting: Meeting, action: MeetingAction, words: str, version_id: int | str, by: Actor, at: datetime
) -> None:
    """Say that an action is done: its owner, or whoever looks after meetings. Raises Refused, Forbidden, Conflict."""
    if meeting.organisation_id not in by.scope:
        raise NotVisible()
    if meeting.organisation_id != by.organisation_id or not (
        by.may(Permission.MANAGE_MEETING) or (action.owner_id is not None and action.owner_id == by.person_id)
    ):
        raise Forbidden()
    if str(action.version_id) != str(version_id) or action.done_on is not None:
        raise Refused.because("This action is done already, or was changed. Reload the page.", code="done")
    action.done_on, action.done_words = clock.london_date(at), words.strip()
    db.session.flush()
    note(action.organisation_id, "meeting.action_done", by, at, meeting=meeting.id, action=action.number, words=action.done_words)


def close(*, meeting: Meeting, version_id: int | str, by: Actor, at: datetime) -> None:
    """Close a meeting: every item has a decision, and the minutes can be made. Raises Refused, Forbidden, Conflict."""
    _minuted(meeting, by)
    fresh(meeting, version_id)
    refuse_if(rules.step_blockers(meeting.status, "closed"))
    undecided = [each.number for each in queries.items(meeting) if not each.decision]
    refuse_if(
        rules.close_blockers(
            undecided=undecided, commenting_until=meeting.comment_until if meeting.status == "commenting" else None,
            on=clock.london_date(at),
        )
    )  # fmt: skip
    meeting.closed_at = at
    step(meeting, meeting.status, "closed", "", by, at)
    notices.closed(meeting, by, at)


def issue_minutes(
    *, meeting: Meeting, sha256: str, pages: int, made_at: datetime, by: Actor, at: datetime
) -> None:
    """Keep which file the minutes are. Issued once: asked again, what was issued first stays."""
    if meeting.minutes_sha256 is not None:
        return
    meeting.minutes_sha256, meeting.minutes_pages, meeting.minutes_issued_at = sha256, pages, made_at
    db.session.flush()
    note(meeting.organisation_id, "meeting.minutes_issued", by, at, meeting=meeting.id, sha256=sha256, pages=pages)


def _recording(meeting: Meeting, by: Actor) -> None:
    """Attendance and interests are recorded before and on the day, until the meeting is closed."""
    _minuted(meeting, by, ("planned", "held", "commenting"))


def _minuted(meeting: Meeting, by: Actor, among: Sequence[str] = ("held", "commenting")) -> None:
    if meeting.organisation_id not in by.scope:
        raise NotVisible()
    if meeting.organisation_id != by.organisation_id or not by.may(Permission.MANAGE_MEETING):
        raise Forbidden()
    if meeting.status not in among:
        said = f"This meeting is {rules.STATUSES[meeting.status].lower()}."
        hint = " Record that it was held first." if meeting.status == "planned" else " Its record can no longer be changed."
        raise Refused.because(said + hint, code="meeting.status")
