"""A migration keeps every row: upgrading a database that holds something."""

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from governance.database import db, read_only
from governance.database.transactions import writable
from tests import servers
from tests.applications import make_app

FIRST = "0001"
DAY, MOMENT = "2026-10-01", "2026-10-01 09:00:00"
HELD = {
    "organisation": {"id": 1, "code": "QKK", "name": "A board", "kind": "icb", "started_on": DAY, "provenance": ""},
    "condition_change": {
        "id": 1, "organisation_id": 1, "condition_id": 1, "at": MOMENT, "by_role": "", "status_to": "open", "text": "Kept",
    },
    "projection": {
        "deployment_id": 1, "organisation_id": 1, "organisation_name": "A board", "reference": "QKK-2026-0001", "tool_id": 1,
        "tool_name": "Chestwise", "manufacturer_name": "M", "version": "2", "use_case": "U", "use_case_id": 1, "stage": "pilot",
        "standing": "assured", "open_conditions": 0, "updated_at": MOMENT,
    },
}  # fmt: skip


@pytest.fixture
def held(backend, tmp_path):
    """A database as the first migration left it, with a row in each table that a later one changes."""
    url = f"sqlite:///{tmp_path / 'old.db'}" if backend == "sqlite" else servers.postgres_url()
    app = make_app(url, tmp_path)
    with app.app_context():
        upgrade(revision=FIRST)
        loosened = "PRAGMA foreign_keys=OFF" if backend == "sqlite" else "SET session_replication_role = replica"
        with writable(), db.engine.connect() as connection:
            connection.connection.execute(loosened)  # type: ignore[union-attr]
            connection.commit()
            with connection.begin():
                for table, row in HELD.items():
                    names = ", ".join(f'"{name}"' for name in row)
                    values = ", ".join(f":{name}" for name in row)
                    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)  # noqa: S608
            connection.invalidate()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_an_upgrade_keeps_what_was_there_and_fills_what_is_new(held):
    upgrade()
    with read_only() as session:
        assert session.execute(sa.text("SELECT text, evidence_id FROM condition_change")).all() == [("Kept", None)]
        assert session.execute(sa.text("SELECT code, concerns FROM organisation")).all() == [("QKK", None)]
        row = session.execute(sa.text("SELECT tool_name, purpose, site_count, patient_facing FROM projection")).one()
        assert (row.tool_name, row.purpose, row.site_count, bool(row.patient_facing)) == ("Chestwise", "", 0, False)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_downgrade_leads_back_to_it(held):
    upgrade()
    downgrade(revision=FIRST)
    with read_only() as session:
        assert session.scalar(sa.text("SELECT text FROM condition_change")) == "Kept"
        assert "signal" not in sa.inspect(session.connection()).get_table_names()
