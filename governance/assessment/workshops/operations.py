"""Recording a hazard workshop. A record stays; what was wrong in it is said in the next."""

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from governance.assessment.evidence.models import Evidence
from governance.assessment.workshops import notices, queries, rules
from governance.assessment.workshops.models import Workshop
from governance.audit.record import record as audit
from governance.clock import london_date
from governance.database import db
from governance.errors import Conflict, Forbidden, NotVisible, refuse_if
from governance.permissions import Actor, Permission
from governance.register.models import Deployment


def record(
    *,
    deployment: Deployment,
    held_on: date | None,
    attendance: rules.Attendance,
    technique: str = "",
    minutes: str = "",
    evidence: Evidence | None = None,
    by: Actor,
    at: datetime,
) -> Workshop:
    """Keep a workshop under the next number. `attendance`: (role, name or nothing). Raises Forbidden, Refused, Conflict."""
    if by.organisation_id != deployment.organisation_id or (evidence and evidence.organisation_id != by.organisation_id):
        raise NotVisible()
    if not by.may(Permission.RECORD_WORKSHOP, deployment_id=deployment.id):
        raise Forbidden()
    there = [(role.strip(), name.strip()) for role, name in attendance if role.strip() or name.strip()]
    refuse_if(
        rules.record_blockers(
            held_on=held_on, attendance=there, minutes=minutes, has_file=evidence is not None, on=london_date(at)
        )
    )
    workshop = Workshop(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        number=queries.last_number(deployment) + 1,
        held_on=held_on,
        technique=technique.strip(),
        attendance=[list(each) for each in there],
        minutes=minutes.strip(),
        evidence_id=evidence.id if evidence is not None else None,
        recorded_by=by.person_id,
        recorded_at=at,
    )
    db.session.add(workshop)
    try:
        db.session.flush()
    except IntegrityError as raced:
        raise Conflict("Somebody else recorded a workshop at the same moment. Send it again.") from raced
    audit(
        "workshop.recorded", stream=f"deployment:{deployment.id}", by=by, at=at, organisation_id=deployment.organisation_id,
        number=workshop.number, held_on=workshop.held_on.isoformat(),
    )  # fmt: skip
    notices.recorded(deployment, workshop, by, at)
    return workshop
