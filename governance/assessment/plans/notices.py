"""Whom a written risk management plan is told, and in which words."""

from datetime import datetime

from governance.assessment.plans import rules
from governance.assessment.plans.models import RiskPlan
from governance.intake import queries as intake
from governance.permissions import Actor, Role
from governance.register import notices as register
from governance.register.models import Deployment


def awaits_approval(deployment: Deployment, plan: RiskPlan, by: Actor, at: datetime) -> None:
    """A revision lacks nothing any more: the clinical safety officer reads and approves it before hazards are scored."""
    submission = intake.open_on(deployment)
    if submission is None or rules.approve_plan_blockers(plan.content, newest=True, approved=False):
        return
    register.say(
        deployment,
        people=register.holders(deployment, (Role.CSO,), at),
        by=by,
        kind="risk_plan.written",
        subject=f"Risk management plan to approve: {register.named(deployment)}",
        body=f"Revision {plan.revision} is written. Hazards are scored once you approve it.",
        page=register.path(deployment, "plans.risk.show", reference=submission.reference),
        key=f"risk-plan:{plan.id}",
        at=at,
    )
