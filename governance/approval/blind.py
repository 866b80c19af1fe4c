"""What nobody is shown yet: outcomes of independent turns before all of them are in.

The pages of a round read turns with their outcomes taken out (`rules.states`). This is for those that read sealed rows and
events: the page of one signature, the trail, reports. What else follows from such an outcome is written when all are in.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from governance.approval import queries, rules, seats
from governance.assessment.packs.asked import asked_of
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import OPEN_STATUSES
from governance.policy import rules as policy
from governance.policy.rules import Turn
from governance.register.models import Deployment


def unseen(deployment: Deployment) -> frozenset[int]:
    """Ids of sign-offs on a deployment's open submissions whose outcome nobody is shown: independent ones not all in.

    A round that the digital lead took back stays so until one after it is complete or the submission is closed.
    """
    query = sa.select(Submission).where(
        Submission.deployment_id == deployment.id, Submission.status.in_(sorted(OPEN_STATUSES))
    )
    found: set[int] = set()
    for submission in db.session.scalars(query):
        if submission.round and policy.may_be_independent(intake.policy_of(submission)):
            found |= _unseen(submission, queries.turns_of(asked_of(submission)))
    return frozenset(found)


def _unseen(submission: Submission, turns: Sequence[Turn]) -> set[int]:
    newest = sa.select(AssurancePack.id).where(AssurancePack.submission_id == submission.id)
    packs = db.session.scalars(newest.order_by(AssurancePack.id.desc())).all()
    given = seats.taken(packs)
    found: set[int] = set()
    for pack_id in packs:
        said = given.get(pack_id, {})
        hidden = policy.veiled(turns, rules.outcomes(said))
        if not hidden:
            break
        found |= {each.sign_off_id for role in hidden for each in said.get(role, ())}
    return found
