"""What was said of the version of the tool that was assessed before, as a newer version's sheet offers it.

An offer is never an answer: a person looks at it and says that it is still true (`carrying.carry_over`), or answers anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.assessment.question_sets import loader
from governance.assessment.question_sets.schema import QuestionSet
from governance.assessment.sheets import queries, version_rules
from governance.assessment.sheets.models import Answer, AnswerSheet
from governance.assessment.sheets.queries import SheetView
from governance.assessment.sheets.version_rules import Origin, Own, Said
from governance.database import db, read_once
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind, SubmissionStatus
from governance.register.models import ToolVersion

ASSESSING = (SubmissionKind.PROGRESS, SubmissionKind.RE_ASSURANCE)
Support = Mapping[int, Mapping[str, Sequence[Evidence]]]


@dataclass(frozen=True, slots=True)
class Offered:
    """One answer about the version before. `standing`: `version_rules.standing`. `papers` come along with it."""

    code: str
    said: Said
    row: Answer
    giver: str
    standing: str
    papers: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FromBefore:
    """What a sheet takes from the version before. `waiting`: by question, evidence of then that does not count by itself."""

    version: str
    offers: Mapping[str, Offered] = field(default_factory=dict)
    waiting: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)

    def among(self, codes: Sequence[str]) -> tuple[Offered, ...]:
        """The offers to some questions, in the order of the form."""
        return tuple(each for code, each in self.offers.items() if code in codes)


@read_once
def version_before(submission: Submission) -> ToolVersion | None:
    """The version of the same tool that the organisation assessed last, of this deployment before any other."""
    version = submission.tool_version
    if version is None:
        return None
    query = (
        sa.select(ToolVersion)
        .join(Submission, Submission.tool_version_id == ToolVersion.id)
        .where(
            Submission.organisation_id == submission.organisation_id, Submission.status == SubmissionStatus.AUTHORISED,
            Submission.kind.in_(ASSESSING), ToolVersion.tool_id == version.tool_id, ToolVersion.id != version.id,
        )
        .order_by((Submission.deployment_id == submission.deployment_id).desc(), Submission.id.desc())
    )  # fmt: skip
    return db.session.scalar(query.limit(1))


def from_before(submission: Submission, view: SheetView, *, counted: bool = False) -> FromBefore | None:
    """What a sheet about the tool may take from the version before; None where there is no such version or sheet.

    `counted`: only which answers are offered, for a page that says how many; without givers and evidence.
    """
    before = version_before(submission) if view.question_set.scope == "tool" else None
    if before is None:
        return None
    rows = _answers(submission, before, view)
    if not rows:
        return None
    said = {
        code: Said(queries.as_value(row), Origin(name, row.code, row.revision, before.version))
        for code, (name, row) in rows.items()
    }
    standing = version_rules.offered(view.question_set, _own(view), said, view.facts)
    if counted:
        return FromBefore(
            before.version, {code: Offered(code, said[code], rows[code][1], "", how, ()) for code, how in standing.items()}
        )
    support = _support(submission, {row.sheet_id for _, row in rows.values()} | ({view.sheet.id} if view.sheet else set()))
    givers = queries.givers(rows[code][1] for code in standing)
    counting = {code: tuple(_behind(support, rows[code][1], submission, counts=True)) for code in standing}
    return FromBefore(
        before.version,
        {
            code: Offered(code, said[code], rows[code][1], givers[rows[code][1].id], how, counting[code])
            for code, how in standing.items()
        },
        {code: found for code, (_, row) in rows.items() if (found := _waiting(view, support, code, row, submission))},
    )


def waits_for(code: str, number: int, found: FromBefore | None) -> Evidence | None:
    """One item of then that waits to be said to cover the newer version, behind one question."""
    items = found.waiting.get(code, ()) if found else ()
    return next((item for item in items if item.id == number), None)


def _own(view: SheetView) -> dict[str, Own]:
    return {
        code: Own(queries.as_value(row), row.confirmed, row.source, row.origin) for code, row in view.answers.items()
    }


def _answers(submission: Submission, before: ToolVersion, view: SheetView) -> dict[str, tuple[str, Answer]]:
    """By question of this set: the answer a person stood behind to it, or to the one of an older set that it is the same as."""
    asked = dict(_asked(view.question_set))
    wanted = {name for pairs in asked.values() for name, _ in pairs}
    query = sa.select(AnswerSheet).where(
        AnswerSheet.organisation_id == submission.organisation_id, AnswerSheet.tool_version_id == before.id,
        AnswerSheet.question_set.in_(sorted(wanted)),
    )  # fmt: skip
    sheets = {sheet.question_set: sheet.id for sheet in db.session.scalars(query)}
    newest = queries.newest_of(list(sheets.values()))
    found = {}
    for code, pairs in asked.items():
        for name, there in pairs:
            row = newest.get(sheets.get(name, 0), {}).get(there, {}).get(view.layer)
            if row is not None and row.confirmed and queries.as_value(row).chosen:
                found[code] = (name, row)
                break
    return found


def _asked(published: QuestionSet) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each question with itself and those of older versions of the set that it says it is the same as, newest first."""
    for question in published.questions:
        pairs, name, here = [(published.code, question.code)], published, question
        while name.supersedes and here.same_as:
            older = loader.question_set(name.supersedes)
            if here.same_as not in older.by_code:
                break
            name, here = older, older.by_code[here.same_as]
            pairs.append((name.code, here.code))
        yield question.code, pairs


def _support(submission: Submission, sheets: set[int]) -> Support:
    """What stands behind the answers of several sheets, in one query."""
    query = (
        sa.select(EvidenceUse.subject_id, EvidenceUse.code, Evidence)
        .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
        .where(
            EvidenceUse.organisation_id == submission.organisation_id, EvidenceUse.subject_kind == "answer_sheet",
            EvidenceUse.subject_id.in_(sorted(sheets)), EvidenceUse.removed_at.is_(None),
        )
        .order_by(Evidence.id)
    )  # fmt: skip
    found: dict[int, dict[str, list[Evidence]]] = {}
    for sheet, code, item in db.session.execute(query):
        behind = found.setdefault(sheet, {}).setdefault(code, [])
        if item not in behind:
            behind.append(item)
    return found


def _behind(support: Support, row: Answer, submission: Submission, *, counts: bool) -> Iterator[Evidence]:
    """What stood behind an answer of the version before: what counts for the newer one, or what does not."""
    for item in support.get(row.sheet_id, {}).get(row.code, ()):
        if counts_here(item, submission) is counts:
            yield item


def counts_here(item: Evidence, submission: Submission) -> bool:
    """Whether an item counts for the version that a submission is about."""
    returned = item.supplier_id is not None
    return version_rules.counts_for(item.tool_version_id, returned=returned, version=submission.tool_version_id)


def _waiting(view: SheetView, support: Support, code: str, row: Answer, submission: Submission) -> tuple[Evidence, ...]:
    """What stood behind it and covers another version only, unless the same file or link is here and counts."""
    here = support.get(view.sheet.id, {}).get(code, ()) if view.sheet else ()
    there = {_same(item) for item in here if counts_here(item, submission)}
    return tuple(item for item in _behind(support, row, submission, counts=False) if _same(item) not in there)


def _same(item: Evidence) -> tuple[str | None, str | None]:
    return item.sha256, item.url


