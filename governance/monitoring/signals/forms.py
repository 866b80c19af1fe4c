"""Taking a signal up, and closing it with what was found."""

from __future__ import annotations

from governance.web.fields import TextAreaField
from governance.web.forms import VersionedForm


class TakeUpForm(VersionedForm):
    """A button that says which state of the signal it saw, and what is done first."""

    text = TextAreaField("What will you do first? (optional)", rows=2, max_length=1000)


class CloseForm(VersionedForm):
    """What was found and done."""

    text = TextAreaField(
        "What was found, and what was done?",
        hint="No patient details. Partners see that a signal was closed, not this text.",
        rows=4, max_length=2000, required="Say what was found and what was done",
    )  # fmt: skip
