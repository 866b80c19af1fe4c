"""Reads that several parts of one page need: in a reading transaction nothing changes, so each is asked once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import SessionTransaction

from governance.database.base import db
from governance.database.transactions import is_writing

_read: WeakKeyDictionary[SessionTransaction, dict[tuple[Any, int], Any]] = WeakKeyDictionary()


class _Kept(Protocol):
    id: Any


T = TypeVar("T", bound=_Kept)
R = TypeVar("R")


def read_once(query: Callable[[T], R]) -> Callable[[T], R]:
    """Have a query about one row answer the same for the rest of a reading transaction; when writing, it asks each time."""

    @wraps(query)
    def asked(row: T) -> R:
        if is_writing():
            return query(row)
        key = (query, row.id)
        known = _read.get(current) if (current := db.session().get_transaction()) else None
        if known is not None and key in known:
            found: R = known[key]
            return found
        found = query(row)
        if (current := db.session().get_transaction()) is not None:
            _read.setdefault(current, {})[key] = found
        return found

    return asked
