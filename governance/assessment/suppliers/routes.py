"""Pages of the organisation's people: what came from the supplier, its form, and its links."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.question_sets import loader
from governance.assessment.sheets import asked
from governance.assessment.sheets import presenters as sheet_presenters
from governance.assessment.sheets import queries as sheets
from governance.assessment.sheets.models import AnswerSheet
from governance.assessment.sheets.queries import SheetView
from governance.assessment.suppliers import notices, operations, presenters, queries, receiving, rules
from governance.assessment.suppliers.forms import AskForm, FilledFormForm
from governance.errors import Blocker, NotVisible, Refused, refuse_if
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.web import access
from governance.web.forms import Form

bp = Blueprint("suppliers", __name__)
HERE = "/<org:organisation>/submissions/<reference>/sheets/<question_set>/from-supplier"
Page = str | Response | tuple[str, int]
notices.init()


@bp.app_context_processor
def _panels() -> dict[str, Any]:
    """What the page of a sheet shows of its supplier: `from_supplier(submission, view)`."""
    return {"from_supplier": panel}


def panel(submission: Submission, view: SheetView) -> str:
    """The panel beside a sheet that suppliers answer; nothing beside any other."""
    if not rules.may_be_asked(view.question_set):
        return ""
    return presenters.panel(submission, view, _may(submission, view.question_set.code, access.actor()), clock.now())


@bp.get(HERE)
@access.requires(Permission.READ_SHEET)
def overview(organisation: str, reference: str, question_set: str) -> str:
    """Every form that was read and every link, newest first."""
    by = access.actor()
    submission, sheet = _there(reference, question_set, by)
    return render_template(
        "suppliers/overview.jinja", submission=submission, set=loader.question_set(question_set),
        links=presenters.link_lines(queries.links(sheet), clock.now()) if sheet else (),
        forms=presenters.form_lines(queries.forms(sheet)) if sheet else (),
        has_form=rules.has_form(question_set), may=_may(submission, question_set, by), mailed=queries.mail_is_set_up(),
        may_end=by.may(Permission.ASK_SUPPLIER) and submission.organisation_id == by.organisation_id,
    )  # fmt: skip


@bp.route(f"{HERE}/form", methods=["GET", "POST"])
@access.requires(Permission.ANSWER)
def upload(organisation: str, reference: str, question_set: str) -> Page:
    """Choose the supplier's filled form; it is read at once, and nothing is written."""
    by = access.actor()
    submission = _answerable(reference, question_set, by)
    form = FilledFormForm()
    if form.validate_on_submit():
        try:
            got = receiving.received(form.file.data, question_set)
            token = receiving.signed(got.upload, submission, question_set, by)
            return redirect(url_for("suppliers.check", token=token, **_place(submission, question_set, by)))
        except Refused as refused:
            form.refuse(refused, dict.fromkeys(refused.codes, "file"))
    published, status = loader.question_set(question_set), 422 if form.is_submitted() else 200
    return render_template("suppliers/upload.jinja", form=form, submission=submission, set=published), status


@bp.route(f"{HERE}/form/<token>", methods=["GET", "POST"])
@access.requires(Permission.ANSWER)
def check(organisation: str, reference: str, question_set: str, token: str) -> Page:
    """Every answer that was found and every code that was not; accepting writes them."""
    by = access.actor()
    submission = _answerable(reference, question_set, by)
    got, form = receiving.found(token, submission, question_set, by), Form()
    if form.is_submitted():
        try:
            with access.acting() as by:
                submission = _answerable(reference, question_set, by)
                made = operations.accept_form(
                    submission=submission, question_set=question_set, form=got.form, file=got.upload, by=by, at=clock.now()
                )
            return redirect(url_for("suppliers.account", form_id=made.id, **_place(submission, question_set, by)))
        except Refused as refused:
            form.refuse(refused)
            submission = _answerable(reference, question_set, by)
    published, sheet = loader.question_set(question_set), sheets.sheet_for(submission, question_set)
    before = queries.accepted(sheet, got.upload.sha256)
    taken = rules.taken(got.form, operations.kept(sheet) if sheet else {}, got.upload.filename)
    return render_template(
        "suppliers/check.jinja", form=form, submission=submission, set=published, filename=got.upload.filename,
        lines=presenters.lines(published, taken.account, got.form.answers), summary=presenters.summary(taken.account),
        unknown=presenters.unknown(got.form.unknown), any=bool(taken.answers), before=before,
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.get(f"{HERE}/forms/<int:form_id>")
@access.requires(Permission.READ_SHEET)
def account(organisation: str, reference: str, question_set: str, form_id: int) -> str:
    """What came of a form that was accepted, code by code."""
    by = access.actor()
    submission, sheet = _there(reference, question_set, by)
    if sheet is None:
        raise NotVisible()
    row, published = queries.form(form_id, sheet, by), loader.question_set(question_set)
    return render_template(
        "suppliers/account.jinja", submission=submission, set=published, row=row, read=presenters.form_lines([row])[0].read,
        lines=presenters.lines(published, row.account, queries.read_from(row)), summary=presenters.summary(row.account),
    )  # fmt: skip


@bp.route(f"{HERE}/ask", methods=["GET", "POST"])
@access.requires(Permission.ASK_SUPPLIER)
def ask(organisation: str, reference: str, question_set: str) -> Page:
    """Ask a contact at the supplier. The address is shown on the answer to this form and nowhere again."""
    by = access.actor()
    submission = _answerable(reference, question_set, by)
    form, published = AskForm(), loader.question_set(question_set)
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                sent = operations.ask(
                    submission=_answerable(reference, question_set, by), question_set=question_set, name=form.name.data,
                    email=form.email.data, note=form.note.data or "", until=form.until.data, by=by, at=clock.now(),
                )  # fmt: skip
            submission = intake.submission(reference, by)
            return render_template(
                "suppliers/sent.jinja", submission=submission, set=published, sent=sent,
                until=rules.last_day(sent.link.expires_at),
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused, {name: name for name in ("email", "until")})
            submission = _answerable(reference, question_set, by)
    status = 422 if form.is_submitted() else 200
    return render_template(
        "suppliers/ask.jinja", form=form, submission=submission, set=published, mailed=queries.mail_is_set_up()
    ), status


@bp.post(f"{HERE}/links/<int:link_id>/<any(again,revoke):act>")
@access.requires(Permission.ASK_SUPPLIER)
def act(organisation: str, reference: str, question_set: str, link_id: int, act: str) -> Response:
    """Send a link again, or take it back."""
    with access.acting() as by:
        submission, sheet = _there(reference, question_set, by)
        if sheet is None:
            raise NotVisible()
        link = queries.link(link_id, sheet, by)
        if act == "again":
            operations.send_again(link=link, by=by, at=clock.now())
        else:
            operations.revoke(link=link, by=by, at=clock.now())
        place = _place(submission, question_set, by)
    return redirect(url_for("suppliers.overview", **place))


def _there(reference: str, question_set: str, by: Actor) -> tuple[Submission, AnswerSheet | None]:
    """The submission and the set's sheet, where the set is one that suppliers answer. Raises NotVisible."""
    submission = intake.submission(reference, by)
    asked.sheet_row(submission, question_set)
    if not rules.may_be_asked(loader.question_set(question_set)):
        raise NotVisible()
    return submission, sheets.sheet_for(submission, question_set)


def _answerable(reference: str, question_set: str, by: Actor) -> Submission:
    """The submission, where this person may answer the set now. Raises Refused, NotVisible."""
    submission, _ = _there(reference, question_set, by)
    refuse_if(Blocker("answer", sentence) for sentence in _why_not(submission, question_set, by))
    return submission


def _why_not(submission: Submission, question_set: str, by: Actor) -> tuple[str, ...]:
    return sheet_presenters.why_not(submission, asked.sheet_row(submission, question_set), by)


def _may(submission: Submission, question_set: str, by: Actor) -> frozenset[str]:
    """What this person may do now: `ask` a supplier, accept a `form`."""
    if _why_not(submission, question_set, by):
        return frozenset()
    form = by.may(Permission.ANSWER) and rules.has_form(question_set)
    return frozenset({*(["ask"] if by.may(Permission.ASK_SUPPLIER) else []), *(["form"] if form else [])})


def _place(submission: Submission, question_set: str, by: Actor) -> dict[str, Any]:
    return {"organisation": by.organisation_code, "reference": submission.reference, "question_set": question_set}
