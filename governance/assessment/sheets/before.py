"""What the version of the tool before says, beside the questions of a newer version's sheet: offers, and evidence of then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from governance.assessment.evidence import presenters as evidence
from governance.assessment.evidence import queries as evidence_queries
from governance.assessment.evidence.models import Evidence
from governance.assessment.question_sets.schema import Question, Section
from governance.assessment.sheets import earlier, expiry, version_rules
from governance.assessment.sheets.earlier import FromBefore, Offered
from governance.assessment.sheets.presenters import QuestionView, SectionLine, said_by
from governance.assessment.sheets.queries import SheetView
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.web.wording import long_date, plural


@dataclass(frozen=True, slots=True)
class StillTrue:
    """An answer about the version before, with the value of the button that carries it. `left`: evidence that does not come."""

    lead: str
    said: str
    papers: tuple[str, ...]
    left: tuple[str, ...]
    act: str
    changed: bool


@dataclass(frozen=True, slots=True)
class OnlyThen:
    """Evidence that covers another version only: `covers version 2.1 only`. `act` is the value of the button to say otherwise.

    `away`: that of the button to take it away, where it was put behind the answer here.
    """

    title: str
    href: str
    covers: str
    act: str
    away: str


@dataclass(frozen=True, slots=True)
class Carry:
    """What one button of a section carries over: `seen` are the answers on the page, as the form sends them back."""

    version: str
    to: str
    seen: tuple[str, ...]


def questions(
    submission: Submission, view: SheetView, shown: Iterable[QuestionView], found: FromBefore | None, by: Actor
) -> tuple[QuestionView, ...]:
    """The questions of a page, each with what the version before says.

    Where another sheet of this version says the same, only the answer of then is shown, with its reason and evidence; where it
    says otherwise, a person chooses, and what is carried at once leaves it out.
    """
    views = tuple(shown)
    attached = {
        code: [item for item in items if not earlier.counts_here(item, submission)]
        for code, items in (expiry.supporting(view) if view.question_set.scope == "tool" else {}).items()
    }
    waiting = found.waiting if found else {}
    covers = _covers(submission, [*attached.values(), *waiting.values()])
    asked = view.question_set.by_code
    return tuple(each if each.skipped else _beside(each, asked[each.code], found, attached, covers, by) for each in views)


def _beside(
    shown: QuestionView, question: Question, found: FromBefore | None, attached: Mapping[str, list[Evidence]],
    covers: Mapping[int, str], by: Actor,
) -> QuestionView:  # fmt: skip
    code, wanted = shown.code, found.waiting.get(shown.code, ()) if found else ()
    offer = found.offers.get(code) if found else None
    alike = offer is not None and shown.offer is not None and shown.offer.chosen == offer.said.answer.chosen
    done = shown.state not in ("To answer", "Not reached yet", "Optional")
    here = attached.get(code, [])
    marked = {item.id: covers[item.tool_version_id or 0] for item in here}
    only = [*here, *(item for item in wanted if done and item not in here)]
    return replace(
        shown,
        offer=None if alike else shown.offer,
        still_true=_still_true(question, offer, found.version, wanted, covers) if offer and found else None,
        only_then=tuple(_only_then(item, code, covers, item in here, by) for item in only),
        evidence=tuple(line for line in shown.evidence if line.id not in marked),
    )


def _still_true(
    question: Question, offer: Offered, version: str, left: Iterable[Evidence], covers: Mapping[int, str]
) -> StillTrue:
    given = f"answered by {offer.giver} on {long_date(offer.row.answered_at)}"
    changed = offer.standing == version_rules.CHANGED
    return StillTrue(
        lead=f"From version {version}, {given}: {'changed since it was carried over' if changed else 'still true?'}",
        said=said_by(question, offer.row),
        papers=tuple(item.title for item in offer.papers),
        left=tuple(f"{item.title}, {covers[item.tool_version_id or 0]}" for item in left),
        act=f"still:{offer.code}:{offer.row.revision}",
        changed=changed,
    )


def _only_then(item: Evidence, code: str, covers: Mapping[int, str], here: bool, by: Actor) -> OnlyThen:
    away = f"remove:{code}:{item.id}" if here else ""
    said = covers[item.tool_version_id or 0]
    return OnlyThen(item.title, evidence.line(item, by).href, said, f"covers:{code}:{item.id}", away)


def _covers(submission: Submission, items: Iterable[Iterable[Evidence]]) -> dict[int, str]:
    """What items that do not count here cover, by the version's id: `covers version 2.1 only`. In one query."""
    tool = submission.deployment.tool.name if submission.deployment else ""
    named = evidence_queries.covered(item for each in items for item in each)
    return {number: version_rules.covers_only(name, tool) for number, name in named.items()}


def carry(
    submission: Submission, section: Section, found: FromBefore | None, shown: Iterable[QuestionView]
) -> Carry | None:
    """What one button would carry over of a section; None where nothing is. What another sheet says otherwise is left out."""
    acts = {each.code for each in shown if each.still_true and not each.offer}
    if found is None or not acts or submission.tool_version is None:
        return None
    seen = tuple(
        f"{each.code}:{each.row.revision}" for each in found.among([question.code for question in section.questions])
        if each.code in acts
    )  # fmt: skip
    return Carry(found.version, submission.tool_version.version, seen)


def lines(view: SheetView, found: FromBefore | None, shown: Iterable[SectionLine]) -> tuple[SectionLine, ...]:
    """The sections of a sheet, each with how many of its answers are offered."""
    if found is None:
        return tuple(shown)
    counts = [
        len(found.among([question.code for question in section.questions])) for section in view.question_set.sections
    ]
    return tuple(
        replace(line, about=f"{line.about}, {count} offered from version {found.version}") if count else line
        for line, count in zip(shown, counts, strict=True)
    )


def left_over(view: SheetView, found: FromBefore | None, section: Section) -> bool:
    """Whether evidence of the version before still waits behind an answered question of a section."""
    codes = [question.code for question in section.questions]
    return found is not None and any(code in found.waiting and view.states[code].done for code in codes)


def summary(found: FromBefore | None) -> str:
    """What a sheet's page says of the answers that are offered; empty where none is."""
    if found is None or not found.offers:
        return ""
    many = len(found.offers) > 1
    return (
        f"{plural(len(found.offers), 'answer')} about version {found.version} {'are' if many else 'is'} offered. "
        f"Open each section, read {'them' if many else 'it'}, and carry over what is still true."
    )
