"""What anybody may read without signing in: which AI is in use, for what, how it is checked, and where to raise a concern."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template, request

from governance import clock
from governance.lifecycle import Standing
from governance.pictures import draw
from governance.sharing import plain, presenters, queries
from governance.sharing.queries import Asked
from governance.sharing.routes import after_given, asked, heading, query_of
from governance.web.access import public

bp = Blueprint("public", __name__, url_prefix="/public")

KEPT = "public, max-age=300"


@bp.route("/")
@public
def tools() -> Response:
    """AI in use, twenty at a time."""
    on, given = clock.today(), asked()
    given = Asked(text=given.text, organisation=given.organisation)
    after = after_given()
    rows = queries.in_public(given, on, after=after, limit=queries.PAGE + 1)
    return _kept(
        render_template(
            "sharing/public.jinja",
            rows=[(row, plain.stage(row.stage, row.standing)) for row in rows[: queries.PAGE]],
            more=rows[queries.PAGE - 1].deployment_id if len(rows) > queries.PAGE else None,
            after=after,
            asked=given,
            query=query_of(given),
            heading=heading(queries.how_many_in_public(given, on), bool(query_of(given)), "AI tool"),
            marks={each: draw.standing(each.value) for each in Standing},
        )
    )


@bp.route("/<reference>")
@public
def tool(reference: str) -> Response:
    """One tool at one organisation, in plain words."""
    seen = queries.public_projection(reference)
    return _kept(
        render_template(
            "sharing/public_tool.jinja",
            seen=seen,
            kind=presenters.kinds().get(seen.kind, ""),
            stage=plain.stage(seen.stage, seen.standing),
            standing=plain.standing(
                seen.standing, until=seen.approved_until, since=seen.standing_since, in_use_since=seen.in_use_since
            ),
            oversight=plain.oversight(seen.oversight),
            who_uses=plain.PATIENTS if seen.patient_facing else plain.STAFF,
            concerns=queries.concerns_of(seen.organisation_id) or plain.CONCERNS,
        )
    )


def _kept(page: str) -> Response:
    """A page that may be kept for five minutes, unless it was made for somebody with a session."""
    answer = make_response(page)
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        answer.headers["Cache-Control"] = KEPT
    answer.vary.add("Cookie")
    return answer
