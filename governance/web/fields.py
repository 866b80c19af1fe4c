"""Fields that are typed, dated, uploaded or pressed. Those that are chosen stand in `choices` and are offered here too.

What was typed is kept and shown again when it could not be read. Every text has a greatest length, so that no answer
is longer than its column.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

import wtforms
from flask_wtf.file import FileField as FlaskFileField
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from governance.web import dates
from governance.web.choices import CheckboxesField, CheckboxField, RadioField, SelectField
from governance.web.controls import Control, tidy
from governance.web.wording import number

__all__ = [
    "CheckboxField", "CheckboxesField", "DateField", "DecimalField", "EmailField", "FileField", "HiddenField",
    "IntegerField", "PasswordField", "RadioField", "SelectField", "StringField", "SubmitField", "TextAreaField",
]  # fmt: skip

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,12}(\.\d{1,9})?", re.ASCII)


class StringField(Control):
    """One line of text, at most `max_length` characters. `width` is the macro's (2, 3, 4, 5, 10, 20, 30)."""

    macro = "input"
    lines: ClassVar[bool] = False

    def __init__(self, label: str = "", *args: Any, max_length: int = 200, **kwargs: Any) -> None:
        self.max_length = max_length
        self.drawn = {
            key: kwargs.pop(key)
            for key in ("width", "autocomplete", "inputmode", "prefix", "suffix", "spellcheck", "type")
            if key in kwargs
        }
        super().__init__(label, *args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = self.typed = tidy(valuelist[0], lines=self.lines)
            self.raw_data = [self.typed]  # so that InputRequired, too, takes spaces for nothing

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if len(self.data or "") > self.max_length:
            raise ValidationError(f"{self.called} must be {number(self.max_length)} characters or fewer")

    def params(self) -> dict[str, Any]:
        return super().params() | self.drawn


class TextAreaField(StringField):
    """Paragraphs of text. `count` shows how many characters are left."""

    lines = True

    def __init__(self, label: str = "", *args: Any, rows: int = 5, count: bool = False, **kwargs: Any) -> None:
        self.rows, self.count = rows, count
        super().__init__(label, *args, **{"max_length": 4000, **kwargs})

    @property
    def macro(self) -> str:  # type: ignore[override]
        return "character-count" if self.count else "textarea"

    def params(self) -> dict[str, Any]:
        counted = {"maxlength": self.max_length, "threshold": 75} if self.count else {}
        return super().params() | {"rows": self.rows} | counted


class EmailField(StringField):
    """One e-mail address, kept in lower case."""

    def __init__(self, label: str = "Email address", *args: Any, **kwargs: Any) -> None:
        drawn: dict[str, Any] = {"type": "email", "autocomplete": "email", "spellcheck": False, "max_length": 254}
        super().__init__(label, *args, **drawn | kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data.lower() if self.data else self.data

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data and not _EMAIL.fullmatch(self.data):
            raise ValidationError("Enter an email address in the correct format, like name@example.com")


class PasswordField(StringField):
    """A password: taken as it is, never shown again."""

    macro = "password-input"

    def __init__(self, label: str = "Password", *args: Any, **kwargs: Any) -> None:
        drawn: dict[str, Any] = {"autocomplete": "current-password", "max_length": 500}
        super().__init__(label, *args, **drawn | kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0]

    def shown(self) -> str:
        return ""


class IntegerField(StringField):
    """A whole number from `at_least` to `at_most`. Commas and spaces between digits are allowed."""

    pattern, wording = _WHOLE, "a whole number"

    def __init__(self, label: str = "", *args: Any, at_least: Any = 0, at_most: Any = 2_147_483_647, **kw: Any) -> None:
        self.at_least, self.at_most = at_least, at_most
        drawn: dict[str, Any] = {"inputmode": "numeric", "width": 5}
        super().__init__(label, *args, **drawn | kw)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = None
            self.typed = tidy(valuelist[0])[:100]
            self.data = self._read(self.typed.replace(",", "").replace(" ", ""))

    def _read(self, text: str) -> Any:
        if text and not self.pattern.fullmatch(text):
            raise ValueError(f"{self.called} must be {self.wording}")
        return self._made(text) if text else None

    def _made(self, text: str) -> Any:
        return int(text)

    def pre_validate(self, form: Any) -> None:
        Control.pre_validate(self, form)
        if self.data is not None and self.data < self.at_least:
            raise ValidationError(f"{self.called} must be {self.at_least:,} or more")
        if self.data is not None and self.data > self.at_most:
            raise ValidationError(f"{self.called} must be {self.at_most:,} or fewer")


class DecimalField(IntegerField):
    """A number with at most nine decimal places, as a Decimal, never a float."""

    pattern, wording = _DECIMAL, "a number, like 12.5"

    def __init__(self, label: str = "", *args: Any, **kwargs: Any) -> None:
        super().__init__(label, *args, **{"inputmode": "decimal"} | kwargs)

    def _made(self, text: str) -> Any:
        return Decimal(text)


class DateField(Control):
    """A date in three boxes named `<name>-day`, `-month` and `-year`; see `dates` for what may be typed."""

    macro, grouped = "date-input", True

    def __init__(self, label: str = "", *args: Any, hint: str = "For example, 27 3 2027", **kwargs: Any) -> None:
        super().__init__(label, *args, hint=hint, **kwargs)
        self.boxes = dict.fromkeys(dates.PARTS, "")
        self.wrong: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata is None:
            stored = self.data
            if stored is not None:
                self.boxes = {"day": str(stored.day), "month": str(stored.month), "year": str(stored.year)}
            return
        self.boxes = {part: tidy(formdata.get(f"{self.name}-{part}", ""))[:40] for part in dates.PARTS}
        self.raw_data, self.typed, self.data = (list(self.boxes.values()), " ".join(self.boxes.values()), None)
        try:
            self.data = dates.read(**self.boxes)
        except dates.NotADate as fault:
            self.wrong = fault.parts
            self.process_errors.append(f"{self.called} {fault.ending}")

    def params(self) -> dict[str, Any]:
        wrong = (self.wrong or dates.PARTS) if self.errors else ()
        return {
            "id": self.id,
            "items": [
                {
                    "id": f"{self.id}-{part}",
                    "name": f"{self.name}-{part}",
                    "label": part.title(),
                    "width": 4 if part == "year" else 2,
                    "value": self.boxes[part],
                    "error": part in wrong,
                    "inputmode": "text" if part == "month" else "numeric",
                }
                for part in dates.PARTS
            ],
        }

    def error_target(self) -> str:
        return f"{self.id}-{(self.wrong or dates.PARTS)[0]}"


class FileField(Control, FlaskFileField):
    """A file. Its data is what `uploads.receive` takes. `accept` lists endings, such as `.pdf`."""

    macro = "file-upload"

    def __init__(self, label: str = "", *args: Any, accept: str = "", **kwargs: Any) -> None:
        self.accept = accept
        super().__init__(label, *args, **kwargs)

    def params(self) -> dict[str, Any]:
        return {"id": self.id, **({"attributes": {"accept": self.accept}} if self.accept else {})}


class SubmitField(Control):
    """A button. Its data says whether it was the one pressed. `variant` is the macro's, such as `secondary`."""

    macro = "button"

    def __init__(self, label: str = "Continue", *args: Any, variant: str = "", **kwargs: Any) -> None:
        self.variant = variant
        super().__init__(label, *args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = bool(valuelist)

    def __call__(self, *, label: str | None = None, **params: Any) -> Any:
        text = self.label.text if label is None else label
        drawn: dict[str, Any] = {"text": text, "value": "1", "preventDoubleClick": True}
        return super().__call__(label=text, **drawn | params)

    def params(self) -> dict[str, Any]:
        return {"id": self.id, "variant": self.variant}


class HiddenField(wtforms.HiddenField):
    """A value carried from page to page. A page that does not send it carried none, whatever is stored."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = tidy(valuelist[0])[:200] if valuelist else None
