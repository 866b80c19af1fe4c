"""Signing in and out, choosing an organisation, and one's own account."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from governance import clock
from governance.database import db, transaction
from governance.errors import Refused
from governance.identity import credentials, operations, queries, sessions, throttle
from governance.identity.forms import PasswordForm, SignInForm
from governance.identity.models import Person
from governance.web.access import acting, actor, public, signed_in
from governance.web.security import safe_next

bp = Blueprint("identity", __name__)

WAIT = "Too many attempts. Wait 15 minutes, then try again."
WRONG = "Check your e-mail address and password. They do not belong together."


@bp.route("/")
@public
def start() -> Response:
    """The front door: to the own first screen, or to sign in."""
    return redirect(url_for("identity.organisations" if current_user.is_authenticated else "identity.sign_in"))


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> tuple[str, int] | Response:
    """Sign in. Unknown e-mail and wrong password answer alike, and take as long."""
    form = SignInForm()
    if form.validate_on_submit():
        email, address = form.email.data, request.remote_addr or ""
        at = clock.now()
        if throttle.is_throttled(email, address, at):
            form.add_error(WAIT)
            return render_template("identity/sign_in.jinja", form=form), 429
        person = queries.person_by_email(email)
        good = credentials.matches(person, form.password.data)
        with transaction():
            throttle.note(email=email, address=address, passed=good, at=at)
        if good and person is not None:
            sessions.begin(person)
            return redirect(safe_next(request.args.get("next")) or url_for("identity.organisations"))
        form.add_error(WRONG)
    return render_template("identity/sign_in.jinja", form=form), 422 if form.is_submitted() else 200


@bp.route("/sign-out", methods=["POST"])
@public
def sign_out() -> Response:
    """End this session."""
    sessions.end()
    return redirect(url_for("identity.sign_in"))


@bp.route("/me")
@signed_in
def organisations() -> str | Response:
    """Organisations in which one may act; straight on where there is only one."""
    mine = queries.organisations_of(sessions.person_id(), clock.today())
    if len(mine) == 1:
        return redirect(url_for("home.home", organisation=mine[0].code))
    return render_template("identity/organisations.jinja", organisations=mine)


@bp.route("/me/account")
@signed_in
def account() -> str:
    """Name, registration and what one holds where."""
    on = clock.today()
    person = db.session.get(Person, sessions.person_id())
    me = sessions.person_id()
    held = [(each, queries.held_in(me, each.id, on)) for each in queries.organisations_of(me, on)]
    return render_template("identity/account.jinja", person=person, held=held, registration=actor().registration)


@bp.route("/me/password", methods=["GET", "POST"])
@signed_in
def password() -> tuple[str, int] | Response:
    """Change the password, which ends every session."""
    form = PasswordForm()
    if form.validate_on_submit():
        person = db.session.get(Person, sessions.person_id())
        email, address, at = person.email if person else "", request.remote_addr or "", clock.now()
        if throttle.is_throttled(email, address, at):
            form.add_error(WAIT)
            return render_template("identity/password.jinja", form=form), 429
        found = credentials.password_blockers(form.new.data, person.email if person else "")
        if not credentials.matches(person, form.present.data):
            with transaction():
                throttle.note(email=email, address=address, passed=False, at=at)
            form.add_error("This is not your present password.", "present")
        elif found:
            form.refuse(Refused(found), {blocker.code: "new" for blocker in found})
        else:
            hashed = credentials.hash_password(form.new.data)
            with acting() as by:
                row = db.session.get_one(Person, by.person_id)
                operations.change_password(person=row, password_hash=hashed, by=by, at=clock.now())
            sessions.end()
            return redirect(url_for("identity.sign_in", changed=1))
    return render_template("identity/password.jinja", form=form), 422 if form.is_submitted() else 200
