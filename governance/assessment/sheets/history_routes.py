"""The history of one answer."""

from __future__ import annotations

from flask import Blueprint, render_template

from governance.assessment.sheets import asked, history_presenters, queries
from governance.errors import NotVisible
from governance.intake import queries as intake
from governance.permissions import Permission
from governance.web import access

bp = Blueprint("history", __name__)


@bp.get("/<org:organisation>/submissions/<reference>/sheets/<question_set>/<section>/history/<code>")
@access.requires(Permission.READ_SHEET)
def answer(organisation: str, reference: str, question_set: str, section: str, code: str) -> str:
    """Who answered one question, when, from where, and what each answer changed."""
    by = access.actor()
    submission = intake.submission(reference, by)
    row = asked.sheet_row(submission, question_set)
    view = queries.view(submission, question_set, asked.route_facts(submission, row))
    question = view.question_set.by_code.get(code)
    if question is None or view.sheet is None or view.question_set.section_of[code].code != section:
        raise NotVisible()
    return render_template(
        "sheets/history.jinja", submission=submission, view=view, question=question,
        section=view.question_set.section_of[code], steps=history_presenters.steps(submission, view.sheet, question),
    )  # fmt: skip
