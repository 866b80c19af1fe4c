"""Finding hazard logs that were brought in or are about to be, and what their rows are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from governance.assessment.hazards import queries as hazards
from governance.assessment.hazards.exchange.check import Log
from governance.assessment.hazards.models import Hazard, HazardImport
from governance.assessment.plans import queries as plans
from governance.assessment.plans import rules as plan_rules
from governance.database import db
from governance.errors import NotVisible
from governance.jobs.models import Job
from governance.permissions import Actor, Permission
from governance.register.models import Deployment

KIND = "hazard_import"
"""Of the job that brings many rows in."""
SHOWN = 50


def hazard_import(deployment: Deployment, import_id: int) -> HazardImport:
    """One import of a deployment. Raises NotVisible."""
    query = sa.select(HazardImport).where(HazardImport.id == import_id, HazardImport.deployment_id == deployment.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def listed(deployment: Deployment) -> Sequence[HazardImport]:
    """The newest imports of a deployment, without what became of their rows."""
    query = sa.select(HazardImport).where(HazardImport.deployment_id == deployment.id).order_by(HazardImport.id.desc())
    query = query.options(sa.orm.defer(HazardImport.account), sa.orm.defer(HazardImport.headings))
    return db.session.scalars(query.limit(SHOWN)).all()


def mapping_before(headings_digest: str, by: Actor) -> Mapping[str, Any] | None:
    """The mapping last set by the actor's organisation for the same headings, whatever the deployment."""
    query = sa.select(HazardImport.mapping).where(
        HazardImport.organisation_id == by.organisation_id,
        HazardImport.headings_digest == headings_digest,
        HazardImport.status.in_(("mapped", "brought_in")),
    )
    found: Mapping[str, Any] | None = db.session.scalar(query.order_by(HazardImport.id.desc()).limit(1))
    return found


def job_of(row: HazardImport) -> Job | None:
    """The newest job that brings this import in."""
    query = sa.select(Job).where(Job.kind == KIND, Job.key.startswith(f"{KIND}:{row.id}:"))
    return db.session.scalar(query.order_by(Job.id.desc()).limit(1))


def unscored_because(deployment: Deployment, by: Actor) -> tuple[str, ...]:
    """Why scores of a file are not brought in: the plan is not approved, or the actor may not score. Empty: they are."""
    plan = plans.risk_plan(deployment)
    approved = plan is not None and plans.approval_of(plan) is not None
    found = [each.sentence for each in plan_rules.score_blockers(plan.revision if plan else None, approved=approved)]
    if not by.may(Permission.SCORE_HAZARD, deployment_id=deployment.id):
        found.append("You may not score hazards of this tool.")
    return tuple(found)


def log_of(deployment: Deployment, filename: str, by: Actor) -> Log:
    """What the rows of a file are compared with: the log as it stands, and the matrix its plan adopts."""
    query = sa.select(Hazard.number, Hazard.name).where(Hazard.deployment_id == deployment.id).order_by(Hazard.number)
    names = {number: name for number, name in db.session.execute(query)}  # noqa: C416  rows, not pairs, to the type checker
    scoring = not unscored_because(deployment, by)
    matrix = plans.adopted_matrix(plans.risk_plan(deployment))
    return Log(names, hazards.last_number(deployment), matrix, scoring, filename)
