"""Writing and approving a safety case report. Each save is a new revision with the tables of that moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from governance import canonical
from governance.assessment.hazards import queries as hazards
from governance.assessment.plans import queries as plans
from governance.assessment.safety_cases import notices, queries, rules, tables
from governance.assessment.safety_cases.models import SafetyCase
from governance.assessment.safety_cases.texts import PHASE_WORDS, TEXTS
from governance.audit.record import record
from governance.clock import london_date
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, refuse_if
from governance.intake import queries as intake
from governance.keys import Keyring
from governance.permissions import Actor, Held, Permission, Role
from governance.policy import policy
from governance.policy.rules import registration_blockers
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.signing.models import SignIntent, SignOff


def write(
    *,
    deployment: Deployment,
    phase: str,
    texts: Mapping[str, str],
    expected_revision: int | None,
    by: Actor,
    at: datetime,
) -> SafetyCase:
    """Save a revision with the tables as they are now; it may still lack something. Unchanged content makes none.

    `expected_revision` is what the writer saw (0: none). Raises Forbidden, Refused without a phase, Conflict.
    """
    _officer(deployment, by)
    refuse_if(rules.write_blockers(phase))
    newest = queries.newest(deployment)
    found = newest.revision if newest is not None else 0
    if expected_revision is not None and expected_revision != found:
        raise Conflict()
    written = canonical.plain({text.code: texts.get(text.code, "").strip() for text in TEXTS})
    made, version = queries.current_tables(deployment)
    digest = queries.digest(written, made, phase)
    if newest is not None and newest.digest == digest:
        return newest
    case = SafetyCase(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        revision=found + 1,
        phase=phase,
        texts=written,
        tables=made,
        log_version_id=version.id if version is not None else None,
        digest=digest,
        written_by=by.person_id,
        written_at=at,
    )
    db.session.add(case)
    try:
        db.session.flush()
    except IntegrityError as raced:
        raise Conflict("Somebody else saved the report at the same moment. Read theirs.") from raced
    record(
        "safety_case.written", stream=f"deployment:{deployment.id}", by=by, at=at,
        organisation_id=deployment.organisation_id, revision=case.revision, phase=phase, digest=digest,
    )  # fmt: skip
    if not rules.text_blockers(written):
        notices.written(deployment, case, by, at)
    return case


def intend_approval(*, deployment: Deployment, case: SafetyCase, by: Actor, at: datetime) -> SignIntent:
    """First step of the CSO’s approval: fix the revision and the statement. Raises Forbidden, Refused."""
    _approver(deployment, case, by, at)
    return signing.intend(
        subject_kind=queries.SAFETY_CASE,
        subject_id=case.id,
        act="sign",
        digest=case.digest,
        section_digests={},
        role=Role.CSO,
        outcome="approve",
        statement=statement(deployment, case),
        details={"revision": case.revision, "phase": case.phase},
        organisation_id=deployment.organisation_id,
        by=by,
        at=at,
    )


def approve(
    *, deployment: Deployment, case: SafetyCase, intent: SignIntent, keyring: Keyring, by: Actor, at: datetime
) -> SignOff:
    """Second step: seal it. Raises Forbidden, Refused when the log changed meanwhile, Conflict when signed."""
    held = _approver(deployment, case, by, at)
    if (intent.subject_kind, intent.subject_id, intent.digest) != (queries.SAFETY_CASE, case.id, case.digest):
        raise Conflict()
    sealed = signing.seal(intent=intent, held=held, deployment_id=deployment.id, keyring=keyring, by=by, at=at)
    notices.approved(deployment, case, by, at)
    return sealed


def statement(deployment: Deployment, case: SafetyCase) -> str:
    """What the CSO puts their name to."""
    version = case.tables["log"]["version"]
    log = f"version {version} of the hazard log" if version else "the hazard log"
    return (
        f"I have read revision {case.revision} of the clinical safety case report for {deployment.tool.name} at"
        f" {deployment.organisation.name}, for the phase {PHASE_WORDS[case.phase].lower()}, with {log}. I stand by its argument"
        f" and its summary safety statement, and approve it."
    )


def blockers(deployment: Deployment, case: SafetyCase, now: Mapping[str, Any]) -> list[Blocker]:
    """Every reason why a revision cannot be approved. `now`: the tables as they are today."""
    plan, newest = plans.risk_plan(deployment), queries.newest(deployment)
    version = queries.log_version(deployment, case.log_version_id)
    return rules.approve_blockers(
        case.texts,
        newest=newest is not None and newest.id == case.id,
        approved=queries.approval_of(case) is not None,
        log_version=version.number if version is not None else None,
        log_approved=version is not None and hazards.approval_of(version) is not None,
        plan_approved=plan is not None and plans.approval_of(plan) is not None,
        changes=tables.changes(case.tables, now),
    )


def _officer(deployment: Deployment, by: Actor) -> Held:
    if by.organisation_id != deployment.organisation_id:
        raise NotVisible()
    held = by.held_for(Role.CSO, deployment.id)
    if held is None or not by.may(Permission.WRITE_SAFETY_CASE, deployment_id=deployment.id):
        raise Forbidden("Only the clinical safety officer writes and approves the safety case report.")
    return held


def _approver(deployment: Deployment, case: SafetyCase, by: Actor, at: datetime) -> Held:
    held = _officer(deployment, by)
    refuse_if(intake.barred_on(deployment, by))
    now, _ = queries.current_tables(deployment)
    refuse_if(
        [
            *registration_blockers(policy(), role=Role.CSO, registration=by.registration, on=london_date(at)),
            *blockers(deployment, case, now),
        ]
    )
    return held
