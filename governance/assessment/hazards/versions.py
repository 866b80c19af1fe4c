"""Freezing the hazard log, and the CSO's approval of each version (DCB0129 and DCB0160, clause 3.3.2)."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from governance.assessment.hazards import notices, queries, rules
from governance.assessment.hazards.models import HazardLogVersion
from governance.audit.record import record
from governance.clock import london_date
from governance.database import db
from governance.errors import Conflict, Forbidden, NotVisible, refuse_if
from governance.intake import queries as intake
from governance.keys import Keyring
from governance.permissions import Actor, Held, Permission, Role
from governance.policy import policy
from governance.policy.rules import registration_blockers
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.signing.models import SignIntent, SignOff


def make_version(*, deployment: Deployment, by: Actor, at: datetime) -> HazardLogVersion:
    """Freeze the log as it stands. Raises Forbidden, Refused when empty or unchanged, Conflict in a race."""
    if by.organisation_id != deployment.organisation_id:
        raise NotVisible()
    if not by.may(Permission.ADD_HAZARD, deployment_id=deployment.id):
        raise Forbidden()
    content = queries.log_content(deployment)
    digest, latest = queries.log_digest(content), queries.latest_version(deployment)
    number, before = (latest.number, queries.standing_digest(latest)) if latest is not None else (0, None)
    refuse_if(rules.make_version_blockers(len(content), digest, number, before))
    version = HazardLogVersion(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        number=number + 1,
        content=content,
        digest=digest,
        made_by=by.person_id,
        made_at=at,
    )
    db.session.add(version)
    try:
        db.session.flush()
    except IntegrityError as raced:
        raise Conflict("Somebody else froze the log at the same moment. Read their version.") from raced
    record(
        "hazard_log_version.made",
        stream=f"deployment:{deployment.id}",
        by=by,
        at=at,
        organisation_id=deployment.organisation_id,
        number=version.number,
        digest=digest,
    )
    notices.awaits_approval(deployment, version, by, at)
    return version


def intend_approval(*, deployment: Deployment, version: HazardLogVersion, by: Actor, at: datetime) -> SignIntent:
    """First step: fix the version and the CSO's statement. Raises Forbidden, Refused."""
    _approver(deployment, version, by, at)
    return signing.intend(
        subject_kind=queries.LOG_VERSION,
        subject_id=version.id,
        act="sign",
        digest=version.digest,
        section_digests={},
        role=Role.CSO,
        outcome="approve",
        statement=approval_statement(deployment, version),
        details={"version": version.number, "hazards": len(version.content)},
        organisation_id=deployment.organisation_id,
        by=by,
        at=at,
    )


def approve_version(
    *, deployment: Deployment, version: HazardLogVersion, intent: SignIntent, keyring: Keyring, by: Actor, at: datetime
) -> SignOff:
    """Second step: seal it. Raises Forbidden, Refused when a newer version was frozen, Conflict when signed."""
    held = _approver(deployment, version, by, at)
    if (intent.subject_kind, intent.subject_id, intent.digest) != (queries.LOG_VERSION, version.id, version.digest):
        raise Conflict()
    return signing.seal(intent=intent, held=held, deployment_id=deployment.id, keyring=keyring, by=by, at=at)


def approval_statement(deployment: Deployment, version: HazardLogVersion) -> str:
    """What the CSO puts their name to."""
    count = len(version.content)
    hazards = "its 1 hazard" if count == 1 else f"its {count} hazards"
    return (
        f"I have read version {version.number} of the hazard log for {deployment.tool.name} at"
        f" {deployment.organisation.name}, with {hazards}. I approve it as a true record of the clinical risk analysis."
    )


def _approver(deployment: Deployment, version: HazardLogVersion, by: Actor, at: datetime) -> Held:
    if by.organisation_id != deployment.organisation_id:
        raise NotVisible()
    held = by.held_for(Role.CSO, deployment.id)
    if held is None or not by.may(Permission.APPROVE_LOG, deployment_id=deployment.id):
        raise Forbidden("Only the clinical safety officer approves a version of the hazard log.")
    refuse_if(intake.barred_on(deployment, by))
    latest = queries.latest_version(deployment)
    refuse_if(
        [
            *registration_blockers(policy(), role=Role.CSO, registration=by.registration, on=london_date(at)),
            *rules.approve_version_blockers(
                newest=latest is not None and latest.id == version.id,
                approved=queries.approval_of(version) is not None,
            ),
        ]
    )
    return held
