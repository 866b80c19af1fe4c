"""Receipts lost between a commit and their writing, as by a power cut: made up when the register starts, and each hour.

Only for events after the latest checkpoint, whose heads are signed: nobody gets a receipt anew for what was settled
before it, and nobody at all while the latest checkpoint is faulty. Where the chain tells of a later one, that was taken
out of the store, what came before the chain told of it is settled too. A made-up receipt says so inside its signature,
and the chain tells of it.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit import chain, checkpoints, reading, receipts
from governance.audit.record import By, record
from governance.database import one_at_a_time
from governance.keys import Keyring
from governance.storage import Storage

MADE_UP = "receipt.made_up"


def lost(*, session: Session, storage: Storage, keyring: Keyring) -> list[dict[str, Any]]:
    """Events since the latest checkpoint that should have a receipt and have none, and that are as they were written.

    None where that checkpoint has a fault: nobody can tell then what was settled before it. Verify names the fault.
    """
    there = checkpoints.names(storage)
    last = checkpoints.read(storage, keyring, there[-1]) if there else None
    if last is not None and last.faults:
        return []
    before = dict(last.heads or {}) if last is not None else {}
    gone = _taken_out(session, last.name if last is not None else "")
    kept = frozenset(storage.keys("receipts/"))
    found = reading.rows(session, reading.EVENTS, reading.EVENTS.c.kind.in_(receipts.KINDS))
    return [
        row
        for _, row in found
        if row is not None
        and row["position"] > before.get(row["stream"], (0, ""))[0]
        and row["id"] > gone
        and receipts.key_of(row["stream"], row["position"]) not in kept
        and chain.is_hash_of(row)
    ]


def _taken_out(session: Session, last: str) -> int:
    """The number of the event that tells of a later checkpoint than the last in the store; 0 where that is the latest."""
    of_checkpoints = reading.EVENTS.c.kind == checkpoints.MADE
    latest = session.scalar(sa.select(sa.func.max(reading.EVENTS.c.id)).where(of_checkpoints))
    names = [name for _, name, _ in checkpoints.told(session, number=latest)] if latest else []
    return latest if latest and (not names or names[0] > last) else 0


def make_up(*, session: Session, storage: Storage, keyring: Keyring, by: By, at: datetime) -> int:
    """Write the receipts that are lost and record each. Inside a transaction. Returns how many."""
    one_at_a_time("receipts")
    rows = lost(session=session, storage=storage, keyring=keyring)
    for row in rows:
        sealed = {name: row[name] for name in ("stream", "position", "kind", "hash")}
        made = {**sealed, "at": chain.instant(row["at"]), "made_up_at": chain.instant(at)}
        receipts.write(storage, keyring, made)
        record(
            MADE_UP, stream="instance:0", by=by, at=at, of=f"{row['stream']}:{row['position']}", receipt_of=row["kind"],
            hash=row["hash"],
        )  # fmt: skip
    return len(rows)
