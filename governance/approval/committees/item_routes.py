"""One item of an agenda: its papers, what was decided, and what members say out of the meeting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from governance import clock
from governance.approval.committees import agreement, holding, operations, presenters, queries, reading
from governance.approval.committees.forms import CommentForm, DecideForm, EncloseForm
from governance.approval.committees.meeting_routes import MEETING, Page, asked, back, refused
from governance.approval.committees.models import AgendaItem, Meeting
from governance.assessment.plans import door
from governance.errors import NotVisible
from governance.permissions import Actor, Permission
from governance.web import access
from governance.web.forms import VersionedForm

bp = Blueprint("agenda", __name__)
ITEM = f"{MEETING}/items/<int:item_id>"


@bp.route(f"{ITEM}/take-off", methods=["POST"])
@access.requires(Permission.MANAGE_MEETING)
def take_off(organisation: str, meeting_id: int, item_id: int) -> Page:
    """Take it off the agenda of a planned meeting."""
    (row, _), form = _found(meeting_id, item_id), VersionedForm()

    def act(by: Actor) -> None:
        _, item = _found(meeting_id, item_id, by)
        operations.take_off(item=item, version_id=form.version_id.data or "", by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act):
        return back(row, "agenda")
    return refused(row, form)


@bp.route(f"{ITEM}/move-<any(up, down):way>", methods=["POST"])
@access.requires(Permission.MANAGE_MEETING)
def shift(organisation: str, meeting_id: int, item_id: int, way: str) -> Page:
    """Move it one place up or down the agenda of a planned meeting."""
    (row, _), form = _found(meeting_id, item_id), VersionedForm()

    def act(by: Actor) -> None:
        _, item = _found(meeting_id, item_id, by)
        operations.shift(item=item, up=way == "up", version_id=form.version_id.data or "", by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act):
        _, item = _found(meeting_id, item_id)
        return back(row, f"item-{item.number}")
    return refused(row, form)


@bp.route(f"{ITEM}/papers", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def enclose(organisation: str, meeting_id: int, item_id: int) -> Page:
    """Sections of the item's pack, and files of evidence that the pack names, that go to members."""
    (row, item), form = _found(meeting_id, item_id), EncloseForm()
    form.sections.choices = [(each.code, each.title) for each in reading.sections_left(item, access.actor())]
    form.files.choices = [(each.id, presenters.file_named(each)) for each in reading.files_left(item, access.actor())]

    def act(by: Actor) -> None:
        _, to = _found(meeting_id, item_id, by)
        sections, files = reading.sections_left(to, by), reading.files_left(to, by)
        for section in (each for each in sections if each.code in form.sections.data):
            operations.enclose_section(item=to, section=section, by=by, at=clock.now())
        for file in (each for each in files if each.id in form.files.data):
            operations.enclose_evidence(item=to, evidence=file, by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act, {"enclosure": "sections"}):
        return back(row, f"item-{item.number}")
    return asked("enclose", row, form, item=item)


@bp.route(f"{ITEM}/decide", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def decide(organisation: str, meeting_id: int, item_id: int) -> Page:
    """The opinion and the decision of the committee. It moves no submission."""
    row, item = _found(meeting_id, item_id)
    kept = {"opinion": item.opinion, "decision": item.decision or None, "version_id": item.version_id}
    form = DecideForm(data=kept | {"caveats": "\n".join(item.caveats)})

    def act(by: Actor) -> None:
        _, to = _found(meeting_id, item_id, by)
        holding.decide(
            item=to, opinion=form.opinion.data or "", decision=form.decision.data, caveats=form.lines(),
            version_id=form.version_id.data or "", by=by, at=clock.now(),
        )  # fmt: skip

    fields = {"decision": "decision", "caveats": "caveats", "quorum": "decision"}
    if form.validate_on_submit() and door.attempt(form, act, fields):
        return back(row, f"item-{item.number}")
    return asked("decide", row, form, item=item, counted=queries.quorum(row, item), stands=_stands(item))


@bp.route(f"{ITEM}/comment", methods=["GET", "POST"])
@access.requires(Permission.COMMENT_ON_ITEM)
def comment(organisation: str, meeting_id: int, item_id: int) -> Page:
    """What a member says while comments are open. It is no sign-off."""
    (row, item), form = _found(meeting_id, item_id), CommentForm()

    def act(by: Actor) -> None:
        _, to = _found(meeting_id, item_id, by)
        holding.comment(item=to, position=form.position.data, text=form.text.data or "", by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, act, {"position": "position", "text": "text"}):
        return back(row, f"item-{item.number}")
    return asked("comment", row, form, item=item)


def _found(meeting_id: int, item_id: int, by: Actor | None = None) -> tuple[Meeting, AgendaItem]:
    """A meeting with an item of its agenda. Raises NotVisible."""
    who = by or access.actor()
    row, item = queries.meeting(meeting_id, who), queries.item(item_id, who)
    if item.meeting_id != row.id:
        raise NotVisible()
    return row, item


def _stands(item: AgendaItem) -> Any:
    """Where those who sign stand, so that the page on which the opinion is written says which is which."""
    about = reading.submissions_of([item]).get(item.submission_id or 0)
    return agreement.build(item, about, access.actor(), clock.today()) if about is not None else None
