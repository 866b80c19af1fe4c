"""Finding registers that were brought in or are about to be, and what their rows are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from governance.database import db
from governance.errors import NotVisible
from governance.identity import queries as identity
from governance.intake.declarations import queries
from governance.intake.declarations.models import RegisterImport
from governance.intake.declarations.sheet_check import Place, Register
from governance.jobs.models import Job
from governance.lifecycle import Standing
from governance.permissions import Actor
from governance.register.matching import Candidate
from governance.register.models import Deployment, Manufacturer, Tool, UseCase

PAGE = 20
KIND = "register_import"
"""Of the job that brings many rows in."""


def register_import(import_id: int, by: Actor) -> RegisterImport:
    """One import of the actor's own organisation. Raises NotVisible."""
    found = db.session.scalar(
        sa.select(RegisterImport).where(RegisterImport.id == import_id, RegisterImport.organisation_id.in_(by.scope))
    )
    if found is None:
        raise NotVisible()
    return found


def listed(by: Actor, *, before: int | None = None) -> Sequence[RegisterImport]:
    """Own imports, the newest first: one more than a page, so that the page knows there are more."""
    query = sa.select(RegisterImport).where(RegisterImport.organisation_id.in_(by.scope))
    if before is not None:
        query = query.where(RegisterImport.id < before)
    # the account is as long as the file and not shown here
    query = query.options(sa.orm.defer(RegisterImport.account), sa.orm.defer(RegisterImport.headings))
    return db.session.scalars(query.order_by(RegisterImport.id.desc()).limit(PAGE + 1)).all()


def mapping_before(headings_digest: str, by: Actor) -> Mapping[str, Any] | None:
    """The mapping last set by the actor's organisation for the same headings."""
    query = sa.select(RegisterImport.mapping).where(
        RegisterImport.organisation_id == by.organisation_id,
        RegisterImport.headings_digest == headings_digest,
        RegisterImport.status.in_(("mapped", "brought_in")),
    )
    found: Mapping[str, Any] | None = db.session.scalar(query.order_by(RegisterImport.id.desc()).limit(1))
    return found


def job_of(row: RegisterImport) -> Job | None:
    """The newest job that brings this import in."""
    return db.session.scalar(
        sa.select(Job).where(Job.kind == KIND, Job.key.startswith(f"{KIND}:{row.id}:")).order_by(Job.id.desc()).limit(1)
    )


def places(by: Actor) -> list[Place]:
    """The actor's organisation, then those that let it declare for them by agreement."""
    assert by.organisation_id is not None
    own = Place(
        by.organisation_id, by.organisation_code, identity.organisation_name(by.organisation_id), len(identity.sites_of(by))
    )
    return [own, *(Place(each.id, each.code, each.name, len(each.sites)) for each in queries.practices(by))]


def acts_for_others(by: Actor) -> bool:
    """Whether a register may name organisations besides the actor's own."""
    return bool(queries.practices(by))


def register_of(places: Sequence[Place]) -> Register:
    """Every tool there is, and what is in use in these organisations. Two queries, whatever there is."""
    tools = sa.select(Tool.id, Tool.name, Manufacturer.name).join(Manufacturer, Manufacturer.id == Tool.manufacturer_id)
    uses = (
        sa.select(Deployment.organisation_id, Deployment.tool_id, UseCase.name_key, Deployment.reference)
        .join(UseCase, UseCase.id == Deployment.use_case_id)
        .where(
            Deployment.organisation_id.in_([place.id for place in places]),
            Deployment.standing != Standing.CEASED,
        )
    )
    return Register(
        tools=tuple(Candidate(*row) for row in db.session.execute(tools.order_by(Tool.id))),
        uses={(row[0], row[1], row[2]): row[3] for row in db.session.execute(uses.order_by(Deployment.id.desc()))},
    )
