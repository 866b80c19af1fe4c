"""After a redaction: what the database still keeps of earlier versions of its pages is written over."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy

from governance.database.transactions import writable


def scrub(db: SQLAlchemy, tables: Iterable[str]) -> None:
    """SQLite: rebuild the file and empty its WAL. PostgreSQL: rewrite the tables concerned. Others wait meanwhile."""
    db.session.remove()
    with writable(), db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.dialect.name == "sqlite":
            raw = connection.connection.cursor()
            raw.execute("PRAGMA query_only=OFF")
            raw.execute("PRAGMA secure_delete=ON")
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.close()
        else:
            for name in sorted(set(tables)):
                connection.execute(sa.text(f'VACUUM (FULL) "{name}"'))


AFTERWARDS = (
    "Backups made before today still hold the text until they are past their time; restored, redact them again.",
    "On PostgreSQL the server’s own log (WAL) and its archive hold it as long as they are kept.",
    "Receipts and checkpoints hold digests and no words.",
    "A digest of the text stays: it can confirm a guess, and gives nothing away by itself.",
)
