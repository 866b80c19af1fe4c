"""Quorum, the arrows of a meeting, and what a conflict of interest does to the count. Pure.

A default of ours. Source of the shape: minutes of an NHS England data governance group, 2025 (attendance by role, quoracy,
conflicts of interest, comments out of the meeting until a day).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from governance.errors import Blocker
from governance.permissions import Role
from governance.web.wording import listed

ARROWS = {
    "plan": (None, "planned"),
    "hold": ("planned", "held"),
    "cancel": ("planned", "cancelled"),
    "open_comments": ("held", "commenting"),
    "close": (("held", "commenting"), "closed"),
}
STATUS = {
    "planned": "Planned",
    "held": "Held",
    "commenting": "Open for comments",
    "closed": "Closed",
    "cancelled": "Cancelled",
}
PURPOSES = {"decision": "For decision", "assurance": "For assurance", "noting": "For noting"}
DECISIONS = {
    "supported": "Supported",
    "supported_with_caveats": "Supported with caveats",
    "not_supported": "Not supported",
    "deferred": "Deferred",
    "noted": "Noted",
}
LETTERS = ("", *"abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Seat:
    """One role that must be there, and how many of it."""

    role: Role
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Present:
    """One name and role as recorded. Somebody in two roles has two of these and counts as one person."""

    name: str
    role: Role | None
    presence: str
    person_id: int | None = None

    @property
    def key(self) -> str:
        """Who this is: the person where known, else the name as written, whatever its capitals and gaps."""
        return f"#{self.person_id}" if self.person_id is not None else " ".join(self.name.split()).casefold()

    @property
    def is_there(self) -> bool:
        return self.presence in ("present", "remote")


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough were there, and the sentence that says so."""

    quorate: bool
    sentence: str


def count(attended: Iterable[Present], *, seats: Sequence[Seat], people: int, left: Collection[str] = ()) -> Quorum:
    """Whether a meeting, or one item of it, is quorate. `left`: keys of those who left for the item; they are not counted."""
    there = [each for each in attended if each.is_there and each.key not in left]
    heads = len({each.key for each in there})
    holding = {seat: len({each.key for each in there if each.role is seat.role}) for seat in seats}
    missing = [_missing(seat, holding[seat]) for seat in seats if holding[seat] < seat.at_least]
    counted = f"{heads or 'nobody'} {'was' if heads < 2 else 'were'} there; {people} {'is' if people == 1 else 'are'} needed"
    if heads and missing:
        counted += f", and {listed(missing)} was there"
    if heads < people or missing:
        return Quorum(False, f"Not quorate: {counted}")
    by_role = listed(seat.role.title for seat in seats)
    return Quorum(True, f"Quorate: {counted}{f', with {by_role}' if by_role else ''}")


def _missing(seat: Seat, holding: int) -> str:
    """`no clinical safety officer`, or `1 of 2 clinical safety officers`."""
    return f"only {holding} of {seat.at_least} {seat.role.title}s" if holding else f"no {seat.role.title}"


def committee_blockers(*, name: str, seats: Sequence[Seat], people: int, comment_days: int) -> list[Blocker]:
    """Why a committee cannot be kept as it is written."""
    found = []
    if not name.strip():
        found.append(Blocker("name", "Enter the name of the committee."))
    if people < 1:
        found.append(Blocker("quorum_people", "At least one person must be there for a quorum."))
    if len({seat.role for seat in seats}) < len(seats):
        found.append(Blocker("quorum", "Name each role of the quorum once."))
    if any(seat.at_least < 1 or not seat.role.is_person for seat in seats):
        found.append(Blocker("quorum", "Each role of the quorum is a person’s, and at least one of it must be there."))
    if comment_days < 1:
        found.append(Blocker("comment_working_days", "Give members at least one working day to comment."))
    return found


def move_blockers(status: str | None, arrow: str) -> list[Blocker]:
    """Why a meeting cannot take an arrow from where it stands."""
    begins = ARROWS[arrow][0]
    if status in (begins if isinstance(begins, tuple) else (begins,)):
        return []
    return [Blocker("status", f"This cannot be done now: the meeting is {STATUS[status or 'planned'].lower()}.")]


def decide_blockers(*, decision: str, caveats: Sequence[str], is_quorate: bool, comments_over: bool) -> list[Blocker]:
    """Why the committee’s decision on an item cannot be written. Where not quorate, only after members could comment."""
    if decision not in DECISIONS:
        return [Blocker("decision", "Choose what the committee decided.")]
    found = []
    if decision == "supported_with_caveats" and not caveats:
        found.append(Blocker("caveats", "Write at least one caveat, or choose supported."))
    if decision != "supported_with_caveats" and caveats:
        found.append(Blocker("caveats", "Caveats belong to “supported with caveats” only."))
    if decision not in ("deferred", "noted") and not is_quorate and not comments_over:
        found.append(Blocker("quorum", "It was not quorate for this item. Members comment first, or the item is deferred."))
    return found


def enclosure_name(item: int, letter: str) -> str:
    """`1`, `1a`, `1b`: as a paper is called in the minutes."""
    return f"{item}{letter}"


def next_letter(used: Collection[str]) -> str | None:
    """The letter of the next enclosure; None where there are as many as letters."""
    return next((letter for letter in LETTERS if letter not in used), None)
