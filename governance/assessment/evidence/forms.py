"""The form for attaching evidence, and the one that also offers what is held already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from governance.assessment.evidence.models import Evidence
from governance.policy import policy
from governance.web import uploads
from governance.web.fields import CheckboxField, DateField, FileField, RadioField, SelectField, StringField
from governance.web.forms import Form

FILES = "PDF, Word, Excel, PNG, JPG, CSV or text."


class AttachForm(Form):
    """A file or a link, with what makes it evidence."""

    title = StringField("What is it called?", required="Enter what it is called")
    kind = RadioField("What kind of evidence is it?", required="Choose what kind of evidence it is")
    file = FileField("File", hint=FILES, accept=uploads.accept(uploads.DOCUMENTS))
    url = StringField("Or a link to where it is kept", max_length=500, type="url", spellcheck=False)
    issuer = StringField("Who issued it?", hint="For example, the certifying body or the supplier.")
    standard = StringField("Standard and version", hint="For example, Cyber Essentials 3.3.", width=20)
    issued_on = DateField("Issued on")
    expires_on = DateField("Expires on", hint="Leave empty if it has no expiry date, or if the kind sets it.")
    shareable = CheckboxField("Partners may see this item")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = policy().evidence_validity
        self.kind.choices = [(row.kind, row.label) for row in rows]
        self.kind.hints = {row.kind: f"Counts for {row.months} months from its issue." for row in rows if row.months}


class SupportForm(AttachForm):
    """Evidence for one thing: one that is held already, or a new one."""

    held = SelectField("Evidence you already hold", blank="Attach something new instead")

    def __init__(self, *args: Any, offered: Iterable[Evidence] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held.choices = [(item.id, label(item)) for item in offered]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """What is held already needs nothing more."""
        valid = super().validate(*args, **kwargs)
        if self.held.data is None or self.held.errors:
            return bool(valid)
        for field in self:
            if field is not self.held and field.name != "csrf_token":
                field.errors = []
        return not self["csrf_token"].errors if "csrf_token" in self else True


def label(item: Evidence) -> str:
    """One item in a list to choose from: its title, who issued it and the day it was issued."""
    said = [item.title, item.issuer, f"issued {item.issued_on:%-d %B %Y}" if item.issued_on else ""]
    return ", ".join(part for part in said if part)
