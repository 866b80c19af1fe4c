"""The organisation administrator's pages: who works here, in what role, appointed by what."""

import secrets
from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Refused
from governance.identity import credentials, delegations, held, operations, queries
from governance.identity.people_forms import AppointForm, ConcernsForm, EndForm, InviteForm, RegistrationForm
from governance.lifecycle import Stage
from governance.permissions import Actor, Permission, Role
from governance.web.access import acting, actor, requires

bp = Blueprint("people", __name__, url_prefix="/<org:organisation>/people")

Page = str | tuple[str, int] | Response


@bp.route("")
@requires(Permission.MANAGE_PEOPLE)
def people(organisation: str) -> Page:
    """Everybody here and what they hold."""
    on = clock.today()
    return render_template(
        "identity/people.jinja",
        memberships=queries.memberships_of(actor(), on),
        appointments=queries.appointments_of(actor(), on),
        people=[(each, held.registration(each, on)) for each in queries.people_of(actor())],
        handed=delegations.in_organisation(actor().organisation_id or 0, on),
        limits=held.limits,
    )


@bp.route("/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def invite(organisation: str) -> Page:
    """Make an account. The first password is shown once; the person changes it."""
    form = InviteForm()
    if form.validate_on_submit():
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        hashed = credentials.hash_password(password)
        try:
            with acting() as by:
                at = clock.now()
                person = operations.invite(email=form.email.data, name=form.name.data, password_hash=hashed, by=by, at=at)
                operations.add_membership(
                    person=person,
                    organisation_id=by.organisation_id or 0,
                    role=Role(form.role.data),
                    started_on=clock.london_date(at),
                    by=by,
                    at=at,
                )
            return render_template("identity/invited.jinja", email=form.email.data, name=form.name.data, password=password)
        except Refused as refused:
            form.refuse(refused, {"email": "email", "email_taken": "email", "role": "role"})
    return render_template("identity/invite.jinja", form=form), 422 if form.is_submitted() else 200


@bp.route("/appoint", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def appoint(organisation: str) -> Page:
    """Record an appointment to an accountable role of the whole organisation."""
    form = AppointForm()
    form.person.choices = [("", "Choose a person"), *((str(each.id), each.name) for each in queries.people_of(actor()))]
    if form.validate_on_submit():
        try:
            with acting() as by:
                operations.appoint(
                    person=queries.own_person(int(form.person.data), by),
                    organisation_id=by.organisation_id or 0,
                    role=Role(form.role.data),
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                    instrument=form.instrument.data,
                    highest_tier=form.highest_tier.data or None,
                    highest_stage=Stage(form.highest_stage.data) if form.highest_stage.data else None,
                    highest_residual=int(form.highest_residual.data) if form.highest_residual.data else None,
                    by=by,
                    at=clock.now(),
                )
            return redirect(url_for("people.people", organisation=organisation))
        except Refused as refused:
            form.refuse(refused, {
                "dates": "ends_on", "instrument": "instrument", "role": "role", "self": "person", "registration": "person",
                "dpo_and_siro": "person",
                "limit.tier": "highest_tier", "limit.stage": "highest_stage", "limit.residual": "highest_residual",
            })  # fmt: skip
    return render_template("identity/appoint.jinja", form=form), 422 if form.is_submitted() else 200


@bp.route("/<int:person_id>/registration", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def registration(organisation: str, person_id: int) -> Page:
    """Record a clinician's registration and training."""
    person = queries.own_person(person_id, actor())
    form = RegistrationForm()
    if form.validate_on_submit():
        try:
            with acting() as by:
                operations.record_registration(
                    person=queries.own_person(person_id, by),
                    body=form.body.data,
                    number=form.number.data,
                    expires_on=form.expires_on.data,
                    trained_on=form.trained_on.data,
                    by=by,
                    at=clock.now(),
                )
            return redirect(url_for("people.people", organisation=organisation))
        except Refused as refused:
            form.refuse(refused)
    status = 422 if form.is_submitted() else 200
    return render_template("identity/registration.jinja", form=form, person=person), status


@bp.route("/memberships/<int:membership_id>/end", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def end_membership(organisation: str, membership_id: int) -> Page:
    """End a membership from a day on."""
    queries.own_membership(membership_id, actor())

    def end(on: date, by: Actor) -> None:
        operations.end_membership(membership=queries.own_membership(membership_id, by), on=on, by=by, at=clock.now())

    return _ended(organisation, "this role", end)


@bp.route("/appointments/<int:appointment_id>/end", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def end_appointment(organisation: str, appointment_id: int) -> Page:
    """End an appointment early, from a day on."""
    queries.own_appointment(appointment_id, actor())

    def end(on: date, by: Actor) -> None:
        operations.end_appointment(appointment=queries.own_appointment(appointment_id, by), on=on, by=by, at=clock.now())

    return _ended(organisation, "this appointment", end)


def _ended(organisation: str, what: str, end: Callable[[date, Actor], None]) -> Page:
    """Ask for the day from which something a person holds ends, and end it."""
    form = EndForm()
    if form.validate_on_submit():
        try:
            with acting() as by:
                end(form.on.data, by)
            return redirect(url_for("people.people", organisation=organisation))
        except Refused as refused:
            form.refuse(refused)
    return render_template("identity/end.jinja", form=form, what=what), 422 if form.is_submitted() else 200


@bp.route("/concerns", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def concerns(organisation: str) -> Page:
    """How the public raises a concern here: shown on each public page of this organisation’s tools."""
    form = ConcernsForm(data={"concerns": queries.organisation(actor().organisation_id or 0).concerns})
    if form.validate_on_submit():
        try:
            with acting() as by:
                operations.say_how_to_raise_concerns(text=form.concerns.data or "", by=by, at=clock.now())
            return redirect(url_for("people.people", organisation=organisation))
        except Refused as refused:
            form.refuse(refused)
    return render_template("identity/concerns.jinja", form=form), 422 if form.is_submitted() else 200
