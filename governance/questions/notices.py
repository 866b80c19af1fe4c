"""Whom a question, a reply and a section given away are told to, and in which words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from governance.identity import delegations
from governance.notifications import operations as notifications
from governance.permissions import Actor, Role
from governance.questions.models import Assignment, Question
from governance.register.models import Deployment
from governance.web.wording import long_date


def asked(row: Question, deployment: Deployment, *, by: Actor, at: datetime) -> None:
    """The role whose turn it is to answer, and the digital lead."""
    roles = {Role(row.to_role), Role.DIGITAL_LEAD}
    people = {
        person.id
        for role in roles
        for person in delegations.at_work(row.organisation_id, role, by.on, deployment.id)
    }
    _tell(row, deployment, people - {by.person_id or 0}, f"A question about {deployment.tool.name}", f"question:{row.id}", by, at)


def replied(row: Question, deployment: Deployment, number: int, *, by: Actor, at: datetime) -> None:
    """Who asked."""
    if row.asked_by != by.person_id:
        subject = f"Your question about {deployment.tool.name} is answered"
        _tell(row, deployment, {row.asked_by}, subject, f"question:{row.id}:{number}", by, at)


def assigned(row: Assignment, deployment: Deployment, *, by: Actor, at: datetime) -> None:
    """Who was given a section."""
    if row.person_id == by.person_id:
        return
    until = f" by {long_date(row.due_on)}" if row.due_on else ""
    notifications.tell(
        person_ids=[row.person_id], organisation_id=row.organisation_id, kind="section.assigned",
        subject=f"{deployment.tool.name}: {row.section_words} is with you{until}",
        body=f"{by.name} gave you {row.section_words} of {row.submission_reference}{until}.",
        path=f"/{by.organisation_code}/submissions/{row.submission_reference}", key=f"assignment:{row.id}", at=at,
    )  # fmt: skip


def _tell(
    row: Question, deployment: Deployment, people: Collection[int], subject: str, key: str, by: Actor, at: datetime
) -> None:
    notifications.tell(
        person_ids=people, organisation_id=row.organisation_id,
        kind=f"question.{row.status}", subject=subject,
        body=f"About: {row.subject_words}, {deployment.reference}. Sign in to read it and to answer.",
        path=f"/{by.organisation_code}/questions/{row.id}", key=key, at=at,
    )  # fmt: skip
