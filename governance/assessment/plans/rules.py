"""What a plan must say, and when a plan or a safety decision may be relied on. Pure.

Source: DCB0160 v3.2, clauses 3.2.1 to 3.2.4 (clinical risk management plan), 2.3 and 2.4 (people), 4.2.3 (operational
environment), 3.5.1 (lifecycle phases); our policy, "What must be shown" (monitoring plan). The hints are ours.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from governance.assessment.plans.texts import (
    INDICATOR_WORDS,
    MONITORING_FULL_TEXTS,
    MONITORING_TEXTS,
    RISK_PLAN_TEXTS,
    PlanText,
)
from governance.errors import Blocker
from governance.permissions import Actor, Role
from governance.policy.schema import Depth

RISK_PLAN_WRITERS = (Role.CSO, Role.DIGITAL_LEAD)
MONITORING_PLAN_WRITERS = (Role.DIGITAL_LEAD, Role.CLINICAL_LEAD)


def may_write(by: Actor, roles: Collection[Role], deployment_id: int) -> bool:
    """Whether one of the roles that answer a plan is held for this deployment."""
    return any(by.holds(role, deployment_id) for role in roles)


def risk_plan_text_blockers(content: Mapping[str, Any]) -> list[Blocker]:
    """What the clinical risk management plan does not say yet."""
    found = [Blocker(f"risk_plan.{text.code}", text.missing) for text in _empty(RISK_PLAN_TEXTS, content)]
    if not content.get("review_on"):
        found.append(Blocker("risk_plan.review_on", "The plan has no date for its next review."))
    return found


def approve_plan_blockers(content: Mapping[str, Any], *, newest: bool, approved: bool) -> list[Blocker]:
    """Why the CSO cannot approve a revision: an older one, approved already, or something is not said (3.2.2)."""
    if not newest:
        return [Blocker("risk_plan.superseded", "The plan was changed since. Read and approve its newest revision.")]
    if approved:
        return [Blocker("risk_plan.approved", "This revision of the plan is approved already.")]
    return risk_plan_text_blockers(content)


def risk_plan_blockers(revision: int | None, content: Mapping[str, Any], *, approved: bool) -> list[Blocker]:
    """Why a submission cannot rely on the clinical risk management plan yet. `revision` is None where there is none."""
    if revision is None:
        return [Blocker("risk_plan.none", "There is no clinical risk management plan.")]
    if approved:
        return []
    waits = f"Revision {revision} of the clinical risk management plan is not approved by the clinical safety officer."
    return [*risk_plan_text_blockers(content), Blocker("risk_plan.unapproved", waits)]


def score_blockers(revision: int | None, *, approved: bool) -> list[Blocker]:
    """Why no hazard can be scored: the CSO approves the plan first, and each new revision of it again (3.2.2)."""
    if revision is None:
        said = "No hazard can be scored yet: there is no clinical risk management plan."
        return [Blocker("score.no_plan", said)]
    if approved:
        return []
    said = f"No hazard can be scored yet: the clinical safety officer has not approved revision {revision} of the plan."
    return [Blocker("score.plan_unapproved", said)]


def indicator_blockers(indicator: Mapping[str, Any]) -> list[Blocker]:
    """What one indicator lacks."""
    name = indicator.get("name", "")
    if not name:
        return [Blocker("indicator.name", "An indicator has no name.")]
    return [
        Blocker(f"indicator.{code}", f"Indicator “{name}” has no {word}.")
        for code, word in INDICATOR_WORDS
        if not indicator.get(code)
    ]


def monitoring_blockers(content: Mapping[str, Any] | None, depth: Depth) -> list[Blocker]:
    """What the monitoring plan lacks for the depth asked (policy: no move without a plan of the stage's depth)."""
    if content is None:
        return [Blocker("monitoring_plan.none", "There is no monitoring plan.")]
    texts = MONITORING_TEXTS + (MONITORING_FULL_TEXTS if depth is Depth.FULL else ())
    found = [Blocker(f"monitoring_plan.{text.code}", text.missing) for text in _empty(texts, content)]
    if not content.get("ends_on"):
        found.append(Blocker("monitoring_plan.ends_on", "The monitoring plan has no end date."))
    if depth is Depth.FULL:
        indicators: Sequence[Mapping[str, Any]] = content.get("indicators") or ()
        if not indicators:
            found.append(Blocker("monitoring_plan.indicators", "The monitoring plan has no indicator."))
        found += [blocker for indicator in indicators for blocker in indicator_blockers(indicator)]
    return found


def decide_safety_blockers(*, safety_related: bool, direct_care: bool, reason: str) -> list[Blocker]:
    """Why a safety decision cannot be recorded. A tool in direct care is never "not safety related"."""
    found = []
    if direct_care and not safety_related:
        care = "Its output reaches someone who gives care, so it is safety related."
        said = f"{care} Correct the triage first if that is wrong."
        found.append(Blocker("safety.direct_care", said))
    if not reason.strip():
        found.append(Blocker("safety.reason", "Say why."))
    return found


def safety_decision_blockers(safety_related: bool | None) -> list[Blocker]:
    """Why a submission without direct care cannot go on. `safety_related` is None where nothing is decided."""
    if safety_related is None:
        said = "The clinical safety officer has not decided whether it is safety related."
        return [Blocker("safety.undecided", said)]
    if safety_related:
        said = "The clinical safety officer decided that it is safety related: correct the triage."
        return [Blocker("safety.related", said)]
    return []


def _empty(texts: Sequence[PlanText], content: Mapping[str, Any]) -> list[PlanText]:
    return [text for text in texts if not str(content.get(text.code) or "").strip()]
