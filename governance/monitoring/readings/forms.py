"""Forms of figures and indicators. Which fields the pages of several indicators have is made for what they ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from governance.assessment.plans.texts import DIRECTIONS, FREQUENCIES
from governance.monitoring.readings import rules
from governance.monitoring.readings.operations import Setting
from governance.monitoring.readings.rules import Entry
from governance.web.fields import (
    CheckboxField,
    DateField,
    DecimalField,
    FileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from governance.web.forms import Form, VersionedForm

OWNERS = tuple((role.value, role.heading) for role in rules.OWNERS)
BOUNDS: dict[str, Any] = {"at_least": Decimal(-(10**12)), "at_most": Decimal(10**12), "width": 10}
LIMITS = "Beyond it a red signal opens. Leave it empty where the chart alone decides."


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure that a page asks for: the indicator by number, the first day of its period, and its words."""

    number: int
    period_on: date
    label: str
    unit: str

    @property
    def field(self) -> str:
        return f"value-{self.number}-{self.period_on.isoformat()}"


class EnterForm(Form):
    """Figures of one month: for each one asked a value and a note."""

    asked: tuple[Asked, ...] = ()

    def entries(self) -> list[Entry]:
        """What was typed. What cannot be read is said at its field; ask `faultless` afterwards."""
        found = []
        for each in self.asked:
            typed, note = str(self[each.field].data or ""), str(self[note_of(each)].data or "")
            value, fault = rules.read_value(typed)
            if value is not None:
                found.append(Entry(each.number, each.period_on, value, note))
            elif typed:
                self.add_error(f"{each.label} {fault}", each.field)
            elif note:
                self.add_error(f"Enter the figure for {each.label}, or clear its note", each.field)
        return found

    @property
    def faultless(self) -> bool:
        return not any(field.errors for field in self)


def note_of(asked: Asked) -> str:
    """The name of the field for the note of a figure."""
    return asked.field.replace("value", "note", 1)


def enter_form(asked: Sequence[Asked]) -> EnterForm:
    """The form that asks for these figures."""
    fields: dict[str, Any] = {"asked": tuple(asked)}
    for each in asked:
        suffix = {"suffix": each.unit} if each.unit and len(each.unit) <= 20 else {}
        fields[each.field] = StringField(
            each.label, called=each.label, width=10, inputmode="decimal", max_length=40, size="s", **suffix
        )
        fields[note_of(each)] = StringField("Note (optional)", max_length=300, called=f"Note on {each.label}")
    made: EnterForm = type("EnterForm", (EnterForm,), fields)()
    return made


class CorrectForm(Form):
    """A correction of one figure."""

    value = StringField("The figure", width=10, inputmode="decimal", max_length=40, required="Enter the figure")
    note = TextAreaField(
        "Why is it corrected?", hint="It is kept beside both figures. No patient details.", rows=2, max_length=300,
        required="Say why it is corrected",
    )  # fmt: skip


class UploadForm(Form):
    """A file of figures."""

    file = FileField("The file", accept=".csv,.xlsx", hint="CSV or XLSX, at most 20 MB.")


class IndicatorForm(Form):
    """One thing to be measured that the plan does not name."""

    name = StringField("What is measured", hint="For example, urgent findings missed", required="Say what is measured")
    source = StringField("Where the figure comes from", hint="The system, report or audit", max_length=300)
    unit = StringField("Counted in (optional)", hint="For example %, in 1,000 or minutes", max_length=60, width=20)
    direction = RadioField("Which way is better?", choices=DIRECTIONS, required="Choose which way is better")
    frequency = SelectField("How often", choices=FREQUENCIES, required="Choose how often it is measured")
    target = DecimalField("Target (optional)", hint="The number alone", **BOUNDS)
    limit_low = DecimalField("Lower limit (optional)", hint=LIMITS, **BOUNDS)
    limit_high = DecimalField("Upper limit (optional)", hint=LIMITS, **BOUNDS)
    owner = StringField("Who looks at it", hint="A role or a team", required="Say who looks at it")
    owner_role = SelectField("Whose turn a signal is", choices=OWNERS, required="Choose whose turn a signal is")
    first_period_on = DateField(
        "Figures are expected from", hint="Any day of the first period. For example, 1 10 2026",
        required="Enter from when figures are expected",
    )  # fmt: skip

    def setting(self) -> Setting:
        """What is set."""
        asked = ("direction", "frequency", "owner_role", "first_period_on", "target", "limit_low", "limit_high")
        given: dict[str, Any] = {name: self[name].data for name in asked}
        given |= {name: str(self[name].data or "") for name in ("name", "source", "unit", "owner")}
        aim = rules.said(given["target"], given["unit"]) if given["target"] is not None else ""
        return Setting(**given, target_text=aim)


class ChangeForm(VersionedForm):
    """What may change about an indicator, with its reason. Its name, direction and frequency do not: add another."""

    target = DecimalField("Target", hint="The number alone", **BOUNDS)
    limit_low = DecimalField("Lower limit", hint=LIMITS, **BOUNDS)
    limit_high = DecimalField("Upper limit", hint=LIMITS, **BOUNDS)
    unit = StringField("Counted in", max_length=60, width=20)
    source = StringField("Where the figure comes from", max_length=300)
    owner = StringField("Who looks at it")
    owner_role = SelectField("Whose turn a signal is", choices=OWNERS, required="Choose whose turn a signal is")
    reason = TextAreaField("Why does it change?", rows=3, max_length=1000, required="Say why it changes")

    def changed(self) -> dict[str, Any]:
        """Every value as it should be; operations find what differs."""
        texts = {name: self[name].data or "" for name in ("unit", "source", "owner", "owner_role")}
        return texts | {name: self[name].data for name in ("target", "limit_low", "limit_high")}


class EndForm(VersionedForm):
    """Why it is not measured any more."""

    reason = TextAreaField("Why is it not measured any more?", rows=3, max_length=1000, required="Say why")


class RebaseForm(Form):
    """From which period on new limits count, and why."""

    period = SelectField("New limits begin with", required="Choose the period with which new limits begin")
    reason = TextAreaField(
        "What changed, why, and why will it last?", hint="For example, a second reader since May, here to stay.", rows=4,
        max_length=1000, required="Say what changed, why, and why it will last",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """One indicator as the plan's words have it. `n` counts them on the page."""

    n: int
    name: str
    source: str
    direction: str
    frequency: str
    target_text: str
    owner: str


class SetUpForm(Form):
    """What the plan names, prefilled: which are measured, with target, limits and owner as numbers and roles."""

    planned: tuple[Planned, ...] = ()
    first_period_on = DateField(
        "Figures are expected from", hint="Any day of the first period. Earlier figures may be brought in too.",
        required="Enter from when figures are expected",
    )  # fmt: skip

    def settings(self, revision: int) -> list[Setting]:
        """What is set for each one ticked, in the order of the page."""
        return [
            Setting(
                name=each.name, source=each.source, direction=each.direction, frequency=each.frequency,
                target_text=each.target_text, owner=each.owner, plan_revision=revision,
                first_period_on=self.first_period_on.data, owner_role=self[f"owner_role-{each.n}"].data,
                unit=self[f"unit-{each.n}"].data or "", target=self[f"target-{each.n}"].data,
                limit_low=self[f"limit_low-{each.n}"].data, limit_high=self[f"limit_high-{each.n}"].data,
            )
            for each in self.ticked()
        ]  # fmt: skip

    def ticked(self) -> list[Planned]:
        """Those to be measured."""
        return [each for each in self.planned if self[f"take-{each.n}"].data]

    def codes(self) -> dict[str, str]:
        """The field of each blocker's code: they count what is ticked."""
        names = ("target", "limit_low", "limit_high", "owner_role", "unit")
        return {f"{n}.{name}": f"{name}-{each.n}" for n, each in enumerate(self.ticked()) for name in names}

    def drawn(self) -> Iterator[tuple[Planned, list[Any]]]:
        """Each indicator with its fields."""
        for each in self.planned:
            names = ("take", "target", "unit", "limit_low", "limit_high", "owner_role")
            yield each, [self[f"{name}-{each.n}"] for name in names]


def set_up_form(planned: Sequence[Planned], owners: Sequence[str], first: date) -> SetUpForm:
    """The form for these indicators. `owners`: the role proposed for each."""
    fields: dict[str, Any] = {"planned": tuple(planned)}
    stored: dict[str, Any] = {"first_period_on": first}
    for each, owner in zip(planned, owners, strict=True):
        n, plain = each.n, rules.target_in(each.target_text)
        fields |= {
            f"take-{n}": CheckboxField("Measure this"),
            f"target-{n}": DecimalField("Target", hint=f"The plan says: {each.target_text or 'nothing'}", **BOUNDS),
            f"unit-{n}": StringField("Counted in", max_length=60, width=20),
            f"limit_low-{n}": DecimalField("Lower limit (optional)", hint=LIMITS, **BOUNDS),
            f"limit_high-{n}": DecimalField("Upper limit (optional)", hint=LIMITS, **BOUNDS),
            f"owner_role-{n}": SelectField("Whose turn a signal is", choices=OWNERS, hint=f"The plan says: {each.owner}"),
        }
        stored |= {
            f"take-{n}": True,
            f"owner_role-{n}": owner,
            **({f"target-{n}": plain[0], f"unit-{n}": plain[1]} if plain else {}),
        }
    made: SetUpForm = type("SetUpForm", (SetUpForm,), fields)(data=stored)
    return made
