"""Forms for asking, answering and giving a section to a colleague."""

from governance.web.fields import DateField, SelectField, StringField, TextAreaField
from governance.web.forms import Form, VersionedForm


class AskForm(Form):
    """A question about one thing."""

    text = TextAreaField(
        "Your question",
        hint="Ask one thing. Do not write anything about a patient. It is kept with the record, and others here can read it.",
        required="Write your question",
        rows=4,
        max_length=2000,
    )


class ReplyForm(VersionedForm):
    """A reply."""

    text = TextAreaField(
        "Your answer", hint="Do not write anything about a patient.", required="Write your answer", rows=4, max_length=2000
    )


class CloseForm(VersionedForm):
    """Nothing to fill: the asker says it is settled."""


class AssignForm(Form):
    """Who has a section, and by when."""

    person = SelectField("Colleague", choices=(), required="Choose a person")
    due_on = DateField("By when (optional)", hint="For example, 1 5 2027")
    note = StringField("What you ask of them (optional)", max_length=300)
