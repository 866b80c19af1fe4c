"""Finding deployments, their history, and what others have of the same tool. Queries of own things take the actor."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from governance.database import db
from governance.errors import NotVisible
from governance.lifecycle import Stage, Standing
from governance.permissions import Actor
from governance.register import matching
from governance.register.models import (
    Deployment,
    DeploymentChange,
    GoLive,
    Manufacturer,
    Projection,
    Tool,
    ToolVersion,
    UseCase,
)

PAGE = 20
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register list."""

    id: int
    reference: str
    tool: str
    version: str
    manufacturer: str
    use_case: str
    stage: Stage
    stage_since: date
    standing: Standing
    standing_since: date
    tier: str | None
    approved_until: date | None
    open_conditions: int


@dataclass(frozen=True, slots=True)
class Match:
    """A tool on the register that may be the one proposed, and where it is in use, in any organisation."""

    tool_id: int
    name: str
    manufacturer: str
    reason: str
    uses: tuple[Projection, ...]


def deployment(reference: str, by: Actor) -> Deployment:
    """One own deployment by reference, with what its page shows. Raises NotVisible."""
    query = (
        sa.select(Deployment)
        .where(Deployment.reference == reference, Deployment.organisation_id.in_(by.scope))
        .options(
            joinedload(Deployment.tool).joinedload(Tool.manufacturer),
            joinedload(Deployment.tool_version),
            joinedload(Deployment.approved_version),
            joinedload(Deployment.supplier),
            joinedload(Deployment.use_case),
            joinedload(Deployment.organisation),
            joinedload(Deployment.controller),
            joinedload(Deployment.submitted_by),
            selectinload(Deployment.sites),
        )
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def deployments(
    by: Actor,
    *,
    stage: Stage | None = None,
    standing: Standing | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> Sequence[Row]:
    """Own deployments, the newest first, in one query. `after` is the id of the last one shown before."""
    query = (
        sa.select(
            Deployment.id,
            Deployment.reference,
            Tool.name,
            ToolVersion.version,
            Manufacturer.name,
            UseCase.name,
            Deployment.stage,
            Deployment.stage_since,
            Deployment.standing,
            Deployment.standing_since,
            Deployment.tier,
            Deployment.approved_until,
            Projection.open_conditions,
        )
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(Manufacturer, Manufacturer.id == Tool.manufacturer_id)
        .join(ToolVersion, ToolVersion.id == Deployment.tool_version_id)
        .join(UseCase, UseCase.id == Deployment.use_case_id)
        .join(Projection, Projection.deployment_id == Deployment.id)
        .where(*_among(by, stage, standing))
        .order_by(Deployment.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Deployment.id < after)
    return [Row(*tuple(found)) for found in db.session.execute(query)]


def how_many(by: Actor, *, stage: Stage | None = None, standing: Standing | None = None) -> int:
    """How many own deployments there are, counted no further than one over a thousand."""
    some = sa.select(Deployment.id).where(*_among(by, stage, standing)).limit(COUNTED + 1).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _among(by: Actor, stage: Stage | None, standing: Standing | None) -> list[sa.ColumnElement[bool]]:
    # one organisation is compared with =, so that the index gives the order too
    scope = sorted(by.scope)
    where = [Deployment.organisation_id == scope[0] if len(scope) == 1 else Deployment.organisation_id.in_(scope)]
    where += [Deployment.stage == stage] if stage else []
    where += [Deployment.standing == standing] if standing else []
    return where


def history(deployment: Deployment) -> Sequence[DeploymentChange]:
    """Every change of stage or standing, oldest first."""
    query = sa.select(DeploymentChange).where(DeploymentChange.deployment_id == deployment.id)
    return db.session.scalars(query.order_by(DeploymentChange.id)).all()


def go_live(deployment: Deployment) -> GoLive | None:
    """The latest go-live record."""
    query = sa.select(GoLive).where(GoLive.deployment_id == deployment.id).order_by(GoLive.id.desc())
    return db.session.scalar(query.limit(1))


def projection(deployment: Deployment) -> Projection | None:
    """What partners see of a deployment."""
    return db.session.get(Projection, deployment.id)


def elsewhere(deployment: Deployment, limit: int = 10) -> Sequence[Projection]:
    """Other organisations' use of the same tool, the furthest on the ladder first."""
    query = sa.select(Projection).where(
        Projection.tool_id == deployment.tool_id, Projection.organisation_id != deployment.organisation_id
    )
    found = db.session.scalars(query.order_by(Projection.organisation_name, Projection.deployment_id)).all()
    return sorted(found, key=lambda each: -each.stage.position)[:limit]


def matches(name: str, manufacturer: str) -> list[Match]:
    """Tools of any organisation that may be this one, the likeliest first, with their uses."""
    query = sa.select(Tool.id, Tool.name, Manufacturer.name).join(Manufacturer)
    tools = {row[0]: matching.Candidate(*row) for row in db.session.execute(query)}
    likely = matching.likely_matches(name, manufacturer, tools.values())[:PAGE]
    uses = uses_of({each.id for each in likely})
    return [
        Match(
            tool_id=each.id,
            name=tools[each.id].name,
            manufacturer=tools[each.id].manufacturer,
            reason=each.reason,
            uses=uses.get(each.id, ()),
        )
        for each in likely
    ]


def uses_of(tool_ids: Collection[int]) -> dict[int, tuple[Projection, ...]]:
    """Projections of all deployments of these tools, by tool."""
    query = sa.select(Projection).where(Projection.tool_id.in_(tool_ids))
    found: dict[int, tuple[Projection, ...]] = {}
    for each in db.session.scalars(query.order_by(Projection.organisation_name, Projection.deployment_id)):
        found[each.tool_id] = (*found.get(each.tool_id, ()), each)
    return found


def tool(tool_id: int) -> Tool:
    """A tool, with its manufacturer. Tools are shared rows. Raises NotVisible."""
    found = db.session.scalar(sa.select(Tool).where(Tool.id == tool_id).options(joinedload(Tool.manufacturer)))
    if found is None:
        raise NotVisible()
    return found


def use_cases_of(tool_id: int) -> Sequence[UseCase]:
    """What a tool is used for, anywhere, by title."""
    used = sa.select(Projection.use_case_id).where(Projection.tool_id == tool_id)
    return db.session.scalars(sa.select(UseCase).where(UseCase.id.in_(used)).order_by(UseCase.name)).all()


def use_case(*, name: str, kind: str, setting: str, pathway: str, population: str) -> UseCase | None:
    """The use case that says the same, whatever its case and punctuation."""
    query = sa.select(UseCase).where(UseCase.name_key == matching.name_key(name), UseCase.kind == kind)
    wanted = [matching.name_key(each) for each in (setting, pathway, population)]
    for found in db.session.scalars(query.order_by(UseCase.id)):
        if [matching.name_key(each) for each in (found.setting, found.pathway, found.population)] == wanted:
            return found
    return None


def is_assured_among(organisation_ids: Collection[int], *, tool_id: int, use_case_id: int) -> bool:
    """Whether one of these organisations has an assured deployment of this tool for this use case."""
    query = sa.select(Projection.deployment_id).where(
        Projection.organisation_id.in_(organisation_ids),
        Projection.tool_id == tool_id,
        Projection.use_case_id == use_case_id,
        Projection.standing == Standing.ASSURED,
    )
    return db.session.scalar(query.limit(1)) is not None
