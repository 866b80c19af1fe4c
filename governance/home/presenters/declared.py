"""What is in use and not assured: whose turn it is, and what is to be done by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from flask import url_for

from governance.approval.interim.queries import Awaited
from governance.home.presenters.coming import Approval
from governance.home.presenters.words import Row, Waiting, due, short
from governance.permissions import Actor, Role


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


def approvals(found: Iterable[Awaited], actors: Mapping[int, Actor], on: date) -> Iterator[Approval]:
    """Interim decisions that are this person's now, the earliest due first."""
    for each in found:
        actor = actors[each.organisation_id]
        if each.turn is None or each.declared_by == actor.person_id or not actor.holds(each.turn, each.deployment_id):
            continue
        href = url_for("interim.decide", organisation=actor.organisation_code, reference=each.reference)
        verb = "Recommend" if each.turn is Role.CSO else "Decide"
        when = "was due on" if each.interim_due_on < on else "due by"
        about = f"in use and not assured, {when} {short(each.interim_due_on, on)}"
        yield Approval(f"{verb} if its use goes on meanwhile", href, each.tool, about)
