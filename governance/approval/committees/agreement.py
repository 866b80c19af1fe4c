"""Beside what a committee decided: where those who sign and authorise stand, so that nobody takes one for the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from governance.approval import outcomes, presenters, queries, statements
from governance.approval.committees.models import AgendaItem
from governance.approval.queries import Position
from governance.approval.rules import TurnState
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Permission
from governance.policy.schema import Act
from governance.web.wording import listed, long_date

S = SubmissionStatus
COMMITTEE = {
    "": "The committee has not decided yet.",
    "supported": "The committee supported it.",
    "supported_with_caveats": "The committee supported it with caveats.",
    "not_supported": "The committee did not support it.",
    "deferred": "The committee deferred it.",
    "noted": "The committee noted it.",
}
STANDS = {
    S.OPENED: "It is not authorised: it was taken back and is being worked on.",
    S.RETURNED: "It is not authorised: it was returned for information.",
    S.HELD: "It is not authorised yet: it is on hold.",
    S.WITHDRAWN: "It was withdrawn and is not authorised.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One who must agree: what was said or is awaited, and the check code of the signature."""

    role: str
    words: str
    check_code: str
    done: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where a submission stands today. `acts` lead to the usual two steps for the person whose turn it is."""

    sentence: str
    stands: str
    lines: tuple[Line, ...]
    acts: tuple[tuple[str, str], ...]
    reference: str
    href: str
    resubmitted: bool


def build(item: AgendaItem, submission: Submission, by: Actor, on: date) -> Agreement | None:
    """The agreement beside one item; None before the submission has a pack."""
    here = queries.position(submission, on)
    if here is None:
        return None
    reads, acts = by.may(Permission.READ_SUBMISSION), presenters.actions(submission, by, on)
    href = url_for("packs.submission", organisation=by.organisation_code, reference=submission.reference) if reads else ""
    return Agreement(
        sentence=f"{COMMITTEE[item.decision]} {stands(here)}",
        stands=stands(here),
        lines=tuple(_lines(here, reads)),
        acts=tuple((each.text, each.href) for each in acts if each.text != presenters.TAKE_UP),
        reference=str(submission.reference),
        href=href,
        resubmitted=here.pack.id != item.pack_id,
    )


def stands(here: Position) -> str:
    """Whether it is authorised, in words that stay true beside any opinion: with whom it is, or what was decided."""
    submission = here.submission
    decided = outcomes.decision(submission)
    if decided is not None:
        verb = "authorised" if decided.outcome == "authorised" else "not approved"
        return f"It was {verb} by the {decided.role.title} on {long_date(decided.decided_at)}."
    if submission.status is S.DEFERRED:
        return f"It is not authorised yet: the decision is deferred until {long_date(submission.deferred_until)}."
    if submission.status in STANDS:
        return STANDS[submission.status]
    since: dict[str, list[str]] = {}
    for state in here.open_turns:
        since.setdefault(long_date(state.since), []).append(f"the {state.turn.role.title}")
    waits = listed(f"{listed(who)} since {day}" for day, who in since.items())
    return f"It is not authorised yet: with {waits}." if waits else "It is not authorised yet."


def _lines(here: Position, reads: bool) -> Iterator[Line]:
    """Each seat that was taken, then who is awaited. Reasons are for those who read submissions."""
    for state in here.lines:
        for done in state.seats:
            shown = done if reads or here.submission.status in (S.AUTHORISED, S.NOT_APPROVED) else replace(done, reason="")
            words = f"{statements.sentence(presenters.said(shown, here))} {done.name}"
            yield Line(state.turn.role.heading, words, done.check_code, done=True)
        if state.state != "done":
            yield Line(state.turn.role.heading, _awaited(state, here), "", done=False)


def _awaited(state: TurnState, here: Position) -> str:
    panel = f", {state.of_panel} signed" if state.of_panel else ""
    if state.state == "open":
        verb = {Act.SIGN: "Signature", Act.ADVISE: "Advice", Act.AUTHORISE: "Decision"}[state.turn.act]
        return f"{verb} awaited since {long_date(state.since)}{panel}"
    before = [role.title for role in state.turn.after if role not in here.done]
    return f"After the {listed(before)}{panel}" if before else f"Not asked yet{panel}"
