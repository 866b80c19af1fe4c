"""What the London register shows, as a workbook: the rows that somebody filtered, in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from governance.register.models import Projection
from governance.sharing.presenters import kinds, words_of
from governance.spreadsheets import Cell, Table, write_xlsx

MOST = 10_000
HEADINGS = (
    "Reference", "Organisation", "Tool", "Version", "Manufacturer", "Supplier", "Use", "What it does", "Kind", "Tier",
    "Oversight",
    "Stage", "Stage since", "Standing", "Standing since", "In use since, as stated", "Approved until", "Decision needed by",
    "Open conditions", "Open signals", "Red signals", "Figures to",
)  # fmt: skip


def workbook(found: Sequence[Projection], *, made_at: datetime) -> bytes:
    """One sheet of what partners see, and one that says what it is."""
    said = kinds()
    about: list[list[Cell]] = [
        ["Vetted is not endorsed: each organisation decides for itself."],
        ["Only what every partner sees: no names, contact details, commercial terms or local evidence."],
        [f"At most {MOST:,} rows, newest first."],
    ]
    return write_xlsx(
        [Table("Tools", HEADINGS, [_row(each, said) for each in found]), Table("About", ("London register",), about)],
        title="London register",
        made_at=made_at,
    )


def _row(each: Projection, said: dict[str, str]) -> list[Cell]:
    return [
        each.reference, each.organisation_name, each.tool_name, each.version, each.manufacturer_name, each.supplier_name,
        each.use_case, each.purpose, said.get(each.kind, ""), (each.tier or "").capitalize(),
        words_of("oversight", each.oversight),
        each.stage.label, each.stage_since, each.standing.label, each.standing_since, each.in_use_since, each.approved_until,
        each.decision_needed_by, each.open_conditions, each.open_signals, each.red_signals, each.monitored_to,
    ]  # fmt: skip
