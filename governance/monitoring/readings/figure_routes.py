"""Entering figures: a month by form, a file of them, the correction of one, and what was entered together."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from governance import clock
from governance.assessment.plans import door
from governance.clock import add_months
from governance.errors import NotVisible, Refused
from governance.monitoring.readings import filed, months, operations, periods, queries, rules
from governance.monitoring.readings.filed import Account
from governance.monitoring.readings.forms import CorrectForm, UploadForm, enter_form
from governance.monitoring.readings.rules import Entry
from governance.permissions import Actor, Permission
from governance.register import queries as register
from governance.register.models import Deployment
from governance.spreadsheets import Table, read_sheet, write_csv
from governance.spreadsheets.cells import MOST_BYTES
from governance.web import access, uploads
from governance.web.wording import month as month_name

bp = Blueprint("figures", __name__)
HERE = "/<org:organisation>/tools/<reference>/monitoring"
CORRECT_FIRST = "Nothing was entered. Correct the rows below in your file, then choose it again."
Page = str | Response | Redirect | tuple[str, int]


@bp.route(f"{HERE}/enter", methods=["GET", "POST"])
@access.requires(Permission.ENTER_READINGS)
def enter(organisation: str, reference: str) -> Page:
    """The figures of one month, for all indicators on one page."""
    deployment = register.deployment(reference, access.actor())
    month = _month(request.args.get("month", ""))
    groups = months.groups(deployment, month, access.actor(), clock.today())
    form = enter_form([each for group in groups for each in group.asked])

    def act(by: Actor) -> None:
        mine = register.deployment(reference, by)
        operations.enter(deployment=mine, entries=form.entries(), by=by, at=clock.now())

    if form.validate_on_submit():
        form.entries()
        codes = {f"figure.{each.number}.{each.period_on.isoformat()}": each.field for each in form.asked}
        if form.faultless and door.attempt(form, act, codes):
            return redirect(url_for("readings.overview", organisation=organisation, reference=reference))
    here: dict[str, Any] = {"organisation": organisation, "reference": reference}
    later = add_months(month, 1)
    return render_template(
        "monitoring/enter.jinja", form=form, groups=groups, month=month_name(month), where=door.where(deployment),
        before=(month_name(add_months(month, -1)), url_for("figures.enter", month=f"{add_months(month, -1):%Y-%m}", **here)),
        after=(month_name(later), url_for("figures.enter", month=f"{later:%Y-%m}", **here)) if later <= clock.today() else None,
        stopping=rules.watch_blockers(deployment.stage, deployment.standing), crumbs=_crumbs(deployment),
        upload_url=url_for("figures.upload", **here),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/<int:number>/figures/<period>", methods=["GET", "POST"])
@access.requires(Permission.ENTER_READINGS)
def correct(organisation: str, reference: str, number: int, period: str) -> Page:
    """Correct one figure, with the reason. The one before stays visible."""
    deployment = register.deployment(reference, access.actor())
    indicator = queries.indicator(deployment, number)
    figures = queries.figures_of([indicator.id]).get(indicator.id, ())
    held = next((each for each in figures if each.period_on.isoformat() == period), None)
    if held is None:
        raise NotVisible()
    back = url_for("readings.indicator", organisation=organisation, reference=reference, number=number)
    form = CorrectForm(data={"value": rules.written(held.value)})

    def act(by: Actor) -> None:
        value, _ = rules.read_value(form.value.data or "")
        assert value is not None
        entry = Entry(number, held.period_on, value, form.note.data or "")
        operations.enter(deployment=register.deployment(reference, by), entries=[entry], by=by, at=clock.now())

    if form.validate_on_submit():
        fault = rules.read_value(form.value.data or "")[1]
        if fault:
            form.add_error(f"The figure {fault}", "value")
        elif door.attempt(form, act, {"none": "value"}):
            return redirect(back)
    said = periods.name(held.period_on, indicator.frequency)
    return render_template(
        "monitoring/form.jinja", title=f"Correct the figure for {said}", submit="Save the correction", form=form,
        fields=["value", "note"], where=f"{indicator.name} · {door.where(deployment)}",
        lede=f"{rules.said(held.value, indicator.unit)} is held now. It stays visible as what was corrected.",
        crumbs=[*_crumbs(deployment), (indicator.name, back)],
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/upload", methods=["GET", "POST"])
@access.requires(Permission.ENTER_READINGS)
def upload(organisation: str, reference: str) -> Page:
    """A file of figures: all are entered, or none, with an account of every row."""
    deployment = register.deployment(reference, access.actor())
    form, account = UploadForm(), None
    if form.validate_on_submit():
        try:
            name, data = uploads.take(form.file.data, limit=MOST_BYTES)
            account = _account(deployment, data, name)
            if not account.problem and not account.faults:
                with access.acting() as by:
                    made = operations.enter(
                        deployment=register.deployment(reference, by), entries=account.entries, by=by, at=clock.now(),
                        source="csv", filename=name, sha256=sha256(data).hexdigest(), rows=account.rows,
                    )  # fmt: skip
                return redirect(url_for("figures.batch", organisation=organisation, reference=reference, batch_id=made.id))
            form.add_error(account.problem or CORRECT_FIRST, "file")
        except Refused as refused:
            form.refuse(refused, {each.code: "file" for each in refused.blockers})
    return render_template(
        "monitoring/upload.jinja", form=form, account=account, where=door.where(deployment), crumbs=_crumbs(deployment),
        stopping=rules.watch_blockers(deployment.stage, deployment.standing),
        indicators=queries.indicators(deployment, ended=False),
        template_url=url_for("figures.template", organisation=organisation, reference=reference),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/upload/template.csv")
@access.requires(Permission.ENTER_READINGS)
def template(organisation: str, reference: str) -> Response:
    """A file to fill in: a row for each figure that is over and not in."""
    deployment = register.deployment(reference, access.actor())
    rows = [
        (_in_file(period, each.indicator.frequency), f"{each.indicator.number}. {each.indicator.name}", "", "")
        for each in queries.not_in(queries.indicators(deployment, ended=False), clock.today())
        for period in (*each.late, *each.waiting)[:400]
    ]
    table = Table("Figures", filed.HEADINGS, rows)
    return send_file(
        BytesIO(write_csv(table)), mimetype="text/csv", as_attachment=True, download_name=f"figures-{reference}.csv"
    )


@bp.route(f"{HERE}/batches/<int:batch_id>")
@access.requires(Permission.READ_REGISTER)
def batch(organisation: str, reference: str, batch_id: int) -> str:
    """Figures that were entered together, row by row."""
    deployment = register.deployment(reference, access.actor())
    row, entered = queries.batch(deployment, batch_id)
    return render_template(
        "monitoring/batch.jinja", it=months.entered_together(row, entered, queries.indicators(deployment)),
        where=door.where(deployment), crumbs=_crumbs(deployment),
    )  # fmt: skip


def _account(deployment: Deployment, data: bytes, name: str) -> Account:
    indicators = queries.indicators(deployment)
    figures = queries.figures_of([each.id for each in indicators])
    return filed.account(
        read_sheet(data, filename=name),
        [rules.Measured(each.number, each.name, each.frequency, each.ended_on) for each in indicators],
        {(each.number, figure.period_on): figure.value for each in indicators for figure in figures.get(each.id, ())},
        on=clock.today(),
    )


def _month(text: str) -> date:
    """The month asked for; the last that is over where none is, or none that can be."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    found = periods.read(text, "monthly")
    return found if found and found <= clock.today() else last.replace(day=1)


def _in_file(period: date, frequency: str) -> str:
    return f"{period:%Y-%m}" if frequency in ("monthly", "quarterly") else period.isoformat()


def _crumbs(deployment: Deployment) -> list[tuple[str, str]]:
    here: dict[str, Any] = {"organisation": access.actor().organisation_code, "reference": deployment.reference}
    return [
        (deployment.tool.name, url_for("deployments.deployment", **here)),
        ("Monitoring", url_for("readings.overview", **here)),
    ]
