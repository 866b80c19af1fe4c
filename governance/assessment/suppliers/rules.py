"""Which sheets a supplier may be asked to answer, how long a link lasts and where it stands, and what is taken from a form. Pure.

Source: our defaults. A link lasts 21 days unless said otherwise, at most 60; the contact is reminded 7 and 2 days before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from governance import clock
from governance.assessment.question_sets.schema import QuestionSet
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets.rules import SUPPLIER_FORMS, Kept, same
from governance.assessment.suppliers.reading.reader import READ, SETS, FilledForm, Finding
from governance.errors import Blocker
from governance.web.wording import moment

USUAL_DAYS, MOST_DAYS = 21, 60
REMIND_AT = (7, 2)
MOST_OPEN = 5
KEPT = "kept"


class LinkState(StrEnum):
    """Where a link stands: three ways of being over, two of being open."""

    SENT = "sent"
    OPENED = "opened"
    HANDED_IN = "handed in"
    REVOKED = "taken back"
    ENDED = "ended"

    @property
    def is_open(self) -> bool:
        return self in (LinkState.SENT, LinkState.OPENED)


def link_state(
    *, opened_at: datetime | None, handed_in_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, at: datetime
) -> LinkState:
    """Where a link stands at a moment. What ended it first counts."""
    if handed_in_at is not None:
        return LinkState.HANDED_IN
    if revoked_at is not None:
        return LinkState.REVOKED
    if expires_at <= at:
        return LinkState.ENDED
    return LinkState.OPENED if opened_at is not None else LinkState.SENT


@dataclass(frozen=True, slots=True)
class Accepted:
    """A form that stands on a sheet already: its number, who accepted it, and when."""

    form_id: int
    by: str
    at: datetime

    @property
    def sentence(self) -> str:
        return f"{self.by} accepted this form on {moment(self.at)}. Its answers are on the sheet."


def accepted_blockers(before: Accepted | None) -> list[Blocker]:
    """Why a form cannot be accepted: the same file stands on the sheet already."""
    return [Blocker("form.accepted", before.sentence)] if before else []


def ends_at(last_day: date) -> datetime:
    """The moment at which a link that works until the end of a day in London is over."""
    return datetime.combine(last_day + timedelta(days=1), time(), clock.LONDON).astimezone(UTC)


def last_day(expires_at: datetime) -> date:
    """The last day in London on which a link works."""
    return clock.london_date(expires_at - timedelta(seconds=1))


def may_be_asked(published: QuestionSet) -> bool:
    """Whether a set is one that suppliers answer: about the tool, and still answered."""
    return published.scope == "tool" and not published.read_only and published.code.partition("-")[0] in SUPPLIER_FORMS


def has_form(question_set: str) -> bool:
    """Whether a filled form of this set can be read."""
    return question_set in SETS


def ask_blockers(*, email: str, until: date | None, on: date, open_to: Collection[str]) -> list[Blocker]:
    """Why a link cannot be sent. Codes are the names of the form's fields. `open_to`: whom open links of the sheet are for."""
    blockers = []
    if until is not None and until <= on:
        blockers.append(Blocker("until", "The last day must be after today."))
    if until is not None and until > on + timedelta(days=MOST_DAYS):
        blockers.append(Blocker("until", f"A link can last {MOST_DAYS} days at most."))
    if email.strip().lower() in {each.lower() for each in open_to}:
        blockers.append(Blocker("email", "There is an open link to this address already. Take it back first, or send it again."))
    elif len(open_to) >= MOST_OPEN:
        blockers.append(Blocker("email", f"{MOST_OPEN} links to this sheet are open already. Take one back first."))
    return blockers


def reminder_step(*, sent_on: date, last_day: date, on: date) -> int | None:
    """The reminder that is due, as days before the end, the latest alone; None where none is. Short links skip the long step."""
    left = (last_day - on).days
    due = [step for step in REMIND_AT if 0 <= left <= step and (last_day - sent_on).days > step]
    return min(due, default=None)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a form comes to on a sheet as it stands: answers to write with where each stands, and the account of every code."""

    answers: Mapping[str, AnswerValue]
    origins: Mapping[str, str]
    account: tuple[tuple[str, str, str], ...]


def taken(form: FilledForm, kept: Mapping[str, Kept], filename: str) -> Taken:
    """What is written of a form: whatever was read and nobody stands behind an answer to yet.

    An answer carried from the version before gives way where the form, which is about this version, says otherwise.
    """
    answers, origins, account = {}, {}, []
    for each in form.findings:
        there = kept.get(each.code)
        stands = there is not None and there.confirmed
        if there is not None and there.carried and each.answer is not None:
            stands = same(each.answer, there.answer)
        if each.status == READ and each.answer is not None and there is not None and stands:
            says = "The form says the same." if same(each.answer, there.answer) else f"The form says otherwise ({each.place})."
            account.append((each.code, KEPT, f"The answer given before stands. {says}"))
            continue
        if each.status == READ and each.answer is not None:
            answers[each.code] = each.answer
            origins[each.code] = origin(filename, each)
        account.append((each.code, each.status, each.sentence))
    return Taken(answers, origins, tuple(account))


def origin(filename: str, found: Finding) -> str:
    """Where an answer was found: the file's name and the row in it, at most 120 characters."""
    return f"{filename[: 118 - len(found.place)]}, {found.place}"


def counted(account: Iterable[Iterable[str]]) -> dict[str, int]:
    """How many codes of an account came to what."""
    found: dict[str, int] = {}
    for _, status, _ in account:
        found[status] = found.get(status, 0) + 1
    return found
