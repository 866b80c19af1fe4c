"""The decision of one role, made for the outcomes that policy gives it; and the forms of conditions and go-live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import wtforms
from markupsafe import Markup
from wtforms import FieldList, FormField

from governance.approval.rules import NewCondition
from governance.assessment.evidence.forms import FILES
from governance.lifecycle import Stage
from governance.permissions import Role
from governance.policy.rules import Turn
from governance.policy.schema import Act, Outcome
from governance.web import uploads
from governance.web.fields import (
    CheckboxField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from governance.web.forms import Form, VersionedForm

KINDS = (("before", "Before the decision takes effect"), ("after", "After, by the date below"))
STAGE = "stage:"
"""Begins the choice of a condition that counts before a later stage: `stage:implementation`."""
NEVER_OWNERS = (Role.AUDITOR, Role.BOARD_MEMBER, Role.ORGANISATION_ADMINISTRATOR)
OWNERS = tuple((role.value, role.heading) for role in Role if role.is_person and role not in NEVER_OWNERS)
MOST = 10


class ConditionEntry(wtforms.Form):
    """One condition: what, by whom, when, and what would show it."""

    text = TextAreaField("What must be met", max_length=1000, rows=2)
    owner_role = SelectField("By whom", choices=OWNERS)
    kind = RadioField("When it counts", choices=KINDS)
    due_on = DateField("By when", hint="Not needed where it counts before a later stage.")
    evidence_asked = StringField("What would show it (optional)", max_length=300)

    @property
    def is_blank(self) -> bool:
        return all(field.is_blank() for field in (self.text, self.owner_role, self.due_on, self.evidence_asked))

    @property
    def stage(self) -> Stage | None:
        """The later stage that it counts before, where that was chosen."""
        chosen = str(self.kind.data or "")
        return next((stage for stage in Stage if chosen == f"{STAGE}{stage.value}"), None)

    def said(self, latest: date) -> NewCondition:
        """The condition as set. `latest`: the day kept of one that counts before a stage."""
        return NewCondition(
            text=self.text.data, owner_role=self.owner_role.data, kind="after" if self.stage else self.kind.data,
            due_on=latest if self.stage else self.due_on.data, evidence_asked=self.evidence_asked.data or "",
            before_stage=self.stage,
        )  # fmt: skip

    def is_whole(self, number: int) -> bool:
        """Whether nothing is missing; what is missing is said at its field."""
        wants = (
            (self.text, f"Say what condition {number} asks for"),
            (self.owner_role, f"Choose who must meet condition {number}"),
            (self.kind, f"Choose when condition {number} counts"),
            *(() if self.stage else ((self.due_on, f"Enter the day by which condition {number} must be met"),)),
        )
        for field, sentence in wants:
            if field.is_blank() and not field.errors:
                field.errors = [sentence]
        return not any(field.errors for field in self)


class ConditionEntries(FieldList):
    """Conditions under the outcome that sets them, drawn one below the other."""

    def __call__(self, **_: Any) -> Markup:
        drawn = Markup("")
        for number, entry in enumerate(self.entries, 1):
            heading = Markup('<h3 class="condition__number">Condition {}</h3>').format(number)
            fields = Markup("").join(field() for field in entry.form)
            drawn += Markup('<div class="condition">') + heading + fields + Markup("</div>")
        if len(self.entries) < MOST:
            another = self._form["another"]
            drawn += another()
        return drawn


class Deferral(wtforms.Form):
    """Why and until when a decision is deferred."""

    because = TextAreaField("Why is it deferred?", max_length=2000, rows=3)
    until = DateField("Deferred until")


class Together(FormField):
    """A form inside a form, drawn as its fields."""

    def __call__(self, **_: Any) -> Markup:
        return Markup("").join(field() for field in self.form)


class DecisionForm(Form):
    """What one role says. Made by `decision_form`, which adds the fields that its outcomes need."""

    outcome: Any
    turn: Turn
    latest: date

    @property
    def chosen(self) -> Outcome | None:
        """The outcome chosen, once validated."""
        return next((each for each in self.turn.outcomes if each.code == self.outcome.data), None)

    @property
    def reason(self) -> str:
        """The reason given under the outcome chosen, or why advice is not followed."""
        code = self.outcome.data or ""
        if code == "defer":
            return str(self["deferral"].form.because.data or "")
        own = self._data(f"because_{code}")
        return str(own or (self._data("against") if self.chosen and not self.chosen.ends_round else "") or "")

    @property
    def ends_on(self) -> date | None:
        """The last day of the approval, or of the deferral."""
        if self.outcome.data == "defer":
            found: date | None = self["deferral"].form.until.data
            return found
        until: date | None = self._data("until")
        return until

    @property
    def reconfirms(self) -> bool:
        """Whether unchanged sections are re-confirmed."""
        return bool(self._data("confirms"))

    @property
    def wants_another(self) -> bool:
        """Whether the button that adds a condition was pressed."""
        return bool(self._data("another"))

    def add_condition(self) -> None:
        """Room for one more condition."""
        self["conditions"].append_entry()

    def conditions_set(self) -> list[NewCondition]:
        """The conditions set with the outcome chosen, blank ones left out."""
        if self.chosen is None or not self.chosen.conditions:
            return []
        return [entry.said(self.latest) for entry in self._entries() if not entry.is_blank]

    def validate(self, extra_validators: Any = None) -> bool:
        """What belongs to an outcome that was not chosen is not judged."""
        super().validate(extra_validators)
        self._forget()
        if self.chosen is not None and self.chosen.conditions:
            entries = [entry for entry in self._entries() if not entry.is_blank]
            if not entries and self._entries():
                self._entries()[0].text.errors = ["Set at least one condition, or choose to approve without"]
            for number, entry in enumerate(entries, 1):
                entry.is_whole(number)
        return not any(True for _ in self.error_links())

    def _forget(self) -> None:
        """Drop errors of fields that the outcome chosen does not use."""
        code = self.outcome.data or ""
        for entry in self._entries():
            if self.chosen is None or not self.chosen.conditions or entry.is_blank:
                for field in entry:
                    field.errors = []
        if "deferral" in self and code != "defer":
            for field in self["deferral"].form:
                field.errors = []
        for field in self:
            if field.name.startswith("because_") and field.name != f"because_{code}":
                field.errors = []
        if "until" in self and self.chosen is not None and (self.chosen.ends_round or self.chosen.pauses):
            self["until"].errors = []

    def _entries(self) -> list[Any]:
        return [entry.form for entry in self["conditions"].entries] if "conditions" in self else []

    def _data(self, name: str) -> Any:
        return self[name].data if name in self else None


def decision_form(
    turn: Turn, *, latest: date, unchanged: str = "", against: str = "", limit: date | None = None, stages: Sequence[Stage] = (),
    suggested: Sequence[str] = (),
) -> DecisionForm:  # fmt: skip
    """The form for a turn's outcomes.

    `unchanged` is the label of the box that re-confirms; `against` says which advice a role must give a reason for
    deciding against; `limit` is the last day an approval may last, for whoever authorises, and `latest` the same for
    everybody; `stages` are the later stages that a condition may count before; `suggested` are texts that stand in the
    first conditions until somebody changes them.
    """
    fields: dict[str, Any] = {"turn": turn, "latest": latest}
    reveals: dict[str, str] = {}
    if unchanged:
        fields["confirms"] = CheckboxField(unchanged)
    if turn.act is Act.AUTHORISE and limit is not None:
        fields["until"] = DateField(
            "Approved until", hint=f"At most {limit.day} {limit:%B %Y}, as the policy allows.",
            required="Enter the last day of the approval",
        )  # fmt: skip
    for outcome in turn.outcomes:
        for name, field in _under(outcome, stages):
            fields[name] = field
            reveals[outcome.code] = name
    if any(outcome.conditions for outcome in turn.outcomes):
        fields["another"] = SubmitField("Add another condition", variant="secondary")
    if against:
        fields["against"] = TextAreaField("Why you decide against the advice", hint=against, max_length=2000, rows=3)
    fields["outcome"] = RadioField(
        "Your decision" if turn.act is not Act.ADVISE else "Your advice",
        choices=[(outcome.code, outcome.label) for outcome in turn.outcomes],
        reveals=reveals,
        required="Choose what you decide" if turn.act is not Act.ADVISE else "Choose what you advise",
    )
    made = type("OneDecisionForm", (DecisionForm,), fields)
    form: DecisionForm = made(data={"until": limit, "conditions": [{"text": text[:1000]} for text in suggested[:MOST]]})
    return form


def _under(outcome: Outcome, stages: Sequence[Stage]) -> Iterator[tuple[str, Any]]:
    if outcome.conditions:
        yield "conditions", ConditionEntries(FormField(_entry(stages)), min_entries=1, max_entries=MOST)
    elif outcome.pauses:
        yield "deferral", Together(Deferral)
    elif outcome.reason:
        yield f"because_{outcome.code}", TextAreaField(_asked(outcome), max_length=2000, rows=3)


def _entry(stages: Sequence[Stage]) -> type[ConditionEntry]:
    """A condition that may also count before one of these stages."""
    later = tuple((f"{STAGE}{stage.value}", f"Before {stage.label}") for stage in stages)
    fields = {
        "kind": RadioField("When it counts", choices=(KINDS[0], *later, KINDS[1])),
        # said again, so that they stay below the choice that speaks of “the date below”
        "due_on": DateField("By when", hint="Not needed where it counts before a later stage."),
        "evidence_asked": StringField("What would show it (optional)", max_length=300),
    }
    return type("StagedEntry", (ConditionEntry,), fields)


def _asked(outcome: Outcome) -> str:
    if outcome.label.endswith("…"):
        return "Subject to what?"
    return "What is missing?" if outcome.code == "return_for_information" else "Why?"


class RecuseForm(Form):
    """Why somebody steps back."""

    reason = TextAreaField(
        "What is the conflict?", hint="Colleagues of this organisation read it. Name no patient.", max_length=2000, rows=3,
        required="Say what the conflict of interest is",
    )  # fmt: skip


class ResumeForm(Form):
    """One button: take a deferred decision up again."""


class OfferForm(VersionedForm):
    """How a condition is met."""

    text = TextAreaField(
        "How is it met?", hint="Say what was done and where the evidence is kept.", max_length=2000, rows=4, size="m",
        required="Say how the condition is met",
    )  # fmt: skip
    held = SelectField("Evidence you already hold (optional)", blank="None of these")
    file = FileField("Or attach a file (optional)", hint=FILES, accept=uploads.accept(uploads.DOCUMENTS))


class SettleForm(VersionedForm):
    """Confirming or waiving a condition."""

    settle = RadioField(
        "Is it met?", size="m", required="Choose met or waived",
        choices=(("met", "Yes, it is met"), ("waived", "It is waived")),
        hints={"waived": "It need not be met. Say why, for whoever reads this in two years."},
    )  # fmt: skip
    text = TextAreaField(
        "What did you see, or why is it waived?", max_length=2000, rows=4, size="m", required="Say it in a sentence",
    )  # fmt: skip


class GoLiveForm(Form):
    """The go-live record."""

    went_live_on = DateField("When did it go live?", required="Enter the day it went live")
    sites = StringField("At which sites?", max_length=500, required="Say at which sites it is live", width="30")
    share_trained = IntegerField(
        "How many of the staff who use it are trained?", suffix="%", width=3, at_most=100,
        required="Enter the share of staff trained",
    )  # fmt: skip
    confirmed_by = SelectField("Who confirmed it?", required="Choose who confirmed it")
