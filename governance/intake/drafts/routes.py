"""The walk of a draft: start, one page for each thing, a model card, and the last look before proposing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Conflict, Refused
from governance.extensions import house
from governance.intake import operations, queries, rules
from governance.intake.cards.reader import LARGEST, read_card
from governance.intake.drafts import forms, presenters
from governance.intake.drafts.outlook import outlook
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Permission
from governance.policy import policy
from governance.register import queries as register
from governance.web import uploads
from governance.web.access import acting, actor, requires

bp = Blueprint("intake", __name__)

Page = str | tuple[str, int] | Response
PAGE = '<any("tool", "same", "use-case", "where", "triage", "ask"):page>'


@bp.route("/<org:organisation>/propose", methods=["GET", "POST"])
@requires(Permission.START_SUBMISSION)
def propose(organisation: str) -> Page:
    """Begin a draft, or go on with one."""
    form = forms.Form()
    if form.validate_on_submit():
        with acting() as by:
            submission = operations.start(by=by, at=clock.now())
        return redirect(url_for("intake.card", organisation=organisation, draft=submission.id))
    mine = [(row, presenters.name_of(row)) for row in queries.drafts(actor())]
    return render_template("intake/propose.jinja", form=form, drafts=mine)


@bp.route("/<org:organisation>/tools/<reference>/next", methods=["GET", "POST"])
@requires(Permission.START_SUBMISSION)
def ask_next(organisation: str, reference: str) -> Page:
    """Begin the next request about a deployment."""
    deployment = register.deployment(reference, actor())
    form, status = forms.Form(), 200
    if form.validate_on_submit():
        try:
            with acting() as by:
                submission = operations.start(by=by, at=clock.now(), deployment=register.deployment(reference, by))
            return redirect(url_for("intake.draft", organisation=organisation, draft=submission.id))
        except Refused as refused:
            form.refuse(refused)
            deployment, status = register.deployment(reference, actor()), 422
    found = rules.offered(policy(), queries.known(deployment))
    offered = [(rules.asked_in_words(kind, stage), rules.about(policy(), kind, stage)) for kind, stage in found]
    return render_template("intake/next.jinja", form=form, deployment=deployment, offered=offered), status


@bp.route("/<org:organisation>/drafts/<int:draft>")
@requires(Permission.READ_SUBMISSION)
def draft(organisation: str, draft: int) -> Page:
    """The task list of a draft."""
    submission = queries.draft(draft, actor())
    if submission.reference is not None:
        return _on(submission, organisation)
    return render_template(
        "intake/draft.jinja",
        submission=submission,
        name=presenters.name_of(submission),
        heading=presenters.heading(submission),
        tasks=presenters.tasks(submission, actor()),
        card=queries.newest_card(submission),
        held=submission.status is SubmissionStatus.HELD,
        over=submission.status is SubmissionStatus.WITHDRAWN,
        history=[change for change in queries.history(submission) if change.reason],
        complete=_next_page(submission) is None,
        may_edit=actor().may(Permission.PROPOSE),
    )


@bp.route("/<org:organisation>/drafts/<int:draft>/card", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def card(organisation: str, draft: int) -> Page:
    """A model card, for those who have one. What cannot be read as one is not kept."""
    submission, form, status = queries.draft(draft, actor()), forms.CardForm(), 200
    if submission.status is not SubmissionStatus.DRAFTED:
        return _on(submission, organisation)
    if form.validate_on_submit():
        try:
            upload = uploads.receive(form.file.data, kinds=uploads.MODEL_CARDS, limit=LARGEST)
            read = read_card(upload.data)
            house().storage.put_content(upload.data)
            with acting() as by:
                submission = queries.draft(draft, by)
                operations.upload_card(submission=submission, upload=upload, card=read, by=by, at=clock.now())
            return redirect(url_for("intake.card_read", organisation=organisation, draft=draft))
        except Refused as refused:
            form.refuse(refused, dict.fromkeys(refused.codes, "file"))
            submission, status = queries.draft(draft, actor()), 422
    has_deployment = submission.deployment_id is not None
    first = presenters.slug(rules.pages_of(has_deployment=has_deployment)[0])
    return render_template("intake/card.jinja", form=form, submission=submission, first=first), status


@bp.route("/<org:organisation>/drafts/<int:draft>/card/read")
@requires(Permission.READ_SUBMISSION)
def card_read(organisation: str, draft: int) -> Page:
    """What was read from the newest model card, element by element. Without one, the page for a card, or the draft."""
    submission = queries.draft(draft, actor())
    newest = queries.newest_card(submission)
    if newest is None:
        place = "intake.card" if actor().may(Permission.PROPOSE) else "intake.draft"
        return redirect(url_for(place, organisation=organisation, draft=draft))
    account = [(path, text, presenters.goes_to(newest.schema_version, path)) for path, text in newest.elements]
    page = presenters.slug(_next_page(submission) or "tool")
    return render_template(
        "intake/card_read.jinja",
        submission=submission,
        card=newest,
        account=account,
        next_page=page,
        gone=_gone(submission),
    )


@bp.route(f"/<org:organisation>/drafts/<int:draft>/{PAGE}", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def page(organisation: str, draft: int, page: str) -> Page:
    """One page of a draft. A wrong answer keeps all that was typed; a stale page shows the draft as it is now."""
    submission, name = queries.draft(draft, actor()), page.replace("-", "_")
    if submission.status is not SubmissionStatus.DRAFTED or not _belongs(name, submission):
        return _on(submission, organisation)
    matches = _matches(submission) if name == "same" else []
    form = forms.form_for(name, submission, actor(), matches, like=_like(submission) if name == "use_case" else None)
    if name == "same" and not matches:
        del form.choice, form.why
    if form.validate_on_submit():
        try:
            with acting() as by:
                _save(queries.draft(draft, by), name, form, matches, by)
            return redirect(_after(draft, name, organisation))
        except Refused as refused:
            form.refuse(refused, _fields(refused, form))
        except Conflict as conflict:
            return _fresh(draft, name, conflict)
    status = 422 if form.is_submitted() else 200
    return _page(queries.draft(draft, actor()), name, form, matches), status


def _save(submission: Submission, page: str, form: Any, matches: list[register.Match], by: Actor) -> None:
    values = forms.values_of(page, form, matches)
    if page == "same" and not matches:
        values = {"choice": rules.NO_MATCH, "shown": []}
    operations.save_draft(
        submission=submission, page=page, values=values, version_id=form.version_id.data, by=by, at=clock.now()
    )


def _page(submission: Submission, page: str, form: Any, matches: list[register.Match], stale: str = "") -> str:
    return render_template(
        f"intake/{page}.jinja",
        submission=submission,
        form=form,
        matches=matches,
        stale=stale,
        name=presenters.name_of(submission),
        marked=submission.draft.get("from_card", {}).get(page, []),
        tool=rules.values(submission.draft, "tool"),
        like=presenters.uses_elsewhere(submission) if page == "use_case" else [],
        title=rules.PAGES[page],
    )


def _fresh(draft: int, page: str, conflict: Conflict) -> tuple[str, int]:
    """The page as the draft is now, with a sentence that says it changed: 409."""
    submission = queries.draft(draft, actor())
    matches = _matches(submission) if page == "same" else []
    form = forms.form_for(page, submission, actor(), matches, fresh=True)
    if page == "same" and not matches:
        del form.choice, form.why
    return _page(submission, page, form, matches, stale=conflict.sentences[0]), conflict.status


@bp.route("/<org:organisation>/drafts/<int:draft>/check", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def check(organisation: str, draft: int) -> Page:
    """Everything read back, with the tier, what will be asked and who will have to agree; then propose."""
    submission, form, status = queries.draft(draft, actor()), forms.ProposeForm(), 200
    if submission.status is not SubmissionStatus.DRAFTED:
        return _on(submission, organisation)
    if form.validate_on_submit():
        try:
            with acting() as by:
                submission = queries.draft(draft, by)
                if form.is_stale(submission):
                    raise Conflict
                operations.propose(submission=submission, by=by, at=clock.now())
                reference = submission.reference
            return redirect(url_for("packs.submission", organisation=organisation, reference=reference))
        except Refused as refused:
            form.refuse(refused)
            status = 422
        except Conflict as conflict:
            form.add_error(conflict.sentences[0])
            status = conflict.status
        submission = queries.draft(draft, actor())
    form.version_id.data = str(submission.version_id)
    return render_template(
        "intake/check.jinja",
        submission=submission,
        form=form,
        name=presenters.name_of(submission),
        parts=presenters.parts(submission, actor()),
        outlook=outlook(submission, clock.today()),
        left=presenters.left(submission),
    ), status


def _like(submission: Submission) -> dict[str, str] | None:
    """The words of a use elsewhere that the person chose to use."""
    wanted = request.args.get("like", type=int)
    found = next((each for each in presenters.uses_elsewhere(submission) if each.id == wanted), None)
    return {name: getattr(found, name) for name in ("name", "setting", "pathway", "population")} if found else None


def _belongs(page: str, submission: Submission) -> bool:
    return page in rules.pages_of(has_deployment=submission.deployment_id is not None)


def _matches(submission: Submission) -> list[register.Match]:
    tool = rules.values(submission.draft, "tool")
    return (
        register.matches(str(tool.get("name") or ""), str(tool.get("manufacturer") or "")) if tool.get("name") else []
    )


def _fields(refused: Refused, form: Any) -> dict[str, str]:
    """Which field each reason belongs to: a code ends in the field's name where there is one."""
    ends = {code: code.rpartition(".")[2] for code in refused.codes}
    return {code: end for code, end in ends.items() if end in form}


def _next_page(submission: Submission) -> str | None:
    return rules.ordered(rules.pages_of(has_deployment=submission.deployment_id is not None), submission.draft)


def _after(draft: int, page: str, organisation: str) -> str:
    """The next page not saved yet, or the last look."""
    following = _next_page(queries.draft(draft, actor()))
    if following is None:
        return url_for("intake.check", organisation=organisation, draft=draft)
    return url_for("intake.page", organisation=organisation, draft=draft, page=presenters.slug(following))


def _gone(submission: Submission) -> bool:
    """Whether it is a draft no more."""
    return submission.reference is not None or submission.status is SubmissionStatus.WITHDRAWN


def _on(submission: Submission, organisation: str) -> Response:
    """To where a submission is now."""
    if submission.reference is not None:
        return redirect(url_for("packs.submission", organisation=organisation, reference=submission.reference))
    return redirect(url_for("intake.draft", organisation=organisation, draft=submission.id))
