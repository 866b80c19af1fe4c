"""From a filled form to an item of evidence: the file received before the transaction, the item made inside it."""

from __future__ import annotations

from flask import current_app
from werkzeug.datastructures import FileStorage

from governance import clock
from governance.assessment.evidence import operations, rules
from governance.assessment.evidence.forms import AttachForm
from governance.assessment.evidence.models import Evidence
from governance.errors import Refused, refuse_if
from governance.extensions import house
from governance.permissions import Actor
from governance.policy import policy
from governance.web import uploads


def received(form: AttachForm) -> uploads.Upload | None:
    """The file sent, found to be its type and put into storage; None where none was sent. Before the transaction.

    A form that would be refused anyway is refused here, so that nothing is left in storage.
    """
    sent = form.file.data
    there = isinstance(sent, FileStorage) and bool(sent.filename)
    refuse_if(
        rules.attach_blockers(
            policy=policy(), kind=form.kind.data, has_file=there, url=form.url.data or "",
            issued_on=form.issued_on.data, expires_on=form.expires_on.data, on=clock.today(),
        )
    )  # fmt: skip
    return kept(sent) if there else None


def kept(sent: FileStorage) -> uploads.Upload:
    """A file received whole and put into storage. Raises UploadRefused, leaving nothing."""
    upload = uploads.receive(sent, kinds=uploads.DOCUMENTS, limit=current_app.config["UPLOAD_LIMIT"])
    house().storage.put_content(upload.data)
    return upload


def attached(form: AttachForm, upload: uploads.Upload | None, by: Actor, renews: Evidence | None = None) -> Evidence:
    """The item that a filled form makes, inside the transaction; with `renews`, the one that takes another's place."""
    said = form.said() | {"upload": upload, "by": by, "at": clock.now()}
    return operations.attach(**said) if renews is None else operations.renew(evidence=renews, **said)


def refuse(form: AttachForm, refused: Refused) -> None:
    """Put each reason on the field it is about."""
    fields = {name: name for name in ("file", "url", "kind", "issued_on", "expires_on", "supplier", "tool_version")}
    form.refuse(refused, fields | {code: "file" for code in refused.codes if code.startswith("upload.")})
