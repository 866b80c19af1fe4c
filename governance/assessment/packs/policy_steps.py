"""In the history of a submission: that it went on under a newer policy, by whose decision and why."""

from __future__ import annotations

from governance.assessment.packs import slots
from governance.assessment.sheets.queries import names_of
from governance.intake import queries as intake
from governance.intake.additions import presenters
from governance.intake.models import Submission


def init() -> None:
    """Put moves to a newer policy into the history on a submission's page."""
    slots.steps.append(steps)


def steps(submission: Submission) -> list[slots.Step]:
    """Every move, oldest first."""
    moves = intake.policy_moves(submission)
    people = names_of({move.moved_by for move in moves}) if moves else {}
    return [slots.Step(move.moved_at, presenters.moved(move), f"{people[move.moved_by]}. {move.reason}", -1) for move in moves]
