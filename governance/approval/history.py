"""What was signed on a submission and who stepped back from it: its history, handed to its page and its packs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from governance.approval import blind, queries, seats
from governance.approval.words import done as called
from governance.assessment.packs.asked import asked_of
from governance.assessment.packs.models import AssurancePack
from governance.assessment.packs.slots import Step
from governance.database import db
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Role
from governance.policy import rules as policy
from governance.policy.schema import Act
from governance.signing.models import SignOff

LATER = "signed, shown when all are in"


def steps(submission: Submission) -> Sequence[Step]:
    """Signatures and advice in every round, each seat of a panel by its number, and recusals; oldest first."""
    if submission.deployment is None:
        return ()
    return sorted((*_signed(submission), *_stepped_back(submission)), key=lambda each: each.at)


def _signed(submission: Submission) -> Iterator[Step]:
    rows = db.session.execute(
        sa.select(SignOff, AssurancePack.round)
        .join(AssurancePack, AssurancePack.id == SignOff.subject_id)
        .where(
            SignOff.subject_kind == seats.PACK, AssurancePack.submission_id == submission.id,
            SignOff.act.not_like("defer-%"), SignOff.act != Act.AUTHORISE.value,
        )
        .order_by(SignOff.id)
    ).all()  # fmt: skip
    if not rows:
        return
    of, unseen = needs(submission), blind.unseen(submission.deployment) if submission.deployment else frozenset()
    for row, number in rows:
        said = LATER if row.id in unseen else called(row.outcome)
        seat = row.act.partition("-")[2] or "1"
        panel = f", {seat} of {of[row.role]} {row.role.title}s" if of.get(row.role, 1) > 1 else ""
        yield Step(row.signed_at, f"{row.role.heading}: {said[0].lower()}{said[1:]}{panel}", row.person_name, number)


def needs(submission: Submission) -> dict[Role, int]:
    """How many of each role must agree; asked only where some row of the policy wants a panel."""
    if not policy.may_be_panel(intake.policy_of(submission)):
        return {}
    return {turn.role: turn.needs for turn in queries.turns_of(asked_of(submission))}


def _stepped_back(submission: Submission) -> Iterator[Step]:
    for row, name in seats.recusals(submission):
        yield Step(row.declared_at, "Stepped back because of a conflict of interest", f"{name}. {row.reason}")
