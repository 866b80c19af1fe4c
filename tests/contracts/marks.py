"""Marks in every text that an organisation keeps to itself, so that a test can look for them in what others are answered.

Written straight into a copy of the sweep's world, whose triggers are taken away first: nothing of the application does this.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import sqlalchemy as sa

from governance.database import Model, db
from governance.database.transactions import writable

MARK = "XKEPTX"
SHORTEST = 100  # shorter columns hold codes, references and digests
SHARED_COLUMNS = frozenset({
    ("decision", "sentence"),  # for what, until when, how many conditions: put together, never typed
    ("projection", "*"),
    ("pack_section", "title"),  # policy's
    ("report", "title"),
})  # fmt: skip
SHARED_KEYS = frozenset({
    # structure, and words of ours or of the question set
    "kind", "code", "label", "title", "words", "criterion", "provenance", "source", "state", "state_says", "finding",
    "finding_says", "question_set", "layer", "depth", "short_says", "row", "sentence", "policy", "tier", "route", "status", "role",
    "outcome", "at", "type", "file_sha256", "check_code", "digest", "severity", "likelihood", "matrix_version", "acceptance",
    # of the tool, its use and the organisation
    "reference", "organisation", "submitted_by", "controller", "sites", "purpose", "name", "setting", "pathway", "population",
    "kind_label", "stage_from", "stage_from_label", "stage_asked", "stage_asked_label", "value", "words_chosen", "version",
    "manufacturer", "supplier", "tool_kind", "summary", "dated_on", "review_due_on", "due_on",
    # hazards with their controls, and what is watched
    "description", "impact", "causes", "ends_on", "target", "direction", "frequency",
})  # fmt: skip
"""Keys of a pack's content that the edition for partners has on its list; every other text is marked."""
LISTED_FACTS = frozenset({
    "basis", "standard_version", "residual", "ico_consulted_on", "mhra_class", "registration_number", "mark",
    "certificate_expires_on", "output_reviewed", "on_national_registry", "dspt_status", "cyber_essentials",
    "cyber_essentials_expires_on", "tier",
})  # fmt: skip


def put(organisation_id: int) -> int:
    """Mark every text of an organisation's own rows; gives how many columns were marked."""
    marked = 0
    with writable(), db.engine.begin() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table in Model.metadata.sorted_tables:
            if "organisation_id" in table.c and (table.name, "*") not in SHARED_COLUMNS:
                for column in table.c:
                    marked += _marked(connection, table, column, organisation_id)
    return marked


def _marked(connection: Any, table: sa.Table, column: sa.Column[Any], organisation_id: int) -> bool:
    if (table.name, column.name) in SHARED_COLUMNS or column.foreign_keys or column.name.endswith("_key"):
        return False
    key = list(table.primary_key)
    where = table.c.organisation_id == organisation_id
    if isinstance(column.type, sa.JSON):
        change = content if table.name == "pack_section" else leaves
        for row in connection.execute(sa.select(*key, column).where(where)).all():
            found = sa.and_(*(part == row[n] for n, part in enumerate(key)))
            connection.execute(sa.update(table).where(found).values({column.name: change(row[-1])}))
        return True
    long = isinstance(column.type, sa.Text) or (type(column.type) is sa.String and (column.type.length or 0) >= SHORTEST)
    if long:
        said = sa.literal(f"{MARK} {table.name}.{column.name}: ") + sa.cast(column, sa.Text)
        connection.execute(sa.update(table).where(where, column.is_not(None)).values({column.name: said}))
    return long


def leaves(value: Any) -> Any:
    """The same JSON with a mark in every text of more than one word."""
    if isinstance(value, str):
        return f"{MARK} {value}" if " " in value else value
    if isinstance(value, dict):
        return {key: leaves(each) for key, each in value.items()}
    return [leaves(each) for each in value] if isinstance(value, list) else value


def content(value: Any, key: str = "", secret: bool = False) -> Any:
    """A pack section's content with a mark in every text that is not on the list for partners."""
    if isinstance(value, str):
        return f"{MARK} {key}" if secret or key not in SHARED_KEYS else value
    if isinstance(value, list):
        return [content(each, key, secret) for each in value]
    if not isinstance(value, dict):
        return value
    if {"risk", "likelihood"} <= set(value):  # a row of risks: its levels are codes
        open_texts = () if secret or "value" not in SHARED_KEYS else ("risk", "measures")
        return {name: each if name in open_texts or name not in ("risk", "measures") else f"{MARK} {name}" for name, each in value.items()}
    local = value.get("shareable") is False or ("type" in value and value.get("name") not in LISTED_FACTS)
    withheld = ("value", "words_chosen", "note") if value.get("withheld_from") else ()
    given = "row" in value and isinstance(value.get("document"), dict)
    said = {name: content(each, name, secret or name in withheld or (local and name in ("title", "value", "words", "issuer", "url")))
            for name, each in value.items()}  # fmt: skip
    if given:
        said["document"]["title"] = f"{MARK} document title"
    return said


def found_in(text: str) -> Iterator[str]:
    """What of an organisation's own shows in a text: marks, names of its people, their e-mail addresses."""
    for secret in (MARK, " of RTH01", "@rth01.example"):
        at = text.find(secret)
        if at >= 0:
            yield text[max(0, at - 60) : at + 60]


def spoken(data: bytes) -> str:
    """A body as text: a spreadsheet is opened, anything else read as it is."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(data)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
