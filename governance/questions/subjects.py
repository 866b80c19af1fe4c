"""What can be asked about. Rooms fill `finders` when the application is made; nothing here knows what an answer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance.errors import NotVisible
from governance.permissions import Actor, Role
from governance.register.models import Deployment


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that can be asked about.

    `words` name it ("Hazard 3: a scan is missed"), `path` is the page where it is asked and answered in place, `to_role` is
    whose turn it is to answer.
    """

    kind: str
    key: str
    words: str
    path: str
    to_role: Role = Role.DIGITAL_LEAD


Finder = Callable[[Deployment, str, str, Actor], Subject | None]
finders: dict[str, Finder] = {}
"""kind to finder(deployment, key, submission_reference, by): the subject, or None where there is no such thing."""


def subject(kind: str, key: str, *, deployment: Deployment, submission_reference: str, by: Actor) -> Subject:
    """The thing asked about. Raises NotVisible where this organisation has no such thing."""
    found = finders[kind](deployment, key, submission_reference, by) if kind in finders else None
    if found is None:
        raise NotVisible()
    return found
