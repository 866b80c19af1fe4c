"""The base of every form: it draws the NHS error summary, takes refusals from operations, and knows a stale page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, FormField

from governance.errors import Conflict, Refused
from governance.web.fields import FileField, HiddenField
from governance.web.templating import component

PAGE_TOO_OLD = "This page was open for too long. Check what you entered and send it again."


class Form(FlaskForm):
    """A form of ours. A page draws `{{ form.error_summary() }}`, then `{{ form.hidden_tag() }}` and each `{{ form.field() }}`."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """Text fields get text and file fields get files, whatever was sent under their names. JSON is no form."""
            if formdata is not _Auto:
                return formdata
            if not form.is_submitted():
                return None
            for_files = {field.name for field in form if isinstance(field, FileField)}
            sent: MultiDict[str, Any] = MultiDict(
                (name, value) for name, value in request.form.items(multi=True) if name not in for_files
            )
            for name in for_files:
                sent.setlist(name, request.files.getlist(name))
            return sent

    @property
    def enctype(self) -> str:
        """What the form element must say for files to be sent."""
        uploads = any(isinstance(field, FileField) for field in self)
        return "multipart/form-data" if uploads else "application/x-www-form-urlencoded"

    def add_error(self, sentence: str, field: str = "") -> None:
        """Say what is wrong with a field, or with the whole."""
        if field:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)

    def refuse(self, refused: Refused, fields: Mapping[str, str] | None = None) -> None:
        """Show the reasons an operation refused for. `fields` says which field a blocker's code belongs to."""
        for blocker in refused.blockers:
            self.add_error(blocker.sentence, (fields or {}).get(blocker.code, ""))

    def error_links(self) -> Iterator[tuple[str, str]]:
        """(id or nothing, sentence) for each thing wrong, in the order of the page."""
        yield from (("", str(sentence)) for sentence in self.form_errors)
        for field in self:
            yield from _links(field)

    def error_summary(self, heading: str = "There is a problem") -> Markup:
        """The NHS error summary, or nothing when nothing is wrong."""
        errors = [{"text": said, **({"href": f"#{at}"} if at else {})} for at, said in self.error_links()]
        return component("error-summary", {"heading": heading, "errorList": errors}) if errors else Markup("")


class VersionedForm(Form):
    """A form about a row that others may change meanwhile. Make it with `obj=row`; ask `refuse_if_stale(row)` on sending."""

    version_id = HiddenField()

    def is_stale(self, row: Any) -> bool:
        return str(self.version_id.data) != str(row.version_id)

    def refuse_if_stale(self, row: Any) -> None:
        """Raise Conflict when the row was changed since the page was opened, or the page does not say which it showed."""
        if self.is_stale(row):
            raise Conflict


def _links(field: Field) -> Iterator[tuple[str, str]]:
    if isinstance(field, (FormField, FieldList)):
        for inner in field:
            yield from _links(inner)
    elif field.name == "csrf_token":
        yield from (("", PAGE_TOO_OLD) for _ in field.errors[:1])
    elif hasattr(field, "error_links"):
        yield from field.error_links()
    else:
        yield from ((field.id, str(said)) for said in field.errors[:1])
