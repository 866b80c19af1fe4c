"""Asking for a report, and writing the row of one that was made. The file is stored before; the row makes it issued."""

from __future__ import annotations

from datetime import datetime

from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import AssurancePack
from governance.audit.record import record
from governance.database import db
from governance.errors import Refused
from governance.intake.models import Submission
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Actor, Permission
from governance.reports import editions, queries
from governance.reports.material import Replaced
from governance.reports.models import Report


def ask_for_report(*, submission: Submission, by: Actor, at: datetime) -> Job:
    """Write the job that makes the audit report of the newest pack; asked again, the same job.

    Once decided the report is the full edition. Before that it is an interim edition of the round as it stands. Where the
    newest issue was withheld it is the next one. Raises Forbidden, and Refused where nothing was submitted yet.
    """
    by.must(Permission.ISSUE_REPORT, deployment_id=submission.deployment_id)
    pack = packs.pack(submission)
    if pack is None:
        raise Refused.because(
            "There is no pack to report on yet. A report can be made once it was submitted.", code="report.no_pack"
        )
    edition = queries.edition_of(submission, pack)
    return queue.enqueue(
        kind=queries.KIND,
        key=queries.job_key(pack.id, edition),
        payload={"pack": pack.id},
        organisation_id=submission.organisation_id,
        by=by,
        at=at,
    )


def ask_for_partner_edition(*, pack: AssurancePack, by: Actor, at: datetime) -> Job:
    """Write the job that makes the edition for partners of a decided pack; asked again, by anybody, the same job.

    It belongs to no organisation: the system issues it. The caller has found the pack as one that partners may read.
    """
    by.must(Permission.READ_LONDON)
    return queue.enqueue(
        kind=queries.KIND,
        key=queries.job_key(pack.id, queries.PARTNER),
        payload={"pack": pack.id, "edition": queries.PARTNER},
        organisation_id=None,
        by=by,
        at=at,
    )


def issue(
    *, pack: AssurancePack, edition: str, title: str, sha256: str, pages: int, size: int, stream_head: str,
    made_at: datetime, by: Actor, at: datetime, replaces: Replaced | None = None,
) -> Report:  # fmt: skip
    """Write the row of a report whose file is stored. One issued meanwhile is given back and nothing is written.

    `replaces`: the issue before it, whose file was withheld; this is the next by number.
    """
    there = queries.standing(pack.id, edition)
    if there is not None:
        return there
    submission = packs.submission_of(pack)
    row = Report(
        organisation_id=pack.organisation_id,
        submission_id=pack.submission_id,
        pack_id=pack.id,
        kind=queries.KIND,
        edition=editions.issue(edition, replaces.number + 1 if replaces else 1),
        title=title[:400],
        sha256=sha256,
        pages=pages,
        size=size,
        stream_head=stream_head,
        issued_at=made_at,
        issued_by=by.person_id,
    )
    db.session.add(row)
    db.session.flush()
    record(
        "report.issued",
        stream=f"deployment:{submission.deployment_id}",
        by=by,
        at=at,
        organisation_id=pack.organisation_id,
        report=row.id,
        submission=submission.id,
        pack=pack.digest,
        edition=row.edition,
        pages=pages,
        sha256=sha256,
        head=stream_head,
        **({"replaces": replaces.report_id} if replaces else {}),
    )
    return row
