"""Noting a change, and saying that nothing follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from governance.approval.changes.words import Choice
from governance.web.fields import DateField, RadioField, StringField, TextAreaField
from governance.web.forms import Form, VersionedForm


class NoteForm(Form):
    """What changed, from when, and in which version."""

    kind = RadioField("What changed?", required="Choose what changed", reveals={"version": "version"}, size="m")
    version = StringField(
        "The new version", max_length=60, width=10, required="Enter the new version", required_when=("kind", "version"),
        hint="As its maker writes it. For example, 2.4",
    )  # fmt: skip
    what = TextAreaField(
        "Say what changed", hint="In a sentence or two, as those who must agree will read it.", max_length=1000, rows=4,
        size="m", required="Say what changed",
    )  # fmt: skip
    effective_on = DateField("From when?", required="Enter the day from which it counts")

    @classmethod
    def offering(cls, choices: Sequence[Choice]) -> NoteForm:
        """The form with what each kind touches here, so that the consequence is read before it is saved."""
        form = cls()
        form.kind.choices = [(each.kind, each.label) for each in choices]
        form.kind.hints = {each.kind: each.consequence for each in choices}
        return form


class SettleForm(VersionedForm):
    """Nothing follows, with the reason."""

    reason = TextAreaField(
        "Why does nothing follow?", hint="For whoever reads this in two years.", max_length=1000, rows=3, size="m",
        required="Say why nothing follows from it",
    )  # fmt: skip
