"""The shape of a published question set, checked as it loads. Everything here is frozen."""

from __future__ import annotations

import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from governance.assessment.question_sets.conditions import Condition

NOT_APPLICABLE = "not_applicable"

Words = Annotated[str, Field(min_length=1)]
RoleCode = Literal["cso", "clinical_lead", "caldicott_guardian", "siro", "dpo", "ccio", "ciso", "sro", "ig_lead"]
Edition = Literal["partner", "public"]
Subject = Literal[
    "manufacturer.name", "manufacturer.address", "manufacturer.country", "manufacturer.registration_number",
    "tool.name", "tool_version.number",
]  # fmt: skip


class Response(StrEnum):
    """What kind of value answers a question."""

    FREE_TEXT = "free_text"
    YES_NO = "yes_no"
    YES_NO_NA = "yes_no_na"
    PROVIDED = "provided_notprovided"
    PROVIDED_NA = "provided_notprovided_na"
    CONFIRM = "confirm_unable"
    CONFIRM_NA = "confirm_unable_na"
    DATE_OR_NA = "date_or_na"
    DATE = "date"
    SINGLE_CHOICE = "single_choice"
    MULTI_CHOICE = "multi_choice"
    PERCENT = "percent_2dp"
    FILE = "file"
    COMPLIANCE = "compliance"
    RISKS = "risks"


class Gate(StrEnum):
    """What a question or section can stop: nothing; a pass; only a comparison; or whatever a person judges.

    MUST and SHOULD are the words of DCB0129 and DCB0160: a MUST gates, a SHOULD may be departed from with a declared reason.
    """

    NONE = "none"
    PASS_FAIL = "pass_fail"  # noqa: S105  no password
    SCORED = "scored_not_gating"
    JUDGEMENT = "judgement"
    MUST = "must"
    SHOULD = "should"

    @property
    def gates(self) -> bool:
        """Whether this can stop a pass."""
        return self in (Gate.PASS_FAIL, Gate.JUDGEMENT, Gate.MUST, Gate.SHOULD)


class Provenance(StrEnum):
    """How we come to have these words. Only `official` was read in the owner's own publication; the sentences are ours."""

    OFFICIAL = "official"
    THIRD_PARTY = "third-party"
    RECALLED = "recalled"
    DEFAULT = "default"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Frozen):
    """One value that may be chosen, and the words beside it."""

    value: str = Field(pattern=r"^[a-z0-9_]+$")
    words: Words


def _options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, words=words) for value, words in pairs)


_NA = _options((NOT_APPLICABLE, "Not applicable"))
_YES_NO = _options(("yes", "Yes"), ("no", "No"))
_PROVIDED = _options(("provided", "Provided"), ("not_provided", "Not provided"))
_CONFIRM = _options(("confirmed", "Confirmed"), ("unable", "Unable to confirm"))
_COMPLIANCE = _options(("yes", "Yes"), ("partial", "Partly"), ("no", "No"), ("awaiting", "Awaiting"))
FIXED_OPTIONS: dict[Response, tuple[Option, ...]] = {
    Response.YES_NO: _YES_NO,
    Response.YES_NO_NA: _YES_NO + _NA,
    Response.PROVIDED: _PROVIDED,
    Response.PROVIDED_NA: _PROVIDED + _NA,
    Response.CONFIRM: _CONFIRM,
    Response.CONFIRM_NA: _CONFIRM + _NA,
    Response.DATE_OR_NA: _NA,
    Response.COMPLIANCE: _COMPLIANCE + _NA,  # the answers of NHS England's compliance sheets
}
CHOICES = (Response.SINGLE_CHOICE, Response.MULTI_CHOICE)
EXPLAINED = ("partial", "no", "awaiting", NOT_APPLICABLE)
"""Every answer of a compliance sheet but “yes”. That each needs its reason is ours; the sheet asks it of “not applicable”."""


class PassRule(Frozen):
    """Values that decide by themselves. A value in neither list is for a person to judge."""

    met: tuple[str, ...] = ()
    not_met: tuple[str, ...] = ()


_MUST = PassRule(met=("yes",), not_met=("partial", "no", "awaiting"))
_SHOULD = PassRule(met=("yes",))


class Sourced(Frozen):
    """Something with a provenance that pages must show."""

    provenance: Provenance
    dated: str | None = Field(default=None, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")

    @property
    def provenance_shown(self) -> str:
        """For the page: how we have these words, never more official than they are."""
        month = datetime.date.fromisoformat(f"{self.dated}-01").strftime(", %B %Y") if self.dated else ""
        return {
            Provenance.OFFICIAL: f"After the official text{month}",
            Provenance.THIRD_PARTY: f"Third-party transcription{month}",
            Provenance.RECALLED: "Recalled, not checked against the source",
            Provenance.DEFAULT: "Our own default, not the framework’s text",
        }[self.provenance]


class Question(Sourced):
    """One question. Codes are unique within a set only: never join on a code without its set.

    `clause` names the sub-clause it comes from. `gives` is the fact that policy reads from its answer (`residual` of the
    DPIA): an option's value, or a date or text, as policy words it. `same_as` is the code of the set that this one
    supersedes whose answers still hold here; without it nothing is carried over.
    """

    code: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")
    clause: str | None = None
    gives: str | None = Field(default=None, pattern=r"^[a-z_]+$")
    same_as: str | None = None
    words: Words
    hint: str | None = None
    why: str | None = None
    response: Response
    multiline: bool = True
    required: bool = True
    own_options: tuple[Option, ...] = Field(default=(), alias="options")
    evidence_expected: tuple[Words, ...] = ()
    evidence_wanted_for: tuple[str, ...] = ()
    evidence_validity_months: int | None = Field(default=None, ge=1, le=120)
    pass_criterion: str | None = None
    passes: PassRule = PassRule()
    gate: Gate
    asked_when: Condition | None = None
    requires_reason_for: tuple[str, ...] = ()
    withheld_from: tuple[Edition, ...] = ()
    filled_from: Subject | None = None
    card_elements: tuple[Words, ...] = ()
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _explained(cls, raw: Any) -> Any:
        """A compliance answer other than “yes” needs its reason, without every question saying so again."""
        if isinstance(raw, dict) and raw.get("response") == Response.COMPLIANCE:
            return {"requires_reason_for": EXPLAINED, **raw}
        return raw

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """What may be chosen, in order; empty for open answers."""
        return self.own_options or self.usual_options

    @property
    def usual_options(self) -> tuple[Option, ...]:
        """What this kind of response offers where the question does not word it otherwise."""
        return FIXED_OPTIONS.get(self.response, ())

    @cached_property
    def labels(self) -> dict[str, str]:
        return {option.value: option.words for option in self.options}

    def label_of(self, value: str) -> str:
        """The words beside a value; an open answer is its own label."""
        return self.labels.get(value, value)

    @property
    def decided(self) -> PassRule:
        """Which values decide by themselves: those it names, or those that a MUST or a SHOULD decides.

        A MUST is absolute; a departure from a SHOULD may have valid reasons (the words of DCB0129 and DCB0160), so there only
        “yes” decides. That partly and awaiting do not meet a MUST is ours; “not applicable” is always for the judge.
        """
        if self.passes != PassRule() or self.response is not Response.COMPLIANCE:
            return self.passes
        return {Gate.MUST: _MUST, Gate.SHOULD: _SHOULD}.get(self.gate, self.passes)

    @property
    def called(self) -> str:
        """How a sentence names it: by its code where people know it by that ("C3.1"), else by its words."""
        return self.code if self.code[:1].isupper() else f"‘{self.words}’"

    @property
    def wanted_for(self) -> tuple[str, ...]:
        """The values that call for evidence; empty where every answer does or none does."""
        if self.evidence_wanted_for or not self.evidence_expected:
            return self.evidence_wanted_for
        return ("provided",) if "provided" in self.labels else ()


class Section(Sourced):
    """Questions judged together by one role, and the pack section they belong to."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_.-]*$")
    label: Words
    title: Words
    gate: Gate
    judged_by: RoleCode | None = None
    consulted: tuple[RoleCode, ...] = ()
    pack_section: str
    intro: str | None = None
    note: str | None = None
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, raw: Any) -> Any:
        """A question without a gate has its section's; a section without a pack section is its own."""
        if not isinstance(raw, dict):
            return raw
        raw = {"pack_section": raw.get("code"), **raw}
        if isinstance(raw.get("questions"), list) and "gate" in raw:
            raw["questions"] = [{"gate": raw["gate"], **q} if isinstance(q, dict) else q for q in raw["questions"]]
        return raw


class Source(Frozen):
    """Where the words come from, and how they were read."""

    title: Words
    addresses: tuple[Words, ...] = ()
    how_read: Words


class QuestionSet(Sourced):
    """One published version of one instrument.

    `read_only`: kept to be read, never answered. `voluntary`: no row of policy asks for it. `supersedes`: the version
    before it, whose answers its questions may take over (`same_as`).
    """

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    instrument: Words
    version: Words
    title: Words
    owner: Words
    scope: Literal["tool", "deployment"]
    published: datetime.date
    mandatory_from: datetime.date | None = None
    superseded_by: str | None = None
    supersedes: str | None = None
    read_only: bool = False
    voluntary: bool = False
    source: Source
    status: Words
    watch_on: datetime.date
    intro: str | None = None
    sections: tuple[Section, ...] = Field(min_length=1)
    file_digest: str = ""

    @model_validator(mode="before")
    @classmethod
    def _hand_down_date(cls, raw: Any) -> Any:
        """The month of the transcription is written once; sections and questions show it too."""
        if not isinstance(raw, dict) or not isinstance(raw.get("sections"), list):
            return raw
        dated = {"dated": raw.get("dated")}
        sections = []
        for section in raw["sections"]:
            if isinstance(section, dict):
                section = {**dated, **section}
                if isinstance(section.get("questions"), list):
                    asked = section["questions"]
                    section["questions"] = [{**dated, **q} if isinstance(q, dict) else q for q in asked]
            sections.append(section)
        return {**raw, "sections": sections}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of the form."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """The section of each question, by question code."""
        return {question.code: section for section in self.sections for question in section.questions}

    def section(self, code: str) -> Section:
        """The section with this code. Raises LookupError."""
        for section in self.sections:
            if section.code == code:
                return section
        raise LookupError(f"{self.code} has no section ‘{code}’.")

    def with_digest(self, digest: str) -> Self:
        """The same set, knowing the SHA-256 of the file it was read from."""
        return self.model_copy(update={"file_digest": digest})
