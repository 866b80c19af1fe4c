"""Hazard workshops of a deployment: the list, one of them, and the record of a new one."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence import queries as evidence_queries
from governance.assessment.evidence import receiving
from governance.assessment.evidence.forms import label
from governance.assessment.plans import door
from governance.assessment.workshops import operations, presenters, queries, rules
from governance.assessment.workshops.forms import WorkshopForm
from governance.errors import Refused, refuse_if
from governance.permissions import Actor, Permission
from governance.register import queries as register
from governance.register.models import Deployment
from governance.web import access
from governance.web.uploads import Upload
from governance.web.wording import listed, long_date, starting_small

bp = Blueprint("workshops", __name__)
WORKSHOPS = "/<org:organisation>/tools/<reference>/workshops"
FIELDS = {
    "workshop.held_on": "held_on", "workshop.attendance": "role_0", "workshop.minutes": "minutes",
}  # fmt: skip


@bp.route(WORKSHOPS)
@access.requires(Permission.READ_SHEET)
def workshops(organisation: str, reference: str) -> str:
    """Every workshop, the newest first."""
    deployment, by = register.deployment(reference, access.actor()), access.actor()
    own = by.organisation_id == deployment.organisation_id
    return render_template(
        "workshops/workshops.jinja", rows=presenters.shown(queries.workshops(deployment)), deployment=deployment,
        where=door.where(deployment), crumbs=_crumbs(deployment),
        may_record=own and by.may(Permission.RECORD_WORKSHOP, deployment_id=deployment.id),
    )  # fmt: skip


@bp.route(f"{WORKSHOPS}/<int:number>")
@access.requires(Permission.READ_SHEET)
def show(organisation: str, reference: str, number: int) -> str:
    """One workshop as it was recorded."""
    deployment = register.deployment(reference, access.actor())
    (row,) = presenters.shown([queries.workshop(deployment, number)])
    return render_template(
        "workshops/workshop.jinja", row=row, deployment=deployment, where=door.where(deployment),
        crumbs=[*_crumbs(deployment), ("Hazard workshops", _to("workshops.workshops", deployment))],
    )  # fmt: skip


@bp.route(f"{WORKSHOPS}/record", methods=["GET", "POST"])
@access.requires(Permission.RECORD_WORKSHOP)
def record(organisation: str, reference: str) -> tuple[str, int] | Response:
    """Record a workshop that was held."""
    deployment = register.deployment(reference, access.actor())
    form = WorkshopForm()
    form.evidence.choices = [(item.id, label(item)) for item in evidence_queries.choices(access.actor())]
    if form.validate_on_submit() and (number := _save(form, reference)):
        return redirect(_to("workshops.show", deployment, number=number))
    return render_template(
        "workshops/record.jinja", form=form, usual=listed(starting_small(each) for each in rules.ROLES), lines=rules.ROWS,
        where=door.where(deployment),
        crumbs=[*_crumbs(deployment), ("Hazard workshops", _to("workshops.workshops", deployment))],
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _save(form: WorkshopForm, reference: str) -> int:
    """Receive the file, then keep the record in the one transaction; 0 where it was refused."""
    made: list[int] = []
    try:
        upload = _upload(form)
    except Refused as refused:
        form.refuse(refused, dict.fromkeys(refused.codes, "file") | FIELDS)
        return 0

    def keep(by: Actor) -> None:
        workshop = operations.record(
            deployment=register.deployment(reference, by), held_on=form.held_on.data, attendance=form.attendance,
            technique=form.technique.data or "", minutes=form.minutes.data or "", evidence=_item(form, upload, by), by=by,
            at=clock.now(),
        )  # fmt: skip
        made.append(workshop.number)

    return made[0] if door.attempt(form, keep, FIELDS) else 0


def _upload(form: WorkshopForm) -> Upload | None:
    sent = form.file.data
    if not (isinstance(sent, FileStorage) and sent.filename):
        return None
    refuse_if(
        rules.record_blockers(
            held_on=form.held_on.data, attendance=form.attendance, minutes=form.minutes.data or "", has_file=True,
            on=clock.today(),
        )
    )  # fmt: skip
    if form.evidence.data:
        raise Refused.because("Choose one: evidence you hold, or a new file.", code="workshop.file")
    return receiving.kept(sent)


def _item(form: WorkshopForm, upload: Upload | None, by: Actor) -> evidence.Evidence | None:
    if upload is not None:
        held = form.held_on.data
        title = f"Minutes of the hazard workshop of {long_date(held)}" if held else "Minutes of a hazard workshop"
        return evidence.attach(title=title, kind="other", upload=upload, issued_on=held, by=by, at=clock.now())
    return evidence_queries.evidence(int(form.evidence.data), by) if form.evidence.data else None


def _to(endpoint: str, deployment: Deployment, **values: Any) -> str:
    return url_for(endpoint, organisation=access.actor().organisation_code, reference=deployment.reference, **values)


def _crumbs(deployment: Deployment) -> door.Crumbs:
    """The way back: the tool and its hazard log."""
    return [
        (door.where(deployment), _to("deployments.deployment", deployment)),
        ("Hazard log", _to("hazards.log", deployment)),
    ]
