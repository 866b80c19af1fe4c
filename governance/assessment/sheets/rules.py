"""Which set stands behind a row of policy, what counts as answered, and how two people's changes are kept apart. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from governance.assessment.question_sets import risks
from governance.assessment.question_sets.schema import QuestionSet
from governance.assessment.question_sets.values import LONGEST_TEXT, AnswerValue, Value
from governance.errors import Blocker
from governance.lifecycle import SubmissionStatus
from governance.permissions import Role

SUPPLIER, ORGANISATION = "supplier", "organisation"
TOOL_VERSION = "tool_version"
"""The source of an answer that was carried from the version of the tool before, by a person who looked."""
SUPPLIER_FORMS = ("dtac", "cyber", "dcb0129", "device", "scribing", "nice", "sustainability")
"""Instruments whose answers are the supplier's own, whoever types them; what the organisation says of them is a judgement."""

ANSWERABLE = frozenset(
    {
        SubmissionStatus.OPENED,
        SubmissionStatus.RETURNED,
        SubmissionStatus.SUBMITTED,
        SubmissionStatus.DEFERRED,
        SubmissionStatus.HELD,
    }
)
"""While submitted, an answer may still be changed; the next sign-off then meets the difference."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as a person leaves it on a page, with the revision that page showed (0: none)."""

    code: str
    answer: AnswerValue
    expected_revision: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer as it is kept: its value, its revision, whether a person stands behind it.

    `carried`: it was said of the version before; what the supplier says of this one takes its place.
    """

    answer: AnswerValue
    revision: int
    confirmed: bool = True
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one question's fields in its form."""

    answer: str
    note: str
    not_applicable: str
    revision: str


def names(code: str) -> Names:
    """Field names are kept to letters, digits and underscores, so that every browser and script can point at them."""
    bare = "".join(letter if letter.isalnum() else "_" for letter in code)
    return Names(f"answer_{bare}", f"note_{bare}", f"none_{bare}", f"seen_{bare}")


def layer_of(question_set: str) -> str:
    """Whose words the answers of a set are: the supplier's, or the organisation's own."""
    return SUPPLIER if question_set.partition("-")[0] in SUPPLIER_FORMS else ORGANISATION


def numbered(code: str) -> str:
    """A question's code where people know it by that ("C3.1"); empty where it is only a name of ours ("intended_use")."""
    return code if code[:1].isupper() else ""


def stored(value: Value | None) -> str | list[str] | list[dict[str, str]] | None:
    """A value as JSON keeps it."""
    rows = AnswerValue(value).risks
    if rows:
        return risks.stored(rows)
    return [str(each) for each in value] if isinstance(value, tuple) else value


def read_back(value: object) -> Value | None:
    """A value as JSON kept it."""
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return risks.read(value)
    return tuple(str(each) for each in value) if isinstance(value, list) else value if isinstance(value, str) else None


def changed(given: Iterable[Given], shown: Mapping[str, Kept]) -> tuple[Given, ...]:
    """What the person changed, compared with what their page showed, never with what it says by now.

    An answer from a card that is sent back as it was is not confirmed by that: confirming is an act of its own.
    """
    nothing = Kept(AnswerValue(None), 0)
    return tuple(each for each in given if not same(each.answer, shown.get(each.code, nothing).answer))


def same(one: AnswerValue, other: AnswerValue) -> bool:
    """Whether two answers say the same."""
    return one.chosen == other.chosen and one.risks == other.risks and one.note.strip() == other.note.strip()


def overtaken(changes: Iterable[Given], current: Mapping[str, Kept]) -> tuple[str, ...]:
    """Codes among the changes that somebody else answered since the page was opened, otherwise than this person."""
    return tuple(
        each.code
        for each in changes
        if each.code in current
        and current[each.code].revision != each.expected_revision
        and not same(each.answer, current[each.code].answer)
    )


CARD_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "dtac-2.0": {"B2": ("intended_use", "how_used"), "B3": ("primary_users",)}
}
"""Questions of other sets that a card can begin to answer, each with the tool sheet's fields that fill it."""


def from_card(published: QuestionSet, fields: Mapping[str, str]) -> dict[str, str]:
    """The answers a model card offers to a set, by question code. `fields`: `facts.intended_use` to the text read."""
    own = [question.code for question in published.questions if question.card_elements]
    asked = {code: (code,) for code in own} | CARD_FIELDS.get(published.code, {})
    offered = {
        code: "\n\n".join(filter(None, (fields.get(f"facts.{name}", "").strip() for name in names)))
        for code, names in asked.items()
    }
    return {code: text[:LONGEST_TEXT] for code, text in offered.items() if text}


def from_register(published: QuestionSet, subjects: Mapping[str, str]) -> dict[str, str]:
    """The answers the register offers to a set, by question code. `subjects`: `tool.name` to what the register holds."""
    return {
        question.code: subjects[question.filled_from]
        for question in published.questions
        if question.filled_from and subjects.get(question.filled_from)
    }


def open_blockers(published: QuestionSet) -> list[Blocker]:
    """Why nobody may open a sheet of this set: it is kept to be read, since another took its place."""
    if not published.read_only:
        return []
    named = f"{published.instrument} {published.version}"
    return [Blocker("sheet.read_only", f"{named} is kept to be read. Answer the version that took its place.")]


def answer_blockers(
    answered_by: Collection[Role], *, roles: Collection[Role], status: SubmissionStatus, title: str
) -> list[Blocker]:
    """Why this person may not answer now. Source: our policy, "answered by" and "Permissions": the digital lead always may."""
    blockers = []
    if not ({Role.DIGITAL_LEAD, *answered_by} & set(roles)):
        who = " or the ".join(role.title for role in answered_by or (Role.DIGITAL_LEAD,))
        blockers.append(Blocker("answer.role", f"{title} is answered by the {who}."))
    if status not in ANSWERABLE:
        blockers.append(Blocker("answer.closed", f"{title} cannot be changed: this submission is {status.label.lower()}."))
    return blockers
