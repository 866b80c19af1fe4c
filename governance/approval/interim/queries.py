"""Where declarations stand: what was signed, what was decided, what is overdue, and evidence not made here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from governance.approval.interim import rules
from governance.approval.interim.models import InterimDecision
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.database import db
from governance.intake.declarations.models import Declaration
from governance.intake.models import Submission
from governance.lifecycle import Standing
from governance.permissions import Role
from governance.register.models import Deployment, Tool, ToolVersion
from governance.signing import queries as signing
from governance.signing.models import SignOff

SUBJECT = "declaration"


def sign_offs(declaration: Declaration) -> dict[Role, SignOff]:
    """What was sealed about a declaration, by role."""
    return {row.role: row for row in signing.sign_offs_on(SUBJECT, declaration.id)}


def position(
    declaration: Declaration, deployment: Deployment, signed: Mapping[Role, SignOff] | None = None
) -> rules.Position:
    """Where it stands, for the rules. `signed`: the sign-offs, where they were read already."""
    found = sign_offs(declaration) if signed is None else signed
    people = {role: row.person_id for role, row in found.items()}
    return rules.Position(deployment.standing, declaration.declared_by, people)


def decision(declaration: Declaration) -> InterimDecision | None:
    """What the executive decided; None while it is awaited."""
    return db.session.scalar(sa.select(InterimDecision).where(InterimDecision.declaration_id == declaration.id))


def earlier_approvals(declaration: Declaration) -> Sequence[Evidence]:
    """Evidence of approvals that were not made here, oldest first."""
    query = (
        sa.select(Evidence)
        .join(EvidenceUse, EvidenceUse.evidence_id == Evidence.id)
        .where(
            EvidenceUse.subject_kind == SUBJECT,
            EvidenceUse.subject_id == declaration.id,
            EvidenceUse.organisation_id == declaration.organisation_id,
            EvidenceUse.removed_at.is_(None),
        )
    )
    return db.session.scalars(query.order_by(Evidence.id)).all()


@dataclass(frozen=True, slots=True)
class Awaited:
    """One declared deployment: what is known without opening it. `recommended`: the safety officer has signed."""

    deployment_id: int
    organisation_id: int
    reference: str
    tool: str
    interim_due_on: date
    declared_by: int
    recommended: bool
    outcome: str | None
    submission_due_on: date | None
    has_submission: bool

    @property
    def turn(self) -> Role | None:
        """Whose turn it is; None once it is decided."""
        if self.outcome is not None:
            return None
        return Role.AUTHORISING_EXECUTIVE if self.recommended else Role.CSO


def awaited(scope: Collection[int] | None, *, limit: int | None = 200) -> list[Awaited]:
    """Deployments that stand as declared, the earliest due first: of some organisations, or (None) of all."""
    cso = (
        sa.select(SignOff.id)
        .where(SignOff.subject_kind == SUBJECT, SignOff.subject_id == Declaration.id, SignOff.role == Role.CSO)
        .exists()
    )
    asked = sa.select(Submission.id).where(Submission.deployment_id == Deployment.id, Submission.closed_at.is_(None)).exists()
    query = (
        sa.select(
            Deployment.id, Deployment.organisation_id, Deployment.reference, Tool.name + " " + ToolVersion.version,
            Declaration.interim_due_on, Declaration.declared_by, cso, InterimDecision.outcome,
            InterimDecision.submission_due_on, asked,
        )
        .join(Declaration, Declaration.deployment_id == Deployment.id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(ToolVersion, ToolVersion.id == Deployment.tool_version_id)
        .outerjoin(InterimDecision, InterimDecision.declaration_id == Declaration.id)
        .where(Deployment.standing == Standing.DECLARED)
        .order_by(Declaration.interim_due_on, Deployment.id)
        .limit(limit)
    )  # fmt: skip
    if scope is not None:
        query = query.where(Deployment.organisation_id.in_(scope))
    return [Awaited(*tuple(row)) for row in db.session.execute(query)]
