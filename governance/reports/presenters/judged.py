"""A judgement as every chapter prints it: met or not, by whom, when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from governance.permissions import Role
from governance.reports.material import Section
from governance.web.wording import moment

OUTCOMES = {"met": ("Met", "go"), "not_met": ("Not met", "stop"), "query": ("Query", "amber")}


@dataclass(frozen=True)
class Judged:
    """One judgement. `tone`: go, stop, amber or nothing; `code` is the section's digest."""

    outcome: str
    tone: str
    by: str
    reason: str
    digest: str


def outcome_words(code: str) -> str:
    """Met, Not met or Query."""
    return OUTCOMES.get(code, (code.capitalize(), ""))[0]


def judged(section: Section) -> Judged:
    """The judgement on a section, or that there is nothing to judge."""
    said = section.judgement
    if said is None:
        return Judged("Not judged", "", "Policy asks for no judgement on this section.", "", section.digest)
    words, tone = OUTCOMES.get(said["outcome"], (said["outcome"].capitalize(), ""))
    role, at = Role(said["role"]), moment(datetime.fromisoformat(said["at"]))
    by = f"{said['by']}, {role.title}, {at}" if said["by"] else f"{role.heading}, {at}"
    return Judged(words, tone, by, said["reason"], section.digest)
