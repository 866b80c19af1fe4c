"""Pages of a submission: its own page, judging a section, submitting and taking back, and its frozen packs."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.packs import (
    assign_routes,
    compare_routes,
    download_routes,
    operations,
    pack_presenters,
    people,
    presenters,
    queries,
    reading,
    redacted,
    slots,
)
from governance.assessment.packs.forms import JudgeForm, RecallForm, SubmitForm
from governance.assessment.packs.queries import Position
from governance.assessment.sheets.queries import names_of
from governance.errors import Conflict, NotVisible, Refused
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.policy.rules import judge_blockers
from governance.web import access

bp = Blueprint("packs", __name__)
bp.register_blueprint(assign_routes.bp)
bp.register_blueprint(compare_routes.bp)
bp.register_blueprint(download_routes.bp)
SUBMISSION = "/<org:organisation>/submissions/<reference>"
PACK = "/<org:organisation>/packs/<int:pack_id>"
Page = str | Response | tuple[str, int]


@bp.route(SUBMISSION)
@access.requires(Permission.READ_SUBMISSION)
def submission(organisation: str, reference: str) -> Page:
    """A submission's own page. One that was withdrawn before it was proposed has its draft's page only."""
    found = _proposed(reference, access.actor())
    hub = presenters.hub(found, access.actor(), clock.today())
    return render_template("packs/submission.jinja", submission=found, hub=hub, form=SubmitForm())


@bp.route(f"{SUBMISSION}/submit", methods=["POST"])
@access.requires(Permission.SUBMIT)
def submit(organisation: str, reference: str) -> Page:
    """Freeze the pack and hand it to those who must agree."""
    try:
        with access.acting() as by:
            operations.submit(submission=_proposed(reference, by), by=by, at=clock.now())
    except Refused as refused:
        form = SubmitForm()
        form.refuse(refused)
        found = _proposed(reference, access.actor())
        hub = presenters.hub(found, access.actor(), clock.today())
        return render_template("packs/submission.jinja", submission=found, hub=hub, form=form), 422
    return redirect(url_for("packs.submission", organisation=organisation, reference=reference))


@bp.route(f"{SUBMISSION}/recall", methods=["GET", "POST"])
@access.requires(Permission.RECALL)
def recall(organisation: str, reference: str) -> Page:
    """Take a submission back from its signers, with a reason."""
    found = _proposed(reference, access.actor())
    form = RecallForm()
    if form.validate_on_submit():
        try:
            with access.acting() as by:
                operations.recall(
                    submission=_proposed(reference, by), reason=form.reason.data, by=by, at=clock.now()
                )
            return redirect(url_for("packs.submission", organisation=organisation, reference=reference))
        except Refused as refused:
            form.refuse(refused, {"reason": "reason"})
    status = 422 if form.is_submitted() else 200
    return render_template("packs/recall.jinja", submission=found, form=form), status


@bp.get(f"{SUBMISSION}/judge/<section>")
@access.requires(Permission.READ_SHEET)
def judging(organisation: str, reference: str, section: str) -> str:
    """What a section holds now, what its judge said, and, for its judge, the form to say it."""
    by = access.actor()
    now = queries.position(_proposed(reference, by))
    data, last = {"digest": now.section(section).matter_digest}, queries.judged_as_signed(now, section)
    form = JudgeForm(data=data | ({"reason": last["reason"]} if last else {}))
    return _judging(now, section, form, by)


@bp.post(f"{SUBMISSION}/judge/<section>")
@access.requires(Permission.JUDGE)
def judge(organisation: str, reference: str, section: str) -> Page:
    """Give met, not met or query, with the reason."""
    form = JudgeForm()
    if form.validate():
        try:
            with access.acting() as by:
                operations.judge(
                    submission=_proposed(reference, by), section=section, outcome=form.outcome.data,
                    reason=form.reason.data, expected_digest=form.digest.data or "-", by=by, at=clock.now(),
                )  # fmt: skip
            return redirect(url_for("packs.submission", organisation=organisation, reference=reference, _anchor="judge"))
        except Refused as refused:
            form.refuse(refused, {"outcome": "outcome", "reason": "reason", "met": "outcome"})
        except Conflict as conflict:
            form.add_error(conflict.sentences[0])
            now = queries.position(_proposed(reference, access.actor()))
            form.digest.data = now.section(section).matter_digest
            return _judging(now, section, form, access.actor()), 409
    now = queries.position(_proposed(reference, access.actor()))
    return _judging(now, section, form, access.actor()), 422


def _judging(now: Position, section: str, form: JudgeForm, by: Actor) -> str:
    rule, built = now.asked.section(section), now.section(section)
    held = by.held_for(rule.judged_by, now.asked.deployment.id) if rule.judged_by else None
    last = queries.judged_as_signed(now, section)
    answered = people.answered(section, now.asked, now.live)
    why_not = pack_presenters.sentences(
        (
            *slots.barred_from(now.asked.submission, by),
            *judge_blockers(rule, role=held.role, person_id=by.person_id or 0, answered_by=answered),
        )
        if held
        else ()
    )
    return render_template(
        "packs/judge.jinja", submission=now.asked.submission, rule=rule, built=built, form=form, why_not=why_not,
        blocks=reading.blocks(built.matter), may=held is not None and now.asked.submission.status in operations.JUDGED_WHILE,
        said=pack_presenters.judgement_lines(queries.judgements_on(now.asked.submission, section)),
        caption=presenters.caption(now), edit=pack_presenters.edit_links(now, section, by),
        carried=pack_presenters.carried(last) if last else "",
        recuse_url=presenters.recuse_url(now.asked.submission, by) if held else "",
    )  # fmt: skip


@bp.route(PACK)
@access.requires(Permission.READ_DECIDED)
def pack(organisation: str, pack_id: int) -> str:
    """A frozen pack: its sections with their check codes, who judged each and who signs it."""
    found, submission = queries.readable(pack_id, access.actor())
    return render_template(
        "packs/pack.jinja", pack=found, submission=submission,
        lines=pack_presenters.section_lines(found, submission, access.actor()),
        frozen_by=names_of({found.frozen_by})[found.frozen_by],
        signed=presenters.signed_on(found, submission),
        earlier=[each for each in pack_presenters.pack_lines(submission, access.actor()) if each.round != found.round],
    )  # fmt: skip


@bp.route(f"{PACK}/<section>")
@access.requires(Permission.READ_DECIDED)
def section(organisation: str, pack_id: int, section: str) -> str:
    """One section of a frozen pack, in plain form."""
    found, submission = queries.readable(pack_id, access.actor())
    here = queries.pack_section(found, section)
    return render_template(
        "packs/section.jinja", pack=found, submission=submission, section=here,
        blocks=reading.blocks(here.content["matter"]), judgement=here.content["judgement"],
        judged=pack_presenters.judged(here.content["judgement"]), redacted=redacted.sentence(here),
    )  # fmt: skip


def _proposed(reference: str, by: Actor) -> Submission:
    found = intake.submission(reference, by)
    if found.deployment is None:
        raise NotVisible()
    return found
