"""The page of one deployment, and appointing who answers for it."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Refused
from governance.home import deployment_page
from governance.identity import operations as identity
from governance.identity import queries as people
from governance.identity.people_forms import DeploymentAppointForm
from governance.permissions import Permission, Role
from governance.register import queries as register
from governance.web.access import acting, actor, requires

bp = Blueprint("deployments", __name__, url_prefix="/<org:organisation>/tools/<reference>")


@bp.route("")
@requires(Permission.READ_REGISTER)
def deployment(organisation: str, reference: str) -> str:
    """Where it stands, whose turn it is, its conditions, who answers for it, and what partners see."""
    row = register.deployment(reference, actor())
    return render_template("home/deployment.jinja", it=deployment_page.build(row, actor(), clock.today()))


@bp.route("/appoint", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def appoint(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Appoint the clinical lead or senior responsible owner of this deployment."""
    row = register.deployment(reference, actor())
    form = DeploymentAppointForm()
    form.person.choices = [("", "Choose a person"), *((str(each.id), each.name) for each in people.people_of(actor()))]
    if form.validate_on_submit():
        try:
            with acting() as by:
                row = register.deployment(reference, by)
                identity.appoint(
                    person=people.own_person(int(form.person.data), by),
                    organisation_id=row.organisation_id,
                    deployment_id=row.id,
                    role=Role(form.role.data),
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                    instrument=form.instrument.data,
                    by=by,
                    at=clock.now(),
                )
            return redirect(url_for("deployments.deployment", organisation=organisation, reference=reference))
        except Refused as refused:
            form.refuse(refused, {"dates": "ends_on", "instrument": "instrument", "role": "role", "self": "person"})
    page = render_template(
        "home/appoint.jinja",
        form=form,
        deployment=row,
        appointments=people.appointments_of(actor(), clock.today(), row.id),
    )
    return page, 422 if form.is_submitted() else 200
