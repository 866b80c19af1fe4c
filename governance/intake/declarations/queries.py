"""Finding declarations, and tools and deployments like the one declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from governance import clock
from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Agreement, Organisation, Site
from governance.intake.declarations import rules
from governance.intake.declarations.models import Declaration
from governance.lifecycle import Standing
from governance.permissions import Actor, Role
from governance.policy import Tier, policy
from governance.register import queries as register
from governance.register.models import Deployment


def declaration(deployment: Deployment) -> Declaration | None:
    """What was stated of a deployment when it was declared; None for one that was proposed."""
    return db.session.scalar(sa.select(Declaration).where(Declaration.deployment_id == deployment.id))


def own(deployment: Deployment) -> Declaration:
    """The declaration of a deployment found with an actor. Raises NotVisible for one that was proposed."""
    row = declaration(deployment)
    if row is None:
        raise NotVisible()
    return row


def facts(deployment: Deployment) -> dict[str, str]:
    """The triage facts stated when it was declared; none for one that was proposed."""
    row = declaration(deployment)
    return {name: str(value) for name, value in row.facts.items()} if row else {}


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


@dataclass(frozen=True, slots=True)
class Practice:
    """An organisation that lets another's digital lead act in it, with its open sites as (id, name)."""

    id: int
    code: str
    name: str
    sites: tuple[tuple[int, str], ...]


def practices(by: Actor) -> list[Practice]:
    """Where this person may declare for others: organisations whose agreements lend their digital lead to the actor's own."""
    own = [held for held in by.current if held.role is Role.DIGITAL_LEAD and held.agreement_id is None]
    if not own:
        return []
    query = sa.select(Organisation, Agreement.roles).join(Agreement, Agreement.organisation_id == Organisation.id)
    query = query.where(
        Agreement.acting_id == by.organisation_id,
        Agreement.starts_on <= by.on,
        Agreement.ends_on >= by.on,
        sa.or_(Agreement.ended_on.is_(None), Agreement.ended_on > by.on),
        Organisation.ended_on.is_(None),
    )
    found = {
        row.id: row for row, roles in db.session.execute(query.order_by(Organisation.name)) if Role.DIGITAL_LEAD in roles
    }
    sites: dict[int, list[tuple[int, str]]] = {ident: [] for ident in found}
    there = sa.select(Site).where(Site.organisation_id.in_(found), Site.ended_on.is_(None)).order_by(Site.name)
    for site in db.session.scalars(there):
        sites[site.organisation_id].append((site.id, site.name))
    return [Practice(row.id, row.code, row.name, tuple(sites[row.id])) for row in found.values()]


def made_together(declaration_id: int, by: Actor) -> list[tuple[Declaration, Deployment, str]]:
    """Everything a person declared in one go with this declaration, each with its organisation's code. Raises NotVisible.

    Only what is in organisations where they may still act.
    """
    first = db.session.get(Declaration, declaration_id)
    where = {each.id: each.code for each in practices(by)}
    if first is None or first.declared_by != by.person_id or first.organisation_id not in where:
        raise NotVisible()
    query = sa.select(Declaration, Deployment).join(Deployment, Deployment.id == Declaration.deployment_id)
    query = query.where(
        Declaration.declared_by == by.person_id,
        Declaration.declared_at == first.declared_at,
        Declaration.organisation_id.in_(where),
    ).options(joinedload(Deployment.organisation), joinedload(Deployment.tool))
    rows = db.session.execute(query.order_by(Declaration.id)).all()
    return [(row, deployment, where[row.organisation_id]) for row, deployment in rows]
