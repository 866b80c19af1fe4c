"""Pages that bring a register in: upload, sheet, columns, words, look-alikes, check, bring in; the account; the template.

The file is read again at each step, before any transaction; nothing of it is kept but its bytes and what a person decided.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Conflict, NotVisible, Refused
from governance.extensions import house
from governance.intake.declarations import import_forms as forms
from governance.intake.declarations import import_operations as operations
from governance.intake.declarations import import_presenters as presenters
from governance.intake.declarations import import_queries as queries
from governance.intake.declarations import import_work, sheet_rules
from governance.intake.declarations.models import RegisterImport
from governance.intake.declarations.sheet_check import Check
from governance.permissions import Actor, Permission
from governance.spreadsheets import Row, Sheet, read_sheet, sheets_of
from governance.spreadsheets.cells import MOST_BYTES
from governance.web import uploads
from governance.web.access import acting, actor, requires

bp = Blueprint("imports", __name__)
Page = str | tuple[str, int] | Response
Save = Callable[[RegisterImport, Any, Actor], None]
HERE = "/<org:organisation>/register-imports"
WAIT = "2"  # seconds until a page that waits asks again; a header, so that it needs no script
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.record_once
def _begin(state: BlueprintSetupState) -> None:
    import_work.init()


@bp.route(HERE, methods=["GET", "POST"])
@requires(Permission.DECLARE)
def imports(organisation: str) -> Page:
    """Upload a register, or go on with one."""
    form = forms.RegisterForm()
    if form.validate_on_submit():
        try:
            name, data = uploads.take(form.file.data, limit=MOST_BYTES)
            sheets, sheet = sheets_of(data, filename=name), read_sheet(data, filename=name)
            sha256 = house().storage.put_content(data)
            with acting() as by:
                row = operations.upload_register(filename=name, sha256=sha256, sheet=sheet, by=by, at=clock.now())
                plain = len(sheets) == 1 and row.mapping["heading_row"] == 1
                ident = row.id
            return redirect(_url("columns" if plain else "sheet", ident))
        except Refused as refused:
            form.refuse(refused, dict.fromkeys(refused.codes, "file"))
    before = request.args.get("before", type=int)
    found = queries.listed(actor(), before=before if before and 0 < before < 2**31 else None)
    rows = found[: queries.PAGE]
    return render_template(
        "intake/imports.jinja", form=form, rows=rows, states=presenters.STATES, before=before,
        more=rows[-1].id if len(found) > queries.PAGE else None,
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{HERE}/template.xlsx")
@requires(Permission.DECLARE)
def template(organisation: str) -> Response:
    """The workbook to fill in."""
    others = queries.acts_for_others(actor())
    data = presenters.template(with_organisation=others, made_at=clock.now())
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name="AI register to fill in.xlsx")


@bp.route(f"{HERE}/<int:import_id>")
@requires(Permission.READ_REGISTER)
def account(organisation: str, import_id: int) -> Response:
    """What became of each row; while nothing did, how far the import is. It asks again by itself while rows are brought in."""
    row = queries.register_import(import_id, actor())
    job = queries.job_of(row) if row.status == "mapped" else None
    entries, pages = presenters.account(row, actor(), _page_number())
    page = render_template(
        "intake/import_account.jinja", row=row, job=job, entries=entries, page_number=min(_page_number(), pages), pages=pages,
        heading=presenters.brought_in_heading(row), state=presenters.STATES[row.status],
        elsewhere=row.mapping.get(operations.ELSEWHERE, ""), may_go_on=actor().may(Permission.DECLARE),
        next_step=_url("check" if row.status == "mapped" else "columns", import_id),
    )  # fmt: skip
    answer = make_response(page)
    if job is not None and job.status in ("queued", "running"):
        answer.headers["Refresh"] = WAIT
    return answer


@bp.route(f"{HERE}/<int:import_id>/file")
@requires(Permission.READ_REGISTER)
def file(organisation: str, import_id: int) -> Response:
    """The file as uploaded, never opened in the browser. Not for an organisation that has only some of its rows."""
    row = queries.register_import(import_id, actor())
    if operations.ELSEWHERE in row.mapping:
        raise NotVisible()
    response = send_file(
        BytesIO(_data(row)), mimetype="application/octet-stream", as_attachment=True, download_name=row.filename
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.route(f"{HERE}/<int:import_id>/sheet", methods=["GET", "POST"])
@requires(Permission.DECLARE)
def sheet(organisation: str, import_id: int) -> Page:
    """Which sheet, and which row holds the headings."""
    row = queries.register_import(import_id, actor())
    data = _data(row)
    sheets = sheets_of(data, filename=row.filename)

    def save(row: RegisterImport, form: Any, by: Actor) -> None:
        operations.choose_sheet(
            row=row, sheet=chosen[0], heading_row=form.heading_row.data, version_id=form.version_id.data, by=by, at=clock.now()
        )

    def chosen_sheet(form: Any) -> None:
        name = form["sheet"].data if "sheet" in form else row.sheet
        chosen.append(read_sheet(data, filename=row.filename, sheet=name))

    chosen: list[Sheet] = []
    return _step(
        import_id, lambda row, **given: forms.sheet_form(row, sheets, **given), save, "sheet", "columns",
        before=chosen_sheet, fields={"heading_row": "heading_row", "spreadsheet.empty": "sheet"},
    )  # fmt: skip


@bp.route(f"{HERE}/<int:import_id>/columns", methods=["GET", "POST"])
@requires(Permission.DECLARE)
def columns(organisation: str, import_id: int) -> Page:
    """Which column is which field, and what counts where a cell is empty."""
    row = queries.register_import(import_id, actor())
    rows = _rows(row)
    others = queries.acts_for_others(actor())
    fields = [each for each in sheet_rules.ALL_FIELDS if others or each is not sheet_rules.ORGANISATION]
    offered = sheet_rules.columns_of(row.headings, rows)

    def save(row: RegisterImport, form: Any, by: Actor) -> None:
        given = forms.mapped_by(form, fields)
        operations.map_columns(row=row, **given, version_id=form.version_id.data, by=by, at=clock.now())

    return _step(
        import_id, lambda row, **given: forms.columns_form(row, fields, offered, **given), save, "columns", "words",
        fields={f"column.{each.name}": f"col_{each.name}" for each in fields}, asked=fields,
    )  # fmt: skip


@bp.route(f"{HERE}/<int:import_id>/words", methods=["GET", "POST"])
@requires(Permission.DECLARE)
def words(organisation: str, import_id: int) -> Page:
    """What their words for a choice mean."""
    row = queries.register_import(import_id, actor())
    found, wrong = presenters.words_by_field(row, _rows(row))
    if not found and not wrong:
        return redirect(_url("tools", import_id))

    def save(row: RegisterImport, form: Any, by: Actor) -> None:
        said = forms.said_by(form, found)
        operations.say_meanings(row=row, words=said, version_id=form.version_id.data, by=by, at=clock.now())

    return _step(
        import_id, lambda row, **given: forms.words_form(row, found, **given), save, "words", "tools",
        words=found, wrong=wrong, asked=[each for each in sheet_rules.FIELDS if each.name in found],
    )  # fmt: skip


@bp.route(f"{HERE}/<int:import_id>/tools", methods=["GET", "POST"])
@requires(Permission.DECLARE)
def tools(organisation: str, import_id: int) -> Page:
    """Which tool a name means that looks like another."""
    row = queries.register_import(import_id, actor())
    questions = _checked(row, _rows(row)).questions
    if not questions:
        return redirect(_url("check", import_id))

    def save(row: RegisterImport, form: Any, by: Actor) -> None:
        said = forms.chosen_by(form, row, questions)
        operations.say_tools(row=row, tools=said, version_id=form.version_id.data, by=by, at=clock.now())

    return _step(
        import_id, lambda row, **given: forms.tools_form(row, questions, **given), save, "tools", "check", questions=questions
    )


@bp.route(f"{HERE}/<int:import_id>/check", methods=["GET", "POST"])
@requires(Permission.DECLARE)
def check(organisation: str, import_id: int) -> Page:
    """What each row would make, with nothing written; and which rows to leave out."""
    rows = _rows(queries.register_import(import_id, actor()))
    numbers: list[int] = []

    def save(row: RegisterImport, form: Any, by: Actor) -> None:
        operations.leave_out(row=row, rows=numbers, version_id=form.version_id.data, by=by, at=clock.now())

    def read_numbers(form: Any) -> None:
        try:
            numbers.extend(sheet_rules.left_out(form.rows.data or ""))
        except ValueError:
            raise Refused.because("Enter row numbers, such as 12, 40–42.", code="rows") from None

    def made(row: RegisterImport, **given: Any) -> Any:
        held = {"rows": sheet_rules.in_ranges(row.mapping.get("left_out", ())), "version_id": row.version_id}
        return forms.LeaveOutForm(data=held, **given)

    return _step(import_id, made, save, "check", "check", before=read_numbers, fields={"rows": "rows"}, rows=rows)


@bp.route(f"{HERE}/<int:import_id>/bring-in", methods=["POST"])
@requires(Permission.DECLARE)
def bring_in(organisation: str, import_id: int) -> Page:
    """Declare every row, or none."""
    rows = _rows(queries.register_import(import_id, actor()))

    def save(row: RegisterImport, form: Any, by: Actor) -> None:
        operations.ask_to_bring_in(row=row, rows=rows, version_id=form.version_id.data, by=by, at=clock.now())

    return _step(import_id, _as_read, save, "check", "account", rows=rows, bringing=True)


@bp.route(f"{HERE}/<int:import_id>/drop", methods=["POST"])
@requires(Permission.DECLARE)
def drop(organisation: str, import_id: int) -> Page:
    """Give an import up."""

    def save(row: RegisterImport, form: Any, by: Actor) -> None:
        operations.drop(row=row, version_id=form.version_id.data, by=by, at=clock.now())

    rows = _rows(queries.register_import(import_id, actor()))
    return _step(import_id, _as_read, save, "check", "account", rows=rows, bringing=True)


def _as_read(row: RegisterImport, **given: Any) -> Any:
    return forms.BringInForm(data={"version_id": row.version_id}, **given)


def _step(
    import_id: int,
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
    row = queries.register_import(import_id, actor())
    if row.status not in operations.OPEN:
        return redirect(_url("account", import_id))
    form, stale, status = made(row), "", 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                if before is not None:
                    before(form)
                with acting() as by:
                    save(queries.register_import(import_id, by), form, by)
                return redirect(_url(after, import_id))
        except Refused as refused:
            form.refuse(refused, {code: field for code, field in (fields or {}).items() if field in form})
        except Conflict as conflict:
            stale, status = conflict.sentences[0], conflict.status
        row = queries.register_import(import_id, actor())
    if stale:
        form = made(row, formdata=None)
    if rows is not None:
        more |= _check_values(row, rows, form if bringing else None)
        form = _left_out(row) if bringing else form
    return render_template(f"intake/import_{step}.jinja", form=form, row=row, stale=stale, **more), status


def _left_out(row: RegisterImport) -> Any:
    held = {"rows": sheet_rules.in_ranges(row.mapping.get("left_out", ())), "version_id": row.version_id}
    return forms.LeaveOutForm(formdata=None, data=held)


def _check_values(row: RegisterImport, rows: list[Row], refused: Any) -> dict[str, Any]:
    found = _checked(row, rows)
    faults_only = request.args.get("show") == "faults"
    lines, pages = presenters.shown(found, faults_only=faults_only, page=_page_number())
    heading, lede = presenters.checked_heading(found)
    return {
        "found": found, "lines": lines, "pages": pages, "page_number": min(_page_number(), pages), "faults_only": faults_only,
        "heading": heading, "lede": lede, "bringing": refused or _as_read(row, formdata=None),
    }  # fmt: skip


def _checked(row: RegisterImport, rows: list[Row]) -> Check:
    return operations.checked(row, rows, actor(), clock.now())


def _rows(row: RegisterImport) -> list[Row]:
    if row.status not in operations.OPEN:
        return []
    sheet = read_sheet(_data(row), filename=row.filename, sheet=row.sheet)
    return sheet_rules.data_rows(sheet, row.mapping["heading_row"])


def _data(row: RegisterImport) -> bytes:
    try:
        return house().storage.content(row.sha256)
    except (FileNotFoundError, ValueError) as gone:
        raise NotVisible("This file is no longer as it was stored. Upload it again.") from gone


def _page_number() -> int:
    asked = request.args.get("page", type=int) or 1
    return asked if 0 < asked < 10_000 else 1


def _url(step: str, import_id: int) -> str:
    return url_for(f"imports.{step}", organisation=actor().organisation_code, import_id=import_id)
