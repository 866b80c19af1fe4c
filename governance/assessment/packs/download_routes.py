"""A frozen pack, one of its sections, and the shape of both, as files to keep."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, send_file

from governance.assessment.packs import download, queries
from governance.permissions import Permission
from governance.web import access

bp = Blueprint("download", __name__)
PACK = "/<org:organisation>/packs/<int:pack_id>"


@bp.get(f"{PACK}/download")
@access.requires(Permission.READ_DECIDED)
def pack(organisation: str, pack_id: int) -> Response:
    """The whole pack as canonical JSON."""
    found, submission = queries.readable(pack_id, access.actor())
    return _file(download.whole(found, submission), f"{submission.reference}-round-{found.round}-{found.digest[:8]}.json")


@bp.get(f"{PACK}/<section>/download")
@access.requires(Permission.READ_DECIDED)
def section(organisation: str, pack_id: int, section: str) -> Response:
    """One section as canonical JSON."""
    found, submission = queries.readable(pack_id, access.actor())
    here = queries.pack_section(found, section)
    return _file(download.section(here), f"{submission.reference}-round-{found.round}-{here.code}-{here.digest[:8]}.json")


@bp.get("/<org:organisation>/packs/schema")
@access.requires(Permission.READ_DECIDED)
def schema(organisation: str) -> Response:
    """The JSON schema of a pack."""
    return _file(download.SCHEMA.read_bytes(), download.SCHEMA.name)


def _file(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), mimetype="application/json", as_attachment=True, download_name=name)
