"""What was said in an intent or a sealed sign-off, and what comes next with whom, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from governance.approval import blind, outcomes, presenters, queries, statements, words
from governance.approval.queries import PACK, Position
from governance.approval.rules import NewCondition
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.errors import NotVisible
from governance.intake.models import Submission
from governance.intake.rules import asked_in_words
from governance.lifecycle import Standing, SubmissionKind, SubmissionStatus
from governance.permissions import Actor, Role
from governance.policy.schema import Act
from governance.signing.models import SignIntent, SignOff
from governance.web.wording import listed, long_date, plural

RETURNED = (
    "It is with the digital lead, who answers and submits it again. "
    "Sections that stay as they are need not be read anew."
)
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The outcome in words, with its reason, its conditions and its dates."""

    outcome: str
    facts: Pairs
    conditions: Pairs


@dataclass(frozen=True, slots=True)
class AfterPage:
    """The calm page after an act: what is recorded, and what is next."""

    title: str
    next: str
    said: Said
    statement: str
    turns: tuple[presenters.TurnLine, ...]


def said(given: SignIntent | SignOff, here: Position) -> Said:
    """What somebody says in an intent, or said in a sealed row."""
    details, turn = given.details, here.line(given.role).turn
    outcome = queries.outcome_of(turn, given.outcome)
    decides = turn.act is Act.AUTHORISE
    until = str(details.get("until") or "")
    pairs = [("Outcome", outcome.label.removesuffix(" …").removesuffix(", subject to") if outcome else given.outcome)]
    ceases = here.submission.kind is SubmissionKind.CEASE
    if decides and until and outcome is not None and not outcome.ends_round and (outcome.pauses or not ceases):
        pairs.append(("Deferred until" if outcome.pauses else "Until", long_date(date.fromisoformat(until))))
    if decides and outcome is not None and not outcome.ends_round and not outcome.pauses:
        what = asked_in_words(here.submission.kind, here.asked.stage_asked)
        what = here.asked.stage_asked.label if here.submission.kind is SubmissionKind.PROGRESS else what
        pairs.insert(1, ("For", f"{what}, version {presenters.version_of(here)}"))
    if details.get("reason"):
        subject = outcome is not None and outcome.label.endswith("…")
        pairs.append(("Subject to" if subject else "Reason", str(details["reason"])))
    pairs.append(("Sections", _sections(given, details)))
    return Said(pairs[0][1], tuple(pairs), tuple(_condition(each) for each in details.get("conditions", ())))


def _sections(given: SignIntent | SignOff, details: dict[str, Any]) -> str:
    same = len(details.get("unchanged") or ())
    of_them = f", {same} of them unchanged since last signed" if same else ""
    return plural(len(given.section_digests), "section") + of_them


def _condition(each: dict[str, str]) -> tuple[str, str]:
    given = NewCondition.from_content(each)
    when = words.counts(given.kind, given.before_stage, given.due_on)
    shown = f" Shown by: {each['evidence_asked']}." if each["evidence_asked"] else ""
    return each["text"], f"{Role(each['owner_role']).heading}, {when}.{shown}"


def sign_off(submission: Submission, sign_off_id: int) -> SignOff:
    """A sealed row on a pack of this submission. Raises NotVisible."""
    query = (
        sa.select(SignOff)
        .join(AssurancePack, AssurancePack.id == SignOff.subject_id)
        .where(SignOff.id == sign_off_id, SignOff.subject_kind == PACK, AssurancePack.submission_id == submission.id)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def may_see(row: SignOff, submission: Submission, by: Actor) -> bool:
    """Whether somebody may read what was said in a signature: their own at once, an independent one when all are in."""
    assert submission.deployment is not None
    return row.person_id == by.person_id or row.id not in blind.unseen(submission.deployment)


def page(row: SignOff, here: Position, by: Actor, on: date) -> AfterPage:
    """What this act came to, and what is next."""
    turns = tuple(presenters.line_of(state, here, by) for state in here.open_turns)
    return AfterPage(_title(row, here), _next(here, on), said(row, here), row.statement, turns)


def _title(row: SignOff, here: Position) -> str:
    outcome, decision = row.outcome, outcomes.decision(here.submission)
    if decision is not None and decision.sign_off_id == row.id:
        refused = statements.refused(here.submission.kind, here.asked.stage_asked.label)
        return decision.sentence if decision.outcome == "authorised" else refused
    if here.line(row.role).turn.role in here.veiled:
        return f"Signed as {row.role.title}"
    if outcome == "return_for_information":
        return "Returned for information"
    if outcome == "defer":
        until = here.submission.deferred_until
        return f"Deferred until {long_date(until)}" if until else "Deferred"
    if row.act == Act.ADVISE.value:
        return "Your advice is recorded"
    return f"Signed as {row.role.title}"


def _next(here: Position, on: date) -> str:
    """What happens now, in a sentence or two."""
    submission = here.submission
    match submission.status:
        case SubmissionStatus.RETURNED:
            return RETURNED
        case SubmissionStatus.NOT_APPROVED:
            standing = here.asked.deployment.standing.label.lower()
            return f"The submission is closed. The deployment stays as it is: {standing}."
        case SubmissionStatus.DEFERRED:
            return _taken_up(here)
        case SubmissionStatus.AUTHORISED:
            return _decided(here, on)
        case SubmissionStatus.SUBMITTED if here.open_turns:
            who = listed(f"the {line.turn.role.title}" for line in here.open_turns)
            return f"Next: {who}.{' What each said is shown when all who act independently are in.' if here.veiled else ''}"
    return f"This submission is {submission.status.label.lower()}."


def _taken_up(here: Position) -> str:
    until = here.submission.deferred_until
    day = f"On {long_date(until)}" if until else "Now"
    return f"{day} it is with the {here.authoriser.title} again, who may take it up earlier. Nobody can sign until then."


def not_in_effect(submission: Submission, on: date) -> str:
    """Why an authorised submission has no effect: it waits for conditions, or ended meanwhile. Empty where neither is so."""
    ended = outcomes.ended_unused(submission, on)
    if ended is not None:
        return f"The approval ended on {long_date(ended)}, before it took effect. A new submission is needed."
    waits = outcomes.awaited_before(submission)
    if not waits:
        return ""
    numbers = listed(str(row.number) for row in waits)
    which = f"condition {numbers} is" if len(waits) == 1 else f"conditions {numbers} are"
    return f"It takes effect when {which} met and confirmed."


def _decided(here: Position, on: date) -> str:
    held_up = not_in_effect(here.submission, on)
    if held_up:
        return held_up
    given = outcomes.authorisation(here.submission)
    if given is None:
        return "The submission is closed."
    deployment = here.asked.deployment
    if deployment.standing is Standing.CEASED:
        return "It takes effect at once. Its use has ceased; its record stays."
    if deployment.standing is Standing.SUSPENDED:
        return "It takes effect when its use resumes: the deployment is suspended."
    return f"It takes effect at once. The deployment is at {given.stage.label}."
