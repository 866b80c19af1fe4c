"""Who signed in a round, seat by seat, who has stepped back, and who is left; over one submission or many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.approval.models import Recusal
from governance.approval.rules import Done, TurnState
from governance.database import db, read_once
from governance.errors import Blocker
from governance.identity import queries as identity
from governance.identity.models import Person
from governance.intake.models import Submission
from governance.permissions import Actor, Role
from governance.register import notices as register
from governance.register.models import Deployment
from governance.signing.models import SignOff

PACK = "assurance_pack"
STEPPED_BACK = "You declared a conflict of interest about submission {}, so you take no further part in it."
Words = Mapping[tuple[Role, str], str]


def taken(pack_ids: Collection[int], words: Words | None = None) -> dict[int, dict[Role, tuple[Done, ...]]]:
    """What was said on each of these packs by role, in the order of the seats; deferrals aside, which decide nothing yet.

    `words` are the labels of outcomes by role and code; without them an outcome is called by its code.
    """
    query = sa.select(SignOff).where(
        SignOff.subject_kind == PACK, SignOff.subject_id.in_(pack_ids), SignOff.act.not_like("defer-%")
    )
    found: dict[int, dict[Role, tuple[Done, ...]]] = {}
    for row in db.session.scalars(query.order_by(SignOff.id)):
        said = found.setdefault(row.subject_id, {})
        said[row.role] = (*said.get(row.role, ()), _done(row, words or {}))
    return found


def _done(row: SignOff, words: Words) -> Done:
    return Done(
        role=row.role,
        act=row.act.partition("-")[0],  # “sign-2” is the second seat of a panel
        outcome=row.outcome,
        label=words.get((row.role, row.outcome), row.outcome),
        person_id=row.person_id,
        name=row.person_name,
        at=row.signed_at,
        check_code=row.check_code,
        reason=str(row.details.get("reason", "")),
        sign_off_id=row.id,
    )


def recused(submission_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Ids of the people who stepped back from each of these submissions."""
    query = sa.select(Recusal.submission_id, Recusal.person_id).where(Recusal.submission_id.in_(submission_ids))
    found: dict[int, frozenset[int]] = {}
    for submission_id, person_id in db.session.execute(query):
        found[submission_id] = found.get(submission_id, frozenset()) | {person_id}
    return found


@read_once
def recusals(submission: Submission) -> Sequence[tuple[Recusal, str]]:
    """Who stepped back from a submission, with the name, oldest first."""
    query = sa.select(Recusal, Person.name).join(Person, Person.id == Recusal.person_id)
    query = query.where(Recusal.submission_id == submission.id).order_by(Recusal.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def recused_blockers(submission: Submission, by: Actor) -> list[Blocker]:
    """Why somebody takes no part in a submission any more; empty for everybody who has not stepped back."""
    if by.person_id is None or all(row.person_id != by.person_id for row, _ in recusals(submission)):
        return []
    return [Blocker("recused", STEPPED_BACK.format(submission.reference))]


def holders(deployment: Deployment, role: Role, on: date) -> set[int]:
    """Ids of the people who hold a role today for a deployment."""
    found = identity.holders(deployment.organisation_id, role, on, deployment_id=deployment.id)
    return {each.id for each in found}


def brought_to(line: TurnState, deployment: Deployment, at: datetime) -> set[int]:
    """Whom an open turn is brought to: those at work in the role; where none of them may take it, whoever handed it over."""
    there = waits_for(line, register.holders(deployment, (line.turn.role,), at))
    return there or waits_for(line, holders(deployment, line.turn.role, clock.london_date(at)))


def waits_for(line: TurnState, people: Collection[int]) -> set[int]:
    """Of those who hold the role, whom the turn waits for."""
    return {each for each in people if line.is_for(each)}
