"""The job that brings many hazards in: one transaction, in the name of the person who asked. What a rule refuses ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from governance import clock
from governance.assessment.hazards.exchange import operations, queries
from governance.assessment.hazards.models import HazardImport
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.identity.models import Organisation
from governance.intake.declarations.sheet_rules import data_rows
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Actor
from governance.spreadsheets import Row, read_sheet

Progress = Callable[[int, str], None]


def init() -> None:
    """Register the work, when the application is made."""
    queue.handles(queries.KIND)(bring_in)


def bring_in(job_id: int, progress: Progress) -> dict[str, Any]:
    """Bring one import in. Done again after a worker was lost, it finds the import finished and leaves it alone."""
    payload = queue.payload_of(job_id)
    with read_only() as session:
        row = session.get_one(HazardImport, int(payload["hazard_import"]))
        if row.status == "brought_in":
            return {"hazard_import": row.id}
        ident, rows = row.id, _rows(row)
    progress(20, f"Adding {len(rows):,} hazards")
    with transaction():
        row, at = db.session.get_one(HazardImport, ident), clock.now()
        operations.bring_in(row=row, rows=rows, version_id=payload["version_id"], by=_asker(job_id), at=at)
    return {"hazard_import": ident}


def _rows(row: HazardImport) -> list[Row]:
    sheet = read_sheet(house().storage.content(row.sha256), filename=row.filename, sheet=row.sheet)
    return data_rows(sheet, row.mapping["heading_row"])


def _asker(job_id: int) -> Actor:
    """Who asked, as they may act now in that organisation."""
    job = db.session.get_one(Job, job_id)
    assert job.person_id is not None and job.organisation_id is not None
    code = db.session.get_one(Organisation, job.organisation_id).code
    return house().actor_for(job.person_id, code, clock.now())
