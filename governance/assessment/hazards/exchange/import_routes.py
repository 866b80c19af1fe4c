"""Pages that bring a hazard log in: upload, sheet, columns, words, check, bring in; the account.

The file is read again at each step, before any transaction; nothing of it is kept but its bytes and what a person decided.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, send_file
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import pages
from governance.assessment.hazards.exchange import forms, operations, presenters, queries, work
from governance.assessment.hazards.exchange.fields import WORDS
from governance.assessment.hazards.exchange.mapping import offered
from governance.assessment.hazards.models import HazardImport
from governance.assessment.hazards.pages import LOG
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.errors import Conflict, NotVisible, Refused
from governance.extensions import house
from governance.intake.declarations import sheet_rules
from governance.permissions import Actor, Permission
from governance.register.models import Deployment
from governance.spreadsheets import Row, Sheet, read_sheet, sheets_of
from governance.spreadsheets.cells import MOST_BYTES
from governance.web import uploads
from governance.web.access import acting, actor, requires

bp = Blueprint("log_imports", __name__)
Page = str | tuple[str, int] | Response
Save = Callable[[HazardImport, Any, Actor], None]
HERE = f"{LOG}/imports"
ONE = f"{HERE}/<int:log_import_id>"
WAIT = "2"  # seconds until a page that waits asks again; a header, so that it needs no script


@bp.record_once
def _begin(state: BlueprintSetupState) -> None:
    work.init()


@bp.route(HERE, methods=["GET", "POST"])
@requires(Permission.ADD_HAZARD)
def imports(organisation: str, reference: str) -> Page:
    """Upload a hazard log, or go on with one."""
    deployment = pages.found(reference)
    form = forms.LogForm()
    if form.validate_on_submit():
        try:
            name, data = uploads.take(form.file.data, limit=MOST_BYTES)
            sheets, sheet = sheets_of(data, filename=name), read_sheet(data, filename=name)
            sha256 = house().storage.put_content(data)
            with acting() as by:
                row = operations.upload_log(
                    deployment=pages.found(reference, by), filename=name, sha256=sha256, sheet=sheet, by=by, at=clock.now()
                )
                plain = len(sheets) == 1 and row.mapping["heading_row"] == 1
                ident = row.id
            return redirect(_url(deployment, "columns" if plain else "sheet", ident))
        except Refused as refused:
            form.refuse(refused, dict.fromkeys(refused.codes, "file"))
    return render_template(
        "hazards/imports.jinja", form=form, rows=queries.listed(deployment), states=presenters.STATES, deployment=deployment,
        where=door.where(deployment), crumbs=pages.log_crumbs(deployment),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(ONE)
@requires(Permission.READ_SHEET)
def account(organisation: str, reference: str, log_import_id: int) -> Response:
    """What became of each row; while nothing did, how far the import is. It asks again by itself while rows are brought in."""
    deployment = pages.found(reference)
    row = queries.hazard_import(deployment, log_import_id)
    job = queries.job_of(row) if row.status == "mapped" else None
    entries, many = presenters.account(row, _page_number())
    page = render_template(
        "hazards/import_account.jinja", row=row, job=job, entries=entries, page_number=min(_page_number(), many), pages=many,
        heading=presenters.brought_in_heading(row), state=presenters.STATES[row.status], deployment=deployment,
        may_go_on=actor().may(Permission.ADD_HAZARD, deployment_id=deployment.id), where=door.where(deployment),
        next_step=_url(deployment, "check" if row.status == "mapped" else "columns", log_import_id),
        crumbs=_crumbs(deployment, None),
    )  # fmt: skip
    answer = make_response(page)
    if job is not None and job.status in ("queued", "running"):
        answer.headers["Refresh"] = WAIT
    return answer


@bp.route(f"{ONE}/file")
@requires(Permission.READ_SHEET)
def file(organisation: str, reference: str, log_import_id: int) -> Response:
    """The file as uploaded, never opened in the browser."""
    row = queries.hazard_import(pages.found(reference), log_import_id)
    response = send_file(
        BytesIO(_data(row)), mimetype="application/octet-stream", as_attachment=True, download_name=row.filename
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.route(f"{ONE}/sheet", methods=["GET", "POST"])
@requires(Permission.ADD_HAZARD)
def sheet(organisation: str, reference: str, log_import_id: int) -> Page:
    """Which sheet, and which row holds the headings."""
    row = _row(reference, log_import_id)
    data = _data(row)
    sheets = sheets_of(data, filename=row.filename)
    chosen: list[Sheet] = []

    def choose(form: Any) -> None:
        name = form["sheet"].data if "sheet" in form else row.sheet
        chosen.append(read_sheet(data, filename=row.filename, sheet=name))

    def save(row: HazardImport, form: Any, by: Actor) -> None:
        operations.choose_sheet(
            row=row, sheet=chosen[0], heading_row=form.heading_row.data, version_id=form.version_id.data, by=by, at=clock.now()
        )

    return _step(
        reference, log_import_id, lambda row, **given: forms.sheet_form(row, sheets, **given), save, "sheet", "columns",
        before=choose, fields={"heading_row": "heading_row", "spreadsheet.empty": "sheet"},
    )  # fmt: skip


@bp.route(f"{ONE}/columns", methods=["GET", "POST"])
@requires(Permission.ADD_HAZARD)
def columns(organisation: str, reference: str, log_import_id: int) -> Page:
    """Whose hazards these are, and which column is which field."""
    row = _row(reference, log_import_id)
    found = sheet_rules.columns_of(row.headings, _rows(row))

    def save(row: HazardImport, form: Any, by: Actor) -> None:
        operations.map_columns(
            row=row, **forms.mapped_by(form), version_id=form.version_id.data, by=by, at=clock.now()
        )  # fmt: skip

    return _step(
        reference, log_import_id, lambda row, **given: forms.columns_form(row, found, **given), save, "columns", "words",
        fields={"column.name": "col_name", "import.scheme": "scheme", "import.whose": "whose"},
        parts=presenters.parts(offered(row.mapping)),
    )  # fmt: skip


@bp.route(f"{ONE}/words", methods=["GET", "POST"])
@requires(Permission.ADD_HAZARD)
def words(organisation: str, reference: str, log_import_id: int) -> Page:
    """What their words for a choice mean, where they are not ours."""
    deployment = pages.found(reference)
    row = queries.hazard_import(deployment, log_import_id)
    matrix, scoring = plans.adopted_matrix(plans.risk_plan(deployment)), not queries.unscored_because(deployment, actor())
    found, wrong = presenters.words_by_kind(row, _rows(row), matrix, scoring=scoring)
    if not found and not wrong:
        return redirect(_url(deployment, "check", log_import_id))

    def save(row: HazardImport, form: Any, by: Actor) -> None:
        said = forms.said_by(form, found)
        operations.say_meanings(row=row, words=said, version_id=form.version_id.data, by=by, at=clock.now())

    return _step(
        reference, log_import_id, lambda row, **given: forms.words_form(row, found, matrix, **given), save, "words", "check",
        found=found, wrong=wrong, titles=WORDS,
    )  # fmt: skip


@bp.route(f"{ONE}/check", methods=["GET", "POST"])
@requires(Permission.ADD_HAZARD)
def check(organisation: str, reference: str, log_import_id: int) -> Page:
    """What each row would become, with nothing written; and which rows to leave out."""
    rows = _rows(_row(reference, log_import_id))
    numbers: list[int] = []

    def read_numbers(form: Any) -> None:
        try:
            numbers.extend(sheet_rules.left_out(form.rows.data or ""))
        except ValueError:
            raise Refused.because("Enter row numbers, such as 12, 40–42.", code="rows") from None

    def save(row: HazardImport, form: Any, by: Actor) -> None:
        operations.leave_out(row=row, rows=numbers, version_id=form.version_id.data, by=by, at=clock.now())

    return _step(
        reference, log_import_id, _left_out, save, "check", "check", before=read_numbers, fields={"rows": "rows"}, rows=rows
    )  # fmt: skip


@bp.route(f"{ONE}/bring-in", methods=["POST"])
@requires(Permission.ADD_HAZARD)
def bring_in(organisation: str, reference: str, log_import_id: int) -> Page:
    """Add every row's hazard, or none."""
    rows = _rows(_row(reference, log_import_id))

    def save(row: HazardImport, form: Any, by: Actor) -> None:
        operations.ask_to_bring_in(row=row, rows=rows, version_id=form.version_id.data, by=by, at=clock.now())

    return _step(reference, log_import_id, _as_read, save, "check", "account", rows=rows, bringing=True)


@bp.route(f"{ONE}/drop", methods=["POST"])
@requires(Permission.ADD_HAZARD)
def drop(organisation: str, reference: str, log_import_id: int) -> Page:
    """Give an import up."""

    def save(row: HazardImport, form: Any, by: Actor) -> None:
        operations.drop(row=row, version_id=form.version_id.data, by=by, at=clock.now())

    rows = _rows(_row(reference, log_import_id))
    return _step(reference, log_import_id, _as_read, save, "check", "account", rows=rows, bringing=True)


def _step(
    reference: str,
    log_import_id: int,
    made: Callable[..., Any],
    save: Save,
    step: str,
    after: str,
    *,
    before: Callable[[Any], None] | None = None,
    fields: dict[str, str] | None = None,
    rows: list[Row] | None = None,
    bringing: bool = False,
    **more: Any,
) -> Page:
    """One page with one form about an import: 422 keeps what was chosen, 409 shows the import as it is now."""
    deployment = pages.found(reference)
    row = queries.hazard_import(deployment, log_import_id)
    if row.status not in operations.OPEN:
        return redirect(_url(deployment, "account", log_import_id))
    form, stale, status = made(row), "", 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                if before is not None:
                    before(form)
                with acting() as by:
                    save(queries.hazard_import(pages.found(reference, by), log_import_id), form, by)
                return redirect(_url(deployment, after, log_import_id))
        except Refused as refused:
            form.refuse(refused, {code: field for code, field in (fields or {}).items() if field in form})
        except Conflict as conflict:
            stale, status = conflict.sentences[0], conflict.status
        deployment = pages.found(reference)
        row = queries.hazard_import(deployment, log_import_id)
    if stale:
        form = made(row, formdata=None)
    if rows is not None:
        more |= _check_values(deployment, row, rows, form if bringing else None)
        form = _left_out(row, formdata=None) if bringing else form
    return render_template(
        f"hazards/import_{step}.jinja", form=form, row=row, stale=stale, deployment=deployment,
        where=door.where(deployment), crumbs=_crumbs(deployment, row), **more,
    ), status  # fmt: skip


def _as_read(row: HazardImport, **given: Any) -> Any:
    return forms.BringInForm(data={"version_id": row.version_id}, **given)


def _left_out(row: HazardImport, **given: Any) -> Any:
    held = {"rows": sheet_rules.in_ranges(row.mapping.get("left_out", ())), "version_id": row.version_id}
    return forms.LeaveOutForm(data=held, **given)


def _check_values(deployment: Deployment, row: HazardImport, rows: list[Row], refused: Any) -> dict[str, Any]:
    found = operations.checked(row, rows, actor())
    matrix, unscored = plans.adopted_matrix(plans.risk_plan(deployment)), queries.unscored_because(deployment, actor())
    faults_only = request.args.get("show") == "faults"
    lines, many = presenters.shown(found, matrix, faults_only=faults_only, page=_page_number())
    heading, lede = presenters.checked_heading(found)
    theirs, _ = presenters.words_by_kind(row, rows, matrix, scoring=not unscored)
    return {
        "found": found, "lines": lines, "pages": many, "page_number": min(_page_number(), many), "faults_only": faults_only,
        "heading": heading, "lede": lede, "bringing": refused or _as_read(row, formdata=None), "has_words": bool(theirs),
        "behind": presenters.stays_behind(row, unscored),
    }  # fmt: skip


def _row(reference: str, log_import_id: int) -> HazardImport:
    return queries.hazard_import(pages.found(reference), log_import_id)


def _rows(row: HazardImport) -> list[Row]:
    if row.status not in operations.OPEN:
        return []
    sheet = read_sheet(_data(row), filename=row.filename, sheet=row.sheet)
    return sheet_rules.data_rows(sheet, row.mapping["heading_row"])


def _data(row: HazardImport) -> bytes:
    try:
        return house().storage.content(row.sha256)
    except (FileNotFoundError, ValueError) as gone:
        raise NotVisible("This file is no longer as it was stored. Upload it again.") from gone


def _page_number() -> int:
    asked = request.args.get("page", type=int) or 1
    return asked if 0 < asked < 10_000 else 1


def _crumbs(deployment: Deployment, row: HazardImport | None) -> door.Crumbs:
    found = [*pages.log_crumbs(deployment), ("Brought in", pages.here(deployment, "log_imports.imports"))]
    return [*found, (row.filename, _url(deployment, "account", row.id))] if row is not None else found


def _url(deployment: Deployment, step: str, log_import_id: int) -> str:
    return pages.here(deployment, f"log_imports.{step}", log_import_id=log_import_id)
