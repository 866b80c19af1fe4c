"""Verification: read the chain, its receipts, its checkpoints and every protected row again, and say what does not agree.

`since` a checkpoint reads only what came after it: the checkpoint's signature and heads first, then later events and the
rows, seals and receipts that they tell of. Memory holds one hash for each protected row, and one checkpoint at a time.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance import canonical
from governance.audit import chain, checkpoints, reading, receipts
from governance.audit.checkpoints import Checkpoint, Head
from governance.audit.models import AuditEvent, AuditPayload
from governance.database.base import Base
from governance.keys import Keyring
from governance.storage import Storage

Only = Mapping[str, Collection[Any]] | None
"""Ids by table, where only some rows are looked at; None for all."""

REDACTED = "redaction.made"
"""The one event that tells once more of a row that is kept as written: a text was removed from it."""

more: list[Callable[[Keyring, Only], Iterator[str]]] = []
"""What later rooms can tell of their own rows: each gives findings as sentences. Filled when the application is made."""


@dataclass
class Outcome:
    """What a verification read, and each finding as a sentence. No findings means the chain is whole."""

    events: int = 0
    rows: int = 0
    receipts: int = 0
    checkpoints: int = 0
    findings: list[str] = field(default_factory=list)


@dataclass
class _Read:
    """What the events say, kept until it is compared."""

    heads: dict[str, Head]
    kept: frozenset[str]  # tables whose rows never change
    redacted: dict[tuple[str, Any], set[tuple[str, str]]]
    latest: dict[tuple[str, Any], str] = field(default_factory=dict)
    signed: dict[tuple[str, int], str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)  # checkpoints that the chain tells of, with their digests

    def tells(self, row: tuple[str, Any], was: str | None, now: str) -> bool:
        """Whether a redaction says that the row was this and became that."""
        return (was, now) in self.redacted.get(row, ())

    def leads(self, row: tuple[str, Any], start: str, end: Any) -> bool:
        """Whether redactions lead from what was recorded to what is there."""
        left = set(self.redacted.get(row, ()))
        while step := next((each for each in left if each[0] == start), None):
            left.discard(step)
            start = step[1]
        return start == end


def verify(session: Session, storage: Storage, keyring: Keyring, *, since: str | None = None) -> Outcome:
    """Read everything and compare, or what came after the checkpoint named. Raises Refused where there is no such one.

    What lies outside is listed first: whatever was written there before the snapshot of the database is in the snapshot.
    """
    outcome, given, names = Outcome(), list(storage.keys("receipts/")), checkpoints.names(storage)
    start = None if since is None else checkpoints.read(storage, keyring, checkpoints.chosen(storage, since))
    if start is not None:
        names = [name for name in names if name > start.name]
        outcome.checkpoints += 1
        outcome.findings += [*start.faults, *checkpoints.heads_hold(session, start, None)]
    before = dict(start.heads or {}) if start else {}
    kept = {name for name, table in chain.protected_tables(Base.metadata).items() if table.info["audit"] == "grow-only"}
    read = _Read(dict(before), frozenset(kept), _redactions(session))
    for where in [None] if start is None else _later(session, before):
        for number, event, payload in reading.events(session, where):
            outcome.events += 1
            outcome.findings.extend(_check(number, event, payload, read))
    outcome.findings.extend(_compare_heads(session, read.heads))
    told = _by_table(read.latest)
    if start is None:
        outcome.findings.extend(_orphans(session))
    outcome.findings.extend(_compare_rows(session, read.latest, outcome, None if start is None else told))
    outcome.findings.extend(_compare_receipts(storage, keyring, given, before, read.signed, outcome))
    outcome.findings.extend(_compare_checkpoints(session, storage, keyring, names, start, read.made, outcome))
    for look in more:
        outcome.findings.extend(look(keyring, None if start is None else told))
    return outcome


def _later(session: Session, before: Mapping[str, Head]) -> Iterator[Any]:
    """One condition for each stream that has grown since."""
    query = sa.select(AuditEvent.stream, sa.func.max(AuditEvent.position)).group_by(AuditEvent.stream)
    for stream, last in session.execute(query).all():
        position = before.get(stream, (0, ""))[0]
        if last > position:
            yield sa.and_(AuditEvent.stream == stream, AuditEvent.position > position)


def _check(number: int, event: dict[str, Any] | None, payload: tuple[Any, ...], read: _Read) -> Iterator[str]:
    if event is None:
        yield f"audit_event row {number}: it holds what cannot be read."
        return
    where = f"{event['stream']} event {event['position']}"
    position, previous = read.heads.get(event["stream"], (0, chain.START))
    if event["position"] != position + 1:
        yield f"{where}: position {position + 1} was expected, so an event is missing or out of order."
    if event["previous"] != previous:
        yield f"{where}: it does not follow from the event before it."
    yield from _check_content(where, event, payload, read)
    read.heads[event["stream"]] = (event["position"], event["hash"])
    if event["kind"] in receipts.KINDS:
        read.signed[(event["stream"], event["position"])] = event["hash"]
    if event["kind"] == checkpoints.MADE and payload and (told := checkpoints.named(payload[0])):
        read.made[told[0]] = told[1]


def _check_content(where: str, event: dict[str, Any], payload: tuple[Any, ...], read: _Read) -> Iterator[str]:
    if not _safely(chain.is_hash_of, event):
        yield f"{where}: its content is not what was recorded."
    of_details = ("audit_payload", event["id"])
    if not payload:
        yield f"{where}: its details are gone."
    elif not read.leads(of_details, event["payload_digest"], _safely(canonical.digest, payload[0])):
        yield f"{where}: its details are not what was recorded."
    for entry in event["rows"] if isinstance(event["rows"], list) else ():
        if not (isinstance(entry, list) and len(entry) == 3 and all(isinstance(part, str | int) for part in entry)):
            continue  # the hash does not hold either, which has been said
        table, identity, digest = entry
        told = read.latest.get((table, identity), digest)
        may = event["kind"] == REDACTED and read.tells((table, identity), told, digest)
        if table in read.kept and told != digest and not may:
            yield f"{table} row {identity}: it is kept as written, and a later event tells another."
        read.latest[(table, identity)] = digest


def _safely(digest: Callable[[Any], Any], value: Any) -> Any:
    """A digest, or None of what has no canonical form: we never wrote that."""
    try:
        return digest(value)
    except (TypeError, ValueError, LookupError, AttributeError):
        return None


def _redactions(session: Session) -> dict[tuple[str, Any], set[tuple[str, str]]]:
    """By (table, id): digests before and after. A redaction is a protected row itself, told of by its own event."""
    found: dict[tuple[str, Any], set[tuple[str, str]]] = {}
    for _, row in reading.rows(session, Base.metadata.tables["redaction"]):
        if row is not None:
            found.setdefault((row["table_name"], row["row_id"]), set()).add((row["before_digest"], row["after_digest"]))
    return found


def _compare_heads(session: Session, heads: dict[str, Head]) -> Iterator[str]:
    found = reading.rows(session, Base.metadata.tables["audit_stream"])
    kept = {name: (row["position"], row["head"]) for name, row in found if row is not None}
    for name in sorted(set(kept) | set(heads)):
        if kept.get(name) != heads.get(name):
            there, said = heads.get(name, (0, ""))[0], kept.get(name, (0, ""))[0]
            yield f"{name}: its head says {said} events and {there} are there, or they differ."


def _orphans(session: Session) -> Iterator[str]:
    events, beside = AuditEvent.__table__, AuditPayload.__table__
    query = sa.select(beside.c.event_id).outerjoin(events, events.c.id == beside.c.event_id).where(events.c.id.is_(None))
    for number in session.scalars(query):
        yield f"audit_payload row {number}: there is no event that it could belong to."


def _compare_rows(session: Session, latest: dict[tuple[str, Any], str], outcome: Outcome, only: Only) -> Iterator[str]:
    for name, table in chain.protected_tables(Base.metadata).items():
        found = reading.rows(session, table) if only is None else reading.rows_with(session, table, only.get(name, ()))
        for identity, row in found:
            outcome.rows += 1
            digest = latest.pop((name, identity), None)
            if digest is None:
                yield f"{name} row {identity}: no event tells of it."
            elif row is None:
                yield f"{name} row {identity}: it holds what cannot be read."
            elif digest != _safely(chain.row_hash, row):
                yield f"{name} row {identity}: it is not as its latest event left it."
    for name, identity in sorted(latest, key=str):
        yield f"{name} row {identity}: an event tells of it and it is gone."


def _by_table(latest: Mapping[tuple[str, Any], str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, identity in latest:
        found.setdefault(name, []).append(identity)
    return found


def _compare_receipts(
    storage: Storage, keyring: Keyring, given: list[str], before: Mapping[str, Head],
    signed: dict[tuple[str, int], str], outcome: Outcome,
) -> Iterator[str]:  # fmt: skip
    for key in sorted(given):
        place = receipts.place_of(key)
        if place is not None and place[1] <= before.get(place[0], (0, ""))[0]:
            continue
        outcome.receipts += 1
        event, good = receipts.read(storage, keyring, key)
        where = f"receipt {event['stream']} {event['position']}"
        if not good:
            yield f"{where if place is None else f'receipt {place[0]} {place[1]}'}: its signature does not hold."
        elif signed.pop((event["stream"], event["position"]), None) != event["hash"]:
            yield f"{where}: the chain does not hold the event it was given for."
    for stream, position in sorted(signed):
        event, good = receipts.read(storage, keyring, receipts.key_of(stream, position))
        if not good or event["hash"] != signed[(stream, position)]:
            yield f"{stream} event {position}: its receipt is not in the store."


def _compare_checkpoints(
    session: Session, storage: Storage, keyring: Keyring, names: list[str], last: Checkpoint | None,
    made: dict[str, str], outcome: Outcome,
) -> Iterator[str]:  # fmt: skip
    if last is not None:
        made.pop(last.name, None)
    for name in names:
        outcome.checkpoints += 1
        this = checkpoints.read(storage, keyring, name)
        yield from this.faults
        yield from checkpoints.follows(this, last)
        yield from checkpoints.heads_hold(session, this, last)
        if made.pop(name, this.digest) != this.digest:
            yield f"checkpoint {name}: it is not the one that the chain tells of."
        last = this if this.heads is not None else last
    for name in sorted(made):
        try:
            storage.get(checkpoints.key_of(name))
        except FileNotFoundError:
            yield f"checkpoint {name}: the chain tells of it and it is not in the store."
