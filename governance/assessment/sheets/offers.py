"""What other sheets of the same tool and deployment say to questions of this one, and how each stands beside its answer.

An offer is never an answer: a person looks at it and takes it over (`taking.take_over`), or leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from governance.assessment.question_sets import loader, overlaps
from governance.assessment.question_sets.overlap_table import Relation
from governance.assessment.question_sets.overlaps import Offer
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import queries, rules
from governance.assessment.sheets.models import Answer
from governance.assessment.sheets.queries import SheetView
from governance.assessment.sheets.version_rules import origin_of
from governance.intake.models import Submission

NEW, CHANGED, DIFFERS = "new", "changed", "differs"
PARTS = ", "
"""Between the codes of an offer that is joined of several answers of one set (`overlaps.Offer.from_code`)."""
Elsewhere = Mapping[str, Mapping[str, Answer]]
"""The answers that count on other sheets, by set and code."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What is said elsewhere to one question. `standing`: new where nobody stands behind an answer yet; changed where the
    answer was taken from there and that says otherwise now; differs where this sheet says something else.

    `origin` is `dtac-2.0 C2.2.1`, `revision` that of the answer there, of several the one given last, so that a person takes
    over what they saw. `answer` is what would be answered; None where what is said there now answers nothing here.
    """

    code: str
    origin: str
    revision: int
    standing: str
    says: str
    answer: AnswerValue | None


def offered(submission: Submission, view: SheetView) -> dict[str, Offered]:
    """What is said elsewhere to the questions of a sheet that are asked or may be, by code, in the order of the form."""
    elsewhere = queries.answers_elsewhere(submission, view.question_set.code)
    return compared(view, elsewhere) if elsewhere else {}


def compared(view: SheetView, elsewhere: Elsewhere) -> dict[str, Offered]:
    """The same from answers that are loaded."""
    said = {name: {code: queries.as_value(row) for code, row in rows.items()} for name, rows in elsewhere.items()}
    found = {each.code: each for each in _offers(view, overlaps.offers(view.question_set, said), elsewhere)}
    found |= {each.code: each for each in _moved_on(view, elsewhere) if each.code not in found}
    return {question.code: found[question.code] for question in view.question_set.questions if question.code in found}


def _offers(view: SheetView, offers: Mapping[str, Offer], elsewhere: Elsewhere) -> Iterator[Offered]:
    here = view.question_set.code
    for code, offer in offers.items():
        source = _newest(elsewhere[offer.from_set], offer.from_code)
        assert source is not None
        taken_from_here = source.source == "overlap" and source.origin == f"{here} {code}"
        if taken_from_here or view.states[code].state is State.SKIPPED:
            continue
        answer = offer.answer_to(view.question_set.by_code[code])
        standing = _standing(view.answers.get(code), answer, offer)
        if standing:
            yield Offered(code, f"{offer.from_set} {offer.from_code}", source.revision, standing, offer.says, answer)


def _standing(own: Answer | None, answer: AnswerValue, offer: Offer) -> str:
    if own is None or not own.confirmed:
        return NEW
    if rules.same(queries.as_value(own), answer):
        return ""
    if own.source == "overlap":
        return CHANGED if own.origin == f"{offer.from_set} {offer.from_code}" else ""
    told_apart = offer.relation is Relation.SAME and isinstance(answer.value, str) and len(answer.value) <= 40
    return DIFFERS if told_apart and queries.as_value(own).chosen != answer.chosen else ""


def _moved_on(view: SheetView, elsewhere: Elsewhere) -> Iterator[Offered]:
    """Answers taken from one that was given again since, and that says nothing to this question now."""
    for code, own in view.answers.items():
        name, _, there = (own.origin or "").partition(" ")
        source = _newest(elsewhere.get(name, {}), there) if own.source == "overlap" else None
        if source is None or source.id < own.id or code not in view.states or view.states[code].state is State.SKIPPED:
            continue
        said = {each: queries.as_value(elsewhere[name][each]) for each in there.split(PARTS) if each in elsewhere[name]}
        offer = overlaps.offers(view.question_set, {name: said}).get(code)
        question = view.question_set.by_code[code]
        if offer is None or not rules.same(offer.answer_to(question), queries.as_value(own)):
            says = "Read what it says there, and check your answer."
            yield Offered(code, own.origin or "", source.revision, CHANGED, says, offer.answer_to(question) if offer else None)


def _newest(answers: Mapping[str, Answer], codes: str) -> Answer | None:
    """Of the answers that an offer is made of, the one given last; None where none of them is left."""
    return max((answers[each] for each in codes.split(PARTS) if each in answers), key=lambda each: each.id, default=None)


def in_words(origin: str) -> str:
    """`dtac-2.0 C2.2.1` as a page says it: `DTAC C2.2.1`; of a set whose codes are names of ours, only the set.

    Of an answer about another version of the tool, that version.
    """
    before = origin_of(origin)
    if before is not None:
        return f"version {before.version}"
    name, _, code = origin.partition(" ")
    instrument = next((each.instrument for each in loader.all_question_sets() if each.code == name), name)
    return f"{instrument} {rules.numbered(code)}".strip()
