"""Statements and states of approval: what each role says with its signature, and what a decision is called."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from governance import clock
from governance.errors import Blocker
from governance.permissions import Role
from governance.policy.rules import Turn
from governance.policy.schema import Act
from governance.web.wording import long_date, plural


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
    turns: Sequence[Turn], done: Mapping[Role, Done], is_open: Collection[Role], began: datetime, on: date
) -> tuple[TurnState, ...]:
    """Every turn with where it stands and, for those done or open, the working days it has taken."""
    return tuple(_state(turn, done, is_open, began, on) for turn in turns)


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


def statement(
    *,
    turn: Turn,
    outcome: str,
    what: str,
    titles: Sequence[str],
    conditions: int,
    threes: Sequence[int],
    stage: str,
    until: date | None,
) -> str:
    """What a person says with their signature, in the first person. `threes` are hazards that stay at 3."""
    over = f"the whole pack, {plural(len(titles), 'section')}" if turn.act is Act.AUTHORISE else plural(len(titles), "section")
    read = f"I have read {over} of this pack" + ("" if turn.act is Act.AUTHORISE else " that are mine, in the light of the whole")
    said = [f"{read}."]
    are = "is" if conditions == 1 else "are"
    provided = f", provided {plural(conditions, 'condition')} of mine {are} met" if conditions else ""
    match outcome:
        case "approve" | "approve_with_conditions":
            said.append(f"{MEANS.get(turn.role, 'What my sections say')} of {what} {_be(turn.role)} acceptable{provided}.")
        case "authorise" | "authorise_with_conditions":
            said.append(f"I authorise {what} for {stage} until {long_date(until)}{provided}.")
            if turn.role is Role.AUTHORISING_EXECUTIVE:
                said.append("I accept the residual clinical risk for the organisation (DCB0160 2.2.2).")
        case "return_for_information":
            said.append(f"I return {what} for information.")
        case "not_approved" | "not_authorised":
            said.append(f"I do not agree to {what}.")
        case "defer":
            said.append(f"I defer my decision on {what}.")
        case _:
            said.append(f"My advice on {what} is recorded beside the decision.")
    if threes and outcome.startswith(("approve", "authorise")) and turn.role in (Role.CSO, Role.AUTHORISING_EXECUTIVE):
        named = ", ".join(str(number) for number in threes)
        said.append(f"I accept {'hazard' if len(threes) == 1 else 'hazards'} {named} at rating 3 for the reason recorded.")
    return " ".join(said)


MEANS = {
    Role.CSO: "The clinical risk",
    Role.CLINICAL_LEAD: "The clinical use",
    Role.CALDICOTT_GUARDIAN: "The use of confidential information",
    Role.SIRO: "The information risk",
    Role.SRO: "The need, the resources and the readiness",
}


def _be(role: Role) -> str:
    return "are" if role is Role.SRO else "is"


def decision_sentence(*, stage: str, version: str, until: date | None, conditions: int) -> str:
    """ "Approved for Pilot, version 2.3, until 30 September 2027, 2 conditions": it never stands alone."""
    ends = f", until {long_date(until)}" if until else ""
    return f"Approved for {stage}, version {version}{ends}, {plural(conditions, 'condition') if conditions else 'no conditions'}"
