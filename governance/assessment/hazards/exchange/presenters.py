"""Imports as pages show them: the list, the words, the check with its counts, the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from governance.assessment.hazards import words
from governance.assessment.hazards.exchange import mapping
from governance.assessment.hazards.exchange.check import Check, Line, Score, asked_of
from governance.assessment.hazards.exchange.fields import PARTS, SUPPLIERS, WORDS, Field
from governance.assessment.hazards.matrix import Matrix
from governance.assessment.hazards.models import HazardImport
from governance.spreadsheets import Row
from governance.web.wording import listed, long_date, plural

SHOWN = 100
STATES = {
    "uploaded": ("To map", "amber"),
    "mapped": ("To check", "amber"),
    "brought_in": ("Brought in", "go"),
    "dropped": ("Dropped", ""),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the check in words."""

    row: int
    name: str
    becomes: str
    about: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: bool


def checked_heading(found: Check) -> tuple[str, str]:
    """(heading, lede) of the check."""
    counts = []
    if found.left_out:
        counts.append(f"{plural(len(found.left_out), 'row')} {'is' if len(found.left_out) == 1 else 'are'} left out.")
    ready = f"{plural(len(found.ready), 'row')} {'is' if len(found.ready) == 1 else 'are'} ready"
    if found.faulty:
        many = len(found.faulty)
        title = f"{plural(many, 'row')} {'has a fault' if many == 1 else 'have faults'}"
        return title, " ".join([f"{ready}.", *counts, "Nothing is brought in until no row has a fault."])
    if not found.ready:
        return "There is no row to bring in", " ".join(counts)
    return f"{ready} to bring in", " ".join(["Nothing is written yet.", *counts])


def shown(found: Check, matrix: Matrix, *, faults_only: bool, page: int) -> tuple[list[Shown], int]:
    """The lines of one page of the check, and how many pages there are."""
    lines = found.faulty if faults_only else list(found.lines)
    pages = max(1, -(-len(lines) // SHOWN))
    first = (min(page, pages) - 1) * SHOWN
    return [_shown(line, matrix) for line in lines[first : first + SHOWN]], pages


def _shown(line: Line, matrix: Matrix) -> Shown:
    draft = line.draft
    if draft is None or line.faults:
        return Shown(line.row, line.name or "No name", "", (), line.faults, line.notes, line.left_out)
    about = [_controls(line)]
    for label, score in (("Before controls", draft.initial), ("With controls", draft.residual)):
        if score is not None:
            about.append(f"{label}: {_score(score, matrix)}")
    if draft.supplier:
        about.append(f"Supplier’s words: {'; '.join(_theirs(draft.supplier))}")
    if draft.review_on:
        about.append(f"Local review due {long_date(draft.review_on)}")
    becomes = f"Hazard {draft.number}, {words.STATUS_WORDS[draft.status].lower()}"
    return Shown(line.row, line.name, becomes, tuple(about), (), line.notes, False)


def _theirs(said: Mapping[str, str]) -> list[str]:
    """What a supplier says, each after what it is about. The scheme is the same for every row of its file."""
    return [f"{key} “{text}”" for key, text in said.items() if key != "scheme"]


def _controls(line: Line) -> str:
    assert line.draft is not None
    counts = {kind: sum(each.kind == kind for each in line.draft.controls) for kind in words.KIND_WORDS}
    said = [f"{count} {words.KIND_WORDS[kind].lower()}" for kind, count in counts.items() if count]
    if not said:
        return "No control"
    return f"{listed(said)} {'control' if sum(counts.values()) == 1 else 'controls'}"


def _score(score: Score, matrix: Matrix) -> str:
    likely = matrix.likelihood_words(score.likelihood).lower()
    return f"{matrix.severity_words(score.severity)}, {likely}, rating {score.rating}"


def account(row: HazardImport, page: int) -> tuple[list[tuple[int, str, str]], int]:
    """One page of what became of each row, and how many pages there are."""
    pages = max(1, -(-len(row.account) // SHOWN))
    first = (min(page, pages) - 1) * SHOWN
    return [(number, hazard, says) for number, hazard, says in row.account[first : first + SHOWN]], pages


def brought_in_heading(row: HazardImport) -> str:
    """What came of an import, in one line."""
    made = sum(bool(hazard) for _, hazard, _ in row.account)
    return f"{plural(made, 'hazard')} added from {row.filename}"


def words_by_kind(
    row: HazardImport, rows: Sequence[Row], matrix: Matrix, *, scoring: bool
) -> tuple[dict[str, list[tuple[str, int]]], list[str]]:
    """The words of each kind that are not ours; and a sentence for each kind that has too many to be a choice."""
    found, wrong = {}, []
    for kind in asked_of(row.mapping):
        given = mapping.words_in(rows, row.mapping, kind, scoring=scoring)
        theirs = [(word, count) for word, count in given if mapping.exact(kind, word, matrix) is None]
        if len(theirs) > mapping.MOST_WORDS:
            wrong.append(f"{WORDS[kind]}: {len(theirs):,} different words. Choose another column for it.")
        elif theirs:
            found[kind] = theirs
    return found, wrong


def parts(fields: Sequence[Field]) -> list[tuple[str, list[Field]]]:
    """The fields of the columns page under their headings."""
    found = [(heading, [each for each in fields if each.part == part]) for part, heading in PARTS.items()]
    return [(heading, given) for heading, given in found if given]


def stays_behind(row: HazardImport, unscored: Sequence[str]) -> list[str]:
    """Sentences: what of the file is not brought in, and why."""
    columns = row.mapping.get("columns", {})
    if row.mapping.get("as") == SUPPLIERS:
        said = ["These are the supplier’s hazards. Its ratings are kept in its own words, and ours are still to be scored."]
        return [*said, "Its controls come in as not verified: verify each of them here."]
    scores = [name for name in columns if mapping.BY_NAME[name].part in ("initial", "residual")]
    return ["The scores of the file are not brought in.", *unscored] if scores and unscored else []
