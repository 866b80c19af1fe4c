"""The part of what partners see that a declaration gives: since when it is in use, as stated."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from governance.database import db
from governance.intake.declarations.models import Declaration
from governance.register.models import Deployment


def part(deployment: Deployment) -> dict[str, Any]:
    """Empty where nothing was declared."""
    query = sa.select(Declaration.in_use_since).where(Declaration.deployment_id == deployment.id)
    return {"in_use_since": db.session.scalar(query) or ""}
