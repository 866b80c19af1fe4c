"""Holding a meeting: attendance, conflicts, opinions, actions, comments out of the meeting, and closing it.

Nothing here touches a submission. What a committee decides is an opinion; those who sign and authorise do that elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.approval.committees import notices, operations, queries, rules
from governance.approval.committees.models import (
    AgendaItem,
    Attendance,
    ConflictOfInterest,
    Meeting,
    MeetingAction,
    MeetingComment,
)
from governance.database import db, one_at_a_time
from governance.errors import Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.identity import queries as identity
from governance.permissions import Actor, Permission, Role
from governance.web.wording import long_date

PRESENCES = ("present", "remote", "apologies")
HANDLED = ("took_part", "stayed_silent", "left")
POSITIONS = ("supports", "supports_with_caveats", "against")


def attend(
    *, meeting: Meeting, name: str, role: Role | None, presence: str, by: Actor, at: datetime, role_words: str = "",
    person_id: int | None = None, is_chair: bool = False,
) -> Attendance:  # fmt: skip
    """Record one person in one role; said again, the newest counts. What was counted when it was held stays.

    A person known here is recorded in a role they hold on the day of the meeting, in their own right or under an agreement.
    Raises Refused, NotVisible, Forbidden.
    """
    operations.manage(meeting, by)
    _in(meeting, ("planned", "held", "commenting"))
    if not name.strip() or presence not in PRESENCES:
        raise Refused.because("Enter a name, and whether they were there.", code="presence")
    if person_id is not None:
        _holds(person_id, role, meeting.held_on, by)
    row = Attendance(
        organisation_id=meeting.organisation_id, meeting_id=meeting.id, person_id=person_id, name=name.strip(), role=role,
        role_words=(role_words.strip() or (role.heading if role else "In attendance"))[:100], is_chair=is_chair,
        presence=presence, recorded_at=at,
    )  # fmt: skip
    db.session.add(row)
    operations.note("meeting.attended", row, by, at, meeting=meeting.id, name=row.name, role=row.role_words, presence=presence)
    return row


def _holds(person_id: int, role: Role | None, on: date, by: Actor) -> None:
    assert by.organisation_id is not None
    if role is not None and any(each.role is role for each in identity.held_in(person_id, by.organisation_id, on)):
        return
    person = identity.own_person(person_id, by)
    if role is not None:
        raise Refused.because(
            f"{person.name} does not hold the role of {role.title} on {long_date(on)}. Record them in a role they hold, or "
            "as a guest.", code="who",
        )  # fmt: skip


def hold(*, meeting: Meeting, previous_minutes: str, version_id: int | str, by: Actor, at: datetime) -> None:
    """Count the quorum and hold the meeting. `previous_minutes`: agreed, or what was corrected. Raises Refused, Conflict."""
    operations.manage(meeting, by, version_id)
    refuse_if(rules.move_blockers(meeting.status, "hold"))
    if meeting.held_on > clock.london_date(at):
        raise Refused.because("It cannot be held before its day.", code="held_on")
    chairs = [row for row in queries.attendance(meeting) if row.is_chair and row.presence != "apologies"]
    if len(chairs) != 1:
        raise Refused.because("Say who was in the chair: one person who was there.", code="chair")
    counted = queries.quorum(meeting)
    meeting.quorate, meeting.quorum_words = counted.quorate, counted.sentence
    meeting.previous_minutes = previous_minutes.strip()
    operations.move(meeting, "hold", by, at, quorum=counted.sentence)


def declare_interest(
    *, meeting: Meeting, name: str, interest: str, handled: str, by: Actor, at: datetime, item: AgendaItem | None = None,
    person_id: int | None = None,
) -> ConflictOfInterest:  # fmt: skip
    """Record an interest for one item or for all, by somebody who was there. Raises Refused, NotVisible."""
    operations.manage(meeting, by)
    _in(meeting, ("planned", "held"))
    if item is not None and item.meeting_id != meeting.id:
        raise NotVisible()
    if not interest.strip() or handled not in HANDLED:
        raise Refused.because("Say what the interest is, and what was done about it.", code="interest")
    key = rules.Present(name, None, "", person_id).key
    if key not in {queries.present(row).key for row in queries.attendance(meeting)}:
        raise Refused.because("Record them as attending first, under the same name.", code="name")
    row = ConflictOfInterest(
        organisation_id=meeting.organisation_id, meeting_id=meeting.id, agenda_item_id=item.id if item else None,
        person_id=person_id, name=name.strip(), interest=interest.strip(), handled=handled, declared_at=at,
    )  # fmt: skip
    db.session.add(row)
    operations.note("meeting.interest_declared", row, by, at, meeting=meeting.id, name=row.name, handled=handled)
    return row


def decide(
    *, item: AgendaItem, opinion: str, decision: str, version_id: int | str, by: Actor, at: datetime,
    caveats: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write the opinion and decision of the committee on an item. It moves no submission. Raises Refused, Conflict."""
    operations.manage(item, by, version_id)
    meeting = queries.meeting_of(item)
    _in(meeting, ("held", "commenting"))
    said = [each.strip() for each in caveats if each.strip()]
    over = meeting.comment_until is not None and meeting.comment_until < clock.london_date(at)
    quorate = queries.quorum(meeting, item).quorate
    refuse_if(rules.decide_blockers(decision=decision, caveats=said, is_quorate=quorate, comments_over=over))
    item.opinion, item.decision, item.caveats = opinion.strip(), decision, said
    operations.note(
        "meeting.item_decided", item, by, at, meeting=meeting.id, number=item.number, decision=decision, caveats=said
    )


def open_comments(*, meeting: Meeting, version_id: int | str, by: Actor, at: datetime) -> None:
    """Give members the committee's working days to comment. Raises Refused where every item was quorate."""
    operations.manage(meeting, by, version_id)
    refuse_if(rules.move_blockers(meeting.status, "open_comments"))
    if all(queries.quorum(meeting, each).quorate for each in queries.agenda(meeting)):
        raise Refused.because("It was quorate for every item: there is nothing to comment on.", code="quorum")
    days = queries.committee_of(meeting).comment_working_days
    meeting.comment_until = clock.add_working_days(clock.london_date(at), days)
    operations.move(meeting, "open_comments", by, at, until=meeting.comment_until)
    notices.commenting(meeting, by, at)


def comment(
    *, item: AgendaItem, position: str, by: Actor, at: datetime, text: str = ""
) -> MeetingComment:
    """Say something on an item until the last day. It is no sign-off. Raises Refused, Forbidden, NotVisible."""
    if item.organisation_id not in by.scope:
        raise NotVisible()
    by.must(Permission.COMMENT_ON_ITEM)
    if item.organisation_id != by.organisation_id or by.person_id is None:
        raise Forbidden()
    meeting = queries.meeting_of(item)
    _in(meeting, ("commenting",))
    if meeting.comment_until is None or clock.london_date(at) > meeting.comment_until:
        raise Refused.because("The time for comments is over.", code="comment_until")
    if position not in POSITIONS:
        raise Refused.because("Choose whether you support it.", code="position")
    if position != "supports" and not text.strip():
        raise Refused.because("Say what your caveats are, or why you are against it.", code="text")
    barred = [row for row in queries.conflicts(meeting) if row.handled != "took_part" and row.agenda_item_id in (None, item.id)]
    if any(row.person_id == by.person_id for row in barred):
        raise Refused.because("You declared an interest in this item and took no part.", code="interest")
    roles = sorted((role.heading for role in by.roles), key=str.lower)
    row = MeetingComment(
        organisation_id=item.organisation_id, agenda_item_id=item.id, person_id=by.person_id,
        role_words=", ".join(roles)[:100], position=position, text=text.strip(), made_at=at,
    )  # fmt: skip
    db.session.add(row)
    operations.note("meeting.commented", row, by, at, meeting=meeting.id, item=item.id, position=position)
    return row


def give_action(
    *, meeting: Meeting, text: str, owner: str, due_on: date, by: Actor, at: datetime, item: AgendaItem | None = None,
    owner_id: int | None = None,
) -> MeetingAction:  # fmt: skip
    """Write down what somebody was asked to do. Raises Refused, Forbidden, NotVisible."""
    operations.manage(meeting, by)
    _in(meeting, ("held", "commenting"))
    if item is not None and item.meeting_id != meeting.id:
        raise NotVisible()
    if not text.strip() or not owner.strip():
        raise Refused.because("Say what is to be done and by whom.", code="text")
    if due_on < meeting.held_on:
        raise Refused.because("An action is due on the day of the meeting or later.", code="due_on")
    if owner_id is not None:
        identity.own_person(owner_id, by)
    one_at_a_time(f"actions:{meeting.id}")
    last = db.session.scalar(sa.select(sa.func.max(MeetingAction.number)).where(MeetingAction.meeting_id == meeting.id))
    row = MeetingAction(
        organisation_id=meeting.organisation_id, meeting_id=meeting.id, agenda_item_id=item.id if item else None,
        number=(last or 0) + 1, text=text.strip(), owner_id=owner_id, owner=owner.strip(), due_on=due_on, done_on=None,
    )  # fmt: skip
    db.session.add(row)
    operations.note("meeting.action_given", row, by, at, meeting=meeting.id, action=row.number, text=row.text, owner=row.owner)
    db.session.flush()
    notices.action(row, meeting, by, at)
    return row


def finish_action(*, action: MeetingAction, words: str, version_id: int | str, by: Actor, at: datetime) -> None:
    """Say that an action is done: its owner, or who keeps the meetings. Raises Refused, Conflict, Forbidden, NotVisible."""
    if action.organisation_id not in by.scope:
        raise NotVisible()
    owns = by.person_id is not None and action.owner_id == by.person_id and by.may(Permission.READ_MEETING)
    if action.organisation_id != by.organisation_id or not (owns or by.may(Permission.MANAGE_MEETING)):
        raise Forbidden("Whoever has this action, or who keeps the meetings, says that it is done.")
    if str(action.version_id) != str(version_id):
        raise Conflict()
    if action.done_on is not None:
        raise Refused.because("This action is done already.", code="done")
    action.done_on, action.done_words = clock.london_date(at), words.strip()
    operations.note("meeting.action_done", action, by, at, meeting=action.meeting_id, action=action.number)


def close(*, meeting: Meeting, version_id: int | str, by: Actor, at: datetime) -> None:
    """Close a meeting once every item has a decision and the time for comments is over. Raises Refused, Conflict."""
    operations.manage(meeting, by, version_id)
    refuse_if(rules.move_blockers(meeting.status, "close"))
    open_items = [str(each.number) for each in queries.agenda(meeting) if not each.decision]
    if open_items:
        raise Refused.because(f"Write what was decided on item {', '.join(open_items)} first.", code="decision")
    if meeting.comment_until is not None and clock.london_date(at) <= meeting.comment_until:
        raise Refused.because("Members may still comment. Close it after the last day.", code="comment_until")
    meeting.closed_at = at
    operations.move(meeting, "close", by, at)
    notices.closed(meeting, by, at)


def _in(meeting: Meeting, statuses: Sequence[str]) -> None:
    if meeting.status not in statuses:
        raise Refused.because(f"This cannot be done now: the meeting is {rules.STATUS[meeting.status].lower()}.", code="status")
