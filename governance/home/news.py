"""What others did on a deployment since one last looked: read from the rows of history, never from the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_wtf import FlaskForm
from markupsafe import Markup

from governance.approval.changes.models import ChangeNotice
from governance.approval.models import Condition, ConditionChange
from governance.assessment.hazards.models import Hazard, HazardRevision
from governance.assessment.packs.models import Judgement
from governance.assessment.question_sets.loader import question_set
from governance.assessment.sheets.models import Answer, AnswerSheet, Document
from governance.database import db
from governance.identity.models import Person
from governance.intake.models import Submission, SubmissionChange
from governance.monitoring.readings.models import ReadingBatch
from governance.monitoring.signals.models import Signal, SignalChange
from governance.permissions import Actor
from governance.questions import queries as questions
from governance.questions.models import Question, QuestionReply
from governance.register import slots
from governance.register.models import Deployment, DeploymentChange
from governance.web.wording import moment, plural, starting_small

MOST = 12
EACH = 20
"""Rows read of each kind: more than that is said as “and more”."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened: when, what, and who did it."""

    at: datetime
    what: str
    who: str


Row = Sequence[Any]


def init() -> None:
    """Put what is new beside the page of a deployment."""
    slots.side.insert(0, panel)


def panel(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """“New since you last looked”, with the button that says one has."""
    since = questions.looked_at(deployment.id, by)
    found = new_since(deployment, since, by) if since else []
    shown = [(moment(each.at), each.what, each.who) for each in found[:MOST]]
    return Markup(  # noqa: S704  it escapes
        render_template(
            "home/_news.jinja", since=moment(since), news=shown, more=len(found) > MOST, deployment=deployment, form=FlaskForm()
        )
    )


def new_since(deployment: Deployment, since: datetime, by: Actor) -> list[News]:
    """What others did on a deployment after a moment, the latest first. The number of queries is fixed."""
    found = [news for source in SOURCES for news in source(deployment, since, by)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _read(query: Any, at: Any, by_column: Any, since: datetime, by: Actor) -> list[Row]:
    """(…, at, name) of rows after a moment by others than this person."""
    query = query.add_columns(at, Person.name).outerjoin(Person, Person.id == by_column)
    query = query.where(at > since, sa.or_(by_column.is_(None), by_column != by.person_id))
    return list(db.session.execute(query.order_by(at.desc()).limit(EACH)))


def _submissions(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(Submission.reference, SubmissionChange.status_to)
        .select_from(SubmissionChange)
        .join(Submission, Submission.id == SubmissionChange.submission_id)
        .where(Submission.deployment_id == deployment.id)
    )
    for reference, status, at, who in _read(query, SubmissionChange.at, SubmissionChange.by_person_id, since, by):
        yield News(at, f"{reference} is {starting_small(status.label)}", who or "The system")


def _standing(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(DeploymentChange.stage_to, DeploymentChange.standing_to)
        .select_from(DeploymentChange)
        .where(DeploymentChange.deployment_id == deployment.id)
    )
    for stage, standing, at, who in _read(query, DeploymentChange.at, DeploymentChange.by_person_id, since, by):
        yield News(at, f"It is {starting_small(standing.label)} at {stage.label}", who or "The system")


def _judgements(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(Judgement.section, Judgement.outcome)
        .select_from(Judgement)
        .join(Submission, Submission.id == Judgement.submission_id)
        .where(Submission.deployment_id == deployment.id)
    )
    for section, outcome, at, who in _read(query, Judgement.judged_at, Judgement.person_id, since, by):
        yield News(at, f"{_section(section)} judged {outcome.replace('_', ' ')}", who)


def _answers(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(AnswerSheet.question_set, sa.func.count(), sa.func.max(Answer.answered_at), Person.name)
        .select_from(Answer)
        .join(AnswerSheet, AnswerSheet.id == Answer.sheet_id)
        .outerjoin(Person, Person.id == Answer.answered_by)
        .where(
            AnswerSheet.organisation_id == deployment.organisation_id,
            sa.or_(
                AnswerSheet.deployment_id == deployment.id, AnswerSheet.tool_version_id == deployment.tool_version_id
            ),
            Answer.answered_at > since,
            sa.or_(Answer.answered_by.is_(None), Answer.answered_by != by.person_id),
        )
        .group_by(AnswerSheet.question_set, Person.name)
        .limit(EACH)
    )
    for name, count, at, who in db.session.execute(query):
        yield News(at, f"{plural(count, 'answer')} on {question_set(name).title}", who or "The supplier")


def _documents(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(Document.title)
        .select_from(Document)
        .where(
            Document.organisation_id == deployment.organisation_id,
            sa.or_(Document.deployment_id == deployment.id, Document.tool_version_id == deployment.tool_version_id),
        )
    )
    for title, at, who in _read(query, Document.added_at, Document.added_by, since, by):
        yield News(at, f"Document “{title}” given", who)


def _hazards(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(Hazard.number, HazardRevision.revision)
        .select_from(HazardRevision)
        .join(Hazard, Hazard.id == HazardRevision.hazard_id)
        .where(Hazard.deployment_id == deployment.id)
    )
    for number, revision, at, who in _read(query, HazardRevision.changed_at, HazardRevision.changed_by, since, by):
        yield News(at, f"Hazard {number} {'named' if revision == 1 else 'changed'}", who)


def _conditions(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(Condition.number, ConditionChange.status_to)
        .select_from(ConditionChange)
        .join(Condition, Condition.id == ConditionChange.condition_id)
        .where(Condition.deployment_id == deployment.id)
    )
    for number, status, at, who in _read(query, ConditionChange.at, ConditionChange.by_person_id, since, by):
        yield News(at, f"Condition {number} is {status}", who or "The system")


def _changes(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = sa.select(ChangeNotice.number).select_from(ChangeNotice).where(ChangeNotice.deployment_id == deployment.id)
    for number, at, who in _read(query, ChangeNotice.noted_at, ChangeNotice.noted_by, since, by):
        yield News(at, f"Change {number} noted", who or "The system")


def _questions(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    asked = sa.select(Question.subject_words).select_from(Question).where(Question.deployment_id == deployment.id)
    for words, at, who in _read(asked, Question.asked_at, Question.asked_by, since, by):
        yield News(at, f"A question about {words}", who)
    said = (
        sa.select(Question.subject_words)
        .select_from(QuestionReply)
        .join(Question, Question.id == QuestionReply.question_id)
        .where(Question.deployment_id == deployment.id)
    )
    for words, at, who in _read(said, QuestionReply.replied_at, QuestionReply.replied_by, since, by):
        yield News(at, f"A reply about {words}", who)


def _figures(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(ReadingBatch.row_count).select_from(ReadingBatch).where(ReadingBatch.deployment_id == deployment.id)
    )
    for count, at, who in _read(query, ReadingBatch.entered_at, ReadingBatch.entered_by, since, by):
        yield News(at, f"{plural(count, 'figure')} entered", who)


def _signals(deployment: Deployment, since: datetime, by: Actor) -> Iterator[News]:
    query = (
        sa.select(Signal.number, SignalChange.status_to)
        .select_from(SignalChange)
        .join(Signal, Signal.id == SignalChange.signal_id)
        .where(Signal.deployment_id == deployment.id)
    )
    for number, status, at, who in _read(query, SignalChange.at, SignalChange.by_person_id, since, by):
        yield News(at, f"Signal {number} is {status.replace('_', ' ')}", who or "The system")


def _section(code: str) -> str:
    return code.upper() if "." in code else code.replace("_", " ").capitalize()


SOURCES: tuple[Callable[[Deployment, datetime, Actor], Iterator[News]], ...] = (
    _submissions, _standing, _judgements, _answers, _documents, _hazards, _conditions, _changes, _questions, _figures, _signals,
)  # fmt: skip
