"""What the trust asks beyond policy in tests: one addition of each kind, recorded by its administrator."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from governance import clock
from governance.database import transaction
from governance.intake.additions import operations
from governance.intake.models import PolicyAddition
from governance.permissions import Role
from tests.world import World

NICE = "requirement", {"question_set": "nice", "depth": "full", "stages": ["pilot"]}
ADVISER = "signer", {"role": "ai_lead", "stages": ["pilot"], "when": ["direct_care"]}
PANEL = "panel", {"role": "cso", "needs": 2, "stages": ["pilot"]}
BLIND = "independent", {"stages": ["pilot"]}


def add(
    world: World,
    what: tuple[str, Mapping[str, Any]],
    code: str = "RTH01",
    *,
    starts_on: date | None = None,
    instrument: str = "AI board, minute 7 of 3 October 2026",
    reason: str = "Two near misses.",
) -> PolicyAddition:
    """Record an addition, from today unless told otherwise. Opens its own transaction."""
    at = clock.now()
    with transaction():
        by = world.actor(Role.ORGANISATION_ADMINISTRATOR, code)
        return operations.add(
            kind=what[0], what=what[1], instrument=instrument, reason=reason,
            starts_on=starts_on or clock.london_date(at), by=by, at=at,
        )  # fmt: skip


def end(world: World, row: PolicyAddition, on: date, code: str = "RTH01") -> None:
    """End an addition from a day."""
    with transaction():
        by = world.actor(Role.ORGANISATION_ADMINISTRATOR, code)
        operations.end(addition=row, ended_on=on, version_id=row.version_id, by=by, at=clock.now())
