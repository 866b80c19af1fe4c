"""The job behind a report: read, draw, check, store, then one short transaction that makes it issued.

Nothing is drawn inside a transaction. A worker killed half way leaves at most a stored file that no row names; the next
one makes the same bytes again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
from flask import current_app
from sqlalchemy.exc import IntegrityError

from governance import clock
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import AssurancePack
from governance.database import db, read_only, transaction
from governance.errors import Fault
from governance.extensions import house
from governance.identity.models import Organisation
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import SYSTEM, Actor
from governance.reports import operations, queries, render
from governance.reports.material import Material
from governance.reports.presenters import front

Progress = Callable[[int, str], None]


def init() -> None:
    """Register the work, when the application is made."""
    queue.handles(queries.KIND)(make)


def make(job_id: int, progress: Progress) -> dict[str, Any]:
    """Make one report. The result names its row."""
    payload = queue.payload_of(job_id)
    pack_id = int(payload["pack"])
    with read_only() as session:
        pack = session.get_one(AssurancePack, pack_id)
        # what was signed while the job waited is printed too, and makes it that edition
        edition = str(payload.get("edition") or queries.edition_of(packs.submission_of(pack), pack))
        there = queries.standing(pack_id, edition)
        if there is not None:
            return {"report": there.id}
    progress(10, "Reading the pack")
    material, by = _read(job_id, pack_id, edition)
    progress(30, "Drawing the pages")
    data, pages = render.pdf(material)
    progress(80, "Checking the file")
    check(data, pages, title=front.title(material), item=material.reference)
    progress(90, "Storing it")
    sha256 = house().storage.put_content(data)
    return {"report": _issue(pack_id, edition, material, sha256, pages, len(data), by)}


def _read(job_id: int, pack_id: int, edition: str) -> tuple[Material, Actor]:
    with read_only() as session:
        job = session.get_one(Job, job_id)
        material = queries.material(
            session.get_one(AssurancePack, pack_id),
            edition=edition,
            issued_at=job.queued_at,
            product=current_app.config["PRODUCT_NAME"],
            public_url=current_app.config["PUBLIC_URL"],
        )
        return material, asker(job, job.queued_at)


def asker(job: Job, at: datetime) -> Actor:
    """Who asked, as they may act in that organisation; the system where it was nobody."""
    if job.person_id is None or job.organisation_id is None:
        return SYSTEM
    code = db.session.get_one(Organisation, job.organisation_id).code
    return house().actor_for(job.person_id, code, at)


def check(data: bytes, pages: int, *, title: str, item: str) -> None:
    """Raise Fault where the file is not what a report must be: whole, tagged, titled, in English, nothing attached."""
    with pikepdf.open(BytesIO(data)) as file:
        root = file.Root
        whole = len(file.pages) == pages and "/StructTreeRoot" in root and str(root.get("/Lang")) == "en-GB"
        named = title in str(file.docinfo.get("/Title", ""))
        alone = "/AF" not in root and "/EmbeddedFiles" not in root.get("/Names", pikepdf.Dictionary())
    if not (whole and named and alone):
        raise Fault(file="reports", item=item, fault="the report that was made is not whole")


def _issue(pack_id: int, edition: str, material: Material, sha256: str, pages: int, size: int, by: Actor) -> int:
    try:
        with transaction() as session:
            row = operations.issue(
                pack=session.get_one(AssurancePack, pack_id),
                edition=edition,
                title=front.title(material),
                sha256=sha256,
                pages=pages,
                size=size,
                stream_head=material.trail.head,
                replaces=material.replaces,
                made_at=material.issued_at,
                by=by,
                at=clock.now(),
            )
            return row.id
    except IntegrityError:  # two workers at once: the other one's row counts
        with read_only():
            there = queries.issued(pack_id, edition)
            assert there is not None
            return there.id
