"""Who decides in the meantime, in which order, and what an outcome needs. Pure.

Source: our policy: a declared tool gets an interim decision by the clinical safety officer and the executive, by a day.
The order and the limits follow “Who must agree”; DCB0160 v3.2, 2.2.2 and 2.3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from governance.errors import Blocker
from governance.lifecycle import Standing
from governance.permissions import Role
from governance.policy import Policy, Tier
from governance.policy import rules as policy_rules

ROLES = (Role.CSO, Role.AUTHORISING_EXECUTIVE)
OUTCOMES: Mapping[str, str] = {
    "continue": "Its use goes on",
    "restrict": "Its use goes on, restricted",
    "stop": "Its use stops now",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What one of the two says. `restriction` belongs to restrict, `fallback` (what staff do instead) to stop.

    `submission_due_on` is the executive's: by when the re-assurance is submitted.
    """

    outcome: str
    reason: str
    restriction: str = ""
    fallback: str = ""
    submission_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a declaration stands: its standing now, who declared it, and which person signed in which role."""

    standing: Standing
    declared_by: int
    signed: Mapping[Role, int]

    @property
    def turn(self) -> Role | None:
        """Whose turn it is: the clinical safety officer's first. None once it is decided or no longer declared."""
        if self.standing is not Standing.DECLARED:
            return None
        return next((role for role in ROLES if role not in self.signed), None)


def role_of(held: Collection[Role], position: Position) -> Role:
    """In which of the two roles a person would act: the one whose turn it is if they hold it, else the one they hold."""
    turn = position.turn
    if turn is not None and turn in held:
        return turn
    return next((role for role in ROLES if role in held), turn or Role.CSO)


def acting_blockers(position: Position, *, role: Role, person_id: int | None, holds: bool) -> list[Blocker]:
    """Why a person may not act in a role now. Whoever declared a tool decides nothing about it; nobody acts twice."""
    if role not in ROLES or not holds:
        asked = role.title if role in ROLES else "clinical safety officer or the authorising executive"
        return [Blocker("role", f"Only the {asked} may do this.")]
    if role in position.signed:
        done = "recommended" if role is Role.CSO else "decided"
        return [Blocker("done", f"The {role.title} has {done} already.")]
    if position.standing is not Standing.DECLARED:
        now = position.standing.label.lower()
        return [Blocker("standing", f"It is {now} now, so no interim decision is needed.")]
    blockers = []
    if role is Role.AUTHORISING_EXECUTIVE and Role.CSO not in position.signed:
        blockers.append(Blocker("order", "The clinical safety officer recommends first."))
    if person_id == position.declared_by:
        blockers.append(Blocker("own", "You declared this tool, so somebody else must decide about it."))
    if person_id in position.signed.values():
        blockers.append(Blocker("both", "One person cannot be both the clinical safety officer and the executive here."))
    return blockers


def said_blockers(said: Said, *, role: Role, on: date, latest: date) -> list[Blocker]:
    """What an outcome still needs; codes are names of the form's fields. `latest` is the last day for the re-assurance."""
    if said.outcome not in OUTCOMES:
        return [Blocker("outcome", "Choose if its use goes on, goes on restricted, or stops.")]
    blockers = []
    if not said.reason.strip():
        blockers.append(Blocker("reason", "Give the reason."))
    if said.outcome == "restrict" and not said.restriction.strip():
        blockers.append(Blocker("restriction", "Say how its use is restricted."))
    if said.outcome == "stop" and not said.fallback.strip():
        blockers.append(Blocker("fallback", "Say what staff do instead."))
    if role is Role.AUTHORISING_EXECUTIVE and said.outcome != "stop":
        due = said.submission_due_on
        if due is None or due <= on:
            blockers.append(Blocker("submission_due_on", "Enter the day by which its re-assurance is submitted, after today."))
        elif due > latest:
            day = f"{latest.day} {latest:%B %Y}"
            blockers.append(Blocker("submission_due_on", f"Its re-assurance must be submitted by {day} at the latest."))
    return blockers


def least_tier(facts: Mapping[str, str], policy: Policy) -> Tier:
    """The lowest tier that it can have by what was stated: facts nobody stated are taken at their mildest."""
    mildest = {row.code: row.mildest for row in policy.facts}
    return policy_rules.tier(mildest | dict(facts), policy).tier or Tier.LOW
