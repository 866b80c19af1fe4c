"""The part of what partners see that endings give: the lessons, which are written for them, once a tool has ceased."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from governance.database import db
from governance.lifecycle import Standing
from governance.monitoring.endings.models import Lesson
from governance.register.models import Deployment


def part(deployment: Deployment) -> dict[str, Any]:
    """Lessons in the order in which they were recorded; none before the tool has ceased."""
    if deployment.standing is not Standing.CEASED:
        return {"lessons": []}
    query = sa.select(Lesson.text).where(Lesson.deployment_id == deployment.id).order_by(Lesson.id)
    return {"lessons": list(db.session.scalars(query))}
