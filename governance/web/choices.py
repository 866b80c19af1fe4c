"""Fields that are chosen: a select, radios, checkboxes, and one checkbox alone.

Choices are (value, label) pairs and may be set after the form is made: `form.site.choices = …`. What is sent is compared
with them as text, so nothing that was not offered gets through, whatever the type of the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms.validators import StopValidation

from governance.web.controls import Control, tidy

Choices = Iterable[tuple[Any, str]]
NOT_OFFERED = "Choose one of the options listed"


class _Chosen(Control):
    """`hints` explain an option; `reveals` names a field of the same form shown under an option while it is chosen."""

    def __init__(
        self,
        label: str = "",
        *args: Any,
        choices: Choices = (),
        hints: Mapping[Any, str] | None = None,
        reveals: Mapping[Any, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.choices = choices
        self.hints, self.reveals = dict(hints or {}), dict(reveals or {})
        super().__init__(label, *args, **kwargs)

    @property
    def choices(self) -> list[tuple[Any, str]]:
        return self._choices

    @choices.setter
    def choices(self, choices: Choices) -> None:
        self._choices = list(choices)

    def _offered(self) -> dict[str, Any]:
        return {str(value): value for value, _ in self.choices}

    def _items(self, chosen: Iterable[str]) -> list[dict[str, Any]]:
        ticked = set(chosen)
        return [self._item(value, label, ticked) for value, label in self.choices]

    def _item(self, value: Any, label: str, ticked: set[str]) -> dict[str, Any]:
        item: dict[str, Any] = {"value": str(value), "text": label, "checked": str(value) in ticked}
        if value in self.hints:
            item["hint"] = {"text": self.hints[value]}
        if value in self.reveals:
            item["conditional"] = {"html": self._form[self.reveals[value]]()}
        return item


class RadioField(_Chosen):
    """One of a few. `divider` is a word set before the last option, such as “or”; `inline` sets two side by side."""

    macro, grouped = "radios", True

    def __init__(self, label: str = "", *args: Any, divider: str = "", inline: bool = False, **kwargs: Any) -> None:
        self.divider, self.inline = divider, inline
        super().__init__(label, *args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = tidy(valuelist[0]) if valuelist else ""
        self.data = self.typed or None

    def pre_validate(self, form: Any) -> None:
        """Turn the text sent into the value offered. Choices set after the form was made are there by now."""
        if self.typed:
            if self.typed not in self._offered():
                self.data = None
                raise StopValidation(NOT_OFFERED)
            self.data = self._offered()[self.typed]

    def params(self) -> dict[str, Any]:
        items = self._items([self.shown()])
        if self.divider and items:
            items.insert(-1, {"divider": self.divider})
        return {"idPrefix": self.id, "items": items, "inline": self.inline}


class SelectField(RadioField):
    """One of many. `blank` is the first line, shown while nothing is chosen."""

    macro, grouped = "select", False

    def __init__(self, label: str = "", *args: Any, blank: str = "Choose one", **kwargs: Any) -> None:
        self.blank = blank
        super().__init__(label, *args, **kwargs)

    def params(self) -> dict[str, Any]:
        lines = [{"value": str(value), "text": label} for value, label in self.choices]
        return {"id": self.id, "value": self.shown(), "items": [{"value": "", "text": self.blank}, *lines]}


class CheckboxesField(_Chosen):
    """Any number of several. `exclusive` is the value that stands alone, such as “none of these”."""

    macro, grouped = "checkboxes", True

    def __init__(self, label: str = "", *args: Any, exclusive: Any = None, **kwargs: Any) -> None:
        self.exclusive = exclusive
        self.sent: list[str] | None = None
        super().__init__(label, *args, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        self.sent = list(dict.fromkeys(tidy(text) for text in valuelist))
        self.data = list(self.sent)

    def pre_validate(self, form: Any) -> None:
        if self.sent is None:
            return
        offered = self._offered()
        self.data = [offered[text] for text in self.sent if text in offered]
        if len(self.data) != len(self.sent):
            raise StopValidation("Choose only from the options listed")
        if self.exclusive in self.data and len(self.data) > 1:
            alone = dict(self.choices)[self.exclusive]
            raise StopValidation(f"Choose “{alone}” alone, or choose others")

    def params(self) -> dict[str, Any]:
        items = self._items(map(str, self.data) if self.sent is None else self.sent)
        if self.exclusive is not None:
            items[-1]["behaviour"] = "exclusive"
            items.insert(-1, {"divider": "or"})
        return {"idPrefix": self.id, "items": items}


class CheckboxField(Control):
    """One box to tick, such as a confirmation; its data is True or False. The label stands beside the box."""

    macro = "checkboxes"

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = bool(valuelist)

    def is_blank(self) -> bool:
        return not self.data

    def params(self) -> dict[str, Any]:
        return {"idPrefix": self.id, "items": [{"value": "yes", "text": self.label.text, "checked": bool(self.data)}]}

    def __call__(self, *, label: str | None = None, **params: Any) -> Any:
        if label is not None:
            params["items"] = [self.params()["items"][0] | {"text": label}]
        return super().__call__(**params)
