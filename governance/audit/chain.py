"""Hashes of events and rows: small and pure, so that a verifier in the standard library can do the same."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from governance import canonical

START = "0" * 64

EVENT_FIELDS = (
    "stream",
    "position",
    "at",
    "actor_kind",
    "person_id",
    "organisation_id",
    "kind",
    "payload_digest",
    "rows",
    "previous",
)
NUMBER = "id"
"""An event's number in the table is hashed too, which keeps the order over all streams; the first events are older than this."""


def event_hash(event: Mapping[str, Any], *, numbered: bool = True) -> str:
    """SHA-256 over the canonical JSON of an event's number and fields (`EVENT_FIELDS`), times as UTC ISO 8601."""
    body = {name: event[name] for name in (*EVENT_FIELDS, NUMBER) if numbered or name != NUMBER}
    body["at"] = instant(event["at"])
    return canonical.digest_plain(body)


def is_hash_of(event: Mapping[str, Any]) -> bool:
    """Whether an event's hash is over its content. Events from before their numbers were hashed hold without them."""
    return event["hash"] == event_hash(event) or event["hash"] == event_hash(event, numbered=False)


def instant(at: datetime) -> str:
    """A UTC instant as text, to the microsecond, the same from every database."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def row_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of one row that hold something, as canonical JSON holds them: what `row_hash` is taken over.

    An empty column is left out, so that a column which a later migration adds leaves the hashes of earlier rows as they are.
    """
    held = {name: value for name, value in row.items() if value is not None}
    return {name: instant(v) if isinstance(v, datetime) else canonical.plain(v) for name, v in held.items()}


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the columns of one row that hold something, by column name."""
    return canonical.digest_plain(row_columns(row))


def protected_tables(metadata: sa.MetaData) -> dict[str, sa.Table]:
    """Tables whose rows the chain protects, by name."""
    return {table.name: table for table in metadata.sorted_tables if table.info.get("audit")}
