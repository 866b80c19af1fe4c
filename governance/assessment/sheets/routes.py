"""Pages of sheets: a sheet as a task list, one section a page, evidence for a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.evidence import queries as evidence_queries
from governance.assessment.evidence import routes as evidence_routes
from governance.assessment.evidence.forms import SupportForm
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Section
from governance.assessment.sheets import (
    asked,
    before,
    beside,
    carry_routes,
    carrying,
    document_routes,
    earlier,
    forms,
    history_routes,
    left,
    library_routes,
    moving,
    offers,
    operations,
    presenters,
    queries,
    rules,
    taking,
    version_rules,
)
from governance.assessment.sheets.queries import SheetView, as_kept
from governance.assessment.sheets.rules import Given
from governance.errors import Blocker, Conflict, NotVisible, Refused, refuse_if
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.web import access

bp = Blueprint("sheets", __name__)
for each in (document_routes, carry_routes, history_routes, library_routes):
    bp.register_blueprint(each.bp)
SHEET = "/<org:organisation>/submissions/<reference>/sheets/<question_set>"
Page = str | Response | tuple[str, int]


@bp.route(SHEET)
@access.requires(Permission.READ_SHEET)
def sheet(organisation: str, reference: str, question_set: str) -> str:
    """One sheet: its sections as a task list."""
    by = access.actor()
    submission = intake.submission(reference, by)
    view, why_not = _view(submission, question_set), _why_not(submission, question_set, by)
    found = None if why_not else earlier.from_before(submission, view, counted=True)
    return render_template(
        "sheets/sheet.jinja", submission=submission, view=view, before=before.summary(found),
        lines=before.lines(view, found, presenters.section_lines(submission, view, by)),
        summary=presenters.summary(view), why_not=why_not,
        card=intake.newest_card(submission), offered=queries.offered(submission, view),
        elsewhere=beside.lines(view, offers.offered(submission, view)), left=left.of(submission, view, by, clock.today()),
        newer=moving.successor(question_set) if by.may(Permission.MOVE_SET) else None,
    )  # fmt: skip


@bp.route(f"{SHEET}/open", methods=["POST"])
@access.requires(Permission.ANSWER)
def open_sheet(organisation: str, reference: str, question_set: str) -> Response:
    """Begin a sheet, or fill from the newest model card what nobody has answered."""
    with access.acting() as by:
        submission = _answerable(reference, question_set, by)
        operations.open_sheet(submission=submission, question_set=question_set, by=by, at=clock.now())
    return redirect(url_for("sheets.sheet", organisation=organisation, reference=reference, question_set=question_set))


@bp.get(f"{SHEET}/<section>")
@access.requires(Permission.READ_SHEET)
def section(organisation: str, reference: str, question_set: str, section: str) -> str:
    """One section with all its questions."""
    by = access.actor()
    submission = intake.submission(reference, by)
    view = _view(submission, question_set)
    here = _section(view, section)
    form = forms.section_form(question_set, _shown(view, here))()
    kept = {code: as_kept(answer) for code, answer in view.answers.items()}
    forms.fill(form, _shown(view, here), kept, {code: each.revision for code, each in kept.items()})
    return _page(submission, view, here, form, by)


@bp.post(f"{SHEET}/<section>")
@access.requires(Permission.ANSWER)
def save_section(organisation: str, reference: str, question_set: str, section: str) -> Page:
    """Save what was typed in a section, then do what the button pressed says."""
    by = access.actor()
    submission = _answerable(reference, question_set, by)
    view = _view(submission, question_set)
    here = _section(view, section)
    form = forms.section_form(question_set, _shown(view, here))()
    form.validate()
    given = forms.read(form, question_set, _shown(view, here))
    if request.form.get("act") == "carry":
        version = submission.tool_version.version if submission.tool_version else ""
        for blocker in version_rules.carry_blockers(looked=form[forms.LOOKED].data, version=version):
            form.add_error(blocker.sentence, forms.LOOKED)
    if any(field.errors for field in form) or form.form_errors:
        return _page(submission, view, here, form, by), 422
    assert view.sheet is not None
    shown = queries.answers_at(view.sheet, view.layer, {each.code: each.expected_revision for each in given})
    changes = rules.changed(given, {code: as_kept(answer) for code, answer in shown.items()})
    try:
        _save(reference, question_set, changes)
    except Conflict as conflict:
        return _overtaken(reference, question_set, section, changes, conflict)
    return _after(submission, view, here)


def _save(reference: str, question_set: str, changes: Sequence[Given]) -> None:
    """Keep the changes, and what the button says: `confirm:B2`, `confirm:`, `use:B2:1`, `remove:C3.1:12` or nothing more.

    About the version before: `still:B2:1`, `carry` for all that the page showed, `covers:C3.1:12`.
    """
    act, _, what = request.form.get("act", "").partition(":")
    with access.acting() as by:
        submission = _answerable(reference, question_set, by)
        sheet = queries.sheet_for(submission, question_set)
        if sheet is None:
            raise NotVisible()
        operations.save(sheet=sheet, given=changes, confirming=what if act == "confirm" else None, by=by, at=clock.now())
        if act == "use":
            code, _, revision = what.rpartition(":")
            taking.take_over(
                submission=submission, question_set=question_set, code=code or what, revision=_number(revision),
                by=by, at=clock.now(),
            )  # fmt: skip
        if act in ("still", "carry"):
            sent = request.form.getlist("before") if act == "carry" else [what]
            pairs = {code: _number(number) for code, _, number in (each.rpartition(":") for each in sent)}
            typed = {each.code for each in changes}  # what the person typed just now stands
            carrying.carry_over(
                submission=submission, question_set=question_set, by=by, at=clock.now(),
                seen={code: number for code, number in pairs.items() if code not in typed},
                looked=act == "still" or forms.LOOKED in request.form,
            )  # fmt: skip
        if act == "covers":
            code, _, number = what.rpartition(":")
            carrying.covers_too(
                submission=submission, question_set=question_set, code=code, item_id=_number(number), by=by, at=clock.now()
            )
        if act == "remove":
            code, _, number = what.rpartition(":")
            item = evidence_queries.evidence(_number(number), by)
            operations.stop_supporting(sheet=sheet, code=code, evidence=item, by=by, at=clock.now())


def _number(typed: str) -> int:
    """A number of a button; 0, which nothing has, where it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _after(submission: Submission, was_view: SheetView, here: Section) -> Response:
    """Where a saved section leads: to attach evidence, back to a question or what is newly asked, or to the next section."""
    organisation = access.actor().organisation_code
    place: dict[str, Any] = {"organisation": organisation, "reference": submission.reference}
    place["question_set"] = was_view.question_set.code
    act, _, code = request.form.get("act", "").partition(":")
    if act == "attach" and code in was_view.question_set.by_code:
        return redirect(url_for("sheets.support", code=code, section=here.code, **place))
    if act in ("confirm", "remove", "another", "use", "still", "covers"):
        anchor = rules.names(code.rpartition(":")[0] or code).answer if code else None
        return redirect(url_for("sheets.section", section=here.code, _anchor=anchor, **place))
    now = _view(submission, was_view.question_set.code)
    for question in here.questions:
        was, state = was_view.states[question.code], now.states[question.code]
        if state.asked and was.state in (State.SKIPPED, State.NOT_REACHED):  # one answered long ago is looked at again
            anchor = rules.names(question.code).answer
            return redirect(url_for("sheets.section", section=here.code, more=1, _anchor=anchor, **place))
    if act == "carry" and before.left_over(now, earlier.from_before(submission, now), here):
        return redirect(url_for("sheets.section", section=here.code, **place))  # evidence of then waits to be looked at
    codes = [each.code for each in was_view.question_set.sections]
    following = codes[codes.index(here.code) + 1 :]
    if following and request.form.get("act") != "leave":
        return redirect(url_for("sheets.section", section=following[0], **place))
    return redirect(url_for("sheets.sheet", **place))


def _overtaken(reference: str, question_set: str, section: str, changes: Sequence[Given], conflict: Conflict) -> Page:
    """The fresh record with what this person typed: 409. What they did not change shows what it says now."""
    by = access.actor()
    submission = intake.submission(reference, by)
    view = _view(submission, question_set)
    here = _section(view, section)
    codes = tuple(dict.fromkeys([*_shown(view, here), *(each.code for each in changes)]))
    form = forms.section_form(question_set, codes)(formdata=None)
    now = {code: as_kept(answer) for code, answer in view.answers.items()}
    typed = {each.code: rules.Kept(each.answer, each.expected_revision) for each in changes}
    forms.fill(form, codes, now | typed, {code: each.revision for code, each in now.items()})
    overtaken = rules.overtaken(changes, now)
    form.add_error(conflict.sentences[0], rules.names(overtaken[0]).answer if overtaken else "")
    others = presenters.meanwhile(view, overtaken)
    return _page(submission, view, here, form, by, others), 409


@bp.route(f"{SHEET}/<section>/evidence/<code>", methods=["GET", "POST"])
@access.requires(Permission.ATTACH)
def support(organisation: str, reference: str, question_set: str, section: str, code: str) -> Page:
    """Evidence for one question: an item that is held already, or a new one."""
    by = access.actor()
    submission = intake.submission(reference, by)
    view = _view(submission, question_set)
    here = _section(view, section)
    question = view.question_set.by_code.get(code)
    if question is None or question not in here.questions or view.sheet is None:
        raise NotVisible()
    form = SupportForm(
        offered=evidence_queries.choices(by), by=by, on=by.on, data={"tool_version": submission.tool_version_id}
    )
    if form.validate_on_submit():
        try:
            _support(form, reference, question_set, code)
            anchor = rules.names(code).answer
            return redirect(
                url_for(
                    "sheets.section", organisation=organisation, reference=reference, question_set=question_set,
                    section=section, _anchor=anchor,
                )
            )  # fmt: skip
        except Refused as refused:
            evidence_routes.refuse(form, refused)
    status = 422 if form.is_submitted() else 200
    return render_template(
        "sheets/support.jinja", form=form, submission=submission, view=view, section=here, question=question
    ), status


def _support(form: SupportForm, reference: str, question_set: str, code: str) -> None:
    upload = None if form.held.data else evidence_routes.received(form)
    with access.acting() as by:
        submission = _answerable(reference, question_set, by)
        sheet = queries.sheet_for(submission, question_set)
        if sheet is None:
            raise NotVisible()
        if form.held.data:  # noqa: SIM108  two lines read better here
            item = evidence_queries.evidence(form.held.data, by)
        else:
            item = evidence_routes.attached(form, upload, by)
        operations.support(sheet=sheet, code=code, evidence=item, by=by, at=clock.now())


def _view(submission: Submission, question_set: str) -> SheetView:
    row = asked.sheet_row(submission, question_set)
    return queries.view(submission, question_set, asked.route_facts(submission, row))


def _section(view: SheetView, code: str) -> Section:
    try:
        return view.question_set.section(code)
    except LookupError:
        raise NotVisible() from None


def _shown(view: SheetView, section: Section) -> tuple[str, ...]:
    """Questions with controls: all but those that are skipped, and any that the page sent back."""
    if view.sheet is None:
        raise NotVisible()
    return tuple(
        question.code
        for question in section.questions
        if view.states[question.code].state is not State.SKIPPED or rules.names(question.code).revision in request.form
    )


def _why_not(submission: Submission, question_set: str, by: Actor) -> tuple[str, ...]:
    return presenters.why_not(submission, asked.sheet_row(submission, question_set), by)


def _answerable(reference: str, question_set: str, by: Actor) -> Submission:
    """The submission, where this person may answer this sheet now. Raises Refused, NotVisible."""
    submission = intake.submission(reference, by)
    refuse_if(Blocker("answer", sentence) for sentence in _why_not(submission, question_set, by))
    return submission


def _page(
    submission: Submission, view: SheetView, here: Section, form: forms.Form, by: Actor, others: dict[str, str] | None = None
) -> str:
    found = earlier.from_before(submission, view)
    shown = beside.questions(submission, view, here, presenters.questions(view, here, form, by, others), by)
    shown = before.questions(submission, view, shown, found, by)
    return render_template(
        "sheets/section.jinja", submission=submission, view=view, section=here, form=form,
        questions=shown, carry=before.carry(submission, here, found, shown),
        left_here=left.counted(view, here.questions),
        waiting=presenters.unconfirmed_here(view, here), why_not=_why_not(submission, view.question_set.code, by),
        more=request.args.get("more"),
    )  # fmt: skip
