"""Receiving a file: its size, its name, what the scanner says of it, and whether its content is what its name says. What
fails leaves nothing behind, but for a file in which the scanner found something: that is kept apart, and people are told.

What the browser says of a file's type is not believed. Office documents are looked into, because they are ZIP archives:
macros, passwords and archives that unpack to something enormous are refused. The content is never unpacked or run.
`take` is the one way in for every file that anybody sends, always before the transaction of its request.
"""

from __future__ import annotations

import hashlib
import logging
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field
from io import BytesIO

import filetype
from flask import current_app, g
from werkzeug.datastructures import FileStorage

from governance.antivirus import Unanswered
from governance.errors import Refused
from governance.extensions import house
from governance.web.wording import file_size, listed

log = logging.getLogger(__name__)


class UploadRefused(Refused):
    """A file that was not taken, with one sentence that says why."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: what people call it, its media type, the endings its name may have, and where an office file is kept."""

    name: str
    media_type: str
    endings: tuple[str, ...]
    part: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS = {
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "docx": Kind("Word document (DOCX)", _OFFICE + "wordprocessingml.document", ("docx",), "word/"),
    "xlsx": Kind("Excel workbook (XLSX)", _OFFICE + "spreadsheetml.sheet", ("xlsx",), "xl/"),
    "odt": Kind("OpenDocument text (ODT)", _OPEN + "text", ("odt",), "content.xml"),
    "png": Kind("PNG", "image/png", ("png",)),
    "jpg": Kind("JPG", "image/jpeg", ("jpg", "jpeg")),
    "csv": Kind("CSV", "text/csv", ("csv",)),
    "txt": Kind("text file (TXT)", "text/plain", ("txt",)),
    "xml": Kind("XML", "application/xml", ("xml",)),
}
DOCUMENTS = ("pdf", "docx", "xlsx", "png", "jpg", "csv", "txt")
FORMS = ("docx", "odt")
MODEL_CARDS = ("xml",)

LONGEST_NAME = 150
MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 5000

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Upload:
    """A file received and found to be what it says. `size` in bytes; `sha256` in hex; `filename` is clean, without a path."""

    filename: str
    kind: str
    media_type: str
    size: int
    sha256: str
    data: bytes = field(repr=False)


def accept(kinds: Collection[str]) -> str:
    """The endings of some kinds, for a file field: `.pdf,.docx`."""
    return ",".join(f".{ending}" for kind in kinds for ending in KINDS[kind].endings)


def receive(file: FileStorage | None, *, kinds: Collection[str], limit: int) -> Upload:
    """The file sent, whole. `kinds` are keys of KINDS; `limit` is in bytes. Raises UploadRefused. Closes the file."""
    name, data = take(file, limit=limit)
    kind = _kind(name, kinds)
    _judge(data, kind)
    digest = hashlib.sha256(data).hexdigest()
    return Upload(name, kind, KINDS[kind].media_type, len(data), digest, data)


def take(file: FileStorage | None, *, limit: int) -> tuple[str, bytes]:
    """(clean name, content) of the file sent, whose content somebody else judges. Raises UploadRefused. Closes the file."""
    if file is None or not file.filename:
        raise _refused("none", "Choose a file.")
    try:
        data = file.stream.read(limit + 1)
    finally:
        file.close()
    if not data:
        raise _refused("empty", "The file is empty. Choose another.")
    if len(data) > limit:
        raise _refused("too_large", f"The file must be {file_size(limit)} or smaller.")
    name = clean_name(file.filename)
    _scan(name, data)
    return name, data


def _scan(name: str, data: bytes) -> None:
    """Ask the scanner, where one is configured. Nothing is kept that it did not call clean."""
    scanner = house().scanner if current_app and "house" in current_app.extensions else None
    if scanner is None:
        return
    try:
        found = scanner.found_in(data)
    except Unanswered as away:
        log.error("a file was refused because it could not be scanned: %s", away)
        raise _refused(
            "not_scanned", "The file was not kept, because it could not be checked for viruses. Try again in a few minutes."
        ) from away
    if found:
        house().quarantine(name, data, found, g.actor)
        raise _refused(
            "found", "The file was not taken: the virus scanner found something in it. Your administrators have been told."
        )


def clean_name(name: str) -> str:
    """The last part of a file's name, safe to show, to store and to put in a header; at most 150 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C")
    tidy = re.sub(r'[<>:"|?*;%]', "_", " ".join(seen.split())).strip(" .")
    stem, dot, ending = tidy.rpartition(".")
    if not dot:
        stem, ending = tidy, ""
    stem, ending = stem.strip(" .") or "file", ending.strip().lower()[:20]
    if _RESERVED.fullmatch(stem):
        stem = f"file-{stem}"
    return stem[: LONGEST_NAME - len(dot + ending)].strip(" .") + dot + ending


def _kind(name: str, kinds: Collection[str]) -> str:
    _, dot, ending = name.rpartition(".")
    for kind in kinds:
        if dot and ending in KINDS[kind].endings:
            return kind
    raise _refused("kind", f"The file must be a {listed([KINDS[kind].name for kind in kinds], 'or')}.")


def _judge(data: bytes, kind: str) -> None:
    if kind in ("csv", "txt", "xml"):
        _judge_text(data, kind)
    elif KINDS[kind].part:
        _judge_office(data, kind)
    elif filetype.guess_extension(data) != kind:
        raise _not_its_kind(kind)
    elif kind == "pdf" and b"%%EOF" not in data[-2048:]:
        raise _refused("cut_short", "The PDF is not complete. Save or download it again, then choose it.")


def _judge_text(data: bytes, kind: str) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(
            "content", f"The {KINDS[kind].name} must be saved as UTF-8 text. Save it again as UTF-8."
        ) from None
    if _CONTROL.search(text) or (kind == "xml" and not text.lstrip().startswith("<")):
        raise _not_its_kind(kind)
    if not text.strip():
        raise _refused("empty", "The file is empty. Choose another.")


def _judge_office(data: bytes, kind: str) -> None:
    if filetype.guess_extension(data) not in ("zip", "docx", "xlsx", "pptx", "odt"):
        raise _not_its_kind(kind)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            says, locked = _open_document(archive) if kind == "odt" else ("", False)
    except (
        zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, KeyError,
    ):  # fmt: skip
        raise _not_its_kind(kind) from None
    names = [part.filename.lower() for part in parts]
    whole = says == KINDS[kind].media_type if kind == "odt" else "[content_types].xml" in names
    if not whole or not any(name.startswith(KINDS[kind].part) for name in names):
        raise _not_its_kind(kind)
    if locked or any(part.flag_bits & 1 for part in parts):
        raise _refused("protected", "The file is protected by a password. Save it without one, then choose it.")
    if any(name.endswith("vbaproject.bin") or (kind == "odt" and name.startswith(("basic/", "scripts/"))) for name in names):
        raise _refused("macros", "The file contains macros. Save it without them, then choose it.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _refused("unpacks", "The file unpacks to more than we can take. Save it as a PDF, then choose it.")


def _open_document(archive: zipfile.ZipFile) -> tuple[str, bool]:
    """(the media type an OpenDocument names in its first part, whether its list of parts says that they are encrypted)."""
    with archive.open("mimetype") as first, archive.open("META-INF/manifest.xml") as listed:
        return first.read(100).decode("ascii", "replace"), b"encryption-data" in listed.read(1_000_000)


def _not_its_kind(kind: str) -> UploadRefused:
    return _refused(
        "content", f"The file’s name says {KINDS[kind].name}, but its content is something else. Choose another."
    )


def _refused(code: str, sentence: str) -> UploadRefused:
    return UploadRefused.because(sentence, code=f"upload.{code}")
