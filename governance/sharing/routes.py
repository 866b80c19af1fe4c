"""The London register for every partner's people, and the edition for partners of decided packs.

These addresses name no organisation: whoever holds a role in one may open them, and they show the same to all.
"""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO
from typing import TypeVar

from flask import Blueprint, Response, render_template, request, send_file

from governance import clock
from governance.lifecycle import Stage, Standing
from governance.permissions import Permission
from governance.pictures import draw
from governance.policy import Tier
from governance.sharing import listing, presenters, queries
from governance.sharing.queries import Asked
from governance.web.access import actor, requires_somewhere
from governance.web.wording import number, plural

bp = Blueprint("sharing", __name__)

LONGEST = 100  # characters looked for
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Word = TypeVar("Word", bound=StrEnum)


@bp.route("/london/")
@requires_somewhere(Permission.READ_LONDON)
def london() -> str:
    """What every organisation on the register has, twenty at a time. The same number of queries, whatever there is."""
    on, given = clock.today(), asked()
    after = after_given()
    rows = queries.projections(given, on, after=after, limit=queries.PAGE + 1)
    return render_template(
        "sharing/london.jinja",
        rows=rows[: queries.PAGE],
        more=rows[queries.PAGE - 1].deployment_id if len(rows) > queries.PAGE else None,
        after=after,
        asked=given,
        query=query_of(given),
        heading=heading(queries.how_many(given, on), bool(query_of(given))),
        stages=[(each.value, each.label) for each in Stage],
        standings=[(each.value, each.label) for each in Standing],
        kinds=list(presenters.kinds().items()),
        tiers=[(each.value, each.value.capitalize()) for each in Tier],
        systems=[(each.code, presenters.system(each.name)) for each in queries.systems(on)],
        marks={each: draw.standing(each.value) for each in Standing},
        signals={each.deployment_id: presenters.signals(each) for each in rows if each.open_signals},
    )


@bp.route("/london/register.xlsx")
@requires_somewhere(Permission.READ_LONDON)
def workbook() -> Response:
    """The filtered list as a workbook."""
    found = queries.projections(asked(), clock.today(), limit=listing.MOST)
    data = listing.workbook(found, made_at=clock.now())
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name="london-register.xlsx")


@bp.route("/london/tools/<reference>")
@requires_somewhere(Permission.READ_LONDON)
def tool(reference: str) -> str:
    """What partners may see of one deployment."""
    by, seen = actor(), queries.projection(reference)
    own = queries.codes_of([seen.organisation_id])[seen.organisation_id] if seen.organisation_id in by.scope else ""
    return render_template("sharing/tool.jinja", it=presenters.tool_page(seen, by, own_code=own))


@bp.route("/london/packs/<int:pack_id>")
@requires_somewhere(Permission.READ_LONDON)
def pack(pack_id: int) -> str:
    """A decided pack in the edition for partners. Any other pack answers 404."""
    found = queries.decided(pack_id)
    seen = queries.of_deployment(found.submission.deployment_id or 0)
    return render_template(
        "sharing/pack.jinja",
        found=found,
        seen=seen,
        lines=presenters.pack_sections(found),
        agreed=presenters.agreed(found),
        facts=presenters.decision_facts(found),
    )


@bp.route("/london/packs/<int:pack_id>/<section>")
@requires_somewhere(Permission.READ_LONDON)
def section(pack_id: int, section: str) -> str:
    """One section of a decided pack in the edition for partners."""
    found = queries.decided(pack_id)
    here = queries.section(found, section)
    blocks, judged = presenters.section_blocks(here)
    return render_template("sharing/section.jinja", found=found, section=here, blocks=blocks, judged=judged)


def asked() -> Asked:
    """What is looked for, from the address; a word that is none counts as nothing."""
    tiers, kinds = [tier.value for tier in Tier], presenters.kinds()
    return Asked(
        text=_text("q"),
        organisation=_text("organisation"),
        system=_text("system")[:10].upper(),
        stage=_chosen(Stage, "stage"),
        standing=_chosen(Standing, "standing"),
        kind=_text("kind") if _text("kind") in kinds else "",
        tier=_text("tier") if _text("tier") in tiers else "",
        ceased=request.args.get("ceased") == "1",
    )


def query_of(given: Asked) -> dict[str, str]:
    """What is looked for as an address has it, without what is not asked."""
    said = {
        "q": given.text, "organisation": given.organisation, "system": given.system,
        "stage": given.stage.value if given.stage else "", "standing": given.standing.value if given.standing else "",
        "kind": given.kind, "tier": given.tier, "ceased": "1" if given.ceased else "",
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def heading(found: int, filtered: bool, what: str = "tool") -> str:
    """How many there are: the page's first line."""
    if found > queries.COUNTED:
        return f"More than {number(queries.COUNTED)} {what}s"
    if not found:
        return f"No {what}s like this" if filtered else f"No {what}s yet"
    return plural(found, what)


def after_given() -> int | None:
    """The last row shown before, from the address; anything odd counts as nothing."""
    found = request.args.get("after", type=int)
    return found if found is not None and 0 < found < 2**31 else None


def _text(name: str) -> str:
    return " ".join(request.args.get(name, "").split())[:LONGEST]


def _chosen(words: type[Word], name: str) -> Word | None:
    return next((word for word in words if word.value == request.args.get(name)), None)
