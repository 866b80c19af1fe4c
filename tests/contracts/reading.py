"""Reading a rendered page as a browser would: its links, its forms with their fields, and what stands inline."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

ANSWERS = {"day": "3", "month": "5", "year": "2027"}
"""What is typed into the three boxes of a date."""


@dataclass
class Form:
    """One form. `fields`: name → every value it would send as drawn. `offered`: name → what may be chosen or typed."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def filled(self) -> dict[str, str | list[str]]:
        """What a person who fills in everything would send."""
        sent: dict[str, str | list[str]] = {name: values for name, values in self.fields.items() if any(values)}
        for name, offers in self.offered.items():
            chosen = next((each for each in offers if each), "")
            sent.setdefault(name, ANSWERS.get(name.rpartition("-")[2], chosen))
        return sent


class Page(HTMLParser):
    """What one page holds. `inline`: scripts, styles and handlers that stand in the page itself."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.inline: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inline += [f"<{tag} {name}=" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(f"<{tag}>")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._open)
        elif self._open is not None and ("name" in given or tag == "option"):
            self._field(self._open, tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", self._select), given.get("type", "text")
        if tag == "option":
            form.offered[name].append(given.get("value", ""))
            if "selected" in given:
                form.fields[name] = [given.get("value", "")]
        elif tag == "select":
            self._select = name
            form.offered.setdefault(name, [])
        elif kind == "file":
            form.files.add(name)
        elif kind in ("radio", "checkbox"):
            form.offered.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields.setdefault(name, []).append(given.get("value", "on"))
        elif kind == "hidden" or tag == "button":
            form.fields.setdefault(name, []).append(given.get("value", ""))
        else:
            form.offered.setdefault(name, ["As the group agreed."])
            if given.get("value"):
                form.fields[name] = [given["value"]]
