"""Intake's part of what partners see: how a person oversees the tool, and whether patients meet it, as triage said."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from governance.database import db
from governance.intake.models import Submission, Triage
from governance.register.models import Deployment


def part(deployment: Deployment) -> dict[str, Any]:
    """From the newest triage of any submission about the deployment; nothing known where there is none."""
    query = (
        sa.select(Triage.facts)
        .join(Submission, Submission.id == Triage.submission_id)
        .where(Submission.deployment_id == deployment.id)
        .order_by(Triage.id.desc())
        .limit(1)
    )
    facts = db.session.scalar(query) or {}
    return {"oversight": str(facts.get("oversight") or ""), "patient_facing": facts.get("patient_facing") == "yes"}
