"""Forms for plans. Their texts come from `texts`, so that page, rule and pack ask for the same."""

from collections.abc import Iterable
from typing import Any

from governance.assessment.plans import texts
from governance.web.fields import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from governance.web.forms import Form

SAFETY_CHOICES = (
    ("no", "Not safety related"),
    ("yes", "Safety related"),
)


class RevisedForm(Form):
    """A form about something kept in revisions. Alone it is a button that says which revision it saw."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """The revision the writer saw; 0 where there was none. What is no number was never shown: -1 is stale."""
        sent = str(self.revision.data or "0")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1


class PlanForm(RevisedForm):
    """A plan: its texts by code. `asked` are the texts it holds, `dates` the names of its dates."""

    asked: tuple[texts.PlanText, ...] = ()
    dates: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """What was written, by code; dates as 2027-05-01."""
        written: dict[str, Any] = {text.code: self[text.code].data or "" for text in self.asked}
        return written | {name: self[name].data.isoformat() if self[name].data else "" for name in self.dates}


class RiskPlanForm(PlanForm):
    """The clinical risk management plan. It may be saved with gaps; approving it may not."""

    asked = texts.RISK_PLAN_TEXTS
    dates = ("review_on",)
    matrix_version = SelectField("Risk matrix adopted", required="Choose the risk matrix that this plan adopts")
    review_on = DateField("Next review of the plan", hint="For example, 1 11 2027")


class MonitoringPlanForm(PlanForm):
    """The monitoring plan, short: what every deployment says before it is tried on patients."""

    asked = texts.MONITORING_TEXTS
    dates = ("ends_on",)
    ends_on = DateField("End date", hint="The day this stage must have been decided again. For example, 1 5 2027")


class FullMonitoringPlanForm(MonitoringPlanForm):
    """The monitoring plan in full; its indicators are added one by one."""

    asked = texts.MONITORING_TEXTS + texts.MONITORING_FULL_TEXTS


def _ask(form: type[PlanForm], asked: Iterable[texts.PlanText]) -> None:
    for text in asked:
        setattr(form, text.code, TextAreaField(text.title, hint=text.hint, rows=4, max_length=4000))


_ask(RiskPlanForm, texts.RISK_PLAN_TEXTS)
_ask(MonitoringPlanForm, texts.MONITORING_TEXTS)
_ask(FullMonitoringPlanForm, texts.MONITORING_FULL_TEXTS)


class IndicatorForm(RevisedForm):
    """One thing that is measured."""

    name = StringField("What is measured", hint="For example, urgent findings missed", required="Say what is measured")
    source = StringField(
        "Where the figure comes from", hint="The system, report or audit", required="Say where the figure comes from"
    )
    direction = RadioField("Which way is better?", choices=texts.DIRECTIONS, required="Choose which way is better")
    target = StringField(
        "Target", hint="With its unit, for example 2 in 1,000", required="Enter the target", max_length=100
    )
    frequency = SelectField("How often", choices=texts.FREQUENCIES, required="Choose how often it is measured")
    owner = StringField("Who looks at it", hint="A role rather than a name", required="Say who looks at it")

    def content(self) -> dict[str, str]:
        """The indicator as the plan holds it."""
        return {name: self[name].data or "" for name in ("name", "source", "direction", "target", "frequency", "owner")}


class SafetyDecisionForm(RevisedForm):
    """The CSO's decision, with its reason."""

    decision = RadioField(
        "What do you decide?",
        choices=SAFETY_CHOICES,
        hints={
            "no": "Nothing it does or fails to do could contribute to harm to a patient.",
            "yes": "It could. The triage is then corrected, and a hazard log is asked for.",
        },
        required="Choose whether it is safety related",
    )
    reason = TextAreaField(
        "Why", hint="Say what it does, who sees its output, and what happens if it is wrong.", required="Say why"
    )
