"""One form for each kind of addition, the day on which one ends, and the decision to go on under a newer policy."""

from __future__ import annotations

from typing import Any

from governance.lifecycle import Stage
from governance.policy import Policy, Tier, additions
from governance.policy.rules import added
from governance.policy.schema import Depth, Form
from governance.web.fields import (
    CheckboxesField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from governance.web.forms import Form as Base
from governance.web.forms import VersionedForm

STAGES = [(stage.value, stage.label) for stage in Stage if stage is not Stage.PIPELINE]
TIERS = [(tier.value, tier.value.capitalize()) for tier in reversed(Tier)]
DEPTHS = [(Depth.FULL.value, "In full"), (Depth.SHORT.value, "In short, where it has a short form")]


class AdditionForm(Base):
    """What every kind of addition says: where it counts, since when, who decided it and why."""

    stages = CheckboxesField("At which stages?", choices=STAGES, required="Choose at least one stage")
    tiers = CheckboxesField("At which tiers?", choices=TIERS, hint="Choose none for all of them.")
    when = SelectField("Only for some tools?", blank="For every tool", hint="The words are those of the policy.")
    instrument = StringField(
        "What decided it", hint="For example: AI board, minute 7 of 3 May 2027", required="Say what decided it", max_length=200
    )
    reason = TextAreaField(
        "Why it is asked", hint="Everybody who reads the register here sees it.", required="Say why it is asked", max_length=1000
    )
    starts_on = DateField("From which day", required="Enter the day from which it is asked")

    def what(self) -> dict[str, Any]:
        """The plain values, as `operations.add` takes them."""
        said: dict[str, Any] = {"stages": self.stages.data or []}
        if self.tiers.data:
            said["tiers"] = self.tiers.data
        if self.when.data:
            said["when"] = [self.when.data]
        return said | {name: self[name].data for name in ("question_set", "depth", "role", "needs") if name in self}


class RequirementForm(AdditionForm):
    question_set = SelectField("What is asked?", required="Choose what is asked")
    depth = RadioField("How deep?", choices=DEPTHS, required="Choose how deep it is asked")


class SignerForm(AdditionForm):
    role = RadioField("Which role?", required="Choose a role")


class PanelForm(AdditionForm):
    role = RadioField("Which role?", required="Choose a role")
    needs = IntegerField("How many holders must agree?", at_least=2, at_most=9, required="Enter how many must agree", width=2)


FORMS: dict[str, type[AdditionForm]] = {
    "requirement": RequirementForm,
    "signer": SignerForm,
    "panel": PanelForm,
    "independent": AdditionForm,
}
ORDER = ("question_set", "depth", "role", "needs", "stages", "tiers", "when", "instrument", "reason", "starts_on")


def made(kind: str, policy: Policy) -> AdditionForm:
    """The form for a kind, with what the policy has to choose from."""
    form = FORMS[kind]()
    form.when.choices = [(row.word, row.label.capitalize()) for row in policy.conditions if row.fact or row.any_of]
    if "question_set" in form:
        rows = [row for row in policy.requirements if row.depth and row.form is not Form.DECISION]
        form["question_set"].choices = [(row.question_set, row.title) for row in rows]
    if "role" in form:
        roles = sorted(added.SIGNERS | added.ADVISERS) if kind == "signer" else additions.panel_roles()
        does = {role: "advises" if role in added.ADVISERS else "signs" for role in roles}
        form["role"].choices = [(role.value, f"{role.heading}: {does[role]}") for role in roles]
    return form


class EndForm(VersionedForm):
    """The first day on which it is asked no more."""

    ended_on = DateField("From which day is it asked no more?", required="Enter the day from which it is asked no more")


class MoveForm(VersionedForm):
    """Why an open submission goes on under a newer policy."""

    mark = HiddenField()
    reason = TextAreaField(
        "Why does it go on under the newer policy?",
        hint="Everybody who reads this submission sees it.",
        required="Give a reason",
        max_length=1000,
    )
