"""What I hold and until when, and handing my queue to another holder of the same role."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.database import db
from governance.errors import Forbidden, NotVisible, Refused
from governance.home.appointment_forms import EndHandOverForm, HandOverForm
from governance.home.presenters import appointments
from governance.identity import delegations, operations, queries
from governance.identity.models import Person
from governance.permissions import Actor, Held, Permission, Role
from governance.register.models import Deployment
from governance.web.access import acting, actor, requires, requires_somewhere

bp = Blueprint("appointments", __name__, url_prefix="/me/appointments")
FIELDS = {
    "self": "to", "to": "to", "registration": "to", "reason": "reason", "dates": "ends_on", "past": "starts_on",
    "from": "ends_on",
}  # fmt: skip
Page = str | Response | tuple[str, int]


@bp.route("")
@requires_somewhere(Permission.READ_HOME)
def mine() -> str:
    """Everything I hold in every organisation, my registration, what ends soon, and who acts for me."""
    return render_template("home/appointments.jinja", it=appointments.build(actor(), clock.today()))


@bp.route("/<org:organisation>/<role>/hand-over", methods=["GET", "POST"])
@bp.route("/<org:organisation>/<role>/<int:deployment_id>/hand-over", methods=["GET", "POST"])
@requires(Permission.DELEGATE)
def hand_over(organisation: str, role: str, deployment_id: int | None = None) -> Page:
    """Hand the work of one role to another of its holders, for some days."""
    held, form = _held(actor(), role, deployment_id), HandOverForm()
    others = _others(actor(), held)
    form.to.choices = [("", "Choose a person"), *((str(each.id), each.name) for each in others)]
    if form.validate_on_submit():
        try:
            with acting() as by:
                assert by.organisation_id is not None
                operations.delegate(
                    organisation_id=by.organisation_id, role=held.role, deployment_id=deployment_id,
                    to=db.session.get_one(Person, int(form.to.data)), starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data, reason=form.reason.data, by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(url_for("appointments.mine"))
        except Refused as refused:
            form.refuse(refused, FIELDS)
    tool = db.session.get(Deployment, deployment_id) if deployment_id else None
    return render_template(
        "home/hand_over.jinja", form=form, held=held, others=others, tool=tool,
        where=queries.organisation_name(actor().organisation_id or 0),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route("/<org:organisation>/hand-overs/<int:delegation_id>/end", methods=["GET", "POST"])
@requires(Permission.DELEGATE)
def end(organisation: str, delegation_id: int) -> Page:
    """End a hand-over from today on."""
    row, form = delegations.own(delegation_id, actor()), EndHandOverForm()
    if form.validate_on_submit():
        try:
            with acting() as by:
                at = clock.now()
                operations.end_delegation(
                    delegation=delegations.own(delegation_id, by), on=clock.london_date(at), by=by, at=at
                )
            return redirect(url_for("appointments.mine"))
        except Refused as refused:
            form.refuse(refused)
    people = {each.row.id: each for each in delegations.all_of(actor().person_id)}
    return render_template(
        "home/end_hand_over.jinja", form=form, row=row, each=people.get(row.id)
    ), 422 if form.is_submitted() else 200


def _held(by: Actor, role: str, deployment_id: int | None) -> Held:
    """What is handed over. Raises Forbidden for a role the actor does not hold here, NotVisible where there is no such role."""
    for each in by.current:
        if each.role.value == role and each.deployment_id == deployment_id and each.role.is_appointed:
            return each
    if role not in list(Role):
        raise NotVisible()
    raise Forbidden("You hand over only work that is yours: you do not hold this role here.")


def _others(by: Actor, held: Held) -> list[Person]:
    """The other holders of a role, who alone can act."""
    found = queries.holders(by.organisation_id or 0, held.role, by.on, held.deployment_id)
    return [each for each in found if each.id != by.person_id and each.disabled_at is None]
