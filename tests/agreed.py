"""Builders for approval: signing, advising and authorising by real operations, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from governance import clock
from governance.approval import operations, queries
from governance.approval.rules import NewCondition
from governance.database import transaction
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake.models import Submission
from governance.permissions import Role
from governance.policy.schema import Act
from governance.signing.models import SignIntent, SignOff
from tests import assessed
from tests.world import World

YES = {Act.SIGN: "approve", Act.AUTHORISE: "authorise"}
ADVICE = {Role.DPO: "content", Role.AI_LEAD: "advises_progress"}


def intend(
    world: World,
    submission: Submission,
    role: Role,
    *,
    outcome: str = "",
    reason: str = "",
    conditions: Sequence[NewCondition] = (),
    until: date | None = None,
) -> SignIntent:
    """Read what is new, then fix what is signed. Inside a transaction."""
    by = world.actor(role, code_of(submission))
    here = queries.position(submission, clock.today())
    assert here is not None
    if any(turn.role is role for turn in here.turns):
        for code in queries.unread(here, role, by.person_id):
            operations.read_section(submission=submission, code=code, by=by, at=clock.now())
        outcome = outcome or ADVICE.get(role) or YES[here.line(role).turn.act]
    return operations.intend(
        submission=submission, role=role, outcome=outcome or "approve", reason=reason, conditions=conditions, until=until,
        confirms_unchanged=True, by=by, at=clock.now(),
    )  # fmt: skip


def sign(world: World, submission: Submission, role: Role, **said: object) -> SignOff:
    """Both steps. Opens its own transaction."""
    with transaction():
        intent = intend(world, submission, role, **said)  # type: ignore[arg-type]
        return operations.carry_out(
            submission=submission, intent=intent, keyring=house().keyring,
            by=world.actor(role, code_of(submission)), at=clock.now(),
        )  # fmt: skip


def roles_in_order(submission: Submission) -> list[Role]:
    """Everybody who must agree, in policy's order."""
    here = queries.position(submission, clock.today())
    assert here is not None
    return [turn.role for turn in here.turns]


def signed_up_to(world: World, submission: Submission, role: Role) -> None:
    """Let everybody before a role agree."""
    for each in roles_in_order(submission):
        if each is role:
            return
        sign(world, submission, each)


def agree(world: World, submission: Submission, *, conditions: Sequence[NewCondition] = ()) -> None:
    """Let everybody agree. `conditions` are the authoriser's."""
    roles = roles_in_order(submission)
    for role in roles[:-1]:
        sign(world, submission, role)
    if conditions:
        sign(world, submission, roles[-1], outcome="authorise_with_conditions", conditions=conditions)
    else:
        sign(world, submission, roles[-1])


def authorised(world: World, code: str = "RTH01", *, conditions: Sequence[NewCondition] = (), **draft: object) -> Submission:
    """A submission that was submitted, agreed and authorised."""
    submission = assessed.submitted(world, code, **draft)
    agree(world, submission, conditions=conditions)
    return submission


def code_of(submission: Submission) -> str:
    """The code of the organisation that deploys."""
    return identity.organisation(submission.organisation_id).code
