"""Runs migrations on the application's own engine, then puts back the triggers that a rebuilt table loses."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from governance.database import triggers
from governance.database.base import Base, db
from governance.database.transactions import writable
from governance.database.types import DecimalText, UtcDateTime

LOCK = 4_021_977  # any number of ours: two workers that start together upgrade one after the other


def render(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types into migrations as what they are in the database: a migration imports none of our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, DecimalText):
        return "sa.String(length=40)"
    if kind == "type" and isinstance(item, sa.JSON):
        return "JSON"
    return False


def dangling(connection: sa.Connection) -> int:
    """How many rows point at a row that is not there. PostgreSQL enforces this itself."""
    if connection.dialect.name != "sqlite":
        return 0
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def run() -> None:
    """Upgrade online. On PostgreSQL under an advisory lock and with a lock timeout."""
    with current_app.app_context(), writable(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # SQLite changes a table by making it anew: with keys enforced, dropping the old one would take its children
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        loose = dangling(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET lock_timeout = '10s'"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            render_item=render,
        )
        triggers.lift(connection)
        context.run_migrations()
        triggers.install(connection, Base.metadata)
        if dangling(connection) > loose:
            raise RuntimeError("A migration would leave rows that point at nothing. Nothing was changed.")
        connection.commit()
        connection.invalidate()  # the next one enforces keys again


run()
