"""What is asked of a tool in use, and why a declaration cannot be taken. Pure.

`FIELDS` is the one list that the page, the table for many and the spreadsheet share. The page asks those with `on_page`,
ten at most; a spreadsheet may hold the others too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.errors import Blocker
from governance.lifecycle import Stage
from governance.policy import policy
from governance.register.matching import name_key

STAGES = tuple(stage for stage in Stage if stage is not Stage.PIPELINE)
"""What is in use has left the pipeline."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked. `required` is the sentence when it is missing, or empty; `fact` names the triage fact it records."""

    name: str
    label: str
    hint: str = ""
    required: str = ""
    longest: int = 200
    fact: str = ""
    on_page: bool = True

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(value, label) of each possible answer; none for free text."""
        if self.fact:
            return tuple((value.code, value.label) for value in policy().fact(self.fact).values)
        return tuple((stage.value, stage.label) for stage in STAGES) if self.name == "stage" else ()


FIELDS: tuple[Field, ...] = (
    Field("tool_name", "Name of the tool", "As its maker writes it, without the version.", "Enter the tool’s name."),
    Field("manufacturer", "Manufacturer", "Who makes it, and answers for its safety.", "Enter who makes it."),
    Field(
        "version", "Version in use", "For example, 2.3. If nobody knows, write “not known”.",
        "Enter the version in use, or “not known”.", longest=60,
    ),
    Field("kind", "What kind of tool is it?", required="Choose what kind of tool it is.", fact="kind"),
    Field(
        "purpose", "What does it do here, and who checks it?",
        "One or two plain sentences. The first one heads its entry on the register.",
        "Say in one or two sentences what it does here.", longest=400,
    ),
    Field("sites", "At which sites is it in use?", required="Choose at least one site.", longest=1000),
    Field("stage", "How far along is it?", required="Choose the stage it is at."),
    Field(
        "in_use_since", "In use since", "As far as you know, in your own words. For example, spring 2024.",
        "Say since when it has been in use.", longest=60,
    ),
    Field(
        "direct_care", "Does any output reach someone who gives care or decides about a person’s care?",
        required="Say if any output reaches someone who gives care.", fact="direct_care",
    ),
    Field(
        "personal_data", "What is the most sensitive data it uses?",
        required="Choose the most sensitive data it uses.", fact="personal_data",
    ),
    Field("supplier", "Supplier", "Who sells it. Left empty, the manufacturer.", on_page=False),
    Field("use", "Short title of its use", "Left empty, the first sentence of what it does.", on_page=False),
    Field(
        "earlier_approval", "Earlier approval, not made here", "What was approved, by whom and when.",
        longest=4000, on_page=False,
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def choice_of(field: Field, text: str) -> str | None:
    """The value that a person's words choose: its code or its label, whatever the case. None where they choose nothing."""
    asked = " ".join(text.split()).casefold()
    for value, label in field.choices:
        if asked in (value, label.casefold()):
            return value
    return None


def declaration_blockers(values: Mapping[str, Any], *, on: date | None = None) -> list[Blocker]:
    """What is missing or cannot be, field by field; the code of each blocker is the field's name.

    `values` holds text, the codes of choices, and under `sites` anything that is not empty. `on` is today.
    """
    blockers = []
    for field in FIELDS:
        given = values.get(field.name)
        said = given.strip() if isinstance(given, str) else given
        if not said:
            blockers += [Blocker(field.name, field.required)] if field.required else []
        elif field.choices and said not in {value for value, _ in field.choices}:
            blockers.append(Blocker(field.name, f"{field.label}: choose one of the answers."))
        elif isinstance(said, str) and len(said) > field.longest:
            blockers.append(Blocker(field.name, f"{field.label} must be {field.longest} characters or fewer."))
    years = [int(year) for year in _YEAR.findall(str(values.get("in_use_since") or ""))]
    if on is not None and any(year > on.year for year in years):
        blockers.append(Blocker("in_use_since", "It cannot be in use since a year that is still to come."))
    return blockers


@dataclass(frozen=True, slots=True)
class Alike:
    """A tool on the register that may be the one declared. `exact`: the same name and manufacturer but for spelling."""

    tool_id: int
    name: str
    manufacturer: str
    exact: bool


def is_exact(name: str, manufacturer: str, other_name: str, other_manufacturer: str) -> bool:
    """Whether two tools have the same name by the same manufacturer, as people mean names."""
    return (name_key(name), name_key(manufacturer)) == (name_key(other_name), name_key(other_manufacturer))


def alike_blockers(alike: Sequence[Alike], *, same_tool_id: int | None, differs: bool) -> list[Blocker]:
    """Why it must be said first which tool this is: one that looks like it is on the register. An exact match is taken."""
    if same_tool_id is not None or differs or any(each.exact for each in alike) or not alike:
        return []
    names = " or ".join(f"{each.name} by {each.manufacturer}" for each in alike[:3])
    return [Blocker("same_tool_id", f"Say if it is {names}, which is on the register already, or another tool.")]


def again_blockers(references: Collection[str]) -> list[Blocker]:
    """Why the same tool for the same use is not declared twice in one organisation: `references` are there already."""
    return [Blocker("tool_name", f"It is on your register already for this use: {each}.") for each in sorted(references)[:1]]


def title_of(purpose: str) -> str:
    """A short title of a use: the first sentence of what a tool does, cut at a word after 80 characters, without its stop."""
    first = re.split(r"(?<=[.!?;])\s", " ".join(purpose.split()), maxsplit=1)[0].rstrip(".;")
    if len(first) <= 80:
        return first
    return first[:80].rsplit(" ", 1)[0].rstrip(",;:") + "…"
