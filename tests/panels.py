"""Builders for panels and independent turns: a policy that asks for them, more people in a role, signing as one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from governance import clock
from governance.approval import operations, queries
from governance.approval.rules import NewCondition
from governance.database import db, transaction
from governance.extensions import house
from governance.identity import operations as identity
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import OPERATOR, Role
from governance.policy import additions
from governance.policy.schema import Act, Addition, Policy
from governance.signing.models import SignIntent, SignOff
from tests.world import password_hash

ADVICE = {Role.DPO: "content", Role.AI_LEAD: "advises_progress"}


def changed(policy: Policy, asked: dict[Role, dict[str, object]]) -> Policy:
    """A policy whose turns of some roles ask for more: {role: {"needs": 2, "independent": True}}."""
    agreements = tuple(
        each.model_copy(update={"turns": tuple(row.model_copy(update=asked.get(row.role, {})) for row in each.turns)})
        for each in policy.agreements
    )
    return policy.model_copy(update={"agreements": agreements})


def ask(monkeypatch: pytest.MonkeyPatch, asked: dict[Role, dict[str, object]]) -> None:
    """Let every submission be under such a policy."""
    real = intake.policy_of
    monkeypatch.setattr(intake, "policy_of", lambda submission: changed(real(submission), asked))


def add(monkeypatch: pytest.MonkeyPatch, *more: Addition) -> None:
    """Let every submission be held to additions of its organisation, merged as those that are pinned."""
    real = intake.policy_of
    monkeypatch.setattr(intake, "policy_of", lambda submission: additions.merged(real(submission), more))


def another(submission: Submission, role: Role, name: str) -> int:
    """One more person who holds a role at the trust. Opens its own transaction."""
    with transaction():
        person = identity.invite(
            email=f"{name.lower().replace(' ', '.')}@rth01.example", name=name, password_hash=password_hash(), by=OPERATOR, at=clock.now()
        )
        if role in (Role.CSO, Role.CLINICAL_LEAD):
            identity.record_registration(
                person=person, body="GMC", number="7654321", expires_on=date(2028, 1, 1), trained_on=date(2026, 1, 1), by=OPERATOR,
                at=clock.now(),
            )  # fmt: skip
        identity.appoint(
            person=person, organisation_id=submission.organisation_id, role=role, starts_on=date(2026, 1, 1),
            ends_on=date(2028, 1, 1), instrument="Letter", by=OPERATOR, at=clock.now(),
        )  # fmt: skip
        return person.id


def intend(
    submission: Submission, role: Role, person_id: int, outcome: str = "", reason: str = "",
    conditions: Sequence[NewCondition] = (),
) -> SignIntent:  # fmt: skip
    """Read what is new, then fix what is signed. Inside a transaction."""
    by = house().actor_for(person_id, "RTH01", clock.now())
    here = queries.position(submission, clock.today())
    assert here is not None
    for code in queries.unread(here, role, person_id):
        operations.read_section(submission=submission, code=code, by=by, at=clock.now())
    said = outcome or ADVICE.get(role) or ("authorise" if here.line(role).turn.act is Act.AUTHORISE else "approve")
    return operations.intend(
        submission=submission, role=role, outcome=said, reason=reason, conditions=conditions, confirms_unchanged=True, by=by,
        at=clock.now(),
    )  # fmt: skip


def sign(submission: Submission, role: Role, person_id: int, outcome: str = "", **said: object) -> SignOff:
    """Both steps as one person. Opens its own transaction."""
    with transaction():
        intent = intend(submission, role, person_id, outcome, **said)  # type: ignore[arg-type]
        return seal(submission, intent.id, person_id)


def seal(submission: Submission, intent_id: int, person_id: int) -> SignOff:
    """The second step as one person. Inside a transaction."""
    return operations.carry_out(
        submission=submission, intent=db.session.get_one(SignIntent, intent_id), keyring=house().keyring,
        by=house().actor_for(person_id, "RTH01", clock.now()), at=clock.now(),
    )  # fmt: skip
