"""The policy in force says what was written down, and no row of it can go or change unnoticed."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import pytest
from pydantic import BaseModel

from governance.permissions import Role
from governance.policy import Policy, policy
from tests.rules import policy_asking as ask
from tests.rules.policy_expectations import AFTERWARDS, TRIAGE, Expectation
from tests.rules.policy_expectations_people import PEOPLE
from tests.rules.policy_expectations_shown import SHOWN, STOPPED

POLICY = policy("london-2")
EXPECTATIONS: list[Expectation] = [*TRIAGE, *SHOWN, *STOPPED, *PEOPLE, *AFTERWARDS]
WORDING = {"question", "consequence", "basis", "because"}
"""Fields that decide nothing: words of the triage page and of an explanation, and the citation of a source."""
UNTOLD = {"version", "title", "dated", "tool_sheet"}
"""Fields of the whole file: its name, and the set of questions about a tool."""


@pytest.mark.parametrize("it", EXPECTATIONS, ids=lambda it: it.name)
def test_the_policy_says(it: Expectation):
    assert it.asks(POLICY) == it.answer


def test_every_expectation_has_a_name_of_its_own():
    names = [it.name for it in EXPECTATIONS]
    assert len(names) == len(set(names)) >= 60


def missed(changed: Policy, among: list[Expectation]) -> str | None:
    """The first expectation that this policy does not meet."""
    for it in among:
        try:
            if it.asks(changed) == it.answer:
                continue
        except (StopIteration, RuntimeError, KeyError, IndexError, AssertionError, ValueError, AttributeError):
            pass
        return it.name
    return None


def standing_for(row: str) -> list[Expectation]:
    """The expectations that name this row, or the whole of its table."""
    return [it for it in EXPECTATIONS if row == it.rows or row.startswith(f"{it.rows}/") or it.rows.startswith(f"{row}/")]


def other(value: object) -> Iterator[object]:
    """Another value of the same sort."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, Role):
        yield from [each for each in (Role.SIRO, Role.CLINICAL_LEAD) if each is not value]
    elif isinstance(value, StrEnum):
        yield from [each for each in type(value) if each is not value][:2]
    elif isinstance(value, str):
        yield f"{value}x"


def less(row: BaseModel, name: str, value: tuple | dict) -> Iterator[tuple[str, BaseModel]]:
    """The row with one thing fewer in a field, or one thing changed."""
    keys = list(range(len(value))) if isinstance(value, tuple) else list(value)
    least = max((each.min_length for each in type(row).model_fields[name].metadata if hasattr(each, "min_length")), default=0)
    for key in keys:
        if isinstance(value, tuple):
            without = (*value[:key], *value[key + 1 :])
            if len(without) >= least:  # one that is refused when the file is read needs nobody to notice it
                yield f"{name} without {value[key]!s:.40}", row.model_copy(update={name: without})
            put = [("", new) for new in other(value[key])]
            put = list(changes(value[key])) if isinstance(value[key], BaseModel) else put
            for said, new in put:
                yield f"{name} {key} {said}", row.model_copy(update={name: (*value[:key], new, *value[key + 1 :])})
        else:
            yield f"{name} without {key}", row.model_copy(update={name: {k: v for k, v in value.items() if k != key}})
            for new in other(value[key]):
                yield f"{name} {key} {new}", row.model_copy(update={name: value | {key: new}})


def changes(row: BaseModel) -> Iterator[tuple[str, BaseModel]]:
    """The row with each of its fields changed, one at a time."""
    for name in type(row).model_fields:
        value = getattr(row, name)
        if name in WORDING or (name == "says" and hasattr(row, "profile")):
            continue
        if isinstance(value, tuple | dict):
            yield from less(row, name, value)
        for new in (["default" if value == "official" else "official"] if name == "provenance" else other(value)):
            changed = row.model_copy(update={name: new})
            if name != "first_of_kind" or value:  # a condition has one form: another is refused when the file is read
                yield f"{name} {new!s:.40}", changed


def row_name(table: str, row: object) -> str:
    return f"{table}/{ask.called(table, row)}" if table in ask.TABLES or table in ("role_limits", "outcomes") else table


@cache
def mutants(table: str) -> list[tuple[str, str, Policy]]:
    """(row, what was done, the policy so changed) for one table: each row dropped, each field of each row changed."""
    whole = getattr(POLICY, table)
    if isinstance(whole, BaseModel):
        return [(table, said, POLICY.model_copy(update={table: new})) for said, new in changes(whole)]
    found = []
    for n, row in enumerate(whole):
        name = row_name(table, row)
        new_rows = [("dropped", ()), *((said, (new,)) for said, new in (changes(row) if isinstance(row, BaseModel) else ()))]
        found += [
            (name, said, POLICY.model_copy(update={table: (*whole[:n], *new, *whole[n + 1 :])})) for said, new in new_rows
        ]
    return found


SOURCES = standing_for("provenance")
ALL_TABLES = [name for name in Policy.model_fields if name not in UNTOLD]


@pytest.mark.parametrize("table", ALL_TABLES)
def test_no_row_goes_unnoticed(table: str):
    """Each row dropped is missed by an expectation that stands for this very row; what it was is told by its name."""
    dropped = [(row, changed) for row, said, changed in mutants(table) if said == "dropped"]
    seen = {row: missed(changed, standing_for(row)) for row, changed in dropped}
    assert [row for row, name in seen.items() if name is None] == []


@pytest.mark.parametrize("table", ALL_TABLES)
def test_no_row_changes_unnoticed(table: str):
    """Each field of each row changed, one at a time, is missed by some expectation; those of the row are asked first."""
    unnoticed = []
    for row, said, changed in mutants(table):
        first = SOURCES if said.startswith("provenance") else standing_for(row)
        if missed(changed, first) is None and missed(changed, [it for it in EXPECTATIONS if it not in first]) is None:
            unnoticed.append(f"{row}: {said}")
    assert unnoticed == []

