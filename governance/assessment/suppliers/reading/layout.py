"""Which row answers which question. A code found twice, or a row that may be two, is a fault and read as nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from governance.assessment.suppliers.reading import codes
from governance.assessment.suppliers.reading.tables import Cell, Document, Row, Table

FIRST_CELLS = 3
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "ref", "reference", "no", "number", "question code", "question number", "question no", "id"),
    "question": ("question", "questions", "criteria", "requirement", "description"),
    "answer": (
        "answer", "answers", "response", "responses", "option", "options", "supplier response", "your answer", "your response",
        "company response", "manufacturer response", "supplier answer", "developer response",
    ),
    "support": (
        "supporting information", "supporting evidence", "evidence", "comments", "comment", "further information", "notes",
        "additional information", "details", "supporting information and evidence", "free text",
    ),
    "aside": (
        "guidance", "scoring criteria", "scoring", "assessor comments", "assessor use only", "score", "result", "assessment",
    ),
}  # fmt: skip
_ROLE_OF = {name: role for role, names in _HEADINGS.items() for name in names}
_CHECKLIST = re.compile(r"check\s?list|attachments?\b|documents (?:to|you) |appendi", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one row says under one code. `place` names it ("table 3, row 7"); with a `fault` it is not to be read.

    `answer_at` is the column of the answer's cell, for rows below that carry it on.
    """

    code: str
    place: str
    question: str = ""
    answer: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    fault: str = ""
    answer_at: int = -1


def find(document: Document, known: Container[str]) -> tuple[dict[str, Seen], tuple[str, ...]]:
    """({code: what its one row says}, codes that the set does not have). Two rows of one code are one fault."""
    found: dict[str, Seen] = {}
    unknown: dict[str, None] = {}
    for table in document.tables:
        for seen in _of_table(table):
            if seen.code not in known:
                unknown[seen.code] = None
            elif seen.code in found:
                places = f"{found[seen.code].place} and {seen.place}"
                found[seen.code] = Seen(seen.code, places, fault=f"The code stands in more than one row ({places}).")
            else:
                found[seen.code] = seen
    return found, tuple(unknown)


def _of_table(table: Table) -> Iterator[Seen]:
    columns: dict[str, Cell] = {}
    heading = " ".join(cell.text for row in table.rows[:1] for cell in row.cells)
    if _CHECKLIST.search(table.before) or (not any(_codes_in(row) for row in table.rows[:1]) and _CHECKLIST.search(heading)):
        return  # the form's own list of attachments names codes that are not those of its questions
    last: list[Seen] = []
    for row in table.rows:
        here = _codes_in(row)
        if here:
            yield from last
            last = _row(row, here, columns, f"table {table.number}, row {row.number}")
        elif last and len(last) == 1 and row.cells and row.cells[0].continues:
            last = [_more(last[0], row, columns)]
        else:
            yield from last
            last = []
            columns = _headings(row) or columns
    yield from last


def _headings(row: Row) -> dict[str, Cell]:
    """The cells of a heading row by what their column holds; empty where the row is none, or says two things."""
    found: dict[str, Cell] = {}
    for cell in row.cells:
        role = _ROLE_OF.get(re.sub(r"[^a-z ]", "", cell.text.lower()).strip(), "")
        if role in found and role != "aside":
            return {}
        if role:
            found[role] = cell
    return found if len(found) > 1 and ("answer" in found or "support" in found) else {}


def _codes_in(row: Row) -> list[tuple[str, int]]:
    """(code, place of its cell) among a row's first cells; its last cell is an answer, whatever that begins with."""
    cells = [(n, cell) for n, cell in enumerate(row.cells) if cell.text]
    first = [each for each in cells if each[0] < FIRST_CELLS][: max(1, len(row.cells) - 1)]
    if len(row.cells) > 1:
        first = [each for each in first if each[0] < len(row.cells) - 1]
    alone = [(code, n) for n, cell in first if (code := codes.alone(cell.text))]
    if alone:
        return alone
    return [(code, n) for n, cell in first if (code := codes.before(cell.text)[0])]


def _row(row: Row, here: list[tuple[str, int]], columns: Mapping[str, Cell], place: str) -> list[Seen]:
    if len({code for code, _ in here}) > 1:
        return [Seen(code, place, fault=f"The row names more than one code ({place}).") for code, _ in dict.fromkeys(here)]
    code, at = here[0]
    seen = Seen(code, place, codes.before(row.cells[at].text)[1])
    rest = row.cells[at + 1 :]
    return [_by_heading(seen, rest, columns) if columns else _by_place(seen, rest)]


def _by_heading(seen: Seen, rest: tuple[Cell, ...], columns: Mapping[str, Cell]) -> Seen:
    for cell in rest:
        role = _role(cell, columns)
        if role in ("", "code") and cell.text:
            return replace(seen, fault=f"A cell of its row stands under no heading that we know ({seen.place}).")
        if role == "question":
            seen = replace(seen, question=seen.question or cell.text)
        elif role == "answer":
            seen = replace(seen, answer=seen.answer + cell.lines, answer_at=cell.column)
        elif role == "support":
            seen = replace(seen, support=seen.support + cell.lines)
    return seen


def _role(cell: Cell, columns: Mapping[str, Cell]) -> str:
    """What the column of a cell holds; empty where it reaches over columns that hold different things."""
    under = {
        role
        for role, head in columns.items()
        if cell.column < head.column + head.columns and head.column < cell.column + cell.columns
    }
    if under == {"answer", "support"}:
        return "answer"
    return under.pop() if len(under) == 1 else ""


def _by_place(seen: Seen, rest: tuple[Cell, ...]) -> Seen:
    """Without headings: the question, unless it stands with its code; its answer; perhaps supporting information."""
    cells = list(rest)
    if not seen.question and len(cells) > 1:
        seen = replace(seen, question=cells.pop(0).text)
    elif not seen.question and cells and cells[0].text:
        return replace(seen, fault=f"Its row does not tell the question from the answer ({seen.place}).")
    if len(cells) > 2 and any(cell.text for cell in cells[2:]):
        return replace(seen, fault=f"Its row has more cells than the form, so the answer’s cell is not clear ({seen.place}).")
    return replace(
        seen,
        answer=cells[0].lines if cells else (),
        support=cells[1].lines if len(cells) > 1 else (),
        answer_at=cells[0].column if cells else -1,
    )


def _more(seen: Seen, row: Row, columns: Mapping[str, Cell]) -> Seen:
    """A row below, whose first cell is the same merged cell: what its cells add to the answer."""
    label = ""
    for cell in row.cells:
        if cell.continues or not cell.text or seen.fault:
            continue
        named = _ROLE_OF.get(re.sub(r"[^a-z ]", "", cell.text.lower()).strip(), "")
        role = label or ("answer" if cell.column == seen.answer_at else _role(cell, columns) if columns else "support")
        if named in ("answer", "support"):
            label = named
        elif role == "answer":
            seen = replace(seen, answer=seen.answer + cell.lines)
        elif role == "support":
            seen = replace(seen, support=seen.support + cell.lines)
        else:
            seen = replace(seen, fault=f"A row below adds something that we cannot place ({seen.place}).")
    return seen
