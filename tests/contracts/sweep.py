"""The sweep's world: one submitted submission and one draft at the trust, and the address of every route in it."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from governance.assessment.evidence.models import Evidence
from governance.assessment.hazards.models import Control
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.identity.models import Appointment, Membership
from governance.intake.models import Submission
from tests.contracts import places


@dataclass(frozen=True)
class Place:
    """One route in one method with its address."""

    endpoint: str
    method: str
    url: str
    row: places.Row
    vague: bool


def usual() -> dict[str, object]:
    """Values of parameters in the sweep's world."""
    scalar = db.session.scalar
    submission = scalar(sa.select(Submission).where(Submission.reference.is_not(None)))
    draft = scalar(sa.select(Submission).where(Submission.reference.is_(None)))
    assert submission is not None
    assert draft is not None
    assert submission.deployment is not None
    where = submission.organisation_id
    found = {
        "organisation": "RTH01",
        "submission": submission.reference,
        "deployment": submission.deployment.reference,
        "draft": draft.id,
        "number": 1,
        "question_set": "dtac-2.0",
        "token": "nothing",
        "control_id": scalar(sa.select(Control.id)),
        "evidence_id": scalar(sa.select(Evidence.id)),
        "pack_id": scalar(sa.select(AssurancePack.id)),
        "person_id": scalar(sa.select(Membership.person_id).where(Membership.organisation_id == where)),
        "membership_id": scalar(sa.select(Membership.id).where(Membership.organisation_id == where)),
        "appointment_id": scalar(sa.select(Appointment.id).where(Appointment.organisation_id == where)),
        **extra(),
    }
    db.session.rollback()
    return found


def extra() -> dict[str, object]:
    """Values that later rooms add."""
    return {}


def everywhere(app: Flask) -> list[Place]:
    """Every route in every method, each with its address. Raises KeyError for a route without a row."""
    values = usual()
    with app.test_request_context():
        return [
            Place(rule.endpoint, method, _address(app, rule, values), places.ROWS[rule.endpoint],
                  bool(rule.arguments & places.RARELY))
            for rule in app.url_map.iter_rules()
            for method in sorted(rule.methods or set())
            if method in ("GET", "POST")
        ]  # fmt: skip


def _address(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    given = dict(values) | {"reference": values["deployment" if "/tools/" in rule.rule else "submission"]}
    given |= places.VALUES.get(rule.endpoint, {})
    return str(app.url_map.bind("localhost").build(rule.endpoint, {name: given[name] for name in rule.arguments}))
