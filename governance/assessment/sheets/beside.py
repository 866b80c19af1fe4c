"""What stands beside a question on its page: where it comes from, what counts as evidence, its history, what others say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask import url_for

from governance.assessment.question_sets.schema import Question, Section
from governance.assessment.sheets import offers, rules
from governance.assessment.sheets.offers import CHANGED, DIFFERS, NEW, Offered
from governance.assessment.sheets.presenters import QuestionView
from governance.assessment.sheets.queries import SheetView
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.web.wording import plural

LEADS = {
    NEW: "{source} says:",
    CHANGED: "{source} was changed since this was taken from it.",
    DIFFERS: "{source} says otherwise:",
}


@dataclass(frozen=True, slots=True)
class OfferView:
    """What another sheet says to a question, and the value of the button that uses it."""

    lead: str
    said: str
    says: str
    act: str
    standing: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One of the answers that a single button would use."""

    question: str
    source: str
    said: str


def questions(
    submission: Submission, view: SheetView, section: Section, shown: Iterable[QuestionView], by: Actor
) -> tuple[QuestionView, ...]:
    """The questions of a page, each with what stands beside it."""
    found = offers.offered(submission, view) if view.sheet else {}
    return tuple(_beside(each, view.question_set.by_code[each.code], found, submission, view, section, by) for each in shown)


def _beside(
    shown: QuestionView, question: Question, found: Mapping[str, Offered], submission: Submission, view: SheetView,
    section: Section, by: Actor,
) -> QuestionView:  # fmt: skip
    months = question.evidence_validity_months
    history = url_for(
        "sheets.history.answer", organisation=by.organisation_code, reference=submission.reference,
        question_set=view.question_set.code, section=section.code, code=question.code,
    )  # fmt: skip
    return replace(
        shown,
        clause=question.clause or "",
        counts_for=f"It counts for {plural(months, 'month')}." if months else "",
        offer=_offer(question, found[question.code]) if question.code in found and not shown.skipped else None,
        history=history if shown.past else "",
    )


def _offer(question: Question, offered: Offered) -> OfferView:
    return OfferView(
        lead=LEADS[offered.standing].format(source=offers.in_words(offered.origin)),
        said=in_words(question, offered),
        says=offered.says,
        act=f"use:{question.code}:{offered.revision}" if offered.answer else "",
        standing=offered.standing,
        chosen=offered.answer.chosen if offered.answer else (),
    )


def in_words(question: Question, offered: Offered) -> str:
    """What would be answered, in the words of this question’s options; empty where nothing would."""
    if offered.answer is None:
        return ""
    said = ", ".join(question.label_of(value) for value in offered.answer.chosen)
    return f"{said} ({offered.answer.note})" if offered.answer.note else said


def lines(view: SheetView, found: Mapping[str, Offered]) -> tuple[OfferLine, ...]:
    """The answers that one button would use: those to questions nobody has answered."""
    if view.sheet is None:
        return ()
    asked = view.question_set.by_code
    return tuple(
        OfferLine(rules.numbered(code) or asked[code].words, offers.in_words(each.origin), in_words(asked[code], each))
        for code, each in found.items()
        if each.standing == NEW
    )
