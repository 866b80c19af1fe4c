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


def event_hash(event: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an event's fields (`EVENT_FIELDS`), times as UTC ISO 8601."""
    body = {name: event[name] for name in EVENT_FIELDS}
    body["at"] = instant(event["at"])
    return canonical.digest(body)


def instant(at: datetime) -> str:
    """A UTC instant as text, to the microsecond, the same from every database."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the columns of one row that hold something, by column name.

    An empty column is left out, so that a column which a later migration adds leaves the hashes of earlier rows as they are.
    """
    held = {name: value for name, value in row.items() if value is not None}
    return canonical.digest({name: instant(v) if isinstance(v, datetime) else v for name, v in held.items()})


def protected_tables(metadata: sa.MetaData) -> dict[str, sa.Table]:
    """Tables whose rows the chain protects, by name."""
    return {table.name: table for table in metadata.sorted_tables if table.info.get("audit")}
