"""A form between its upload and its acceptance: the file lies in storage, and its name in the address is signed.

Nothing is written before somebody accepts. The signature ties the file to one person, submission and set for a day.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from governance.assessment.question_sets import loader
from governance.assessment.suppliers.reading import reader
from governance.assessment.suppliers.reading.reader import FilledForm
from governance.errors import NotVisible
from governance.extensions import house
from governance.intake.models import Submission
from governance.permissions import Actor
from governance.web import uploads
from governance.web.uploads import Upload

FOR_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Received:
    """A file with what was read in it."""

    upload: Upload
    form: FilledForm


def received(sent: FileStorage | None, question_set: str) -> Received:
    """A file sent now, read, and put into storage. Raises UploadRefused or FormFault, and then leaves nothing."""
    upload = uploads.receive(sent, kinds=uploads.FORMS, limit=current_app.config["UPLOAD_LIMIT"])
    form = reader.read_form(upload.data, kind=upload.kind, published=loader.question_set(question_set))
    house().storage.put_content(upload.data)
    return Received(upload, form)


def signed(upload: Upload, submission: Submission, question_set: str, by: Actor) -> str:
    """What stands in the address of the page that checks a file."""
    return _signer().dumps([submission.id, question_set, by.person_id, upload.sha256, upload.filename, upload.kind])


def found(token: str, submission: Submission, question_set: str, by: Actor) -> Received:
    """The file that an address names, read again. Raises NotVisible for any address that was not made for this."""
    try:
        said = _signer().loads(token, max_age=FOR_SECONDS)
    except BadData:
        raise NotVisible("Choose the form again: this page was open for too long.") from None
    if said[:3] != [submission.id, question_set, by.person_id]:
        raise NotVisible()
    _, _, _, sha256, filename, kind = said
    try:
        data = house().storage.content(sha256)
    except (FileNotFoundError, ValueError):
        raise NotVisible("The file is no longer there. Choose it again.") from None
    form = reader.read_form(data, kind=kind, published=loader.question_set(question_set))
    return Received(Upload(filename, kind, uploads.KINDS[kind].media_type, len(data), sha256, data), form)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="supplier-form")
