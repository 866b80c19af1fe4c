"""What the database itself must refuse, and what it must look like."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from governance import rooms
from governance.database import db, read_only, transaction, triggers
from governance.database.base import Base
from governance.database.transactions import writable

rooms.load("models")
GROW_ONLY = [name for name, table in Base.metadata.tables.items() if table.info.get("audit") == "grow-only"]
TENANT = [name for name, table in Base.metadata.tables.items() if "organisation_id" in table.columns]


def test_every_trigger_on_the_list_is_in_the_catalogue_and_no_other(app):
    with read_only() as session:
        there = triggers.installed(session.connection())
    wanted = {name: table for name, (table, _) in triggers.expected(Base.metadata, db.engine.dialect.name).items()}
    assert there == wanted


def test_there_are_tables_to_protect():
    assert {"sign_off", "answer", "pack_section", "deployment_change", "decision"} <= set(GROW_ONLY)


def test_the_database_refuses_to_change_an_event(app):
    with writable(), db.engine.connect() as connection:
        with pytest.raises(sa.exc.DBAPIError, match="kept as written"):
            connection.execute(sa.text("UPDATE audit_event SET kind = 'nothing.happened'"))
        connection.rollback()
        with pytest.raises(sa.exc.DBAPIError, match="kept as written"):
            connection.execute(sa.text("DELETE FROM audit_event"))


def test_insert_or_replace_does_not_walk_past_the_delete_trigger(app, backend):
    if backend == "postgresql":
        statement = "TRUNCATE audit_event CASCADE"
    else:
        statement = "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE id = 1"
    with writable(), db.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="kept as written"):
        connection.execute(sa.text(statement))


def test_migrations_and_models_say_the_same(app):
    with read_only() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_reading_cannot_write(app):
    with pytest.raises(sa.exc.DBAPIError), read_only() as session:
        session.execute(sa.text("UPDATE person SET name = 'somebody else'"))
    db.session.rollback()


def test_a_protected_row_without_an_event_stops_the_commit(app, world):
    organisation = world.organisation("QKK")
    with pytest.raises(RuntimeError, match="without an event"), transaction():
        db.session.merge(organisation).name = "Renamed in the dark"
    assert world.organisation("QKK").name.startswith("NHS South East London")


@pytest.mark.parametrize("name", [name for name in TENANT if name not in ("audit_event", "job", "redaction")])
def test_a_tenant_row_always_has_its_organisation(name):
    assert not Base.metadata.tables[name].c.organisation_id.nullable


def test_a_row_cannot_point_at_another_organisations_parent():
    loose = []
    tenants = {name for name in TENANT if name not in ("audit_event", "job", "projection")}
    for name in tenants:
        table = Base.metadata.tables[name]
        for key in table.foreign_key_constraints:
            target = key.referred_table.name
            if target in tenants and "organisation_id" not in [c.name for c in key.columns]:
                loose.append(f"{name} → {target}")
    assert loose == []
