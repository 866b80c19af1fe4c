"""Where turns stand in a round, and what conditions need. What each role says with its signature is in `statements`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from governance import clock
from governance.errors import Blocker
from governance.lifecycle import SubmissionStatus
from governance.permissions import Role
from governance.policy.rules import Turn, turns_open
from governance.policy.schema import Act


@dataclass(frozen=True, slots=True)
class Done:
    """What one role did in this round: act, outcome by code and in words, by whom, when, with which check code."""

    role: Role
    act: str
    outcome: str
    label: str
    person_id: int
    name: str
    at: datetime
    check_code: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TurnState:
    """One turn in this round. state: done, open, waiting or over. `since` is when it became theirs."""

    turn: Turn
    state: str
    done: Done | None
    since: datetime | None
    gone: int


@dataclass(frozen=True, slots=True)
class NewCondition:
    """A condition as a signer sets it. kind: before (the decision waits for it) or after."""

    text: str
    owner_role: str
    kind: str
    due_on: date
    evidence_asked: str = ""

    def content(self) -> dict[str, str]:
        """As sealed with the sign-off."""
        return {
            "text": self.text,
            "owner_role": self.owner_role,
            "kind": self.kind,
            "due_on": self.due_on.isoformat(),
            "evidence_asked": self.evidence_asked,
        }


def states(
    turns: Sequence[Turn],
    done: Mapping[Role, Done],
    *,
    status: SubmissionStatus,
    began: datetime,
    deferred_until: date | None,
    on: date,
) -> tuple[TurnState, ...]:
    """Every turn with where it stands and, for those done or open, the working days it has taken.

    While the submission is submitted the turns that policy opens are open. A deferred decision is whoever authorises's
    again from the day it was deferred to. Otherwise nobody's.
    """
    is_open: set[Role] = set()
    again = began
    if status is SubmissionStatus.SUBMITTED:
        is_open = {turn.role for turn in turns_open(turns, {role: each.outcome for role, each in done.items()})}
    elif status is SubmissionStatus.DEFERRED and deferred_until is not None and deferred_until <= on:
        is_open = {turn.role for turn in turns if turn.act is Act.AUTHORISE}
        again = datetime.combine(deferred_until, time(), clock.LONDON)
    return tuple(_state(turn, done, is_open, again if turn.role in is_open else began, on) for turn in turns)


def _state(turn: Turn, done: Mapping[Role, Done], is_open: Collection[Role], began: datetime, on: date) -> TurnState:
    ready = all(role in done for role in turn.after)
    since = max([began, *(done[role].at for role in turn.after)]) if ready else None
    given = done.get(turn.role)
    state = "done" if given else "open" if turn.role in is_open else "waiting"
    end = clock.london_date(given.at) if given else on
    gone = clock.working_days_between(clock.london_date(since), end) if since else 0
    return TurnState(turn, state, given, since, gone)


def condition_blockers(conditions: Sequence[NewCondition], on: date) -> list[Blocker]:
    """Why conditions cannot be set: no words, no owner, a day that is past, more than twenty."""
    found = []
    for number, each in enumerate(conditions, 1):
        if not each.text.strip():
            found.append(Blocker("condition.text", f"Say what condition {number} asks for."))
        if not each.owner_role:
            found.append(Blocker("condition.owner", f"Say who must meet condition {number}."))
        if each.due_on <= on:
            found.append(Blocker("condition.due", f"Condition {number} must be due after today."))
        if each.kind not in ("before", "after"):
            found.append(Blocker("condition.kind", f"Say whether condition {number} is met before it takes effect, or after."))
    if len(conditions) > 20:
        found.append(Blocker("condition.many", "Set at most 20 conditions."))
    return found
