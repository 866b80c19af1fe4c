"""Where answers and documents stand on evidence: what this room hands to the pages and the renewal of evidence.

A newer item takes the place of an old one under an answer by itself, unless a submission that the answer is in waits for
agreement: what people are signing must not change under them. A document names its own file, so it needs a newer document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from governance.assessment.evidence.models import EvidenceUse
from governance.assessment.evidence.places import Place
from governance.assessment.question_sets import loader
from governance.assessment.sheets import asked, queries
from governance.assessment.sheets.models import AnswerSheet, Document, SetMove
from governance.database import db
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import OPEN_STATUSES, Standing, SubmissionStatus
from governance.policy.rules import Requirement
from governance.policy.schema import Form
from governance.register.models import Deployment

AWAITED = (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)
Scoped = AnswerSheet | Document


@dataclass(frozen=True, slots=True)
class About:
    """The submissions that a sheet or a document serves: the newest of each deployment, open ones first, and every one."""

    submissions: tuple[Submission, ...]
    every: tuple[Submission, ...] = ()

    @property
    def counting(self) -> list[Submission]:
        """Those that still ask something, and those of tools in use."""
        return [each for each in self.submissions if each.status in OPEN_STATUSES or _in_use(each)]

    @property
    def awaited(self) -> list[str]:
        return [str(each.reference) for each in self.submissions if each.status in AWAITED]

    @property
    def tool(self) -> str:
        first = self.submissions[0]
        assert first.deployment is not None
        version = first.tool_version or first.deployment.tool_version
        return f"{first.deployment.tool.name} {version.version}"


def answers(evidence_ids: Collection[int]) -> Iterator[Place]:
    """Answers that items stand behind, by question."""
    query = (
        sa.select(EvidenceUse, AnswerSheet)
        .join(AnswerSheet, AnswerSheet.id == EvidenceUse.subject_id)
        .where(
            EvidenceUse.evidence_id.in_(evidence_ids),
            EvidenceUse.subject_kind == "answer_sheet",
            EvidenceUse.removed_at.is_(None),
        )
        .order_by(EvidenceUse.id)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(query)]
    sheets = {sheet.id: sheet for _, sheet in rows}
    served, moved = _served(sheets.values()), _moved_on(sheets.values())
    asks = _Asks(each for about in served.values() for each in about.every)
    for use, sheet in rows:
        about, published = served[_key(sheet)], loader.question_set(sheet.question_set)
        section = published.section_of.get(use.code)
        if not about.submissions or section is None:
            continue
        live = bool(about.counting) and sheet.id not in moved
        awaited, asking = about.awaited, asks.of(sheet, about) if live else None
        yield Place(
            evidence_id=use.evidence_id, use_id=use.id, kind="answer_sheet", code=use.code,
            what=f"{published.instrument} {use.code}", tool=about.tool,
            references=tuple(str(each.reference) for each in about.counting or about.submissions),
            endpoint="sheets.section" if asking else "packs.submission",
            values=_section(asking, sheet, section.code) if asking else _submission(about), live=live,
            stays=f"{awaited[0]} waits for agreement, so its answers do not change now." if awaited else "",
        )  # fmt: skip


def documents(evidence_ids: Collection[int]) -> Iterator[Place]:
    """Documents whose file an item is: the newest of each row of policy."""
    query = sa.select(Document).where(Document.id.in_(_newest()), Document.evidence_id.in_(evidence_ids))
    rows = db.session.scalars(query.order_by(Document.id)).all()
    served = _served(rows)
    asks = _Asks(each for about in served.values() for each in about.every)
    for row in rows:
        about = served[_key(row)]
        if not about.submissions:
            continue
        asking = asks.of_document(row.question_set, about)
        yield Place(
            evidence_id=row.evidence_id, use_id=None, kind="document", what=f"Document: {row.title}", tool=about.tool,
            references=tuple(str(each.reference) for each in about.counting or about.submissions),
            endpoint="sheets.documents.document" if asking else "packs.submission",
            values={"reference": str(asking.reference), "row": row.question_set} if asking else _submission(about),
            live=bool(about.counting),
            stays="Give a newer document: its dates and facts are its own.",
        )  # fmt: skip


def named(scope: Collection[int]) -> sa.Select[Any]:
    """Ids of evidence that the newest documents of some organisations name."""
    return sa.select(Document.evidence_id).where(Document.organisation_id.in_(scope), Document.id.in_(_newest()))


def _newest() -> sa.Select[Any]:
    return sa.select(sa.func.max(Document.id)).group_by(
        Document.organisation_id, Document.question_set, Document.tool_version_id, Document.deployment_id
    )


Key = tuple[int, int | None, int | None]


def _key(row: Scoped) -> Key:
    return row.organisation_id, row.tool_version_id, row.deployment_id


def _served(rows: Iterable[Scoped]) -> dict[Key, About]:
    """For each sheet or document, the submissions it serves, in one query."""
    keys = {_key(row) for row in rows}
    versions, deployments = {key[1] for key in keys} - {None}, {key[2] for key in keys} - {None}
    of = joinedload(Submission.deployment)
    query = (
        sa.select(Submission)
        .where(
            Submission.organisation_id.in_({key[0] for key in keys}),
            Submission.policy_version.is_not(None),
            sa.or_(Submission.tool_version_id.in_(versions), Submission.deployment_id.in_(deployments)),
        )
        .options(of.joinedload(Deployment.tool), of.joinedload(Deployment.tool_version), joinedload(Submission.tool_version))
        .order_by(Submission.closed_at.is_not(None), Submission.id.desc())
    )
    found = db.session.scalars(query).all() if keys else ()
    made = {}
    for key in keys:
        organisation, version, deployment = key
        mine: dict[int | None, Submission] = {}
        every = []
        for each in found:
            about = each.tool_version_id == version if version is not None else each.deployment_id == deployment
            if each.organisation_id == organisation and about:
                mine.setdefault(each.deployment_id, each)
                every.append(each)
        made[key] = About(tuple(mine.values()), tuple(every))
    return made


def _moved_on(sheets: Iterable[AnswerSheet]) -> set[int]:
    """Sheets whose set the organisation has left for a newer version."""
    rows = list(sheets)
    query = sa.select(SetMove.organisation_id, SetMove.from_set, SetMove.tool_version_id, SetMove.deployment_id)
    query = query.where(SetMove.organisation_id.in_({row.organisation_id for row in rows}))
    left = {tuple(row) for row in db.session.execute(query)} if rows else set()
    return {row.id for row in rows if (row.organisation_id, row.question_set, row.tool_version_id, row.deployment_id) in left}


def _in_use(submission: Submission) -> bool:
    deployment = submission.deployment
    return deployment is not None and deployment.standing not in (Standing.PROPOSED, Standing.CEASED)


def _submission(about: About) -> dict[str, Any]:
    return {"reference": str((about.counting or about.submissions)[0].reference)}


def _section(asking: Submission, sheet: AnswerSheet, section: str) -> dict[str, Any]:
    return {"reference": str(asking.reference), "question_set": sheet.question_set, "section": section}


class _Asks:
    """Which submission asks for a sheet or a document: the newest of a tool in use may ask for less than the one before it.

    Those that count come first, then the newest that asks; None where none does.
    """

    def __init__(self, submissions: Iterable[Submission]) -> None:
        self.rows = {each.id: each for each in submissions}
        self.facts = intake.facts_of(self.rows)
        self.asked: dict[int, tuple[Requirement, ...]] = {}

    @cached_property
    def moves(self) -> Mapping[int, Mapping[str, str]]:
        return queries.moves_of(self.rows.values())

    def of(self, sheet: AnswerSheet, about: About) -> Submission | None:
        """For a sheet."""
        return self._first(about, lambda each: sheet.question_set in self._sets(each))

    def of_document(self, question_set: str, about: About) -> Submission | None:
        """For a row of policy that a document meets."""
        wanted = (question_set, Form.DOCUMENT)
        return self._first(about, lambda each: wanted in {(row.question_set, row.form) for row in self._rows(each)})

    def _first(self, about: About, asks: Callable[[Submission], bool]) -> Submission | None:
        return next((each for each in (*about.counting, *about.every) if asks(each)), None)

    def _rows(self, submission: Submission) -> tuple[Requirement, ...]:
        if submission.id not in self.asked:
            self.asked[submission.id] = asked.requirements_of(submission, self.facts[submission.id])
        return self.asked[submission.id]

    def _sets(self, submission: Submission) -> Collection[str]:
        return asked.sheets_among(submission, self._rows(submission), self.moves[submission.id])
