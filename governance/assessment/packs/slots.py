"""What later rooms hand to a submission's page and its pack; filled once, when the application is made.

`extras` give what a submission shows besides the rows of policy (tasks of decommissioning, figures of a pilot); `places`
say where each of them is done. `turn` and `actions` give the page's turn line and buttons. `touching` gives the changes
that a submission takes up, with the sections each one touches. `carried` gives the conditions that decisions on earlier
submissions left open on the deployment, which the pack carries over. `steps` gives what happened on it besides its own arrows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from governance.assessment.packs.rules import BuiltSection
from governance.errors import Blocker
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Role
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


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened on a submission: when, what, by whom or why, and in which round (nought: in none)."""

    at: datetime
    what: str
    note: str
    round: int = 0


@dataclass(frozen=True, slots=True)
class Extra:
    """Something shown besides the rows of policy: its task, its parts of a section, what it lacks, and who wrote it.

    `title` is empty where there is nothing to do. Parts are plain values of a kind that `reading` knows and hold nothing
    that depends on today.
    """

    place: str
    section: str
    title: str = ""
    roles: tuple[Role, ...] = ()
    says: str = ""
    started: bool = False
    parts: tuple[dict[str, Any], ...] = ()
    lacks: tuple[Blocker, ...] = ()
    authors: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Touch:
    """A change that a submission takes up: its name, from when, what changed, its page, the codes of sections it touches.

    `unless_carried`: those it touches no more once they say what was signed before.
    """

    name: str
    since: date
    what: str
    href: str
    sections: tuple[str, ...]
    unless_carried: tuple[str, ...] = ()


extras: list[Callable[[Submission], Sequence[Extra]]] = []
places: dict[str, Callable[[Submission, Actor], str]] = {}
turn: list[Callable[[Submission, Actor, date], Markup | None]] = []
actions: list[Callable[[Submission, Actor, date], Sequence[Action]]] = []
carried: list[Callable[[Submission], Sequence[Carried]]] = []
touching: list[Callable[[Submission, Actor], Sequence[Touch]]] = []
touched: list[Callable[[Submission], Mapping[str, datetime]]] = []
"""When a change that touches a section was noted, by the section's code: what was judged before that is judged again."""
steps: list[Callable[[Submission], Sequence[Step]]] = []


def extras_for(submission: Submission) -> tuple[Extra, ...]:
    """What later rooms show for a submission."""
    return tuple(extra for give in extras for extra in give(submission))


def turn_line(submission: Submission, by: Actor, on: date) -> Markup | None:
    """Whose turn it is, drawn; None while it is nobody's."""
    return next((drawn for draw in turn if (drawn := draw(submission, by, on)) is not None), None)


def actions_for(submission: Submission, by: Actor, on: date) -> tuple[Action, ...]:
    """What later rooms let this person do with the submission now."""
    return tuple(action for give in actions for action in give(submission, by, on))


def carried_over(submission: Submission) -> tuple[Carried, ...]:
    """Conditions of earlier submissions still open on the deployment, oldest first."""
    return tuple(condition for give in carried for condition in give(submission))


def barred_from(submission: Submission, by: Actor) -> tuple[Blocker, ...]:
    """Why this person takes no part in the submission any more; empty for everybody else."""
    return intake.barred_from(submission, by)


def steps_of(submission: Submission) -> tuple[Step, ...]:
    """What happened on a submission besides its own arrows, oldest first."""
    return tuple(step for give in steps for step in give(submission))


def touches_for(submission: Submission, by: Actor) -> tuple[Touch, ...]:
    """The changes that a submission takes up, the oldest first; none where it was asked for otherwise."""
    return tuple(touch for give in touching for touch in give(submission, by))


def touched_by(touches: Sequence[Touch], sections: Sequence[str], as_signed: Collection[str] = ()) -> str:
    """Which changes touch one of these sections, by name; empty where none does.

    `as_signed`: codes of sections that say what was signed before; policy says which of them a change touches no more.
    """
    return ", ".join(
        each.name for each in touches if set(each.sections) & set(sections) - (set(each.unless_carried) & set(as_signed))
    )


def judged_before_it(submission: Submission, sections: Iterable[BuiltSection]) -> frozenset[str]:
    """Codes of sections whose judgement is older than a change that the submission takes up and that touches them."""
    noted = {code: at for give in touched for code, at in give(submission).items()}
    return frozenset(
        each.code
        for each in sections
        if each.code in noted and each.judgement and datetime.fromisoformat(each.judgement["at"]) < noted[each.code]
    )
