"""Which controls of hazards stand on evidence: what this room hands to the pages and the renewal of evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from governance.assessment.evidence.models import EvidenceUse
from governance.assessment.evidence.places import Place
from governance.assessment.hazards.models import Control, Hazard
from governance.database import db
from governance.lifecycle import Standing
from governance.register.models import Deployment, Tool


def controls(evidence_ids: Collection[int]) -> Iterator[Place]:
    """Controls that items stand behind."""
    query = (
        sa.select(EvidenceUse, Hazard.number, Deployment.reference, Deployment.standing, Tool.name)
        .join(Control, Control.id == EvidenceUse.subject_id)
        .join(Hazard, Hazard.id == Control.hazard_id)
        .join(Deployment, Deployment.id == Hazard.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(
            EvidenceUse.evidence_id.in_(evidence_ids),
            EvidenceUse.subject_kind == "control",
            EvidenceUse.removed_at.is_(None),
        )
        .order_by(EvidenceUse.id)
    )
    for use, number, reference, standing, tool in db.session.execute(query):
        yield Place(
            evidence_id=use.evidence_id, use_id=use.id, kind="control", what=f"A control of hazard {number}", tool=tool,
            references=(reference,), endpoint="hazards.show", values={"reference": reference, "number": number},
            live=standing is not Standing.CEASED,
        )  # fmt: skip
