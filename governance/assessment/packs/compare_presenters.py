"""A comparison as its page shows it: plain values."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from governance.assessment.packs.compare_queries import TODAY, Choice, Compared
from governance.assessment.packs.comparison.items import WORSE
from governance.assessment.packs.comparison.whole import Comparison, SectionChange
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.web.wording import long_date, moment, plural

LOUD = frozenset({"residual.rose", "rights.rose", "unmet", "evidence.gone", "evidence.earlier", "control.gone"})
"""What makes things worse and stands out; the words say it too."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change: its sentence, the words struck out and put in, and whether it stands out."""

    said: str
    loud: bool
    lines: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One section that differs."""

    title: str
    remark: str
    anchor: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page. `firsts` and `seconds` are (value, words) to choose among."""

    title: str
    lede: str
    summary: tuple[str, ...]
    groups: tuple[Group, ...]
    unchanged: tuple[str, ...]
    first: str
    second: str
    firsts: tuple[tuple[str, str], ...]
    seconds: tuple[tuple[str, str], ...]
    nothing: str
    back: tuple[str, str]
    codes: tuple[tuple[str, str, str], ...]


def page(found: Compared, submission: Submission, by: Actor) -> Page:
    """The page of a comparison."""
    packs = tuple((str(each.id), called(each)) for each in found.choices)
    today = ((TODAY, "Today, as the record stands"),) if found.may_today else ()
    return Page(
        title=_title(found.result),
        lede=_lede(found),
        summary=found.result.summary if found.result else (),
        groups=tuple(_group(each) for each in found.result.changed) if found.result else (),
        unchanged=found.result.unchanged if found.result else (),
        first=str(found.earlier.id) if found.earlier else "",
        second=str(found.later.id) if found.later else TODAY,
        firsts=packs,
        seconds=(*today, *packs),
        nothing=_nothing(found),
        back=_back(submission, by),
        codes=tuple(_code(each, by) for each in (found.earlier, found.later) if each is not None),
    )


def called(each: Choice) -> str:
    """`S2, round 1, 3 May 2027, 14:02`: all are about one deployment."""
    return f"{each.reference.rpartition('-')[2]}, round {each.round}, {moment(each.frozen_at)}"


def _title(result: Comparison | None) -> str:
    if result is None:
        return "There is nothing to compare yet"
    if not result.changed:
        return "Nothing differs"
    of = len(result.changed) + len(result.unchanged)
    return f"{len(result.changed)} of {plural(of, 'section')} {'differs' if len(result.changed) == 1 else 'differ'}"


def _lede(found: Compared) -> str:
    if found.result is None or found.earlier is None:
        return ""
    first = f"The pack of {found.earlier.reference}, round {found.earlier.round}, frozen on {long_date(found.earlier.frozen_at)}"
    if found.later is None:
        return f"{first}, against the record as it stands today."
    return f"{first}, against {found.later.reference}, round {found.later.round}, frozen on {long_date(found.later.frozen_at)}."


def _nothing(found: Compared) -> str:
    if found.result is not None:
        return ""
    if not found.choices:
        return "No pack of this deployment can be read yet." if not found.may_today else "No pack is frozen yet."
    return "There is one decided pack. A second one is compared with it."


def _group(section: SectionChange) -> Group:
    remark = {"new": "New", "gone": "No longer asked for"}.get(section.state, plural(len(section.items), "change"))
    lines = tuple(Line(each.said, each.tone == WORSE and each.kind in LOUD, each.lines) for each in section.items)
    return Group(section.title, remark, f"s-{section.code.replace('.', '-')}", lines)


def _back(submission: Submission, by: Actor) -> tuple[str, str]:
    reference = str(submission.reference)
    if not by.may(Permission.READ_SUBMISSION):
        return reference, ""
    return reference, url_for("packs.submission", organisation=by.organisation_code, reference=reference)


def _code(each: Choice, by: Actor) -> tuple[str, str, str]:
    """(what it is, its digest, its page)."""
    href = url_for("packs.pack", organisation=by.organisation_code, pack_id=each.id)
    return f"{each.reference}, round {each.round}", each.digest, href
