"""Giving a line of the task list to a colleague, by a day. What policy asks of whom stays as it is."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.packs import queries
from governance.assessment.packs.presenters import ASSESSED
from governance.assessment.packs.tasks import Task
from governance.errors import NotVisible, Refused
from governance.identity import queries as people
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.questions import operations
from governance.questions import queries as questions
from governance.questions.forms import AssignForm
from governance.register.models import Deployment
from governance.web import access

bp = Blueprint("assign", __name__)
Page = str | Response | tuple[str, int]


@bp.route("/<org:organisation>/submissions/<reference>/give/<place>", methods=["GET", "POST"])
@access.requires(Permission.ASSIGN)
def assign(organisation: str, reference: str, place: str) -> Page:
    """Give one line of the task list to a colleague, or take it back."""
    submission, task = _found(reference, place, access.actor())
    given = questions.given(reference, submission.organisation_id).get(place)
    form = AssignForm(data={"due_on": given.due_on, "note": given.note, "person": str(given.person_id)} if given else None)
    form.person.choices = [("", "Choose a person"), *((str(row.id), row.name) for row in people.people_of(access.actor()))]
    back = url_for("packs.submission", organisation=organisation, reference=reference)
    if request.method == "POST" and request.form.get("act") == "take_back":
        with access.acting() as by:
            deployment = _assessed(_found(reference, place, by)[0])
            operations.take_back(
                deployment=deployment, submission_reference=reference, section=place, by=by, at=clock.now()
            )
        return redirect(back)
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                mine, asked = _found(reference, place, by)
                operations.assign(
                    deployment=_assessed(mine), submission_reference=reference, section=place, section_words=_words(asked),
                    person_id=int(form.person.data), due_on=form.due_on.data, note=form.note.data or "", by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(back)
        except Refused as refused:
            form.refuse(refused, {"person": "person", "due_on": "due_on"})
    return render_template(
        "packs/assign.jinja", form=form, submission=submission, title=_words(task), given=given, back=back
    ), 422 if form.is_submitted() else 200


def _found(reference: str, place: str, by: Actor) -> tuple[Submission, Task]:
    """The submission, and the line of its task list. Raises NotVisible."""
    submission = intake.submission(reference, by)
    if submission.deployment is None:
        raise NotVisible()
    task = next((each for each in queries.position(submission).tasks(by, by.on) if each.place == place), None)
    if task is None:
        raise NotVisible()
    return submission, task


def _assessed(submission: Submission) -> Deployment:
    """The deployment, while its submission is under assessment. Raises Refused."""
    if submission.status not in ASSESSED:
        raise Refused.because(f"Nothing is given away now: this submission is {submission.status.label.lower()}.")
    assert submission.deployment is not None
    return submission.deployment


def _words(task: Task) -> str:
    return f"{task.title} (to judge)" if task.is_judging else task.title
