"""Which packs of a deployment may be compared by this person, and the two sides of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from governance.assessment.packs import queries, redacted
from governance.assessment.packs.comparison.whole import Comparison, Side, compare
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.errors import Forbidden, NotVisible
from governance.intake.models import Submission
from governance.lifecycle import CLOSED_STATUSES
from governance.permissions import Actor, Permission

TODAY = "today"


@dataclass(frozen=True, slots=True)
class Choice:
    """One pack of the deployment that may be chosen: whose it is, its round, when it was frozen, and its digest."""

    id: int
    reference: str
    submission_id: int
    round: int
    frozen_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two chosen sides. `earlier` and `later` are None for today; `result` is None where there is nothing to compare."""

    choices: tuple[Choice, ...]
    may_today: bool
    earlier: Choice | None
    later: Choice | None
    result: Comparison | None


def choices(submission: Submission, by: Actor) -> tuple[Choice, ...]:
    """Every pack about the submission's deployment that this person may read, the newest first."""
    query = (
        sa.select(
            AssurancePack.id, Submission.reference, Submission.id, AssurancePack.round, AssurancePack.frozen_at,
            AssurancePack.digest,
        )
        .join(Submission, Submission.id == AssurancePack.submission_id)
        .where(Submission.deployment_id == submission.deployment_id, AssurancePack.organisation_id.in_(by.scope))
        .order_by(AssurancePack.frozen_at.desc(), AssurancePack.id.desc())
    )  # fmt: skip
    if not by.may(Permission.READ_PACK):
        query = query.where(Submission.status.in_(sorted(CLOSED_STATUSES)))
    return tuple(Choice(row[0], str(row[1]), *row[2:]) for row in db.session.execute(query))


def compared(submission: Submission, by: Actor, *, first: str = "", second: str = "") -> Compared:
    """Two sides of one deployment: `first` and `second` are ids of packs, `second` may be “today”; empty means the usual.

    The usual is what the standing rests on, or the newest pack, against today; for who reads decided packs alone, the two
    newest. Raises Forbidden for a submission that this person may not read yet, NotVisible for anything else not there.
    """
    may_today = by.may(Permission.READ_PACK)
    if not may_today and submission.status not in CLOSED_STATUSES:
        raise Forbidden("This submission is not decided yet.")
    found = choices(submission, by)
    later = _later(found, second, may_today)
    earlier = _earlier(found, first, later, submission)
    if earlier is None or (later is None and not may_today):
        return Compared(found, may_today, earlier, later, None)
    return Compared(found, may_today, earlier, later, compare(_frozen(earlier, by), _live_or_frozen(later, submission, by)))


def _later(found: Sequence[Choice], said: str, may_today: bool) -> Choice | None:
    if said in ("", TODAY) and may_today:
        return None
    return _chosen(found, said) if said else next(iter(found), None)


def _earlier(found: Sequence[Choice], said: str, later: Choice | None, submission: Submission) -> Choice | None:
    if said:
        return _chosen(found, said)
    others = [each for each in found if later is None or each.frozen_at < later.frozen_at]
    rests_on = submission.deployment.approved_pack_id if submission.deployment else None
    return next((each for each in others if each.id == rests_on and later is None), next(iter(others), None))


def _chosen(found: Sequence[Choice], said: str) -> Choice:
    chosen = next((each for each in found if str(each.id) == said), None)
    if chosen is None:
        raise NotVisible()
    return chosen


def _frozen(choice: Choice, by: Actor) -> Sequence[Side]:
    return redacted.sides(queries.pack_by_id(choice.id, by))


def _live_or_frozen(choice: Choice | None, submission: Submission, by: Actor) -> Sequence[Side]:
    return _frozen(choice, by) if choice else queries.position(submission).sections
