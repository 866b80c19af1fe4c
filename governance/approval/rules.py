"""What approval adds to policy: reading, conditions, and where they may go. Pure.

Source: our policy, "Who must agree", "Submission" and "Time". Statements stand in `statements`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from governance.errors import Blocker
from governance.permissions import Role
from governance.policy.rules import Turn
from governance.policy.schema import Act, Outcome

BEFORE, AFTER = "before", "after"
WAITING_FOR_IT = ("open", "offered", "overdue")
"""Statuses in which a condition is still to be met."""

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class ConditionAsked:
    """What must be met, what would show it, whether before the decision takes effect or after, by whom, by when."""

    text: str
    kind: str
    owner_role: str
    due_on: date | None
    evidence_asked: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one role says in its turn. `until` belongs to whoever authorises; `confirmed` re-confirms unchanged sections."""

    outcome: str
    reason: str = ""
    against_advice: str = ""
    conditions: tuple[ConditionAsked, ...] = ()
    until: date | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class SectionToRead:
    """One of a role's own sections: whether it is as they last signed it, and whether they have read what it says now."""

    code: str
    title: str
    digest: str
    unchanged: bool
    read: bool


@dataclass(frozen=True, slots=True)
class Residual:
    """A scored hazard of a pack: its number, name, residual rating 1 to 5, and whether a reason is recorded."""

    number: int
    name: str
    rating: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Residuals:
    """The residual risk of a pack. `highest` is None where no hazard is scored."""

    hazards: tuple[Residual, ...] = field(default=())

    @property
    def highest(self) -> int | None:
        return max((each.rating for each in self.hazards), default=None)

    def at(self, *ratings: int) -> tuple[Residual, ...]:
        return tuple(each for each in self.hazards if each.rating in ratings)


def outcome_of(turn: Turn, code: str) -> Outcome | None:
    """The outcome that a role may give under this code."""
    return next((each for each in turn.outcomes if each.code == code), None)


def agrees(turn: Turn, code: str) -> bool:
    """Whether an outcome lets the submission go on: it neither ends the round nor pauses it. Unknown codes do not."""
    outcome = outcome_of(turn, code)
    return outcome is not None and not outcome.ends_round and not outcome.pauses


def residuals(hazard_log: Mapping[str, Any] | None) -> Residuals:
    """The residual ratings in a frozen hazard log section's matter; none where there is no such section."""
    parts = hazard_log["parts"] if hazard_log else ()
    return Residuals(
        tuple(
            Residual(each["number"], each["name"], each["residual"]["rating"], each["acceptance_reason"] or "")
            for part in parts
            if part["kind"] == "hazard_log"
            for each in part["hazards"]
            if each["residual"]
        )
    )


def residual_blockers(found: Residuals) -> list[Blocker]:
    """Residual risk that nobody may agree to. Source: DCB0160 implementation guidance v3.2, table 10."""
    blockers = [
        Blocker("residual.unacceptable", f"Hazard {each.number} has a residual risk of {each.rating}, which cannot be accepted.")
        for each in found.at(4, 5)
    ]
    return blockers + [
        Blocker("residual.reason", f"Hazard {each.number} has a residual risk of 3 and no reason why it cannot be reduced.")
        for each in found.at(3)
        if not each.reason.strip()
    ]


def reading_blockers(sections: Iterable[SectionToRead], *, confirmed: bool) -> list[Blocker]:
    """What a role has not read or re-confirmed of its own sections, before it agrees or advises."""
    sections = tuple(sections)
    unread = [each for each in sections if not each.unchanged and not each.read]
    blockers = []
    if 0 < len(unread) <= 3:
        blockers += [Blocker("unread", f"Open {each.title} and say that you have read it.") for each in unread]
    elif unread:
        blockers.append(Blocker("unread", f"Open the {len(unread)} sections you have not read and say that you have read them."))
    unchanged = [each for each in sections if each.unchanged]
    if unchanged and not confirmed:
        one = len(unchanged) == 1
        said = "the unchanged section" if one else f"the {len(unchanged)} unchanged sections"
        blockers.append(Blocker("unconfirmed", f"Confirm {said}."))
    return blockers


def condition_blockers(asked: Iterable[ConditionAsked], *, on: date, until: date | None = None) -> list[Blocker]:
    """What is missing from the conditions set with an outcome. Each has words, an owner, a kind and a date ahead."""
    blockers = []
    for n, each in enumerate(asked, 1):
        if not each.text.strip():
            blockers.append(Blocker(f"condition.{n}.text", f"Say what must be met for condition {n}."))
        if max(len(each.text), len(each.evidence_asked)) > LONGEST:
            blockers.append(Blocker(f"condition.{n}.text", f"Condition {n} must be {LONGEST:,} characters or fewer."))
        if each.kind not in (BEFORE, AFTER):
            blockers.append(Blocker(f"condition.{n}.kind", f"Say whether condition {n} is met before or after the decision takes effect."))
        if each.owner_role not in owners():
            blockers.append(Blocker(f"condition.{n}.owner_role", f"Say who must meet condition {n}."))
        if each.due_on is None:
            blockers.append(Blocker(f"condition.{n}.due_on", f"Say by when condition {n} must be met."))
        elif each.due_on <= on:
            blockers.append(Blocker(f"condition.{n}.due_on", f"The date for condition {n} must be after today."))
        elif until is not None and each.due_on > until:
            said = f"Condition {n} must be due by {until.day} {until:%B %Y}, when the approval ends."
            blockers.append(Blocker(f"condition.{n}.due_on", said))
    return blockers


def owners() -> tuple[Role, ...]:
    """Roles that may be asked to meet a condition: people who do or decide things."""
    never = {Role.AUDITOR, Role.BOARD_MEMBER, Role.ORGANISATION_ADMINISTRATOR}
    return tuple(role for role in Role if role.is_person and role not in never)


def met_blockers(status: str) -> list[Blocker]:
    """Why a condition cannot be met, waived or shown now."""
    if status in WAITING_FOR_IT:
        return []
    words = {"proposed": "only proposed: it opens with the decision", "met": "met already", "waived": "waived already"}
    return [Blocker("condition.status", f"This condition is {words.get(status, 'no longer in force')}.")]


def confirm_blockers(
    *, status: str, set_by: Role, roles: Collection[Role], person_id: int | None, offered_by: int | None,
    offered: bool, text: str, waive: bool,
) -> list[Blocker]:  # fmt: skip
    """Why a person may not confirm or waive a condition. `offered_by` offered the latest evidence; `offered` says any was."""
    blockers = met_blockers(status)
    if set_by not in roles:
        blockers.append(Blocker("condition.role", f"The {set_by.title} set this condition, so the {set_by.title} decides."))
    elif offered_by is not None and offered_by == person_id:
        blockers.append(Blocker("condition.own", "You offered this evidence, so another person must confirm it."))
    if not text.strip() and (waive or not offered):
        said = "Say why it is waived." if waive else "No evidence was offered. Say how you know that it is met."
        blockers.append(Blocker("condition.words", said))
    return blockers


def advising(turn: Turn) -> bool:
    """Whether a turn is advice."""
    return turn.act is Act.ADVISE
