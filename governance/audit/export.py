"""The whole record as JSON Lines, for a verifier that knows nothing of ours: `stand_alone.py` is written beside it.

In the order in which one pass can check it: keys and redactions; receipts and checkpoints ("witness"); events; rows, with the
monthly figures of each batch; the end, signed over all before it, with the head of each stream. One line at a time, so that
memory stays flat. What could help somebody to sign in is withheld and named. Stored files are not in it, only their SHA-256.
"""

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance import canonical
from governance.audit import chain, checkpoints, reading, receipts, stand_alone
from governance.audit.models import AuditEvent
from governance.database.base import Base
from governance.keys import Keyring
from governance.storage import Storage

FORMAT = 2
VERIFIER = Path(stand_alone.__file__)
WITHHELD = {"person": ["password_hash"]}
Line = dict[str, Any]

figures: dict[str, Callable[[Any], Any]] = {}
"""By table: what a row’s digest is taken over, where its rows are not protected themselves. Filled by later rooms."""


def write(session: Session, storage: Storage, keyring: Keyring, file: Path, *, at: datetime) -> dict[str, int]:
    """Write the export and its verifier. Returns how many lines of each kind. Raises FileExistsError."""
    counts: dict[str, int] = {}
    total = hashlib.sha256()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for line in lines(session, storage, keyring, at=at):
            data = _bytes(line)
            out.write(data)
            total.update(data)
            counts[line["is"]] = counts.get(line["is"], 0) + 1
        heads = reading.rows(session, Base.metadata.tables["audit_stream"])
        body = {"sha256": total.hexdigest(), "heads": {name: row and [row["position"], row["head"]] for name, row in heads}}
        key_id, signature = keyring.sign(_encoded(body))
        out.write(_bytes({"is": "end", "body": body, "key_id": key_id, "signature": signature}))
    shutil.copyfile(VERIFIER, file.parent / VERIFIER.name)
    return counts


def lines(session: Session, storage: Storage, keyring: Keyring, *, at: datetime) -> Iterator[Line]:
    """Each line but the last, in the order in which a verifier wants them: what excuses and what is promised first."""
    before = {*storage.keys("receipts/"), *storage.keys(checkpoints.FOLDER)}  # listed before the snapshot: all in it
    tables = chain.protected_tables(Base.metadata)
    redactions = [row for _, row in reading.rows(session, tables["redaction"])]
    yield {
        "is": "register", "format": FORMAT, "at": chain.instant(at), "keys": sorted(keyring.public().values()),
        "redactions": [columns for row in redactions if row and (columns := _safely(chain.row_columns, row))],
        "kept": sorted(name for name, table in tables.items() if table.info["audit"] == "grow-only"),
        "receipts": sorted(receipts.KINDS), "withheld": WITHHELD,
    }  # fmt: skip
    promised = before | _promised(session)
    for key in sorted(promised, key=lambda each: (each.startswith(checkpoints.FOLDER), each)):
        yield from _witness(storage, key)
    for number, event, payload in reading.events(session):
        yield _event(number, event, payload)
    for name, table in tables.items():
        for number, row in reading.rows(session, table) if name != "redaction" else ():
            yield _row(name, number, row)


def _promised(session: Session) -> set[str]:
    """Receipts and checkpoints that the chain tells of: some were written since those outside were listed."""
    sealed = sa.select(AuditEvent.stream, AuditEvent.position).where(AuditEvent.kind.in_(receipts.KINDS))
    told = {checkpoints.key_of(name) for _, name, _ in checkpoints.told(session)}
    return told | {receipts.key_of(stream, position) for stream, position in session.execute(sealed)}


def _witness(storage: Storage, key: str) -> Iterator[Line]:
    """A file outside; as it is, in base64, where it is none that we wrote there. None where it is gone: its event tells."""
    try:
        data = storage.get(key)
    except FileNotFoundError:
        return
    ours = _safely(lambda said: _ours(key, said), data)
    yield {"is": "witness", "name": key, **(ours or {"raw": base64.b64encode(data).decode()})}


def _ours(key: str, data: bytes) -> Line | None:
    """What a receipt or a checkpoint holds, where it is written as we write them and lies where it belongs."""
    found = json.loads(data)
    if canonical.dumps(found) != data:
        return None
    if key.startswith(checkpoints.FOLDER):
        body = found.pop("checkpoint")
        place = checkpoints.key_of(body["name"])
    else:
        body = found.pop("event")
        place = receipts.key_of(body["stream"], body["position"])
    return {"body": body, **found} if place == key and set(found) == {"key_id", "signature"} else None


def _event(number: int, event: Line | None, payload: tuple[Any, ...]) -> Line:
    """`body` is what the hash is over; the first events were hashed without their number."""
    if event is None:
        return {"is": "event", "number": number}
    body = {name: event[name] for name in (*chain.EVENT_FIELDS, chain.NUMBER)} | {"at": _safely(chain.instant, event["at"])}
    if event["hash"] == _safely(lambda of: chain.event_hash(of, numbered=False), event):
        del body[chain.NUMBER]
    return {"is": "event", "number": number, "body": body, "sealed": event["hash"], "details": payload[0] if payload else None}


def _row(table: str, number: Any, row: Line | None) -> Line:
    columns = _safely(chain.row_columns, row) if row is not None else None
    if columns is not None:
        columns = {name: value for name, value in columns.items() if name not in WITHHELD.get(table, ())}
    beside = {"figures": _safely(figures[table], number)} if table in figures else {}
    return {"is": "row", "table": table, "number": number, "row": columns, **beside}


def _safely(read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except reading.UNREADABLE:
        return None


def _bytes(line: Line) -> bytes:
    return _encoded(line) + b"\n"


def _encoded(value: Any) -> bytes:
    """Canonical JSON, also of what no canonical JSON may hold: somebody may have written that into the database."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
