"""Whose turn it is, drawn, and what a person may do about it: what the pages of earlier rooms are handed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import render_template, url_for
from markupsafe import Markup

from governance.approval import history, queries, seats, statements
from governance.approval.models import Condition
from governance.approval.queries import Position
from governance.approval.rules import Done, TurnState
from governance.assessment.packs import slots
from governance.assessment.packs.slots import Action, Carried
from governance.database import db
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Role
from governance.policy.rules import Condition as BeforeCondition
from governance.policy.schema import Act
from governance.web.wording import long_date

VERBS = {Act.SIGN: "Read and sign", Act.ADVISE: "Read and advise", Act.AUTHORISE: "Read and decide"}
TAKE_UP = "Take up the decision"
AGREED = (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)
YES = {
    "approve": "Approved", "approve_with_conditions": "Approved",
    "authorise": "Authorised", "authorise_with_conditions": "Authorised",
}  # fmt: skip
CONCERNS = {Role.CSO: "clinical safety", Role.SIRO: "information risk"}


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One line: with whom, since when, working days gone of those expected."""

    who: str
    since: str
    gone: int
    expected: int


def init() -> None:
    """Hand the submission's page its turn line and actions, and the pack the conditions it carries over."""
    slots.turn[:], slots.actions[:], slots.carried[:] = [turn_line], [actions], [carried]
    intake.barred[:], slots.steps[:] = [seats.recused_blockers], [history.steps]
    slots.places["stop.condition_before"] = conditions_url


def turn_line(submission: Submission, by: Actor, on: date) -> Markup | None:
    """Whose turn it is now, drawn; None while it is nobody's."""
    if submission.status not in AGREED:
        return None
    here = queries.position(submission, on)
    if here is None or not here.open_turns:
        return None
    lines, short = [line_of(state, here, by) for state in here.open_turns], queries.shortages(here, on)
    return Markup(render_template("approval/_turns.jinja", lines=lines, short=short))  # noqa: S704  it escapes


def line_of(state: TurnState, here: Position, by: Actor) -> TurnLine:
    """One open turn as this person sees it."""
    mine = by.organisation_id == here.submission.organisation_id and by.holds(state.turn.role, here.asked.deployment.id)
    mine = mine and state.is_for(by.person_id)
    who = f"you, as {state.turn.role.title}" if mine else state.turn.role.title
    if state.of_panel:
        who = f"{who}, {state.of_panel} signed" if state.seats else f"{who}, one of {state.turn.needs} who must agree"
    return TurnLine(who, long_date(state.since), state.gone, state.turn.expected_working_days)


def actions(submission: Submission, by: Actor, on: date) -> Sequence[Action]:
    """What this person may do about agreeing: act in their turn, or take a deferred decision up again."""
    if submission.organisation_id != by.organisation_id:
        return ()
    if submission.status not in AGREED:
        return ()
    here = queries.position(submission, on)
    return tuple(_actions(here, by)) if here else ()


def _actions(here: Position, by: Actor) -> Iterator[Action]:
    deployment_id = here.asked.deployment.id
    if here.submission.status is SubmissionStatus.DEFERRED:
        if by.holds(here.authoriser, deployment_id) and by.person_id not in here.recused:
            yield Action(TAKE_UP, _url("approval.resume", here, by), main=True)
        return
    for state in here.open_turns:
        if by.holds(state.turn.role, deployment_id) and state.is_for(by.person_id):
            words = f"{VERBS[state.turn.act]} as {state.turn.role.title}"
            yield Action(words, act_url(here, state.turn.role, by), main=True)


def act_url(here: Position, role: Role, by: Actor) -> str:
    """Where a role signs, advises or decides."""
    act = here.line(role).turn.act
    if act is Act.AUTHORISE:
        return _url("approval.act", here, by)
    return _url("approval.act", here, by, verb=act.value, role=role.value)


def _url(endpoint: str, here: Position, by: Actor, **values: Any) -> str:
    return url_for(endpoint, organisation=by.organisation_code, reference=str(here.submission.reference), **values)


def conditions_url(submission: Submission, by: Actor) -> str:
    """Where the conditions of a deployment stand, each with its page."""
    assert submission.deployment is not None
    here = {"organisation": by.organisation_code, "reference": submission.deployment.reference}
    return url_for("deployments.deployment", **here, _anchor="conditions")  # type: ignore[arg-type]


def carried(submission: Submission) -> Sequence[Carried]:
    """Conditions that decisions on earlier submissions left open. What depends on today stays out of a pack."""
    return tuple(
        Carried(
            {
                "number": row.number, "text": row.text, "kind": row.kind, "owner": row.owner_role,
                "evidence_asked": row.evidence_asked, "due_on": row.due_on.isoformat(), "set_by": row.set_by_role.value,
                **({"before_stage": row.before_stage.value} if row.before_stage else {}),
            },
            BeforeCondition(row.number, row.text, row.before_stage) if row.kind == "before" or row.before_stage else None,
        )
        for row in _left_open(submission)
    )  # fmt: skip


def _left_open(submission: Submission) -> Sequence[Condition]:
    query = sa.select(Condition).where(
        Condition.deployment_id == submission.deployment_id,
        Condition.submission_id < submission.id,
        Condition.status.in_(("open", "offered", "overdue")),
    )
    return db.session.scalars(query.order_by(Condition.id)).all()


def title_of(role: Role, act: Act) -> str:
    """The headline of the page on which a role acts."""
    if role in CONCERNS:
        return f"Sign for {CONCERNS[role]}"
    verb = {Act.SIGN: "Sign", Act.ADVISE: "Advise", Act.AUTHORISE: "Decide"}[act]
    return f"{verb} as {role.title}"


def version_of(here: Position) -> str:
    """The version that is asked about."""
    return (here.submission.tool_version or here.asked.deployment.tool_version).version


def said(done: Done, here: Position) -> str:
    """What a role said, in a line: "Approved for Implementation, version 2.3, 5 May 2027"."""
    return in_words(done, here.asked.stage_asked.label, version_of(here))


def in_words(done: Done, stage: str, version: str) -> str:
    """What a role said of a stage and a version, with its day and then its reason."""
    day, reason = long_date(done.at), statements.sentence(done.reason)
    if done.is_veiled:
        return f"Signed on {day}, shown when all are in"
    label = done.label
    if done.outcome in YES:
        more = " with conditions" if done.outcome.endswith("_with_conditions") else ""
        label = f"{YES[done.outcome]}{more} for {stage}, version {version}"
    elif done.act == Act.ADVISE.value and not label.startswith("Advises"):
        label = f"Advises: {label[0].lower()}{label[1:]}"
    if label.endswith("…"):
        return f"{label.removesuffix('…').rstrip().removesuffix(', subject to')}, {day}, subject to: {reason}"
    return f"{label}, {day}{f': {reason}' if reason else ''}"
