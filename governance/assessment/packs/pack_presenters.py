"""Judging pages and frozen packs as pages show them: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from governance.assessment.packs import queries, redacted
from governance.assessment.packs.asked import asked_of
from governance.assessment.packs.lacks import place_of
from governance.assessment.packs.models import AssurancePack, Judgement
from governance.assessment.packs.presenters import PackLine, pack_line, place_url
from governance.assessment.packs.queries import Position
from governance.assessment.packs.rules import OUTCOMES
from governance.assessment.packs.slots import Action
from governance.assessment.sheets.queries import SheetView
from governance.errors import Blocker
from governance.intake.models import Submission
from governance.permissions import Actor, Role
from governance.policy.schema import Form
from governance.web.wording import listed, long_date


def judgement_lines(rows: Sequence[Judgement]) -> tuple[tuple[str, str, str], ...]:
    """(day, outcome and by whom, reason) of every judgement given on a section, newest first."""
    return tuple(
        (long_date(row.judged_at), f"{OUTCOMES[row.outcome]}, {row.person_name}, {row.role.title}", row.reason) for row in rows
    )


def carried(judgement: Mapping[str, Any]) -> str:
    """What a judge is told of a section that says what was signed before."""
    outcome = OUTCOMES[judgement["outcome"]].lower()
    day = long_date(datetime.fromisoformat(judgement["at"]))
    return (
        f"The answers and their evidence are those that were signed for the version before. {judgement['by']} judged them"
        f" {outcome} on {day}. The reason of then stands below: read it, and change what is no longer so."
    )


def sentences(blockers: Sequence[Blocker]) -> tuple[str, ...]:
    return tuple(blocker.sentence for blocker in blockers)


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section of a frozen pack."""

    title: str
    href: str
    judged: str
    outcome: str
    tone: str
    signed_by: str
    digest: str
    redacted: str


def section_lines(pack: AssurancePack, submission: Submission, by: Actor) -> tuple[SectionLine, ...]:
    """The sections of a pack, in its order. Whose they are to sign is what policy says now of its pinned version."""
    rules = {each.code: each for each in asked_of(submission).sections}
    lines = []
    for section in pack.sections:
        said, rule = section.content["judgement"], rules.get(section.code)
        lines.append(
            SectionLine(
                title=section.title,
                href=url_for("packs.section", organisation=by.organisation_code, pack_id=pack.id, section=section.code),
                judged=f"{said['by']}, {Role(said['role']).title}" if said else "not judged",
                outcome=OUTCOMES[said["outcome"]] if said else "",
                tone={"met": "go", "query": "amber", "not_met": "stop"}[said["outcome"]] if said else "",
                signed_by=listed(role.heading if n == 0 else role.title for n, role in enumerate(rule.signed_by)) if rule else "",
                digest=section.digest,
                redacted=redacted.sentence(section),
            )
        )
    return tuple(lines)


def pack_lines(submission: Submission, by: Actor) -> tuple[PackLine, ...]:
    """Every pack of a submission, newest first."""
    return tuple(pack_line(each, by) for each in queries.packs(submission))


def judged(said: Mapping[str, str] | None) -> tuple[str, str, str] | None:
    """(outcome, by whom and when, reason) of the judgement in a frozen section."""
    if said is None:
        return None
    role, on = Role(said["role"]), long_date(datetime.fromisoformat(said["at"]))
    by = f"{said['by']}, {role.title}, {on}" if said["by"] else f"{role.heading}, {on}"
    return OUTCOMES[said["outcome"]], by, said["reason"]


def edit_links(now: Position, section: str, by: Actor) -> tuple[Action, ...]:
    """Where the things in a section are written."""
    places = [f"sheet:{code}" for code, view in now.live.sheets.items() if section in _pack_sections(view)]
    places += [place_of(each) for each in now.asked.filling(section) if each.form is not Form.SHEET]
    titles = {f"sheet:{code}": view.question_set.title for code, view in now.live.sheets.items()}
    titles |= {place_of(each): each.title for each in now.asked.filling(section) if each.form is not Form.SHEET}
    return tuple(Action(titles[place], place_url(place, now.asked.submission, by)) for place in places)


def _pack_sections(view: SheetView) -> set[str]:
    return {section.pack_section for section in view.question_set.sections}
