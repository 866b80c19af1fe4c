"""The page of files that the scanner found something in: what, when and from whom. There is no way to the files."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from governance.assessment.evidence import queries
from governance.permissions import Permission
from governance.web import access

bp = Blueprint("quarantine", __name__)


@bp.route("/<org:organisation>/evidence/quarantine")
@access.requires(Permission.MANAGE_PEOPLE)
def found(organisation: str) -> str:
    """Files refused, newest first."""
    before = request.args.get("before", type=int)
    rows = queries.quarantined(access.actor(), before_id=before if before and 0 < before < 2**31 else None)
    return render_template(
        "evidence/quarantine.jinja", rows=rows[: queries.PAGE], before=before,
        more=rows[queries.PAGE - 1][0].id if len(rows) > queries.PAGE else None,
    )  # fmt: skip
