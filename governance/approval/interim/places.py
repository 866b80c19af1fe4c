"""Which declarations have evidence of an approval that was not made here. It assures nothing, so nothing takes its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from governance.approval.interim.queries import SUBJECT
from governance.assessment.evidence.models import EvidenceUse
from governance.assessment.evidence.places import Place
from governance.database import db
from governance.intake.declarations.models import Declaration
from governance.lifecycle import Standing
from governance.register.models import Deployment, Tool


def declarations(evidence_ids: Collection[int]) -> Iterator[Place]:
    """Declarations that items were attached to."""
    query = (
        sa.select(EvidenceUse, Deployment.reference, Deployment.standing, Tool.name)
        .join(Declaration, Declaration.id == EvidenceUse.subject_id)
        .join(Deployment, Deployment.id == Declaration.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(
            EvidenceUse.evidence_id.in_(evidence_ids),
            EvidenceUse.subject_kind == SUBJECT,
            EvidenceUse.removed_at.is_(None),
        )
        .order_by(EvidenceUse.id)
    )
    for use, reference, standing, tool in db.session.execute(query):
        yield Place(
            evidence_id=use.evidence_id, use_id=use.id, kind="declaration", what="An earlier approval, not made here",
            tool=tool, references=(reference,), endpoint="interim.declaration", values={"reference": reference},
            live=standing is Standing.DECLARED,
        )  # fmt: skip
