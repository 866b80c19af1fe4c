"""What the safety officer recommends and the executive decides; and an approval on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from governance.approval.interim.rules import OUTCOMES, Said
from governance.permissions import Role
from governance.web import uploads
from governance.web.fields import DateField, FileField, RadioField, StringField, TextAreaField
from governance.web.forms import Form

HINTS = {
    "continue": "As it is used now, until it is assured.",
    "restrict": "For some patients, sites or tasks only, or with more checking.",
    "stop": "It is suspended at once, and staff are told what to do instead.",
}


class InterimForm(Form):
    """Continue, restrict or stop. The day for the re-assurance is asked of the executive alone."""

    outcome = RadioField(
        "What happens to its use meanwhile?", size="m", required="Choose what happens to its use",
        choices=tuple(OUTCOMES.items()), hints=HINTS, reveals={"restrict": "restriction", "stop": "fallback"},
    )  # fmt: skip
    restriction = TextAreaField("How is its use restricted?", max_length=1000, rows=3)
    fallback = TextAreaField("What do staff do instead?", hint="They read this first.", max_length=1000, rows=3)
    reason = TextAreaField("Why?", required="Give the reason", max_length=2000, rows=4, size="m")
    submission_due_on = DateField("By when is its re-assurance submitted?", size="m")

    @classmethod
    def for_role(cls, role: Role, latest: date) -> InterimForm:
        """The form as one of the two roles sees it. `latest`: the last day that may be set."""
        form: InterimForm = cls(data={"submission_due_on": latest})
        if role is not Role.AUTHORISING_EXECUTIVE:
            del form.submission_due_on
            later = "It is suspended once the executive decides. You may suspend it at once yourself."
            form["outcome"].hints = HINTS | {"stop": later}
        else:
            form["submission_due_on"].hint = f"At most {latest.day} {latest:%B %Y}. Not needed if its use stops."
        return form

    def said(self) -> Said:
        """What the page says."""
        due: Any = self["submission_due_on"].data if "submission_due_on" in self else None
        return Said(
            outcome=self.outcome.data or "",
            reason=self.reason.data or "",
            restriction=self.restriction.data or "",
            fallback=self.fallback.data or "",
            submission_due_on=due,
        )


class EarlierForm(Form):
    """An approval made elsewhere: a file, or its words."""

    title = StringField(
        "What was approved?", hint="For example, Use in two clinics, digital board of 4 May 2024.",
        required="Say what was approved",
    )  # fmt: skip
    file = FileField("The paper", hint="PDF, Word, Excel, PNG, JPG, CSV or text.", accept=uploads.accept(uploads.DOCUMENTS))
    words = TextAreaField("Or what it says, if there is no file", max_length=4000, rows=4)
    issuer = StringField("Who approved it?")
    issued_on = DateField("When?")
