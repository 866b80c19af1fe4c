"""Verification: read the chain, the receipts and every protected row again, and say what does not agree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance import canonical
from governance.audit import chain, receipts
from governance.audit.models import AuditEvent, AuditPayload, AuditStream
from governance.database.base import Base
from governance.keys import Keyring
from governance.storage import Storage

BATCH = 1_000
Head = tuple[int, str]

more: list[Callable[[Keyring], Iterator[str]]] = []
"""What later rooms can tell of their own rows: each gives findings as sentences. Filled when the application is made."""


@dataclass
class Outcome:
    """What a verification read, and each finding as a sentence. No findings means the chain is whole."""

    events: int = 0
    rows: int = 0
    receipts: int = 0
    findings: list[str] = field(default_factory=list)


def verify(session: Session, storage: Storage, keyring: Keyring) -> Outcome:
    """Read everything and compare. Events come in batches; memory holds one hash for each protected row."""
    outcome = Outcome()
    latest: dict[tuple[str, Any], str] = {}
    heads: dict[str, Head] = {}
    signed: dict[Head, str] = {}
    kept = {name for name, table in chain.protected_tables(Base.metadata).items() if table.info["audit"] == "grow-only"}
    for event, payload in _events(session):
        outcome.events += 1
        outcome.findings.extend(_check(event, payload, heads.get(event["stream"], (0, chain.START))))
        heads[event["stream"]] = (event["position"], event["hash"])
        if event["kind"] in receipts.KINDS:
            signed[(event["position"], event["stream"])] = event["hash"]
        for table, identity, digest in event["rows"]:
            if table in kept and latest.get((table, identity), digest) != digest:
                outcome.findings.append(f"{table} row {identity}: it is kept as written, and a later event tells another.")
            latest[(table, identity)] = digest
    outcome.findings.extend(_compare_heads(session, heads))
    outcome.findings.extend(_compare_rows(session, latest, outcome))
    outcome.findings.extend(_compare_receipts(storage, keyring, signed, outcome))
    for look in more:
        outcome.findings.extend(look(keyring))
    return outcome


def _events(session: Session) -> Iterator[tuple[dict[str, Any], Any]]:
    table, beside = AuditEvent.__table__, AuditPayload.__table__
    query = sa.select(table, beside.c.payload, beside.c.event_id).outerjoin(beside, beside.c.event_id == table.c.id)
    result = session.execute(query.order_by(table.c.id).execution_options(yield_per=BATCH))
    for row in result.mappings():
        yield dict(row), row["payload"] if row["event_id"] is not None else None


def _check(event: dict[str, Any], payload: Any, before: Head) -> Iterator[str]:
    where = f"{event['stream']} event {event['position']}"
    if event["position"] != before[0] + 1:
        yield f"{where}: position {before[0] + 1} was expected, so an event is missing or out of order."
    if event["previous"] != before[1]:
        yield f"{where}: it does not follow from the event before it."
    if chain.event_hash(event) != event["hash"]:
        yield f"{where}: its content is not what was recorded."
    if payload is None:
        yield f"{where}: its details are gone."
    elif canonical.digest(payload) != event["payload_digest"]:
        yield f"{where}: its details are not what was recorded."


def _compare_heads(session: Session, heads: dict[str, Head]) -> Iterator[str]:
    kept = {head.name: (head.position, head.head) for head in session.scalars(sa.select(AuditStream))}
    for name in sorted(set(kept) | set(heads)):
        if kept.get(name) != heads.get(name):
            there, said = heads.get(name, (0, ""))[0], kept.get(name, (0, ""))[0]
            yield f"{name}: its head says {said} events and {there} are there, or they differ."


def _compare_rows(session: Session, latest: dict[tuple[str, Any], str], outcome: Outcome) -> Iterator[str]:
    for name, table in chain.protected_tables(Base.metadata).items():
        key = next(iter(table.primary_key.columns)).name
        result = session.execute(sa.select(table).execution_options(yield_per=BATCH))
        for row in result.mappings():
            outcome.rows += 1
            digest = latest.pop((name, row[key]), None)
            if digest is None:
                yield f"{name} row {row[key]}: no event tells of it."
            elif digest != chain.row_hash(dict(row)):
                yield f"{name} row {row[key]}: it is not as its latest event left it."
    for name, identity in sorted(latest, key=str):
        yield f"{name} row {identity}: an event tells of it and it is gone."


def _compare_receipts(
    storage: Storage, keyring: Keyring, signed: dict[Head, str], outcome: Outcome
) -> Iterator[str]:
    for event, good in receipts.read_all(storage, keyring):
        outcome.receipts += 1
        where = f"receipt {event['stream']} {event['position']}"
        if not good:
            yield f"{where}: its signature does not hold."
        elif signed.pop((event["position"], event["stream"]), None) != event["hash"]:
            yield f"{where}: the chain does not hold the event it was given for."
    for position, stream in sorted(signed):
        yield f"{stream} event {position}: its receipt is not in the store."
