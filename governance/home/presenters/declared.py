"""What is in use and not assured: whose turn it is, and what is to be done by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from flask import url_for

from governance.approval.interim.queries import Awaited
from governance.home.presenters.words import Row, Waiting, due, short
from governance.permissions import Actor


def rows(found: Iterable[Awaited], by: Actor, on: date) -> Iterator[Row]:
    """What the digital lead does next: ask for the re-assurance of what may go on meanwhile."""
    for each in found:
        if each.submission_due_on is not None and not each.has_submission:
            yield due(
                each.submission_due_on, on, title="Start its re-assurance", tool=each.tool,
                href=url_for("declarations.re_assurance", organisation=by.organisation_code, reference=each.reference),
                about="in use and not assured", late_says=f"the re-assurance of {each.tool}",
            )  # fmt: skip


def waits(found: Iterable[Awaited], by: Actor, on: date) -> Iterator[Waiting]:
    """Interim decisions that are with others."""
    for each in found:
        if each.turn is not None:
            late = "overdue since" if each.interim_due_on < on else "due by"
            yield Waiting(
                tool=each.tool,
                href=url_for("interim.declaration", organisation=by.organisation_code, reference=each.reference),
                under="Interim decision",
                who=each.turn.heading,
                since="",
                note=f"{late[0].upper()}{late[1:]} {short(each.interim_due_on, on)}",
            )
