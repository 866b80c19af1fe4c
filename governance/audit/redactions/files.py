"""Stored files that hold a text, as far as they can be read: plain text, CSV, and what is zipped as spreadsheets are."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.models import Redaction
from governance.audit.redactions import leaves, queries
from governance.database.base import Base
from governance.storage import Storage, content_key

MOST = 50 * 1024 * 1024  # bytes unpacked from one file
PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A row with a stored file: `said` is how it came to be listed."""

    table: str
    row_id: int
    sha256: str
    said: str


def find(session: Session, storage: Storage, text: str) -> Iterator[StoredFile]:
    """Files that hold the text; PDFs cannot be looked into and are listed where the text stood in what they print."""
    seen: dict[str, bool] = {}
    for table in Base.metadata.sorted_tables:
        if "sha256" not in table.columns:
            continue
        for row_id, sha256 in session.execute(sa.select(queries.key_of(table), table.c.sha256)).all():
            if not sha256:
                continue
            if sha256 not in seen:
                seen[sha256] = _file_holds(storage, sha256, text)
            if seen[sha256]:
                yield StoredFile(table.name, row_id, sha256, "holds the text")


def reports_on(session: Session, places: list[queries.Place]) -> Iterator[StoredFile]:
    """Issued reports of the packs in which the text stands, or from which it was removed already, and are not withheld."""
    sections = {each.row_id for each in places if each.table == "pack_section"}
    sections |= set(session.scalars(sa.select(Redaction.row_id).where(Redaction.table_name == "pack_section")))
    section, report = Base.metadata.tables["pack_section"], Base.metadata.tables["report"]
    packs = sa.select(section.c.pack_id).where(section.c.id.in_(sections))
    gone = sa.select(Redaction.row_id).where(Redaction.table_name == "report", Redaction.column_name == queries.FILE)
    query = sa.select(report.c.id, report.c.sha256).where(report.c.pack_id.in_(packs), report.c.id.not_in(gone))
    for row_id, sha256 in session.execute(query.order_by(report.c.id)):
        yield StoredFile("report", row_id, sha256, "prints a pack in which the text stands or stood")


def _file_holds(storage: Storage, sha256: str, text: str) -> bool:
    for key in (content_key(sha256), f"quarantine/{sha256}"):
        try:
            return holds(storage.get(key), text)
        except FileNotFoundError:
            continue
    return False


def holds(data: bytes, text: str) -> bool:
    """Whether a file's bytes hold a text, in UTF-8 or UTF-16, packed or not. False of a PDF."""
    if data.startswith(PDF):
        return False
    gone = leaves.holds(text)
    if not zipfile.is_zipfile(BytesIO(data)):
        return any(gone(data.decode(name, "replace")) for name in ("utf-8", "utf-16-le", "utf-16-be"))
    left = MOST
    with zipfile.ZipFile(BytesIO(data)) as packed:
        for item in packed.infolist():
            with packed.open(item) as part:
                inside = part.read(left)
            left -= len(inside)
            if gone(inside.decode("utf-8", "replace")):
                return True
    return False
