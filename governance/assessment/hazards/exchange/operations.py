"""Bringing a hazard log in from a spreadsheet: uploaded, mapped, brought in all or nothing, or dropped.

The file lies in storage under its SHA-256 before any of this. Each step is a saved row and an event; only `bring_in` touches
the log, by the log's own operations, so that every hazard, control and score leaves its revision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from governance import canonical
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards.exchange import check as checking
from governance.assessment.hazards.exchange import mapping, queries
from governance.assessment.hazards.exchange.check import Check, Draft, Line
from governance.assessment.hazards.exchange.fields import OURS, SUPPLIERS
from governance.assessment.hazards.models import Hazard, HazardImport
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, Refused
from governance.intake.declarations.sheet_rules import data_rows, headings_of
from governance.jobs import queue
from governance.permissions import Actor, Permission
from governance.register.models import Deployment
from governance.spreadsheets import Row, Sheet

AT_ONCE = 30
"""Rows brought in while the person waits. A row with its controls and scores takes some fifty milliseconds."""
OPEN = ("uploaded", "mapped")


def upload_log(
    *, deployment: Deployment, filename: str, sha256: str, sheet: Sheet, by: Actor, at: datetime
) -> HazardImport:
    """Keep a log as uploaded, with the sheet and row of headings that are likeliest, and a first mapping. Raises Refused."""
    _may(deployment.organisation_id, deployment.id, by)
    row = HazardImport(
        organisation_id=deployment.organisation_id, deployment_id=deployment.id, filename=filename[:200], sha256=sha256,
        status="uploaded", account=[], uploaded_by=by.person_id, uploaded_at=at,
    )  # fmt: skip
    _lay_out(row, sheet, mapping.heading_row_guess(sheet), by)
    db.session.add(row)
    _record("uploaded", row, by, at, filename=row.filename, sha256=sha256, rows=row.mapping["rows"])
    return row


def choose_sheet(*, row: HazardImport, sheet: Sheet, heading_row: int, version_id: int | str, by: Actor, at: datetime) -> None:
    """Say which sheet the log is on and which row holds the headings. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    if (row.sheet, row.mapping.get("heading_row")) == (sheet.name, heading_row):
        return
    _lay_out(row, sheet, heading_row, by)
    row.status = "uploaded"
    _record("laid_out", row, by, at, sheet=sheet.name, heading_row=heading_row)


def map_columns(
    *,
    row: HazardImport,
    whose: str,
    scheme: str,
    patients: str,
    columns: Mapping[str, int | None],
    version_id: int | str,
    by: Actor,
    at: datetime,
) -> None:
    """Say whose hazards these are, and which column is which field. Raises Refused, Conflict.

    `whose`: ours or supplier; a supplier's needs the name of its scheme. `patients` counts where no cell says it.
    """
    _may_change(row, version_id, by)
    given = {name: column for name, column in columns.items() if column is not None}
    if whose not in (OURS, SUPPLIERS):
        raise Refused.because("Choose whose hazards these are.", code="import.whose")
    if whose == SUPPLIERS and not scheme.strip():
        raise Refused.because("Name the scheme the supplier scores with.", code="import.scheme")
    if "name" not in given:
        raise Refused.because("Choose the column that names the hazard.", code="column.name")
    kept = row.mapping.get("columns", {})
    moved = [kind for kind in row.mapping.get("words", {}) if _columns(kept, kind) != _columns(given, kind)]
    words = {kind: said for kind, said in row.mapping.get("words", {}).items() if kind not in moved}
    row.mapping = {
        **row.mapping, "as": whose, "scheme": scheme.strip() if whose == SUPPLIERS else "",
        "patients": patients if whose == OURS else "", "columns": given, "words": words,
    }  # fmt: skip
    row.status = "mapped"
    _record("mapped", row, by, at, whose=whose, scheme=row.mapping["scheme"], columns=given)


def say_meanings(
    *, row: HazardImport, words: Mapping[str, Mapping[str, str]], version_id: int | str, by: Actor, at: datetime
) -> None:
    """Say what their words mean, kind by kind; an empty code says that a word has no meaning yet. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    kept = {kind: [[word, code] for word, code in said.items()] for kind, said in words.items()}
    row.mapping = {**row.mapping, "words": {**row.mapping.get("words", {}), **kept}}
    _record("words_said", row, by, at, words=kept)


def leave_out(*, row: HazardImport, rows: Sequence[int], version_id: int | str, by: Actor, at: datetime) -> None:
    """Say which rows make nothing. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    row.mapping = {**row.mapping, "left_out": list(rows)}
    _record("rows_left_out", row, by, at, rows=list(rows))


def drop(*, row: HazardImport, version_id: int | str, by: Actor, at: datetime) -> None:
    """Give an import up. Nothing of it was brought in. Raises Refused, Conflict."""
    _may_change(row, version_id, by)
    row.status, row.finished_at = "dropped", at
    _record("dropped", row, by, at)


def checked(row: HazardImport, rows: Sequence[Row], by: Actor) -> Check:
    """What each row would become now. Reads only."""
    deployment = db.session.get_one(Deployment, row.deployment_id)
    log = queries.log_of(deployment, row.filename, by)
    return checking.check(rows, row.mapping, headings=row.headings, log=log)


def ask_to_bring_in(*, row: HazardImport, rows: Sequence[Row], version_id: int | str, by: Actor, at: datetime) -> None:
    """Bring a log in at once; more than thirty rows by a job, which is written here. Raises as `bring_in` does."""
    if len(rows) <= AT_ONCE:
        bring_in(row=row, rows=rows, version_id=version_id, by=by, at=at)
        return
    _may_bring_in(row, checked(row, rows, by), version_id, by)
    payload = {"hazard_import": row.id, "version_id": row.version_id}
    key = f"{queries.KIND}:{row.id}:{row.version_id}"
    queue.enqueue(kind=queries.KIND, key=key, payload=payload, organisation_id=row.organisation_id, by=by, at=at)


def bring_in(*, row: HazardImport, rows: Sequence[Row], version_id: int | str, by: Actor, at: datetime) -> Check:
    """Add every row's hazard, or none. The account stays with the import.

    Raises Refused where a row has a fault or an operation of the log refuses it (then naming the row), Conflict.
    """
    found = checked(row, rows, by)
    _may_bring_in(row, found, version_id, by)
    deployment = db.session.get_one(Deployment, row.deployment_id)
    made: dict[int, int] = {}
    for line in found.ready:
        try:
            made[line.row] = _added(deployment, cast(Draft, line.draft), by, at).number
        except Refused as refused:
            raise Refused(Blocker(each.code, f"Row {line.row}: {each.sentence}") for each in refused.blockers) from refused
    row.account = [_entry(line, made) for line in found.lines]
    row.status, row.finished_at = "brought_in", at
    _record("brought_in", row, by, at, hazards=len(made), left_out=len(found.left_out))
    return found


def _added(deployment: Deployment, draft: Draft, by: Actor, at: datetime) -> Hazard:
    hazard = hazards.add_hazard(
        deployment=deployment, **draft.texts, review_on=draft.review_on, source=draft.source, supplier=draft.supplier,
        by=by, at=at,
    )  # fmt: skip
    for each in draft.controls:
        hazards.add_control(
            hazard=hazard, kind=each.kind, description=each.description, implementation=each.implementation,
            effectiveness=each.effectiveness, version_id=None, by=by, at=at,
        )  # fmt: skip
    for which, score in (("initial", draft.initial), ("residual", draft.residual)):
        if score is not None:
            hazards.score(
                hazard=hazard, which=cast(hazards.Which, which), severity=score.severity, likelihood=score.likelihood,
                patients=score.patients, version_id=None, by=by, at=at,
            )  # fmt: skip
    if draft.acceptance:
        hazards.accept(
            hazard=hazard, acceptance=draft.acceptance, reason=draft.acceptance_reason, version_id=None, by=by, at=at
        )  # fmt: skip
    if draft.status != "open":
        hazards.change_status(hazard=hazard, status=draft.status, reason="As brought in", version_id=None, by=by, at=at)
    return hazard


def _entry(line: Line, made: Mapping[int, int]) -> list[Any]:
    if line.left_out:
        return [line.row, "", f"{line.name or 'No name'}: left out."]
    return [line.row, str(made[line.row]), " ".join([f"{line.name}: added as hazard {made[line.row]}.", *line.notes])]


def _columns(columns: Mapping[str, int], kind: str) -> list[int]:
    return [column for name, column in sorted(columns.items()) if mapping.BY_NAME[name].words == kind]


def _lay_out(row: HazardImport, sheet: Sheet, heading_row: int, by: Actor) -> None:
    try:
        headings = headings_of(sheet, heading_row)
    except KeyError:
        raise Refused.because(f"Row {heading_row} is empty. Say which row holds the headings.", code="heading_row") from None
    rows = data_rows(sheet, heading_row)
    if not rows:
        raise Refused.because(f"There are no rows below row {heading_row}.", code="heading_row")
    if len(rows) > mapping.MOST_ROWS:
        many = f"There are {len(rows):,} rows below the headings. At most {mapping.MOST_ROWS} hazards are taken at once."
        raise Refused.because(f"{many} Split the file, then bring in each part.", code="heading_row")
    digest = canonical.digest(headings)
    row.sheet, row.headings, row.headings_digest = sheet.name[:100], headings, digest
    begun = mapping.remembered(queries.mapping_before(digest, by), headings)
    row.mapping = {"heading_row": heading_row, "rows": len(rows), **begun}


def _may(organisation_id: int, deployment_id: int, by: Actor) -> None:
    if by.organisation_id != organisation_id:
        raise NotVisible()
    if not all(by.may(each, deployment_id=deployment_id) for each in (Permission.ADD_HAZARD, Permission.ADD_CONTROL)):
        raise Forbidden()


def _may_change(row: HazardImport, version_id: int | str, by: Actor) -> None:
    _may(row.organisation_id, row.deployment_id, by)
    if str(row.version_id) != str(version_id):
        raise Conflict()
    if row.status not in OPEN:
        done = row.status == "brought_in"
        said = "These rows were brought in already." if done else "This import was dropped. Upload the file again."
        raise Refused.because(said, code="import.finished")


def _may_bring_in(row: HazardImport, found: Check, version_id: int | str, by: Actor) -> None:
    _may_change(row, version_id, by)
    if row.status != "mapped":
        raise Refused.because("Say first which column is which.", code="import.mapped")
    if found.faulty:
        one = len(found.faulty) == 1
        them = "it" if one else "them"
        what = f"{len(found.faulty)} {'row has a fault' if one else 'rows have faults'}. Correct {them}, or leave {them} out"
        raise Refused.because(f"{what}: all rows are brought in together or none.", code="import.faults")
    if not found.ready:
        raise Refused.because("There is no row to bring in.", code="import.empty")


def _record(done: str, row: HazardImport, by: Actor, at: datetime, **said: Any) -> None:
    db.session.flush()
    record(
        f"hazard_import.{done}", stream=f"deployment:{row.deployment_id}", by=by, at=at,
        organisation_id=row.organisation_id, hazard_import=row.id, **said,
    )  # fmt: skip
