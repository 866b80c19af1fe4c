"""What later rooms hand to a submission's page and its pack; filled once, when the application is made.

`turn` and `actions` give the page's turn line and buttons. `carried` gives the conditions that decisions on earlier
submissions left open on the deployment, which the pack carries over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from governance.intake.models import Submission
from governance.permissions import Actor
from governance.policy.rules import Condition


@dataclass(frozen=True, slots=True)
class Action:
    """One thing this person may do now: what the link or button says, where it leads, and whether it is the main one."""

    text: str
    href: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """One condition still open on a deployment: as the pack holds it, and as policy looks at it when it is a "before"."""

    content: dict[str, Any]
    before: Condition | None = None


turn: list[Callable[[Submission, Actor, date], Markup | None]] = []
actions: list[Callable[[Submission, Actor, date], Sequence[Action]]] = []
carried: list[Callable[[Submission], Sequence[Carried]]] = []


def turn_line(submission: Submission, by: Actor, on: date) -> Markup | None:
    """Whose turn it is, drawn; None while it is nobody's."""
    return next((drawn for draw in turn if (drawn := draw(submission, by, on)) is not None), None)


def actions_for(submission: Submission, by: Actor, on: date) -> tuple[Action, ...]:
    """What later rooms let this person do with the submission now."""
    return tuple(action for give in actions for action in give(submission, by, on))


def carried_over(submission: Submission) -> tuple[Carried, ...]:
    """Conditions of earlier submissions still open on the deployment, oldest first."""
    return tuple(condition for give in carried for condition in give(submission))
