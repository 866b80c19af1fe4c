"""What is past its period, and removing what may be removed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance.audit.record import record
from governance.audit.retention.rules import Kind, rules
from governance.database import after_commit, db
from governance.database.base import Base
from governance.extensions import house
from governance.permissions import Actor, Permission

REMOVED = "retention.applied"
MOST = 500  # rows in one statement


@dataclass(frozen=True, slots=True)
class Past:
    """How much of a kind is past its period, or how much there is of what is kept for ever."""

    kind: Kind
    number: int


def past(session: Session, at: datetime) -> list[Past]:
    """Every kind with how many of its rows are past their period; of what is kept for ever, how many there are."""
    found = []
    for kind in rules().kinds:
        if kind.is_ever:
            counts = [session.scalar(sa.select(sa.func.count()).select_from(_table(name))) or 0 for name in kind.tables]
            found.append(Past(kind, sum(counts)))
        else:
            found.append(Past(kind, len(_ids(session, kind, at))))
    return found


def remove(*, by: Actor, at: datetime, automatic_only: bool = False) -> list[Past]:
    """Remove what is past its period and may go. One event for the run; none where nothing was removed. Raises Forbidden."""
    by.must(Permission.LAPSE if automatic_only else Permission.REDACT)
    session, done = db.session(), []
    for kind in rules().kinds:
        if kind.is_ever or (automatic_only and not kind.automatic):
            continue
        ids = _ids(session, kind, at)
        if ids:
            _end(session, kind, ids)
            done.append(Past(kind, len(ids)))
    if done:
        record(REMOVED, stream="instance:0", by=by, at=at, removed={each.kind.code: each.number for each in done})
    db.session.expire_all()
    return done


def _ids(session: Session, kind: Kind, at: datetime) -> list[int]:
    assert isinstance(kind.keep, int)
    table = _table(kind.table)
    key = next(iter(table.primary_key.columns))
    query = sa.select(key).where(table.c[kind.after] < at - timedelta(days=kind.keep)).order_by(key)
    for name, value in kind.where.items():
        query = query.where(_is(table.c[name], value))
    for name, column in kind.unless_named_by.items():
        named = _table(name)
        query = query.where(~sa.exists().where(named.c[column] == key))
    found = list(session.scalars(query))
    if kind.removes_files:
        there = {name.removeprefix(kind.removes_files) for name in house().storage.keys(kind.removes_files)}
        query = sa.select(key, table.c.sha256).where(key.in_(found))
        found = [number for number, sha256 in session.execute(query) if sha256 in there]
    return found


def _is(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return column.is_(None)
    if value == "?":
        return sa.cast(column, sa.Text).not_in(["", "{}"])
    return column == value


def _end(session: Session, kind: Kind, ids: Sequence[int]) -> None:
    table = _table(kind.table)
    key = next(iter(table.primary_key.columns))
    if kind.removes_files:
        digests = session.scalars(sa.select(table.c.sha256).where(key.in_(ids)))
        session.info.setdefault(REMOVED, []).extend(f"{kind.removes_files}{each}" for each in digests)
        return
    for start in range(0, len(ids), MOST):
        these = ids[start : start + MOST]
        if not kind.blank:
            session.execute(sa.delete(table).where(key.in_(these)))
            continue
        for number in these:
            values = {name: secrets.token_hex(32) if value == "random" else value for name, value in kind.blank.items()}
            if "version_id" in table.columns:
                values["version_id"] = table.c.version_id + 1
            session.execute(sa.update(table).where(key == number).values(values))
            if table.info.get("audit"):
                session.info["touched"][(table.name, number)] = True


def _delete_files(info: dict[str, Any]) -> None:
    for key in info.get(REMOVED, ()):
        house().storage.delete(key)


def init() -> None:
    """Delete files once the run that names them is committed."""
    after_commit(_delete_files)


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]

