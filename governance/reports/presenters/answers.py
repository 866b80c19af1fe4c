"""Chapter 2: question sets and documents, section by section, with who judged each.

Answered, not applicable, skipped and not answered are four different things and look so; what may be left empty says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from governance.assessment.packs.reading import FINDINGS, FOUND, left_empty
from governance.assessment.packs.risk_reading import RiskRow, risk_rows, risks_said
from governance.assessment.sheets.rules import numbered
from governance.reports.material import Material, Part, Section
from governance.reports.presenters.judged import Judged, judged
from governance.web.wording import listed, long_date, moment, plural

STATES = {
    "answered": ("Answered", "said"),
    "not_applicable": ("Not applicable", "none"),
    "skipped": ("Skipped", "skipped"),
    "unanswered": ("Not answered", "open"),
    "left_empty": ("Not answered (optional)", "none"),
    "not_reached": ("Not reached", "open"),
}


@dataclass(frozen=True)
class Paper:
    """One piece of evidence: its name, who issued it and when, and the digest of the file (or its address)."""

    title: str
    about: str
    sha256: str
    url: str


@dataclass(frozen=True)
class AnswerLine:
    """One question, or a run of questions skipped for the same reason. `look`: said, none, skipped or open."""

    code: str
    question: str
    state: str
    look: str
    said: str
    note: str
    finding: str
    tone: str
    by: str
    papers: tuple[Paper, ...]
    risks: tuple[RiskRow, ...] = ()


@dataclass(frozen=True)
class AnswerTable:
    """One section of a question set, with where its questions come from."""

    title: str
    source: str
    rows: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class DocumentBlock:
    """A row of policy met by the organisation's own document: its facts and its file."""

    title: str
    facts: tuple[tuple[str, str], ...]
    papers: tuple[Paper, ...]
    empty: str


@dataclass(frozen=True)
class AnsweredSection:
    """One section of the pack that holds answers or documents."""

    title: str
    judged: Judged
    tables: tuple[AnswerTable, ...]
    documents: tuple[DocumentBlock, ...]


@dataclass(frozen=True)
class AnswersPart:
    """Chapter 2."""

    lede: str
    counts: tuple[tuple[str, str, int], ...]
    sections: tuple[AnsweredSection, ...]
    papers: str


def answers_part(material: Material) -> AnswersPart:
    """Chapter 2. `counts` holds (state, look, how many) over all questions."""
    sections = tuple(found for each in material.sections if (found := _section(each)) is not None)
    questions = [question for each in material.sections for question in _questions(each)]
    counts = Counter(_state(question) for question in questions)
    shown = tuple((words, look, counts[code]) for code, (words, look) in STATES.items() if counts[code])
    documents = sum(len(each.documents) for each in sections)
    return AnswersPart(_lede(len(questions), documents), shown, sections, _papers_say(material))


def _section(section: Section) -> AnsweredSection | None:
    tables = tuple(table for part in section.parts if part["kind"] == "answers" for table in _tables(part))
    documents = tuple(_document(part) for part in section.parts if part["kind"] == "document")
    if not tables and not documents:
        return None
    return AnsweredSection(section.title, judged(section), tables, documents)


def _questions(section: Section) -> Iterable[Part]:
    for part in section.parts:
        if part["kind"] == "answers":
            for each in part["sections"]:
                yield from each["questions"]


def _tables(part: Part) -> Iterable[AnswerTable]:
    for each in part["sections"]:
        title = each["title"] if len(each["label"]) > 3 else f"{each['label']}. {each['title']}"
        yield AnswerTable(title, part["source"], tuple(_rows(each["questions"])))


def _rows(questions: Sequence[Part]) -> Iterable[AnswerLine]:
    """One line for each question; neighbours that were skipped for one reason share a line."""
    for (state, _), run in groupby(questions, key=lambda q: (q["state"], q["state_says"] if q["state"] == "skipped" else "")):
        together = list(run)
        if state == "skipped" and len(together) > 1:
            first, last = (numbered(together[n]["code"]) for n in (0, -1))
            count = plural(len(together), "question")
            yield AnswerLine(f"{first} to {last}", count, *STATES["skipped"], _why(together[0]), "", "", "", "", ())
        else:
            yield from (_row(question) for question in together)


def _row(question: Part) -> AnswerLine:
    state, look = STATES.get(_state(question), (question["state"].capitalize(), "open"))
    answered = question["state"] == "answered"
    finding, tone = FINDINGS.get(question["finding"], ("", "")) if answered else ("", "")
    said = listed(_shown(word) for word in question.get("words_chosen", ())) if answered else _why(question)
    rows = risk_rows(question) if answered else ()
    said = risks_said(question) or said
    by = ""
    if question.get("answered_at"):
        by = f"{question['answered_by']}, {moment(datetime.fromisoformat(question['answered_at']))}"
        if question["source"] in FOUND:
            by = FOUND[question["source"]].format(by, version=question.get("carried_from", ""))
    return AnswerLine(
        code=numbered(question["code"]),
        question=question["words"],
        state=state,
        look=look,
        said=said,
        note=question.get("note") or "",
        finding=finding,
        tone=tone,
        by=by,
        papers=tuple(paper(each) for each in question["evidence"]),
        risks=rows,
    )


def _state(question: Part) -> str:
    return "left_empty" if left_empty(question) else str(question["state"])


def _why(question: Part) -> str:
    """Why a question was skipped or does not apply, to follow that word; an open one needs no more said."""
    state, _ = STATES.get(question["state"], ("", ""))
    if question["state"] in ("unanswered", "not_reached"):
        return ""
    said = str(question["state_says"] or "").strip()
    return said.removeprefix(state).lstrip(" :.,") if state else said


def _document(part: Part) -> DocumentBlock:
    given = part["document"]
    if given is None:
        return DocumentBlock(part["title"], (), (), "No document was given.")
    facts = [
        ("Document", given["title"]),
        ("Version", given["version"]),
        ("Dated", _day(given["dated_on"])),
        ("Review due", _day(given["review_due_on"])),
        *((fact["label"], _day(fact["value"]) if fact["type"] == "date" else fact["words"]) for fact in given["facts"]),
        ("Given by", f"{given['added_by']}, {moment(datetime.fromisoformat(given['added_at']))}" if given["added_at"] else ""),
    ]
    papers = (paper(given["evidence"]),) if given["evidence"] else ()
    return DocumentBlock(part["title"], tuple((name, said) for name, said in facts if said), papers, "")


def paper(item: Part) -> Paper:
    """A piece of evidence as the pack holds it: the day it expires, never whether it has."""
    about = [
        item["issuer"],
        item["standard"],
        f"issued {_day(item['issued_on'])}" if item["issued_on"] else "",
        f"expires {_day(item['expires_on'])}" if item["expires_on"] else "no expiry date",
    ]
    return Paper(item["title"], ", ".join(text for text in about if text), item["sha256"] or "", item["url"] or "")


def _papers_say(material: Material) -> str:
    if material.edition == "partner":
        return "Of the evidence only what its organisation marked as shareable is named."
    digests = {p["sha256"] or p["url"] for each in material.sections for p in _all_papers(each)}
    if not digests:
        return "No evidence is attached to any answer or document in this pack."
    return f"{plural(len(digests), 'piece')} of evidence. A file’s check code is the start of its SHA-256."


def _all_papers(section: Section) -> Iterable[Part]:
    for question in _questions(section):
        yield from question["evidence"]
    for part in section.parts:
        if part["kind"] == "document" and part["document"] and part["document"]["evidence"]:
            yield part["document"]["evidence"]


def _lede(questions: int, documents: int) -> str:
    held = [plural(n, word) for n, word in ((questions, "question"), (documents, "document")) if n]
    if not held:
        return "This pack holds no question set and no document."
    return f"{listed(held)}. The organisation’s own people judged each section against its criteria."


def _shown(word: str) -> str:
    """A date as people write it; anything else as it is."""
    try:
        return long_date(date.fromisoformat(word)) if len(word) == 10 else word
    except ValueError:
        return word


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text[:10])) if text else ""
