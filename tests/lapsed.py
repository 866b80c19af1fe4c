"""Builders for evidence that ends: a supplier's yearly return behind a condition, its task, and a file that was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.approval.models import Condition
from governance.assessment.evidence import operations, quarantine, tasks
from governance.assessment.evidence.models import Evidence, EvidenceTask
from governance.database import db, transaction
from governance.permissions import Actor, Role
from governance.register.models import Deployment
from tests import assessed
from tests.world import World

ISSUED = date(2025, 10, 20)
"""So that a return that counts for a year lapsed on 20 October 2026, before the small world's today."""


def supplier_of(by: Actor) -> int:
    """The supplier of the organisation's first deployment."""
    found = db.session.scalar(
        sa.select(Deployment.supplier_id).where(Deployment.organisation_id == by.organisation_id).order_by(Deployment.id)
    )
    assert found is not None
    return found


def a_return(by: Actor, *, title: str = "DSPT 2025 to 2026", issued_on: date = ISSUED, **said: Any) -> Evidence:
    """A yearly return of the supplier, inside a transaction."""
    given = {"kind": "dspt", "standard": "DSPT", "standard_version": "8", "supplier_id": supplier_of(by)} | said
    return assessed.evidence_item(by, title=title, issued_on=issued_on, **given)


def kept(world: World, words: Callable[[str], str] = lambda text: text) -> EvidenceTask:
    """At the trust: a lapsed return behind a condition, the task it opened, and a file that the scanner refused."""
    with transaction():
        by, at = world.actor(Role.DIGITAL_LEAD, "RTH01"), clock.now()
        item = a_return(by, title=words("DSPT 2025 to 2026"), issuer=words("NHS England"), standard_version=words("8")[:60])
        condition = db.session.scalars(sa.select(Condition).order_by(Condition.id.desc())).first()
        if condition is not None:
            operations.use(evidence=item, subject_kind="condition", subject_id=condition.id, by=by, at=at)
        task = tasks.open_for(item, at=at)
        assert task is not None
        quarantine.quarantine(filename=words("plan.pdf"), size=68, sha256="0" * 64, found="Eicar-Test-Signature", by=by, at=at)
        return task
