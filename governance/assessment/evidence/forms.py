"""The form for attaching evidence, the one that also offers what is held already, and closing a supplier's task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from governance.assessment.evidence import queries, rules
from governance.assessment.evidence.models import Evidence
from governance.permissions import Actor
from governance.policy import policy
from governance.web import uploads
from governance.web.fields import (
    CheckboxField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from governance.web.forms import Form

FILES = "PDF, Word, Excel, PNG, JPG, CSV or text."


class AttachForm(Form):
    """A file or a link, with what makes it evidence. `by`: whose tools' versions and suppliers are offered."""

    title = StringField("What is it called?", required="Enter what it is called")
    kind = RadioField("What kind of evidence is it?", required="Choose what kind of evidence it is")
    file = FileField("File", hint=FILES, accept=uploads.accept(uploads.DOCUMENTS))
    url = StringField("Or a link to where it is kept", max_length=500, type="url", spellcheck=False)
    issuer = StringField("Who issued it?", hint="For example, the certifying body or the supplier.")
    standard = StringField("Standard", hint="For example, Cyber Essentials Plus or ISO/IEC 27001.", width=20)
    standard_version = StringField("Version of the standard", hint="For example, 3.3.", width=10, max_length=60)
    tool_version = SelectField("Tool version it covers", blank="No version in particular")
    supplier = SelectField(
        "Supplier whose own return it is", blank="Not a return of the supplier itself",
        hint="For example, its DSPT or Cyber Essentials. One renewal then counts for all its tools here.",
    )  # fmt: skip
    issued_on = DateField("Issued on")
    expires_on = DateField("Expires on", hint="Leave empty if it has no expiry date, or if the kind sets it.")
    shareable = CheckboxField("Partners may see this item")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = policy().evidence_validity
        self.kind.choices = [(row.kind, row.label) for row in rows]
        self.kind.hints = {row.kind: f"Counts for {row.months} months from its issue." for row in rows if row.months}
        self.tool_version.choices = queries.versions(by)
        self.supplier.choices = queries.suppliers(by)

    def said(self) -> dict[str, Any]:
        """What a filled form says of the item, as `operations.Described` takes it."""
        return {
            "title": self.title.data, "kind": self.kind.data, "url": self.url.data or "", "issuer": self.issuer.data or "",
            "standard": self.standard.data or "", "standard_version": self.standard_version.data or "",
            "tool_version_id": self.tool_version.data or None, "supplier_id": self.supplier.data or None,
            "issued_on": self.issued_on.data, "expires_on": self.expires_on.data, "shareable": bool(self.shareable.data),
        }  # fmt: skip


class SupportForm(AttachForm):
    """Evidence for one thing: one that is held already, or a new one."""

    held = SelectField("Evidence you already hold", blank="Attach something new instead")

    def __init__(self, *args: Any, offered: Iterable[Evidence] = (), on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held.choices = [(item.id, label(item, on)) for item in offered]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """What is held already needs nothing more."""
        valid = super().validate(*args, **kwargs)
        if self.held.data is None or self.held.errors:
            return bool(valid)
        for field in self:
            if field is not self.held and field.name != "csrf_token":
                field.errors = []
        return not self["csrf_token"].errors if "csrf_token" in self else True


class CloseForm(Form):
    """Closing a supplier's task without a newer return."""

    reason = TextAreaField(
        "Why is no newer return needed?", hint="For example, the supplier is no longer used.", max_length=1000, rows=3,
        required="Say why no newer return is needed",
    )  # fmt: skip


def label(item: Evidence, on: date | None = None) -> str:
    """One item in a list to choose from: its title, who issued it and the day it was issued; on a day, whether it expired."""
    said = [item.title, item.issuer, f"issued {item.issued_on:%-d %B %Y}" if item.issued_on else ""]
    if on is not None and rules.is_expired(item.expires_on, on):
        said.append("expired")
    return ", ".join(part for part in said if part)


def filled(item: Evidence) -> dict[str, Any]:
    """What the form of a newer item begins with: what its predecessor said, but for its dates and its file."""
    return {
        "title": item.title, "kind": item.kind, "issuer": item.issuer, "standard": item.standard,
        "standard_version": item.standard_version, "tool_version": item.tool_version_id, "supplier": item.supplier_id,
        "shareable": item.shareable,
    }  # fmt: skip
