"""The words and the base of every row of a policy: tier, depth, form, act, and where a row comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

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
