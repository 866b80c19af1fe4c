"""A condition and a go-live record as pages show them: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance.approval import conditions, outcomes, seats, words
from governance.approval.models import Condition, ConditionChange
from governance.assessment.evidence import queries as evidence
from governance.assessment.evidence.presenters import Line, lines
from governance.database import db
from governance.identity.models import Person
from governance.intake.models import Submission
from governance.lifecycle import Standing
from governance.permissions import Actor, Role
from governance.register.models import Deployment, GoLive, ToolVersion
from governance.web.wording import long_date, moment

LIVE = ("open", "offered", "overdue")
STATUS = {
    "proposed": "Proposed: it opens with the decision",
    "open": "Open",
    "offered": "Evidence offered",
    "met": "Met",
    "waived": "Waived",
    "overdue": "Overdue",
    "void": "It fell with its round",
}
STEPS = {
    "proposed": "Set by the {role}",
    "open": "Opened by the decision",
    "offered": "Evidence offered",
    "met": "Confirmed as met by the {role}",
    "waived": "Waived by the {role}",
    "overdue": "Overdue",
    "void": "Fell with its round",
}


@dataclass(frozen=True, slots=True)
class ConditionPage:
    """One condition."""

    number: int
    title: str
    caption: str
    lede: str
    text: str
    facts: tuple[tuple[str, str], ...]
    set_by: str
    set_with: tuple[tuple[str, str], ...]
    evidence: tuple[Line, ...]
    history: tuple[tuple[str, str, str], ...]
    may_offer: bool
    may_settle: bool
    effect: str
    reference: str
    submission_url: str
    deployment: str
    deployment_url: str


def build(row: Condition, by: Actor, on: date) -> ConditionPage:
    """The page of one condition as this person sees it today."""
    submission = db.session.get_one(Submission, row.submission_id)
    deployment = db.session.get_one(Deployment, row.deployment_id)
    steps = outcomes.history_of(row)
    set_on = long_date(steps[0][0].at) if steps else ""
    here = by.organisation_code
    own, live = row.organisation_id == by.organisation_id, row.status in LIVE
    late = live and row.due_on < on and row.before_stage is None
    found = evidence.supporting("condition", row.id, organisation_id=row.organisation_id)
    return ConditionPage(
        number=row.number,
        title=_title(row, late),
        caption=f"{submission.reference} · condition {row.number}",
        lede=f"{deployment.tool.name} at {deployment.organisation.name}.",
        text=row.text,
        facts=_facts(row, late),
        set_by=row.set_by_role.title,
        set_with=(("By", row.set_by_role.heading), ("On", set_on)),
        evidence=lines(found.get("", []), by),
        history=tuple(_step(*each) for each in reversed(steps)),
        may_offer=own and live and conditions.offers_as(row, by) is not None,
        may_settle=own and live and by.held_for(row.set_by_role, row.deployment_id) is not None
        and not seats.recused_blockers(submission, by),
        effect=_effect(row, submission, live, on),
        reference=str(submission.reference),
        submission_url=url_for("packs.submission", organisation=here, reference=str(submission.reference)),
        deployment=deployment.reference,
        deployment_url=url_for("deployments.deployment", organisation=here, reference=deployment.reference),
    )


def _title(row: Condition, late: bool) -> str:
    if late:
        return f"Overdue since {long_date(row.due_on)}"
    if row.status == "open":
        return f"Condition {row.number}: to be met {words.counts(row.kind, row.before_stage, row.due_on)}"
    if row.status == "offered":
        return f"Condition {row.number}: with the {row.set_by_role.title}"
    return f"Condition {row.number}: {STATUS[row.status].split(':')[0].lower()}"


def _facts(row: Condition, late: bool) -> tuple[tuple[str, str], ...]:
    when = "Before the decision takes effect" if row.kind == "before" else "After the decision takes effect"
    when = f"Before {row.before_stage.label}: it stops a move there" if row.before_stage else when
    pairs = (
        ("By whom", Role(row.owner_role).heading),
        ("By when", "" if row.before_stage else f"{long_date(row.due_on)}{', passed' if late else ''}"),
        ("When it counts", when),
        ("What would show it", row.evidence_asked),
        ("Where it stands", STATUS[row.status]),
    )
    return tuple(pair for pair in pairs if pair[1])


def _effect(row: Condition, submission: Submission, live: bool, on: date) -> str:
    """What follows for the decision when this condition is met; nothing where it does not wait for it."""
    if row.kind != "before":
        return ""
    ended = outcomes.ended_unused(submission, on)
    if ended is not None:
        return f"The approval ended on {long_date(ended)}, before it took effect. A new submission is needed."
    return "The decision waits for this. When the last such condition is met, it takes effect at once." if live else ""


def _step(change: ConditionChange, name: str) -> tuple[str, str, str]:
    role = Role(change.by_role).title if change.by_role in list(Role) else "system"
    note = f"{name}. {change.text}" if change.text else name
    return moment(change.at), STEPS[change.status_to].format(role=role), note


def go_live_stopping(deployment: Deployment) -> tuple[str, ...]:
    """Why a go-live cannot be recorded now: use begins only under an approval."""
    if deployment.standing is Standing.ASSURED:
        return ()
    return (f"Nothing is approved to go live: this deployment is {deployment.standing.label.lower()}.",)


def recorded(record: GoLive | None) -> tuple[tuple[str, str], ...]:
    """The latest go-live record in words."""
    if record is None:
        return ()
    person, version = db.session.get(Person, record.confirmed_by), db.session.get(ToolVersion, record.tool_version_id)
    return (
        ("Went live", long_date(record.went_live_on)),
        ("Version", version.version if version else ""),
        ("Sites", record.sites),
        ("Staff trained", f"{record.share_trained}%"),
        ("Confirmed by", person.name if person else ""),
    )
