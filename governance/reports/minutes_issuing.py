"""The job behind the minutes: read, draw, check, store, then one short transaction that makes them issued.

As with a report: nothing is drawn inside a transaction, and one that was killed half way is done again. The digest of what
is printed goes into the event, so that the code on each page can be compared with the register's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import current_app

from governance import clock
from governance.approval.committees import minutes as issuing_minutes
from governance.approval.committees.models import Meeting
from governance.database import read_only, transaction
from governance.extensions import house
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Actor
from governance.reports import issuing, minutes, minutes_paper, render
from governance.reports.issuing import Progress
from governance.reports.minutes_material import MinutesMaterial

TEMPLATE = "reports/minutes.jinja"


def init() -> None:
    """Register the work, when the application is made."""
    queue.handles(minutes.KIND)(make)


def make(job_id: int, progress: Progress) -> dict[str, Any]:
    """Make the minutes of one meeting, unless they are there."""
    meeting_id = int(queue.payload_of(job_id)["meeting"])
    with read_only() as session:
        if session.get_one(Meeting, meeting_id).minutes_sha256 is not None:
            return {"meeting": meeting_id}
    progress(10, "Reading the meeting")
    material, by = _read(job_id, meeting_id)
    progress(30, "Drawing the pages")
    data, pages = pdf(material)
    progress(80, "Checking the file")
    title = minutes_paper.title(material)
    issuing.check(data, pages, title=title, item=title)
    progress(90, "Storing it")
    sha256 = house().storage.put_content(data)
    with transaction() as session:
        issuing_minutes.issue_minutes(
            meeting=session.get_one(Meeting, meeting_id, with_for_update=True), sha256=sha256, content=material.digest,
            pages=pages, made_at=material.issued_at, by=by, at=clock.now(),
        )  # fmt: skip
    return {"meeting": meeting_id}


def pdf(material: MinutesMaterial) -> tuple[bytes, int]:
    """The file and its number of pages; the same material gives the same bytes."""

    @lru_cache(maxsize=2)
    def paper(step: int) -> minutes_paper.Minutes:
        return minutes_paper.minutes(material, step)

    def written(step: int, front_only: bool) -> str:
        drawn = paper(step)
        return render.environment().get_template(TEMPLATE).render(
            paper=drawn, made_at=drawn.created, front_only=front_only, moves=minutes_paper.NOTHING_MOVES
        )

    return render.on_paper(written, identifier=bytes.fromhex(material.digest)[:16], made_at=material.issued_at)


def _read(job_id: int, meeting_id: int) -> tuple[MinutesMaterial, Actor]:
    with read_only() as session:
        job = session.get_one(Job, job_id)
        material = minutes.material(
            session.get_one(Meeting, meeting_id), issued_at=job.queued_at, product=current_app.config["PRODUCT_NAME"],
            public_url=current_app.config["PUBLIC_URL"],
        )  # fmt: skip
        return material, issuing.asker(job, job.queued_at)
