"""The retention rules as they are written, checked when they are read. Pure."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).parent / "retention.yaml"
FILES = ("receipts", "checkpoints", "evidence", "supplier_forms", "model_cards", "imports", "reports", "quarantine")
"""Kinds of stored files."""


class Kind(BaseModel):
    """One kind of record. `keep` is “ever” or days counted from the column `after` of `of` (its only table unless said).

    `where`: values that a row must have; “?” means anything but empty. `blank`: what columns become; without it and without
    `removes_files` rows are deleted.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    code: str
    title: str
    tables: tuple[str, ...]
    files: tuple[str, ...] = ()
    keep: Literal["ever"] | int
    after: str = Field("", alias="from")
    of: str = ""
    where: dict[str, Any] = {}
    blank: dict[str, Any] = {}
    unless_named_by: dict[str, str] = {}
    removes_files: str = ""
    automatic: bool = False
    does: str = ""
    why: str
    basis: str
    provenance: Literal["official", "third-party", "recalled", "default"]

    @model_validator(mode="after")
    def _whole(self) -> Kind:
        if (self.keep == "ever") == bool(self.after and self.does):
            raise ValueError(f"{self.code}: a period needs where it begins and what ends; what is kept for ever has neither")
        return self

    @property
    def table(self) -> str:
        """The table that the period is about."""
        return self.of or self.tables[0]

    @property
    def is_ever(self) -> bool:
        return self.keep == "ever"

    @property
    def period(self) -> str:
        """`For ever`, `90 days`, `2 years`."""
        if isinstance(self.keep, str):
            return "For ever"
        if self.keep % 365 == 0:
            return f"{self.keep // 365} year{'s' if self.keep > 365 else ''}"
        return f"{self.keep} day{'s' if self.keep > 1 else ''}"


class Code(BaseModel):
    """The code of practice that the periods are compared with."""

    title: str
    url: str
    says: str
    provenance: str


class Rules(BaseModel):
    """Everything in the file."""

    code: Code
    kinds: tuple[Kind, ...]


@cache
def rules() -> Rules:
    """The rules as published with this release."""
    return Rules.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
