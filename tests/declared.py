"""Builders for what is in use already: a declaration and the interim decision on it, walked there by the real operations."""

from __future__ import annotations

from datetime import date
from typing import Any

from governance import clock
from governance.approval.interim import operations as interim
from governance.approval.interim.rules import Said
from governance.database import db, transaction
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake.declarations import operations
from governance.intake.declarations.models import Declaration
from governance.permissions import Role
from governance.register.models import Deployment
from governance.signing.models import SignOff
from tests.world import PASSWORD, World

__all__ = ["PASSWORD"]

SAID: dict[str, Any] = {
    "tool_name": "Scribeline",
    "manufacturer": "Scribeline Ltd",
    "version": "3.1",
    "kind": "ambient_scribe",
    "purpose": "Writes draft notes of consultations. The clinician checks and signs each note.",
    "stage": "business_as_usual",
    "in_use_since": "spring 2024",
    "direct_care": "yes",
    "personal_data": "confidential",
}


def declare(world: World, code: str = "RTH01", *, lead: str | None = None, **changed: Any) -> Declaration:
    """A declared tool, by the organisation's digital lead or, with `lead`, another's who acts for it. Own transaction."""
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, lead or code, acting_in=code)
        sites = {"site_ids": [site.id for site in identity.sites_of(by)][:1]}
        return operations.declare(**SAID | sites | changed, by=by, at=clock.now())


GOES_ON = Said("continue", "Every note is checked and signed.", submission_due_on=date(2027, 2, 1))
STOPS = Said("stop", "Notes were sent to the wrong record.", fallback="Type notes by hand.")


def signed(
    world: World, row: Declaration, role: Role, said: Said, *, person: Role | None = None, code: str = "RTH01", of: str = ""
) -> SignOff:
    """Both steps of one of the two, in two transactions. `person`: whose hands; `of`: from which organisation they come."""
    with transaction():
        by = world.actor(person or role, of or code, acting_in=code)
        deployment = db.session.get_one(Deployment, row.deployment_id)
        intent = interim.intend(deployment=deployment, role=role, said=said, by=by, at=clock.now())
    with transaction():
        deployment = db.session.get_one(Deployment, row.deployment_id)
        return interim.carry_out(deployment=deployment, intent=intent, keyring=house().keyring, by=by, at=clock.now())


def decide(
    world: World, row: Declaration, said: Said, *, recommends: Said | None = None, code: str = "RTH01", of: str = ""
) -> None:
    """The safety officer, then the executive."""
    signed(world, row, Role.CSO, recommends or said, code=code, of=of)
    signed(world, row, Role.AUTHORISING_EXECUTIVE, said, code=code, of=of)
