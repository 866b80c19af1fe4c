"""What a board reads: decisions with their packs, risks accepted, reports, and the same tools elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from governance.approval.models import Authorisation, Decision
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.intake.models import Submission
from governance.lifecycle import Standing
from governance.permissions import Role
from governance.register.models import Deployment, Projection, Tool, ToolVersion
from governance.reports.models import Report
from governance.reports.queries import FULL

MOST = 12


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision with the pack it was taken on."""

    pack_id: int
    tool: str
    sentence: str
    role: Role
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """One residual rating of 3 that an authoriser accepted and that stands."""

    pack_id: int
    tool: str
    version: str
    role: Role
    until: date


def decided(scope: Collection[int], *, since: datetime) -> list[Decided]:
    """Decisions since a moment, the newest first, each with its newest pack."""
    newest = (
        sa.select(sa.func.max(AssurancePack.id))
        .where(AssurancePack.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    query = (
        sa.select(newest, Tool.name, Decision.sentence, Decision.role, Decision.decided_at)
        .join(Submission, Submission.id == Decision.submission_id)
        .join(Deployment, Deployment.id == Submission.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(Decision.organisation_id.in_(scope), Decision.decided_at >= since)
        .order_by(Decision.id.desc())
        .limit(MOST)
    )
    return [Decided(*row) for row in db.session.execute(query)]


def accepted_threes(scope: Collection[int]) -> list[Accepted]:
    """Residual ratings of 3 accepted for what runs now."""
    query = (
        sa.select(Authorisation.pack_id, Tool.name, ToolVersion.version, Authorisation.role, Authorisation.until)
        .join(Deployment, Deployment.approved_pack_id == Authorisation.pack_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(ToolVersion, ToolVersion.id == Authorisation.tool_version_id)
        .where(
            Authorisation.organisation_id.in_(scope),
            Authorisation.residual_accepted >= 3,
            Deployment.standing.not_in((Standing.CEASED, Standing.PROPOSED)),
        )
        .order_by(Authorisation.id.desc())
        .limit(MOST)
    )
    return [Accepted(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(query)]


def reports(scope: Collection[int]) -> Sequence[Report]:
    """The latest reports issued after a decision; interim ones are not for a board."""
    query = sa.select(Report).where(Report.organisation_id.in_(scope), Report.edition == FULL).order_by(Report.id.desc())
    return db.session.scalars(query.limit(6)).all()


def same_tools(scope: Collection[int]) -> Sequence[Projection]:
    """Other organisations' use of the tools this one has, by tool."""
    ours = sa.select(Deployment.tool_id).where(
        Deployment.organisation_id.in_(scope), Deployment.standing != Standing.CEASED
    )
    query = sa.select(Projection).where(
        Projection.tool_id.in_(ours), Projection.organisation_id.not_in(scope), Projection.standing != Standing.CEASED
    )
    return db.session.scalars(
        query.order_by(Projection.tool_name, Projection.organisation_name, Projection.deployment_id).limit(MOST)
    ).all()
