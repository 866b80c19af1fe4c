"""Reading plans: the newest revision counts, and a risk plan counts once the CSO has sealed that revision."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from governance.assessment.hazards.matrix import Matrix, matrix
from governance.assessment.plans.models import MonitoringPlan, RiskPlan, SafetyDecision
from governance.database import db, read_once
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.policy.rules import requirements
from governance.policy.schema import Depth
from governance.register.models import Deployment
from governance.signing import queries as signing
from governance.signing.models import SignOff

CURRENT_MATRIX = "dcb0129-ig-3.2"


@read_once
def risk_plan(deployment: Deployment) -> RiskPlan | None:
    """The newest revision of the clinical risk management plan."""
    return _newest(RiskPlan, deployment)


def risk_plan_by_id(deployment: Deployment, plan_id: int) -> RiskPlan:
    """One revision. Raises NotVisible."""
    query = sa.select(RiskPlan).where(RiskPlan.deployment_id == deployment.id, RiskPlan.id == plan_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def approval_of(plan: RiskPlan) -> SignOff | None:
    """The CSO's sealed approval of one revision."""
    return next(iter(signing.sign_offs_on("risk_plan", plan.id)), None)


def risk_plan_approved(deployment: Deployment) -> SignOff | None:
    """The CSO's approval of the newest revision; an approval of an older one no longer counts."""
    plan = risk_plan(deployment)
    return approval_of(plan) if plan is not None else None


def adopted_matrix(plan: RiskPlan | None) -> Matrix:
    """The matrix a plan adopts; the one we offer where there is no plan yet."""
    return matrix(plan.matrix_version if plan is not None else CURRENT_MATRIX)


def monitoring_plan(deployment: Deployment) -> MonitoringPlan | None:
    """The newest revision of the monitoring plan."""
    return _newest(MonitoringPlan, deployment)


def safety_decision(deployment: Deployment) -> SafetyDecision | None:
    """The newest decision whether it is safety related."""
    return _newest(SafetyDecision, deployment)


def safety_decisions(deployment: Deployment) -> Sequence[SafetyDecision]:
    """Every decision, newest first."""
    query = sa.select(SafetyDecision).where(SafetyDecision.deployment_id == deployment.id)
    return db.session.scalars(query.order_by(SafetyDecision.revision.desc())).all()


def risk_plan_history(deployment: Deployment) -> list[tuple[RiskPlan, str, SignOff | None]]:
    """Every revision, newest first, with its writer's name and its approval."""
    return [(plan, name, sign_off) for plan, name, sign_off in db.session.execute(
        sa.select(RiskPlan, Person.name, SignOff)
        .join(Person, Person.id == RiskPlan.written_by)
        .outerjoin(SignOff, sa.and_(SignOff.subject_kind == "risk_plan", SignOff.subject_id == RiskPlan.id))
        .where(RiskPlan.deployment_id == deployment.id)
        .order_by(RiskPlan.revision.desc())
    )]  # fmt: skip


def monitoring_plan_history(deployment: Deployment) -> list[tuple[MonitoringPlan, str]]:
    """Every revision, newest first, with its writer's name."""
    return [(plan, name) for plan, name in db.session.execute(
        sa.select(MonitoringPlan, Person.name)
        .join(Person, Person.id == MonitoringPlan.written_by)
        .where(MonitoringPlan.deployment_id == deployment.id)
        .order_by(MonitoringPlan.revision.desc())
    )]  # fmt: skip


def asked_depth(submission: Submission, question_set: str) -> Depth | None:
    """How deep policy asks for a row, such as hazard_log or monitoring_plan. None where it does not ask."""
    if submission.stage_asked is None:
        return None
    asked = requirements(
        intake.policy_of(submission),
        facts=intake.facts(submission),
        tier=intake.tier(submission),
        stage_asked=submission.stage_asked,
        stage_from=submission.counted_from,
        kind=submission.kind,
    )
    return next((row.depth for row in asked if row.question_set == question_set), None)


def writers(model: type[RiskPlan] | type[MonitoringPlan], deployment: Deployment) -> frozenset[int]:
    """Ids of everyone who wrote a revision: nobody judges what they answered."""
    return frozenset(db.session.scalars(sa.select(model.written_by).where(model.deployment_id == deployment.id)))


def risk_plan_content(deployment: Deployment) -> dict[str, Any] | None:
    """The plan as a pack holds it: its texts, the matrix adopted and who approved it. None where there is none."""
    plan = risk_plan(deployment)
    if plan is None:
        return None
    approval = approval_of(plan)
    return {
        "revision": plan.revision,
        "matrix_version": plan.matrix_version,
        "texts": plan.content,
        "digest": plan.digest,
        "approval": None if approval is None else {
            "by": approval.person_name,
            "role": approval.role.value,
            "registration": approval.registration,
            "at": approval.signed_at.isoformat(),
            "check_code": approval.check_code,
        },
    }  # fmt: skip


def monitoring_plan_content(deployment: Deployment) -> dict[str, Any] | None:
    """The monitoring plan as a pack holds it. None where there is none."""
    plan = monitoring_plan(deployment)
    if plan is None:
        return None
    return {"revision": plan.revision, "depth": plan.depth, "texts": plan.content, "digest": plan.digest}


def safety_decision_content(deployment: Deployment) -> dict[str, Any] | None:
    """The safety decision as a pack holds it. None where nothing is decided."""
    decision = safety_decision(deployment)
    if decision is None:
        return None
    return {
        "safety_related": decision.safety_related,
        "reason": decision.reason,
        "by": decision.person_name,
        "registration": decision.registration,
        "at": decision.decided_at.isoformat(),
    }


def _newest(model: type[Any], deployment: Deployment) -> Any:
    query = sa.select(model).where(model.deployment_id == deployment.id).order_by(model.revision.desc()).limit(1)
    return db.session.scalar(query)
