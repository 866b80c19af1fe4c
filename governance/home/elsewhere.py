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
from governance.lifecycle import Stage, Standing
from governance.permissions import Role
from governance.register.models import Deployment, DeploymentChange, Projection, Tool, ToolVersion
from governance.reports.models import Report
from governance.reports.queries import IS_DECIDED

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
    query = sa.select(Report).where(Report.organisation_id.in_(scope), IS_DECIDED).order_by(Report.id.desc())
    return db.session.scalars(query.limit(6)).all()


def counts_at(scope: Collection[int], moment: datetime) -> dict[tuple[Stage, Standing], int]:
    """How many deployments stood where at a moment, from the history of their changes; those ceased left out."""
    last = (
        sa.select(sa.func.max(DeploymentChange.id))
        .where(DeploymentChange.organisation_id.in_(scope), DeploymentChange.at < moment)
        .group_by(DeploymentChange.deployment_id)
    )
    stage, standing = DeploymentChange.stage_to, DeploymentChange.standing_to
    query = sa.select(stage, standing, sa.func.count()).where(DeploymentChange.id.in_(last), standing != Standing.CEASED)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query.group_by(stage, standing))}


def watched(scope: Collection[int], *, since: date) -> Sequence[Projection]:
    """Own tools with open signals, suspended, in use without assurance, lapsed, or ceased since a day; red signals first."""
    query = sa.select(Projection).where(
        Projection.organisation_id.in_(scope),
        sa.or_(
            sa.and_(Projection.open_signals > 0, Projection.standing != Standing.CEASED),
            Projection.standing.in_((Standing.SUSPENDED, Standing.DECLARED, Standing.LAPSED)),
            sa.and_(Projection.standing == Standing.CEASED, Projection.standing_since >= since),
        ),
    )
    order = (Projection.red_signals.desc(), Projection.standing_since, Projection.deployment_id)
    return db.session.scalars(query.order_by(*order).limit(5 * MOST)).all()


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
