"""Every table and every kind of stored file has a rule that says how long it is kept, and none that breaks the chain."""

import pytest

from governance import rooms
from governance.audit.retention.rules import FILES, Kind, rules
from governance.database.base import Base

rooms.load("models")
KINDS = rules().kinds


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_each_table_has_one_rule(name):
    assert [kind.code for kind in KINDS if name in kind.tables] != [], "say in retention.yaml how long it is kept"
    assert len([kind for kind in KINDS if name in kind.tables]) == 1


def test_no_rule_names_what_is_not_there_and_each_kind_of_file_has_one():
    tables = Base.metadata.tables
    assert all(name in tables for kind in KINDS for name in (*kind.tables, *kind.unless_named_by))
    assert sorted(file for kind in KINDS for file in kind.files) == sorted(FILES)
    for kind in KINDS:
        if not kind.is_ever:
            assert {kind.after, *kind.where, *kind.blank} <= set(tables[kind.table].columns.keys())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.is_ever], ids=lambda kind: kind.code)
def test_what_ends_takes_no_protected_row_with_it(kind: Kind):
    protected = Base.metadata.tables[kind.table].info.get("audit") or Base.metadata.tables[kind.table].info.get("triggers")
    if kind.removes_files:
        return
    assert protected == "tracked" if kind.blank else protected is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_each_rule_gives_its_reasons_as_sentences(kind: Kind):
    assert kind.why.endswith(".") and kind.basis.endswith(".")
    assert kind.is_ever == (kind.does == "")
