"""What was redacted, where a text occurs, and what a digest that no longer fits should be compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, SessionTransaction

from governance.audit.models import AuditEvent, Redaction
from governance.audit.redactions import leaves, words
from governance.database import db, free_text
from governance.database.base import Base
from governance.database.transactions import is_writing

FILE = "file"
"""The “column” of a redaction that took the stored file of a row away."""


@dataclass(frozen=True, slots=True)
class Place:
    """One text found: its table, row, column and place in the value, and the text. `kept` says why it cannot be removed."""

    table: str
    row_id: int
    column: str
    path: leaves.Path
    text: str
    kept: str = ""


def find(session: Session, text: str) -> Iterator[Place]:
    """Every place where a text stands, in every table. The database is asked for its longest word, the rest is compared here."""
    for table in Base.metadata.sorted_tables:
        key = key_of(table)
        for column in table.columns:
            if not free_text.holds_words(column) and column.name not in free_text.redactable(table.name):
                continue
            query = sa.select(key, column).order_by(key)
            if word := leaves.longest_word(text):
                query = query.where(sa.cast(column, sa.Text).ilike(f"%{word}%"))
            for row_id, value in session.execute(query.execution_options(yield_per=200)):
                yield from _in_value(table, column, row_id, value, text)


def _in_value(table: sa.Table, column: sa.Column[Any], row_id: Any, value: Any, text: str) -> Iterator[Place]:
    gone = leaves.holds(text)
    why = "" if column.name in free_text.redactable(table.name) else why_kept(table.name, column.name)
    for path, found in leaves.leaves(value):
        if gone(found):
            yield Place(table.name, row_id, column.name, path, found, why)
    for name in leaves.keys(value):
        if gone(name):
            yield Place(table.name, row_id, column.name, (name,), name, "It is the name of a value, not a value.")


def why_kept(table: str, column: str) -> str:
    """Why a column's text stays."""
    return free_text.kept(table).get(column, "It is a code, a key or a digest.")


def key_of(table: sa.Table) -> sa.Column[Any]:
    """The column that numbers a table's rows."""
    found: sa.Column[Any] = next(iter(table.primary_key.columns))
    return found


def of_row(table: str, row_id: int) -> Sequence[Redaction]:
    """Redactions of one row, oldest first."""
    query = sa.select(Redaction).where(Redaction.table_name == table, Redaction.row_id == row_id)
    return db.session.scalars(query.order_by(Redaction.id)).all()


def withheld(table: str, row_id: int) -> Redaction | None:
    """The redaction that took a row's stored file away."""
    return next((each for each in of_row(table, row_id) if each.column_name == FILE), None)


def file_gone(table: str, row_id: int, *, to_partner: bool = False) -> str:
    """The sentence that stands where a row's stored file was withheld; empty where it was not. Partners read no reasons."""
    found = withheld(table, row_id)
    return words.withheld(found.redacted_at, "" if to_partner else found.reason) if found is not None else ""


_read: WeakKeyDictionary[SessionTransaction, dict[tuple[str, int], Redaction]] = WeakKeyDictionary()


def of_contents() -> dict[tuple[str, int], Redaction]:
    """The latest redaction of each row that keeps a digest of its content, by (table, row).

    One query in a reading transaction, however often it is asked.
    """
    current = None if is_writing() else db.session().get_transaction()
    if current is not None and current in _read:
        return _read[current]
    query = sa.select(Redaction).where(Redaction.content_after.is_not(None)).order_by(Redaction.id)
    found = {(each.table_name, each.row_id): each for each in db.session.scalars(query)}
    if not is_writing() and (current := db.session().get_transaction()) is not None:
        _read[current] = found
    return found


def standing(table: str, row_id: int, digest: str, removed: Mapping[tuple[str, int], Redaction] | None = None) -> str:
    """The digest that a row's content gives today: its own, or what a redaction left. Compare live content with this one.

    Whoever asks for many rows asks `of_contents` once and gives it as `removed`.
    """
    found = (of_contents() if removed is None else removed).get((table, row_id))
    return digest if found is None or found.content_after is None else found.content_after


def stream_of(table: str, row_id: int, organisation_id: int | None) -> str:
    """The stream that told last of a row; else its organisation's, else the instance's."""
    if table == "audit_payload":
        return str(db.session.scalar(sa.select(AuditEvent.stream).where(AuditEvent.id == row_id)))
    if db.session.get_bind().dialect.name == "postgresql":
        tells = sa.type_coerce(AuditEvent.rows, JSONB).contains([[table, row_id]])
    else:
        tells = sa.cast(AuditEvent.rows, sa.Text).contains(f'["{table}", {row_id}, "', autoescape=True)
    found = db.session.scalar(sa.select(AuditEvent.stream).where(tells).order_by(AuditEvent.id.desc()).limit(1))
    return found or (f"organisation:{organisation_id}" if organisation_id is not None else "instance:0")


def in_stream(stream: str) -> Sequence[Redaction]:
    """Redactions that a stream tells of, oldest first."""
    query = sa.select(AuditEvent.rows).where(AuditEvent.stream == stream, AuditEvent.kind == "redaction.made")
    ids = [row[1] for rows in db.session.scalars(query) for row in rows if row[0] == Redaction.__tablename__]
    return db.session.scalars(sa.select(Redaction).where(Redaction.id.in_(ids)).order_by(Redaction.id)).all()
