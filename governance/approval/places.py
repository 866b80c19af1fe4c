"""Which conditions stand on evidence: what this room hands to the pages and the renewal of evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from governance.approval.models import Condition
from governance.assessment.evidence.models import EvidenceUse
from governance.assessment.evidence.places import Place
from governance.database import db
from governance.register.models import Deployment, Tool

LIVE = ("open", "offered", "overdue")


def conditions(evidence_ids: Collection[int]) -> Iterator[Place]:
    """Conditions that items were offered for. One that was met, waived or fell needs its evidence no longer."""
    query = (
        sa.select(EvidenceUse, Condition, Deployment.reference, Tool.name)
        .join(Condition, Condition.id == EvidenceUse.subject_id)
        .join(Deployment, Deployment.id == Condition.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(
            EvidenceUse.evidence_id.in_(evidence_ids),
            EvidenceUse.subject_kind == "condition",
            EvidenceUse.removed_at.is_(None),
        )
        .order_by(EvidenceUse.id)
    )
    for use, condition, reference, tool in db.session.execute(query):
        yield Place(
            evidence_id=use.evidence_id, use_id=use.id, kind="condition", what=f"Condition {condition.number}", tool=tool,
            references=(reference,), endpoint="conditions.condition", values={"condition_id": condition.id},
            live=condition.status in LIVE,
        )  # fmt: skip
