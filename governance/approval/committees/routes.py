"""Committees: all of them with their next meeting, one with its meetings and open actions, and planning the next."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.approval.committees import operations, presenters, queries, reading
from governance.approval.committees.forms import CommitteeForm, EndForm, PlanForm
from governance.approval.committees.models import Committee
from governance.assessment.plans import door
from governance.permissions import Actor, Permission
from governance.web import access

bp = Blueprint("committees", __name__)
COMMITTEES = "/<org:organisation>/committees"
COMMITTEE = f"{COMMITTEES}/<int:committee_id>"
PAGE = 20
Page = str | Response | tuple[str, int]
FIELDS = {"name": "name", "quorum": "roles", "quorum_people": "quorum_people", "comment_working_days": "comment_working_days"}


@bp.route(COMMITTEES)
@access.requires(Permission.READ_MEETING)
def committees(organisation: str) -> str:
    """Every committee with the meeting that comes next."""
    by = access.actor()
    groups = queries.committees(by)
    following = reading.next_meetings(groups)
    items = reading.items_on(list(following.values()))
    lines = [
        (each, presenters.quorum_of(each), presenters.meeting_line(found, items.get(found.id, 0), by) if found else None)
        for each in groups
        for found in (following.get(each.id),)
    ]
    return render_template("committees/list.jinja", lines=lines, may_manage=by.may(Permission.MANAGE_MEETING))


@bp.route(f"{COMMITTEES}/new", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def found(organisation: str) -> Page:
    """A new committee."""
    form, made = CommitteeForm(), []

    def act(by: Actor) -> None:
        made.append(
            operations.found_committee(
                name=form.name.data, seats=form.seats(), quorum_people=form.quorum_people.data,
                comment_working_days=form.comment_working_days.data, terms=form.terms.data or "", by=by, at=clock.now(),
            ).id
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, FIELDS):
        return redirect(url_for("committees.committee", organisation=organisation, committee_id=made[0]))
    return render_template("committees/committee_form.jinja", form=form, group=None, crumbs=_crumbs()), _status(form)


@bp.route(COMMITTEE)
@access.requires(Permission.READ_MEETING)
def committee(organisation: str, committee_id: int) -> str:
    """One committee: its meetings, the newest first, and what it asked for that is not done."""
    by = access.actor()
    group, before = queries.committee(committee_id, by), request.args.get("before", type=int)
    rows = queries.meetings(group, before=before if before is not None and 0 < before < 2**31 else None, limit=PAGE + 1)
    items = reading.items_on(rows)
    return render_template(
        "committees/committee.jinja", group=group, quorum=presenters.quorum_of(group), crumbs=_crumbs(),
        lines=[presenters.meeting_line(each, items.get(each.id, 0), by) for each in rows[:PAGE]],
        earlier=rows[PAGE - 1].number if len(rows) > PAGE else None,
        actions=[
            (presenters.action_line(row, "", meeting.status, by), presenters.meeting_line(meeting, 0, by))
            for row, meeting in reading.open_actions_of(group)
        ],
        manages=presenters.manages(group, by) and group.ended_on is None,
    )  # fmt: skip


@bp.route(f"{COMMITTEE}/change", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def change(organisation: str, committee_id: int) -> Page:
    """What makes it quorate. Meetings that were held keep what was counted."""
    group = queries.committee(committee_id, access.actor())
    seats = queries.seats(group)
    form = CommitteeForm(obj=group, roles=[each.role.value for each in seats])
    del form.name

    def act(by: Actor) -> None:
        operations.change_committee(
            committee=queries.committee(committee_id, by), terms=form.terms.data or "", seats=form.seats(seats),
            quorum_people=form.quorum_people.data, comment_working_days=form.comment_working_days.data,
            version_id=form.version_id.data or "", by=by, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, {code: name for code, name in FIELDS.items() if name != "name"}):
        return redirect(url_for("committees.committee", organisation=organisation, committee_id=committee_id))
    return render_template("committees/committee_form.jinja", form=form, group=group, crumbs=_crumbs(group)), _status(form)


@bp.route(f"{COMMITTEE}/end", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def end(organisation: str, committee_id: int) -> Page:
    """The last day of a committee; its meetings stay."""
    group = queries.committee(committee_id, access.actor())
    form = EndForm(obj=group)

    def act(by: Actor) -> None:
        operations.end_committee(
            committee=queries.committee(committee_id, by), on=form.on.data, version_id=form.version_id.data or "", by=by,
            at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act):
        return redirect(url_for("committees.committee", organisation=organisation, committee_id=committee_id))
    return render_template("committees/end.jinja", form=form, group=group, crumbs=_crumbs(group)), _status(form)


@bp.route(f"{COMMITTEE}/meetings/new", methods=["GET", "POST"])
@access.requires(Permission.MANAGE_MEETING)
def plan(organisation: str, committee_id: int) -> Page:
    """When and where it meets next."""
    group = queries.committee(committee_id, access.actor())
    form, made = PlanForm(), []

    def act(by: Actor) -> None:
        made.append(
            operations.plan(
                committee=queries.committee(committee_id, by), held_on=form.held_on.data, starts_at=form.starts_at.data,
                place=form.place.data or "", by=by, at=clock.now(),
            ).id
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, act, {"held_on": "held_on"}):
        return redirect(url_for("meetings.meeting", organisation=organisation, meeting_id=made[0]))
    return render_template("committees/plan.jinja", form=form, group=group, crumbs=_crumbs(group)), _status(form)


def _status(form: CommitteeForm | EndForm | PlanForm) -> int:
    return 422 if form.is_submitted() else 200


def _crumbs(group: Committee | None = None) -> door.Crumbs:
    code = access.actor().organisation_code
    way = [("Committees", url_for("committees.committees", organisation=code))]
    if group is not None:
        way.append((group.name, url_for("committees.committee", organisation=code, committee_id=group.id)))
    return way
