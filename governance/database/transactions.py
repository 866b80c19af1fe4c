"""One business transaction per unsafe request; everything else only reads.

SQLite: `BEGIN` for reading with `query_only` on, `BEGIN IMMEDIATE` for writing, so that two writers queue
instead of meeting a locked database half way (measured: without it 601 of 2,000 concurrent writes fail).
PostgreSQL: `SET TRANSACTION READ ONLY` for reading.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from governance.database.base import db

BUSY_MILLISECONDS = 30_000

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_before: list[Callable[[Session], None]] = []
_after: list[Callable[[dict[str, Any]], None]] = []


def before_commit(hook: Callable[[Session], None]) -> None:
    """Have `hook(session)` run inside each transaction just before its commit (the audit chain seals there)."""
    if hook not in _before:
        _before.append(hook)


def after_commit(hook: Callable[[dict[str, Any]], None]) -> None:
    """Have `hook(session.info)` run after each commit (receipts and the queue live outside the database)."""
    if hook not in _after:
        _after.append(hook)


def is_writing() -> bool:
    """Whether a writing transaction is open here."""
    return _writing.get()


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one writing transaction of a request, command or job; commit at the end, or roll all of it back.

    Ends the read that came before: rows loaded there are refreshed when touched again. Not nestable.
    """
    if _writing.get():
        raise RuntimeError("a transaction is open already: an operation flushes, only the edge commits")
    session = db.session()
    session.rollback()
    token = _writing.set(True)
    try:
        session.info["touched"] = {}
        session.connection()
        yield session
        session.flush()
        for hook in _before:
            hook(session)
        session.commit()
    except BaseException:
        session.rollback()
        session.info.clear()
        raise
    finally:
        _writing.reset(token)
    info = dict(session.info)
    session.info.clear()
    for after in _after:
        after(info)


@contextmanager
def read_only() -> Iterator[Session]:
    """A reading scope for commands and jobs; nothing inside it can write."""
    session = db.session()
    session.rollback()
    try:
        yield session
    finally:
        session.rollback()


def listen(app: Flask, engine: Engine) -> None:
    """Attach the transaction rules to an engine. Called once from `create_app`."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connect)
        sa.event.listen(engine, "begin", _sqlite_begin)
    else:
        sa.event.listen(engine, "begin", _postgresql_begin)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    if _writing.get():
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")


def _postgresql_begin(connection: Connection) -> None:
    if not _writing.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


@contextmanager
def writable() -> Iterator[None]:
    """Let migrations and test fixtures write on a connection of their own, outside `transaction()`."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)
