"""Slowing down whoever tries addresses of links: thirty that do not work from one address within fifteen minutes.

Counted in the memory of each worker, because pages that are only read write nothing. Guessing 32 bytes is hopeless anyway;
this keeps the noise down, as signing in does for passwords.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=15)
MOST = 30
ADDRESSES = 10_000


class Failures:
    """Failures by address, the oldest addresses forgotten first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def note(self, address: str, at: datetime) -> None:
        """Count one more."""
        with self._lock:
            times = self._seen.setdefault(address[:64], deque(maxlen=MOST))
            times.append(at)
            self._seen.move_to_end(address[:64])
            while len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)

    def are_too_many(self, address: str, at: datetime) -> bool:
        """Whether an address has to wait."""
        with self._lock:
            times = self._seen.get(address[:64], ())
            return sum(time > at - WINDOW for time in times) >= MOST
