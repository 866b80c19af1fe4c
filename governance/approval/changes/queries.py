"""Finding changes of a deployment, the sections of the pack they may touch, and who may settle them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from governance.approval.changes import rules
from governance.approval.changes.models import ChangeNotice
from governance.approval.changes.rules import Running
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.assessment.packs.models import AssurancePack
from governance.assessment.sheets.models import AnswerSheet, Document
from governance.database import db, read_once
from governance.errors import NotVisible
from governance.intake import queries as intake
from governance.intake import rules as drafts
from governance.intake.models import Submission
from governance.lifecycle import Standing, SubmissionStatus
from governance.permissions import Role
from governance.policy import policy
from governance.register.models import Deployment, ToolVersion

STOOD_ON = (Standing.ASSURED, Standing.LAPSED, Standing.SUSPENDED)
"""Standings that rest on a decided pack."""


@read_once
def notices_of(deployment: Deployment) -> Sequence[ChangeNotice]:
    """Changes of a deployment, the newest first."""
    query = sa.select(ChangeNotice).where(ChangeNotice.deployment_id == deployment.id)
    return db.session.scalars(query.order_by(ChangeNotice.number.desc())).all()


def open_of(deployment: Deployment) -> list[ChangeNotice]:
    """Changes that nobody has answered yet, the newest first."""
    return [row for row in notices_of(deployment) if row.status == "open"]


def notice(deployment: Deployment, number: int) -> ChangeNotice:
    """One change of a deployment found within the actor's scope. Raises NotVisible."""
    query = sa.select(ChangeNotice).where(ChangeNotice.deployment_id == deployment.id, ChangeNotice.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


@read_once
def of_submission(submission: Submission) -> Sequence[ChangeNotice]:
    """Changes that a submission takes up, the oldest first."""
    query = sa.select(ChangeNotice).where(ChangeNotice.submission_id == submission.id)
    return db.session.scalars(query.order_by(ChangeNotice.number)).all()


def touched_by(submission: Submission) -> dict[str, datetime]:
    """When the newest of the changes that a submission takes up and that touches a section was noted, by section."""
    return {code: row.noted_at for row in of_submission(submission) for code in row.touches}


def last_number(deployment: Deployment) -> int:
    """The number of the newest change."""
    query = sa.select(sa.func.max(ChangeNotice.number)).where(ChangeNotice.deployment_id == deployment.id)
    return db.session.scalar(query) or 0


def version_of(row: ChangeNotice) -> str:
    """The version that a change brings; empty where it brings none."""
    found = db.session.get(ToolVersion, row.tool_version_id) if row.tool_version_id else None
    return found.version if found else ""


def sections_of(deployment: Deployment) -> tuple[tuple[str, str], ...]:
    """(code, title) of each section of the pack that the standing rests on; none where nothing was decided yet."""
    if deployment.approved_pack_id is None:
        return ()
    pack = db.session.get(AssurancePack, deployment.approved_pack_id, options=[selectinload(AssurancePack.sections)])
    return tuple((each.code, each.title) for each in pack.sections) if pack else ()


def titles() -> dict[str, str]:
    """The title of each section, as the newest policy has it."""
    return {row.code: row.title for row in policy().sections}


def running_on(deployment: Deployment) -> tuple[Submission, Running] | None:
    """The submission open on a deployment, with what the rules look at."""
    row = intake.open_on(deployment)
    if row is None:
        return None
    asked = drafts.values(row.draft, "ask")
    version = row.tool_version.version if row.tool_version else str(asked.get("version") or "")
    kind = row.kind if row.reference else type(row.kind)(asked.get("kind") or row.kind)
    return row, Running(f"Submission {row.reference}" if row.reference else "A draft", row.status, kind, version)


def is_approved(deployment: Deployment) -> bool:
    """Whether something about it was authorised, though it may wait for its conditions."""
    return any(each.status is SubmissionStatus.AUTHORISED for each in intake.of_deployment(deployment))


def settler(deployment: Deployment) -> Role:
    """Who may say that nothing follows, by the facts of the deployment as they were last told."""
    facts: dict[str, str] = {}
    for submission in intake.of_deployment(deployment):
        facts = intake.facts(submission)
        if facts:
            break
    facts = facts or next((found for said in intake.stated if (found := dict(said(deployment)))), {})
    return rules.settler(direct_care=facts.get("direct_care") != "no")


def ended_behind(on: date) -> Sequence[tuple[Deployment, Evidence]]:
    """Evidence that ended, used for the pack of a deployment in use, and not noted there yet; by deployment.

    Whether the answer it stood behind is still met by another item is the caller's to look at.
    """
    sheets = sa.select(AnswerSheet.id).where(
        AnswerSheet.organisation_id == Deployment.organisation_id,
        sa.or_(AnswerSheet.deployment_id == Deployment.id, AnswerSheet.tool_version_id == Deployment.approved_version_id),
    )
    used = sa.select(EvidenceUse.id).where(
        EvidenceUse.evidence_id == Evidence.id, EvidenceUse.removed_at.is_(None),
        EvidenceUse.subject_kind == "answer_sheet", EvidenceUse.subject_id.in_(sheets),
    )  # fmt: skip
    behind = sa.select(Document.id).where(
        Document.evidence_id == Evidence.id,
        sa.or_(Document.deployment_id == Deployment.id, Document.tool_version_id == Deployment.approved_version_id),
    )
    noted = sa.select(ChangeNotice.id).where(
        ChangeNotice.deployment_id == Deployment.id, ChangeNotice.evidence_id == Evidence.id
    )
    query = (
        sa.select(Deployment, Evidence)
        .join(Evidence, Evidence.organisation_id == Deployment.organisation_id)
        .where(
            Deployment.approved_pack_id.is_not(None), Deployment.standing.in_(STOOD_ON), Evidence.expires_on < on,
            sa.or_(used.exists(), behind.exists()), ~noted.exists(),
        )
        .order_by(Deployment.id, Evidence.id)
    )  # fmt: skip
    return [(row[0], row[1]) for row in db.session.execute(query)]
