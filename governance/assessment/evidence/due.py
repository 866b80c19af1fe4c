"""What this room does once a day: remind of evidence in use that expires, and open a task for a supplier's lapsed return."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence import places, queries, tasks
from governance.assessment.evidence.models import Evidence
from governance.assessment.evidence.presenters import kind_label
from governance.database import db
from governance.identity import queries as identity
from governance.identity.reminders import EXPIRES, Round
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Role
from governance.web.wording import long_date, plural


def run(*, at: datetime) -> list[str]:
    """Remind the digital leads of what expires while something stands on it, then see to suppliers. Nobody is told twice."""
    return [*_remind(at), *_open_tasks(at)]


def _remind(at: datetime) -> list[str]:
    today, found = Round(at), []
    query = sa.select(Evidence).where(Evidence.expires_on.between(today.begins, today.ends))
    rows = db.session.scalars(query.order_by(Evidence.id)).all()
    standing = places.live([row.id for row in rows])
    for row in rows:
        if not standing[row.id]:
            continue
        assert row.expires_on is not None
        code = identity.organisation(row.organisation_id).code
        found += today.remind(
            matter=f"Evidence “{row.title}”",
            ends_on=row.expires_on,
            people=partial(_leads, row.organisation_id, at),
            organisation_id=row.organisation_id,
            path=notifications.path("evidence.item", organisation=code, evidence_id=row.id),
            key=f"evidence:{row.id}",
            verbs=EXPIRES,
            since=row.issued_on,
            body=f"{_stand(len(standing[row.id]))} Attach a newer one.",
        )
    return found


def _open_tasks(at: datetime) -> list[str]:
    """One task, and one notice to each digital lead, for each supplier and kind, however much stands on the return."""
    found = []
    for item in tasks.lapsed(clock.london_date(at)):
        task = tasks.open_for(item, at=at)
        if task is None:
            continue
        supplier = queries.supplier(item)
        assert supplier is not None
        subject = f"{kind_label(item.kind)} of {supplier.name} lapsed on {long_date(item.expires_on)}"
        code = identity.organisation(item.organisation_id).code
        tell(
            person_ids=_leads(item.organisation_id, at),
            organisation_id=item.organisation_id,
            kind="evidence_task.opened",
            subject=subject,
            body="Ask the supplier for the new one and attach it once: it counts for everything that stands on the old one.",
            path=notifications.path("evidence.expiring.expiring", organisation=code),
            key=f"evidence_task:{task.id}",
            at=at,
        )
        found.append(f"{subject}: a task was opened.")
    return found


def _stand(number: int) -> str:
    return "One thing stands on it." if number == 1 else f"{plural(number, 'thing')} stand on it."


def _leads(organisation_id: int, at: datetime) -> set[int]:
    return {person.id for person in identity.holders(organisation_id, Role.DIGITAL_LEAD, clock.london_date(at))}
