"""Writing a job's row in the business transaction, and doing its work later.

`enqueue` is called inside `transaction()`; after the commit the job's id is handed to huey. A worker killed half way
leaves the row queued or running: `lost` finds it, and every kind of work is idempotent.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.database import db, read_only, transaction
from governance.errors import GovernanceError
from governance.jobs.models import Job
from governance.permissions import Actor

log = logging.getLogger(__name__)

Work = Callable[[int, Callable[[int, str], None]], dict[str, Any]]
ATTEMPTS = 3
LOST_AFTER = timedelta(minutes=2)

_handlers: dict[str, Work] = {}


def handles(kind: str) -> Callable[[Work], Work]:
    """Register what does the work of a kind: `work(job_id, progress) -> result`; `progress(per_cent, words)`."""

    def register(work: Work) -> Work:
        _handlers[kind] = work
        return work

    return register


def enqueue(
    *, kind: str, key: str, payload: dict[str, Any], organisation_id: int | None, by: Actor, at: datetime
) -> Job:
    """Write the row of a job, or give the one that has this key. A failed one is queued again."""
    row = db.session.scalar(sa.select(Job).where(Job.key == key))
    if row is None:
        row = Job(
            key=key,
            kind=kind,
            payload=payload,
            organisation_id=organisation_id,
            person_id=by.person_id,
            status="queued",
            queued_at=at,
        )
        db.session.add(row)
    elif row.status == "failed":
        row.status, row.attempts, row.progress, row.said, row.queued_at = "queued", 0, 0, "", at
    db.session.flush()
    db.session.info.setdefault("jobs", []).append(row.id)
    return row


def lost(at: datetime) -> list[int]:
    """Ids of jobs that wait or run for longer than two minutes: their worker may be gone."""
    query = sa.select(Job.id).where(
        sa.or_(
            sa.and_(Job.status == "queued", Job.queued_at < at - LOST_AFTER),
            sa.and_(Job.status == "running", Job.started_at < at - 5 * LOST_AFTER),
        )
    )
    return list(db.session.scalars(query))


def run(job_id: int) -> None:
    """Do one job: mark it running, work, mark it done or failed. A job that is done already is left alone."""
    with transaction():
        row = db.session.get(Job, job_id, with_for_update=True)
        if row is None or row.status in ("done", "failed"):
            return
        row.status, row.attempts, row.started_at = "running", row.attempts + 1, clock.now()
        kind, attempts = row.kind, row.attempts
    try:
        result = _handlers[kind](job_id, lambda per_cent, words: _progress(job_id, per_cent, words))
    except GovernanceError as refused:
        _finish(job_id, "failed", " ".join(refused.sentences), {})
    except Exception:
        log.exception("job %s (%s) failed on attempt %s", job_id, kind, attempts)
        if attempts >= ATTEMPTS:
            _finish(job_id, "failed", "It could not be made. Tell your administrator.", {})
        else:
            _finish(job_id, "queued", "It did not work. We try again.", {})
            raise
    else:
        _finish(job_id, "done", "Ready.", result)


def job(job_id: int) -> Job | None:
    """One job's row."""
    return db.session.get(Job, job_id)


def payload_of(job_id: int) -> dict[str, Any]:
    """What a job was given, read in a scope of its own."""
    with read_only() as session:
        row = session.get_one(Job, job_id)
        return dict(row.payload)


def _progress(job_id: int, per_cent: int, words: str) -> None:
    with transaction():
        row = db.session.get_one(Job, job_id)
        row.progress, row.said = per_cent, words


def _finish(job_id: int, status: str, words: str, result: dict[str, Any]) -> None:
    with transaction():
        row = db.session.get_one(Job, job_id)
        row.status, row.said, row.result = status, words[:300], result
        row.finished_at = clock.now() if status in ("done", "failed") else None
        row.progress = 100 if status == "done" else row.progress
