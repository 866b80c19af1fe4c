"""Signing, advising and deciding in two steps; reading the sections first; taking a deferred decision up again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.approval import after, in_full, operations, presenters, queries, rules, sign_page, statements
from governance.approval.forms import DecisionForm, ResumeForm, decision_form
from governance.approval.queries import PACK, Position
from governance.assessment.packs import pack_presenters as packs_shown
from governance.assessment.packs import queries as packs
from governance.assessment.packs import reading
from governance.assessment.plans import door
from governance.errors import NotVisible
from governance.extensions import house
from governance.permissions import Actor, Permission, Role
from governance.policy.schema import Act
from governance.signing import operations as signing
from governance.web import access
from governance.web.forms import Form

bp = Blueprint("approval", __name__)
SUBMISSION = "/<org:organisation>/submissions/<reference>"
SECTIONS = f"{SUBMISSION}/sign/<role>/sections"
ACTING = (Permission.SIGN, Permission.ADVISE, Permission.AUTHORISE)
Page = str | Response | tuple[str, int]


@bp.route(f"{SUBMISSION}/<any(sign, advise):verb>/<role>", methods=["GET", "POST"])
@bp.route(f"{SUBMISSION}/authorise", methods=["GET", "POST"])
@access.requires(*ACTING)
def act(organisation: str, reference: str, verb: str = "", role: str = "") -> Page:
    """First step: everything there is to know, and the decision."""
    here, mine = _here(reference, role)
    page = sign_page.build(here, here.line(mine), access.actor(), clock.today())
    form = _form(here, mine, page)
    if form.is_submitted() and form.wants_another:
        form.add_condition()
        return _shown(here, mine, page, form)
    tokens: list[str] = []

    def intend(by: Actor) -> None:
        submission, _ = door.found(reference, by)
        tokens.append(
            operations.intend(
                submission=submission, role=mine, outcome=str(form.outcome.data), reason=form.reason,
                conditions=form.conditions_set(), until=form.ends_on, confirms_unchanged=form.reconfirms,
                shown=in_full.shown(page.in_full, request.form.getlist("shown")), by=by, at=clock.now(),
            ).token
        )  # fmt: skip

    if form.validate_on_submit() and door.attempt(form, intend, _fields(form)):
        return redirect(door.here(here.submission, "approval.confirm", token=tokens[0]))
    return _shown(here, mine, page, form), 422 if form.is_submitted() else 200


def _shown(here: Position, role: Role, page: sign_page.SignPage, form: DecisionForm) -> str:
    return render_template(
        "approval/sign.jinja", page=page, form=form, role=role, submission=here.submission,
        crumbs=door.crumbs(here.submission), is_advice=here.line(role).turn.act is Act.ADVISE,
        reading_url=door.here(here.submission, "approval.sections", role=role.value),
        pack_url=url_for("packs.pack", organisation=access.actor().organisation_code, pack_id=here.pack.id),
    )  # fmt: skip


def _form(here: Position, role: Role, page: sign_page.SignPage) -> DecisionForm:
    turn = here.line(role).turn
    limit = sign_page.limit_of(here, clock.today())
    return decision_form(
        turn, unchanged=sign_page.unchanged_label(page), against=sign_page.against(here, role),
        limit=limit if turn.act is Act.AUTHORISE else None, latest=limit or clock.add_months(clock.today(), 12),
        stages=rules.later_stages(here.asked.stage_asked), suggested=page.suggested,
    )  # fmt: skip


def _fields(form: DecisionForm) -> dict[str, str]:
    """Which field of this form each refusal belongs to."""
    code = str(form.outcome.data)
    wanted = {
        "unchanged": "confirms", "until.past": "until", "until.too_long": "until", "outcome.against_advice": "against",
        "outcome.reason": f"because_{code}", "outcome.unknown": "outcome",
    }  # fmt: skip
    return {reason: field for reason, field in wanted.items() if field in form}


@bp.route(f"{SECTIONS}/<code>", methods=["GET", "POST"])
@access.requires(*ACTING)
def section(organisation: str, reference: str, role: str, code: str) -> Page:
    """One of the role's own sections; “I have read this” leads on to the next that is not read."""
    here, mine = _here(reference, role)
    if code not in here.line(mine).turn.sections:
        raise NotVisible()
    shown, form = packs.pack_section(here.pack, code), Form()
    if form.validate_on_submit() and door.attempt(form, lambda by: _read(reference, by, code)):
        return redirect(_next_to_read(here, mine, code))
    return render_template(
        "approval/section.jinja", section=shown, blocks=reading.blocks(shown.content["matter"]), form=form, role=mine,
        judged=packs_shown.judged(shown.content["judgement"]), submission=here.submission, digest=here.pack.digest,
        lines=sign_page.build_sections(here, mine, access.actor()), sign_url=_sign_url(here, mine),
        crumbs=_crumbs(here, mine),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(SECTIONS, methods=["GET", "POST"])
@access.requires(*ACTING)
def sections(organisation: str, reference: str, role: str) -> Page:
    """Every section not read yet, one below the other, for whoever prefers to read the whole."""
    here, mine = _here(reference, role)
    codes, form = queries.unread(here, mine, access.actor().person_id), Form()
    if form.validate_on_submit() and door.attempt(form, lambda by: _read(reference, by, *codes)):
        return redirect(f"{_sign_url(here, mine)}#sections")
    parts = [(each, reading.blocks(each.content["matter"])) for each in here.pack.sections if each.code in codes]
    return render_template(
        "approval/sections.jinja", parts=parts, form=form, role=mine, submission=here.submission,
        sign_url=_sign_url(here, mine), crumbs=_crumbs(here, mine),
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _read(reference: str, by: Actor, *codes: str) -> None:
    submission, _ = door.found(reference, by)
    for code in codes:
        operations.read_section(submission=submission, code=code, by=by, at=clock.now())


def _next_to_read(here: Position, role: Role, code: str) -> str:
    """The next section after this one that is not read; when all are, back to where it is signed."""
    by = access.actor()
    order = [each.code for each in here.pack.sections]
    left = [each for each in queries.unread(here, role, by.person_id) if each != code]
    following = [each for each in left if order.index(each) > order.index(code)] or left
    return sign_page.section_url(here, role, following[0], by) if following else f"{_sign_url(here, role)}#sections"


@bp.route(f"{SUBMISSION}/confirm/<token>", methods=["GET", "POST"])
@access.requires(*ACTING)
def confirm(organisation: str, reference: str, token: str) -> Page:
    """Second step: the statement, and the password."""
    submission, _ = door.found(reference)
    intent = signing.intent(token, access.actor(), clock.now())
    here = _position(reference)
    if intent.subject_kind != PACK or intent.subject_id not in {each.id for each in packs.packs(submission)}:
        raise NotVisible()
    form, signed = door.ConfirmForm(), []

    def seal(by: Actor) -> None:
        found, _ = door.found(reference, by)
        at = clock.now()
        meant = signing.intent(token, by, at)
        row = operations.carry_out(submission=found, intent=meant, keyring=house().keyring, by=by, at=at)
        signed.append(row.id)

    if form.validate_on_submit() and door.confirmed(form) and door.attempt(form, seal):
        return redirect(door.here(submission, "approval.signed", sign_off_id=signed[0]))
    return render_template(
        "approval/confirm.jinja", form=form, intent=intent, said=after.said(intent, here), submission=submission,
        signs_as=sign_page.build_signs_as(here, intent.role, access.actor()), crumbs=_crumbs(here, intent.role),
        title=presenters.title_of(intent.role, here.line(intent.role).turn.act),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.route(f"{SUBMISSION}/signed/<int:sign_off_id>")
@access.requires(Permission.READ_SUBMISSION)
def signed(organisation: str, reference: str, sign_off_id: int) -> str:
    """What was sealed, and what comes next with whom."""
    submission, _ = door.found(reference)
    row, by = after.sign_off(submission, sign_off_id), access.actor()
    if not after.may_see(row, submission, by):
        raise NotVisible("What was said here is shown when all who act independently have signed.")
    return render_template(
        "approval/signed.jinja", row=row, submission=submission, page=after.page(row, _position(reference), by, clock.today()),
        crumbs=door.crumbs(submission),
    )  # fmt: skip


@bp.route(f"{SUBMISSION}/authorise/resume", methods=["GET", "POST"])
@access.requires(Permission.AUTHORISE)
def resume(organisation: str, reference: str) -> Page:
    """Take a deferred decision up again. The pack is compared with the live record."""
    here, form = _position(reference), ResumeForm()

    def take_up(by: Actor) -> None:
        found, _ = door.found(reference, by)
        operations.resume_decision(submission=found, by=by, at=clock.now())

    if form.validate_on_submit() and door.attempt(form, take_up):
        return redirect(door.here(here.submission, "approval.act"))
    return render_template(
        "approval/resume.jinja", form=form, submission=here.submission, crumbs=door.crumbs(here.submission),
        asks=statements.asks(queries.matter_of(here, here.authoriser)),
        differences=[each.sentence for each in queries.content_blockers(here)],
    ), 422 if form.is_submitted() else 200  # fmt: skip


def _position(reference: str) -> Position:
    submission, _ = door.found(reference)
    here = queries.position(submission, clock.today())
    if here is None:
        raise NotVisible()
    return here


def _here(reference: str, role: str) -> tuple[Position, Role]:
    """The submission's position, and the role meant; without one, whoever authorises. Raises NotVisible."""
    here = _position(reference)
    if not role:
        return here, here.authoriser
    found = next((turn.role for turn in here.turns if turn.role.value == role), None)
    if found is None:
        raise NotVisible()
    return here, found


def _sign_url(here: Position, role: Role) -> str:
    return presenters.act_url(here, role, access.actor())


def _crumbs(here: Position, role: Role) -> door.Crumbs:
    title = presenters.title_of(role, here.line(role).turn.act)
    return [*door.crumbs(here.submission), (title, _sign_url(here, role))]
