"""Finding questions and who has which section. Every query takes the actor, or rows already found for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, request

from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.permissions import Actor, Role
from governance.questions.models import Assignment, Looked, Question, QuestionReply
from governance.register.models import Deployment, Tool

PAGE = 20
KEPT = "governance.questions"


@dataclass(frozen=True, slots=True)
class Said:
    """One reply as pages show it."""

    by: str
    role: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its replies, as pages show it."""

    id: int
    kind: str
    key: str
    words: str
    path: str
    text: str
    by: str
    role: str
    to_role: str
    at: datetime
    status: str
    mine: bool
    replies: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One question in a list."""

    id: int
    words: str
    text: str
    tool: str
    reference: str
    by: str
    to_role: str
    at: datetime
    status: str

    @property
    def with_whom(self) -> str:
        """The role whose turn it is, to begin a cell."""
        return Role(self.to_role).heading


@dataclass(frozen=True, slots=True)
class Given:
    """A section that somebody has."""

    submission_reference: str
    section: str
    words: str
    person_id: int
    person: str
    due_on: date | None
    note: str


def question(question_id: int, by: Actor) -> Question:
    """One question of the actor's scope. Raises NotVisible."""
    found = db.session.scalar(
        sa.select(Question).where(Question.id == question_id, Question.organisation_id.in_(by.scope))
    )
    if found is None:
        raise NotVisible()
    return found


def asked_on(deployment_id: int, by: Actor) -> Mapping[tuple[str, str], Sequence[Asked]]:
    """Every question about a deployment by (kind, key), the oldest first. Read once in a request, in three queries."""
    kept = request.environ.setdefault(KEPT, {}) if has_request_context() else {}
    if deployment_id not in kept:
        kept[deployment_id] = _read(deployment_id, by)
    return kept[deployment_id]


def forget() -> None:
    """After a write in this request: read again what is asked."""
    if has_request_context():
        request.environ.pop(KEPT, None)


def _read(deployment_id: int, by: Actor) -> dict[tuple[str, str], list[Asked]]:
    rows = db.session.scalars(
        sa.select(Question)
        .where(Question.deployment_id == deployment_id, Question.organisation_id.in_(by.scope))
        .order_by(Question.id)
    ).all()
    found: dict[tuple[str, str], list[Asked]] = {}
    for each in shown(rows, by):
        found.setdefault((each.kind, each.key), []).append(each)
    return found


def shown(rows: Sequence[Question], by: Actor) -> list[Asked]:
    """Questions with names and replies, in two queries."""
    if not rows:
        return []
    replies = db.session.scalars(
        sa.select(QuestionReply)
        .where(QuestionReply.question_id.in_([row.id for row in rows]))
        .order_by(QuestionReply.id)
    ).all()
    names = names_of({row.asked_by for row in rows} | {reply.replied_by for reply in replies})
    said: dict[int, list[Said]] = {}
    for reply in replies:
        said.setdefault(reply.question_id, []).append(
            Said(names[reply.replied_by], Role(reply.replied_role).title, reply.replied_at, reply.text)
        )
    return [
        Asked(
            row.id, row.subject_kind, row.subject_key, row.subject_words, row.path, row.text, names[row.asked_by],
            Role(row.asked_role).title, Role(row.to_role).title, row.asked_at, row.status, row.asked_by == by.person_id,
            tuple(said.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def listed(by: Actor, *, closed: bool = False, before: int | None = None, limit: int = PAGE + 1) -> list[Line]:
    """Questions of the own organisation, the newest first: those still open or answered, or those closed."""
    query = (
        sa.select(
            Question.id, Question.subject_words, Question.text, Tool.name, Deployment.reference, Person.name,
            Question.to_role, Question.asked_at, Question.status,
        )
        .join(Deployment, Deployment.id == Question.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(Person, Person.id == Question.asked_by)
        .where(Question.organisation_id.in_(by.scope), (Question.status == "closed") == closed)
        .order_by(Question.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before is not None:
        query = query.where(Question.id < before)
    return [_line(row) for row in db.session.execute(query)]


def _line(row: Any) -> Line:
    return Line(*row)


def with_roles(scope: Collection[int], roles: Collection[Role], limit: int = PAGE) -> list[Line]:
    """Open questions whose turn it is of one of these roles, the oldest first."""
    query = (
        sa.select(
            Question.id, Question.subject_words, Question.text, Tool.name, Deployment.reference, Person.name,
            Question.to_role, Question.asked_at, Question.status,
        )
        .join(Deployment, Deployment.id == Question.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(Person, Person.id == Question.asked_by)
        .where(
            Question.organisation_id.in_(scope), Question.status == "open",
            Question.to_role.in_(sorted(role.value for role in roles)),
        )
        .order_by(Question.id)
        .limit(limit)
    )  # fmt: skip
    return [_line(row) for row in db.session.execute(query)]


def names_of(ids: Collection[int]) -> dict[int, str]:
    """Names by id."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_(sorted(ids)))
    return {row.id: row.name for row in db.session.execute(query)}


def given(submission_reference: str, organisation_id: int) -> dict[str, Given]:
    """Who has which section of a submission now, by section."""
    return {each.section: each for each in _given(Assignment.submission_reference == submission_reference, organisation_id)}


def given_to(person_id: int, organisation_id: int) -> list[Given]:
    """Sections that somebody has in one organisation, the earliest day first."""
    found = _given(Assignment.person_id == person_id, organisation_id)
    return sorted(found, key=lambda each: (each.due_on or date.max, each.submission_reference, each.section))


def _given(which: sa.ColumnElement[bool], organisation_id: int) -> list[Given]:
    query = (
        sa.select(
            Assignment.submission_reference, Assignment.section, Assignment.section_words, Assignment.person_id, Person.name,
            Assignment.due_on, Assignment.note,
        )
        .join(Person, Person.id == Assignment.person_id)
        .where(which, Assignment.organisation_id == organisation_id, Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
        .limit(200)
    )  # fmt: skip
    rows: Sequence[Any] = db.session.execute(query).all()
    return [Given(*row) for row in rows]


def current(submission_reference: str, section: str, organisation_id: int) -> Assignment | None:
    """The row that gives a section to somebody now."""
    return db.session.scalar(
        sa.select(Assignment).where(
            Assignment.submission_reference == submission_reference, Assignment.section == section,
            Assignment.organisation_id == organisation_id, Assignment.ended_at.is_(None),
        )
    )  # fmt: skip


def looked_at(deployment_id: int, by: Actor) -> datetime | None:
    """When this person last said that they have seen what is new on a deployment."""
    return db.session.scalar(
        sa.select(Looked.looked_at).where(Looked.deployment_id == deployment_id, Looked.person_id == by.person_id)
    )
