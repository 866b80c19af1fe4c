"""The form with which work is handed over for some days."""

from governance.web.fields import DateField, SelectField, StringField
from governance.web.forms import Form


class HandOverForm(Form):
    """To whom, from when to when, and why."""

    to = SelectField("Who acts for you?", choices=[], required="Choose who acts for you")
    starts_on = DateField("First day", required="Enter the first day")
    ends_on = DateField("Last day", required="Enter the last day")
    reason = StringField(
        "Why", hint="For example: annual leave. The other person and the organisation’s administrators read it.",
        max_length=200, required="Say why, for example annual leave",
    )  # fmt: skip


class EndHandOverForm(Form):
    """One button."""
