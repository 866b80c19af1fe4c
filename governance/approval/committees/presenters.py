"""Committees and meetings as pages show them. What a committee decided stands beside what was signed, never in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for

from governance.approval.committees import agreement, queries, reading, rules
from governance.approval.committees.agreement import Agreement
from governance.approval.committees.models import (
    AgendaItem,
    Attendance,
    Committee,
    ConflictOfInterest,
    Enclosure,
    Meeting,
    MeetingAction,
)
from governance.approval.committees.rules import Present, Quorum
from governance.assessment.evidence.models import Evidence
from governance.intake.models import Submission
from governance.lifecycle import CLOSED_STATUSES
from governance.permissions import Actor, Permission
from governance.web.wording import file_size, listed, long_date, moment, plural, starting_small

TONES = {"planned": "link", "held": "amber", "commenting": "amber", "closed": "go", "cancelled": ""}
DECISION_TONES = {"supported": "go", "supported_with_caveats": "amber", "not_supported": "stop", "deferred": "", "noted": ""}
PRESENCES = {"present": "There", "remote": "By video or telephone", "apologies": "Apologies"}
HANDLED = {"took_part": "Took part all the same", "stayed_silent": "Stayed and said nothing", "left": "Left, and is not counted"}
POSITIONS = {"supports": "Supports it", "supports_with_caveats": "Supports it with caveats", "against": "Against it"}
RUNNING = ("planned", "held", "commenting")


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in a list."""

    title: str
    href: str
    about: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One enclosure. `href` is empty where this person may not read it; `code` shows that it is still the same paper."""

    name: str
    title: str
    digest: str
    href: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action: what, who, by when, whether it is late or done."""

    number: int
    text: str
    owner: str
    due: str
    late: bool
    done: str
    about: str
    href: str


@dataclass(frozen=True)
class ItemLine:
    """One item with everything that belongs to it."""

    id: int
    number: int
    title: str
    purpose: str
    presented_by: str
    description: str
    papers: tuple[Paper, ...]
    quorum: str
    opinion: str
    decision: str
    tone: str
    caveats: tuple[str, ...]
    comments: tuple[tuple[str, str, str, str], ...]
    agreement: Agreement | None
    version_id: int
    may_enclose: bool
    may_comment: bool


@dataclass(frozen=True)
class MeetingPage:
    """Everything on the page of one meeting."""

    title: str
    caption: str
    lede: str
    facts: tuple[tuple[str, str], ...]
    items: tuple[ItemLine, ...]
    attendance: tuple[tuple[str, str, str, bool], ...]
    quorum: str
    is_quorate: bool
    counted: str
    interests: tuple[tuple[str, str, str, str], ...]
    previous: str
    actions: tuple[ActionLine, ...]
    history: tuple[tuple[str, str, str], ...]
    status: str
    version_id: int
    manages: bool
    holds_today: bool
    needs_comments: bool
    closing: tuple[str, ...]
    minutes: str


def meeting_line(row: Meeting, items: int, by: Actor) -> MeetingLine:
    """One meeting as lists show it."""
    about = [f"meeting {row.number}", plural(items, "item"), *([row.quorum_words] if row.quorum_words else [])]
    return MeetingLine(
        f"{long_date(row.held_on)}, {row.starts_at}", _url("meetings.meeting", by, meeting_id=row.id), " · ".join(about),
        rules.STATUS[row.status], TONES[row.status],
    )  # fmt: skip


def quorum_of(group: Committee) -> str:
    """What makes a committee quorate: `5 people, with clinical safety officer and senior information risk owner`."""
    roles = [f"{each.at_least} {each.role.title}s" if each.at_least > 1 else each.role.title for each in queries.seats(group)]
    return f"{plural(group.quorum_people, 'person', 'people')}{f', with {listed(roles)}' if roles else ''}"


def named(submission: Submission) -> str:
    """A submission as the agenda calls it: `Chestwise Triage, QKK-2026-0014-S2`."""
    tool = submission.deployment.tool.name if submission.deployment else ""
    return f"{tool}, {submission.reference}"


def file_named(item: Evidence) -> str:
    """A file of evidence as it is offered: `Penetration test, pentest.pdf, 14 KB, issued 3 May 2027`."""
    issued = f"issued {long_date(item.issued_on)}" if item.issued_on else ""
    return ", ".join(part for part in (item.title, item.filename, file_size(item.size), issued) if part)


def manages(row: Committee | Meeting, by: Actor) -> bool:
    """Whether this person keeps the meetings here; nobody keeps those of an organisation that has ended."""
    return row.organisation_id == by.organisation_id and by.may(Permission.MANAGE_MEETING)


def action_line(row: MeetingAction, about: str, status: str, by: Actor) -> ActionLine:
    """One action as its meeting and its committee list it."""
    own = row.organisation_id == by.organisation_id
    may = own and row.done_on is None and status != "cancelled"
    may = may and (by.may(Permission.MANAGE_MEETING) or (row.owner_id is not None and row.owner_id == by.person_id))
    done = f"Done on {long_date(row.done_on)}. {row.done_words}" if row.done_on else ""
    return ActionLine(
        row.number, row.text, row.owner, long_date(row.due_on), row.done_on is None and row.due_on < by.on, done, about,
        _url("meetings.done", by, meeting_id=row.meeting_id, action_id=row.id) if may else "",
    )  # fmt: skip


def build(meeting: Meeting, by: Actor, on: date) -> MeetingPage:
    """The page of one meeting, for the person who opened it."""
    group, agenda = queries.committee_of(meeting), queries.agenda(meeting)
    there, interests = queries.attendance(meeting), queries.conflicts(meeting)
    counted = queries.quorum(meeting)
    items = tuple(_items(meeting, group, agenda, there, interests, by, on))
    actions = queries.actions(meeting)
    history = queries.history(meeting)
    asked = {each.id: f"item {each.number}" for each in agenda}
    title, lede = _head(meeting, items, actions, counted, on, history[-1].reason if history else "")
    who = reading.names([each.by_person_id for each in history])
    return MeetingPage(
        title=title,
        caption=f"{group.name} · meeting {meeting.number} · {rules.STATUS[meeting.status].lower()}",
        lede=lede,
        facts=_facts(meeting, group),
        items=items,
        attendance=tuple((each.name, each.role_words, PRESENCES[each.presence], each.is_chair) for each in there),
        quorum=f"{meeting.quorum_words or counted.sentence}." if there or meeting.status not in ("planned", "cancelled") else "",
        is_quorate=counted.quorate if meeting.quorate is None else meeting.quorate,
        counted=_recounted(meeting, counted),
        interests=tuple(
            (each.name, asked.get(each.agenda_item_id or 0, "the whole meeting"), each.interest, HANDLED[each.handled])
            for each in interests
        ),
        previous=meeting.previous_minutes,
        actions=tuple(action_line(each, asked.get(each.agenda_item_id or 0, ""), meeting.status, by) for each in actions),
        history=tuple(
            (moment(each.at), rules.STATUS[each.status_to], ". ".join(filter(None, (who.get(each.by_person_id), each.reason))))
            for each in history
        ),
        status=meeting.status,
        version_id=meeting.version_id,
        manages=manages(meeting, by) and meeting.status in RUNNING,
        holds_today=meeting.held_on <= on,
        needs_comments=meeting.status == "held" and any(each.quorum for each in items),
        closing=_closing(meeting, items, on),
        minutes=_minutes(meeting, by),
    )


def _items(
    meeting: Meeting, group: Committee, agenda: Sequence[AgendaItem], there: Sequence[Attendance],
    interests: Sequence[ConflictOfInterest], by: Actor, on: date,
) -> Iterator[ItemLine]:  # fmt: skip
    papers, comments, asked = reading.papers(agenda), reading.comments_on(agenda), reading.submissions_of(agenda)
    commenting = meeting.status == "commenting" and meeting.comment_until is not None and on <= meeting.comment_until
    own = meeting.organisation_id == by.organisation_id
    for item in agenda:
        about = asked.get(item.submission_id or 0)
        counted = count(group, there, interests, item)
        yield ItemLine(
            id=item.id,
            number=item.number,
            title=item.title,
            purpose=rules.PURPOSES[item.purpose],
            presented_by=item.presented_by,
            description=item.description,
            papers=tuple(_paper(row, code, item, about, by) for row, code in papers[item.id]),
            quorum="" if counted.quorate or meeting.status == "planned" else f"{counted.sentence}.",
            opinion=item.opinion,
            decision=rules.DECISIONS.get(item.decision, ""),
            tone=DECISION_TONES.get(item.decision, ""),
            caveats=tuple(item.caveats),
            comments=tuple(
                (f"{name}, {row.role_words}", POSITIONS[row.position], row.text, long_date(row.made_at))
                for row, name in comments[item.id]
            ),
            agreement=agreement.build(item, about, by, on) if about is not None else None,
            version_id=item.version_id,
            may_enclose=item.pack_id is not None,
            may_comment=own and commenting and by.may(Permission.COMMENT_ON_ITEM) and not _barred(item, interests, by),
        )


def count(
    group: Committee, there: Sequence[Attendance], interests: Sequence[ConflictOfInterest], item: AgendaItem
) -> Quorum:
    """The count for one item, from rows at hand: those who left for it are not in it."""
    left = {
        Present(row.name, None, "", row.person_id).key
        for row in interests
        if row.handled == "left" and row.agenda_item_id in (None, item.id)
    }
    attended = [queries.present(row) for row in there]
    return rules.count(attended, seats=queries.seats(group), people=group.quorum_people, left=left)


def _barred(item: AgendaItem, interests: Sequence[ConflictOfInterest], by: Actor) -> bool:
    return any(
        row.person_id == by.person_id and row.handled != "took_part" and row.agenda_item_id in (None, item.id)
        for row in interests
    )


def _paper(row: Enclosure, code: str, item: AgendaItem, about: Submission | None, by: Actor) -> Paper:
    """A paper with its link, where this person may read it: a section of the pack, or a file of evidence."""
    href = ""
    decided = about is not None and about.status in CLOSED_STATUSES
    if code and (by.may(Permission.READ_PACK) or decided):
        href = _url("packs.section", by, pack_id=item.pack_id, section=code)
    elif row.evidence_id is not None and by.may(Permission.READ_SHEET):
        href = _url("evidence.item", by, evidence_id=row.evidence_id)
    return Paper(rules.enclosure_name(item.number, row.letter), row.title, row.digest, href)


def _head(
    meeting: Meeting, items: Sequence[ItemLine], actions: Sequence[MeetingAction], counted: Quorum, on: date, reason: str
) -> tuple[str, str]:
    """(what is so, what is next): the headline and the sentence under it."""
    day, decided = long_date(meeting.held_on), sum(bool(each.decision) for each in items)
    left = [each.number for each in items if not each.decision]
    named = f"item{'s' if len(left) > 1 else ''} {listed(map(str, left))}"
    if meeting.status == "cancelled":
        return f"Cancelled: it was to meet on {day}", reason
    if meeting.status == "planned" and meeting.held_on > on:
        return f"Meets on {day} at {meeting.starts_at}", _agenda(items)
    if meeting.status == "planned":
        return f"Planned for {day}, not held yet", f"Record who was there. As recorded: {starting_small(counted.sentence)}."
    if meeting.status == "commenting" and meeting.comment_until and on <= meeting.comment_until:
        said = plural(sum(len(each.comments) for each in items), "comment")
        return f"Open for comments until {long_date(meeting.comment_until)}", f"{meeting.quorum_words}. {said} so far."
    if meeting.status == "closed":
        waiting = sum(each.done_on is None for each in actions)
        waits = f"{plural(waiting, 'action')} open" if waiting else "No action is open"
        return f"Closed: {plural(decided, 'item')} decided on {day}", f"{meeting.quorum_words}. {waits}."
    next_step = f"Write what was decided on {named}." if left else "Every item has a decision. The meeting can be closed."
    return f"Held on {day}: {decided} of {plural(len(items), 'item')} decided", f"{meeting.quorum_words}. {next_step}"


def _agenda(items: Sequence[ItemLine]) -> str:
    if not items:
        return "Nothing is on the agenda yet."
    for_decision = sum(each.purpose == rules.PURPOSES["decision"] for each in items)
    return f"{plural(len(items), 'item')} on the agenda, {for_decision or 'none'} for decision."


def _facts(meeting: Meeting, group: Committee) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("Day", f"{long_date(meeting.held_on)}, {meeting.starts_at}"),
        ("Place", meeting.place),
        ("Quorum", quorum_of(group)),
        ("Comments until", long_date(meeting.comment_until)),
        ("Closed", moment(meeting.closed_at)),
    )
    return tuple(pair for pair in pairs if pair[1])


def _recounted(meeting: Meeting, counted: Quorum) -> str:
    """What the attendance says now, where it was corrected after the count; nothing where it says the same."""
    if not meeting.quorum_words or counted.sentence == meeting.quorum_words:
        return ""
    return f"So it was counted when it was held. As attendance is corrected since: {starting_small(counted.sentence)}."


def _closing(meeting: Meeting, items: Sequence[ItemLine], on: date) -> tuple[str, ...]:
    """What stops a meeting from being closed."""
    found = [f"Item {each.number} has no decision." for each in items if not each.decision]
    if meeting.comment_until is not None and on <= meeting.comment_until:
        found.append(f"Members may comment until {long_date(meeting.comment_until)}.")
    return tuple(found)


def _minutes(meeting: Meeting, by: Actor) -> str:
    if meeting.status != "closed" or "minutes.minutes" not in current_app.view_functions:
        return ""
    return _url("minutes.minutes", by, meeting_id=meeting.id)


def _url(endpoint: str, by: Actor, **values: object) -> str:
    return url_for(endpoint, organisation=by.organisation_code, **values)  # type: ignore[arg-type]
