"""Bringing a register in from a spreadsheet: uploaded, mapped step by step, brought in all or nothing, or dropped.

The file lies in storage under its SHA-256 before any of this. Each step is a saved row and an event; only `bring_in`
touches the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from governance import canonical, clock
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, Refused, refuse_if
from governance.identity import actors
from governance.intake.declarations import import_queries, operations, sheet_rules
from governance.intake.declarations.models import Declaration, RegisterImport
from governance.intake.declarations.sheet_check import Check, Line, check
from governance.jobs import queue
from governance.permissions import Actor, Permission
from governance.register import projections
from governance.register.models import Deployment
from governance.spreadsheets import Row, Sheet

AT_ONCE = 100
"""Rows brought in while the person waits. A row takes some thirty milliseconds; a web server waits for a minute."""
OPEN = ("uploaded", "mapped")
ELSEWHERE = "from"
"""Key of a mapping that names the organisation whose register it was, on the account an organisation is given of its rows."""


def upload_register(*, filename: str, sha256: str, sheet: Sheet, by: Actor, at: datetime) -> RegisterImport:
    """Keep a register as uploaded, with the sheet and row of headings that are likeliest, and a first mapping."""
    by.must(Permission.DECLARE)
    row = RegisterImport(
        organisation_id=by.organisation_id, filename=filename[:200], sha256=sha256, status="uploaded",
        uploaded_by=by.person_id, uploaded_at=at,
    )  # fmt: skip
    _lay_out(row, sheet, sheet_rules.heading_row_guess(sheet), by)
    db.session.add(row)
    _record("uploaded", row, by, at, filename=row.filename, sha256=sha256, rows=row.row_count)
    return row


def choose_sheet(
    *, row: RegisterImport, sheet: Sheet, heading_row: int, version_id: int | str, by: Actor, at: datetime
) -> None:
    """Say which sheet the register is on and which row holds the headings. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    if (row.sheet, row.mapping.get("heading_row")) == (sheet.name, heading_row):
        return
    _lay_out(row, sheet, heading_row, by)
    row.status = "uploaded"
    _record("laid_out", row, by, at, sheet=sheet.name, heading_row=heading_row)


def map_columns(
    *,
    row: RegisterImport,
    columns: Mapping[str, int | None],
    fixed: Mapping[str, str],
    version_id: int | str,
    by: Actor,
    at: datetime,
) -> None:
    """Say which column is which field, and what counts where a cell is empty. Raises Refused, Conflict.

    What their words mean is kept for fields whose column stays the same.
    """
    _may_change(row, version_id, by)
    given = {name: column for name, column in columns.items() if column is not None}
    mapped = {**row.mapping, "columns": given, "fixed": {name: text for name, text in fixed.items() if text}}
    refuse_if(
        Blocker(f"column.{each.name}", f"{each.label}: choose its column, or say what counts for every row.")
        for each in sheet_rules.missing_columns(mapped)
    )
    before = row.mapping.get("columns", {})
    words = row.mapping.get("words", {})
    mapped["words"] = {name: kept for name, kept in words.items() if before.get(name) == given.get(name)}
    row.mapping, row.status = mapped, "mapped"
    _record("mapped", row, by, at, columns=given, fixed=mapped["fixed"])


def say_meanings(
    *, row: RegisterImport, words: Mapping[str, Mapping[str, str]], version_id: int | str, by: Actor, at: datetime
) -> None:
    """Say what their words mean: for each choice field, word by word. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    kept = {name: [[word, value] for word, value in said.items() if value] for name, said in words.items()}
    row.mapping = {**row.mapping, "words": {**row.mapping.get("words", {}), **kept}}
    _record("words_said", row, by, at, words=kept)


def say_tools(
    *, row: RegisterImport, tools: Sequence[tuple[str, str, str]], version_id: int | str, by: Actor, at: datetime
) -> None:
    """Say which tool each name means that looks like another: (name, manufacturer, choice). Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    said = [[name, maker, choice] for name, maker, choice in tools if choice]
    row.mapping = {**row.mapping, "tools": said}
    _record("tools_said", row, by, at, tools=said)


def leave_out(*, row: RegisterImport, rows: Sequence[int], version_id: int | str, by: Actor, at: datetime) -> None:
    """Say which rows make nothing. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    row.mapping = {**row.mapping, "left_out": list(rows)}
    _record("rows_left_out", row, by, at, rows=list(rows))


def drop(*, row: RegisterImport, version_id: int | str, by: Actor, at: datetime) -> None:
    """Give an import up. Nothing of it was brought in. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    row.status, row.finished_at = "dropped", at
    _record("dropped", row, by, at)


def checked(row: RegisterImport, rows: Sequence[Row], by: Actor, at: datetime) -> Check:
    """What each row would make now. Reads only."""
    places = import_queries.places(by)
    return check(
        rows, row.mapping, headings=row.headings, places=places, register=import_queries.register_of(places),
        on=clock.london_date(at),
    )  # fmt: skip


def ask_to_bring_in(*, row: RegisterImport, rows: Sequence[Row], version_id: int | str, by: Actor, at: datetime) -> None:
    """Bring a register in at once; more than a hundred rows by a job, which is written here. Raises as `bring_in` does."""
    if len(rows) <= AT_ONCE:
        bring_in(row=row, rows=rows, version_id=version_id, by=by, at=at)
        return
    _may_bring_in(row, checked(row, rows, by, at), version_id, by)
    payload = {"register_import": row.id, "version_id": row.version_id}
    key = f"{import_queries.KIND}:{row.id}:{row.version_id}"
    queue.enqueue(
        kind=import_queries.KIND, key=key, payload=payload, organisation_id=row.organisation_id, by=by, at=at
    )  # fmt: skip


def bring_in(*, row: RegisterImport, rows: Sequence[Row], version_id: int | str, by: Actor, at: datetime) -> Check:
    """Declare every row, or none. The account stays with the import, and with each other organisation its own part of it.

    Raises Refused where a row has a fault or declaring it is refused (then naming the row), Conflict.
    """
    found = checked(row, rows, by, at)
    _may_bring_in(row, found, version_id, by)
    with projections.once_at_the_end():
        made = _declared(row, found, by, at)
    row.account = [_entry(line, made) for line in found.lines]
    row.status, row.finished_at = "brought_in", at
    _record("brought_in", row, by, at, declared=len(made), left_out=len(found.left_out))
    _account_elsewhere(row, found, made, by, at)
    return found


def _may_bring_in(row: RegisterImport, found: Check, version_id: int | str, by: Actor) -> None:
    _may_change(row, version_id, by)
    if row.status != "mapped":
        raise Refused.because("Say first which column is which.", code="import.mapped")
    if found.faulty:
        many = len(found.faulty)
        raise Refused.because(
            f"{many} {'row has a fault' if many == 1 else 'rows have faults'}. Correct {'it' if many == 1 else 'them'}, or leave "
            f"{'it' if many == 1 else 'them'} out: all rows are brought in together or none.",
            code="import.faults",
        )
    if not found.ready:
        raise Refused.because("There is no row to bring in.", code="import.empty")


def _declared(row: RegisterImport, found: Check, by: Actor, at: datetime) -> dict[int, str]:
    """References by row number. Whoever declares for another organisation acts in it."""
    acting = {by.organisation_code: by}
    tools: dict[int, int] = {}
    made: dict[int, str] = {}
    for line in found.ready:
        assert line.place is not None and by.person_id is not None
        if line.place.code not in acting:
            acting[line.place.code] = actors.actor_for(by.person_id, line.place.code, at)
        tool_id = line.tool_id or (tools[line.like_row] if line.like_row else None)
        own = line.place.id == row.organisation_id
        said: dict[str, Any] = {name: line.values[name] for name in DECLARED}
        try:
            declaration = operations.declare(
                **said,
                site_names=sheet_rules.site_names(line.values["sites"]),
                same_tool_id=tool_id,
                differs=tool_id is None,
                import_id=row.id if own else None,
                import_row=line.number,
                by=acting[line.place.code],
                at=at,
            )
        except Refused as refused:
            raise Refused(Blocker(each.code, f"Row {line.number}: {each.sentence}") for each in refused.blockers) from refused
        made[line.number] = _remember(declaration, line, tools)
    return made


DECLARED = (
    "tool_name", "manufacturer", "version", "kind", "purpose", "stage", "in_use_since", "direct_care", "personal_data",
    "supplier", "use", "earlier_approval",
)  # fmt: skip


def _remember(declaration: Declaration, line: Line, tools: dict[int, int]) -> str:
    deployment = db.session.get_one(Deployment, declaration.deployment_id)
    tools[line.number] = deployment.tool_id
    return deployment.reference


def _account_elsewhere(row: RegisterImport, found: Check, made: Mapping[int, str], by: Actor, at: datetime) -> None:
    """Give each other organisation the account of its own rows."""
    there: dict[int, list[Line]] = {}
    for line in found.ready:
        assert line.place is not None
        if line.place.id != row.organisation_id:
            there.setdefault(line.place.id, []).append(line)
    for organisation_id, lines in there.items():
        copy = RegisterImport(
            organisation_id=organisation_id, filename=row.filename, sha256=row.sha256, sheet=row.sheet, headings=[],
            headings_digest="", mapping={ELSEWHERE: by.organisation_code}, row_count=len(lines), status="brought_in",
            account=[_entry(line, made) for line in lines], uploaded_by=row.uploaded_by, uploaded_at=row.uploaded_at,
            finished_at=at,
        )  # fmt: skip
        db.session.add(copy)
        record(
            "register_import.brought_in", stream=f"organisation:{organisation_id}", by=by, at=at,
            organisation_id=organisation_id, sha256=row.sha256, declared=len(lines), uploaded_in=by.organisation_code,
        )  # fmt: skip


def _entry(line: Line, made: Mapping[int, str]) -> list[Any]:
    if line.left_out:
        return [line.number, "", f"{line.says}: left out."]
    where = f" at {line.place.name}" if line.place else ""
    return [line.number, made[line.number], f"{line.says}: declared{where}."]


def _lay_out(row: RegisterImport, sheet: Sheet, heading_row: int, by: Actor) -> None:
    try:
        headings = sheet_rules.headings_of(sheet, heading_row)
    except KeyError:
        raise Refused.because(f"Row {heading_row} is empty. Say which row holds the headings.", code="heading_row") from None
    rows = sheet_rules.data_rows(sheet, heading_row)
    if not rows:
        raise Refused.because(f"There are no rows below row {heading_row}.", code="heading_row")
    digest = canonical.digest(headings)
    before = import_queries.mapping_before(digest, by)
    row.sheet, row.headings, row.headings_digest, row.row_count = sheet.name, headings, digest, len(rows)
    others = import_queries.acts_for_others(by)
    row.mapping = {"heading_row": heading_row, **sheet_rules.remembered(before, headings, with_organisation=others)}


def _may_change(row: RegisterImport, version_id: int | str, by: Actor) -> None:
    by.must(Permission.DECLARE)
    if row.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")
    if str(row.version_id) != str(version_id):
        raise Conflict()
    if row.status not in OPEN:
        done = row.status == "brought_in"
        said = "These rows were brought in already." if done else "This import was dropped. Upload the file again."
        raise Refused.because(said, code="import.finished")


def _record(done: str, row: RegisterImport, by: Actor, at: datetime, **said: Any) -> None:
    db.session.flush()
    record(
        f"register_import.{done}", stream=f"organisation:{row.organisation_id}", by=by, at=at,
        organisation_id=row.organisation_id, register_import=row.id, **said,
    )  # fmt: skip
