"""The page that says how long each kind of record is kept, and why."""

from flask import Blueprint, render_template

from governance.audit.redactions import scrub, words
from governance.audit.retention.rules import rules
from governance.permissions import Permission
from governance.web.access import requires

bp = Blueprint("retention", __name__)


@bp.get("/<org:organisation>/retention")
@requires(Permission.READ_AUDIT)
def retention(organisation: str) -> str:
    """The rules as they are applied. No query of its own."""
    found = rules()
    return render_template(
        "audit/retention.jinja", code=found.code, ever=[each for each in found.kinds if each.is_ever],
        ending=[each for each in found.kinds if not each.is_ever], afterwards=scrub.AFTERWARDS, what=words.WHAT,
    )  # fmt: skip
