"""A supplier's form from the bytes of a file: what it answers, and an account of every code of the set."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from governance.assessment.question_sets.schema import QuestionSet
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.suppliers.reading import layout, opendocument, replies, signs, trees, version, word
from governance.assessment.suppliers.reading.replies import EMPTY, READ, UNCLEAR
from governance.assessment.suppliers.reading.tables import Document
from governance.assessment.suppliers.reading.trees import FormFault, fault

__all__ = ["EMPTY", "NOT_FOUND", "READ", "UNCLEAR", "FilledForm", "Finding", "FormFault", "read_form"]

KINDS = ("docx", "odt")
SETS = ("dtac-2.0",)
NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one question: read, empty, not found or unclear, with a sentence; `place` names its row in the file."""

    code: str
    status: str
    sentence: str
    answer: AnswerValue | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form as it was read: every question of the set in its order, and codes in it that the set does not have."""

    findings: tuple[Finding, ...]
    unknown: tuple[str, ...]

    @property
    def answers(self) -> dict[str, AnswerValue]:
        """Everything that was read, by code."""
        return {each.code: each.answer for each in self.findings if each.answer is not None}

    @property
    def counts(self) -> Counter[str]:
        return Counter(each.status for each in self.findings)


def read_form(data: bytes, *, kind: str, published: QuestionSet) -> FilledForm:
    """Read a filled form. `kind` is docx or odt. Raises FormFault, and nothing else, whatever the bytes are."""
    with trees.parts(data) as archive:
        document = word.read(archive) if kind == "docx" else opendocument.read(archive)
    return read_document(document, published)


def read_document(document: Document, published: QuestionSet) -> FilledForm:
    """Read a form whose tables are found. Raises FormFault."""
    found, unknown = layout.find(document, published.by_code)
    if not found:
        raise fault("no_codes", "No table in this file has the question codes of the DTAC form, so nothing was read.")
    version.must_be_2(document.loose, {*found, *unknown})
    return FilledForm(tuple(_finding(code, found.get(code), published) for code in published.by_code), unknown)


def _finding(code: str, seen: layout.Seen | None, published: QuestionSet) -> Finding:
    if seen is None:
        return Finding(code, NOT_FOUND, "No row of the file has this code.")
    if seen.fault:
        return Finding(code, UNCLEAR, f"{seen.fault} It was not read.", place=seen.place)
    if signs.speaks_of_another(code, seen.question):
        sentence = f"The words beside the code are another question’s ({seen.place}). It was not read."
        return Finding(code, UNCLEAR, sentence, place=seen.place)
    got = replies.reply(published.by_code[code], seen.answer, seen.support)
    if got.status == READ:
        return Finding(code, READ, f"Read from {seen.place}.", got.answer, seen.place)
    ending = " It was not read." if got.status == UNCLEAR else ""
    return Finding(code, got.status, f"{got.sentence} ({seen.place}){ending}".replace(". (", " ("), place=seen.place)
