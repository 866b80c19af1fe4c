"""Registers as people keep them, made here: a tidy one, a messy workbook, and many rows. Tools and suppliers are invented."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl

from governance import clock
from governance.database import transaction
from governance.extensions import house
from governance.intake.declarations import import_operations, sheet_rules
from governance.intake.declarations.models import RegisterImport
from governance.permissions import Actor, Role
from governance.spreadsheets import Row, Table, read_sheet, write_csv
from tests.world import World

HEADINGS = (
    "AI tool", "Vendor", "Version", "Type of AI", "Description", "Site", "Status", "Live since", "Direct care", "Patient data",
)  # fmt: skip
TIDY: tuple[tuple[Any, ...], ...] = (
    ("Scanwell Chest", "Sightline Ltd", "2.1", "Imaging", "Marks urgent chest X-rays. A radiologist reads each.", "Main site",
     "Live", "spring 2024", "Yes", "Confidential patient information"),
    ("Queuewell", "Queuewell Ltd", "5", "Administrative", "Sorts letters. A clerk checks each.", "North site",
     "Pilot", "May 2026", "No", "Personal data"),
    ("Scribeline", "Scribeline Ltd", "3.1", "AVT", "Drafts notes. The clinician signs each.", "Main site; North site",
     "In use", "2025", "Y", "PID"),
)  # fmt: skip


def tidy(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """A CSV of rows under headings."""
    return write_csv(Table("", headings, rows or TIDY))


def messy() -> bytes:
    """A workbook as found: a hidden sheet, a title, a merged column, dates, retired and empty rows, and notes below."""
    book = openpyxl.Workbook()
    book.active.title = "Lookups"
    book.active.append(("Yes", "No"))
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("AI register 2026")
    sheet.append(("AI & automation register – last updated by digital team",))
    sheet.append(())
    sheet.append(("Directorate", "Name of AI", "Supplier (developer)", "Version no.", "Category", "What it does", "Location", "Current status",
                  "Go-live date", "Clinical?", "Data used"))  # fmt: skip
    sheet.append(("Imaging", "Scanwell Chest", "Sightline Ltd", 2.1, "Radiology AI", "Marks urgent chest X-rays.\nA radiologist reads each.",
                  "Main site", "Live", date(2024, 3, 14), "Y", "PID"))  # fmt: skip
    sheet.append((None, "Lungline", "Sightline Ltd", "1.0", "Radiology", "Finds nodules. A radiologist reads each.", "Main site\nNorth site",
                  "LIVE ", "Summer 2025", "yes", "Patient identifiable"))  # fmt: skip
    sheet.append(())
    sheet.append(
        (
            "Outpatients",
            "Oldbot",
            "Talk Ltd",
            "1",
            "Chatbot",
            "Answered questions.",
            "Main site",
            "Decommissioned",
            2021,
            "N",
            "None",
        )
    )
    sheet.append(("Outpatients", "Queuewell", "Queuewell Ltd", 5, "Admin", "Sorts letters. A clerk checks each.", "North site",
                  "Trial", date(2026, 5, 1), "N", "Personal"))  # fmt: skip
    sheet.append(())
    sheet.append(("Notes: Scanwell contract ends next year",))
    sheet.merge_cells("A4:A5")
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def rows_of(row: RegisterImport, data: bytes) -> list[Row]:
    """The rows of an import, from its file."""
    sheet = read_sheet(data, filename=row.filename, sheet=row.sheet)
    return sheet_rules.data_rows(sheet, row.mapping["heading_row"])


def lead(world: World, code: str = "RTH01") -> Actor:
    return world.actor(Role.DIGITAL_LEAD, code)


def uploaded(
    world: World, data: bytes, *, filename: str = "register.csv", code: str = "RTH01", sha256: str = "0" * 64
) -> RegisterImport:
    """An import just uploaded. Own transaction."""
    with transaction():
        return import_operations.upload_register(
            filename=filename, sha256=sha256, sheet=read_sheet(data, filename=filename), by=lead(world, code), at=clock.now()
        )


def kept(world: World) -> RegisterImport:
    """A mapped import whose file lies in storage and whose last name looks like a tool declared before. Own transactions."""
    data = tidy(*TIDY[:2], ("Scribelin", *TIDY[2][1:]))
    return mapped(world, data, sha256=house().storage.put_content(data))


def mapped(
    world: World,
    data: bytes,
    *,
    filename: str = "register.csv",
    code: str = "RTH01",
    fixed: dict[str, str] | None = None,
    sha256: str = "0" * 64,
) -> RegisterImport:
    """An import mapped as guessed, each word meaning what it likely means. Own transactions."""
    row = uploaded(world, data, filename=filename, code=code, sha256=sha256)
    rows = rows_of(row, data)
    with transaction():
        by, at = lead(world, code), clock.now()
        import_operations.map_columns(
            row=row, columns=row.mapping["columns"], fixed=fixed or {}, version_id=row.version_id, by=by, at=at
        )
        words = {
            field.name: {
                word: sheet_rules.value_guess(field, word) or "" for word, _ in sheet_rules.words_in(rows, row.mapping, field)
            }
            for field in sheet_rules.FIELDS
            if field.choices
        }
        import_operations.say_meanings(row=row, words=words, version_id=row.version_id, by=by, at=at)
    return row
