"""Forms of suspending and resuming. None holds more than two things to write: it must be quick."""

from governance.web.fields import CheckboxesField, SelectField, StringField, TextAreaField
from governance.web.forms import Form


class SuspendForm(Form):
    """Why, and what staff do instead."""

    reason = TextAreaField(
        "Why is it suspended?",
        hint="What was seen, and when. No patient details.",
        required="Say why it is suspended",
        rows=4,
        max_length=2000,
    )
    fallback = TextAreaField(
        "What do staff do instead, from now on?",
        hint="In words that staff can follow at once. For example: report every image in the order it was taken.",
        required="Say what staff do instead",
        rows=4,
        max_length=2000,
    )
    signal = SelectField("Which signal led to it?", hint="Leave it open if none did.")


class StoppedForm(Form):
    """Sites where use has stopped."""

    sites = CheckboxesField("Where has its use stopped?", required="Choose the sites where use has stopped")
    note = StringField("How was it confirmed?", hint="For example: the list switched off at 14:20", max_length=300)


class ResumeForm(Form):
    """Why use may go on."""

    reason = TextAreaField(
        "Why may its use resume?",
        hint="What was found, what was changed, and how you know that it helps.",
        rows=4,
        max_length=2000,
    )


class AskForm(Form):
    """What another organisation is asked for."""

    reason = TextAreaField(
        "Why should its use stop?",
        hint="The organisation that uses it reads this, and decides. No patient details.",
        required="Say why its use should stop",
        rows=5,
        max_length=2000,
    )


class DeclineForm(Form):
    """Why its use goes on."""

    answer = TextAreaField(
        "Why does its use go on?",
        hint="Whoever asked reads this.",
        required="Say why its use goes on",
        rows=4,
        max_length=2000,
    )
