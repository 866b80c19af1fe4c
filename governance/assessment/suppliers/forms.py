"""The forms of this room: the file of a form, whom to ask, and a file of the supplier's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from governance import clock
from governance.assessment.suppliers import rules
from governance.policy import policy
from governance.web import uploads
from governance.web.fields import DateField, EmailField, FileField, RadioField, StringField, TextAreaField
from governance.web.forms import Form
from governance.web.wording import long_date


class FilledFormForm(Form):
    """The supplier's filled form."""

    file = FileField(
        "The supplier’s filled DTAC form", hint="Version 2.0, as Word (DOCX) or OpenDocument (ODT).", required="Choose the form",
        accept=uploads.accept(uploads.FORMS),
    )  # fmt: skip


class AskForm(Form):
    """Whom to ask, and until when."""

    name = StringField("Name of the supplier’s contact", required="Enter the contact’s name")
    email = EmailField("Their e-mail address", required="Enter the contact’s e-mail address")
    note = TextAreaField("What you want to tell them", hint="Optional. They see it above the questions.", rows=3, max_length=2000)
    until = DateField("Last day the link works", required="Enter the last day the link works")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        usual = clock.today() + timedelta(days=rules.USUAL_DAYS)
        super().__init__(*args, data={"until": usual}, **kwargs)
        latest = clock.today() + timedelta(days=rules.MOST_DAYS)
        self.until.hint = f"{rules.USUAL_DAYS} days unless you say otherwise. {long_date(latest)} at the latest."


class SupplierFileForm(Form):
    """A file that the supplier's contact attaches to an answer."""

    title = StringField("What is it called?", required="Enter what it is called")
    kind = RadioField("What is it?", required="Choose what it is")
    file = FileField(
        "File", hint="PDF, Word, Excel, PNG, JPG, CSV or text.", required="Choose a file",
        accept=uploads.accept(uploads.DOCUMENTS),
    )  # fmt: skip
    issued_on = DateField("Issued on", hint="For a certificate or a test, the day on it.")
    expires_on = DateField("Expires on", hint="Leave empty if it has no expiry date.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(row.kind, row.label) for row in policy().evidence_validity if row.kind != "earlier_approval"]
