"""What this room does once a day: remind of evidence in use that expires."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa

from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.database import db
from governance.identity import queries as identity
from governance.identity.reminders import EXPIRES, Round
from governance.notifications import queries as notifications
from governance.permissions import Role


def run(*, at: datetime) -> list[str]:
    """Remind the digital leads of evidence behind an answer, document, condition or control. Nobody is told twice."""
    today, found = Round(at), []
    in_use = sa.select(EvidenceUse.evidence_id).where(EvidenceUse.removed_at.is_(None))
    query = sa.select(Evidence).where(Evidence.id.in_(in_use), Evidence.expires_on.between(today.begins, today.ends))
    for row in db.session.scalars(query.order_by(Evidence.id)):
        assert row.expires_on is not None
        code = identity.organisation(row.organisation_id).code
        found += today.remind(
            matter=f"Evidence “{row.title}”",
            ends_on=row.expires_on,
            people=partial(_leads, row.organisation_id, today),
            organisation_id=row.organisation_id,
            path=notifications.path("evidence.item", organisation=code, evidence_id=row.id),
            key=f"evidence:{row.id}",
            verbs=EXPIRES,
            since=row.issued_on,
            body="An answer stands on it. Attach a newer one.",
        )
    return found


def _leads(organisation_id: int, today: Round) -> set[int]:
    return {person.id for person in identity.holders(organisation_id, Role.DIGITAL_LEAD, today.on)}
