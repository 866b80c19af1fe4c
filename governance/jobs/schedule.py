"""What happens by itself: every room's due work once a day, from six in the morning in London; work of each hour (UTC);
a look each minute.

The key of a day's or an hour's job is its slot: unique, so that two workers, or one started anew, never do one twice.
`flask due` does the day's work by hand; each room's `due.run` does nothing the second time.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from governance import clock
from governance.database import db, read_only, transaction
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import SYSTEM

log = logging.getLogger(__name__)

DUE = "due"
FROM_HOUR = 6  # in London

each_minute: list[Callable[[datetime], None]] = []
_rooms: list[ModuleType] = []
_hourly: list[str] = []


@dataclass
class Done:
    """What fell due, as sentences, and the rooms whose work failed."""

    sentences: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def init(rooms: list[ModuleType]) -> None:
    """Take every room's `due` file, in the order in which they run, and register the day's job."""
    _rooms[:] = rooms
    queue.handles(DUE)(_day)


def hourly(kind: str, work: queue.Work) -> None:
    """Have a job of this kind done once in each hour (UTC)."""
    if kind not in _hourly:
        _hourly.append(kind)
    queue.handles(kind)(work)


def run_due(at: datetime) -> Done:
    """Do what is due, each room in a transaction of its own: one that fails holds up no other."""
    done = Done()
    for room in _rooms:
        try:
            with transaction():
                found = room.run(at=at)
        except Exception:
            log.exception("%s failed", room.__name__)
            done.failed.append(room.__name__.removeprefix("governance.").removesuffix(".due"))
        else:
            done.sentences += found
    return done


def tick(at: datetime) -> None:
    """Queue the day's work once it is time, and the hour's, and let rooms look what waits. Asked each minute by a worker."""
    if at.astimezone(clock.LONDON).hour >= FROM_HOUR:
        _queue_once(DUE, f"{DUE}:{clock.london_date(at).isoformat()}", at)
    for kind in _hourly:
        _queue_once(kind, f"{kind}:{at.astimezone(UTC):%Y-%m-%dT%H}", at)
    for look in each_minute:
        look(at)


def _queue_once(kind: str, slot: str, at: datetime) -> None:
    with read_only() as session:
        if session.scalar(sa.select(Job.id).where(Job.key == slot)) is not None:
            return
    try:
        with transaction():
            if db.session.scalar(sa.select(Job.id).where(Job.key == slot)) is None:
                queue.enqueue(kind=kind, key=slot, payload={}, organisation_id=None, by=SYSTEM, at=at)
    except IntegrityError:
        log.info("another worker took %s", slot)


def _day(job_id: int, progress: Callable[[int, str], None]) -> dict[str, Any]:
    done = run_due(clock.now())
    if done.failed:
        raise RuntimeError(f"due work failed in {', '.join(done.failed)}")
    return {"done": done.sentences}
