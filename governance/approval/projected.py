"""Approval's part of what partners see: how many conditions are open, and which decided pack may be read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from governance.approval.models import Authorisation, Condition
from governance.database import db
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind
from governance.register.models import Deployment

OPEN = ("open", "offered", "overdue")


def part(deployment: Deployment) -> dict[str, Any]:
    """The pack is the one last authorised; that of a cease is about ending use, so the one before it stays."""
    conditions = sa.select(sa.func.count()).where(
        Condition.deployment_id == deployment.id, Condition.status.in_(OPEN)
    )
    decided = (
        sa.select(Authorisation.pack_id)
        .join(Submission, Submission.id == Authorisation.submission_id)
        .where(Submission.deployment_id == deployment.id, Submission.kind != SubmissionKind.CEASE)
        .order_by(Authorisation.id.desc())
        .limit(1)
    )
    return {"open_conditions": db.session.scalar(conditions) or 0, "decided_pack_id": db.session.scalar(decided)}
