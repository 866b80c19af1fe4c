"""The forms of a judgement and of taking a submission back."""

from wtforms import HiddenField

from governance.assessment.packs.rules import OUTCOMES
from governance.web.fields import RadioField, TextAreaField
from governance.web.forms import Form


class JudgeForm(Form):
    """Met, not met or query, with the reason, on the matter that the page showed."""

    digest = HiddenField()
    outcome = RadioField(
        "Is it met?",
        choices=list(OUTCOMES.items()),
        hints={
            "met": "Everything that applies meets its criterion.",
            "not_met": "It does not, and an answer to a question would not change that.",
            "query": "You need something more before you can say.",
        },
        required="Choose met, not met or query",
        size="m",
    )
    reason = TextAreaField(
        "Why?", hint="For those who sign, and for whoever reads this in two years.", required="Say why",
        max_length=2000, rows=4, size="m",
    )  # fmt: skip


class RecallForm(Form):
    """Why a submission is taken back."""

    reason = TextAreaField(
        "Why do you take it back?", hint="Everybody who reads this submission sees it.", required="Give a reason",
        max_length=1000, size="m",
    )  # fmt: skip


class SubmitForm(Form):
    """One button: freeze the pack and send it to those who must agree."""
