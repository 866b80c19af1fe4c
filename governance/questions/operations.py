"""Asking, replying, closing, giving a section to a colleague, and saying that one has looked."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.audit.record import record
from governance.database import db
from governance.errors import Conflict, Forbidden, NotVisible, refuse_if
from governance.identity import queries as identity
from governance.permissions import Actor, Permission, Role
from governance.questions import notices, queries, rules
from governance.questions.models import Assignment, Looked, Question, QuestionReply
from governance.questions.subjects import Subject
from governance.register.models import Deployment

ENDED = "This belongs to an organisation that has ended. It can be read, not changed."


def ask(
    *, deployment: Deployment, subject: Subject, submission_reference: str, text: str, by: Actor, at: datetime
) -> Question:
    """Ask about one thing. It returns nothing and stops nothing. Raises Refused, Forbidden."""
    _own(deployment.organisation_id, by)
    by.must(Permission.ASK_QUESTION)
    refuse_if(rules.text_blockers(text, "question"))
    row = Question(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        submission_reference=submission_reference,
        subject_kind=subject.kind,
        subject_key=subject.key,
        subject_words=subject.words[:300],
        path=subject.path,
        text=text.strip(),
        asked_by=by.person_id,
        asked_role=speaking_as(by, deployment.id).value,
        to_role=subject.to_role.value,
        status="open",
        asked_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _note(row, "question.asked", by, at, about=row.subject_words, to=row.to_role)
    notices.asked(row, deployment, by=by, at=at)
    queries.forget()
    return row


def reply(*, question: Question, text: str, version_id: str, by: Actor, at: datetime) -> QuestionReply:
    """Reply to a question: by another it is answered then, by who asked it is open again. Raises Refused, Conflict."""
    _own(question.organisation_id, by)
    by.must(Permission.REPLY_TO_QUESTION)
    _fresh(question, version_id)
    refuse_if(rules.reply_blockers(status=question.status, text=text))
    row = QuestionReply(
        organisation_id=question.organisation_id,
        question_id=question.id,
        text=text.strip(),
        replied_by=by.person_id,
        replied_role=speaking_as(by, question.deployment_id).value,
        replied_at=at,
    )
    question.status = rules.status_after_reply(asked_by=question.asked_by, replied_by=by.person_id)
    db.session.add(row)
    db.session.flush()
    _note(question, "question.replied", by, at, status=question.status)
    notices.replied(question, db.session.get_one(Deployment, question.deployment_id), row.id, by=by, at=at)
    queries.forget()
    return row


def close(*, question: Question, version_id: str, by: Actor, at: datetime) -> None:
    """Say that a question is settled: only who asked. Raises Refused, Conflict."""
    _own(question.organisation_id, by)
    _fresh(question, version_id)
    refuse_if(rules.close_blockers(status=question.status, asked_by=question.asked_by, person_id=by.person_id))
    question.status = "closed"
    db.session.flush()
    _note(question, "question.closed", by, at)
    queries.forget()


def assign(
    *,
    deployment: Deployment,
    submission_reference: str,
    section: str,
    section_words: str,
    person_id: int,
    due_on: date | None,
    note: str,
    by: Actor,
    at: datetime,
) -> Assignment:
    """Give a section to a colleague, by a day; whoever had it has it no more. Raises Refused."""
    _own(deployment.organisation_id, by)
    by.must(Permission.ASSIGN)
    here = {each.id for each in identity.people_of(by)}
    refuse_if(rules.assign_blockers(works_here=person_id in here, due_on=due_on, today=clock.london_date(at)))
    before = queries.current(submission_reference, section, deployment.organisation_id)
    if before is not None:
        before.ended_at = at
    row = Assignment(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        submission_reference=submission_reference,
        section=section,
        section_words=section_words,
        person_id=person_id,
        due_on=due_on,
        note=note.strip()[:300],
        assigned_by=by.person_id,
        assigned_at=at,
    )
    db.session.add(row)
    db.session.flush()
    record(
        "section.assigned", stream=f"deployment:{deployment.id}", by=by, at=at, organisation_id=row.organisation_id,
        submission=submission_reference, section=section, person=person_id, due_on=due_on.isoformat() if due_on else "",
    )  # fmt: skip
    notices.assigned(row, deployment, by=by, at=at)
    return row


def take_back(*, deployment: Deployment, submission_reference: str, section: str, by: Actor, at: datetime) -> None:
    """Take a section back: it is with the roles that policy names. Raises NotVisible where nobody has it."""
    _own(deployment.organisation_id, by)
    by.must(Permission.ASSIGN)
    row = queries.current(submission_reference, section, deployment.organisation_id)
    if row is None:
        raise NotVisible()
    row.ended_at = at
    record(
        "section.taken_back", stream=f"deployment:{deployment.id}", by=by, at=at, organisation_id=row.organisation_id,
        submission=submission_reference, section=section,
    )  # fmt: skip


def mark_looked(*, deployment: Deployment, by: Actor, at: datetime) -> None:
    """Say that one has seen what is new. A bookmark of one person, no history: no event tells of it."""
    if deployment.organisation_id not in by.scope or by.person_id is None:
        raise NotVisible()
    row = db.session.scalar(
        sa.select(Looked).where(Looked.person_id == by.person_id, Looked.deployment_id == deployment.id)
    )
    if row is None:
        row = Looked(organisation_id=deployment.organisation_id, deployment_id=deployment.id, person_id=by.person_id)
        db.session.add(row)
    row.looked_at = at
    db.session.flush()


def speaking_as(by: Actor, deployment_id: int) -> Role:
    """The role in which somebody speaks about a deployment: the first in the order of roles that counts for it."""
    held = [each.role for each in by.current if each.covers(deployment_id)]
    if not held:
        raise Forbidden()
    accountable = [role for role in Role if role in held and role.is_appointed]
    return (accountable or [role for role in Role if role in held])[0]


def _own(organisation_id: int, by: Actor) -> None:
    if organisation_id not in by.scope:
        raise NotVisible()
    if organisation_id != by.organisation_id:
        raise Forbidden(ENDED)


def _fresh(row: Question, version_id: str) -> None:
    if str(row.version_id) != str(version_id):
        raise Conflict("Somebody wrote here meanwhile. Read what was said, then send yours again.")


def _note(row: Question, kind: str, by: Actor, at: datetime, **said: str) -> None:
    record(
        kind, stream=f"deployment:{row.deployment_id}", by=by, at=at, organisation_id=row.organisation_id,
        question=row.id, subject=f"{row.subject_kind}:{row.subject_key}", **said,
    )  # fmt: skip
