"""What this room does once a day: note evidence behind a decided pack that ended, once for each item and deployment."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from governance import clock
from governance.approval.changes import operations, queries
from governance.assessment.evidence import queries as evidence
from governance.assessment.packs import lacks
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import AssurancePack
from governance.database import db


def run(*, at: datetime) -> list[str]:
    """Note what ended and is not replaced; returns what was noted as sentences. Running it again notes nothing twice."""
    on, done = clock.london_date(at), []
    for deployment, found in groupby(queries.ended_behind(on), key=lambda each: each[0]):
        pack = db.session.get_one(AssurancePack, deployment.approved_pack_id)
        now = packs.position(packs.submission_of(pack))
        unmet = lacks.lapsed(now.asked, now.live, on)
        for _, item in found:
            sections = {each.section for each in unmet if each.piece == evidence.piece(item)}
            if sections:
                operations.note_ended(deployment=deployment, item=item, sections=sections, at=at)
                done.append(f"{deployment.reference}: “{item.title}” ended behind its approval.")
    return done
