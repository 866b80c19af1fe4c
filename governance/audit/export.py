"""The whole record as JSON Lines, for a verifier that knows nothing of ours: `stand_alone.py` is written beside it.

One line at a time, so that memory stays flat. What could help somebody to sign in is withheld and named. The last line is
signed over all that comes before it.
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

from sqlalchemy.orm import Session

from governance import canonical
from governance.audit import chain, checkpoints, reading, stand_alone
from governance.database.base import Base
from governance.keys import Keyring
from governance.storage import Storage

FORMAT = 1
VERIFIER = Path(stand_alone.__file__)
Line = dict[str, Any]


def write(session: Session, storage: Storage, keyring: Keyring, file: Path, *, at: datetime) -> dict[str, int]:
    """Write the export and its verifier. Returns how many lines of each kind. Raises FileExistsError."""
    counts: dict[str, int] = {}
    total, count = hashlib.sha256(), 0
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for line in lines(session, storage, keyring, at=at):
            data = _bytes(line)
            out.write(data)
            total.update(data)
            count += 1
            counts[line["is"]] = counts.get(line["is"], 0) + 1
        body = {"sha256": total.hexdigest(), "lines": count}
        key_id, signature = keyring.sign(canonical.dumps(body))
        out.write(_bytes({"is": "end", "body": body, "key_id": key_id, "signature": signature}))
    shutil.copyfile(VERIFIER, file.parent / VERIFIER.name)
    return counts


def lines(session: Session, storage: Storage, keyring: Keyring, *, at: datetime) -> Iterator[Line]:
    """Each line but the last, in the order in which a verifier wants them. What lies outside is listed before the snapshot."""
    given, names = sorted(storage.keys("receipts/")), checkpoints.names(storage)
    tables = chain.protected_tables(Base.metadata)
    kept = sorted(name for name, table in tables.items() if table.info["audit"] == "grow-only")
    yield {"is": "register", "format": FORMAT, "at": chain.instant(at), "kept": kept}
    for key_id, public in keyring.public().items():
        yield {"is": "key", "key_id": key_id, "public": public}
    for number, event, payload in reading.events(session):
        yield _event(number, event, payload)
    for name, head in reading.rows(session, Base.metadata.tables["audit_stream"]):
        yield {"is": "head", "stream": name, "position": head and head["position"], "head": head and head["head"]}
    for name, table in tables.items():
        for number, row in reading.rows(session, table):
            yield _row(name, number, row)
    for key in given:
        yield {"is": "receipt", "name": key, "file": _file(storage.get(key))}
    for name in names:
        yield {"is": "checkpoint", "name": name, "file": _file(storage.get(checkpoints.key_of(name)))}


def _event(number: int, event: Line | None, payload: tuple[Any, ...]) -> Line:
    if event is None:
        return {"is": "event", "id": number}
    said = {"is": "event", **event, "at": chain.instant(event["at"])}
    return {**said, "payload": payload[0]} if payload else said


def _row(table: str, number: Any, row: Line | None) -> Line:
    columns = _safely(chain.row_columns, row) if row is not None else None
    withheld = stand_alone.WITHHELD.get(table, [])
    if columns is not None and withheld:
        columns = {name: value for name, value in columns.items() if name not in withheld}
    return {"is": "row", "table": table, "id": number, "columns": columns, **({"withheld": withheld} if withheld else {})}


def _file(data: bytes) -> Any:
    """What a file outside holds; as it is, in base64, where that is nothing that we wrote."""
    found = _safely(json.loads, data)
    return found if found is not None and _safely(canonical.dumps, found) == data else {"base64": base64.b64encode(data).decode()}


def _safely(read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except reading.UNREADABLE:
        return None


def _bytes(line: Line) -> bytes:
    return json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
