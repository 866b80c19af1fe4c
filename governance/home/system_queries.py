"""An integrated care system as its AI lead sees it: counted and listed from projections alone. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import defer

from governance.database import db
from governance.identity import queries as identity
from governance.identity.models import Organisation
from governance.lifecycle import Stage, Standing
from governance.permissions import Actor
from governance.register.models import Projection

LISTED = 50
"""How many of each list a page shows; the spreadsheet has them all."""


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation of the system."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many deployments an organisation has at a stage in a standing."""

    organisation_id: int
    stage: Stage
    standing: Standing
    number: int


def places(by: Actor, on: date) -> list[Place]:
    """Every organisation of the actor’s system, and what it took over from, by name."""
    assert by.organisation_id is not None
    ids = identity.system_of(by.organisation_id, on)
    query = sa.select(Organisation.id, Organisation.code, Organisation.name).where(Organisation.id.in_(ids))
    return [Place(*row) for row in db.session.execute(query.order_by(Organisation.name))]


def counts(ids: Collection[int]) -> list[Count]:
    """How many there are of each stage and standing in each organisation, ceased ones too."""
    query = (
        sa.select(Projection.organisation_id, Projection.stage, Projection.standing, sa.func.count())
        .where(Projection.organisation_id.in_(ids))
        .group_by(Projection.organisation_id, Projection.stage, Projection.standing)
    )
    return [Count(*row) for row in db.session.execute(query)]


def dated(ids: Collection[int], until: date, limit: int | None = LISTED) -> Sequence[Projection]:
    """What is due by a day or overdue: decisions needed, and approvals that end. The earliest first, one more than `limit`."""
    due = sa.case((Projection.decision_needed_by.is_not(None), Projection.decision_needed_by), else_=Projection.approved_until)
    query = _of(ids).where(Projection.standing != Standing.CEASED, due <= until)
    return _listed(query.order_by(due, Projection.deployment_id), limit)


def ceased(ids: Collection[int], limit: int | None = LISTED) -> Sequence[Projection]:
    """What has ceased, the latest first, one more than `limit`."""
    query = _of(ids).where(Projection.standing == Standing.CEASED)
    return _listed(query.order_by(Projection.standing_since.desc(), Projection.deployment_id.desc()), limit)


def changed(ids: Collection[int], since: date, limit: int | None = LISTED) -> Sequence[Projection]:
    """What came to its stage or standing on or after a day, the latest first, one more than `limit`."""
    query = _of(ids).where(sa.or_(Projection.stage_since >= since, Projection.standing_since >= since))
    latest = sa.case(
        (Projection.stage_since > Projection.standing_since, Projection.stage_since), else_=Projection.standing_since
    )
    return _listed(query.order_by(latest.desc(), Projection.deployment_id.desc()), limit)


def everything(ids: Collection[int]) -> Sequence[Projection]:
    """Every projection of these organisations, by organisation and reference."""
    return _listed(_of(ids).order_by(Projection.organisation_name, Projection.reference), None)


def _of(ids: Collection[int]) -> sa.Select[Projection]:
    query = sa.select(Projection).where(Projection.organisation_id.in_(ids))
    return query.options(defer(Projection.lessons), defer(Projection.performance), defer(Projection.stages))


def _listed(query: sa.Select[Projection], limit: int | None) -> Sequence[Projection]:
    return db.session.scalars(query if limit is None else query.limit(limit + 1)).all()
