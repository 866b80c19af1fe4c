"""Builders for changes after an approval: noted by a person, and evidence that ends behind a decided pack."""

from __future__ import annotations

from datetime import date

from governance import clock
from governance.approval.changes import operations
from governance.approval.changes.models import ChangeNotice
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence.models import Evidence
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import AssurancePack
from governance.database import db, transaction
from governance.permissions import Role
from governance.register.models import Deployment
from tests import assessed
from tests.world import World

WHAT = "The supplier mended the queue and trained the model on more films."


def noted(
    world: World, deployment: Deployment, *, kind: str = "version", version: str = "2.4", what: str = WHAT,
    role: Role = Role.DIGITAL_LEAD, code: str = "RTH01",
) -> ChangeNotice:  # fmt: skip
    """A change noted by somebody of the organisation."""
    with transaction():
        return operations.note_change(
            deployment=deployment, kind=kind, what=what, version=version if kind == "version" else "",
            effective_on=date(2027, 1, 4), by=world.actor(role, code), at=clock.now(),
        )  # fmt: skip


def ending(world: World, deployment: Deployment, expires_on: date) -> tuple[Evidence, str]:
    """An item that ends, behind an answer of the decided pack; with the section in which it is used."""
    pack = db.session.get_one(AssurancePack, deployment.approved_pack_id)
    now = packs.position(packs.submission_of(pack))
    code = "dtac-2.0"
    view = now.live.sheets[code]
    assert view.sheet is not None
    there = now.live.support[("answer_sheet", view.sheet.id)]
    question = next(each for each in view.question_set.questions if each.code in there and each.required)
    with transaction():
        lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
        item = assessed.evidence_item(lead, title="ISO 27001 certificate", expires_on=expires_on)
        evidence.use(
            evidence=item, subject_kind="answer_sheet", subject_id=view.sheet.id, code=question.code, by=lead, at=clock.now()
        )
    return item, view.question_set.section_of[question.code].pack_section
