"""What a newer version of a tool takes from the version before: which answers are offered, and what evidence counts. Pure.

Source: DTAC is assessed again for each product version, so nothing is carried by itself: a person looks at each answer and
says that it is still true. What anybody said about the newer version itself, the supplier above all, wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance.assessment.question_sets import values
from governance.assessment.question_sets.faults import AnswerFault
from governance.assessment.question_sets.rules import State, state_of
from governance.assessment.question_sets.schema import Question, QuestionSet
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets.rules import TOOL_VERSION, same
from governance.errors import Blocker

NEW, CHANGED = "new", "changed"
OF_VERSION_ALONE = ("tool_version.number",)
"""What the register says of one version and can say of no other."""
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Origin:
    """The one answer that another was carried from: its set, question and revision, and the version it was about."""

    question_set: str
    code: str
    revision: int
    version: str

    def __str__(self) -> str:
        return f"{self.question_set} {self.code} {self.revision} {self.version}"[:LONGEST]


def origin_of(text: str | None) -> Origin | None:
    """An origin as it was written; None where it is no such one."""
    parts = (text or "").split(" ", 3)
    if len(parts) < 4 or not (parts[2].isascii() and parts[2].isdigit()):
        return None
    return Origin(parts[0], parts[1], int(parts[2]), parts[3])


@dataclass(frozen=True, slots=True)
class Said:
    """An answer about the version before, that a person stood behind."""

    answer: AnswerValue
    origin: Origin


@dataclass(frozen=True, slots=True)
class Own:
    """What is said of the newer version already: by whom it came, and whether a person stands behind it."""

    answer: AnswerValue
    confirmed: bool
    source: str
    origin: str | None


def standing(own: Own | None, said: Said) -> str:
    """How an answer of the version before stands beside what is said of the newer one: new, changed, or empty for no offer.

    Changed: it was carried from there, and that was answered otherwise since.
    """
    if own is None or (own.confirmed and not own.answer.chosen):
        return NEW
    carried = origin_of(own.origin) if own.source == TOOL_VERSION else None
    if carried is None or same(own.answer, said.answer):
        return ""
    there = (carried.question_set, carried.code, carried.version)
    since = there == (said.origin.question_set, said.origin.code, said.origin.version) and carried != said.origin
    return CHANGED if since else ""


def offered(
    published: QuestionSet, own: Mapping[str, Own], said: Mapping[str, Said], facts: Mapping[str, str]
) -> dict[str, str]:
    """How each answer of the version before that may be carried stands, by code, in the order of the form.

    Left out: what would not be asked if all were carried, what the register says of one version alone, and what no longer
    answers its question.
    """
    wanted = {
        question.code: how
        for question in published.questions
        if question.code in said
        and question.filled_from not in OF_VERSION_ALONE
        and (how := standing(own.get(question.code), said[question.code]))
        and fits(question, said[question.code].answer)
    }
    counted = {code: each.answer for code, each in own.items() if each.confirmed and each.answer.chosen}
    then = state_of(published, counted | {code: said[code].answer for code in wanted}, facts)
    return {code: how for code, how in wanted.items() if then[code].state is not State.SKIPPED}


def fits(question: Question, given: AnswerValue) -> bool:
    """Whether an answer still answers: a question may be the same while an option of it went."""
    if not given.is_not_applicable and given.chosen:
        try:
            values.validate_value(question, given.value)
        except AnswerFault:
            return False
    return not values.value_faults(question, given)


def carry_blockers(*, looked: bool, version: str) -> list[Blocker]:
    """Why answers cannot be carried to a version: nobody said that they read them."""
    if looked:
        return []
    return [Blocker("looked", f"Read the answers first. Then say that they are still true of version {version}.")]


def counts_for(covers: int | None, *, returned: bool, version: int | None) -> bool:
    """Whether an item counts for a version: it covers this one, names none, or is the supplier's own return."""
    return returned or covers is None or version is None or covers == version


def covers_only(covers: str, tool: str) -> str:
    """`covers version 2.1 only`; of another tool, with its name. `covers` is the tool and its version, as pages say it."""
    return f"covers {'version ' + covers.removeprefix(f'{tool} ') if covers.startswith(f'{tool} ') else covers} only"
