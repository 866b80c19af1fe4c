"""What later rooms hand to the page of a deployment; filled once, when the application is made.

`banners` come before everything (suspended, with what staff do instead). `panels` are sections of the page, in the order in
which rooms fill them; `side` are panels beside it. `actions` are things this person may do now. Each is given the
deployment, the actor and the day, and answers with drawn markup, or None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from governance.permissions import Actor
from governance.register.models import Deployment


@dataclass(frozen=True, slots=True)
class Action:
    """What the button says, where it leads, whether it is the main one, and whether it stops something."""

    text: str
    href: str
    main: bool = False
    stop: bool = False


Draw = Callable[[Deployment, Actor, date], Markup | None]

banners: list[Draw] = []
panels: list[Draw] = []
side: list[Draw] = []
actions: list[Callable[[Deployment, Actor, date], Sequence[Action]]] = []


def clear() -> None:
    """Empty every slot: before rooms fill them for one more application in this process."""
    for slot in (banners, panels, side, actions):
        slot.clear()


def drawn(slot: Sequence[Draw], deployment: Deployment, by: Actor, on: date) -> tuple[Markup, ...]:
    """Everything that rooms have to say in one slot, in their order."""
    return tuple(said for draw in slot if (said := draw(deployment, by, on)) is not None)


def actions_for(deployment: Deployment, by: Actor, on: date) -> tuple[Action, ...]:
    """What rooms let this person do with the deployment now."""
    return tuple(action for give in actions for action in give(deployment, by, on))
