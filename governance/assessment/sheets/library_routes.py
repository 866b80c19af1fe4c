"""The library: every published question set, to be read by whoever may read sheets."""

from __future__ import annotations

from flask import Blueprint, render_template

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.faults import UnknownQuestionSet
from governance.assessment.sheets import library
from governance.errors import NotVisible
from governance.permissions import Permission
from governance.web import access

bp = Blueprint("library", __name__)


@bp.get("/<org:organisation>/question-sets")
@access.requires(Permission.READ_SHEET)
def sets(organisation: str) -> str:
    """Every published set with its version, owner, source and counts."""
    return render_template("sheets/library.jinja", groups=library.groups(), count=len(loader.all_question_sets()))


@bp.get("/<org:organisation>/question-sets/<code>")
@access.requires(Permission.READ_SHEET)
def one(organisation: str, code: str) -> str:
    """One set: where it comes from, what it counts, and every question with when it is asked."""
    try:
        published = loader.question_set(code)
    except UnknownQuestionSet:
        raise NotVisible() from None
    return render_template("sheets/set.jinja", set=published, it=library.page(published))
