"""Builders for clinical safety: a deployment at the trust, its plan approved, its hazards scored. Real operations only.

All but `deploy` are called inside a transaction; each gives back what it made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import versions
from governance.assessment.hazards.models import Hazard, HazardLogVersion
from governance.assessment.plans import operations as plans
from governance.assessment.plans import texts
from governance.assessment.plans.models import RiskPlan
from governance.database import db, transaction
from governance.extensions import house
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.register.models import Deployment
from governance.signing.models import SignOff
from tests import proposals
from tests.world import World

PLAN = {text.code: f"{text.title}: said in a sentence." for text in texts.RISK_PLAN_TEXTS} | {"review_on": "2027-11-01"}
MATRIX = "dcb0129-ig-3.2"


def deploy(world: World, *, code: str = "RTH01", tool: str = "Chestwise Triage") -> Submission:
    """A proposed submission, with clinical lead and senior responsible owner appointed. Opens its own transactions."""
    submission = proposals.proposed(world, code, tool=proposals.TOOL | {"name": tool})
    with transaction():
        world.appoint_for(submission.deployment.id, code)
    return submission


def write_plan(
    deployment: Deployment, by: Actor, *, at: datetime | None = None, seen: int | None = None, **changed: str
) -> RiskPlan:
    """A revision of a plan that leaves nothing out."""
    return plans.write_risk_plan(
        deployment=deployment,
        content=PLAN | changed,
        matrix_version=MATRIX,
        expected_revision=seen,
        by=by,
        at=at or clock.now(),
    )


def approve_plan(deployment: Deployment, plan: RiskPlan, by: Actor, *, at: datetime | None = None) -> SignOff:
    """Both steps of the CSO's approval."""
    at = at or clock.now()
    intent = plans.intend_plan_approval(deployment=deployment, plan=plan, by=by, at=at)
    return plans.approve_risk_plan(
        deployment=deployment, plan=plan, intent=intent, keyring=house().keyring, by=by, at=at
    )


def approve_version(deployment: Deployment, version: HazardLogVersion, by: Actor) -> SignOff:
    """Both steps of the CSO's approval of a log version."""
    at = clock.now()
    intent = versions.intend_approval(deployment=deployment, version=version, by=by, at=at)
    return versions.approve_version(
        deployment=deployment, version=version, intent=intent, keyring=house().keyring, by=by, at=at
    )


def scored_hazard(
    deployment: Deployment,
    by: Actor,
    *,
    name: str = "Urgent finding missed",
    initial: tuple[str, str] = ("major", "high"),
    residual: tuple[str, str] | None = ("major", "low"),
    patients: str = "single",
    reason: str = "",
) -> Hazard:
    """A hazard with one design control, scored before and with it. `reason` records why more control is impractical."""
    at = clock.now()
    hazard = hazards.add_hazard(deployment=deployment, name=name, by=by, at=at)
    hazards.score(
        hazard=hazard, which="initial", severity=initial[0], likelihood=initial[1], patients=patients, version_id=None,
        by=by, at=at,
    )  # fmt: skip
    hazards.add_control(
        hazard=hazard, kind="design", description="Second read within 24 hours", version_id=None, by=by, at=at
    )
    if residual is not None:
        hazards.score(
            hazard=hazard, which="residual", severity=residual[0], likelihood=residual[1], patients=patients,
            version_id=None, by=by, at=at,
        )  # fmt: skip
    if reason:
        hazards.accept(hazard=hazard, acceptance="impractical", reason=reason, version_id=None, by=by, at=at)
    return hazard


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    told: list[str] = []

    def note(*facts: Any) -> None:
        told.append(facts[2])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def expired() -> date:
    """A day before the small world's today."""
    return date(2026, 10, 31)
