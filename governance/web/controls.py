"""What all form fields have in common: a label, a hint, whether an answer is needed, and the NHS.UK macro that draws them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from markupsafe import Markup
from wtforms import Field
from wtforms.validators import StopValidation

from governance.web.templating import component

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_ILL_PAIRED = re.compile(r"[\ud800-\udfff]")


def tidy(text: str, *, lines: bool = False) -> str:
    """What was typed, fit to be stored: NFC, no control characters (a NUL stops PostgreSQL), ends trimmed.

    With `lines` the line ends stay, as single newlines; without, any run of space becomes one space.
    """
    text = _LINE_ENDS.sub("\n", _ILL_PAIRED.sub("\ufffd", unicodedata.normalize("NFC", text)))
    if not lines:
        text = " ".join(text.split())
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


class Needed:
    """The field must be answered; or, with `when`, only if another field of the form holds one of some values."""

    def __init__(self, sentence: str, when: tuple[str, object] | None = None) -> None:
        self.sentence, self.when = sentence, when

    def __call__(self, form: Any, field: Control) -> None:
        if field.is_blank():
            raise StopValidation(self.sentence if self._asked(form) else "")

    def _asked(self, form: Any) -> bool:
        if self.when is None:
            return True
        name, value = self.when
        chosen = form[name].data
        wanted = value if isinstance(value, (tuple, frozenset, set, list)) else (value,)
        return any(v in wanted for v in (chosen if isinstance(chosen, list) else [chosen]))


def _optional(form: Any, field: Control) -> None:
    if field.is_blank():
        raise StopValidation("")


def _first(sentence: str, when: tuple[str, object] | None, validators: Sequence[Any]) -> list[Any]:
    """What judges an empty answer, before all else; nothing when WTForms’ own DataRequired or InputRequired does."""
    if sentence:
        return [Needed(sentence, when)]
    judged = any(getattr(each, "field_flags", {}).get("required") for each in validators)
    return [] if judged else [_optional]


class Control(Field):
    """A field drawn by an NHS.UK macro.

    `required` is the sentence shown when nothing was entered ("Enter the tool’s name"); without it an answer is optional.
    `required_when=("kind", "other")` asks for one only if the field `kind` holds `other` (or one of a tuple of values).
    `called` names the field inside error sentences where the label is a question. `size` is s, m, l or xl.
    """

    macro: ClassVar[str]
    grouped: ClassVar[bool] = False
    data: Any

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Callable[..., None]] = (),
        *,
        hint: str = "",
        required: str = "",
        required_when: tuple[str, object] | None = None,
        called: str = "",
        size: str = "s",
        classes: str = "",
        **kwargs: Any,
    ) -> None:
        if required_when is not None and not required:
            raise TypeError(f"“{label}” is needed sometimes but has no sentence for when it is missing.")
        super().__init__(label, [*_first(required, required_when, validators), *validators], **kwargs)
        self.hint, self.size, self.classes = hint or self.description, size, classes
        self.called = called or label.rstrip("?")
        self.typed: str | None = None

    def is_blank(self) -> bool:
        """Nothing was entered. Something entered that could not be read is not blank."""
        return self.data in (None, "", []) and not (self.typed or "").strip()

    def shown(self) -> str:
        """The value to show again: what was typed, as it was typed, else what is stored."""
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else str(self.data)

    def pre_validate(self, form: Any) -> None:
        """What could not be read is not judged further."""
        if self.process_errors:
            raise StopValidation("")

    def params(self) -> dict[str, Any]:
        """The macro's own parameters, beyond label, hint and error."""
        return {"id": self.id, "value": self.shown()}

    def error_target(self) -> str:
        """The id that a link in the error summary leads to."""
        return str(self.id)

    def error_links(self) -> Iterator[tuple[str, str]]:
        """(id, sentence) for the error summary. One error is shown for a field, the first."""
        if self.errors:
            yield self.error_target(), str(self.errors[0])

    def __call__(
        self,
        *,
        label: str | None = None,
        hint: str | None = None,
        size: str | None = None,
        page_heading: bool = False,
        **params: Any,
    ) -> Markup:
        """The whole control. A page may change label, hint or size, make the label its heading, or add macro parameters."""
        title: dict[str, Any] = {"text": self.label.text if label is None else label}
        title |= {"size": self.size if size is None else size, "isPageHeading": page_heading}
        drawn: dict[str, Any] = {"name": self.name, "classes": self.classes, **self.params(), **params}
        drawn |= {"fieldset": {"legend": title}} if self.grouped else {"label": title}
        if said := self.hint if hint is None else hint:
            drawn["hint"] = {"text": said}
        if self.errors:
            drawn["errorMessage"] = {"text": str(self.errors[0])}
        return component(self.macro, drawn)
