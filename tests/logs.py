"""Hazard logs as people keep them, made here: one like the NHS templates, one of a supplier with a scheme of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.assessment.hazards.exchange import operations
from governance.assessment.hazards.models import HazardImport
from governance.database import db, transaction
from governance.extensions import house
from governance.intake.declarations import sheet_rules
from governance.permissions import Actor, Role
from governance.register.models import Deployment
from governance.spreadsheets import Row, Table, read_sheet, write_csv
from tests.world import World

HEADINGS = (
    "Hazard No.", "Hazard Name", "Hazard Description", "Potential clinical impact", "Possible causes", "Existing controls",
    "Severity", "Likelihood", "Risk rating", "Additional controls: Design", "Additional controls: Test", "Training",
    "Business process change", "Residual severity", "Residual likelihood", "Residual risk rating", "Actions", "Owner", "Status",
)  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    (1, "Wrong patient’s letter opened", "Two tabs are open.", "Wrong treatment", "Two records at once", "Name in the header",
     "3 - Considerable", "Medium", 3, "- One record at a time\n- Banner in colour", "", "Briefing", "",
     "Considerable", "Low", 2, "Ask the supplier", "Digital lead", "Open"),
    (2, "Letter lost, “in part”", "It is not shown.", "Late treatment", "", "", "Major", "Low", 3, "", "", "", "", "", "", "", "", "",
     "Open"),
)  # fmt: skip
SUPPLIERS: tuple[tuple[Any, ...], ...] = (
    ("H-07", "Model misses a small bleed", "", "Death", "Thin slices", "", 5, 3, 15, "Second reader", "", "", "", 5, 1, 5, "", "CSO",
     "Mitigated"),
)  # fmt: skip


def csv(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """A CSV of rows under headings."""
    return write_csv(Table("", headings, rows or ROWS))


def rows_of(row: HazardImport, data: bytes) -> list[Row]:
    """The rows of an import, from its file."""
    sheet = read_sheet(data, filename=row.filename, sheet=row.sheet)
    return sheet_rules.data_rows(sheet, row.mapping["heading_row"])


def lead(world: World, code: str = "RTH01") -> Actor:
    return world.actor(Role.DIGITAL_LEAD, code)


def uploaded(
    deployment: Deployment, by: Actor, data: bytes, *, filename: str = "log.csv", sha256: str = "0" * 64
) -> HazardImport:
    """An import just uploaded. Inside a transaction."""
    sheet = read_sheet(data, filename=filename)
    return operations.upload_log(
        deployment=deployment, filename=filename, sha256=sha256, sheet=sheet, by=by, at=clock.now()
    )  # fmt: skip


def mapped(
    deployment: Deployment, by: Actor, data: bytes, *, whose: str = "ours", scheme: str = "", patients: str = "single", **more: Any
) -> HazardImport:
    """An import mapped as guessed. Inside a transaction."""
    row = uploaded(deployment, by, data, **more)
    operations.map_columns(
        row=row, whose=whose, scheme=scheme, patients=patients, columns=row.mapping["columns"], version_id=row.version_id,
        by=by, at=clock.now(),
    )  # fmt: skip
    return row


def kept(world: World, spoil: Callable[[str], str] = str) -> HazardImport:
    """A mapped import at the first deployment, with a word that has no meaning yet; its file lies in storage. Own transaction."""
    data = csv((1, spoil("Wrong letter"), *ROWS[0][2:-1], spoil("Looked at")), ROWS[1])
    deployment = db.session.scalars(sa.select(Deployment).order_by(Deployment.id)).first()
    assert deployment is not None
    with transaction():
        return mapped(deployment, lead(world), data, filename=spoil("log") + ".csv", sha256=house().storage.put_content(data))
