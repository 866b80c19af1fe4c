"""What a report is made from: plain frozen values read once from the frozen pack, its signatures and the audit stream.

Nothing here is live: the same material gives the same document, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from governance.lifecycle import Stage, SubmissionKind, SubmissionStatus
from governance.permissions import Role

Part = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """One frozen section of the pack."""

    code: str
    title: str
    content: Mapping[str, Any]
    digest: str

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(self.content["matter"]["parts"])

    @property
    def judgement(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.content["judgement"]
        return found


@dataclass(frozen=True)
class Signed:
    """One sealed row on the pack. `act` is sign, advise, authorise or a deferral; `code` is its check code.

    `panel` says which seat of how many it is ("1 of 2"); empty where one person acts for the role.
    """

    role: Role
    act: str
    outcome: str
    statement: str
    person: str
    holding: str
    registration: str
    at: datetime
    code: str
    reason: str = ""
    panel: str = ""
    sign_off_id: int = 0

    @property
    def heading(self) -> str:
        """`Clinical safety officer`; of a panel `Clinical safety officer, 1 of 2`."""
        return f"{self.role.heading}, {self.panel}" if self.panel else self.role.heading

    @property
    def is_advice(self) -> bool:
        return self.act == "advise"


@dataclass(frozen=True)
class Authorised:
    """For what stage and version, until when, and which residual rating was accepted."""

    role: Role
    stage: Stage
    version: str
    until: date
    residual_accepted: int | None
    against_advice: str
    at: datetime


@dataclass(frozen=True)
class Decided:
    """The row that closed the submission: outcome authorised or not_approved."""

    outcome: str
    sentence: str
    by: str
    role: Role
    at: datetime


@dataclass(frozen=True)
class Conditioned:
    """One condition with its status on the day of issue."""

    number: int
    text: str
    evidence_asked: str
    kind: str
    owner: str
    due_on: date
    status: str
    set_by: Role
    sign_off_id: int = 0
    before_stage: Stage | None = None


@dataclass(frozen=True)
class Step:
    """The day a deployment came to a stage."""

    on: date
    stage: Stage


@dataclass(frozen=True)
class SteppedBack:
    """Somebody who declared a conflict of interest about the submission."""

    person: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Event:
    """One event of the stream. `payload` is None where its details were removed. `who` is a name."""

    position: int
    at: datetime
    who: str
    kind: str
    payload: Mapping[str, Any] | None
    hash: str


@dataclass(frozen=True)
class Trail:
    """The deployment's stream up to and including its head at the time of issue."""

    stream: str
    position: int
    head: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Replaced:
    """An issue whose file was withheld because it was found to be wrong: which one, and why, as was recorded then."""

    report_id: int
    number: int
    issued_at: datetime
    withheld_at: datetime
    reason: str


@dataclass(frozen=True)
class Material:
    """Everything one report prints."""

    product: str
    public_url: str
    edition: str
    reference: str
    kind: SubmissionKind
    status: SubmissionStatus
    round: int
    stage_from: Stage
    stage_asked: Stage
    digest: str
    frozen_at: datetime
    frozen_by: str
    sections: tuple[Section, ...]
    signed: tuple[Signed, ...]
    waiting: tuple[Role, ...]
    authorised: Authorised | None
    decided: Decided | None
    conditions: tuple[Conditioned, ...]
    steps: tuple[Step, ...]
    trail: Trail
    issued_at: datetime
    stepped_back: tuple[SteppedBack, ...] = ()
    replaces: Replaced | None = None

    @property
    def issue(self) -> int:
        """The number of this issue of the edition."""
        return self.replaces.number + 1 if self.replaces else 1

    def set_with(self, each: Signed) -> int:
        """How many conditions were set with a signature."""
        return sum(one.sign_off_id == each.sign_off_id and one.set_by is each.role for one in self.conditions)

    def section(self, code: str) -> Section | None:
        """One section by its code, where the pack has it."""
        return next((each for each in self.sections if each.code == code), None)

    def part(self, kind: str) -> Part | None:
        """The first part of a kind, in whichever section it lies."""
        return next((part for each in self.sections for part in each.parts if part["kind"] == kind), None)

    @property
    def triage(self) -> Part:
        return self._must("triage")

    @property
    def tool(self) -> Part:
        return self._must("tool")

    @property
    def hazards(self) -> tuple[Part, ...]:
        log = self.part("hazard_log")
        return tuple(log["hazards"]) if log else ()

    def _must(self, kind: str) -> Part:
        found = self.part(kind)
        if found is None:
            raise ValueError(f"the pack of {self.reference} has no part “{kind}”")
        return found
