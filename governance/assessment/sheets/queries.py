"""Finding sheets, answers as they stand, their history, and documents. Every query stays in the submission's organisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.outcomes import QuestionFinding, question_findings
from governance.assessment.question_sets.rules import QuestionState, state_of
from governance.assessment.question_sets.schema import QuestionSet
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import rules
from governance.assessment.sheets.models import Answer, AnswerSheet, Document, SetMove, SupplierLink
from governance.database import db
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.register.models import ToolVersion

Layers = Mapping[str, Mapping[str, Answer]]


@dataclass(frozen=True)
class SheetView:
    """One sheet as it stands: every question's state, and the newest answer of the layer that counts."""

    question_set: QuestionSet
    sheet: AnswerSheet | None
    layer: str
    answers: Mapping[str, Answer]
    states: Mapping[str, QuestionState]
    facts: Mapping[str, str]

    @cached_property
    def values(self) -> dict[str, AnswerValue]:
        """What counts as answered: an answer from a card does once a person confirmed it."""
        return {code: as_value(answer) for code, answer in self.answers.items() if answer.confirmed}

    @cached_property
    def findings(self) -> dict[str, QuestionFinding]:
        """What each question comes to by itself, by code."""
        return question_findings(self.question_set, self.values, self.facts)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Codes still marked "from the model card", in the order of the form; only those that are asked."""
        return tuple(
            code
            for code, state in self.states.items()
            if code in self.answers and not self.answers[code].confirmed and state.asked
        )


def sheet_for(submission: Submission, question_set: str) -> AnswerSheet | None:
    """The sheet of a set for this submission's tool version or deployment, if it was opened."""
    by_scope = (
        AnswerSheet.tool_version_id == submission.tool_version_id
        if loader.question_set(question_set).scope == "tool"
        else AnswerSheet.deployment_id == submission.deployment_id
    )
    return db.session.scalar(
        sa.select(AnswerSheet).where(
            AnswerSheet.organisation_id == submission.organisation_id, AnswerSheet.question_set == question_set, by_scope
        )
    )


def sheet_of_version(sheet: AnswerSheet, question_set: str, version: str) -> AnswerSheet | None:
    """The organisation's sheet of a set about another version of the tool that a sheet is about, by the version's name."""
    tool = sa.select(ToolVersion.tool_id).where(ToolVersion.id == sheet.tool_version_id).scalar_subquery()
    query = (
        sa.select(AnswerSheet)
        .join(ToolVersion, ToolVersion.id == AnswerSheet.tool_version_id)
        .where(
            AnswerSheet.organisation_id == sheet.organisation_id, AnswerSheet.question_set == question_set,
            ToolVersion.tool_id == tool, ToolVersion.version == version,
        )
    )  # fmt: skip
    return db.session.scalar(query)


def views(submission: Submission, wanted: Mapping[str, Mapping[str, str]]) -> dict[str, SheetView]:
    """Several sheets of a submission as they stand, in two queries however many there are. `wanted`: the facts for each set."""
    sheets = {each.question_set: each for each in db.session.scalars(_sheets(submission, wanted))}
    found = newest_of([each.id for each in sheets.values()])
    return {
        code: _viewed(code, sheets.get(code), found.get(sheets[code].id, {}) if code in sheets else {}, facts)
        for code, facts in wanted.items()
    }


def _sheets(submission: Submission, codes: Iterable[str]) -> sa.Select[AnswerSheet]:
    """The sheets of some sets for this submission, each by its own scope."""
    tool = {code for code in codes if loader.question_set(code).scope == "tool"}
    return sa.select(AnswerSheet).where(
        AnswerSheet.organisation_id == submission.organisation_id,
        sa.or_(
            sa.and_(AnswerSheet.tool_version_id == submission.tool_version_id, AnswerSheet.question_set.in_(sorted(tool))),
            sa.and_(
                AnswerSheet.deployment_id == submission.deployment_id,
                AnswerSheet.question_set.in_(sorted(set(codes) - tool)),
            ),
        ),
    )


def moves(submission: Submission) -> dict[str, str]:
    """Which sets the organisation goes on with in a newer version, for this tool version and this deployment."""
    return moves_of([submission])[submission.id]


def moves_of(submissions: Collection[Submission]) -> dict[int, dict[str, str]]:
    """The same for several submissions, by their ids, in one query."""
    about = sa.or_(
        SetMove.tool_version_id.in_({each.tool_version_id for each in submissions} - {None}),
        SetMove.deployment_id.in_({each.deployment_id for each in submissions} - {None}),
    )
    mine = SetMove.organisation_id.in_({each.organisation_id for each in submissions})
    rows = db.session.scalars(sa.select(SetMove).where(mine, about).order_by(SetMove.id)).all() if submissions else ()
    return {
        each.id: {
            row.from_set: row.to_set
            for row in rows
            if row.organisation_id == each.organisation_id
            and (row.tool_version_id or each.tool_version_id, row.deployment_id or each.deployment_id)
            == (each.tool_version_id, each.deployment_id)
        }
        for each in submissions
    }


def current_answers(sheet: AnswerSheet) -> dict[str, dict[str, Answer]]:
    """The newest answer of each question and layer: {code: {layer: Answer}}."""
    return newest_of([sheet.id]).get(sheet.id, {})


def newest_of(sheet_ids: Sequence[int]) -> dict[int, dict[str, dict[str, Answer]]]:
    """The newest answers of several sheets, by sheet, code and layer."""
    if not sheet_ids:
        return {}
    newest = (
        sa.select(Answer.sheet_id, Answer.code, Answer.layer, sa.func.max(Answer.revision).label("revision"))
        .where(Answer.sheet_id.in_(sheet_ids))
        .group_by(Answer.sheet_id, Answer.code, Answer.layer)
        .subquery()
    )
    same = [getattr(Answer, name) == newest.c[name] for name in ("sheet_id", "code", "layer", "revision")]
    found: dict[int, dict[str, dict[str, Answer]]] = {}
    for answer in db.session.scalars(sa.select(Answer).join(newest, sa.and_(*same))):
        found.setdefault(answer.sheet_id, {}).setdefault(answer.code, {})[answer.layer] = answer
    return found


def answers_elsewhere(submission: Submission, question_set: str) -> dict[str, dict[str, Answer]]:
    """The answers that people stand behind on the other sheets of this tool version and deployment, by set and code.

    In one query, however many sheets there are.
    """
    here = sa.and_(
        AnswerSheet.organisation_id == submission.organisation_id,
        AnswerSheet.question_set != question_set,
        sa.or_(
            AnswerSheet.tool_version_id == submission.tool_version_id,
            AnswerSheet.deployment_id == submission.deployment_id,
        ),
    )
    newest = (
        sa.select(Answer.sheet_id, Answer.code, Answer.layer, sa.func.max(Answer.revision).label("revision"))
        .join(AnswerSheet, AnswerSheet.id == Answer.sheet_id)
        .where(here)
        .group_by(Answer.sheet_id, Answer.code, Answer.layer)
        .subquery()
    )
    same = [getattr(Answer, name) == newest.c[name] for name in ("sheet_id", "code", "layer", "revision")]
    query = sa.select(AnswerSheet.question_set, Answer).join(AnswerSheet, AnswerSheet.id == Answer.sheet_id)
    found: dict[str, dict[str, Answer]] = {}
    for name, row in db.session.execute(query.join(newest, sa.and_(*same))):
        if row.confirmed and row.layer == rules.layer_of(name):
            found.setdefault(name, {})[row.code] = row
    return found


def view(submission: Submission, question_set: str, facts: Mapping[str, str]) -> SheetView:
    """One sheet of a submission as it stands. `facts`: triage, with tier, stage and depth where routes need them."""
    sheet = sheet_for(submission, question_set)
    return _viewed(question_set, sheet, current_answers(sheet) if sheet else {}, facts)


def _viewed(
    question_set: str, sheet: AnswerSheet | None, layers: Mapping[str, Mapping[str, Answer]], facts: Mapping[str, str]
) -> SheetView:
    published, layer = loader.question_set(question_set), rules.layer_of(question_set)
    answers = {code: given[layer] for code, given in layers.items() if layer in given}
    counted = {code: as_value(answer) for code, answer in answers.items() if answer.confirmed}
    return SheetView(published, sheet, layer, answers, state_of(published, counted, facts), facts)


def answers_at(sheet: AnswerSheet, layer: str, revisions: Mapping[str, int]) -> dict[str, Answer]:
    """The answers a page showed, by the revisions it carries: rows are never changed, so they are all still there."""
    wanted = {code: revision for code, revision in revisions.items() if revision}
    if not wanted:
        return {}
    query = sa.select(Answer).where(
        Answer.sheet_id == sheet.id,
        Answer.layer == layer,
        sa.tuple_(Answer.code, Answer.revision).in_(list(wanted.items())),
    )
    return {answer.code: answer for answer in db.session.scalars(query)}


def history(sheet: AnswerSheet, code: str) -> Sequence[Answer]:
    """Every answer to one question, newest first."""
    query = sa.select(Answer).where(Answer.sheet_id == sheet.id, Answer.code == code)
    return db.session.scalars(query.order_by(Answer.id.desc())).all()


def histories(sheet: AnswerSheet, codes: Sequence[str]) -> dict[str, list[tuple[Answer, str]]]:
    """Every answer to several questions, newest first, each with the name of who gave it."""
    query = sa.select(Answer).where(Answer.sheet_id == sheet.id, Answer.code.in_(codes)).order_by(Answer.id.desc())
    rows = db.session.scalars(query).all()
    names = givers(rows)
    found: dict[str, list[tuple[Answer, str]]] = {}
    for answer in rows:
        found.setdefault(answer.code, []).append((answer, names[answer.id]))
    return found


def document_for(submission: Submission, question_set: str) -> Document | None:
    """The newest document given for a row of policy."""
    return db.session.scalar(_documents(submission, question_set).limit(1))


def documents(submission: Submission, question_set: str) -> Sequence[Document]:
    """Every document given for a row of policy, newest first."""
    return db.session.scalars(_documents(submission, question_set)).all()


def newest_documents(submission: Submission, rows: Sequence[str]) -> dict[str, Document]:
    """The newest document for each of several rows of policy, in one query."""
    query = (
        sa.select(Document)
        .where(Document.organisation_id == submission.organisation_id, Document.question_set.in_(rows), _of(submission))
        .order_by(Document.revision)
    )
    return {document.question_set: document for document in db.session.scalars(query)}


def register_says(submission: Submission) -> dict[str, str]:
    """What the register already holds that a form asks again, in the words of `Question.filled_from`."""
    version = submission.tool_version
    if version is None:
        return {}
    return {
        "manufacturer.name": version.tool.manufacturer.name,
        "tool.name": version.tool.name,
        "tool_version.number": version.version,
    }


def offered(submission: Submission, view: SheetView) -> int:
    """How many questions nobody has answered yet that the newest model card could fill."""
    card = intake.newest_card(submission)
    texts = rules.from_card(view.question_set, card.fields) if card else {}
    return sum(code not in view.answers for code in texts)


def givers(answers: Iterable[Answer]) -> dict[int, str]:
    """Who gave each answer, by the answer's id: a person's name, or the supplier's contact, said to be one."""
    rows = list(answers)
    people = names_of({row.answered_by for row in rows if row.answered_by is not None})
    links = {row.supplier_link_id for row in rows if row.supplier_link_id is not None}
    query = sa.select(SupplierLink.id, SupplierLink.contact_name).where(SupplierLink.id.in_(links))
    contacts = {row[0]: f"{row[1]} (supplier)" for row in db.session.execute(query)} if links else {}
    return {
        row.id: people[row.answered_by] if row.answered_by is not None else contacts[row.supplier_link_id or 0]
        for row in rows
    }


def names_of(people: set[int]) -> dict[int, str]:
    """Names by person's id, in one query."""
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(people))) if people else ()
    return {row[0]: row[1] for row in rows}


def as_value(answer: Answer) -> AnswerValue:
    """An answer row as the rules of question sets read it."""
    return AnswerValue(rules.read_back(answer.value), note=answer.note, not_applicable=answer.not_applicable)


def as_kept(answer: Answer) -> rules.Kept:
    return rules.Kept(as_value(answer), answer.revision, answer.confirmed, answer.source == rules.TOOL_VERSION)


def _of(submission: Submission) -> sa.ColumnElement[bool]:
    return sa.or_(
        Document.tool_version_id == submission.tool_version_id, Document.deployment_id == submission.deployment_id
    )


def _documents(submission: Submission, question_set: str) -> sa.Select[Document]:
    return (
        sa.select(Document)
        .where(
            Document.organisation_id == submission.organisation_id,
            Document.question_set == question_set,
            _of(submission),
        )
        .order_by(Document.revision.desc())
    )
