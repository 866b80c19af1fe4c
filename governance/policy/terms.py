"""The words and the base of every row of a policy: tier, depth, form, act, and where a row comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role


class Tier(StrEnum):
    """How much is asked. `rank` orders them: low, medium, high."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        return list(Tier).index(self)


class Depth(StrEnum):
    SHORT = "short"
    FULL = "full"

    @property
    def rank(self) -> int:
        return list(Depth).index(self)


class Form(StrEnum):
    """How a row is met: a published question set, a plan, the hazard log, a document of their own, or a decision."""

    SHEET = "sheet"
    PLAN = "plan"
    HAZARDS = "hazards"
    DOCUMENT = "document"
    DECISION = "decision"


class Act(StrEnum):
    JUDGE = "judge"
    SIGN = "sign"
    ADVISE = "advise"
    AUTHORISE = "authorise"


def _known(words: type[StrEnum], noun: str) -> BeforeValidator:
    """Say “no role is called …” instead of a list of every allowed word."""

    def check(value: Any) -> Any:
        if value not in [word.value for word in words]:
            raise ValueError(f"no {noun} is called “{value}”")
        return value

    return BeforeValidator(check)


RoleRef = Annotated[Role, _known(Role, "role")]
StageRef = Annotated[Stage, _known(Stage, "stage")]
TierRef = Annotated[Tier, _known(Tier, "tier")]
KindRef = Annotated[SubmissionKind, _known(SubmissionKind, "kind of submission")]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(Frozen):
    """A row with where it comes from. Anything but a `default` of ours names its basis."""

    provenance: Literal["official", "third-party", "recalled", "default"]
    basis: str | None = None

    @model_validator(mode="after")
    def _names_its_basis(self) -> Self:
        if self.provenance != "default" and not self.basis:
            raise ValueError(f"its provenance is {self.provenance}, but no basis is named")
        return self


class Addition(Frozen):
    """One thing an organisation asks beyond policy, for some stages. It can only add.

    requirement: a question set at some depth; signer: a role; panel: so many holders of a role; independent: who signs does
    not see the others until all are in. `tiers` and `when` narrow where it counts; none means everywhere. `basis` is the
    instrument that decided it, `number` its row.
    """

    kind: Literal["requirement", "signer", "panel", "independent"]
    stages: tuple[StageRef, ...] = Field(min_length=1)
    tiers: tuple[TierRef, ...] = ()
    when: tuple[str, ...] = ()
    question_set: str = ""
    depth: Depth = Depth.FULL
    role: RoleRef | None = None
    needs: int = Field(default=1, ge=1, le=9)
    basis: str = ""
    number: int = 0
