"""Asking about one thing, reading what was asked, answering, and saying that one has looked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Conflict, Refused
from governance.permissions import Actor, Permission
from governance.questions import operations, queries, subjects
from governance.questions.forms import AskForm, CloseForm, ReplyForm
from governance.questions.models import Question
from governance.questions.subjects import Subject
from governance.register import queries as register
from governance.register.models import Deployment
from governance.web.access import acting, actor, requires

bp = Blueprint("questions", __name__)
QUESTION = "/<org:organisation>/questions/<int:question_id>"
Page = str | Response | tuple[str, int]


@bp.app_context_processor
def in_place() -> dict[str, Any]:
    """What pages need to show questions where they were asked: `asked_on(deployment)`, read once in a request."""
    return {"asked_on": lambda deployment: queries.asked_on(deployment.id, actor())}


@bp.route("/<org:organisation>/questions")
@requires(Permission.READ_SUBMISSION)
def questions(organisation: str) -> str:
    """Questions still open or answered, or those closed, twenty at a time."""
    by, closed = actor(), request.args.get("closed") == "1"
    before = request.args.get("before", type=int)
    before = before if before is not None and 0 < before < 2**31 else None
    rows = queries.listed(by, closed=closed, before=before)
    more = rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None
    return render_template(
        "questions/list.jinja", rows=rows[: queries.PAGE], more=more, before=before, closed=closed,
        waiting=sum(row.status == "open" for row in rows[: queries.PAGE]),
    )  # fmt: skip


@bp.route("/<org:organisation>/tools/<reference>/ask/<kind>/<key>", methods=["GET", "POST"], endpoint="ask_about_figure")
@bp.route("/<org:organisation>/submissions/<reference>/ask/<kind>/<key>", methods=["GET", "POST"])
@requires(Permission.ASK_QUESTION)
def ask(organisation: str, reference: str, kind: str, key: str) -> Page:
    """Ask about an answer, a document, a hazard, a plan or a section of a submission, or about a figure of a tool in use."""
    deployment, subject, submission = _asked_about(reference, kind, key, actor())
    form = AskForm()
    if form.validate_on_submit():
        try:
            with acting() as by:
                deployment, subject, submission = _asked_about(reference, kind, key, by)
                row = operations.ask(
                    deployment=deployment, subject=subject, submission_reference=submission, text=form.text.data, by=by,
                    at=clock.now(),
                )  # fmt: skip
                question_id = row.id
            return redirect(url_for("questions.question", organisation=organisation, question_id=question_id, asked=1))
        except Refused as refused:
            form.refuse(refused, {"text": "text"})
    return render_template(
        "questions/ask.jinja", form=form, subject=subject, deployment=deployment,
        before=queries.asked_on(deployment.id, actor()).get((subject.kind, subject.key), ()),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(QUESTION)
@requires(Permission.READ_SUBMISSION)
def question(organisation: str, question_id: int) -> Page:
    """One question with its replies, and the form to reply."""
    return _shown(queries.question(question_id, actor()), actor())


@bp.route(f"{QUESTION}/reply", methods=["POST"])
@requires(Permission.REPLY_TO_QUESTION)
def reply(organisation: str, question_id: int) -> Page:
    """Answer it, or say more."""
    form = ReplyForm()
    if form.validate():
        try:
            with acting() as by:
                operations.reply(
                    question=queries.question(question_id, by), text=form.text.data, version_id=form.version_id.data or "",
                    by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(url_for("questions.question", organisation=organisation, question_id=question_id))
        except Refused as refused:
            form.refuse(refused, {"text": "text"})
        except Conflict as conflict:
            form.add_error(conflict.sentences[0])
            return _shown(queries.question(question_id, actor()), actor(), form, fresh=True), 409
    return _shown(queries.question(question_id, actor()), actor(), form), 422


@bp.route(f"{QUESTION}/close", methods=["POST"])
@requires(Permission.ASK_QUESTION)
def close(organisation: str, question_id: int) -> Page:
    """The asker says that it is settled."""
    form = CloseForm()
    try:
        with acting() as by:
            operations.close(
                question=queries.question(question_id, by), version_id=form.version_id.data or "", by=by, at=clock.now()
            )
    except (Refused, Conflict) as said:
        again = ReplyForm(formdata=None)
        again.add_error(said.sentences[0])
        status = 409 if isinstance(said, Conflict) else 422
        return _shown(queries.question(question_id, actor()), actor(), again, fresh=True), status
    return redirect(url_for("questions.question", organisation=organisation, question_id=question_id))


@bp.route("/<org:organisation>/tools/<reference>/looked", methods=["POST"])
@requires(Permission.READ_REGISTER)
def looked(organisation: str, reference: str) -> Response:
    """Say that one has seen what is new here."""
    with acting() as by:
        operations.mark_looked(deployment=register.deployment(reference, by), by=by, at=clock.now())
    return redirect(url_for("deployments.deployment", organisation=organisation, reference=reference))


def _asked_about(reference: str, kind: str, key: str, by: Actor) -> tuple[Deployment, Subject, str]:
    """`reference` is a submission's (QKK-2026-0014-S2) or a deployment's. Raises NotVisible."""
    about, _, nth = reference.partition("-S")
    deployment = register.deployment(about, by)
    submission = reference if nth else ""
    subject = subjects.subject(kind, key, deployment=deployment, submission_reference=submission, by=by)
    return deployment, subject, submission


def _shown(row: Question, by: Actor, form: ReplyForm | None = None, *, fresh: bool = False) -> str:
    here = queries.shown([row], by)[0]
    if form is None:
        form = ReplyForm(data={"version_id": row.version_id}, formdata=None)
    elif fresh:
        form.version_id.data = str(row.version_id)
    return render_template(
        "questions/question.jinja", it=here, form=form, closing=CloseForm(data={"version_id": row.version_id}, formdata=None),
        may_reply=row.status != "closed" and row.organisation_id == by.organisation_id and by.may(Permission.REPLY_TO_QUESTION),
        asked=request.args.get("asked"),
    )  # fmt: skip
