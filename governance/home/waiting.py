"""What waits for a signature besides packs, over many organisations: a few queries, whatever there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from governance.approval.changes.models import ChangeNotice
from governance.approval.models import Condition, ConditionChange, Recusal
from governance.assessment.hazards.models import HazardLogVersion
from governance.assessment.plans.models import RiskPlan
from governance.assessment.safety_cases.models import SafetyCase
from governance.database import db
from governance.home.queries import MOST
from governance.identity.models import Organisation
from governance.intake.declarations.models import Declaration
from governance.intake.models import Submission, Triage
from governance.lifecycle import OPEN_STATUSES, Stage, Standing, SubmissionStatus
from governance.monitoring.suspensions.models import Suspension
from governance.monitoring.suspensions.queries import RESUMPTION
from governance.permissions import Role
from governance.register.models import Deployment, Tool, ToolVersion
from governance.signing.models import SignOff

ASSESSED = (SubmissionStatus.OPENED, SubmissionStatus.RETURNED)
PLAN, LOG, CASE = "risk_plan", "hazard_log_version", "safety_case"


@dataclass(frozen=True, slots=True)
class Record:
    """One record that no safety officer has approved: the newest plan, log version or safety case of a deployment.

    `reference` is the submission's for a plan, otherwise the deployment's.
    """

    deployment_id: int
    organisation_id: int
    reference: str
    tool: str
    organisation: str
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Offered:
    """One condition that somebody says is met: it is with the role that set it."""

    id: int
    deployment_id: int
    organisation_id: int
    number: int
    text: str
    set_by_role: Role
    due_on: date
    before_stage: Stage | None
    tool: str
    organisation: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """One change that somebody noted and nobody took up or settled."""

    deployment_id: int
    organisation_id: int
    reference: str
    tool: str
    organisation: str
    number: int
    what: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """One suspended deployment, with what resuming its use rests on."""

    deployment_id: int
    organisation_id: int
    reference: str
    tool: str
    organisation: str
    tier: str | None
    began: datetime
    log_approved_at: datetime | None
    signed_at: datetime | None


def plans(scope: Collection[int], person_id: int | None) -> list[Record]:
    """Clinical risk management plans of submissions under assessment. Like all records: none this person stepped back from."""
    open_one = sa.and_(Submission.deployment_id == RiskPlan.deployment_id, Submission.status.in_(ASSESSED))
    query = _records(RiskPlan, RiskPlan.revision, RiskPlan.written_at, Submission.reference, PLAN, scope, person_id)
    return _as_records(query.join(Submission, open_one))


def log_versions(scope: Collection[int], person_id: int | None) -> list[Record]:
    """Hazard logs frozen, with or without a submission open on the tool."""
    row = HazardLogVersion
    return _as_records(_records(row, row.number, row.made_at, Deployment.reference, LOG, scope, person_id))


def safety_cases(scope: Collection[int], person_id: int | None) -> list[Record]:
    """Safety case reports written."""
    row = SafetyCase
    return _as_records(_records(row, row.revision, row.written_at, Deployment.reference, CASE, scope, person_id))


def approved_before(kind: str, person_id: int | None, deployment_ids: Collection[int]) -> dict[int, int]:
    """The newest number of a kind of record that a person approved, by deployment."""
    tables: dict[str, tuple[Any, Any]] = {
        PLAN: (RiskPlan, RiskPlan.revision), LOG: (HazardLogVersion, HazardLogVersion.number),
        CASE: (SafetyCase, SafetyCase.revision),
    }  # fmt: skip
    row, number = tables[kind]
    query = (
        sa.select(row.deployment_id, sa.func.max(number))
        .join(SignOff, sa.and_(SignOff.subject_kind == kind, SignOff.subject_id == row.id))
        .where(SignOff.person_id == person_id, row.deployment_id.in_(deployment_ids))
        .group_by(row.deployment_id)
    )
    return {deployment_id: found for deployment_id, found in db.session.execute(query)}  # noqa: C416  a row is no pair


def offered(scope: Collection[int], person_id: int | None) -> list[Offered]:
    """Conditions with evidence offered, the longest waiting first; without those of submissions this person stepped back from."""
    recused = sa.select(Recusal.id).where(
        Recusal.submission_id == Condition.submission_id, Recusal.person_id == person_id
    )
    since = (
        sa.select(sa.func.max(ConditionChange.at))
        .where(ConditionChange.condition_id == Condition.id, ConditionChange.status_to == "offered")
        .scalar_subquery()
    )
    query = (
        sa.select(
            Condition.id, Condition.deployment_id, Condition.organisation_id, Condition.number, Condition.text,
            Condition.set_by_role, Condition.due_on, Condition.before_stage, _named(), Organisation.name, since,
        )
        .join(Deployment, Deployment.id == Condition.deployment_id)
        .where(Condition.organisation_id.in_(scope), Condition.status == "offered", ~recused.exists())
        .order_by(Condition.id)
        .limit(MOST)
    )  # fmt: skip
    return [Offered(*tuple(row)) for row in db.session.execute(_of_deployment(query))]


def changes(scope: Collection[int]) -> list[Changed]:
    """Changes noted from which nobody has said what follows, the longest waiting first."""
    query = (
        sa.select(
            Deployment.id, ChangeNotice.organisation_id, Deployment.reference, _named(), Organisation.name,
            ChangeNotice.number, ChangeNotice.what, ChangeNotice.noted_at,
        )
        .select_from(ChangeNotice)
        .join(Deployment, Deployment.id == ChangeNotice.deployment_id)
        .where(
            ChangeNotice.organisation_id.in_(scope), ChangeNotice.status == "open", Deployment.standing != Standing.CEASED
        )
        .order_by(ChangeNotice.id)
        .limit(MOST)
    )  # fmt: skip
    return [Changed(*tuple(row)) for row in db.session.execute(_of_deployment(query))]


def with_role_since(deployment_ids: Collection[int]) -> dict[int, datetime]:
    """Since when an interim decision is with whom it is with: declared, or recommended by the safety officer."""
    if not deployment_ids:
        return {}
    said = (
        sa.select(sa.func.max(SignOff.signed_at))
        .where(SignOff.subject_kind == "declaration", SignOff.subject_id == Declaration.id)
        .scalar_subquery()
    )
    query = sa.select(Declaration.deployment_id, Declaration.declared_at, said)
    rows = db.session.execute(query.where(Declaration.deployment_id.in_(deployment_ids)))
    return {deployment_id: recommended or declared for deployment_id, declared, recommended in rows}


def stopped(scope: Collection[int]) -> list[Stopped]:
    """Suspended deployments, with the newest approval of the log and the officer's newest signature to resume."""
    approved = (
        sa.select(sa.func.max(SignOff.signed_at))
        .join(HazardLogVersion, HazardLogVersion.id == SignOff.subject_id)
        .where(SignOff.subject_kind == LOG, HazardLogVersion.deployment_id == Deployment.id)
        .scalar_subquery()
    )
    signed = (
        sa.select(sa.func.max(SignOff.signed_at))
        .where(SignOff.subject_kind == RESUMPTION, SignOff.subject_id == Suspension.id, SignOff.role == Role.CSO)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Deployment.id, Suspension.organisation_id, Deployment.reference, _named(), Organisation.name, Deployment.tier,
            Suspension.suspended_at, approved, signed,
        )
        .join(Deployment, Deployment.id == Suspension.deployment_id)
        .where(
            Suspension.organisation_id.in_(scope), Suspension.resumed_at.is_(None),
            Deployment.standing == Standing.SUSPENDED,
        )
        .order_by(Suspension.suspended_at, Suspension.id)
        .limit(MOST)
    )  # fmt: skip
    return [Stopped(*tuple(row)) for row in db.session.execute(_of_deployment(query))]


def not_direct_care(deployment_ids: Collection[int]) -> set[int]:
    """Deployments whose newest triage, else declaration, says that no output reaches care."""
    if not deployment_ids:
        return set()
    declared = sa.select(Declaration.deployment_id, Declaration.facts).where(Declaration.deployment_id.in_(deployment_ids))
    triaged = (
        sa.select(Submission.deployment_id, Triage.facts)
        .join(Triage, Triage.submission_id == Submission.id)
        .where(Submission.deployment_id.in_(deployment_ids))
        .order_by(Triage.id)
    )
    facts: dict[int, dict[str, Any]] = {}
    for query in (declared, triaged):
        facts |= {row[0]: row[1] or {} for row in db.session.execute(query)}
    return {deployment_id for deployment_id, said in facts.items() if said.get("direct_care") == "no"}


def _records(
    row: Any, number: Any, since: Any, reference: Any, kind: str, scope: Collection[int], person_id: int | None
) -> Any:
    newest = sa.select(sa.func.max(row.id)).where(row.organisation_id.in_(scope)).group_by(row.deployment_id)
    sealed = sa.select(SignOff.id).where(SignOff.subject_kind == kind, SignOff.subject_id == row.id).exists()
    running = sa.orm.aliased(Submission)
    # as the operations refuse it: whoever stepped back from the submission that is open decides nothing about its tool
    stepped_back = (
        sa.select(Recusal.id)
        .join(running, running.id == Recusal.submission_id)
        .where(
            running.deployment_id == row.deployment_id, running.status.in_(sorted(OPEN_STATUSES)),
            Recusal.person_id == person_id,
        )
        .exists()
    )  # fmt: skip
    query = (
        sa.select(Deployment.id, Deployment.organisation_id, reference, _named(), Organisation.name, number, since)
        .select_from(row)
        .join(Deployment, Deployment.id == row.deployment_id)
        .where(row.id.in_(newest), ~sealed, ~stepped_back, Deployment.standing != Standing.CEASED)
        .order_by(row.id)
        .limit(MOST)
    )
    return _of_deployment(query)


def _as_records(query: Any) -> list[Record]:
    rows: Iterable[Any] = db.session.execute(query)
    return [Record(*tuple(row)) for row in rows]


def _named() -> Any:
    return Tool.name + " " + ToolVersion.version


def _of_deployment(query: Any) -> Any:
    return (
        query.join(Tool, Tool.id == Deployment.tool_id)
        .join(ToolVersion, ToolVersion.id == Deployment.tool_version_id)
        .join(Organisation, Organisation.id == Deployment.organisation_id)
    )
