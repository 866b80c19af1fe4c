"""Reading tables whole, in batches, however broken a row may be: somebody with the database in hand writes what they like."""

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.models import AuditEvent, AuditPayload
from governance.database.base import Base

BATCH = 1_000
EVENTS = Base.metadata.tables[AuditEvent.__tablename__]
PAYLOADS = Base.metadata.tables[AuditPayload.__tablename__]
Row = dict[str, Any]

UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, sa.exc.OperationalError)
"""What the types of columns raise over a value that they cannot have written."""


def key_of(table: sa.Table) -> sa.Column[Any]:
    """The one column that numbers a table's rows."""
    return next(iter(table.primary_key.columns))


def batches(session: Session, table: sa.Table, where: Any = None) -> Iterator[list[tuple[Any, Row | None]]]:
    """Rows in the order of their keys, a thousand at a time; None for a row that holds what cannot be read."""
    key, after = key_of(table), None
    while True:
        query = sa.select(table).order_by(key).limit(BATCH)
        query = query if where is None else query.where(where)
        query = query if after is None else query.where(key > after)
        found = _read(session, query, key)
        if found:
            yield found
        if len(found) < BATCH:
            return
        after = found[-1][0]


def rows(session: Session, table: sa.Table, where: Any = None) -> Iterator[tuple[Any, Row | None]]:
    """The same, row by row."""
    for batch in batches(session, table, where):
        yield from batch


def rows_with(session: Session, table: sa.Table, keys: Collection[Any]) -> Iterator[tuple[Any, Row | None]]:
    """The rows that have one of these keys, in no matter how many queries."""
    wanted = sorted(keys, key=str)
    for start in range(0, len(wanted), BATCH // 2):
        yield from rows(session, table, key_of(table).in_(wanted[start : start + BATCH // 2]))


def events(session: Session, where: Any = None) -> Iterator[tuple[int, Row | None, tuple[Any, ...]]]:
    """(number, event, its payload) in the order of the numbers: the payload is () where it is gone, (value,) otherwise."""
    for batch in batches(session, EVENTS, where):
        beside = PAYLOADS.c.event_id.in_([number for number, _ in batch])
        payloads = {number: (row and row["payload"],) for number, row in rows(session, PAYLOADS, beside)}
        for number, event in batch:
            yield number, event, payloads.get(number, ())


def _read(session: Session, query: sa.Select[Any], key: sa.Column[Any]) -> list[tuple[Any, Row | None]]:
    try:
        return [(row[key.name], dict(row)) for row in session.execute(query).mappings()]
    except UNREADABLE:
        return [(number, _one(session, key, number)) for number in session.scalars(query.with_only_columns(key)).all()]


def _one(session: Session, key: sa.Column[Any], number: Any) -> Row | None:
    try:
        return dict(session.execute(sa.select(key.table).where(key == number)).mappings().one())
    except UNREADABLE:
        return None
