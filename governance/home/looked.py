"""What is missing in submissions under assessment. Each is loaded whole, so only the oldest few are looked into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from governance.assessment.packs import queries as packs
from governance.assessment.packs.tasks import Task
from governance.errors import Blocker
from governance.intake.models import Submission
from governance.permissions import Actor

MOST = 5


@dataclass(frozen=True, slots=True)
class Look:
    """One submission under assessment: its task list as this person sees it, and what stops it."""

    tasks: tuple[Task, ...]
    stops: tuple[Blocker, ...]

    @property
    def mine(self) -> tuple[Task, ...]:
        """What this person can do now."""
        return tuple(task for task in self.tasks if task.needs_me)

    @property
    def theirs(self) -> Task | None:
        """The first thing that others have to do."""
        waiting = (task for task in self.tasks if not task.state.is_done and not task.mine)
        return next(waiting, None)


class Looks:
    """Looks into submissions, each once, however many parts of a page ask."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._found: dict[int, Look] = {}

    def into(self, submissions: Iterable[Submission], actors: Mapping[int, Actor]) -> dict[int, Look]:
        """The first few of these, by id. `actors`: who the person is in each organisation."""
        few = [each for each in submissions if each.organisation_id in actors][:MOST]
        for each in few:
            if each.id not in self._found:
                now = packs.position(each)
                by = actors[each.organisation_id]
                self._found[each.id] = Look(now.tasks(by, self.on), tuple(now.stopping(self.on)))
        return {each.id: self._found[each.id] for each in few}
