"""Meeting conditions, and the go-live record."""

from datetime import date, datetime

from governance import clock
from governance.approval import effects, outcomes, seats
from governance.approval.models import Condition
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence.models import Evidence
from governance.assessment.evidence.rules import is_expired
from governance.database import db
from governance.errors import Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.identity import queries as identity
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import Standing
from governance.permissions import Actor, Permission, Role
from governance.policy.rules import registration_blockers
from governance.register import operations as register
from governance.register.models import Deployment, GoLive
from governance.web.wording import long_date

LIVE = ("open", "offered", "overdue")


def offer_evidence(
    *, condition: Condition, text: str, version_id: int | str, by: Actor, at: datetime, item: Evidence | None = None
) -> None:
    """Say how a condition is met, and which evidence shows it. It then lies with the role that set it.

    Raises Refused, Forbidden, Conflict.
    """
    _own(condition, by)
    _fresh(condition, version_id)
    role = offers_as(condition, by)
    if role is None:
        raise Forbidden(f"The digital lead or the {Role(condition.owner_role).title} says how this condition is met.")
    _refuse_unless(condition, LIVE)
    if not text.strip():
        raise Refused.because("Say how the condition is met, and where the evidence is.", code="text")
    if item is not None and is_expired(item.expires_on, clock.london_date(at)):
        said = f"“{item.title}” ended on {long_date(item.expires_on)}. Choose evidence that still counts."
        raise Refused.because(said, code="held")
    if item is not None:
        evidence.use(evidence=item, subject_kind="condition", subject_id=condition.id, by=by, at=at)
    effects.change(
        row=condition, status="offered", text=text, by=by, role=role.value, at=at, evidence_id=item.id if item else None
    )


def offers_as(condition: Condition, by: Actor) -> Role | None:
    """The role in which somebody may say how a condition is met: whoever must meet it, or a digital lead; else None."""
    own = Role(condition.owner_role)
    return next((role for role in (own, Role.DIGITAL_LEAD) if by.holds(role, condition.deployment_id)), None)


def confirm(*, condition: Condition, text: str, version_id: int | str, by: Actor, at: datetime) -> None:
    """Confirm that a condition is met: only the role that set it. The last "before" one lets the decision take effect.

    Not after the last day of the approval: it is then met, and nothing follows from it. A new submission is needed.
    """
    _settle(condition, "met", text, version_id, by, at)


def waive(*, condition: Condition, text: str, version_id: int | str, by: Actor, at: datetime) -> None:
    """Do without a condition, with a reason: only the role that set it."""
    if not text.strip():
        raise Refused.because("Give the reason why the condition is waived.", code="text")
    _settle(condition, "waived", text, version_id, by, at)


def _settle(condition: Condition, status: str, text: str, version_id: int | str, by: Actor, at: datetime) -> None:
    _own(condition, by)
    _fresh(condition, version_id)
    if by.held_for(condition.set_by_role, condition.deployment_id) is None:
        raise Forbidden(f"Only the {condition.set_by_role.title} who set it can confirm or waive this condition.")
    _refuse_unless(condition, LIVE)
    submission = db.session.get_one(Submission, condition.submission_id)
    refuse_if(seats.recused_blockers(submission, by))
    london, on = intake.policy_of(submission), clock.london_date(at)
    refuse_if(registration_blockers(london, role=condition.set_by_role, registration=by.registration, on=on))
    # two of them met at the same moment: the later one sees the earlier, and lets the decision take effect
    db.session.refresh(submission, with_for_update={"of": Submission})
    held_up = bool(outcomes.awaited_before(submission))
    effects.change(row=condition, status=status, text=text, by=by, role=condition.set_by_role.value, at=at)
    due_now = held_up and condition.kind == "before" and not outcomes.awaited_before(submission)
    if due_now and outcomes.is_newest_decision(submission) and outcomes.ended_unused(submission, on) is None:
        effects.take_effect(submission=submission, by=by, at=at)
    else:
        effects.project(submission, at)


def record_go_live(
    *,
    deployment: Deployment,
    went_live_on: date,
    sites: str,
    share_trained: int,
    confirmed_by_id: int,
    by: Actor,
    at: datetime,
) -> GoLive:
    """Record that a deployment went live: date, version, sites, share trained, confirmed by (policy: before BAU)."""
    if deployment.organisation_id != by.organisation_id or not by.may(Permission.RECORD_GO_LIVE):
        raise Forbidden()
    if deployment.standing is not Standing.ASSURED:
        said = f"Nothing is approved to go live: this deployment is {deployment.standing.label.lower()}."
        raise Refused.because(said, code="go_live.standing")
    if not 0 <= share_trained <= 100:
        raise Refused.because("The share of staff trained is between 0 and 100 per cent.", code="share_trained")
    if went_live_on > by.on:
        raise Refused.because("The day it went live cannot be in the future.", code="went_live_on")
    if not sites.strip():
        raise Refused.because("Say at which sites it is live.", code="sites")
    person: Person = identity.own_person(confirmed_by_id, by)
    version = deployment.approved_version or deployment.tool_version
    return register.record_go_live(
        deployment=deployment,
        went_live_on=went_live_on,
        tool_version=version,
        sites=sites.strip(),
        share_trained=share_trained,
        confirmed_by=person,
        by=by,
        at=at,
    )


def _own(condition: Condition, by: Actor) -> None:
    """Writing is to the own organisation only; a predecessor's conditions may be read."""
    if condition.organisation_id not in by.scope:
        raise NotVisible()
    if condition.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")


def _fresh(condition: Condition, version_id: int | str) -> None:
    if str(condition.version_id) != str(version_id):
        raise Conflict()


def _refuse_unless(condition: Condition, statuses: tuple[str, ...]) -> None:
    if condition.status not in statuses:
        raise Refused.because(f"This condition is {condition.status} already.", code="status")
