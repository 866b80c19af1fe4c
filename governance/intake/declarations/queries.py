"""Finding declarations, and tools and deployments like the one declared."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from governance import clock
from governance.database import db
from governance.intake.declarations import rules
from governance.intake.declarations.models import Declaration
from governance.lifecycle import Standing
from governance.policy import Tier, policy
from governance.register import queries as register
from governance.register.models import Deployment


def declaration(deployment: Deployment) -> Declaration | None:
    """What was stated of a deployment when it was declared; None for one that was proposed."""
    return db.session.scalar(sa.select(Declaration).where(Declaration.deployment_id == deployment.id))


def alike(name: str, manufacturer: str) -> list[rules.Alike]:
    """Tools on the register that may be this one, the likeliest first."""
    return [
        rules.Alike(
            each.tool_id, each.name, each.manufacturer,
            rules.is_exact(name, manufacturer, each.name, each.manufacturer),
        )
        for each in register.matches(name, manufacturer)
    ]  # fmt: skip


def in_use_already(*, organisation_id: int, tool_id: int, use_case_id: int) -> list[str]:
    """References of an organisation's deployments of this tool for this use that have not ceased."""
    query = sa.select(Deployment.reference).where(
        Deployment.organisation_id == organisation_id,
        Deployment.tool_id == tool_id,
        Deployment.use_case_id == use_case_id,
        Deployment.standing != Standing.CEASED,
    )
    return list(db.session.scalars(query))


def interim_due(on: date) -> date:
    """The day by which an interim decision is due on what is declared today. Nobody knows its tier yet: the strictest counts."""
    return clock.add_working_days(on, policy().time("interim_working_days", Tier.HIGH) or 20)
