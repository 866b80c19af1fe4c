"""What other sheets of the same tool and deployment say to questions of this one, and how each stands beside its answer.

An offer is never an answer: a person looks at it and takes it over (`operations.take_over`), or leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance.assessment.question_sets import loader, overlaps
from governance.assessment.question_sets.overlap_table import Relation
from governance.assessment.question_sets.overlaps import Offer
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import queries, rules
from governance.assessment.sheets.models import Answer
from governance.assessment.sheets.queries import SheetView
from governance.intake.models import Submission

NEW, CHANGED, DIFFERS = "new", "changed", "differs"


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer to one question. `standing`: new where nobody stands behind an answer yet; changed where the answer was
    taken from there and that says otherwise now; differs where this sheet says something else.

    `revision` is that of the answer it is made of, so that a person takes over what they saw.
    """

    code: str
    offer: Offer
    answer: AnswerValue
    revision: int
    standing: str

    @property
    def origin(self) -> str:
        """Where it comes from, as an answer keeps it: `dtac-2.0 C2.2.1`."""
        return f"{self.offer.from_set} {self.offer.from_code}"


def offered(submission: Submission, view: SheetView) -> dict[str, Offered]:
    """What is offered to the questions of a sheet that are asked or may be, by code, in the order of the form."""
    elsewhere = queries.answers_elsewhere(submission, view.question_set.code)
    return compared(view, elsewhere) if elsewhere else {}


def compared(view: SheetView, elsewhere: Mapping[str, Mapping[str, Answer]]) -> dict[str, Offered]:
    """The same from answers that are loaded: for each other set those that count there, by code."""
    said = {name: {code: queries.as_value(row) for code, row in rows.items()} for name, rows in elsewhere.items()}
    found = {}
    here = view.question_set.code
    for code, offer in overlaps.offers(view.question_set, said).items():
        if view.states[code].state is State.SKIPPED:
            continue
        source = elsewhere[offer.from_set][offer.from_code]
        if source.source == "overlap" and source.origin == f"{here} {code}":  # it was taken from this very question
            continue
        answer = offer.answer_to(view.question_set.by_code[code])
        standing = _standing(view.answers.get(code), answer, offer)
        if standing:
            found[code] = Offered(code, offer, answer, source.revision, standing)
    return found


def _standing(own: Answer | None, answer: AnswerValue, offer: Offer) -> str:
    if own is None or not own.confirmed:
        return NEW
    if rules.same(queries.as_value(own), answer):
        return ""
    if own.source == "overlap":
        return CHANGED if own.origin == f"{offer.from_set} {offer.from_code}" else ""
    told_apart = offer.relation is Relation.SAME and isinstance(answer.value, str) and len(answer.value) <= 40
    return DIFFERS if told_apart and queries.as_value(own).chosen != answer.chosen else ""


def in_words(origin: str) -> str:
    """`dtac-2.0 C2.2.1` as a page says it: `DTAC C2.2.1`; of a set whose codes are names of ours, only the set."""
    name, _, code = origin.partition(" ")
    instrument = next((each.instrument for each in loader.all_question_sets() if each.code == name), name)
    return f"{instrument} {rules.numbered(code)}".strip()
