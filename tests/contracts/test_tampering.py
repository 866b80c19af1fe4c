"""Somebody with the database in hand changes it, its triggers dropped first: `flask audit verify` finds each change and names it.

Every column of every protected table is walked from the models, so that a new table is covered by itself; tables that the
sweep's world leaves empty are given a row. Many cells are broken in one transaction and each row must be named by itself;
nothing else may be. Each transaction is rolled back, so all of it is done to one copy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from governance import canonical, clock, keys
from governance.audit import chain, checkpoints, commands, receipts
from governance.extensions import house
from governance.permissions import OPERATOR
from governance.signing.models import SignOff
from governance.signing.queries import sealed_body
from tests import tampering
from tests.applications import Template, opened
from tests.tampering import EVENTS, FILE_CHANGES, HEADS, PAYLOADS, broken, change_file, cut, files_changed, findings

NAMED = re.compile(r"^(\w+) row (-?\d+): ")
SIGNED = SignOff.__table__
EXCUSES = "redaction"
"""A row that excuses another: when it is broken, the other is a finding too. One that this world was only given excuses none."""


@pytest.fixture(scope="module")
def copy(swept_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One copy of the sweep's world, disarmed, with a row in every table and three checkpoints."""
    with opened(swept_template, tmp_path_factory.mktemp("tampered") / "instance") as made:
        tampering.disarm()
        filled: list[str] = []
        for hour in range(3):
            with clock.fixed(clock.now() + timedelta(hours=hour)):
                if hour == 1:
                    filled = tampering.fill()
                commands.make_checkpoint(OPERATOR)
        made.extensions["alone"] = {EXCUSES} - set(filled)
        yield made


def rows_named(said: list[str]) -> set[tuple[str, int]]:
    return {(found[1], int(found[2])) for each in said if (found := NAMED.match(each))}


def judged(said: list[str], expected: set[tuple[str, int]]) -> dict[str, Any]:
    """What was missed, and what was said of anything else; both empty when it is as it should be."""
    excused = any(table in alone() for table, _ in expected)
    more = [] if excused else [each for each in said if not NAMED.match(each) or not rows_named([each]) <= expected]
    wrong = {"missed": sorted(expected - rows_named(said)), "more": more}
    return {name: value for name, value in wrong.items() if value}


def alone() -> set[str]:
    """Tables whose rows are broken in a transaction of their own."""
    found: set[str] = current_app.extensions["alone"]
    return found


def waves(cells: list[tuple[sa.Table, Any]]) -> list[list[tuple[sa.Table, Any]]]:
    """Groups that hold each table once at most; what excuses another goes alone."""
    found: dict[Any, list[tuple[sa.Table, Any]]] = {}
    seen: dict[str, int] = {}
    for table, what in cells:
        seen[table.name] = seen.get(table.name, 0) + 1
        own = (table.name, seen[table.name]) if table.name in alone() else seen[table.name]
        found.setdefault(own, []).append((table, what))
    return list(found.values())


def test_the_untouched_world_is_whole(copy):
    with broken() as session:
        assert findings(session) == []


def test_every_column_of_every_protected_table(copy):
    cells = [(table, column) for table in tampering.protected().values() for column in table.columns]
    wrong, done = [], 0
    for n, wave in enumerate(waves(cells)):
        with broken() as session:
            expected = set()
            for table, column in wave:
                number, row = tampering.some_row(session, table, n)
                value = tampering.other(column, row[column.name])
                session.execute(sa.update(table).where(table.c.id == number).values({column.name: value}))
                expected |= {(table.name, number), (table.name, value if column.primary_key else number)}
                done += 1
            wrong += [found] if (found := judged(findings(session), expected)) else []
    assert (wrong, done) == ([], len(cells)) and done > 900


def test_every_cell_that_may_be_empty_is_emptied(copy):
    tables = tampering.protected().values()
    wrong, done = [], 0
    for wave in waves([(table, column) for table in tables for column in table.columns if column.nullable]):
        with broken() as session:
            expected = set()
            for table, column in wave:
                held = sa.select(table.c.id).where(column.is_not(None)).order_by(table.c.id).limit(1)
                if (number := session.scalar(held)) is not None:
                    session.execute(sa.update(table).where(table.c.id == number).values({column.name: None}))
                    expected.add((table.name, number))
                    done += 1
            wrong += [found] if (found := judged(findings(session), expected)) else []
    assert wrong == [] and done > 100


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_what_no_column_can_hold_is_named_and_stops_nothing(copy):
    """SQLite takes any text anywhere; PostgreSQL’s own types refuse it."""
    plain = (sa.String, sa.Text, sa.Integer)
    cells = [
        (table, column) for table in tampering.protected().values() for column in table.columns
        if isinstance(column.type, sa.Enum) or not isinstance(column.type, (*plain, sa.Boolean))
    ]  # fmt: skip
    wrong, done = [], 0
    for n, wave in enumerate(waves(cells)):
        with broken() as session:
            expected = set()
            for table, column in wave:
                number, _ = tampering.some_row(session, table, n)
                nonsense = sa.text(f'UPDATE "{table.name}" SET "{column.name}" = :value WHERE id = :id')  # noqa: S608
                session.execute(nonsense, {"value": "nonsense {", "id": number})
                expected.add((table.name, number))
                done += 1
            wrong += [found] if (found := judged(findings(session), expected)) else []
    assert wrong == [] and done > 200


def test_a_row_taken_out_of_every_table(copy):
    for wave in waves([(table, None) for table in tampering.protected().values()]):
        with broken() as session:
            expected = set()
            for table, _ in wave:
                number, _row = tampering.some_row(session, table, 1)
                session.execute(sa.delete(table).where(table.c.id == number))
                expected.add((table.name, number))
            assert judged(findings(session), expected) == {}


def test_a_row_put_into_every_table(copy):
    for wave in waves([(table, None) for table in tampering.protected().values()]):
        with broken() as session:
            expected = {(table.name, tampering.invented(session, table)) for table, _ in wave}
            assert judged(findings(session), expected) == {}


def test_two_rows_of_a_table_that_changed_places(copy):
    done = 0
    for wave in waves([(table, None) for table in tampering.protected().values()]):
        with broken() as session:
            expected = set()
            for table, _ in wave:
                (one, _), (two, _) = (tampering.some_row(session, table, n) for n in (0, -1))
                if one != two:
                    tampering.swap_numbers(session, table, one, two)
                    expected |= {(table.name, one), (table.name, two)}
                    done += 1
            assert judged(findings(session), expected) == {}
    assert done > 30


def an_event(session: Any, kind: str = "sign_off.sealed", last: bool = True) -> dict[str, Any]:
    order = EVENTS.c.id.desc() if last else EVENTS.c.id
    return dict(session.execute(sa.select(EVENTS).where(EVENTS.c.kind == kind).order_by(order).limit(1)).mappings().one())


def where(event: dict[str, Any]) -> str:
    return f"{event['stream']} event {event['position']}"


@pytest.mark.parametrize("column", [column.name for column in EVENTS.columns])
def test_every_column_of_an_event(copy, column):
    """In three streams at once; each is found by itself."""
    with broken() as session:
        expected = {}
        for kind in ("sign_off.sealed", "person.invited", "checkpoint.made"):
            event = an_event(session, kind, last=False)
            value = tampering.other(EVENTS.c[column], event[column])
            session.execute(sa.update(EVENTS).where(EVENTS.c.id == event["id"]).values({column: value}))
            expected[kind] = (f"{where(event)}: ", f"{event['stream']} event ", f"{value} event ")
        said = findings(session)
        assert [kind for kind, begins in expected.items() if not any(each.startswith(begins) for each in said)] == [], said


def test_details_of_events(copy):
    with broken() as session:
        numbers = session.scalars(sa.select(PAYLOADS.c.event_id).order_by(PAYLOADS.c.event_id.desc()).limit(6)).all()
        changed, emptied, taken, moved, one, two = numbers
        mine = sa.update(PAYLOADS)
        session.execute(mine.where(PAYLOADS.c.event_id == changed).values(payload={"role": "cso"}))
        session.execute(mine.where(PAYLOADS.c.event_id == emptied).values(payload={"": ""}))
        session.execute(sa.delete(PAYLOADS).where(PAYLOADS.c.event_id == taken))
        session.execute(mine.where(PAYLOADS.c.event_id == moved).values(event_id=moved + tampering.FAR))
        tampering.swap_numbers(session, PAYLOADS, one, two)
        said, words = findings(session), {taken: "are gone.", moved: "are gone."}
        for event in session.execute(sa.select(EVENTS).where(EVENTS.c.id.in_(numbers))).mappings():
            assert f"{where(dict(event))}: its details {words.get(event['id'], 'are not what was recorded.')}" in said
        assert f"audit_payload row {moved + tampering.FAR}: there is no event that it could belong to." in said
        assert len(said) == 7, said


def test_heads_of_streams(copy):
    with broken() as session:
        names = session.scalars(sa.select(HEADS.c.name).order_by(HEADS.c.name)).all()
        position, head, gone, renamed = names[:4]
        mine = sa.update(HEADS)
        session.execute(mine.where(HEADS.c.name == position).values(position=HEADS.c.position + 1))
        session.execute(mine.where(HEADS.c.name == head).values(head="1" * 64))
        session.execute(sa.delete(HEADS).where(HEADS.c.name == gone))
        session.execute(mine.where(HEADS.c.name == renamed).values(name="deployment:901"))
        session.execute(sa.insert(HEADS).values(name="deployment:900", position=3, head="0" * 64))
        said = findings(session)
        wanted = {position, head, gone, renamed, "deployment:900", "deployment:901"}
        assert {each.partition(": its head")[0] for each in said} == wanted


@pytest.mark.parametrize("kind", ["sign_off.sealed", "person.invited", "pack.frozen", "checkpoint.made"])
def test_an_event_taken_out_of_the_middle_or_the_end(copy, kind):
    for last in (True, False):
        with broken() as session:
            event = an_event(session, kind, last)
            session.execute(sa.delete(EVENTS).where(EVENTS.c.id == event["id"]))
            session.execute(sa.delete(PAYLOADS).where(PAYLOADS.c.event_id == event["id"]))
            said = findings(session)
            expected = (f"{event['stream']} event {event['position'] + 1}: position {event['position']} was", f"{event['stream']}: its head")
            assert any(each.startswith(expected) for each in said), said
            assert {(table, number) for table, number, _ in event["rows"]} <= rows_named(said) | told_later(session, event)


def told_later(session: Any, event: dict[str, Any]) -> set[tuple[str, int]]:
    """Rows that a later event tells of as well: without this one nothing is wrong with them."""
    later = session.scalars(sa.select(EVENTS.c.rows).where(EVENTS.c.id > event["id"]))
    return {(table, number) for rows in later for table, number, _ in rows}


def test_a_tail_cut_with_its_rows_is_betrayed_by_its_receipt_and_by_the_checkpoints(copy):
    with broken() as session:
        event = an_event(session)
        cut(session, event)
        said = findings(session)
        assert f"receipt {event['stream']} {event['position']}: the chain does not hold the event it was given for." in said
        assert any(each.startswith("checkpoint ") and "the head it names, is gone" in each for each in said)


def test_a_tail_cut_with_its_rows_and_its_receipt_is_betrayed_by_the_checkpoints(copy):
    with broken() as session:
        event = an_event(session)
        with files_changed(copy) as folder:
            for file in folder.glob(f"receipts/{event['stream'].replace(':', '-')}/*.json"):
                if int(file.stem) >= event["position"]:
                    file.unlink()
            cut(session, event)
            assert any("the head it names, is gone" in each for each in findings(session))


@pytest.mark.parametrize("position", [1, 2])
def test_a_chain_written_anew_from_some_event_on_is_betrayed_by_the_checkpoints(copy, position):
    with broken() as session:
        streams = session.scalars(sa.select(HEADS.c.name).where(HEADS.c.position > position)).all()
        for stream in streams:
            tampering.rewritten(session, stream, position, at=clock.now() - timedelta(days=40))
        said = [each for each in findings(session) if each.startswith("checkpoint ")]
        assert len(streams) > 5
        assert [stream for stream in streams if not any(f" {stream} event " in each for each in said)] == []


def test_events_of_two_streams_that_changed_places_are_found(copy):
    with broken() as session:
        one, two = an_event(session, "person.invited"), an_event(session)
        tampering.swap_numbers(session, EVENTS, one["id"], two["id"])
        tampering.swap_numbers(session, PAYLOADS, one["id"], two["id"])
        said = findings(session)
        assert {f"{where(each)}: its content is not what was recorded." for each in (one, two)} <= set(said)


def forged_row(session: Any, number: int, **changed: Any) -> None:
    """Change a sign-off, and write the chain anew so that it tells of what the row says now."""
    session.execute(sa.update(SIGNED).where(SIGNED.c.id == number).values(changed))
    row = dict(session.execute(sa.select(SIGNED).where(SIGNED.c.id == number)).mappings().one())
    for event in session.execute(sa.select(EVENTS).where(EVENTS.c.kind == "sign_off.sealed")).mappings().all():
        if ["sign_off", number] in [entry[:2] for entry in event["rows"]]:
            rows = [[*entry[:2], chain.row_hash(row) if entry[:2] == ["sign_off", number] else entry[2]] for entry in event["rows"]]
            tampering.rewritten(session, event["stream"], event["position"], rows=rows)


def test_a_signature_changed_in_any_column_with_a_chain_written_anew_has_no_seal(copy):
    columns = [column for column in SIGNED.columns if not column.primary_key]
    while columns:
        with broken() as session:
            numbers = session.scalars(sa.select(SIGNED.c.id).order_by(SIGNED.c.id)).all()
            changed = numbers[: len(columns)]
            for number in changed:
                column = columns.pop()
                row = session.execute(sa.select(SIGNED).where(SIGNED.c.id == number)).mappings().one()
                forged_row(session, number, **{column.name: tampering.other(column, row[column.name])})
            said = findings(session)
        of_rows = {each for each in said if each.startswith("sign_off row ")}
        assert of_rows == {f"sign_off row {number}: its seal does not hold." for number in changed}


@pytest.mark.parametrize("claims", ["its own key", "our key"])
def test_a_seal_by_somebody_elses_key(copy, claims):
    foreign = keys.from_seeds([b"f" * 32])
    with broken() as session:
        number, row = tampering.some_row(session, SIGNED, 0)
        name = foreign.current if claims == "its own key" else house().keyring.current
        body = sealed_body({**row, "outcome": "not_approved", "key_id": name})
        _, seal = foreign.sign(canonical.dumps(body))
        forged_row(session, number, outcome="not_approved", key_id=name, seal=seal)
        assert f"sign_off row {number}: its seal does not hold." in findings(session)


def test_every_change_of_a_receipt(copy):
    """Each kind of change to a receipt of its own; the last is swapped with one more."""
    with broken() as session, files_changed(copy) as folder:
        there = sorted(folder.glob("receipts/*/*.json"))
        changed = dict(zip(FILE_CHANGES, there, strict=False))
        for change, file in changed.items():
            change_file(change, file, there[-1], "event")
        said = findings(session)
        places = {change: receipts.place_of(str(file.relative_to(folder))) or ("", 0) for change, file in changed.items()}
        assert [
            change for change, (stream, position) in places.items()
            if not {f"receipt {stream} {position}", f"{stream} event {position}"} & {each.rsplit(": ", 1)[0] for each in said}
        ] == []  # fmt: skip


@pytest.mark.parametrize(("change", "which"), [*((change, n % 3) for n, change in enumerate(FILE_CHANGES)), ("gone", 0), ("gone", 2)])
def test_every_change_of_a_checkpoint(copy, change, which):
    with broken() as session, files_changed(copy) as folder:
        there = sorted(folder.glob("checkpoints/*.json"))
        change_file(change, there[which], there[which - 1], "checkpoint")
        assert any(each.startswith(f"checkpoint {there[which].stem}: ") for each in findings(session))


def test_checkpoints_of_another_register_are_not_ours(copy):
    """All of them put in anew, well chained, by a key that is not ours."""
    with broken() as session, files_changed(copy) as folder:
        before = None
        for file in sorted(folder.glob("checkpoints/*.json")):
            body = json.loads(file.read_bytes())["checkpoint"]
            body["before_digest"] = before or chain.START
            name, signature = keys.from_seeds([b"f" * 32]).sign(canonical.dumps(body))
            data = canonical.dumps({"checkpoint": body, "key_id": name, "signature": signature})
            file.write_bytes(data)
            before = canonical.digest_bytes(data)
        said = findings(session)
        assert len([each for each in said if each.endswith("its signature does not hold.")]) == 3


def test_from_a_checkpoint_on_only_what_came_after_it_is_read(copy):
    last = checkpoints.names(house().storage)[-1]
    with broken() as session:
        assert findings(session, since="last") == []
    with broken() as session:
        event = an_event(session)
        tampering.rewritten(session, event["stream"], event["position"], at=clock.now() - timedelta(days=40))
        assert any(each.startswith(f"checkpoint {last}: {event['stream']} event") for each in findings(session, since="last"))


def test_what_nothing_can_show(copy):
    """A tail cut off with its rows, its receipts and every later checkpoint: said openly in the README."""
    with broken() as session, files_changed(copy) as folder:
        made = session.execute(
            sa.select(EVENTS).where(EVENTS.c.kind == checkpoints.MADE).order_by(EVENTS.c.id).limit(1)
        ).mappings().one()  # fmt: skip
        for file in sorted(folder.glob("checkpoints/*.json")):
            file.unlink()
        cut(session, dict(made))
        assert findings(session) == []

