"""Writing plans and deciding on safety. Each save is a new revision; what was written before stays."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from governance import canonical
from governance.assessment.hazards.matrix import matrix
from governance.assessment.plans import notices, queries, rules
from governance.assessment.plans.models import MonitoringPlan, RiskPlan, SafetyDecision
from governance.audit import record
from governance.clock import london_date
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.intake import queries as intake
from governance.keys import Keyring
from governance.permissions import Actor, Held, Permission, Role
from governance.policy import policy
from governance.policy.rules import registration_blockers
from governance.policy.schema import Depth
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.signing.models import SignIntent, SignOff

PLAN_APPROVAL = "risk_plan"


def write_risk_plan(
    *,
    deployment: Deployment,
    content: Mapping[str, Any],
    matrix_version: str,
    expected_revision: int | None,
    by: Actor,
    at: datetime,
) -> RiskPlan:
    """Save a revision of the clinical risk management plan; it may still lack something. Unchanged content makes none.

    `expected_revision` is what the writer saw (0: none). A new revision needs a new approval.
    Raises Refused for a role that does not write it or a matrix not published, Conflict when somebody saved meanwhile.
    """
    _own(deployment, by)
    refuse_if(_writer_blockers(by, deployment, rules.RISK_PLAN_WRITERS, "The clinical risk management plan"))
    _published(matrix_version)
    newest = queries.risk_plan(deployment)
    revision = _next(newest, expected_revision)
    texts = canonical.plain(dict(content))
    digest = canonical.digest({"texts": texts, "matrix_version": matrix_version})
    if newest is not None and newest.digest == digest:
        return newest
    plan = RiskPlan(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        revision=revision,
        content=texts,
        digest=digest,
        matrix_version=matrix_version,
        written_by=by.person_id,
        written_at=at,
    )
    _write(plan, "risk_plan.written", deployment, by, at, revision=revision, digest=digest)
    notices.awaits_approval(deployment, plan, by, at)
    return plan


def intend_plan_approval(*, deployment: Deployment, plan: RiskPlan, by: Actor, at: datetime) -> SignIntent:
    """First step of the CSO's approval: fix the revision and the statement. Raises Forbidden, Refused."""
    _approver(deployment, plan, by, at)
    return signing.intend(
        subject_kind=PLAN_APPROVAL,
        subject_id=plan.id,
        act="sign",
        digest=plan.digest,
        section_digests={},
        role=Role.CSO,
        outcome="approve",
        statement=approval_statement(deployment, plan),
        details={"revision": plan.revision},
        organisation_id=deployment.organisation_id,
        by=by,
        at=at,
    )


def approve_risk_plan(
    *, deployment: Deployment, plan: RiskPlan, intent: SignIntent, keyring: Keyring, by: Actor, at: datetime
) -> SignOff:
    """Second step: seal it. Raises Forbidden, Refused when a newer revision came meanwhile, Conflict when signed."""
    held = _approver(deployment, plan, by, at)
    if (intent.subject_kind, intent.subject_id, intent.digest) != (PLAN_APPROVAL, plan.id, plan.digest):
        raise Conflict()
    return signing.seal(intent=intent, held=held, deployment_id=deployment.id, keyring=keyring, by=by, at=at)


def approval_statement(deployment: Deployment, plan: RiskPlan) -> str:
    """What the CSO puts their name to."""
    title = matrix(plan.matrix_version).title
    return (
        f"I have read revision {plan.revision} of the clinical risk management plan for {deployment.tool.name} at"
        f" {deployment.organisation.name}. I approve it, with the {title} ({plan.matrix_version}) and its criteria."
    )


def write_monitoring_plan(
    *,
    deployment: Deployment,
    content: Mapping[str, Any],
    depth: Depth,
    expected_revision: int | None,
    by: Actor,
    at: datetime,
) -> MonitoringPlan:
    """Save a revision of the monitoring plan; it may still lack something. Unchanged content makes none.

    Raises Refused for a role that does not write it, Conflict when somebody saved meanwhile.
    """
    _own(deployment, by)
    refuse_if(_writer_blockers(by, deployment, rules.MONITORING_PLAN_WRITERS, "The monitoring plan"))
    newest = queries.monitoring_plan(deployment)
    revision = _next(newest, expected_revision)
    texts = canonical.plain(dict(content))
    digest = canonical.digest({"texts": texts, "depth": depth.value})
    if newest is not None and newest.digest == digest:
        return newest
    plan = MonitoringPlan(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        revision=revision,
        content=texts,
        digest=digest,
        depth=depth.value,
        written_by=by.person_id,
        written_at=at,
    )
    _write(plan, "monitoring_plan.written", deployment, by, at, revision=revision, digest=digest)
    return plan


def decide_safety(
    *,
    deployment: Deployment,
    safety_related: bool,
    reason: str,
    direct_care: bool,
    expected_revision: int | None,
    by: Actor,
    at: datetime,
) -> SafetyDecision:
    """Record the CSO's decision whether it is safety related. A later decision stands beside the earlier ones.

    `direct_care` is the triage's answer. Raises Forbidden without the role, Refused with an expired registration.
    """
    held = _safety_officer(deployment, by, Permission.DECIDE_SAFETY)
    refuse_if(
        [
            *registration_blockers(policy(), role=Role.CSO, registration=by.registration, on=london_date(at)),
            *rules.decide_safety_blockers(safety_related=safety_related, direct_care=direct_care, reason=reason),
        ]
    )
    decision = SafetyDecision(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        revision=_next(queries.safety_decision(deployment), expected_revision),
        safety_related=safety_related,
        reason=reason.strip(),
        person_id=by.person_id,
        person_name=by.name,
        # an appointment lent by an agreement is another organisation's row
        appointment_id=held.appointment_id if held.agreement_id is None else None,
        registration=signing.registration_text(by.registration),
        decided_at=at,
    )
    _write(decision, "safety.decided", deployment, by, at, safety_related=safety_related, reason=reason.strip())
    return decision


def _approver(deployment: Deployment, plan: RiskPlan, by: Actor, at: datetime) -> Held:
    held = _safety_officer(deployment, by, Permission.APPROVE_PLAN)
    newest = queries.risk_plan(deployment)
    refuse_if(
        [
            *registration_blockers(policy(), role=Role.CSO, registration=by.registration, on=london_date(at)),
            *rules.approve_plan_blockers(
                plan.content,
                newest=newest is not None and newest.id == plan.id,
                approved=queries.approval_of(plan) is not None,
            ),
        ]
    )
    return held


def _safety_officer(deployment: Deployment, by: Actor, permission: Permission) -> Held:
    _own(deployment, by)
    held = by.held_for(Role.CSO, deployment.id)
    if held is None or not by.may(permission, deployment_id=deployment.id):
        raise Forbidden("Only the clinical safety officer may do this.")
    refuse_if(intake.barred_on(deployment, by))
    return held


def _own(deployment: Deployment, by: Actor) -> None:
    """Writing is to the own organisation, whatever may be read."""
    if by.organisation_id != deployment.organisation_id:
        raise NotVisible()


def _writer_blockers(by: Actor, deployment: Deployment, roles: Collection[Role], what: str) -> list[Blocker]:
    """Why this person does not write it: none of the roles that answer it counts for this deployment."""
    if rules.may_write(by, roles, deployment.id):
        return []
    titles = " or the ".join(role.title for role in roles)
    return [Blocker("plan.writer", f"{what} is written by the {titles}.")]


def _published(version: str) -> None:
    try:
        matrix(version)
    except LookupError:
        raise Refused.because("Choose a risk matrix from the list.", code="risk_plan.matrix_version") from None


def _next(newest: Any, expected: int | None) -> int:
    found = newest.revision if newest is not None else 0
    if expected is not None and expected != found:
        raise Conflict()
    return int(found) + 1


def _write(row: Any, kind: str, deployment: Deployment, by: Actor, at: datetime, **payload: Any) -> None:
    db.session.add(row)
    record.record(
        kind, stream=f"deployment:{deployment.id}", by=by, at=at, organisation_id=deployment.organisation_id, **payload
    )
