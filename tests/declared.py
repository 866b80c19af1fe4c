"""Builders for what is in use already: a declaration, walked there by the real operations."""

from __future__ import annotations

from typing import Any

from governance import clock
from governance.database import transaction
from governance.identity import queries as identity
from governance.intake.declarations import operations
from governance.intake.declarations.models import Declaration
from governance.permissions import Role
from tests.world import World

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
