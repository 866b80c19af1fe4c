"""What the pages of plans show, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.assessment.hazards.matrix import Acceptability, Matrix
from governance.assessment.plans import queries, rules, texts
from governance.assessment.plans.models import MonitoringPlan, RiskPlan
from governance.permissions import Actor, Permission, Role
from governance.policy.schema import Depth
from governance.register.models import Deployment
from governance.signing.models import SignOff
from governance.web.wording import listed, long_date, moment, plural

Happening = tuple[str, str, str]
"""When, a sentence, and a note: one line of a history."""

DIRECTION_WORDS = dict(texts.DIRECTIONS)
FREQUENCY_WORDS = dict(texts.FREQUENCIES)


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a plan under its title; `source` is the clause it comes from."""

    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class RatingRow:
    """What a rating asks."""

    rating: int
    words: str


@dataclass(frozen=True, slots=True)
class RiskPlanPage:
    """The newest revision, or an older one, and what may be done with it."""

    headline: str
    lede: str
    said: tuple[Said, ...]
    matrix: str
    matrix_source: str
    ratings: tuple[RatingRow, ...]
    revision: int
    digest: str
    approval: SignOff | None
    stopping: tuple[str, ...]
    history: tuple[Happening, ...]
    may_write: bool
    may_approve: bool


@dataclass(frozen=True, slots=True)
class MonitoringPage:
    """The newest revision of the monitoring plan, and what it lacks for the depth asked."""

    headline: str
    lede: str
    said: tuple[Said, ...]
    indicators: tuple[dict[str, str], ...]
    full: bool
    revision: int
    digest: str
    stopping: tuple[str, ...]
    history: tuple[Happening, ...]
    may_write: bool


def risk_plan_page(deployment: Deployment, by: Actor) -> RiskPlanPage:
    """The clinical risk management plan as its page shows it."""
    revisions = queries.risk_plan_history(deployment)
    plan, _, approval = revisions[0] if revisions else (None, "", None)
    content = plan.content if plan else {}
    matrix = queries.adopted_matrix(plan)
    missing = rules.risk_plan_text_blockers(content) if plan else []
    stopping = rules.risk_plan_blockers(plan.revision if plan else None, content, approved=approval is not None)
    return RiskPlanPage(
        headline=_headline(plan, approval),
        lede=_lede(plan, approval, len(missing)),
        said=risk_plan_said(plan) if plan else (),
        matrix=f"{matrix.title} ({matrix.code})",
        matrix_source=matrix.source.title,
        ratings=ratings(matrix),
        revision=plan.revision if plan else 0,
        digest=plan.digest if plan else "",
        approval=approval,
        stopping=tuple(blocker.sentence for blocker in stopping),
        history=tuple(line for each in revisions for line in _revision(*each)),
        may_write=_writes(deployment, by, rules.RISK_PLAN_WRITERS),
        may_approve=bool(
            plan and approval is None and by.organisation_id == deployment.organisation_id
            and by.may(Permission.APPROVE_PLAN, deployment_id=deployment.id)
        ),
    )  # fmt: skip


def risk_plan_said(plan: RiskPlan) -> tuple[Said, ...]:
    """Every text of a revision, with the day of its next review."""
    return (
        *_said(texts.RISK_PLAN_TEXTS, plan.content),
        Said("Next review", _day(plan.content.get("review_on")), "DCB0160 3.2.4"),
    )


def ratings(matrix: Matrix) -> tuple[RatingRow, ...]:
    """What each rating asks, the highest first, and who must agree to it."""
    return tuple(RatingRow(each.rating, _asks(each)) for each in reversed(matrix.acceptabilities))


def _asks(each: Acceptability) -> str:
    who = listed(f"the {Role(role).title}" for role in each.agreed_by)
    return f"{each.words} Agreed by {who}." if each.agreed_by else each.words


def monitoring_page(deployment: Deployment, depth: Depth, by: Actor) -> MonitoringPage:
    """The monitoring plan as its page shows it, measured against the depth policy asks."""
    revisions = queries.monitoring_plan_history(deployment)
    plan = revisions[0][0] if revisions else None
    stopping = rules.monitoring_blockers(plan.content if plan else None, depth)
    full = depth is Depth.FULL
    return MonitoringPage(
        headline=_monitoring_headline(plan, full),
        lede=_monitoring_lede(plan, len(stopping)),
        said=monitoring_said(plan, full) if plan else (),
        indicators=indicators(plan.content) if plan else (),
        full=full,
        revision=plan.revision if plan else 0,
        digest=plan.digest if plan else "",
        stopping=tuple(blocker.sentence for blocker in stopping),
        history=tuple((moment(p.written_at), f"Revision {p.revision} written by {name}", "") for p, name in revisions),
        may_write=_writes(deployment, by, rules.MONITORING_PLAN_WRITERS),
    )


def monitoring_said(plan: MonitoringPlan, full: bool) -> tuple[Said, ...]:
    """Every text of the plan that its depth holds."""
    asked = texts.MONITORING_TEXTS + (texts.MONITORING_FULL_TEXTS if full else ())
    first, *rest = _said(asked, plan.content)
    return (first, Said("End date", _day(plan.content.get("ends_on")), ""), *rest)


def indicators(content: dict[str, Any]) -> tuple[dict[str, str], ...]:
    """Indicators with their codes in words."""
    return tuple(
        each
        | {
            "direction": DIRECTION_WORDS.get(each.get("direction", ""), ""),
            "frequency": FREQUENCY_WORDS.get(each.get("frequency", ""), ""),
        }
        for each in content.get("indicators") or ()
    )


def _said(asked: Sequence[texts.PlanText], content: dict[str, Any]) -> list[Said]:
    return [Said(text.title, str(content.get(text.code) or ""), text.source) for text in asked]


def _writes(deployment: Deployment, by: Actor, roles: Sequence[Any]) -> bool:
    return by.organisation_id == deployment.organisation_id and rules.may_write(by, roles, deployment.id)


def _headline(plan: RiskPlan | None, approval: SignOff | None) -> str:
    if plan is None:
        return "No clinical risk management plan yet"
    if approval is not None:
        return "Clinical risk management plan, approved"
    return "Clinical risk management plan, not yet approved"


def _lede(plan: RiskPlan | None, approval: SignOff | None, missing: int) -> str:
    if plan is None:
        return "The clinical safety officer approves a plan before any hazard is scored."
    if approval is not None:
        on = long_date(approval.signed_at)
        return f"Hazards may be scored. {approval.person_name} approved revision {plan.revision} on {on}."
    if missing:
        return f"{plural(missing, 'thing')} still to say. Then the clinical safety officer approves it."
    return "It says all it must. No hazard can be scored until the clinical safety officer approves it."


def _revision(plan: RiskPlan, name: str, approval: SignOff | None) -> list[Happening]:
    written = (moment(plan.written_at), f"Revision {plan.revision} written by {name}", "")
    if approval is None:
        return [written]
    said = f"Revision {plan.revision} approved by {approval.person_name}, {approval.role.title}"
    return [(moment(approval.signed_at), said, approval.registration), written]


def _monitoring_headline(plan: MonitoringPlan | None, full: bool) -> str:
    if plan is None:
        return "No monitoring plan yet"
    count = len(plan.content.get("indicators") or ())
    if full and count:
        return f"Monitoring plan, {plural(count, 'indicator')}"
    return "Monitoring plan"


def _monitoring_lede(plan: MonitoringPlan | None, missing: int) -> str:
    if plan is None:
        return "Say what success looks like, when it ends, and what makes you stop."
    return f"{plural(missing, 'thing')} still to say." if missing else "It says all that this stage asks for."


def _day(iso: Any) -> str:
    return long_date(date.fromisoformat(iso)) if iso else ""


def with_dates(content: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Content as a form takes it: the texts named as dates made dates again."""
    return content | {name: date.fromisoformat(content[name]) if content.get(name) else None for name in names}
