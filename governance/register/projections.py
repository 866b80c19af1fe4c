"""What partners and the public may see of a deployment: one row, computed anew by every operation that changes any of it.

Later rooms hand in their part through `projected`, filled once when the application is made; so there is one writer, and
nothing goes stale because somebody did not pass a fact on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from governance.clock import london_date
from governance.database import db
from governance.identity.models import Organisation
from governance.register.models import Deployment, DeploymentChange, DeploymentSite, Projection

_waiting: ContextVar[dict[int, tuple[Deployment, datetime, dict[str, Any]]] | None] = ContextVar("projections", default=None)

projected: list[Callable[[Deployment], Mapping[str, Any]]] = []
"""Each gives values of columns of `Projection`, read from what its room holds about the deployment."""


def facts_of(deployment: Deployment) -> dict[str, Any]:
    """Every column of the projection but its key and the moment, computed from scratch."""
    sites = sa.select(sa.func.count()).where(DeploymentSite.deployment_id == deployment.id)
    facts: dict[str, Any] = {
        "organisation_id": deployment.organisation_id,
        "organisation_name": db.session.get_one(Organisation, deployment.organisation_id).name,
        "reference": deployment.reference,
        "tool_id": deployment.tool.id,
        "tool_name": deployment.tool.name,
        "manufacturer_name": deployment.tool.manufacturer.name,
        "supplier_name": deployment.supplier.name,
        "kind": deployment.tool.kind,
        "version": (deployment.approved_version or deployment.tool_version).version,
        "use_case_id": deployment.use_case.id,
        "use_case": deployment.use_case.name,
        "purpose": deployment.purpose,
        "tier": deployment.tier,
        "stage": deployment.stage,
        "stage_since": deployment.stage_since,
        "stages": _stages(deployment),
        "standing": deployment.standing,
        "standing_since": deployment.standing_since,
        "decision_needed_by": deployment.decision_needed_by,
        "approved_until": deployment.approved_until,
        "site_count": db.session.scalar(sites) or 0,
    }
    for part in projected:
        facts |= part(deployment)
    return facts


def _stages(deployment: Deployment) -> list[list[str]]:
    """Each stage with the day it was first come to, in that order."""
    query = sa.select(DeploymentChange).where(DeploymentChange.deployment_id == deployment.id)
    found: dict[str, str] = {}
    for change in db.session.scalars(query.order_by(DeploymentChange.id)):
        if change.stage_to != change.stage_from:
            found.setdefault(change.stage_to.value, london_date(change.at).isoformat())
    return [[stage, on] for stage, on in found.items()]


@contextmanager
def once_at_the_end() -> Iterator[None]:
    """Put off what is projected meanwhile and project each deployment once, with the last of its facts: for many at a time."""
    waiting: dict[int, tuple[Deployment, datetime, dict[str, Any]]] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for deployment, at, facts in waiting.values():
        project(deployment=deployment, at=at, **facts)


def project(*, deployment: Deployment, at: datetime, **facts: Any) -> Projection | None:
    """Rewrite what partners may see of a deployment. `facts` stand over what the rooms say of the same columns."""
    db.session.flush()
    if (waiting := _waiting.get()) is not None:
        before = waiting.get(deployment.id, (deployment, at, {}))[2]
        waiting[deployment.id] = (deployment, at, before | facts)
        return None
    found = facts_of(deployment) | facts | {"updated_at": at}
    unknown = found.keys() - set(Projection.__table__.columns.keys())
    if unknown:
        raise TypeError(f"a projection has no {', '.join(sorted(unknown))}")
    seen = db.session.get(Projection, deployment.id)
    if seen is None:
        seen = Projection(deployment_id=deployment.id)
        db.session.add(seen)
    for column, value in found.items():
        setattr(seen, column, value)
    db.session.flush()
    return seen
