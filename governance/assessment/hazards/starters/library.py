"""The published list of starting hazards: what a file may hold, and loading it.

Source: ours (provenance `default`). Numbers stay with their hazard through later versions, because logs remember them.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from governance.assessment.hazards.matrix import PUBLISHED
from governance.assessment.question_sets import strict_yaml
from governance.assessment.question_sets.faults import ContentFault
from governance.assessment.question_sets.schema import Source, Sourced

CURRENT = "library-1"
FEWEST = 8
"""Hazards of a kind, so that no kind is there for show."""


class LibraryFault(ContentFault):
    """A list of starting hazards cannot be used."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Suggestion(_Frozen):
    """A control somebody might have or add."""

    kind: Literal["existing", "design", "test", "training", "business_process"]
    text: str = Field(min_length=10, max_length=400)


class Starter(_Frozen):
    """One hazard to start from. It has no score: that is for the workshop."""

    number: int = Field(ge=1, le=999, strict=True)
    name: str = Field(min_length=5, max_length=200)
    description: str = Field(min_length=10, max_length=1000)
    effect: str = Field(min_length=10, max_length=1000)
    causes: tuple[str, ...] = Field(min_length=1, max_length=10)
    controls: tuple[Suggestion, ...] = Field(min_length=2, max_length=10)

    @property
    def added(self) -> tuple[Suggestion, ...]:
        """The controls to add: all but those that may be in place already."""
        return tuple(each for each in self.controls if each.kind != "existing")

    @property
    def existing(self) -> tuple[Suggestion, ...]:
        """The controls that may be in place already. Only the site knows: each is asked for."""
        return tuple(each for each in self.controls if each.kind == "existing")


class Kind(_Frozen):
    """The hazards of one kind of tool. `kind` is the word of the triage."""

    kind: str = Field(pattern=r"^[a-z_]{3,30}$")
    title: str
    hazards: tuple[Starter, ...] = Field(min_length=FEWEST)

    def source(self, starter: Starter) -> str:
        """What a hazard in a log says of where it came from: `library:imaging 3`."""
        return f"library:{self.kind} {starter.number}"


class Library(Sourced):
    """One published list."""

    code: str
    title: str
    published: datetime.date
    source: Source
    status: str
    watch_on: datetime.date
    kinds: tuple[Kind, ...] = Field(min_length=1)
    file_digest: str = ""

    @model_validator(mode="after")
    def _once(self) -> Self:
        for what, given in (
            ("kind", [each.kind for each in self.kinds]),
            ("hazard", [each.source(hazard) for each in self.kinds for hazard in each.hazards]),
            ("name", [f"{each.kind}: {hazard.name.casefold()}" for each in self.kinds for hazard in each.hazards]),
        ):
            twice = [name for name, count in Counter(given).items() if count > 1]
            if twice:
                raise ValueError(f"the {what} ‘{twice[0]}’ is there twice")
        return self

    def of(self, kind: str) -> Kind | None:
        """The hazards of a kind; None for a kind without any."""
        return next((each for each in self.kinds if each.kind == kind), None)


@lru_cache(maxsize=4)
def library(version: str = CURRENT, folder: Path = PUBLISHED) -> Library:
    """The published list of this version. Raises LookupError where there is none, LibraryFault where it is faulty."""
    path = folder / f"{version}.yaml"
    if not path.is_file():
        raise LookupError(f"There is no list of starting hazards ‘{version}’.")
    raw = strict_yaml.read(path, fault=LibraryFault)
    try:
        loaded = Library.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        item = ", ".join(str(step) for step in first["loc"]) or "the list"
        raise LibraryFault(file=path.name, item=item, fault=first["msg"].removeprefix("Value error, ")) from None
    if loaded.code != version:
        raise LibraryFault(file=path.name, item="code", fault=f"it is ‘{loaded.code}’ but the file is named ‘{version}’")
    return loaded.model_copy(update={"file_digest": hashlib.sha256(path.read_bytes()).hexdigest()})
