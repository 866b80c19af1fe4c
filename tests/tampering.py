"""What somebody with the database in hand can do: triggers, checks and foreign keys off, any row written as they like."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from governance import canonical, clock, keys
from governance.audit import chain, reading, verify
from governance.audit.models import AuditEvent, AuditPayload, AuditStream
from governance.audit.record import record
from governance.database import DecimalText, UtcDateTime, db, transaction, triggers
from governance.database.base import Base
from governance.database.transactions import writable
from governance.extensions import house
from governance.permissions import OPERATOR

Row = dict[str, Any]
EVENTS, PAYLOADS, HEADS = (each.__table__ for each in (AuditEvent, AuditPayload, AuditStream))
FAR = 1_000_003
_numbers = itertools.count(1)


def protected() -> dict[str, sa.Table]:
    """Every protected table, read from the models: a new one is here by itself."""
    return chain.protected_tables(Base.metadata)


def disarm() -> None:
    """Drop every trigger and check, and let no foreign key be enforced from now on, in this copy of the world."""
    db.session.remove()
    with writable(), db.engine.begin() as connection:
        for name, table in triggers.installed(connection).items():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if _on_server(connection) else ""))
        if _on_server(connection):
            checks = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
            for table, name in connection.exec_driver_sql(checks + " AND connamespace = current_schema()::regnamespace").all():
                connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    sa.event.listen(db.engine, "connect", _unchecked)
    db.engine.dispose()


def _unchecked(connection: Any, _record: Any) -> None:
    if hasattr(connection, "autocommit") and not hasattr(connection, "in_transaction"):  # psycopg
        connection.autocommit = True
        connection.execute("SET session_replication_role = replica")
        connection.autocommit = False
        return
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA ignore_check_constraints=ON")


def _on_server(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def fill() -> list[str]:
    """Give each protected table that this world leaves empty one invented row, told of by an event. Names of those tables."""
    filled = []
    with transaction() as session:
        for name, table in protected().items():
            if session.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
                session.info["touched"][(name, invented(session, table))] = True
                filled.append(name)
        record("world.filled", stream="instance:0", by=OPERATOR, at=clock.now())
    return filled


def invented(session: Session, table: sa.Table) -> int:
    """Put in one row with something in every column. Gives its number."""
    values = {column.name: value_for(column) for column in table.columns if not column.primary_key}
    return session.execute(table.insert().values(values)).inserted_primary_key[0]


@contextmanager
def broken() -> Iterator[Session]:
    """A transaction in which anything may be done, and of which nothing stays."""
    session = db.session()
    session.rollback()
    with writable():
        try:
            yield session
        finally:
            session.rollback()


def findings(session: Session, *, since: str | None = None) -> list[str]:
    """What `flask audit verify` would say inside this very transaction."""
    return verify.verify(session, house().storage, house().keyring, since=since).findings


def value_for(column: sa.Column[Any]) -> Any:
    """Something that a column can hold, different each time."""
    kind, n = column.type, next(_numbers)
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    match kind:
        case sa.Boolean():
            return True
        case sa.Integer():
            return FAR + n
        case sa.Date():
            return date(2026, 1, 1) + timedelta(days=n % 300)
        case UtcDateTime():
            return clock.now() + timedelta(seconds=n)
        case DecimalText():
            return Decimal(n)
        case sa.JSON():
            return {"n": n}
        case _:
            return f"{n:05d}x"[: getattr(kind, "length", None) or 100]


def other(column: sa.Column[Any], value: Any) -> Any:
    """Another value than the one a cell holds, that its column can hold."""
    match value:
        case None:
            return value_for(column)
        case bool():
            return not value
        case Enum():
            return next((each for each in type(value) if each is not value), None)
        case int():
            return value + FAR
        case str() if isinstance(column.type, sa.Enum):
            return next(each for each in column.type.enums if each != value)
        case str():
            return value[:-1] + ("q" if value[-1:] != "q" else "z")
        case Decimal():
            return value + 1
        case dict():
            return {**value, "tampered": 1}
        case list():
            return [*value, 1]
        case _:
            return value + (timedelta(days=1) if type(value) is date else timedelta(microseconds=1))


def some_row(session: Session, table: sa.Table, n: int) -> tuple[int, Row]:
    """The n-th row of a table, beginning anew where it has fewer."""
    key = reading.key_of(table)
    count = session.scalar(sa.select(sa.func.count()).select_from(table))
    row = session.execute(sa.select(table).order_by(key).offset(n % count).limit(1)).mappings().one()
    return row[key.name], dict(row)


def rewritten(session: Session, stream: str, position: int, **changed: Any) -> None:
    """Change one event and write all that follow in its stream anew, head and all: a chain that agrees with itself."""
    events = session.execute(
        sa.select(EVENTS).where(EVENTS.c.stream == stream, EVENTS.c.position >= position).order_by(EVENTS.c.position)
    ).mappings().all()  # fmt: skip
    previous = events[0]["previous"]
    for event in events:
        fields = {**event, "previous": previous, **(changed if event["position"] == position else {})}
        fields["hash"] = previous = chain.event_hash(fields)
        session.execute(sa.update(EVENTS).where(EVENTS.c.id == event["id"]).values(fields))
    session.execute(sa.update(HEADS).where(HEADS.c.name == stream).values(position=events[-1]["position"], head=previous))


def swap_numbers(session: Session, table: sa.Table, one: Any, two: Any) -> None:
    """Have two rows change their places."""
    key = reading.key_of(table)
    for old, new in ((one, -1), (two, one), (-1, two)):
        session.execute(sa.update(table).where(key == old).values({key.name: new}))


def cut(session: Any, event: dict[str, Any]) -> None:
    """Cut a stream off before an event, its rows and payloads with it, and put the head where it ends then."""
    tail = sa.and_(EVENTS.c.stream == event["stream"], EVENTS.c.position >= event["position"])
    for number, rows in session.execute(sa.select(EVENTS.c.id, EVENTS.c.rows).where(tail)).all():
        session.execute(sa.delete(PAYLOADS).where(PAYLOADS.c.event_id == number))
        for table, identity, _ in rows:
            found = protected()[table]
            session.execute(sa.delete(found).where(found.c.id == identity))
    session.execute(sa.delete(EVENTS).where(tail))
    values = {"position": event["position"] - 1, "head": event["previous"]}
    session.execute(sa.update(HEADS).where(HEADS.c.name == event["stream"]).values(values))


def files(app: Flask) -> Path:
    return Path(app.instance_path) / "files"


class files_changed:  # noqa: N801 - reads as a sentence
    """Receipts and checkpoints as they are, put back afterwards."""

    def __init__(self, app: Flask) -> None:
        self.folder = files(app)

    def __enter__(self) -> Path:
        self.kept = {file: file.read_bytes() for part in ("receipts", "checkpoints") for file in (self.folder / part).rglob("*.json")}
        return self.folder

    def __exit__(self, *_: object) -> None:
        for part in ("receipts", "checkpoints"):
            for file in (self.folder / part).rglob("*.json"):
                file.unlink()
        for file, data in self.kept.items():
            file.write_bytes(data)


FILE_CHANGES = ("hash", "position", "stream", "at", "signature", "key", "unreadable", "empty", "list", "gone", "foreign", "swapped")


def change_file(change: str, file: Path, beside: Path, part: str) -> None:
    line = json.loads(file.read_bytes())
    body = line[part]
    if change == "gone":
        file.unlink()
    elif change == "swapped":
        one, two = file.read_bytes(), beside.read_bytes()
        file.write_bytes(two)
        beside.write_bytes(one)
    elif change in ("unreadable", "empty", "list"):
        file.write_bytes({"unreadable": b"{", "empty": b"", "list": b"[1.5]"}[change])
    else:
        heads = body.get("heads") or {}
        first = min(heads, default="")
        if change == "signature":
            line["signature"] = base64.b64encode(b"0" * 64).decode()
        elif change == "key":
            line["key_id"] = "0" * 16
        elif change == "at":
            body["at"] = "2026-01-01T00:00:00.000000Z"
        elif heads:
            body["heads"] = {"hash": heads | {first: [heads[first][0], "0" * 64]}, "position": heads | {first: [9_000, heads[first][1]]},
                             "stream": {name: head for name, head in heads.items() if name != first}, "foreign": heads}[change]  # fmt: skip
        else:
            body |= {"hash": {"hash": "0" * 64}, "position": {"position": 9_000}, "stream": {"stream": "tool:1"}, "foreign": {}}[change]
        if change == "foreign":
            name, signature = keys.from_seeds([b"f" * 32]).sign(canonical.dumps(body))
            line |= {"key_id": name, "signature": signature}
        file.write_bytes(canonical.dumps(line))
