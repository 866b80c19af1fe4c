"""Where turns stand in a round, and what conditions need. What each role says with its signature is in `statements`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from governance import clock
from governance.errors import Blocker
from governance.lifecycle import Stage, SubmissionStatus
from governance.permissions import Role
from governance.policy import rules as policy
from governance.policy.rules import Turn
from governance.policy.schema import Act

VEILED = "veiled"
SHOWN_LATER = "Signed, shown when all are in"
ENDING = ("not_approved", "return_for_information")
"""Outcomes of an independent turn that end the round, the hardest first."""
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


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
    sign_off_id: int = 0

    @property
    def is_veiled(self) -> bool:
        """Whether what was said is not shown yet."""
        return self.outcome == VEILED

    def veiled(self) -> Done:
        """The same with what was said taken out: that somebody signed, and when."""
        return replace(self, outcome=VEILED, label=SHOWN_LATER, reason="")


@dataclass(frozen=True, slots=True)
class TurnState:
    """One turn in this round. state: done, open or waiting. `since` is when it became theirs.

    `seats` holds what each of its holders said so far, one unless a panel signs; `done` the last of them once it is over.
    What is not to be seen yet is taken out of both. `kept_out` are people who may not take a seat: they have one, or
    they stepped back.
    """

    turn: Turn
    state: str
    done: Done | None
    since: datetime | None
    gone: int
    seats: tuple[Done, ...] = ()
    kept_out: frozenset[int] = frozenset()

    def is_for(self, person_id: int | None) -> bool:
        """Whether somebody who holds the role may still take a seat."""
        return person_id not in self.kept_out

    @property
    def of_panel(self) -> str:
        """ "1 of 2 clinical safety officers"; nothing where one person acts for the role."""
        return f"{len(self.seats)} of {self.turn.needs} {self.turn.role.title}s" if self.turn.needs > 1 else ""


Given = Mapping[Role, Sequence[Done]]
"""What the holders of each role said in one round, in the order of their seats."""


@dataclass(frozen=True, slots=True)
class NewCondition:
    """A condition as a signer sets it. kind: before (the decision waits for it) or after.

    One met after may count before a later stage instead of by a day: `before_stage`. Its `due_on` is then the last day
    the approval can have, and nothing falls due by it.
    """

    text: str
    owner_role: str
    kind: str
    due_on: date
    evidence_asked: str = ""
    before_stage: Stage | None = None

    def content(self) -> dict[str, str]:
        """As sealed with the sign-off."""
        said = {
            "text": self.text,
            "owner_role": self.owner_role,
            "kind": self.kind,
            "due_on": self.due_on.isoformat(),
            "evidence_asked": self.evidence_asked,
        }
        return said | {"before_stage": self.before_stage.value} if self.before_stage else said

    @classmethod
    def from_content(cls, said: Mapping[str, str]) -> NewCondition:
        """The same, from what was sealed."""
        stage = said.get("before_stage")
        return cls(
            text=said["text"], owner_role=said["owner_role"], kind=said["kind"], due_on=date.fromisoformat(said["due_on"]),
            evidence_asked=said["evidence_asked"], before_stage=Stage(stage) if stage else None,
        )  # fmt: skip


def outcomes(given: Given) -> dict[Role, tuple[str, ...]]:
    """Outcome codes by role, as the policy's rules take them."""
    return {role: tuple(each.outcome for each in seats) for role, seats in given.items()}


def states(
    turns: Sequence[Turn],
    given: Given,
    *,
    status: SubmissionStatus,
    began: datetime,
    deferred_until: date | None,
    on: date,
    recused: Collection[int] = (),
) -> tuple[TurnState, ...]:
    """Every turn with where it stands and, for those done or open, the working days it has taken.

    While the submission is submitted the turns that policy opens are open. A deferred decision is whoever authorises's
    again from the day it was deferred to. Otherwise nobody's.
    """
    said = outcomes(given)
    is_open: set[Role] = set()
    again = began
    if status is SubmissionStatus.SUBMITTED:
        is_open = {turn.role for turn in policy.turns_open(turns, said)}
    elif status is SubmissionStatus.DEFERRED and deferred_until is not None and deferred_until <= on:
        is_open = {turn.role for turn in turns if turn.act is Act.AUTHORISE}
        again = datetime.combine(deferred_until, time(), clock.LONDON)
    hidden, settled = policy.veiled(turns, said), policy.settled(turns, said)
    found = []
    for turn in turns:
        since = _since(turn, turns, given, again if turn.role in is_open else began) if settled.issuperset(turn.after) else None
        seats = given.get(turn.role, ())
        shown = tuple(each.veiled() if turn.role in hidden else each for each in seats)
        over = bool(seats) and policy.is_in(turn, said)
        last = shown[-1] if over else None
        end = clock.london_date(last.at) if last else on
        found.append(
            TurnState(
                turn=turn,
                state="done" if over else "open" if turn.role in is_open else "waiting",
                done=last,
                since=since,
                gone=clock.working_days_between(clock.london_date(since), end) if since else 0,
                seats=shown,
                kept_out=frozenset(recused) | {each.person_id for each in seats},
            )
        )
    return tuple(found)


def _since(turn: Turn, turns: Sequence[Turn], given: Given, began: datetime) -> datetime:
    """When a turn became its holders': after the last of those it waits for, and of all independent ones with one of them."""
    roles = set(turn.after)
    apart = {each.role for each in turns if each.independent}
    roles |= apart if roles & apart or (apart and turn.act is Act.AUTHORISE) else set()
    return max([began, *(each.at for role in roles for each in given.get(role, ()))])


def hardest(lines: Sequence[Done]) -> Done | None:
    """What takes effect when independent outcomes are shown: not approved over return, the first given of two alike."""
    ending = [each for each in lines if each.outcome in ENDING]
    return min(ending, key=lambda each: (ENDING.index(each.outcome), each.at, each.sign_off_id), default=None)


def shortage(line: TurnState, holders: Collection[int]) -> str:
    """Why those appointed cannot complete a turn; nothing where they can.

    `holders` are the people who hold the role today for the deployment. Where one person acts and nobody has stepped back,
    an empty role is not said here: the turn line names it.
    """
    title, left = line.turn.role.title, [each for each in holders if each not in line.kept_out]
    there = len(left) + len(line.seats)
    if line.state == "done" or there >= line.turn.needs:
        return ""
    if line.turn.needs == 1:
        return f"Nobody else is appointed as {title}: ask the organisation administrator." if line.kept_out else ""
    stepped_back = len(holders) > len(left) + sum(each.person_id in holders for each in line.seats)
    who = f"{NUMBERS[there]}{' who may act' if stepped_back else ''} {'are' if there > 1 else 'is'} appointed here"
    return f"{NUMBERS[line.turn.needs].capitalize()} {title}s must agree and {who}: ask the organisation administrator."


def later_stages(asked: Stage) -> tuple[Stage, ...]:
    """Stages above the one asked for: those that a condition may count before."""
    return tuple(stage for stage in Stage if stage.position > asked.position)


def condition_blockers(conditions: Sequence[NewCondition], on: date, *, asked: Stage) -> list[Blocker]:
    """Why conditions cannot be set: no words, no owner, a day that is past, a stage that is not ahead, more than twenty."""
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
        if each.before_stage and (each.kind != "after" or each.before_stage not in later_stages(asked)):
            found.append(Blocker("condition.stage", f"Condition {number} can only count before a stage above {asked.label}."))
    if len(conditions) > 20:
        found.append(Blocker("condition.many", "Set at most 20 conditions."))
    return found
