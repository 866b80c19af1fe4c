"""Checkpoints: the heads of all streams at one moment, signed and written outside the database each hour.

A chain that somebody writes anew, or cuts, no longer holds the heads that an earlier checkpoint names. Each names the digest
of the one before, and the chain tells of each, so none can be taken away from the middle or from the end without a trace.
Kept by `storage` at checkpoints/<UTC instant>.json; what they hold is read by the stand-alone verifier too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance import canonical
from governance.audit import chain, reading
from governance.audit.models import AuditEvent, AuditStream
from governance.audit.record import By, record
from governance.database import one_at_a_time
from governance.errors import Conflict, Refused
from governance.keys import Keyring
from governance.storage import Storage

FOLDER = "checkpoints/"
MADE = "checkpoint.made"
LAST = "last"
CHUNK = 400
Head = tuple[int, str]


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint as it was read. `faults` are what is wrong with the file itself, as sentences."""

    name: str
    digest: str
    before: str | None = None
    before_digest: str = chain.START
    heads: dict[str, Head] | None = None
    faults: tuple[str, ...] = ()


def name_of(at: datetime) -> str:
    """The name of the checkpoint of a moment; names sort by time."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def key_of(name: str) -> str:
    """Storage key of one checkpoint."""
    return f"{FOLDER}{name}.json"


def names(storage: Storage) -> list[str]:
    """Names of all checkpoints, oldest first."""
    return sorted(key.removeprefix(FOLDER).removesuffix(".json") for key in storage.keys(FOLDER))


def make(*, session: Session, storage: Storage, keyring: Keyring, by: By, at: datetime) -> str:
    """Sign the heads of all streams, write them outside, and record that. Inside a transaction. Returns the name.

    Raises Conflict when there is one of this moment or of a later one. A commit that fails leaves a file that says
    nothing wrong: it is signed, names heads that are there, and the next one follows from it.
    """
    one_at_a_time("checkpoint")
    name, there = name_of(at), names(storage)
    if there and there[-1] >= name:
        raise Conflict(f"There is a checkpoint of {there[-1]} already. Check this machine’s clock.")
    before = there[-1] if there else None
    heads = session.execute(sa.select(AuditStream.name, AuditStream.position, AuditStream.head)).all()
    body = {
        "name": name,
        "at": chain.instant(at),
        "before": before,
        "before_digest": canonical.digest_bytes(storage.get(key_of(before))) if before else chain.START,
        "heads": {stream: [position, head] for stream, position, head in heads},
    }
    key_id, signature = keyring.sign(canonical.dumps(body))
    data = canonical.dumps({"checkpoint": body, "key_id": key_id, "signature": signature})
    if not storage.put_new(key_of(name), data):
        raise Conflict(f"There is a checkpoint of {name} already.")
    record(MADE, stream="instance:0", by=by, at=at, name=name, digest=canonical.digest_bytes(data))
    return name


def chosen(storage: Storage, asked: str) -> str:
    """The name of the checkpoint asked for: a name, a file's name, or "last". Raises Refused where there is none."""
    there = names(storage)
    name = asked.removeprefix(FOLDER).removesuffix(".json")
    found = there[-1] if name == LAST and there else name
    if found not in there:
        raise Refused.because(f"There is no checkpoint {asked}.", code="no-checkpoint")
    return found


def read(storage: Storage, keyring: Keyring, name: str) -> Checkpoint:
    """One checkpoint, checked by itself: it can be read, lies where it belongs, and one of our keys signed it."""
    data = storage.get(key_of(name))
    digest = canonical.digest_bytes(data)
    try:
        line = json.loads(data)
        body = line["checkpoint"]
        heads = {str(stream): (int(position), str(head)) for stream, (position, head) in body["heads"].items()}
        good = keyring.verify(line["key_id"], line["signature"], canonical.dumps(body))
        before, before_digest, said = body["before"], str(body["before_digest"]), body["name"]
        same = data == canonical.dumps({"checkpoint": body, "key_id": line["key_id"], "signature": line["signature"]})
    except (ValueError, LookupError, TypeError, AttributeError):
        return Checkpoint(name, digest, faults=(f"checkpoint {name}: it cannot be read.",))
    if not good or not same:
        return Checkpoint(name, digest, before, before_digest, heads, (f"checkpoint {name}: its signature does not hold.",))
    wrong = () if said == name else (f"checkpoint {name}: it was signed as {said}.",)
    return Checkpoint(name, digest, before, before_digest, heads, wrong)


def follows(this: Checkpoint, last: Checkpoint | None) -> Iterator[str]:
    """What does not agree between a checkpoint and the one before it in the store."""
    if this.heads is None:
        return
    if this.before is not None and (last is None or last.name < this.before):
        yield f"checkpoint {this.before}: {this.name} follows from it, and it is not in the store."
    elif this.before_digest != (last.digest if last else chain.START):
        yield f"checkpoint {this.name}: it does not follow from {last.name if last else 'nothing'}, the one before it."
    for stream, (position, _) in (last.heads or {}).items() if last else ():
        if this.heads.get(stream, (0, ""))[0] < position:
            yield f"checkpoint {this.name}: {stream} was at event {position} when {last.name if last else ''} was made."


def heads_hold(session: Session, this: Checkpoint, last: Checkpoint | None) -> Iterator[str]:
    """Each head it names that the chain does not hold. Those that the one before named too have been looked up already."""
    known = (last.heads or {}) if last else {}
    wanted = {(stream, head[0]): head[1] for stream, head in (this.heads or {}).items() if known.get(stream) != head}
    asked = sorted(wanted)
    for start in range(0, len(asked), CHUNK):
        part = asked[start : start + CHUNK]
        query = sa.select(AuditEvent.stream, AuditEvent.position, AuditEvent.hash)
        query = query.where(sa.tuple_(AuditEvent.stream, AuditEvent.position).in_(part))
        there = {(stream, position): head for stream, position, head in session.execute(query)}
        for place in part:
            if place[1] > 0 and there.get(place) != wanted[place]:
                said = "is gone" if place not in there else "is another"
                yield f"checkpoint {this.name}: {place[0]} event {place[1]}, the head it names, {said}."


def told(session: Session, *, number: int | None = None) -> Iterator[tuple[int, str, str]]:
    """(number of the event, name, digest) of each checkpoint that the chain tells of, oldest first; or of one event."""
    of_event = AuditEvent.id == number if number is not None else sa.true()
    for number, _, payload in reading.events(session, sa.and_(AuditEvent.kind == MADE, of_event)):
        if payload and (found := named(payload[0])):
            yield number, *found


def named(payload: Any) -> tuple[str, str] | None:
    """(name, digest) of the checkpoint that an event tells of."""
    try:
        return str(payload["name"]), str(payload["digest"])
    except (LookupError, TypeError):
        return None
