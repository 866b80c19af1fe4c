"""Builders for what stands beside a hazard log: a workshop, what the supplier says, a safety case report. Real operations."""

from collections.abc import Callable
from datetime import date

from governance import clock
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries as log
from governance.assessment.safety_cases import operations, queries
from governance.assessment.safety_cases.models import SafetyCase
from governance.assessment.safety_cases.texts import TEXTS
from governance.assessment.workshops import operations as workshops
from governance.assessment.workshops.models import Workshop
from governance.database import transaction
from governance.extensions import house
from governance.permissions import Actor
from governance.register.models import Deployment
from governance.signing.models import SignOff
from tests.world import World

THERE = [("Clinical safety officer", "Dr A. Example"), ("Operations", ""), ("IT", "B. Placeholder")]


def held(deployment: Deployment, by: Actor, *, say: Callable[[str], str] = str) -> Workshop:
    """A workshop, inside a transaction."""
    at = clock.now()
    return workshops.record(
        deployment=deployment, held_on=clock.london_date(at), technique=say("SWIFT"), minutes=say("Twelve what-ifs, one new hazard."),
        attendance=[(say(role), say(name) if name else "") for role, name in THERE], by=by, at=at,
    )  # fmt: skip


def written(deployment: Deployment, by: Actor, *, phase: str = "deployment", say: Callable[[str], str] = str, seen: int | None = None, **texts: str) -> SafetyCase:
    """A revision that leaves nothing out, inside a transaction."""
    prose = {text.code: say(f"{text.title}: said in a sentence.") for text in TEXTS}
    return operations.write(
        deployment=deployment, phase=phase, texts=prose | texts, expected_revision=seen, by=by, at=clock.now()
    )


def approve(deployment: Deployment, case: SafetyCase, by: Actor) -> SignOff:
    """Both steps of the safety officer’s approval, inside a transaction."""
    at = clock.now()
    intent = operations.intend_approval(deployment=deployment, case=case, by=by, at=at)
    return operations.approve(deployment=deployment, case=case, intent=intent, keyring=house().keyring, by=by, at=at)


def kept(world: World, deployment: Deployment, say: Callable[[str], str] = str) -> SafetyCase:
    """A workshop, a hazard with the supplier’s words and a review, and an approved report of the log as it then stands."""
    cso, at = world.actor("cso", "RTH01"), clock.now()
    with transaction():
        held(deployment, cso, say=say)
        said = {"supplier_scheme": say("S1 to S4"), "supplier_initial": "S2", "supplier_status": "Done"}
        hazards.change_hazard(
            hazard=log.hazard(deployment, 1), texts=said | {"review_on": date(2027, 5, 3)}, version_id=None, by=cso, at=at
        )
        written(deployment, cso, say=say)
    found = queries.newest(deployment)
    assert found is not None
    return found
