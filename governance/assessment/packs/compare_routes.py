"""Two packs of a deployment, or a pack and today, on one page in words."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from governance.assessment.packs import compare_presenters, compare_queries
from governance.errors import NotVisible
from governance.intake import queries as intake
from governance.permissions import Permission
from governance.web import access

bp = Blueprint("compare", __name__)


@bp.get("/<org:organisation>/submissions/<reference>/compare")
@access.requires(Permission.READ_DECIDED)
def compare(organisation: str, reference: str) -> str:
    """What differs between two packs of the submission's deployment, or between one and today."""
    by = access.actor()
    submission = intake.submission(reference, by)
    if submission.deployment is None:
        raise NotVisible()
    found = compare_queries.compared(
        submission, by, first=request.args.get("from", ""), second=request.args.get("to", "")
    )
    return render_template(
        "packs/compare.jinja", submission=submission, page=compare_presenters.page(found, submission, by)
    )
