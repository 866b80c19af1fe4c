"""Forms and links as the organisation's people see them: plain values with what they say at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup

from governance.assessment.question_sets.schema import QuestionSet
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import queries as sheets
from governance.assessment.sheets.models import SupplierForm, SupplierLink
from governance.assessment.sheets.queries import SheetView
from governance.assessment.suppliers import queries, rules, tokens
from governance.assessment.suppliers.reading.reader import NOT_FOUND, READ, UNCLEAR
from governance.assessment.suppliers.rules import KEPT, LinkState
from governance.intake.models import Submission
from governance.notifications.models import Delivery
from governance.web.wording import listed, long_date, moment, plural

WORDS = {
    READ: ("Read", "go"),
    KEPT: ("Kept", "link"),
    UNCLEAR: ("Unclear, not read", "stop"),
    NOT_FOUND: ("Not found", "amber"),
    "empty": ("Empty", ""),
}
TONES = {
    LinkState.SENT: "link", LinkState.OPENED: "amber", LinkState.HANDED_IN: "go", LinkState.REVOKED: "", LinkState.ENDED: "stop",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One code of a form's account: the question, what came of it, and what was read."""

    code: str
    question: str
    state: str
    tone: str
    says: str
    answer: str = ""
    note: str = ""


def lines(published: QuestionSet, account: Iterable[Sequence[str]], answers: Mapping[str, AnswerValue]) -> tuple[Line, ...]:
    """The account of a form, in the order of the set."""
    found = []
    for code, status, sentence in account:
        question, said = published.by_code[code], answers.get(code)
        words = ", ".join(question.label_of(value) for value in said.chosen) if said else ""
        found.append(Line(code, question.words, *WORDS[status], sentence, words, said.note if said else ""))
    return tuple(found)


def summary(account: Iterable[Sequence[str]]) -> str:
    """How many codes came to what: “41 answers read, 2 kept, 3 unclear, 1 not found, 11 empty”."""
    counts = rules.counted(account)
    parts = [plural(counts[READ], "answer") + " read"] if counts.get(READ) else ["No answer read"]
    parts += [f"{counts[name]} {name}" for name in (KEPT, UNCLEAR, NOT_FOUND, "empty") if counts.get(name)]
    return ", ".join(parts)


def unknown(codes: Sequence[str]) -> str:
    """Codes of a form that the set does not have, in a sentence; empty where there is none."""
    if not codes:
        return ""
    shown = [*codes[:10], "others"] if len(codes) > 10 else list(codes)
    return f"The file also has {listed(shown)}, which {'is' if len(codes) == 1 else 'are'} not in this version. Not read."


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form that was accepted."""

    id: int
    filename: str
    about: str
    read: str


def form_line(row: SupplierForm, people: Mapping[int, str]) -> FormLine:
    """One form in a list."""
    return FormLine(row.id, row.filename, summary(row.account), f"{moment(row.read_at)}, by {people.get(row.read_by, '')}")


def form_lines(rows: Sequence[SupplierForm]) -> tuple[FormLine, ...]:
    """Forms of a sheet, newest first."""
    people = sheets.names_of({row.read_by for row in rows})
    return tuple(form_line(row, people) for row in rows)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link: whom it is for, where it stands, what happened, and whether anything can be done with it."""

    id: int
    name: str
    email: str
    state: str
    tone: str
    about: tuple[str, ...]
    is_open: bool
    may_send: bool


def link_lines(rows: Sequence[SupplierLink], at: datetime) -> tuple[LinkLine, ...]:
    """Links of a sheet, newest first."""
    letters = queries.letters(rows)
    people = sheets.names_of({row.sent_by for row in rows} | {row.revoked_by for row in rows if row.revoked_by is not None})
    return tuple(_link_line(row, letters.get(row.id), people, at) for row in rows)


def _link_line(row: SupplierLink, letter: Delivery | None, people: Mapping[int, str], at: datetime) -> LinkLine:
    state = queries.state(row, at)
    last = long_date(rules.last_day(row.expires_at))
    said = [
        f"Made {moment(row.sent_at)} by {people.get(row.sent_by, '')}",
        _mailed(letter),
        f"Opened {moment(row.opened_at)}" if row.opened_at else "Not opened yet" if state.is_open else "Never opened",
        f"Reminded {moment(row.reminded_at)}" if row.reminded_at else "",
        _end(row, state, last, people),
    ]
    may_send = state.is_open and queries.mail_is_set_up() and tokens.address(row) is not None
    words = state.value[0].upper() + state.value[1:]
    return LinkLine(
        row.id, row.contact_name, row.contact_email, words, TONES[state], tuple(filter(None, said)), state.is_open, may_send
    )


def _end(row: SupplierLink, state: LinkState, last: str, people: Mapping[int, str]) -> str:
    if state is LinkState.HANDED_IN:
        return f"Handed in {moment(row.handed_in_at)}"
    if state is LinkState.REVOKED:
        return f"Taken back {moment(row.revoked_at)} by {people.get(row.revoked_by or 0, '')}"
    return f"Ended on {last}, not handed in" if state is LinkState.ENDED else f"Works until the end of {last}"


def _mailed(letter: Delivery | None) -> str:
    if letter is None:
        return "Not sent by e-mail"
    if letter.status == "sent":
        return f"Last e-mail {moment(letter.sent_at)}"
    if letter.status == "queued":
        return "An e-mail is being sent"
    again = f" We try again after {moment(letter.again_at)}." if letter.again_at else ""
    return f"The last e-mail could not be sent: {letter.said}{again}"


def panel(submission: Submission, view: SheetView, may: Collection[str], at: datetime) -> Markup:
    """The panel beside a sheet: what came from its supplier, and what this person may do (`ask`, `form`)."""
    links = link_lines(queries.links(view.sheet), at) if view.sheet else ()
    forms = form_lines(queries.forms(view.sheet)) if view.sheet else ()
    drawn = render_template(
        "suppliers/_beside.jinja", submission=submission, set=view.question_set, said=beside(links, forms), may=may
    )
    return Markup(drawn)  # noqa: S704  the template escapes


def beside(links: Sequence[LinkLine], forms: Sequence[FormLine]) -> tuple[str, ...]:
    """What the sheet's own page says of both, in a line each."""
    found = [f"{each.name}: {each.state.lower()}" for each in links[:3]]
    return (*found, *(f"Form read {each.read}: {each.about}" for each in forms[:1]))
