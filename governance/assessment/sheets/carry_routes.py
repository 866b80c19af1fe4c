"""Answers from elsewhere: using what another sheet says, and going on in a newer version of a set."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.sheets import asked, moving, presenters, queries, taking
from governance.errors import NotVisible, Refused
from governance.intake import queries as intake
from governance.permissions import Permission
from governance.web import access
from governance.web.forms import Form

bp = Blueprint("carry", __name__)
SHEET = "/<org:organisation>/submissions/<reference>/sheets/<question_set>"
Page = str | Response | tuple[str, int]


@bp.post(f"{SHEET}/use")
@access.requires(Permission.ANSWER)
def use(organisation: str, reference: str, question_set: str) -> Response:
    """Use every answer that is offered to questions nobody has answered."""
    with access.acting() as by:
        submission = intake.submission(reference, by)
        taking.take_over(submission=submission, question_set=question_set, by=by, at=clock.now())
    return redirect(url_for("sheets.sheet", organisation=organisation, reference=reference, question_set=question_set))


@bp.route(f"{SHEET}/move", methods=["GET", "POST"])
@access.requires(Permission.MOVE_SET)
def move(organisation: str, reference: str, question_set: str) -> Page:
    """Go on in the newer version of a set, after reading what is carried over and what is new."""
    by, form = access.actor(), Form()
    submission = intake.submission(reference, by)
    row = asked.sheet_row(submission, question_set)
    found = moving.outlook(submission, question_set)
    if found is None:
        raise NotVisible()
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                moving.move_set(
                    submission=intake.submission(reference, by), question_set=question_set, by=by, at=clock.now()
                )
            return redirect(
                url_for("sheets.sheet", organisation=organisation, reference=reference, question_set=found.to.code)
            )
        except Refused as refused:
            form.refuse(refused)
    view = queries.view(submission, question_set, asked.route_facts(submission, row))
    return render_template(
        "sheets/move.jinja", form=form, submission=submission, view=view, outlook=found,
        carried=[(each.question, presenters.said_by(each.question, each.answer)) for each in found.carried],
        why_not=[each.sentence for each in moving.move_blockers(submission, question_set, by)],
    ), 422 if form.is_submitted() else 200  # fmt: skip
