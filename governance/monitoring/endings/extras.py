"""What a submission shows of an ending: a cease its tasks and lessons, an extension the figures of the pilot so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for

from governance.assessment.packs import slots
from governance.assessment.packs.slots import Extra
from governance.database import db
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind, SubmissionStatus
from governance.monitoring.endings import queries, rules
from governance.monitoring.readings.models import Indicator, Reading, ReadingBatch
from governance.permissions import Actor, Role
from governance.register.models import Deployment
from governance.web.wording import plural

PLACE = "endings"
FROZEN = (
    SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED, SubmissionStatus.AUTHORISED, SubmissionStatus.NOT_APPROVED,
)  # fmt: skip


def init() -> None:
    """Hand packs what a cease and an extension show besides the rows of policy."""
    slots.extras[:] = [extras]
    slots.places[PLACE] = page_of


def page_of(submission: Submission, by: Actor) -> str:
    """The page where tasks and lessons are written."""
    deployment = submission.deployment
    assert deployment is not None
    return url_for("endings.ending", organisation=by.organisation_code, reference=deployment.reference)


def extras(submission: Submission) -> Sequence[Extra]:
    """Nothing for the other kinds."""
    deployment = submission.deployment
    if deployment is None:
        return ()
    if submission.kind is SubmissionKind.CEASE:
        return (_ending(deployment),)
    if submission.kind is SubmissionKind.EXTEND_PILOT:
        return (_figures(deployment, submission.turn_since if submission.status in FROZEN else None),)
    return ()


def _ending(deployment: Deployment) -> Extra:
    listed, learned = queries.tasks(deployment), queries.lessons(deployment)
    lacks = rules.submit_blockers(queries.facts(deployment), {each.kind for each in listed}, lessons=len(learned))
    said = f"{plural(len(listed), 'task')}, {plural(len(learned), 'lesson')}" if listed or learned else ""
    part: dict[str, Any] = {
        "kind": "decommissioning",
        "tasks": [
            {
                "number": each.number,
                "kind": rules.KINDS.get(each.kind, each.kind),
                "text": each.text,
                "owner": each.owner_role,
                "due_on": each.due_on.isoformat(),
            }
            for each in listed
        ],
        "lessons": [row.text for row, _ in learned],
    }
    return Extra(
        place=PLACE,
        section="decommissioning",
        title="Tasks of decommissioning and lessons",
        roles=(Role.DIGITAL_LEAD,),
        says=said,
        started=bool(listed or learned),
        parts=(part,),
        lacks=tuple(lacks),
        authors=queries.authors(deployment),
    )


def _figures(deployment: Deployment, until: datetime | None) -> Extra:
    """The figures entered up to a moment; up to now while nothing is frozen."""
    query = sa.select(Indicator).where(Indicator.deployment_id == deployment.id).order_by(Indicator.number)
    indicators = db.session.scalars(query).all()
    figures = sa.select(Reading).where(Reading.indicator_id.in_([each.id for each in indicators]))
    if until is not None:
        figures = figures.join(ReadingBatch, ReadingBatch.id == Reading.batch_id).where(ReadingBatch.entered_at <= until)
    newest: dict[tuple[int, str], Reading] = {}
    for each in db.session.scalars(figures.order_by(Reading.period_on, Reading.revision)):
        newest[each.indicator_id, each.period_on.isoformat()] = each
    part: dict[str, Any] = {
        "kind": "figures",
        "title": "Figures of the pilot so far",
        "indicators": [
            {
                "name": each.name,
                "unit": each.unit,
                "target": each.target_text,
                "figures": [[day, f"{row.value:f}"] for (owner, day), row in newest.items() if owner == each.id],
            }
            for each in indicators
        ],
    }
    return Extra(place="figures", section="monitoring_plan", parts=(part,))
