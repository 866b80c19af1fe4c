"""The page of a declared tool: what is next, by when and with whom; and its part on the deployment's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template, url_for
from markupsafe import Markup

from governance import clock
from governance.approval.interim import operations, queries, rules
from governance.approval.interim.models import InterimDecision
from governance.assessment.evidence import presenters as evidence
from governance.identity import queries as people
from governance.intake import queries as intake
from governance.intake.declarations import presenters as declared
from governance.intake.declarations import queries as declarations
from governance.intake.declarations.models import Declaration
from governance.lifecycle import Standing
from governance.permissions import Actor, Permission, Role
from governance.register import slots
from governance.register.models import Deployment
from governance.signing.models import SignOff
from governance.web.wording import listed, long_date

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Signed:
    """One of the two, as sealed."""

    title: str
    outcome: str
    facts: Pairs
    statement: str
    check_code: str


@dataclass(frozen=True, slots=True)
class TurnLine:
    """With whom it is, since it was declared, and working days gone of those allowed."""

    who: str
    since: str
    gone: int
    expected: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page of a declaration."""

    title: str
    caption: str
    lede: str
    turn: TurnLine | None
    steps: Sequence[tuple[str, str, str]]
    facts: Pairs
    earlier: str
    papers: Sequence[evidence.Line]
    signed: Sequence[Signed]
    actions: Sequence[slots.Action]


def build(deployment: Deployment, by: Actor, at: datetime) -> Page:
    """The page of one own declaration. Raises NotVisible where it was proposed."""
    row, on = declarations.own(deployment), clock.london_date(at)
    signed, decision = queries.sign_offs(row), queries.decision(row)
    turn = queries.position(row, deployment, signed).turn
    tool = f"{deployment.tool.name} {deployment.tool_version.version}"
    return Page(
        title=_title(tool, deployment, decision),
        caption=f"{deployment.reference} · {deployment.organisation.name}",
        lede=_lede(row, deployment, decision, turn, on),
        turn=_turn(turn, row, deployment, on) if turn else None,
        steps=_steps(row, deployment, signed, decision, on),
        facts=declared.stated(row, deployment),
        earlier=row.earlier_approval,
        papers=[evidence.line(item, by) for item in queries.earlier_approvals(row)],
        signed=[_signed(each) for each in signed.values()],
        actions=_actions(row, deployment, decision, by, at),
    )


def _title(tool: str, deployment: Deployment, decision: InterimDecision | None) -> str:
    if deployment.standing is not Standing.DECLARED and decision is None:
        return f"{tool} was declared as in use"
    if decision is None:
        return f"{tool} is declared at {deployment.stage.label}"
    said = {"continue": "may go on for now", "restrict": "may go on for now, restricted", "stop": "was stopped"}
    return f"{tool} {said[decision.outcome]}"


def _lede(
    row: Declaration, deployment: Deployment, decision: InterimDecision | None, turn: Role | None, on: date
) -> str:
    if turn is not None:
        when = "was due on" if row.interim_due_on < on else "is due by"
        return f"It is in use and not assured. An interim decision {when} {long_date(row.interim_due_on)}."
    if decision is not None and deployment.standing is Standing.DECLARED and decision.submission_due_on:
        return f"It is in use and not assured. Its re-assurance is to be submitted by {long_date(decision.submission_due_on)}."
    return f"It is {deployment.standing.label.lower()} now, since {long_date(deployment.standing_since)}."


def _turn(role: Role, row: Declaration, deployment: Deployment, on: date) -> TurnLine:
    began = clock.london_date(row.declared_at)
    gone, expected = (clock.working_days_between(began, day) for day in (on, row.interim_due_on))
    return TurnLine(_who(role, deployment, on), long_date(began), gone, expected)


def _who(role: Role, deployment: Deployment, on: date) -> str:
    """`clinical safety officer, Dr A`; who appoints one where nobody is."""
    found = people.holders(deployment.organisation_id, role, on, deployment.id)
    if not found:
        return f"nobody yet. An administrator appoints the {role.title}, or an agreement lends one"
    return f"{role.title}, {listed([person.name for person in found], 'or')}"


def _steps(
    row: Declaration, deployment: Deployment, signed: dict[Role, SignOff], decision: InterimDecision | None, on: date
) -> list[tuple[str, str, str]]:
    """What happens, in order: when, what, with whom."""
    steps = []
    for role, verb, done in (
        (Role.CSO, "Read and recommend", "Recommended"),
        (Role.AUTHORISING_EXECUTIVE, "Decide if its use goes on meanwhile", "Decided"),
    ):
        if role in signed:
            sealed = signed[role]
            steps.append((long_date(sealed.signed_at), f"{done}: {rules.OUTCOMES[sealed.outcome].lower()}", sealed.person_name))
        else:
            who = _who(role, deployment, on)
            steps.append((f"By {long_date(row.interim_due_on)}", verb, who[0].upper() + who[1:]))
    due = decision.submission_due_on if decision else None
    when = f"By {long_date(due)}" if due else "After that"
    return [*steps, (when, "Ask for its re-assurance", "The digital lead. What was declared is carried over.")]


def _signed(row: SignOff) -> Signed:
    said = operations.said_in(row)
    pairs = [("Reason", said.reason)]
    pairs += [("Restricted so", said.restriction)] if said.restriction else []
    pairs += [("Staff do instead", said.fallback)] if said.fallback else []
    pairs += [("Re-assurance by", long_date(said.submission_due_on))] if said.submission_due_on else []
    registration = [("Registration", row.registration)] if row.registration else []
    return Signed(
        title=f"{row.role.heading}: {rules.OUTCOMES[row.outcome].lower()}",
        outcome=row.outcome,
        facts=[*pairs, ("Signed", f"{row.person_name}, {long_date(row.signed_at)}"), *registration,
               ("Appointment", row.appointment_text)],
        statement=row.statement,
        check_code=row.check_code,
    )  # fmt: skip


def _actions(
    row: Declaration, deployment: Deployment, decision: InterimDecision | None, by: Actor, at: datetime
) -> list[slots.Action]:
    def here(endpoint: str) -> str:
        return url_for(endpoint, organisation=by.organisation_code, reference=deployment.reference)

    found = []
    if by.may(Permission.DECIDE_INTERIM, deployment_id=deployment.id):
        role = rules.role_of({held.role for held in by.current if held.covers(deployment.id)}, queries.position(row, deployment))
        if not operations.act_blockers(row, deployment, role, by, at):
            verb = "Read and recommend" if role is Role.CSO else "Read and decide"
            found.append(slots.Action(verb, here("interim.decide"), main=True))
    never_assured = deployment.approved_stage is None and deployment.standing is not Standing.CEASED
    if never_assured and by.may(Permission.START_SUBMISSION) and intake.open_on(deployment) is None:
        found.append(slots.Action("Start re-assurance", here("declarations.re_assurance"), main=decision is not None))
    if by.may(Permission.ATTACH) and decision is None and deployment.standing is Standing.DECLARED:
        found.append(slots.Action("Attach an earlier approval", here("interim.earlier")))
    return found


def panel(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """What was declared, on the deployment's page; nothing for one that was proposed."""
    row = declarations.declaration(deployment)
    if row is None:
        return None
    signed = queries.sign_offs(row)
    turn = queries.position(row, deployment, signed).turn
    papers = listed(item.title for item in queries.earlier_approvals(row))
    drawn = render_template(
        "approval/_declared.jinja",
        lede=_lede(row, deployment, queries.decision(row), turn, on),
        who=_who(turn, deployment, on) if turn else "",
        late=turn is not None and row.interim_due_on < on,
        facts=[
            ("In use since (as stated)", row.in_use_since),
            ("Not made here", row.earlier_approval or papers or "No earlier approval on record"),
            *((each.role.heading, f"{rules.OUTCOMES[each.outcome]}. {operations.said_in(each).reason}")
              for each in signed.values()),
        ],
        href=url_for("interim.declaration", organisation=by.organisation_code, reference=deployment.reference),
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704  a template of ours


def actions(deployment: Deployment, by: Actor, on: date) -> Sequence[slots.Action]:
    """What this person may do about a declared tool, on the deployment's page."""
    if deployment.standing is not Standing.DECLARED:
        return ()
    row = declarations.declaration(deployment)
    return _actions(row, deployment, queries.decision(row), by, clock.now()) if row else ()


def init() -> None:
    """Hand the deployment's page what was declared, and what may be done about it."""
    slots.panels.append(panel)
    slots.actions.append(actions)
