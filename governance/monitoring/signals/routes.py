"""Signals: the list of an organisation, one signal, taking it up and closing it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.plans import door
from governance.database import db
from governance.monitoring.readings import presenters as readings
from governance.monitoring.readings.models import Indicator
from governance.monitoring.signals import operations, presenters, queries
from governance.monitoring.signals.forms import CloseForm, TakeUpForm
from governance.permissions import Actor, Permission
from governance.register import queries as register
from governance.web import access

bp = Blueprint("signals", __name__)
HERE = "/<org:organisation>/tools/<reference>/signals/<int:number>"
Page = str | Response | tuple[str, int]


@bp.route("/<org:organisation>/signals")
@access.requires(Permission.READ_REGISTER)
def signals(organisation: str) -> str:
    """Open signals, red first; or those that are closed."""
    by, closed = access.actor(), request.args.get("closed") == "1"
    after = request.args.get("after", type=int)
    rows = queries.listed(by.scope, closed=closed, after=after if closed else None, limit=queries.PAGE + 1 if closed else 200)
    more = rows[queries.PAGE - 1].signal.id if closed and len(rows) > queries.PAGE else None
    rows = rows[: queries.PAGE] if closed else rows
    return render_template(
        "monitoring/signals.jinja",
        title="Closed signals" if closed else presenters.title(queries.how_many_open(by.scope)),
        lines=presenters.lines(rows, dict.fromkeys(by.scope, by), clock.now()), closed=closed, more=more,
        waiting=[] if closed else readings.waiting(by, clock.today()),
    )  # fmt: skip


@bp.route(HERE)
@access.requires(Permission.READ_REGISTER)
def signal(organisation: str, reference: str, number: int) -> Page:
    """What was seen, its chart, whose turn it is, and what was done."""
    return _shown(reference, number)


@bp.route(f"{HERE}/take-up", methods=["POST"])
@access.requires(Permission.ACT_ON_SIGNAL)
def take_up(organisation: str, reference: str, number: int) -> Page:
    """Say that somebody looks into it."""
    form = TakeUpForm()

    def act(by: Actor) -> None:
        row = queries.signal(register.deployment(reference, by), number)
        operations.take_up(
            signal=row, text=form.text.data or "", version_id=form.version_id.data or "", by=by, at=clock.now()
        )

    if form.validate_on_submit() and door.attempt(form, act):
        return redirect(url_for("signals.signal", organisation=organisation, reference=reference, number=number))
    return _shown(reference, number, take=form), 422


@bp.route(f"{HERE}/close", methods=["POST"])
@access.requires(Permission.ACT_ON_SIGNAL)
def close(organisation: str, reference: str, number: int) -> Page:
    """Close it with what was found and done."""
    form = CloseForm()

    def act(by: Actor) -> None:
        row = queries.signal(register.deployment(reference, by), number)
        operations.close(
            signal=row, text=form.text.data or "", version_id=form.version_id.data or "", by=by, at=clock.now()
        )

    if form.validate_on_submit() and door.attempt(form, act, {"text": "text"}):
        return redirect(url_for("signals.signal", organisation=organisation, reference=reference, number=number))
    return _shown(reference, number, end=form), 422


def _shown(reference: str, number: int, *, take: TakeUpForm | None = None, end: CloseForm | None = None) -> str:
    by = access.actor()
    deployment = register.deployment(reference, by)
    row = queries.signal(deployment, number)
    it = presenters.page(row, db.session.get_one(Indicator, row.indicator_id), deployment, by, clock.today())
    fresh = {"version_id": row.version_id}
    return render_template(
        "monitoring/signal.jinja", it=it, failed=take or end,
        take=take or (TakeUpForm(data=fresh, formdata=None) if it.may_take_up else None),
        end=end or (CloseForm(data=fresh, formdata=None) if it.may_close else None),
    )  # fmt: skip
