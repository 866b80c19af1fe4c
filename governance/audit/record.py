"""Recording: an event is buffered with the rows written since the last one, and sealed just before commit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance import canonical
from governance.audit import chain
from governance.audit.models import AuditEvent, AuditPayload, AuditStream
from governance.database import db
from governance.database.base import Base


class By(Protocol):
    """What the chain needs to know of an actor."""

    @property
    def kind(self) -> str: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int | None: ...


def record(kind: str, *, stream: str, by: By, at: datetime, organisation_id: int | None = None, **payload: Any) -> None:
    """Buffer one event `subject.participle` for `stream`; it claims every protected row written since the last event.

    stream: "deployment:12", "organisation:3", "tool:7" or "instance:0". payload: plain values fit for canonical JSON.
    """
    session = db.session()
    session.flush()
    info = session.info
    info.setdefault("events", []).append(
        {
            "kind": kind,
            "stream": stream,
            "at": at,
            "actor_kind": str(by.kind),
            "person_id": by.person_id,
            "organisation_id": organisation_id if organisation_id is not None else by.organisation_id,
            "payload": canonical.plain(payload),
            "touched": info.get("touched", {}),
        }
    )
    info["touched"] = {}


def watch(session: Session, _flush_context: Any) -> None:
    """After each flush: remember which protected rows were written (a listener on the session)."""
    touched = session.info.setdefault("touched", {})
    for row in (*session.new, *session.dirty):
        table = row.__table__
        if table.info.get("audit") and (row in session.new or session.is_modified(row)):
            touched[(table.name, sa.inspect(row).mapper.primary_key_from_instance(row)[0])] = True


def seal(session: Session) -> None:
    """Give each buffered event its position and hashes. Runs inside `transaction()`, just before commit.

    Locks one head per stream in sorted order, so that two writers queue rather than fork the chain.
    Raises RuntimeError when a protected row was written and no event tells of it.
    """
    events = session.info.pop("events", [])
    left = session.info.pop("touched", {})
    if left:
        if not events:
            raise RuntimeError(f"written without an event: {sorted({table for table, _ in left})}")
        events[-1]["touched"] |= left
    if not events:
        return
    heads = _lock_heads(session, {event["stream"] for event in events})
    hashes = _hash_rows(session, [key for event in events for key in event["touched"]])
    numbers = _numbers(session, len(events))
    sealed = [_sealed(heads[event["stream"]], event, hashes, number) for event, number in zip(events, numbers, strict=True)]
    session.add_all(sealed)
    session.flush()
    paired = zip(sealed, events, strict=True)
    session.add_all(AuditPayload(event_id=row.id, payload=event["payload"]) for row, event in paired)
    session.flush()
    session.info["sealed"] = [
        {"stream": row.stream, "position": row.position, "kind": row.kind, "at": chain.instant(row.at), "hash": row.hash}
        for row in sealed
    ]


def _lock_heads(session: Session, names: Iterable[str]) -> dict[str, AuditStream]:
    heads = {}
    for name in sorted(names):
        query = sa.select(AuditStream).where(AuditStream.name == name).with_for_update()
        head = session.scalar(query.execution_options(populate_existing=True))
        if head is None:
            session.execute(_insert_head(session, name))
            head = session.scalar(query.execution_options(populate_existing=True))
        assert head is not None
        heads[name] = head
    return heads


def _insert_head(session: Session, name: str) -> Any:
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(AuditStream).values(name=name, position=0, head=chain.START).on_conflict_do_nothing()


def _hash_rows(session: Session, keys: list[tuple[str, Any]]) -> dict[tuple[str, Any], str]:
    """Hashes of rows as they stand now, one query per table and 500 ids."""
    found: dict[tuple[str, Any], str] = {}
    by_table: dict[str, list[Any]] = {}
    for table, identity in dict.fromkeys(keys):
        by_table.setdefault(table, []).append(identity)
    for name, ids in by_table.items():
        rows = Base.metadata.tables[name]
        key = next(iter(rows.primary_key.columns))
        for start in range(0, len(ids), 500):
            for row in session.execute(sa.select(rows).where(key.in_(ids[start : start + 500]))).mappings():
                found[(name, row[key.name])] = chain.row_hash(dict(row))
    return found


def _numbers(session: Session, count: int) -> list[int]:
    """The next numbers of the event table, taken while the heads are locked: an event's hash covers its number."""
    if session.get_bind().dialect.name == "postgresql":
        following = sa.func.nextval(sa.func.pg_get_serial_sequence(AuditEvent.__tablename__, chain.NUMBER))
        return list(session.scalars(sa.select(following).select_from(sa.func.generate_series(1, count).alias("n"))))
    last = session.scalar(sa.select(sa.func.max(AuditEvent.id))) or 0
    return list(range(last + 1, last + 1 + count))


def _sealed(head: AuditStream, event: dict[str, Any], hashes: dict[Any, str], number: int) -> AuditEvent:
    fields = {
        "id": number,
        "stream": head.name,
        "position": head.position + 1,
        "at": event["at"],
        "actor_kind": event["actor_kind"],
        "person_id": event["person_id"],
        "organisation_id": event["organisation_id"],
        "kind": event["kind"],
        "payload_digest": canonical.digest(event["payload"]),
        "rows": [[table, identity, hashes[(table, identity)]] for table, identity in sorted(event["touched"])],
        "previous": head.head,
    }
    row = AuditEvent(**fields, hash=chain.event_hash(fields))
    head.position, head.head = row.position, row.hash
    return row
