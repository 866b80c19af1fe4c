"""Filled DTAC 2.0 forms, made with a DOCX library. The supplier, the product, the people and every answer are invented.

The official file could not be had: the layouts follow public transcriptions of the form. `ANSWERS` is what a reader must find.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.schema import NOT_APPLICABLE, Question
from governance.assessment.question_sets.values import AnswerValue

SET = "dtac-2.0"
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'

SAID: Mapping[str, str | tuple[str, str]] = {
    "A1": "Northgate Imaging Ltd", "A2": "Chestwise Triage", "A3": "2.3", "A4": "saas",
    "A5": "Robin Example, head of assurance", "A6": "assurance@northgate.example", "A7": "020 7946 0000",
    "A8": "1 Example Street\nLondon\nSE1 0AA", "A9": "United Kingdom", "A10": "00000000",
    "A11": "2026-03-27", "A12": "provided",
    "B1": "diagnostics", "B2": "It marks chest X-rays that look urgent.\nA radiologist reads every image.",
    "B3": "Radiologists. A trial at two invented hospitals in 2025.", "B4": "provided",
    "C1.1.1": "yes", "C1.1.2": "no", "C1.2": "yes", "C1.2.1": "Not out of scope – it informs direct care.", "C1.2.2": "yes",
    "C1.2.3": "provided", "C1.2.4": "provided", "C1.2.5": "Dr Sam Example, radiologist, GMC 0000000",
    "C2.1": "confirmed", "C2.2": "yes", "C2.2.1": "provided", "C2.2.2": "provided", "C2.2.3": "not_provided",
    "C2.2.4": (NOT_APPLICABLE, "Patients do not use it themselves."), "C2.2.5": "outside_uk",
    "C2.2.6": "Ireland, under the adequacy regulations", "C3.1": "provided", "C3.2": "no",
    "C3.3": ("not_provided", "The test is booked for May."), "C3.4": "unable", "C3.5": "yes", "C3.5.1": NOT_APPLICABLE, "C3.6": "yes",
    "C4.1": "yes", "C4.1.1": "FHIR R4 and DICOM, because hospitals use them", "C4.1.2": "confirmed", "C4.1.3": "Published, free",
    "C4.2": "yes", "C4.2.1": "yes", "C4.2.2": "no", "C4.2.3": "The hospital’s own number, checked by staff", "C4.2.4": NOT_APPLICABLE,
    "C4.2.5": "no", "C4.2.6": "Single sign-on of the hospital", "D1.1": "provided", "D1.2": "yes", "D1.3": "confirmed", "D1.4": "yes",
    "D1.4.1": "plan", "D1.4.2": "31 March 2027", "D1.4.3": "https://northgate.example/accessibility", "D1.5": "99.95",
}  # fmt: skip
WORDS = {"A12": "Latest CQC report", "C3.3": "Summary of an external penetration test", "C3.2": "Cyber Security Charter signed?"}


def answers() -> dict[str, AnswerValue]:
    """What a reader must find, by code."""
    found = {}
    for code, said in SAID.items():
        value, note = said if isinstance(said, tuple) else (said, "")
        none = value == NOT_APPLICABLE
        found[code] = AnswerValue(None if none else value, note=note, not_applicable=none)
    return found


def control_box(ticked: bool) -> Any:
    """Word's content control for a check box."""
    glyph = "☒" if ticked else "☐"
    return parse_xml(
        f"<w:sdt {nsdecls('w')} {W14}><w:sdtPr><w14:checkbox><w14:checked w14:val='{int(ticked)}'/>"
        f"</w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>{glyph}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def legacy_box(ticked: bool) -> list[Any]:
    """Word's older form field for a check box."""
    begin = (
        f"<w:r {nsdecls('w')}><w:fldChar w:fldCharType='begin'><w:ffData><w:name w:val='c'/><w:enabled/>"
        f"<w:checkBox><w:sizeAuto/><w:default w:val='0'/><w:checked w:val='{int(ticked)}'/></w:checkBox></w:ffData></w:fldChar></w:r>"
    )
    code = f"<w:r {nsdecls('w')}><w:instrText xml:space='preserve'> FORMCHECKBOX </w:instrText></w:r>"
    marks = [f"<w:r {nsdecls('w')}><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("separate", "end")]
    return [parse_xml(each) for each in (begin, code, *marks)]


def shown(question: Question, value: str) -> str:
    """An answer as a person would type it: dates in full, options by their words."""
    if question.code == "A11" and value[:1].isdigit():
        return "27/03/2026"
    if question.code == "D1.5":
        return "99.95 %"
    return question.labels[value].partition(":")[0] if value in question.labels else value


def write_answer(cell: Any, question: Question, said: str, style: str) -> None:
    """Put an answer into a cell: `controls`, `legacy`, `typed` boxes, `glyphs`, or the option's `words`."""
    choices = question.options if question.code != "A11" else ()
    if not choices or style == "words":
        for n, line in enumerate(shown(question, said).split("\n")):
            (cell.paragraphs[0] if n == 0 else cell.add_paragraph()).add_run(line)
        return
    for n, option in enumerate(choices):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        ticked = option.value == said
        if style == "controls":
            paragraph._p.append(control_box(ticked))
        elif style == "legacy":
            for part in legacy_box(ticked):
                paragraph._p.append(part)
        else:
            paragraph.add_run({"typed": ("[ ]", "[x]"), "glyphs": ("☐", "☑")}[style][ticked])
        paragraph.add_run(f" {option.words.partition(':')[0]}")


def split(text: str, chance: random.Random) -> list[str]:
    """A text cut into pieces, as word processors do for no reason."""
    places = sorted(chance.sample(range(1, len(text)), chance.randint(1, len(text) - 1))) if len(text) > 1 else []
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


def form(
    *, style: str = "controls", headings: bool = True, order: Sequence[str] | None = None, left_out: Iterable[str] = (),
    runs: random.Random | None = None, stray: Mapping[str, str] | None = None, blank: Iterable[str] = (),
    version: str = "2.0", one_table: bool = False, joined: bool = False, checklist: bool = True,
) -> bytes:  # fmt: skip
    """A filled form as DOCX. `order` of codes, codes `left_out` and `blank`; `runs`: codes are cut into runs by this chance;
    `stray`: how a code is typed instead; `joined`: the code stands before its question in one cell."""
    published, document = loader.question_set(SET), Document()
    document.sections[0].header.paragraphs[0].text = f"Digital Technology Assessment Criteria, version {version}"
    document.add_paragraph("Everything in this file is invented: the company, the product, the people and every answer.")
    codes = [code for code in (order or published.by_code) if code not in set(left_out)]
    groups = [codes] if one_table else [
        [code for code in codes if published.section_of[code] is section] for section in published.sections
    ]  # fmt: skip
    for group in filter(None, groups):
        if not one_table:
            document.add_heading(published.section_of[group[0]].title, 2)
        table = document.add_table(rows=0, cols=3 if joined else 4)
        table.style = "Table Grid"
        if headings:
            cells = table.add_row().cells
            names = ("Question", "Response", "Supporting information") if joined else ("Code", "Question", "Response", "Supporting information")
            for cell, name in zip(cells, names, strict=True):
                cell.text = name
        for code in group:
            _row(table, published.by_code[code], style, runs, (stray or {}).get(code, code), joined, code in set(blank))
    if checklist:
        document.add_heading("Checklist of attachments", 2)
        table = document.add_table(rows=0, cols=3)
        for old, paper in (("A11", "CQC report"), ("C1.1", "PAQ form"), ("C3.2", "Penetration test report")):
            for cell, text in zip(table.add_row().cells, (old, paper, "Yes"), strict=True):
                cell.text = text
    return saved(document)


def _row(table: Any, question: Question, style: str, runs: random.Random | None, typed: str, joined: bool, blank: bool) -> None:
    cells = list(table.add_row().cells)
    words = WORDS.get(question.code, question.words)
    written = f"{typed} {words}" if joined else typed
    first = cells.pop(0)
    for piece in split(written, runs) if runs else [written]:
        first.paragraphs[0].add_run(piece)
    if not joined:
        cells.pop(0).text = words
    said = SAID[question.code]
    value, note = said if isinstance(said, tuple) else (said, "")
    if not blank:
        write_answer(cells[0], question, value, style)
        cells[1].text = note


def saved(document: Any) -> bytes:
    """A document's bytes."""
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def of_rows(*rows: Sequence[str], version: str = "2.0") -> bytes:
    """A form of plain cells, row by row; every other question of the set is left out."""
    document = Document()
    document.add_paragraph(f"DTAC form version {version}")
    table = document.add_table(rows=0, cols=max(map(len, rows)))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            for n, line in enumerate(text.split("\n")):
                (cell.paragraphs[0] if n == 0 else cell.add_paragraph()).add_run(line)
    return saved(document)


def merged_below(code: str) -> bytes:
    """A form whose code and question cells reach over two rows, the answer's options one in each."""
    document = Document()
    document.add_paragraph("DTAC form version 2.0")
    table = document.add_table(rows=3, cols=3)
    for n, text in enumerate((code, "Its question", "☐ Yes")):
        table.cell(0, n).text = text
    table.cell(1, 2).text = "☒ No"
    for n in (0, 1):
        table.cell(0, n).merge(table.cell(1, n))
    for n, text in enumerate(("A9", "Country", "United Kingdom")):
        table.cell(2, n).text = text
    assert table._tbl.findall(f".//{qn('w:vMerge')}")
    return saved(document)
