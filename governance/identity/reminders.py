"""Reminding people of an end before it comes, and the AI lead when it has. Rooms call this from their `due` files.

Each step is told once; who was not there that day hears at the next. Days missed are caught up by the latest step alone.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from governance import clock
from governance.identity import delegations
from governance.notifications import queries as notifications
from governance.notifications import rules
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.policy import policy
from governance.web.wording import long_date, plural

ENDS = ("ends", "ended")
EXPIRES = ("expires", "expired")
IS_DUE = ("is due", "was due")


class Round:
    """One day's reminders of one room. `begins` and `ends` bound the days whose matters are worth looking at."""

    def __init__(self, at: datetime) -> None:
        self.at, self.on = at, clock.london_date(at)
        self._days = policy().reminders.days
        self._said = notifications.reminded(at)
        self.begins, self.ends = self.on - rules.OVER_FOR, self.on + timedelta(days=max(self._days))

    def remind(
        self,
        *,
        matter: str,
        ends_on: date,
        people: Callable[[], Collection[int]],
        organisation_id: int,
        path: str,
        key: str,
        verbs: tuple[str, str] = ENDS,
        since: date | None = None,
        body: str = "",
    ) -> list[str]:
        """Tell `people` that `matter` ("Approval of Scribe at Riverside") ends, at policy's steps; after it, the AI lead.

        Returns the sentence that was told, where it was new to anybody. `people` is only asked when there is something to
        tell. `since` is when the matter began.
        """
        step = rules.reminder_step(steps=self._days, ends_on=ends_on, on=self.on, since=since)
        if step is None:
            return []
        key = f"reminder:{key}:{ends_on.isoformat()}:{step}"
        if key in self._said:
            return []
        over = step == rules.OVER
        subject = f"{matter} {verbs[1] if over else verbs[0]} on {long_date(ends_on)}"
        new = tell(
            person_ids=leads(organisation_id, self.on) if over else people(),
            organisation_id=organisation_id,
            kind=notifications.REMINDER,
            subject=subject,
            body=" ".join(each for each in (_when(ends_on, self.on), body) if each),
            path=path,
            key=key,
            at=self.at,
        )
        return [f"{subject}: {plural(new, 'person', 'people')} reminded."] if new else []


def leads(organisation_id: int, on: date) -> set[int]:
    """Whom a passed end is told: the organisation's AI lead; where it has none, its digital leads."""
    for role in (Role(policy().reminders.then), Role.DIGITAL_LEAD):
        found = {person.id for person in delegations.at_work(organisation_id, role, on)}
        if found:
            return found
    return set()


def _when(ends_on: date, on: date) -> str:
    left = (ends_on - on).days
    if left > 0:
        return f"That is in {plural(left, 'day')}."
    return "That is today." if left == 0 else f"That was {plural(-left, 'day')} ago."
