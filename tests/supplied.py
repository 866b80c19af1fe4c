"""What came from a supplier, made here: a filled form that was accepted, and a link that was opened. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from governance import clock
from governance.assessment.question_sets import loader
from governance.assessment.sheets.models import SupplierLink
from governance.assessment.suppliers import operations, queries, tokens
from governance.assessment.suppliers.operations import Sent
from governance.assessment.suppliers.reading import reader
from governance.database import db, transaction
from governance.extensions import house
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Role
from governance.web.uploads import KINDS, Upload
from tests import dtac
from tests.world import World


def kept(world: World, say: Callable[[str], str] = str) -> None:
    """A form and an opened link, with an answer and a file behind it, on the DTAC sheet of the submission that waits.

    `say` makes what people type of it.
    """
    submission = db.session.scalars(sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED)).first()
    assert submission is not None
    form_read(world, submission, name=say("Northgate DTAC") + ".docx")
    sent = asked(world, submission, name=say("Robin Example"), note=say("Please be brief."))
    file = stored("flow.txt", b"Invented.\n", "txt")
    with transaction():
        link = queries.opened_by(token(sent), clock.now())
        by = queries.contact(link, clock.now())
        operations.open_link(link=link, by=by, at=clock.now())
        operations.attach(
            link=link, code="C1.2.4", title=say("Hazard log of the supplier"), kind="other", file=file, issued_on=None,
            expires_on=None, by=by, at=clock.now(),
        )  # fmt: skip


def form_read(world: World, submission: Submission, data: bytes = b"", name: str = "Northgate DTAC.docx") -> None:
    """Accept a filled form, all of it or `data`."""
    data = data or dtac.form(style="words")
    form = reader.read_form(data, kind="docx", published=loader.question_set(dtac.SET))
    file = stored(name, data, "docx")
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, "RTH01")
        operations.accept_form(submission=submission, question_set=dtac.SET, form=form, file=file, by=by, at=clock.now())


def asked(
    world: World, submission: Submission, *, email: str = "robin@northgate.example", name: str = "Robin Example",
    note: str = "Please be brief.",
) -> Sent:  # fmt: skip
    """Send a link for the DTAC sheet of a submission."""
    with transaction():
        return operations.ask(
            submission=submission, question_set=dtac.SET, name=name, email=email, note=note,
            until=clock.today() + timedelta(days=21), by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip


def token(sent: Sent) -> str:
    """What stands in the address of a link."""
    return sent.address.rstrip("/").rpartition("/")[2]


def open_token() -> str:
    """The token of the link that is there."""
    return tokens.token_of(db.session.scalars(sa.select(SupplierLink)).one())


def stored(name: str, data: bytes, kind: str) -> Upload:
    """A file put into storage."""
    return Upload(name, kind, KINDS[kind].media_type, len(data), house().storage.put_content(data), data)
