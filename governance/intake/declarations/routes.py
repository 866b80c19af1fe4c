"""Declaring what is in use: one tool here, or one in many organisations; and asking for its re-assurance."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Refused
from governance.identity import queries as people
from governance.intake.declarations import forms, operations, presenters, queries
from governance.permissions import Permission
from governance.register import queries as register
from governance.web.access import acting, actor, requires
from governance.web.forms import Form

bp = Blueprint("declarations", __name__)
Page = str | tuple[str, int] | Response


@bp.route("/<org:organisation>/declare", methods=["GET", "POST"])
@requires(Permission.DECLARE)
def declare(organisation: str) -> Page:
    """One page about one tool in use here."""
    form = forms.declare_form()
    form.offer_sites(people.sites_of(actor()))
    _offer_alike(form)
    if form.validate_on_submit():
        try:
            with acting() as by:
                sites = form["sites"].data if "sites" in form else ()
                row = operations.declare(**form.said(), site_ids=sites, by=by, at=clock.now())
                reference = presenters.reference_of(row)
            return redirect(url_for("interim.declaration", organisation=organisation, reference=reference))
        except Refused as refused:
            form.refuse(refused, forms.fields(refused, form))
    return render_template(
        "intake/declare.jinja", form=form, due=queries.interim_due(clock.today()), many=len(queries.practices(actor())),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route("/<org:organisation>/declare/many", methods=["GET", "POST"])
@requires(Permission.DECLARE)
def many(organisation: str) -> Page:
    """One tool in many organisations that let this person act in them: all ticked ones, or none."""
    practices = queries.practices(actor())
    form = forms.many_form(practices)
    _offer_alike(form)
    if form.validate_on_submit():
        try:
            with acting() as by:
                places = forms.places(form, queries.practices(by))
                rows = operations.declare_for_many(
                    places=places, **form.said(without=forms.PER_PLACE), by=by, at=clock.now()
                )
                first = rows[0].id
            return redirect(url_for("declarations.made", organisation=organisation, declaration_id=first))
        except Refused as refused:
            form.refuse(refused, forms.fields(refused, form))
    return render_template("intake/declare_many.jinja", form=form, practices=practices), 422 if form.is_submitted() else 200


@bp.route("/<org:organisation>/declare/many/<int:declaration_id>")
@requires(Permission.DECLARE)
def made(organisation: str, declaration_id: int) -> str:
    """What was declared in one go, and what happens next."""
    rows = queries.made_together(declaration_id, actor())
    return render_template("intake/declared_many.jinja", rows=rows, due=rows[0][0].interim_due_on, tool=rows[0][1].tool.name)


@bp.route("/<org:organisation>/tools/<reference>/re-assurance", methods=["GET", "POST"])
@requires(Permission.START_SUBMISSION)
def re_assurance(organisation: str, reference: str) -> Page:
    """Start the re-assurance of a declared tool, with all that was stated carried over."""
    deployment, form = register.deployment(reference, actor()), Form()
    row = queries.own(deployment)
    if form.validate_on_submit():
        try:
            with acting() as by:
                mine = register.deployment(reference, by)
                submission = operations.start_re_assurance(deployment=mine, by=by, at=clock.now())
                draft = submission.id
            return redirect(url_for("intake.draft", organisation=organisation, draft=draft))
        except Refused as refused:
            form.refuse(refused)
            deployment = register.deployment(reference, actor())
            row = queries.own(deployment)
    return render_template(
        "intake/re_assurance.jinja", form=form, deployment=deployment, facts=presenters.stated(row, deployment),
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _offer_alike(form: Any) -> None:
    """Once the names are typed: is it a tool on the register?"""
    name, maker = form.tool_name.data or "", form.manufacturer.data or ""
    form.offer_alike(queries.alike(name, maker) if form.is_submitted() and name else ())
