"""Imports as pages show them: the list, the check with its counts, the account, and the template to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from governance.intake.declarations import sheet_rules
from governance.intake.declarations.models import RegisterImport
from governance.intake.declarations.sheet_check import Check, Line
from governance.permissions import Actor
from governance.spreadsheets import Table, write_xlsx
from governance.web.wording import listed, plural

SHOWN = 100
STATES = {
    "uploaded": ("To map", "amber"),
    "mapped": ("To check", "amber"),
    "brought_in": ("Brought in", "go"),
    "dropped": ("Dropped", ""),
}
EXPLAINED = "How to fill it in"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account: row number, what it says, its reference with its page, or nothing."""

    number: int
    says: str
    reference: str
    href: str


def checked_heading(found: Check) -> tuple[str, str]:
    """(heading, lede) of the check."""
    counts = []
    if found.left_out:
        counts.append(f"{plural(len(found.left_out), 'row')} {'is' if len(found.left_out) == 1 else 'are'} left out.")
    if found.faulty:
        many = len(found.faulty)
        counts.insert(0, f"{plural(len(found.ready), 'row')} {'is' if len(found.ready) == 1 else 'are'} ready.")
        title = f"{plural(many, 'row')} {'has a fault' if many == 1 else 'have faults'}"
        return title, " ".join([*counts, "Nothing is brought in until no row has a fault."])
    if not found.ready:
        return "There is no row to bring in", " ".join(counts)
    ready = len(found.ready)
    title = f"{plural(ready, 'row')} {'is' if ready == 1 else 'are'} ready to bring in"
    return title, " ".join(["Nothing is written yet.", *counts])


def shown(found: Check, *, faults_only: bool, page: int) -> tuple[list[Line], int]:
    """The lines of one page of the check, and how many pages there are."""
    lines = found.faulty if faults_only else list(found.lines)
    pages = max(1, -(-len(lines) // SHOWN))
    first = (min(page, pages) - 1) * SHOWN
    return lines[first : first + SHOWN], pages


def account(row: RegisterImport, by: Actor, page: int) -> tuple[list[Entry], int]:
    """One page of what became of each row, and how many pages there are. Only own deployments lead to their page."""
    pages = max(1, -(-len(row.account) // SHOWN))
    first = (min(page, pages) - 1) * SHOWN
    own = f"{by.organisation_code}-"
    return [
        Entry(number, says, reference, _page(reference, by) if reference.startswith(own) else "")
        for number, reference, says in row.account[first : first + SHOWN]
    ], pages


def _page(reference: str, by: Actor) -> str:
    return url_for("deployments.deployment", organisation=by.organisation_code, reference=reference)


def brought_in_heading(row: RegisterImport) -> str:
    """What came of an import, in one line."""
    made = sum(bool(reference) for _, reference, _ in row.account)
    return f"{plural(made, 'tool')} declared from {row.filename}"


def template(*, with_organisation: bool, made_at: datetime) -> bytes:
    """The workbook to fill in: a column for each field, answers offered where there are some, and a sheet that explains."""
    fields = [field for field in sheet_rules.ALL_FIELDS if with_organisation or field is not sheet_rules.ORGANISATION]
    register = Table(
        "AI register",
        tuple(field.label for field in fields),
        choices={field.label: [label for _, label in field.choices] for field in fields if field.choices},
    )
    explained = Table(
        EXPLAINED,
        ("Column", "How to fill it in", "Needed", "Answers"),
        [
            (
                field.label,
                field.hint + (" Several are parted by semicolons." if field.name == "sites" else ""),
                _needed(field),
                listed((label for _, label in field.choices), "or") if field.choices else "Your own words",
            )
            for field in fields
        ],
    )
    return write_xlsx([register, explained], title="AI register to bring in", made_at=made_at)


def _needed(field: sheet_rules.Field) -> str:
    if field.name == "sites":
        return "Yes, unless there is one site only"
    return "Yes" if field.required else "No"


def words_by_field(
    row: RegisterImport, rows: Sequence[sheet_rules.Row]
) -> tuple[dict[str, list[tuple[str, int]]], list[str]]:
    """The words under each field with choices; and a sentence for each column that holds too many to be a choice."""
    found, wrong = {}, []
    for field in sheet_rules.FIELDS:
        words = sheet_rules.words_in(rows, row.mapping, field) if field.choices else []
        if len(words) > sheet_rules.MOST_WORDS:
            heading = row.headings[row.mapping["columns"][field.name]]
            wrong.append(f"“{heading}” holds {len(words):,} different words. Choose another column for “{field.label}”.")
        elif words:
            found[field.name] = words
    return found, wrong
