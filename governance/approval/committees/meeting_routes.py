"""One meeting on one page, and the small forms of what is done with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.approval.committees import holding, operations, presenters, queries, reading
from governance.approval.committees.forms import (
    ActionForm,
    AttendForm,
    CancelForm,
    DoneForm,
    HoldForm,
    InterestForm,
    ItemForm,
)
from governance.approval.committees.models import Meeting
from governance.assessment.plans import door
from governance.errors import NotVisible
from governance.identity import queries as identity
from governance.permissions import Actor, Permission
from governance.web import access
from governance.web.forms import Form, VersionedForm

bp = Blueprint("meetings", __name__)
MEETING = "/<org:organisation>/meetings/<int:meeting_id>"
Page = str | Response | tuple[str, int]


@bp.route(MEETING)
@access.requires(Permission.READ_MEETING)
def meeting(organisation: str, meeting_id: int) -> str:
    """Agenda, attendance, interests, opinions, decisions, comments and actions."""
    return shown(queries.meeting(meeting_id, access.actor()))


@bp.route(f"{MEETING}/cancel", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def cancel(organisation: str, meeting_id: int) -> Page:
    """Call it off, with the reason."""
    row = queries.meeting(meeting_id, access.actor())
    form = CancelForm(obj=row)

    def act(by: Actor) -> None:
        operations.cancel(
            meeting=queries.meeting(meeting_id, by), reason=form.reason.data, version_id=form.version_id.data or "", by=by,
            at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, {"reason": "reason"}):
        return back(row)
    return asked("cancel", row, form)


@bp.route(f"{MEETING}/announce", methods=["POST"])
@access.requires(Permission.MANAGE_MEETING)
def announce(organisation: str, meeting_id: int) -> Page:
    """Tell those who come the agenda as it stands."""
    row, form = queries.meeting(meeting_id, access.actor()), Form()

    def act(by: Actor) -> None:
        operations.invite(meeting=queries.meeting(meeting_id, by), by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act):
        return back(row)
    return refused(row, form)


@bp.route(f"{MEETING}/items/new", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def put(organisation: str, meeting_id: int) -> Page:
    """Put a submission that waits for a decision, or a matter in words, on the agenda."""
    row, form = queries.meeting(meeting_id, access.actor()), ItemForm()
    offered = {each.id: each for each in reading.offered(row, access.actor())}
    form.submission.choices = [(each.id, presenters.named(each)) for each in offered.values()]

    def act(by: Actor) -> None:
        to = queries.meeting(meeting_id, by)
        said: dict[str, Any] = {
            "purpose": form.purpose.data, "presented_by": form.presented_by.data or "",
            "description": form.description.data or "", "by": by, "at": clock.now(),
        }  # fmt: skip
        if form.about.data == "matter":
            operations.put_matter(meeting=to, title=form.title.data, **said)
            return
        chosen = next((each for each in reading.offered(to, by) if each.id == form.submission.data), None)
        if chosen is None:
            raise NotVisible()
        operations.put_submission(meeting=to, submission=chosen, **said)

    if form.validate_on_submit() and door.attempt(form, act, {"submission": "submission", "title": "title"}):
        return back(row, "agenda")
    return asked("item", row, form)


@bp.route(f"{MEETING}/attendance/new", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def attend(organisation: str, meeting_id: int) -> Page:
    """One person in one role; said again, the newest counts."""
    row, form = queries.meeting(meeting_id, access.actor()), AttendForm()
    by = access.actor()
    found = {f"{person.id}-{role.value}": (person, role, of) for person, role, of in reading.holders(by, row.held_on)}
    people = {key: (person, role) for key, (person, role, _) in found.items()}
    form.who.choices = [
        (key, f"{person.name}, {role.title}{f', of {of}' if of else ''}") for key, (person, role, of) in found.items()
    ]

    def act(by: Actor) -> None:
        person, role = people[form.who.data] if form.who.data else (None, None)
        holding.attend(
            meeting=queries.meeting(meeting_id, by), name=person.name if person else form.name.data, role=role,
            role_words="" if role else form.role_words.data or "", presence=form.presence.data,
            person_id=person.id if person else None, is_chair=form.is_chair.data, by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, {"presence": "presence", "who": "who"}):
        return back(row, "attendance")
    return asked("attend", row, form)


@bp.route(f"{MEETING}/interests/new", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def declare(organisation: str, meeting_id: int) -> Page:
    """An interest that somebody declared, and what was done about it."""
    row, form = queries.meeting(meeting_id, access.actor()), InterestForm()
    there = {queries.present(each).key: each for each in queries.attendance(row)}
    form.who.choices = [(key, each.name) for key, each in there.items()]
    form.item.choices = [(each.id, f"Item {each.number}: {each.title}") for each in queries.agenda(row)]

    def act(by: Actor) -> None:
        who = there[form.who.data]
        holding.declare_interest(
            meeting=queries.meeting(meeting_id, by), name=who.name, person_id=who.person_id, interest=form.interest.data,
            handled=form.handled.data, item=queries.item(form.item.data, by) if form.item.data else None, by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, {"interest": "interest", "name": "who"}):
        return back(row, "interests")
    return asked("interest", row, form)


@bp.route(f"{MEETING}/hold", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def hold(organisation: str, meeting_id: int) -> Page:
    """The count as it stands, the minutes of the meeting before, and that it was held."""
    row = queries.meeting(meeting_id, access.actor())
    form = HoldForm(obj=row)

    def act(by: Actor) -> None:
        holding.hold(
            meeting=queries.meeting(meeting_id, by), previous_minutes=form.previous_minutes.data,
            version_id=form.version_id.data or "", by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act):
        return back(row)
    return asked("hold", row, form, counted=queries.quorum(row))


@bp.route(f"{MEETING}/comments/open", methods=["POST"])
@access.requires(Permission.MANAGE_MEETING)
def open_comments(organisation: str, meeting_id: int) -> Page:
    """Give members the committee's working days to comment."""
    row, form = queries.meeting(meeting_id, access.actor()), VersionedForm()

    def act(by: Actor) -> None:
        to = queries.meeting(meeting_id, by)
        holding.open_comments(meeting=to, version_id=form.version_id.data or "", by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act):
        return back(row)
    return refused(row, form)


@bp.route(f"{MEETING}/close", methods=["POST"])
@access.requires(Permission.MANAGE_MEETING)
def close(organisation: str, meeting_id: int) -> Page:
    """Close it once every item has a decision."""
    row, form = queries.meeting(meeting_id, access.actor()), VersionedForm()

    def act(by: Actor) -> None:
        to = queries.meeting(meeting_id, by)
        holding.close(meeting=to, version_id=form.version_id.data or "", by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act):
        return back(row)
    return refused(row, form)


@bp.route(f"{MEETING}/actions/new", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def give(organisation: str, meeting_id: int) -> Page:
    """What somebody was asked to do, by a day."""
    row, form = queries.meeting(meeting_id, access.actor()), ActionForm()
    people = {each.id: each.name for each in identity.people_of(access.actor())}
    form.who.choices = list(people.items())
    form.item.choices = [(each.id, f"Item {each.number}: {each.title}") for each in queries.agenda(row)]

    def act(by: Actor) -> None:
        holding.give_action(
            meeting=queries.meeting(meeting_id, by), text=form.text.data, owner_id=form.who.data or None,
            owner=people[form.who.data] if form.who.data else form.owner.data, due_on=form.due_on.data,
            item=queries.item(form.item.data, by) if form.item.data else None, by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, {"text": "text", "due_on": "due_on"}):
        return back(row, "actions")
    return asked("action", row, form)


@bp.route(f"{MEETING}/actions/<int:action_id>/done", methods=["GET", "POST"])
@access.requires(Permission.READ_MEETING)
def done(organisation: str, meeting_id: int, action_id: int) -> Page:
    """Say that an action is done: its owner, or who keeps the meetings."""
    row, found = queries.meeting(meeting_id, access.actor()), queries.action(action_id, access.actor())
    if found.meeting_id != row.id:
        raise NotVisible()
    form = DoneForm(obj=found)

    def act(by: Actor) -> None:
        holding.finish_action(
            action=queries.action(action_id, by), words=form.words.data, version_id=form.version_id.data or "", by=by,
            at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act):
        return back(row, "actions")
    return asked("done", row, form, action=found)


def shown(row: Meeting, form: Form | None = None) -> str:
    """The page of a meeting, with what was refused at its head."""
    by = access.actor()
    return render_template(
        "committees/meeting.jinja", page=presenters.build(row, by, clock.today()), crumbs=crumbs(row)[:-1],
        form=form or Form(formdata=None), here={"organisation": by.organisation_code, "meeting_id": row.id},
    )  # fmt: skip


def refused(row: Meeting, form: Form) -> tuple[str, int]:
    """The page again, after a button on it was refused."""
    return shown(row, form), 422


def asked(name: str, row: Meeting, form: Form, **values: Any) -> tuple[str, int]:
    """A form of a meeting; 422 with everything typed where it was sent."""
    group = queries.committee_of(row)
    return render_template(
        f"committees/{name}.jinja", form=form, meeting=row, group=group, crumbs=crumbs(row), **values
    ), 422 if form.is_submitted() else 200


def back(row: Meeting, anchor: str | None = None) -> Response:
    """To the page of the meeting."""
    code = access.actor().organisation_code
    return redirect(url_for("meetings.meeting", organisation=code, meeting_id=row.id, _anchor=anchor))


def crumbs(row: Meeting) -> door.Crumbs:
    """The way back: all committees, this one, this meeting."""
    code, group = access.actor().organisation_code, queries.committee_of(row)
    return [
        ("Committees", url_for("committees.committees", organisation=code)),
        (group.name, url_for("committees.committee", organisation=code, committee_id=group.id)),
        (f"Meeting {row.number}", url_for("meetings.meeting", organisation=code, meeting_id=row.id)),
    ]
