"""What colleagues asked of this person: questions whose turn it is theirs to answer, and sections they were given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import url_for

from governance import clock
from governance.home import queries as submissions
from governance.home.presenters import needs
from governance.home.presenters.words import Row, due, short
from governance.permissions import Actor, Permission, Role
from governance.questions import queries

SHOWN = 8


def rows(by: Actor, on: date) -> tuple[Row, ...]:
    """The oldest questions first, then sections by their day, then what an AI lead settles with the digital lead."""
    ai_lead = Role.AI_LEAD in by.roles and Role.DIGITAL_LEAD not in by.roles
    settled = needs.homeless(by) if ai_lead else ()
    return (*(*_questions(by, on), *_given(by, on))[: 2 * SHOWN], *settled)


def _questions(by: Actor, on: date) -> Iterator[Row]:
    if not by.may(Permission.REPLY_TO_QUESTION):
        return
    for each in queries.with_roles(by.scope, by.roles, limit=SHOWN):
        since = clock.london_date(each.at)
        yield Row(
            title="Answer a question",
            href=url_for("questions.question", organisation=by.organisation_code, question_id=each.id),
            tool=each.tool,
            about=f"{each.by} asks about {each.words}",
            due=f"Since {short(since, on)}",
        )


def _given(by: Actor, on: date) -> Iterator[Row]:
    if by.person_id is None or by.organisation_id is None:
        return
    given = queries.given_to(by.person_id, by.organisation_id)
    assessed = submissions.assessed({each.submission_reference for each in given})
    for each in [each for each in given if each.submission_reference in assessed][:SHOWN]:
        href = url_for("packs.submission", organisation=by.organisation_code, reference=each.submission_reference)
        about = f"given to you{f': {each.note}' if each.note else ''}"
        if each.due_on is None:
            yield Row(title=each.words, href=href, tool=each.submission_reference, about=about)
        else:
            yield due(
                each.due_on, on, title=each.words, href=href, tool=each.submission_reference, about=about,
                late_says=f"{each.words} of {each.submission_reference} was due",
            )  # fmt: skip
