"""The clinical risk matrix: severity and likelihood looked up to a rating from 1 to 5, never multiplied.

Source: DCB0129 implementation guidance 3.2, tables 7 to 10 (illustrative there; our default here). How severe a harm
is depends on how many patients it reaches: one death is Major, several are Catastrophic.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from governance.assessment.question_sets import strict_yaml
from governance.assessment.question_sets.faults import ContentFault
from governance.assessment.question_sets.schema import Source, Sourced

PUBLISHED = Path(__file__).parent / "data"

Patients = Literal["single", "multiple"]
Rating = Annotated[int, Field(ge=1, le=5, strict=True)]
Reason = Literal["cost_outweighs_benefit", "impractical"]
Agrees = Literal["cso", "authorising_executive"]


class MatrixFault(ContentFault):
    """A risk matrix cannot be used."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(_Frozen):
    """One severity or likelihood, lowest first in its list."""

    code: str
    words: str
    meaning: str | None = None


class Acceptability(_Frozen):
    """What a residual rating means, whether it may stay, which recorded reasons allow it, and who must agree."""

    rating: Rating
    words: str
    residual: Literal["accepted", "with_reason", "never"]
    reasons: tuple[Reason, ...]
    agreed_by: tuple[Agrees, ...]


class Matrix(Sourced):
    """One published matrix. Codes such as “very_low” and “catastrophic” are what rows keep."""

    code: str
    title: str
    owner: str
    published: datetime.date
    source: Source
    status: str
    watch_on: datetime.date
    severities: tuple[Level, ...] = Field(min_length=5, max_length=5)
    likelihoods: tuple[Level, ...] = Field(min_length=5, max_length=5)
    ratings: dict[str, tuple[Rating, ...]]
    checksum: tuple[int, ...] = Field(min_length=5, max_length=5)
    descriptors: dict[Patients, dict[str, str]]
    acceptabilities: tuple[Acceptability, ...] = Field(alias="acceptability", min_length=5, max_length=5)
    file_digest: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        severities, likelihoods = ([level.code for level in levels] for levels in (self.severities, self.likelihoods))
        if sorted(self.ratings) != sorted(likelihoods) or any(len(row) != 5 for row in self.ratings.values()):
            raise ValueError("‘ratings’ must have five ratings for each likelihood")
        counted = Counter(rating for row in self.ratings.values() for rating in row)
        if tuple(counted[rating] for rating in range(1, 6)) != self.checksum:
            found = "/".join(str(counted[rating]) for rating in range(1, 6))
            raise ValueError(f"‘checksum’ does not hold: ratings 1 to 5 appear {found} times")
        rows = [self.ratings[code] for code in likelihoods]
        lines = [*rows, *zip(*rows, strict=True)]
        if any(after < before for line in lines for before, after in pairwise(line)):
            raise ValueError("‘ratings’ fall where severity or likelihood rises")
        if set(self.descriptors) != {"single", "multiple"}:
            raise ValueError("‘descriptors’ must cover single and multiple patients")
        if any(code not in severities for texts in self.descriptors.values() for code in texts):
            raise ValueError("‘descriptors’ describe a severity that is not in the list")
        if [each.rating for each in self.acceptabilities] != [1, 2, 3, 4, 5]:
            raise ValueError("‘acceptability’ must say what each rating from 1 to 5 means, in order")
        return self

    def rating(self, severity: str, likelihood: str) -> int:
        """The rating, 1 to 5. Raises ValueError for a code that is not in this matrix."""
        column = self._position(self.severities, severity, "severity")
        self._position(self.likelihoods, likelihood, "likelihood")
        return self.ratings[likelihood][column]

    def acceptability(self, rating: int) -> Acceptability:
        """What a rating means. Raises ValueError outside 1 to 5."""
        if not 1 <= rating <= 5:
            raise ValueError(f"There is no rating {rating}: ratings run from 1 to 5.")
        return self.acceptabilities[rating - 1]

    def allowed_severities(self, patients: Patients) -> tuple[Level, ...]:
        """The severities that can be chosen for a single patient or for several, lowest first."""
        return tuple(level for level in self.severities if level.code in self.descriptors[patients])

    def descriptor(self, severity: str, patients: Patients) -> str:
        """What the severity means for that many patients. Raises ValueError where it is not offered for them."""
        self._position(self.severities, severity, "severity")
        if severity not in self.descriptors[patients]:
            reached = {"single": "a single patient", "multiple": "several patients"}[patients]
            raise ValueError(f"{self.severity_words(severity)} is not a severity for {reached}.")
        return self.descriptors[patients][severity]

    def severity_words(self, code: str) -> str:
        return self.severities[self._position(self.severities, code, "severity")].words

    def likelihood_words(self, code: str) -> str:
        return self.likelihoods[self._position(self.likelihoods, code, "likelihood")].words

    def _position(self, levels: tuple[Level, ...], code: str, kind: str) -> int:
        for position, level in enumerate(levels):
            if level.code == code:
                return position
        raise ValueError(f"There is no {kind} ‘{code}’ in {self.title}.")


@lru_cache(maxsize=8)
def matrix(version: str = "dcb0129-ig-3.2", folder: Path = PUBLISHED) -> Matrix:
    """The published matrix of this version. Raises LookupError where there is none, MatrixFault where it is faulty."""
    path = folder / f"risk-matrix-{version}.yaml"
    if not path.is_file():
        raise LookupError(f"There is no risk matrix ‘{version}’.")
    raw = strict_yaml.read(path, fault=MatrixFault)
    try:
        loaded = Matrix.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        item = ", ".join(str(step) for step in first["loc"]) or "the matrix"
        raise MatrixFault(file=path.name, item=item, fault=first["msg"].removeprefix("Value error, ")) from None
    if loaded.code != version:
        raise MatrixFault(file=path.name, item="code", fault=f"it is ‘{loaded.code}’ but the file is named ‘{version}’")
    return loaded.model_copy(update={"file_digest": hashlib.sha256(path.read_bytes()).hexdigest()})
