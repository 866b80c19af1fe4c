"""Builders for the next request about a deployment: asked, assessed, agreed. Real operations, each in a transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from governance import clock
from governance.assessment.packs import queries as packs
from governance.database import transaction
from governance.intake import operations, queries
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.monitoring.endings import operations as endings
from governance.monitoring.endings import queries as ending
from governance.permissions import Role
from governance.register.models import Deployment
from tests import agreed, assessed, proposals
from tests.world import World

K = SubmissionKind


def drafted(
    world: World, deployment: Deployment, kind: SubmissionKind, *, stage: Stage | None = None, version: str = "",
    reason: str = "", code: str = "RTH01",
) -> Submission:  # fmt: skip
    """A complete draft of the next request."""
    with transaction():
        by, at = world.actor(Role.DIGITAL_LEAD, code), clock.now()
        submission = operations.start(by=by, at=at, deployment=deployment)
        asked = {
            "kind": kind.value, "stage": (stage or deployment.stage).value,
            "version": version or deployment.tool_version.version, "reason": reason,
        }  # fmt: skip
        earlier = queries.of_deployment(deployment)[1:]
        facts = queries.facts(earlier[0]) if earlier else proposals.FACTS
        for page, values in (("ask", asked), ("triage", facts)):
            operations.save_draft(
                submission=submission, page=page, values=values, version_id=submission.version_id, by=by, at=at
            )
    return submission


def proposed(world: World, deployment: Deployment, kind: SubmissionKind, **said: Any) -> Submission:
    """The same, open."""
    submission = drafted(world, deployment, kind, **said)
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, said.get("code", "RTH01"))
        operations.propose(submission=submission, by=by, at=clock.now())
    return submission


def shown(world: World, submission: Submission, code: str = "RTH01") -> None:
    """Give what is still missing: sheets and documents, an ending’s tasks and lesson, and each judgement not given yet."""
    on = clock.today()
    with transaction():
        now, lead = packs.position(submission), world.actor(Role.DIGITAL_LEAD, code)
        for set_code, requirement in now.asked.sheets.items():
            assessed.answer_sheet(submission, set_code, requirement, now.asked, lead)
        for requirement in now.asked.requirements:
            row = requirement.question_set
            if requirement.document is not None and row not in now.live.documents:
                assessed.document(submission, requirement, lead)
        if submission.kind is K.CEASE and not ending.tasks(submission.deployment):
            endings.take_starters(deployment=submission.deployment, by=lead, at=clock.now())
            endings.record_lesson(
                deployment=submission.deployment, text="Agree the figures before the pilot.", by=lead, at=clock.now()
            )
    with transaction():
        position = packs.position(submission)
        given = {each.code for each in position.sections if each.outcome}
        assessed.judge(world, submission, code, without=given)
    assert packs.stopping(submission, on) == [], packs.stopping(submission, on)


def submitted(world: World, deployment: Deployment, kind: SubmissionKind, code: str = "RTH01", **said: Any) -> Submission:
    """With its signers."""
    submission = proposed(world, deployment, kind, **said)
    shown(world, submission, code)
    with transaction():
        assessed.submit(world, submission, code)
    return submission


def agree(world: World, submission: Submission, *, until: date | None = None) -> None:
    """Let everybody agree; the AI lead of a cease advises to cease."""
    for role in agreed.roles_in_order(submission):
        ceases = role is Role.AI_LEAD and submission.kind is K.CEASE
        agreed.sign(world, submission, role, outcome="advises_cease" if ceases else "")


def authorised(world: World, deployment: Deployment, kind: SubmissionKind, **said: Any) -> Submission:
    """Asked, assessed and agreed."""
    submission = submitted(world, deployment, kind, **said)
    agree(world, submission)
    return submission
