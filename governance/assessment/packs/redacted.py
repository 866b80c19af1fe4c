"""Frozen content from which a text was removed: what its digest is taken over, and what pages say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance import canonical
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.audit.models import Redaction
from governance.audit.redactions import operations, queries
from governance.web.wording import long_date

Row = Mapping[str, Any]


def init() -> None:
    """Tell redaction what the digests of assessment's frozen rows are taken over."""
    operations.digests.update(
        {
            "pack_section": lambda row: canonical.digest(row["content"]),
            "hazard_log_version": lambda row: canonical.digest(row["content"]),
            "risk_plan": lambda row: canonical.digest({"texts": row["content"], "matrix_version": row["matrix_version"]}),
            "monitoring_plan": lambda row: canonical.digest({"texts": row["content"], "depth": row["depth"]}),
            "safety_case": lambda row: canonical.digest(
                {"phase": row["phase"], "texts": row["texts"], "tables": row["tables"]}
            ),
        }
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One frozen section as it is compared: its content as it stands, and the digest that this content gives."""

    code: str
    title: str
    digest: str
    content: dict[str, Any]


def sides(pack: AssurancePack) -> tuple[Side, ...]:
    """The sections of a pack for a comparison: where a text was removed, the digest is of what is left."""
    removed = queries.of_contents()
    return tuple(Side(each.code, each.title, _standing(each, removed), each.content) for each in pack.sections)


def _standing(section: PackSection, removed: Mapping[tuple[str, int], Redaction]) -> str:
    """The digest that a section's content gives today: what was signed, unless a text was removed since."""
    return queries.standing(section.__tablename__, section.id, section.digest, removed)


def of_section(section: PackSection) -> Redaction | None:
    """The latest redaction of a frozen section."""
    return queries.of_contents().get((section.__tablename__, section.id))


def sentence(section: PackSection) -> str:
    """What a page says of a section from which a text was removed; empty where none was."""
    found = of_section(section)
    if found is None:
        return ""
    return (
        f"Patient details were removed from this section on {long_date(found.redacted_at)} (redaction {found.id}). "
        "Its check code is of what was signed. The signatures over it still count."
    )
