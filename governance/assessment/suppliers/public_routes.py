"""Pages behind a supplier's link: what is asked, one section a page, files, and handing in. Nothing else of the product.

The address holds the secret. Pages are not kept, not indexed, and tell no other site where somebody came from (the house's
`same-origin`: with `no-referrer` no form could be sent over HTTPS, whose forgery check reads where it came from).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answered

from governance import clock
from governance.assessment.evidence import receiving
from governance.assessment.question_sets.schema import QuestionSet, Section
from governance.assessment.sheets import forms as sheet_forms
from governance.assessment.sheets import queries as sheets
from governance.assessment.sheets import rules as sheet_rules
from governance.assessment.sheets.models import SupplierLink
from governance.assessment.sheets.queries import SheetView
from governance.assessment.sheets.rules import Given, Kept
from governance.assessment.suppliers import answering, limits, operations, queries, rules
from governance.assessment.suppliers.forms import SupplierFileForm
from governance.assessment.suppliers.queries import NoLink
from governance.database import db, transaction
from governance.errors import Conflict, GovernanceError, NotVisible, Refused
from governance.identity import queries as identity
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.web.access import public
from governance.web.forms import Form

bp = Blueprint("supplier", __name__, url_prefix="/supplier")
Page = str | Answered | tuple[str, int]
WAIT = "Too many links that do not work were tried from your network. Wait 15 minutes, then try again."
NOTE_ALONE = "Give an answer too, or clear the note: a note alone would take the place of the answer that is there."


@bp.after_request
def _apart(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True)
class Here:
    """What an address opens: the link, the submission its sheet is for, and the sheet as it stands."""

    token: str
    link: SupplierLink
    submission: Submission
    view: SheetView

    @property
    def published(self) -> QuestionSet:
        return self.view.question_set

    @property
    def organisation(self) -> str:
        return identity.organisation_name(self.link.organisation_id)

    def section(self, code: str) -> Section:
        """One section of the set. Raises NotVisible."""
        try:
            return self.published.section(code)
        except LookupError:
            raise NotVisible() from None

    def page(self, template: str, **values: Any) -> str:
        """One page, with who asks about what."""
        assert self.submission.deployment is not None
        version = self.submission.tool_version or self.submission.deployment.tool_version
        return render_template(
            f"suppliers/{template}.jinja", token=self.token, link=self.link, set=self.published, asking=self.organisation,
            tool=f"{version.tool.name} {version.version}", last_day=rules.last_day(self.link.expires_at), **values,
        )  # fmt: skip


class _TooMany(NoLink):
    """Somebody tries addresses."""

    status = 429

    def __init__(self) -> None:
        super(NoLink, self).__init__(WAIT)


@bp.errorhandler(GovernanceError)
def _no(error: GovernanceError) -> tuple[str, int] | Answered:
    """The same bare page for every link that does not work, and for whatever is not on this sheet."""
    db.session.rollback()
    if error.status >= 500:
        raise error
    return render_template("suppliers/no_link.jinja", sentences=error.sentences), error.status


@bp.get("/handed-in")
@public
def handed_in() -> str:
    """What somebody sees once they have finished; it belongs to no link."""
    return render_template("suppliers/handed_in.jinja")


@bp.get("/<token>/")
@public
def start(token: str) -> str:
    """Who asks what, until when; once begun, the sections."""
    here = _open(token)
    parts = answering.parts(here.view)
    return here.page("start", parts=parts, left=sum(each.left for each in parts))


@bp.post("/<token>/begin")
@public
def begin(token: str) -> Answered:
    """Begin to answer: the one thing that tells the organisation that its link was opened."""
    _open(token)
    with _acting(token) as (link, by):
        operations.open_link(link=link, by=by, at=clock.now())
    return redirect(url_for("supplier.start", token=token))


@bp.get("/<token>/sections/<section>")
@public
def section(token: str, section: str) -> Page:
    """One section with all its questions."""
    here = _open(token)
    if here.link.opened_at is None:
        return redirect(url_for("supplier.start", token=token))
    part, now = here.section(section), answering.kept(here.view)
    codes = answering.shown(here.view, part, {})
    form = sheet_forms.section_form(here.published.code, codes)()
    sheet_forms.fill(form, codes, now, {code: each.revision for code, each in now.items()})
    return _questions(here, part, form)


@bp.post("/<token>/sections/<section>")
@public
def save(token: str, section: str) -> Page:
    """Save what was typed, then do what the button pressed says."""
    here = _open(token)
    part = here.section(section)
    codes = answering.shown(here.view, part, request.form)
    form = sheet_forms.section_form(here.published.code, codes)()
    form.validate()
    given = sheet_forms.read(form, here.published.code, codes)
    changes = _changes(here.view, given)
    for code in answering.notes_alone(here.view, changes):
        form.add_error(NOTE_ALONE, sheet_rules.names(code).note)
    if any(field.errors for field in form) or form.form_errors:
        return _questions(here, part, form), 422
    try:
        _save(token, changes)
    except Refused as refused:
        form.refuse(refused)
        return _questions(_open(token), part, form), 422
    except Conflict as conflict:
        return _overtaken(token, section, changes, conflict)
    return redirect(_next(here, part))


def _save(token: str, changes: Sequence[Given]) -> None:
    """Keep the changes, and what the button says: `confirm:B2`, `confirm:`, `remove:C3.1:12` or nothing more."""
    act, _, what = request.form.get("act", "").partition(":")
    with _acting(token) as (link, by):
        operations.answer(link=link, given=changes, confirming=what if act == "confirm" else None, by=by, at=clock.now())
        if act == "remove":
            code, _, number = what.rpartition(":")
            item = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
            operations.take_away(link=link, code=code, evidence_id=item, by=by, at=clock.now())


def _next(here: Here, part: Section) -> str:
    """Where a saved section leads."""
    act, _, what = request.form.get("act", "").partition(":")
    if act == "attach" and what in here.published.by_code:
        return url_for("supplier.file", token=here.token, section=part.code, code=what)
    if act in ("confirm", "remove"):
        anchor = sheet_rules.names(what.rpartition(":")[0] or what).answer if what else None
        return url_for("supplier.section", token=here.token, section=part.code, _anchor=anchor)
    codes = [each.code for each in here.published.sections]
    following = codes[codes.index(part.code) + 1 :]
    if act == "leave" or not following:
        return url_for("supplier.start", token=here.token)
    return url_for("supplier.section", token=here.token, section=following[0])


def _changes(view: SheetView, given: Sequence[Given]) -> tuple[Given, ...]:
    """What the contact changed, compared with what their page showed: others' answers were shown as nothing."""
    assert view.sheet is not None
    rows = sheets.answers_at(view.sheet, view.layer, {each.code: each.expected_revision for each in given})
    return sheet_rules.changed(given, {code: answering.as_shown(row) for code, row in rows.items()})


def _overtaken(token: str, section: str, changes: Sequence[Given], conflict: Conflict) -> Page:
    """The fresh page with what was typed: 409."""
    here = _open(token)
    part, now = here.section(section), answering.kept(here.view)
    codes = tuple(dict.fromkeys([*answering.shown(here.view, part, {}), *(each.code for each in changes)]))
    form = sheet_forms.section_form(here.published.code, codes)(formdata=None)
    typed = {each.code: Kept(each.answer, each.expected_revision) for each in changes}
    sheet_forms.fill(form, codes, now | typed, {code: each.revision for code, each in now.items()})
    form.add_error(conflict.sentences[0])
    return _questions(here, part, form), 409


@bp.route("/<token>/sections/<section>/files/<code>", methods=["GET", "POST"])
@public
def file(token: str, section: str, code: str) -> Page:
    """Attach a file to one answer."""
    here = _open(token)
    part, question = here.section(section), here.published.by_code.get(code)
    if question is None or question not in part.questions or here.link.opened_at is None:
        raise NotVisible()
    form = SupplierFileForm()
    if form.validate_on_submit():
        try:
            _attach(token, code, form)
            anchor = sheet_rules.names(code).answer
            return redirect(url_for("supplier.section", token=token, section=section, _anchor=anchor))
        except Refused as refused:
            fields = {name: name for name in ("file", "kind", "issued_on", "expires_on")}
            form.refuse(refused, fields | {each: "file" for each in refused.codes if each.startswith("upload.")})
            here = _open(token)
    return here.page("file", form=form, question=question, section=part), 422 if form.is_submitted() else 200


def _attach(token: str, code: str, form: SupplierFileForm) -> None:
    upload = receiving.kept(form.file.data)
    with _acting(token) as (link, by):
        operations.attach(
            link=link, code=code, title=form.title.data, kind=form.kind.data, file=upload, issued_on=form.issued_on.data,
            expires_on=form.expires_on.data, by=by, at=clock.now(),
        )  # fmt: skip


@bp.route("/<token>/hand-in", methods=["GET", "POST"])
@public
def hand_in(token: str) -> Page:
    """Finish: what is left, and the button that ends the link."""
    here, form = _open(token), Form()
    if here.link.opened_at is None:
        return redirect(url_for("supplier.start", token=token))
    if form.is_submitted():
        with _acting(token) as (link, by):
            operations.hand_in(link=link, by=by, at=clock.now())
        return redirect(url_for("supplier.handed_in"))
    parts = answering.parts(here.view)
    return here.page("hand_in", form=form, parts=parts, left=sum(each.left for each in parts))


def _open(token: str) -> Here:
    """What an address opens; whoever tries too many that do not work has to wait. Raises NoLink, LinkOver."""
    at, address = clock.now(), request.remote_addr or ""
    failures = current_app.extensions.setdefault("supplier_failures", limits.Failures())
    if failures.are_too_many(address, at):
        raise _TooMany()
    try:
        link = queries.opened_by(token, at)
    except NoLink:
        failures.note(address, at)
        raise
    g.actor = queries.contact(link, at)
    return Here(token, link, *queries.asked_of(link))


@contextmanager
def _acting(token: str) -> Iterator[tuple[SupplierLink, Actor]]:
    """The one writing transaction of a request, with the link looked up again inside it."""
    with transaction():
        at = clock.now()
        link = queries.opened_by(token, at, locked=True)
        g.actor = queries.contact(link, at)
        yield link, g.actor


def _questions(here: Here, part: Section, form: Any) -> str:
    asked = answering.questions(here.view, part, form, queries.files(here.link), here.organisation)
    return here.page("section", section=part, form=form, questions=asked, waiting=sum(each.waits for each in asked))
