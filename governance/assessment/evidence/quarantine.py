"""What the scanner found something in: kept apart under its SHA-256 and told to the administrators, never served.

The bytes lie under `quarantine/` in storage, where nothing that serves a file looks. The row, its event and the notices are
the one commit of the request: the file was refused, so nothing else follows.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from governance import clock
from governance.assessment.evidence.models import QuarantinedFile
from governance.audit.record import record
from governance.database import db, transaction
from governance.extensions import house
from governance.identity import queries as identity
from governance.notifications import queries as notifications
from governance.notifications.operations import tell
from governance.permissions import Actor, Role

log = logging.getLogger(__name__)


def keep_apart(filename: str, data: bytes, found: str, by: Actor) -> None:
    """Put a file into quarantine: what `web.uploads` is handed. Opens the transaction of a request that is then refused."""
    sha256 = hashlib.sha256(data).hexdigest()
    house().storage.put_new(f"quarantine/{sha256}", data)
    log.warning("the scanner found %s in a file sent to organisation %s: %s", found, by.organisation_id, sha256)
    if by.organisation_id is not None:
        with transaction():
            quarantine(filename=filename, size=len(data), sha256=sha256, found=found, by=by, at=clock.now())


def quarantine(*, filename: str, size: int, sha256: str, found: str, by: Actor, at: datetime) -> QuarantinedFile:
    """Record a file that was kept apart, and tell the organisation's administrators."""
    assert by.organisation_id is not None
    row = QuarantinedFile(
        organisation_id=by.organisation_id, filename=filename, size=size, sha256=sha256, found=found[:200],
        sent_by=by.person_id, sent_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record(
        "file.quarantined", stream=f"organisation:{row.organisation_id}", by=by, at=at, organisation_id=row.organisation_id,
        sha256=sha256, found=row.found, size=size,
    )  # fmt: skip
    administrators = identity.holders(row.organisation_id, Role.ORGANISATION_ADMINISTRATOR, clock.london_date(at))
    tell(
        person_ids=[person.id for person in administrators],
        organisation_id=row.organisation_id,
        kind="file.quarantined",
        subject=f"A file was refused: the virus scanner found {row.found}",
        body="It is kept apart and cannot be downloaded. Ask whoever sent it where it came from.",
        path=notifications.path("evidence.quarantine.found", organisation=identity.organisation(row.organisation_id).code),
        key=f"quarantined:{row.id}",
        at=at,
    )
    return row
