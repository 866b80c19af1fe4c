"""Removing a text from the record, wherever it was found, and withholding a stored file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance import canonical
from governance.audit import chain
from governance.audit.models import Redaction
from governance.audit.record import record
from governance.audit.redactions import leaves, queries, words
from governance.audit.redactions.queries import FILE, Place
from governance.database import db
from governance.database.base import Base
from governance.errors import Blocker, Refused, refuse_if
from governance.keys import Keyring
from governance.permissions import Actor, Permission

SHORTEST = 4
"""A shorter text would be found all over the record."""

Row = Mapping[str, Any]

digests: dict[str, Callable[[Row], str]] = {}
"""By table: what the digest that a row keeps is taken over, as it stands now. Later rooms hand these in."""

seals: dict[str, tuple[Callable[[Row, Keyring], bool], Callable[[Row], bytes]]] = {}
"""By table of sealed rows: whether the seal holds over a row, and the bytes that it covers."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asked for it, who does it, and why: what stays."""

    asked_by: str
    redacted_by: str
    reason: str


def request_blockers(request: Request, text: str) -> list[Blocker]:
    """What is missing from a request; and the text itself must not stand in what stays."""
    blockers = []
    gone = leaves.holds(text)
    if len(leaves.plain(text)) < SHORTEST:
        blockers.append(Blocker("text", f"Give at least {SHORTEST} characters of the text that is to be removed."))
    for name, said in (("asked_by", request.asked_by), ("redacted_by", request.redacted_by), ("reason", request.reason)):
        if not said.strip():
            blockers.append(Blocker(name, "Say who asked, who does it and why."))
        elif len(leaves.plain(text)) >= SHORTEST and gone(said):
            blockers.append(Blocker(name, "What stays must not hold the text that is removed. Say it in other words."))
    return blockers


def remove(
    *, places: Iterable[Place], text: str, request: Request, keyring: Keyring, by: Actor, at: datetime
) -> list[Redaction]:
    """Put the marker in the place of every text at these places that holds `text`: one redaction for each row and column.

    One event `redaction.made` in each stream concerned. Raises Refused for a request that lacks something, for a place whose
    text stays, and where nothing is there to remove; Forbidden.
    """
    by.must(Permission.REDACT)
    refuse_if(request_blockers(request, text))
    wanted: dict[tuple[str, int], dict[str, None]] = {}
    for place in places:
        if place.kept:
            raise Refused.because(f"{place.table} {place.column} stays: {place.kept}", code="redact.kept")
        wanted.setdefault((place.table, place.row_id), {})[place.column] = None
    if not wanted:
        raise Refused.because("The text is nowhere in the record.", code="redact.nothing")
    streams: dict[str, list[tuple[str, int]]] = {}
    for table, row_id in wanted:
        organisation_id = _organisation(table, row_id)
        streams.setdefault(queries.stream_of(table, row_id, organisation_id), []).append((table, row_id))
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(sa.text("PRAGMA secure_delete=ON"))
    made: list[Redaction] = []
    for stream, rows in sorted(streams.items()):
        here = [
            each
            for table, row_id in rows
            for each in _row(table, row_id, tuple(wanted[table, row_id]), text, request, keyring, at)
        ]
        if here:
            _tell(stream, here, request, by, at)
        made += here
    db.session.expire_all()
    if not made:
        raise Refused.because("The text is no longer there.", code="redact.nothing")
    return made


def _row(
    name: str, row_id: int, columns: Sequence[str], text: str, request: Request, keyring: Keyring, at: datetime
) -> list[Redaction]:
    table, gone, marker = Base.metadata.tables[name], leaves.holds(text), words.marker(at)
    before = _read(table, row_id)
    new = {column: leaves.without(before[column], gone, marker) for column in columns}
    new = {column: value for column, value in new.items() if value != before[column]}
    if not new:
        return []
    later = {"version_id": before["version_id"] + 1} if "version_id" in before else {}  # a page held open is stale
    after = before | new | later
    made = [_redaction(name, row_id, column, before, after, request, marker, at) for column in new]
    for each in made:
        if name in digests:
            each.content_before, each.content_after = digests[name](before), digests[name](after)
        if name in seals and seals[name][0](before, keyring):
            each.key_id, each.seal = keyring.sign(seals[name][1](after))
    db.session.add_all(made)
    db.session.flush()  # the redaction is there before its change: the database looks for it
    key = queries.key_of(table)
    for column, value in (new | later).items():
        db.session.execute(sa.update(table).where(key == row_id).values({column: value}))
    if table.info.get("audit"):
        db.session().info["touched"][(name, row_id)] = True
    return made


def withhold(*, table: str, row_id: int, request: Request, by: Actor, at: datetime) -> tuple[list[Redaction], str]:
    """Take the stored file of a row away; every other row with the same file is told of too, and all rows are kept.

    Returns the redactions and the SHA-256 of the file, which the caller deletes once this is committed: asked again for a
    file that is withheld already, there is nothing new to write. Raises Refused for a row without a file, Forbidden.
    """
    by.must(Permission.REDACT)
    refuse_if([each for each in request_blockers(request, "    ") if each.code != "text"])
    found = Base.metadata.tables.get(table)
    sha256 = _read(found, row_id).get("sha256") if found is not None else None
    if not sha256:
        raise Refused.because("This row has no stored file.", code="redact.no_file")
    made: list[Redaction] = []
    for name, number in with_file(sha256):
        if queries.withheld(name, number) is None:
            row = _read(Base.metadata.tables[name], number)
            stream = queries.stream_of(name, number, row.get("organisation_id"))
            one = _redaction(name, number, FILE, row, row, request, words.marker(at), at)
            db.session.add(one)
            db.session.flush()
            _tell(stream, [one], request, by, at)
            made.append(one)
    return made, sha256


def with_file(sha256: str) -> list[tuple[str, int]]:
    """(table, row) of every row that says it stands for this stored file."""
    tables = [table for table in Base.metadata.sorted_tables if "sha256" in table.columns]
    return [
        (table.name, number)
        for table in tables
        for number in db.session.scalars(sa.select(queries.key_of(table)).where(table.c.sha256 == sha256)).all()
    ]


def _redaction(
    table: str, row_id: int, column: str, before: Row, after: Row, request: Request, marker: str, at: datetime
) -> Redaction:
    return Redaction(
        table_name=table,
        row_id=row_id,
        column_name=column,
        organisation_id=before.get("organisation_id"),
        before_digest=_digest(table, before),
        after_digest=_digest(table, after),
        marker=marker,
        reason=request.reason.strip(),
        asked_by=request.asked_by.strip(),
        redacted_by=request.redacted_by.strip(),
        redacted_at=at,
    )


def _tell(stream: str, made: Sequence[Redaction], request: Request, by: Actor, at: datetime) -> None:
    record(
        "redaction.made",
        stream=stream,
        by=by,
        at=at,
        organisation_id=next((each.organisation_id for each in made if each.organisation_id is not None), None),
        redactions=[each.id for each in made],
        places=[f"{each.table_name} {each.row_id} {each.column_name}" for each in made],
        asked_by=request.asked_by.strip(),
        redacted_by=request.redacted_by.strip(),
        reason=request.reason.strip(),
    )


def _read(table: sa.Table, row_id: int) -> dict[str, Any]:
    found = db.session.execute(sa.select(table).where(queries.key_of(table) == row_id)).mappings().one_or_none()
    if found is None:
        raise Refused.because(f"There is no row {row_id} in {table.name}.", code="redact.no_row")
    return dict(found)


def _digest(table: str, row: Row) -> str:
    return canonical.digest(row["payload"]) if table == "audit_payload" else chain.row_hash(row)


def _organisation(table: str, row_id: int) -> int | None:
    found: int | None = _read(Base.metadata.tables[table], row_id).get("organisation_id")
    return found
