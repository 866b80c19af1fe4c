"""The shape of a policy file. Frozen; unknown keys are faults. `Policy` is the whole, the rest are its rows."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from governance.lifecycle import SubmissionKind
from governance.permissions import Role
from governance.policy.terms import Act as Act
from governance.policy.terms import Addition as Addition
from governance.policy.terms import Depth as Depth
from governance.policy.terms import Form as Form
from governance.policy.terms import Frozen, KindRef, RoleRef, Row, StageRef, TierRef
from governance.policy.terms import Tier as Tier


class FactValue(Frozen):
    code: str
    label: str
    consequence: str = ""


class FactRow(Row):
    code: str
    label: str
    question: str
    mildest: str
    values: tuple[FactValue, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _mildest_is_a_value(self) -> Self:
        if self.mildest not in {value.code for value in self.values}:
            raise ValueError(f"its mildest value “{self.mildest}” is not among its values")
        return self


class Condition(Frozen):
    """A word other rows use. Exactly one form: a fact among values, a tier, first of its kind, or any of other words."""

    word: str
    label: str
    because: str = ""  # the reason it gives, after “because”; empty where it is that of another word
    fact: str | None = None
    among: tuple[str, ...] = ()
    tier: tuple[TierRef, ...] = ()
    first_of_kind: bool = False
    any_of: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_one_form(self) -> Self:
        forms = [bool(self.fact and self.among), bool(self.tier), self.first_of_kind, bool(self.any_of)]
        if sum(forms) != 1 or bool(self.fact) != bool(self.among):
            raise ValueError("a condition is a fact among values, a tier, first of its kind, or any of other words")
        return self


class RouteRow(Row):
    tier: TierRef
    code: str
    label: str


class TierRow(Row):
    code: str
    tier: TierRef
    when: tuple[str, ...] = Field(min_length=1)
    sentence: str


class LadderRow(Row):
    stage: StageRef
    progress: tuple[StageRef, ...]
    step_back: tuple[StageRef, ...]
    skippable: bool


class RequirementRow(Row):
    """One question set: for whom, judged in which sections, when, and how deep by the stage asked for.

    `published` names the published set that is answered where the form is a sheet: a row that does not say it (london-1)
    means the DTAC.
    """

    question_set: str
    title: str
    published: str | None = None
    scope: Literal["tool", "deployment"]
    form: Form
    answered_by: tuple[RoleRef, ...] = Field(min_length=1)
    from_supplier: bool = False
    voluntary: bool = False
    sections: tuple[str, ...] = Field(min_length=1)
    when: tuple[str, ...]
    depth: dict[StageRef, Depth] = {}
    by_kind: dict[KindRef, Depth] = {}
    at_most: dict[TierRef, Depth] = {}
    short_says: str = ""

    @model_validator(mode="after")
    def _sheet_is_published(self) -> Self:
        if self.form is not Form.SHEET and self.published:
            raise ValueError("only a row whose form is a sheet names a published set")
        if self.form is Form.SHEET and not self.published and self.question_set != "dtac":
            raise ValueError("its form is a sheet, but it names no published set")
        return self


class Choice(Frozen):
    code: str
    label: str


class RequiredWhen(Frozen):
    field: str
    among: tuple[str, ...] = Field(alias="is", min_length=1)


class DocumentField(Frozen):
    """A fact entered by hand from a document. A field is required always, or when another field has a value."""

    name: str
    label: str
    type: Literal["text", "date", "choice", "yes_no", "number"]
    required: bool
    choices: tuple[Choice, ...] = ()
    required_when: RequiredWhen | None = None

    @model_validator(mode="after")
    def _choices_belong_to_a_choice(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError(f"the field “{self.name}” has choices exactly when it is a choice")
        return self


class DriftRow(Row):
    """A change since the last decided pack, by section, and whether it asks for a submission."""

    section: str
    asks: Literal["submission", "note"]
    says: str


class ChangeRow(Row):
    """A kind of change after an approval: which sections it touches, which facts of triage it may move, and why.

    `unless_carried`: those it touches no more once they say of the new version what was signed of the one before.
    """

    kind: Literal["version", "use", "population", "hosting", "certificate"]
    label: str
    touches: tuple[str, ...]
    unless_carried: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    says: str


class DocumentRow(Row):
    question_set: str
    fields: tuple[DocumentField, ...]


class SectionRow(Row):
    """A section of the pack. `gates` false: its judgement never stops a submission. `standing`: in every pack."""

    code: str
    title: str
    standing: bool = False
    gates: bool = True
    own_answers: bool = False
    judged_by: tuple[RoleRef, ...]
    consulted: tuple[RoleRef, ...]
    signed_by: tuple[RoleRef, ...] = Field(min_length=1)
    advice: tuple[RoleRef, ...]


class RoleLimit(Row):
    """Unless a condition holds, a role does this act on the named sections only."""

    role: RoleRef
    act: Act
    unless: str
    only: tuple[str, ...]


class Outcome(Frozen):
    """One possible answer of a role, and what follows: the round ends, it pauses, a reason or conditions are needed."""

    code: str
    label: str
    ends_round: bool = False
    pauses: bool = False
    against: bool = False
    reason: bool = False
    conditions: bool = False


class OutcomeRow(Row):
    act: Act
    role: RoleRef | None
    kinds: tuple[SubmissionKind, ...] = ()  # of submission; none means all
    outcomes: tuple[Outcome, ...]


class TurnRow(Row):
    """One role's part. `needs`: how many holders must agree where a panel signs. `independent`: nobody among those so
    marked sees another's outcome before all of them are in."""

    role: RoleRef
    act: Act
    when: tuple[str, ...]
    after: tuple[RoleRef, ...]
    needs: int = Field(default=1, ge=1, le=9)
    independent: bool = False


class Agreement(Frozen):
    """Who must agree for some kinds and stages. No two apply at once."""

    profile: str
    says: str
    kinds: tuple[KindRef, ...]
    stages: tuple[StageRef, ...]
    turns: tuple[TurnRow, ...]


class KindRow(Row):
    kind: KindRef
    stage_rows: bool
    says: str
    reason: bool = False
    months: int | None = None
    once: bool = False


class SeparationRow(Row):
    code: str
    within: Literal["organisation", "submission"]
    one: tuple[str, ...]
    other: tuple[str, ...]
    sentence: str


class RegistrationRow(Row):
    roles: tuple[RoleRef, ...]
    training_years: int


class StopRow(Row):
    code: str
    when: tuple[str, ...]
    from_stage: StageRef
    kinds: tuple[KindRef, ...]
    says: str


class TimeRow(Row):
    code: str
    label: str
    high: int | None
    medium: int | None
    low: int | None

    def for_tier(self, tier: Tier) -> int | None:
        return {Tier.HIGH: self.high, Tier.MEDIUM: self.medium, Tier.LOW: self.low}[tier]


class EvidenceRow(Row):
    kind: str
    label: str
    months: int | None
    per: str = ""


class ReminderRow(Row):
    days: tuple[int, ...]
    then: RoleRef
    lapse_tells: tuple[RoleRef, ...]


class ConcernRow(Row):
    level: str
    within: str


class Policy(Frozen):
    """One version of policy, whole. A submission pins `version`."""

    version: str
    title: str
    dated: date
    facts: tuple[FactRow, ...]
    tool_sheet: str = "tool-facts-1"
    conditions: tuple[Condition, ...]
    no_tier_when: tuple[str, ...]
    routes: tuple[RouteRow, ...]
    tier_rules: tuple[TierRow, ...]
    ladder: tuple[LadderRow, ...]
    requirements: tuple[RequirementRow, ...]
    documents: tuple[DocumentRow, ...]
    sections: tuple[SectionRow, ...]
    role_limits: tuple[RoleLimit, ...]
    outcomes: tuple[OutcomeRow, ...]
    agreements: tuple[Agreement, ...]
    kinds: tuple[KindRow, ...]
    separation: tuple[SeparationRow, ...]
    registration: RegistrationRow
    stops: tuple[StopRow, ...]
    times: tuple[TimeRow, ...]
    evidence_validity: tuple[EvidenceRow, ...]
    drift: tuple[DriftRow, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    reminders: ReminderRow
    concerns: tuple[ConcernRow, ...]
    additions: tuple[Addition, ...] = ()  # an organisation's own, put there by `additions.merged`; never in a file

    @property
    def named(self) -> str:
        """The version, and how many additions of an organisation are laid over it."""
        more = len(self.additions)
        over = f" with {more} addition{'' if more == 1 else 's'} of the organisation’s own" if more else ""
        return self.version + over

    def fact(self, code: str) -> FactRow:
        return next(row for row in self.facts if row.code == code)

    def fact_label(self, code: str, value: str) -> str:
        """What a page says for a stored value, such as “Class IIa” for `device`, `class_iia`."""
        return next(v.label for v in self.fact(code).values if v.code == value)

    def condition(self, word: str) -> Condition:
        return next(row for row in self.conditions if row.word == word)

    def section(self, code: str) -> SectionRow:
        return next(row for row in self.sections if row.code == code)

    def document(self, question_set: str) -> DocumentRow | None:
        return next((row for row in self.documents if row.question_set == question_set), None)

    def kind(self, kind: SubmissionKind) -> KindRow:
        return next(row for row in self.kinds if row.kind is kind)

    def time(self, code: str, tier: Tier) -> int | None:
        return next(row for row in self.times if row.code == code).for_tier(tier)

    def outcomes_of(self, act: Act, role: Role, kind: SubmissionKind | None = None) -> tuple[Outcome, ...]:
        """What this role may answer: its own list for this kind, its own list, otherwise the list of the act."""
        rows = [row for row in self.outcomes if row.act is act and row.role in (role, None)]
        rows = [row for row in rows if not row.kinds or kind in row.kinds]
        return min(rows, key=lambda row: (row.role is None, not row.kinds)).outcomes
