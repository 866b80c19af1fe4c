"""The list of submissions, and the small pages that change one: hold, release, withdraw, triage and tier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.errors import Conflict, Refused
from governance.intake import forms, operations, presenters, queries
from governance.intake.drafts.routes import bp
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.policy import Tier
from governance.web.access import acting, actor, requires

__all__ = ["bp"]

Page = str | tuple[str, int] | Response
Finder = Callable[[Actor], Submission]

ARROWS: dict[str, tuple[Callable[..., None], str, str, str]] = {
    "hold": (operations.hold, "Put this on hold", "Nothing happens to it until you release it.", "Put on hold"),
    "release": (operations.release, "Take this off hold", "It goes on from where it was.", "Release"),
    "withdraw": (operations.withdraw, "Withdraw this", "This ends it for good. Its history is kept.", "Withdraw"),
}
_ARROW = '<any("hold", "release", "withdraw"):arrow>'


@bp.route("/<org:organisation>/submissions")
@requires(Permission.READ_SUBMISSION)
def submissions(organisation: str) -> str:
    """Own submissions that are open, or those that are closed, twenty at a time."""
    by, closed = actor(), request.args.get("closed") == "1"
    after = request.args.get("after", type=int)
    after = after if after is not None and 0 < after < 2**31 else None
    rows = queries.listed(by, closed=closed, after=after, limit=queries.PAGE + 1)
    more = rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None
    return render_template(
        "intake/submissions.jinja",
        heading=presenters.heading(len(rows), closed=closed, whole=more is None and after is None),
        lines=[presenters.line(row, by.organisation_code) for row in rows[: queries.PAGE]],
        more=more,
        after=after,
        closed=closed,
        may_propose=by.may(Permission.START_SUBMISSION),
    )


@bp.route(f"/<org:organisation>/submissions/<reference>/{_ARROW}", methods=["GET", "POST"])
@requires(Permission.HOLD)
def arrow(organisation: str, reference: str, arrow: str) -> Page:
    """Hold, release or withdraw a submission, with a reason."""
    return _arrow(lambda by: queries.submission(reference, by), arrow)


@bp.route(f"/<org:organisation>/drafts/<int:draft>/{_ARROW}", methods=["GET", "POST"])
@requires(Permission.HOLD)
def draft_arrow(organisation: str, draft: int, arrow: str) -> Page:
    """The same for a draft, which has no reference yet."""
    return _arrow(lambda by: queries.draft(draft, by), arrow)


def _arrow(find: Finder, arrow: str) -> Page:
    take, title, about, button = ARROWS[arrow]
    return _small(
        find,
        lambda submission, **given: forms.ReasonForm(obj=submission, **given),
        lambda submission, form, by: take(submission=submission, reason=form.reason.data, by=by, at=clock.now()),
        "intake/arrow.jinja",
        title=title,
        about=about,
        button=button,
        stops=arrow == "withdraw",
    )


@bp.route("/<org:organisation>/submissions/<reference>/tier", methods=["GET", "POST"])
@requires(Permission.RAISE_TIER, Permission.LOWER_TIER)
def tier(organisation: str, reference: str) -> Page:
    """Raise the tier, or, as the clinical safety officer, lower it; always with a reason."""

    def change(submission: Submission, form: Any, by: Actor) -> None:
        now, chosen = queries.tier(submission), Tier(form.tier.data)
        higher = now is None or chosen.rank > now.rank
        take = operations.raise_tier if higher else operations.lower_tier
        take(submission=submission, tier=chosen, reason=form.reason.data, by=by, at=clock.now())

    return _small(
        lambda by: queries.submission(reference, by),
        lambda submission, **given: forms.TierForm(
            data={"version_id": submission.version_id},
            now=submission.tier,
            may_lower=actor().may(Permission.LOWER_TIER),
            **given,
        ),
        change,
        "intake/tier.jinja",
        may_lower=actor().may(Permission.LOWER_TIER),
    )


@bp.route("/<org:organisation>/submissions/<reference>/triage", methods=["GET", "POST"])
@requires(Permission.PROPOSE)
def triage(organisation: str, reference: str) -> Page:
    """Correct the facts of triage, with a reason."""

    def made(submission: Submission, **given: Any) -> Any:
        kind = forms.triage_form(queries.policy_of(submission).version, with_reason=True)
        return kind(data={**queries.facts(submission), "version_id": submission.version_id}, **given)

    def correct(submission: Submission, form: Any, by: Actor) -> None:
        codes = [row.code for row in queries.policy_of(submission).facts]
        operations.correct_triage(
            submission=submission,
            facts={code: form[code].data for code in codes},
            reason=form.reason.data,
            research_route=form.research_route.data or "",
            version_id=form.version_id.data,
            by=by,
            at=clock.now(),
        )

    return _small(lambda by: queries.submission(reference, by), made, correct, "intake/correction.jinja")


def _small(
    find: Finder, made: Callable[..., Any], take: Callable[[Submission, Any, Actor], None], template: str, **more: Any
) -> Page:
    """A page with one form about one submission: 422 keeps what was typed, 409 shows the submission as it is now."""
    submission = find(actor())
    form, stale, status = made(submission), "", 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                with acting() as by:
                    submission = find(by)
                    form.refuse_if_stale(submission)
                    take(submission, form, by)
                    back = _page_of(submission, by)
                return redirect(back)
        except Refused as refused:
            fields = {code: code.rpartition(".")[2] for code in refused.codes}
            form.refuse(refused, {code: field for code, field in fields.items() if field in form})
        except Conflict as conflict:
            stale, status = conflict.sentences[0], conflict.status
        submission = find(actor())
    if stale:
        form = made(submission, formdata=None)
    return render_template(
        template,
        form=form,
        submission=submission,
        stale=stale,
        caption=presenters.name_of(submission),
        back=_page_of(submission, actor()),
        **more,
    ), status


def _page_of(submission: Submission, by: Actor) -> str:
    if submission.reference is None:
        return url_for("intake.draft", organisation=by.organisation_code, draft=submission.id)
    return url_for("packs.submission", organisation=by.organisation_code, reference=submission.reference)
