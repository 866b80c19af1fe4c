"""The register's own page: the list of an organisation's deployments. Six queries, whatever there is to list."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request, url_for

from governance.lifecycle import Stage, Standing
from governance.permissions import Permission
from governance.pictures import draw
from governance.register import queries
from governance.web.access import actor, requires
from governance.web.wording import number, plural

bp = Blueprint("register", __name__)

Word = TypeVar("Word", bound=StrEnum)


@bp.route("/<org:organisation>/tools")
@requires(Permission.READ_REGISTER)
def tools(organisation: str) -> str:
    """Own deployments, twenty at a time, by stage and standing."""
    by = actor()
    stage, standing = _chosen(Stage, "stage"), _chosen(Standing, "standing")
    after = request.args.get("after", type=int)
    after = after if after is not None and 0 < after < 2**31 else None
    rows = queries.deployments(by, stage=stage, standing=standing, after=after, limit=queries.PAGE + 1)
    return render_template(
        "register/tools.jinja",
        rows=rows[: queries.PAGE],
        more=rows[queries.PAGE - 1].id if len(rows) > queries.PAGE else None,
        heading=_heading(queries.how_many(by, stage=stage, standing=standing), bool(stage or standing)),
        stage=stage,
        standing=standing,
        after=after,
        stages=list(Stage),
        standings=list(Standing),
        # drawn once for each standing, not once for each row
        marks={each: draw.standing(each.value) for each in Standing},
        base=url_for("register.tools", organisation=by.organisation_code),
        may_propose=by.may(Permission.START_SUBMISSION),
    )


def _chosen(words: type[Word], name: str) -> Word | None:
    """A filter from the address; a word that is none counts as no filter."""
    return next((word for word in words if word.value == request.args.get(name)), None)


def _heading(found: int, filtered: bool) -> str:
    if found > queries.COUNTED:
        return f"More than {number(queries.COUNTED)} tools"
    if not found:
        return "No tools like this" if filtered else "No tools yet"
    return plural(found, "tool")
