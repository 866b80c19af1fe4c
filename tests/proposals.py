"""Builders for intake: a proposed submission, walked there by the real operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance import clock
from governance.database import transaction
from governance.identity import queries as identity
from governance.intake import operations, queries, rules
from governance.intake.models import Submission
from governance.lifecycle import Stage
from governance.permissions import Role
from governance.policy import loader
from tests.world import World

TOOL = {
    "name": "Chestwise Triage",
    "manufacturer": "Northgate Imaging Ltd",
    "version": "2.3",
    "supplier": "Northgate Imaging Ltd",
    "kind": "imaging",
    "summary": "Finds chest X-rays that look urgent.",
}
USE_CASE = {
    "name": "Urgent chest X-rays first",
    "setting": "Radiology department",
    "pathway": "Suspected lung cancer",
    "population": "Adults referred by their GP",
    "purpose": "Puts chest X-rays that look urgent at the top of the reporting list. A radiologist reads every image.",
}
FACTS = {
    "kind": "imaging",
    "direct_care": "yes",
    "oversight": "each_output",
    "patient_facing": "no",
    "personal_data": "confidential",
    "device": "class_i",
    "generative": "no",
    "hosting": "supplier_uk",
    "people_a_year": "1000_to_100000",
    "vulnerable": "no",
    "changes_itself": "with_notice",
    "made_by": "supplier",
    "purpose": "care_or_operations",
}
LOW = FACTS | {
    "kind": "administrative", "direct_care": "no", "personal_data": "none", "device": "not_a_device",
    "hosting": "own_organisation",
}  # fmt: skip
HIGH = FACTS | {"device": "class_iia"}
"""Facts that give medium (FACTS), low and high tier."""


def drafted(
    world: World,
    code: str = "RTH01",
    *,
    lead: str | None = None,
    tool: Mapping[str, Any] = TOOL,
    use_case: Mapping[str, Any] = USE_CASE,
    facts: Mapping[str, str] = FACTS,
    stage: Stage = Stage.PILOT,
    same: str | None = None,
) -> Submission:
    """A complete draft, not yet proposed. Opens its own transactions. `lead`: whose digital lead acts."""
    at = clock.now()
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, lead or code, acting_in=code)
        submission = operations.start(by=by, at=at)
        alike = sorted(queries.alike(tool))
        pages: dict[str, Mapping[str, Any]] = {
            "tool": {**tool, "kind": facts["kind"]},
            "same": {
                "choice": same or (rules.DIFFERS if alike else rules.NO_MATCH),
                "shown": alike,
                "why": "Another one.",
            },
            "use_case": use_case,
            "where": {
                "site_ids": [site.id for site in identity.sites_of(by)][:1],
                "new_site": "" if identity.sites_of(by) else "The surgery",
                "controller_id": by.organisation_id,
                "stage": stage.value,
            },
            "triage": {key: value for key, value in facts.items() if key != "kind"},
        }
        for page, values in pages.items():
            operations.save_draft(
                submission=submission, page=page, values=values, version_id=submission.version_id, by=by, at=at
            )
    return submission


def proposed(
    world: World, code: str = "RTH01", *, lead: str | None = None, policy: str = loader.CURRENT, **draft: Any
) -> Submission:
    """A submission that is open, with its deployment in Pipeline. Takes what `drafted` takes.

    `policy`: the version that is current on the day it is proposed; the submission stays with it.
    """
    submission = drafted(world, code, lead=lead, **draft)
    today, loader.CURRENT = loader.CURRENT, policy
    try:
        with transaction():
            by = world.actor(Role.DIGITAL_LEAD, lead or code, acting_in=code)
            operations.propose(submission=submission, by=by, at=clock.now())
    finally:
        loader.CURRENT = today
    return submission
