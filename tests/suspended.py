"""Builders for suspending and resuming: real operations, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable

from governance import clock
from governance.assessment.hazards import versions
from governance.database import db, transaction
from governance.extensions import house
from governance.lifecycle import SubmissionKind
from governance.monitoring.endings import operations as endings
from governance.monitoring.endings.rules import NewTask
from governance.monitoring.suspensions import operations, queries, resuming
from governance.monitoring.suspensions.models import Suspension
from governance.permissions import Role
from governance.register.models import Deployment
from governance.signing.models import SignOff
from tests import asking, declared, safety
from tests.world import World

REASON = "Two urgent findings were missed in one week."
FALLBACK = "Report every image in the order it was taken."


def suspend(world: World, deployment: Deployment, role: Role = Role.CSO, code: str = "RTH01", **said: object) -> Suspension:
    """Both steps of one person."""
    with transaction():
        by = world.actor(role, code)
        words = {"reason": REASON, "fallback": FALLBACK} | said
        intent = operations.intend_suspension(deployment=deployment, by=by, at=clock.now(), **words)  # type: ignore[arg-type]
        return operations.suspend(deployment=deployment, intent=intent, keyring=house().keyring, by=by, at=clock.now())


def new_log(world: World, deployment: Deployment, code: str = "RTH01", *, name: str = "List not loaded") -> None:
    """A hazard more, and a version of the log that the safety officer approved."""
    with transaction():
        lead, cso = world.actor(Role.DIGITAL_LEAD, code), world.actor(Role.CSO, code)
        safety.scored_hazard(deployment, lead, name=name, reason="The list is read by hand.")
        version = versions.make_version(deployment=deployment, by=lead, at=clock.now())
        safety.approve_version(deployment, version, cso)


def sign(
    world: World, deployment: Deployment, role: Role, code: str = "RTH01", *, reason: str = "The supplier mended it."
) -> SignOff:
    """Both steps of one of the two who resume."""
    with transaction():
        by, last = world.actor(role, code), queries.current(deployment)
        assert last is not None
        intent = resuming.intend(
            deployment=deployment, suspension=last, role=role, reason=reason, by=by, at=clock.now()
        )
        return resuming.sign(
            deployment=deployment, suspension=last, intent=intent, keyring=house().keyring, by=by, at=clock.now()
        )


def resume(world: World, deployment: Deployment, code: str = "RTH01") -> None:
    """The officer, then the executive."""
    sign(world, deployment, Role.CSO, code)
    sign(world, deployment, Role.AUTHORISING_EXECUTIVE, code)


def kept(world: World, say: Callable[[str], str] = str) -> Deployment:
    """For the sweep: a declared tool that a board asked about, suspended since, and whose use is asked to cease.

    `say` makes what is typed of a text.
    """
    row = declared.declare(world, tool_name="Letterwise", manufacturer="Letterwise Ltd", stage="pilot")
    deployment = db.session.get_one(Deployment, row.deployment_id)
    with transaction():
        operations.ask_to_suspend(
            seen=queries.seen(deployment.reference), reason=say("Letters went astray with us."),
            by=world.actor(Role.AI_LEAD, "QKK"), at=clock.now(),
        )  # fmt: skip
    suspend(world, deployment, reason=say(REASON), fallback=say(FALLBACK))
    asking.proposed(world, deployment, SubmissionKind.CEASE, reason=say("Its contract ends."))
    with transaction():
        by, at = world.actor(Role.DIGITAL_LEAD, "RTH01"), clock.now()
        endings.take_starters(deployment=deployment, by=by, at=at)
        other = NewTask("other", say("Thank the staff"), Role.SRO, clock.today())
        row_of = endings.add_task(deployment=deployment, task=other, by=by, at=at)
        endings.finish_task(
            deployment=deployment, row=row_of, done_on=clock.today(), note=say("Done at noon"), version_id=row_of.version_id,
            by=by, at=at,
        )  # fmt: skip
        endings.record_lesson(deployment=deployment, text=say("Agree who checks letters."), by=by, at=at)
    return deployment
