"""What I was told, how I want to be told, and, for an administrator, what could not be sent to people here."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from governance import clock
from governance.notifications import operations, presenters, queries
from governance.notifications.directory import directory
from governance.notifications.forms import PreferenceForm
from governance.permissions import Permission
from governance.web.access import acting, actor, requires, signed_in

bp = Blueprint("notices", __name__)


@bp.route("/me/notices")
@signed_in
def notices() -> str:
    """What one was told, newest first, twenty at a time."""
    me, before = actor().person_id or 0, _before()
    rows = queries.mine(me, before=before, limit=queries.PAGE + 1)
    shown, mail = rows[: queries.PAGE], queries.mail_is_set_up()
    digests_from = clock.now() - queries.WAITS_AT_MOST if mail else None
    names = directory().organisations({notice.organisation_id for notice, _ in shown})
    return render_template(
        "notifications/notices.jinja",
        lines=[presenters.line(notice, delivery, names, digests_from=digests_from) for notice, delivery in shown],
        more=shown[-1][0].id if len(rows) > queries.PAGE else None,
        before=before,
        mail=mail,
    )


@bp.route("/me/notices/preference", methods=["GET", "POST"])
@signed_in
def preference() -> tuple[str, int] | Response:
    """Choose how one is told."""
    form = PreferenceForm(data={"delivery": queries.preference(actor().person_id or 0)})
    if form.validate_on_submit():
        with acting() as by:
            operations.prefer(delivery=form.delivery.data, by=by, at=clock.now())
        return redirect(url_for("notices.notices"))
    page = render_template("notifications/preference.jinja", form=form, mail=queries.mail_is_set_up())
    return page, 422 if form.is_submitted() else 200


@bp.route("/<org:organisation>/people/notices")
@requires(Permission.MANAGE_PEOPLE)
def failed(organisation: str) -> str:
    """E-mails that could not be sent to people of the organisation."""
    before = _before()
    rows = queries.failed(directory().colleagues(actor()), before=before, limit=queries.PAGE + 1)
    shown = rows[: queries.PAGE]
    people = directory().recipients({row.person_id for row in shown if row.person_id is not None})
    return render_template(
        "notifications/failed.jinja",
        lines=[presenters.failed_line(row, people) for row in shown],
        more=shown[-1].id if len(rows) > queries.PAGE else None,
        before=before,
        mail=queries.mail_is_set_up(),
    )


@bp.route("/<org:organisation>/people/notices/<int:delivery_id>/again", methods=["POST"])
@requires(Permission.MANAGE_PEOPLE)
def again(organisation: str, delivery_id: int) -> Response:
    """Send one of them again."""
    with acting() as by:
        operations.try_again(delivery=queries.failed_here(delivery_id, by), at=clock.now())
    return redirect(url_for("notices.failed", organisation=organisation))


def _before() -> int | None:
    before = request.args.get("before", type=int)
    return before if before is not None and 0 < before < 2**31 else None
