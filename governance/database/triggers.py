"""The database refuses too: triggers that keep history as it was written.

One list, read from `Table.info["audit"]`; installed after every migration, because SQLite drops a table's
triggers when a migration rebuilds it. A contract test compares the list with the catalogue.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

GROW_ONLY = ("update", "delete")
TRACKED = ("delete",)

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are kept as written: % refused', TG_TABLE_NAME, TG_OP; END $$
"""


def expected(metadata: sa.MetaData, dialect: str) -> dict[str, tuple[str, str]]:
    """Names of all triggers that must be there, each with its table and what it refuses."""
    found = {}
    for table, refusals in _protected(metadata):
        for refusal in refusals + (("truncate",) if dialect == "postgresql" else ()):
            found[f"{table}_no_{refusal}"] = (table, refusal)
    return found


def installed(connection: Connection) -> dict[str, str]:
    """Triggers in the catalogue: name to table."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(sa.text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = connection.execute(
            sa.text(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
            )
        )
    return {row[0]: row[1] for row in rows}


def install(connection: Connection, metadata: sa.MetaData) -> None:
    """Create every trigger that is missing on tables that exist."""
    dialect = connection.dialect.name
    tables = set(sa.inspect(connection).get_table_names())
    there = installed(connection)
    if dialect == "postgresql":
        connection.exec_driver_sql(_FUNCTION.replace("%", "%%"))
    for name, (table, refusal) in expected(metadata, dialect).items():
        if table in tables and name not in there:
            connection.exec_driver_sql(_statement(dialect, name, table, refusal))


def _protected(metadata: sa.MetaData) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in metadata.sorted_tables:
        kind = table.info.get("audit") or table.info.get("triggers")
        if kind:
            yield table.name, GROW_ONLY if kind == "grow-only" else TRACKED


def _statement(dialect: str, name: str, table: str, refusal: str) -> str:
    if dialect == "sqlite":
        return (
            f'CREATE TRIGGER "{name}" BEFORE {refusal.upper()} ON "{table}"'
            f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept as written: {refusal} refused'); END"
        )
    level = "STATEMENT" if refusal == "truncate" else "ROW"
    return f'CREATE TRIGGER "{name}" BEFORE {refusal.upper()} ON "{table}" FOR EACH {level} EXECUTE FUNCTION refuse_change()'
