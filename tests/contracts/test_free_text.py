"""Every column that can hold what people typed is decided upon: details can be taken out of it, or it says why not."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from governance import rooms
from governance.audit.redactions import operations, words
from governance.database import db, free_text, read_only, triggers
from governance.database.base import Base

rooms.load("models")
TABLES = Base.metadata.tables
LONGEST = words.marker(datetime(2027, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_text_column_is_redactable_or_says_why_not(name):
    table, taken, kept = TABLES[name], free_text.redactable(name), free_text.kept(name)
    wordy = {column.name for column in table.columns if free_text.holds_words(column)}
    assert wordy <= {*taken, *kept}, "say in free_text.yaml whether details can be removed from it"
    assert not set(taken) & set(kept)
    assert {*taken, *kept} <= set(table.columns.keys())
    assert all(why.endswith(".") for why in kept.values())
    for column in taken:
        kind = table.columns[column].type
        assert isinstance(kind, sa.JSON | sa.Text) or (kind.length or 0) >= len(LONGEST)


def test_the_file_names_no_table_that_is_gone():
    assert free_text.tables() <= set(TABLES)


def test_what_is_sealed_says_that_it_can_be_sealed_again(app):
    assert set(operations.seals) == {"sign_off"}
    own_digest = {
        name for name, table in TABLES.items()
        if "digest" in table.columns and table.info.get("audit") == "grow-only" and free_text.redactable(name)
    }  # fmt: skip
    elsewhere = {
        "declaration": "Its digest also covers the register as it was: nothing compares it again.",
        "enclosure": "Its digest is the pack’s.",
        "judgement": "Its digest is of the matter judged.",
        "reading_batch": "Its digest is over the figures, whose notes are redacted one by one.",
        "sign_off": "Its digest is the subject’s; the seal covers the row.",
    }
    assert own_digest == {*operations.digests, *elsewhere} - {"reading"}


def test_each_trigger_says_what_it_should(app):
    with read_only() as session:
        connection = session.connection()
        wanted = triggers.definitions(Base.metadata, connection.dialect.name)
        if connection.dialect.name == "sqlite":
            rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
            assert dict(map(tuple, rows)) == wanted
            return
        query = "SELECT t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal"
        there = dict(map(tuple, connection.execute(sa.text(query))))
    assert {name: said.rpartition("EXECUTE FUNCTION ")[2] for name, said in there.items()} == {
        name: said.rpartition("EXECUTE FUNCTION ")[2] for name, said in wanted.items()
    }
    assert db.engine.dialect.name == "postgresql"
