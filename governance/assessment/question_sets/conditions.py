"""When a question is asked: a small closed vocabulary, written as data.

`{all: […]}`, `{any: […]}`, `{not: …}`, `{answer: "C1.1.1", is: "yes"}`, `{answer: "C4.2.4", in: ["no", …]}`,
`{fact: "direct_care", is: "yes"}` and `{fact: …, in: […]}`. Nothing else. On a question with several choices, `is`
means that the value is among those chosen. A question that was skipped has no answer, so `is` and `in` do not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

FACTS = frozenset(
    {
        *("kind", "direct_care", "oversight", "patient_facing", "personal_data", "device", "generative", "hosting"),
        *("people_a_year", "vulnerable", "changes_itself", "made_by", "purpose"),
        *("tier", "stage", "depth"),
    }
)
"""The facts a route may refer to: those of triage, and the tier, stage and depth that policy makes of them."""

FORMS = ("all", "any", "not", "answer", "fact")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _Compared(_Part):
    """Something compared with one value (`is`) or with several (`in`): exactly one of the two is written."""

    is_: str | None = Field(default=None, alias="is")
    in_: tuple[str, ...] | None = Field(default=None, alias="in", min_length=1)

    @model_validator(mode="after")
    def _exactly_one(self) -> _Compared:
        if (self.is_ is None) == (self.in_ is None):
            raise ValueError("it must have either ‘is’ or ‘in’, not both and not neither")
        return self

    @property
    def values(self) -> tuple[str, ...]:
        """Every value for which this holds."""
        return self.in_ if self.in_ is not None else (self.is_ or "",)


class AnswerIs(_Compared):
    """Holds when the answer to an earlier question is one of the values."""

    answer: str


class FactIs(_Compared):
    """Holds when a fact of triage is one of the values."""

    fact: str


class AllOf(_Part):
    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(_Part):
    any: tuple[Condition, ...] = Field(min_length=1)


class NotThat(_Part):
    not_: Condition = Field(alias="not")


def _form(raw: Any) -> str | None:
    """Which of the five forms is written; None where it is none of them, or more than one."""
    for model, name in ((AllOf, "all"), (AnyOf, "any"), (NotThat, "not"), (AnswerIs, "answer"), (FactIs, "fact")):
        if isinstance(raw, model):
            return name
    written = [form for form in FORMS if form in raw] if isinstance(raw, dict) else []
    return written[0] if len(written) == 1 else None


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotThat, Tag("not")]
    | Annotated[AnswerIs, Tag("answer")]
    | Annotated[FactIs, Tag("fact")],
    Discriminator(_form),
]
for _model in (AllOf, AnyOf, NotThat):
    _model.model_rebuild()


def atoms(condition: Condition | None) -> Iterator[AnswerIs | FactIs]:
    """Every comparison in the condition, in the order written."""
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from atoms(part)
        case NotThat(not_=part):
            yield from atoms(part)
        case AnswerIs() | FactIs():
            yield condition
