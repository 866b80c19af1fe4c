"""The database refuses too: triggers that keep history as it was written.

One list, read from `Table.info["audit"]`; installed after every migration, because SQLite drops a table's
triggers when a migration rebuilds it. A contract test compares the list with the catalogue.
A grow-only table lets one change pass, a redaction: one column that `free_text.yaml` names, where a row of `redaction`
names it too, and every text that differs has become that redaction's marker.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from governance.database import free_text

GROW_ONLY = ("update", "delete")
TRACKED = ("delete",)

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are kept as written: % refused', TG_TABLE_NAME, TG_OP; END $$;

CREATE OR REPLACE FUNCTION only_redacted(was jsonb, said jsonb, marker jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF was = said THEN RETURN true; END IF;
  IF jsonb_typeof(was) IS DISTINCT FROM jsonb_typeof(said) THEN RETURN false; END IF;
  CASE jsonb_typeof(was)
    WHEN 'string' THEN RETURN said = marker;
    WHEN 'array' THEN
      RETURN jsonb_array_length(was) = jsonb_array_length(said) AND NOT EXISTS (
        SELECT 1 FROM generate_series(0, jsonb_array_length(was) - 1) AS n
        WHERE NOT only_redacted(was -> n, said -> n, marker));
    WHEN 'object' THEN
      RETURN (SELECT count(*) FROM jsonb_object_keys(was)) = (SELECT count(*) FROM jsonb_object_keys(said))
        AND NOT EXISTS (
          SELECT 1 FROM jsonb_each(was) AS w
          WHERE NOT coalesce(said ? w.key AND only_redacted(w.value, said -> w.key, marker), false));
    ELSE RETURN false;
  END CASE;
END $$;

CREATE OR REPLACE FUNCTION refuse_but_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was jsonb := to_jsonb(OLD); said jsonb := to_jsonb(NEW); changed text[]; named record;
BEGIN
  SELECT array_agg(w.key) INTO changed FROM jsonb_each(was) AS w WHERE (said -> w.key) IS DISTINCT FROM w.value;
  IF array_length(changed, 1) = 1 AND changed[1] = ANY(TG_ARGV) THEN
    FOR named IN SELECT to_jsonb(r.marker) AS marker FROM redaction AS r
      WHERE r.table_name = TG_TABLE_NAME AND r.row_id = (was ->> TG_ARGV[0])::bigint AND r.column_name = changed[1]
    LOOP
      IF only_redacted(was -> changed[1], said -> changed[1], named.marker) THEN RETURN NEW; END IF;
    END LOOP;
  END IF;
  RAISE EXCEPTION 'rows of % are kept as written: % refused', TG_TABLE_NAME, TG_OP;
END $$;
"""

_TEXT = "NEW.{column} = r.marker"
_JSON = (
    "NOT EXISTS (SELECT fullkey, type FROM json_tree(OLD.{column}) EXCEPT SELECT fullkey, type FROM json_tree(NEW.{column}))"
    " AND NOT EXISTS (SELECT fullkey, type FROM json_tree(NEW.{column})"
    " EXCEPT SELECT fullkey, type FROM json_tree(OLD.{column}))"
    " AND NOT EXISTS (SELECT 1 FROM (SELECT fullkey, type, atom FROM json_tree(NEW.{column})"
    " EXCEPT SELECT fullkey, type, atom FROM json_tree(OLD.{column})) WHERE NOT (type = 'text' AND atom = r.marker))"
)


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


def definitions(metadata: sa.MetaData, dialect: str) -> dict[str, str]:
    """The statement that makes each trigger on the list."""
    return {
        name: _statement(dialect, name, metadata.tables[table], refusal)
        for name, (table, refusal) in expected(metadata, dialect).items()
    }


def install(connection: Connection, metadata: sa.MetaData) -> None:
    """Create every trigger that is missing, or that says something else than it should, on tables that exist."""
    dialect = connection.dialect.name
    tables = set(sa.inspect(connection).get_table_names())
    there = _written(connection)
    if dialect == "postgresql":
        connection.exec_driver_sql(_FUNCTIONS.replace("%", "%%"))
    statements = definitions(metadata, dialect)
    for name, (table, _) in expected(metadata, dialect).items():
        if table not in tables or there.get(name) == statements[name]:
            continue
        if name in there:
            on = f' ON "{table}"' if dialect == "postgresql" else ""
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"{on}')
        connection.exec_driver_sql(statements[name])


def lift(connection: Connection) -> None:
    """Drop our triggers before migrations, on SQLite: it renames no table while a trigger names one that is not there yet.

    In the migrations' own transaction, which ends with `install`.
    """
    if connection.dialect.name == "sqlite":
        for name in installed(connection):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def _written(connection: Connection) -> dict[str, str]:
    """Triggers in the catalogue with their statement; PostgreSQL writes it its own way, so there each is made anew."""
    if connection.dialect.name != "sqlite":
        return dict.fromkeys(installed(connection), "")
    return {row[0]: row[1] for row in connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))}


def _protected(metadata: sa.MetaData) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in metadata.sorted_tables:
        kind = table.info.get("audit") or table.info.get("triggers")
        if kind:
            yield table.name, GROW_ONLY if kind == "grow-only" else TRACKED


def _statement(dialect: str, name: str, table: sa.Table, refusal: str) -> str:
    columns = free_text.redactable(table.name) if refusal == "update" else ()
    if dialect == "sqlite":
        unless = f" WHEN NOT ({' OR '.join(_passes(table, column) for column in columns)})" if columns else ""
        return (
            f'CREATE TRIGGER "{name}" BEFORE {refusal.upper()} ON "{table.name}"{unless}'
            f" BEGIN SELECT RAISE(ABORT, 'rows of {table.name} are kept as written: {refusal} refused'); END"
        )
    level = "STATEMENT" if refusal == "truncate" else "ROW"
    given = ", ".join(f"'{each}'" for each in (_key(table), *columns))
    call = f"refuse_but_redaction({given})" if columns else "refuse_change()"
    return f'CREATE TRIGGER "{name}" BEFORE {refusal.upper()} ON "{table.name}" FOR EACH {level} EXECUTE FUNCTION {call}'


def _passes(table: sa.Table, column: str) -> str:
    """The condition under which SQLite lets this one column change."""
    others = "".join(f'NEW."{each.name}" IS OLD."{each.name}" AND ' for each in table.columns if each.name != column)
    match = (_JSON if free_text.is_json(table.columns[column]) else _TEXT).format(column=f'"{column}"')
    return (  # the names are those of our own tables
        f'({others}NEW."{column}" IS NOT OLD."{column}" AND EXISTS (SELECT 1 FROM redaction AS r'  # noqa: S608
        f" WHERE r.table_name = '{table.name}' AND r.row_id = OLD.\"{_key(table)}\" AND r.column_name = '{column}' AND {match}))"
    )


def _key(table: sa.Table) -> str:
    return str(next(iter(table.primary_key.columns)).name)
