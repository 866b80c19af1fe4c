"""What nobody is shown yet: outcomes of independent turns before all of them are in.

The pages of a round read turns with their outcomes taken out (`rules.states`). This is for those that read sealed rows and
events: the page of one signature, the trail, reports. What else follows from such an outcome is written when all are in.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from governance.approval import queries, rounds, rules, seats
from governance.assessment.packs import queries as packing
from governance.assessment.packs.asked import Asked, asked_of
from governance.database import db
from governance.intake import queries as intake
from governance.intake.models import PolicyMove, Submission
from governance.lifecycle import OPEN_STATUSES
from governance.policy import rules as policy
from governance.policy.rules import Turn
from governance.register.models import Deployment


def unseen(deployment: Deployment) -> frozenset[int]:
    """Ids of sign-offs on a deployment's open submissions whose outcome nobody is shown: independent ones not all in.

    A round that the digital lead took back stays so until one after it is complete or the submission is closed, whatever
    policy and triage have come to say since: whoever signed was promised it.
    """
    moved = sa.exists().where(PolicyMove.submission_id == Submission.id)
    query = sa.select(Submission, moved).where(
        Submission.deployment_id == deployment.id, Submission.status.in_(sorted(OPEN_STATUSES))
    )
    found: set[int] = set()
    for submission, has_moved in db.session.execute(query):
        if submission.round and (has_moved or policy.may_be_independent(intake.policy_of(submission))):
            found |= _unseen(submission, asked_of(submission))
    return frozenset(found)


def _unseen(submission: Submission, asked: Asked) -> set[int]:
    packs = packing.packs(submission)
    given = seats.taken([pack.id for pack in packs])
    found: set[int] = set()
    for pack in packs:
        said, turns = given.get(pack.id, {}), queries.turns_of(rounds.as_it_was(asked, pack))
        hidden = policy.veiled(turns, rules.outcomes(said))
        if hidden:
            unknown = said.keys() - {turn.role for turn in turns}
            found |= {each.sign_off_id for role in hidden | unknown for each in said.get(role, ())}
        elif _is_over(turns, rules.outcomes(said)):
            break
    return found


def _is_over(turns: Sequence[Turn], done: policy.Given) -> bool:
    """Whether a round says enough for those before it to be read: its independent turns are in, or nobody's turn is left."""
    return any(turn.independent for turn in turns) or not policy.turns_open(turns, done)
