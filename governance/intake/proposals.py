"""What proposing a draft makes of it: the register entry, and the triage row with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from governance.database import db
from governance.errors import Refused
from governance.identity import operations as identity
from governance.identity import queries as people
from governance.intake import queries, rules
from governance.intake.models import Submission, Triage
from governance.permissions import Actor
from governance.policy import Tier
from governance.policy.rules import TierResult
from governance.register import operations as register
from governance.register import queries as register_queries
from governance.register.models import Deployment, Tool

FIRST_OF_KIND = (
    "It is the first of its kind here: nobody in the integrated care system has this tool assured for this use."
    " The AI coordination and advisory lead advises."
)


def entered(submission: Submission, *, by: Actor, at: datetime) -> Deployment:
    """The deployment a complete draft is about: the one it has, or a new entry in the register.

    The tool version of the submission is set too; what was picked as the same, or why it differs, is kept in words.
    """
    draft = submission.draft
    if submission.deployment is not None:
        deployment = submission.deployment
        submission.tool_version = register.register_version(
            tool=deployment.tool, version=str(rules.values(draft, "ask")["version"]), by=by, at=at
        )
        return deployment
    typed, where = rules.values(draft, "tool"), rules.values(draft, "where")
    tool, submission.same_as = _tool(draft, by=by, at=at)
    submission.tool_version = register.register_version(tool=tool, version=str(typed["version"]), by=by, at=at)
    use_case = rules.values(draft, "use_case")
    return register.propose_deployment(
        tool=tool,
        tool_version=submission.tool_version,
        supplier=register.register_supplier(name=str(typed["supplier"]), by=by, at=at),
        use_case=register.register_use_case(
            name=str(use_case["name"]),
            kind=tool.kind,
            setting=str(use_case.get("setting") or ""),
            pathway=str(use_case.get("pathway") or ""),
            population=str(use_case.get("population") or ""),
            by=by,
            at=at,
        ),
        purpose=str(use_case["purpose"]),
        controller_id=_controller(where, by),
        submitted_by_id=queries.submitting_organisation(by),
        site_ids=_sites(where, by=by, at=at),
        by=by,
        at=at,
    )


def _tool(draft: rules.Draft, *, by: Actor, at: datetime) -> tuple[Tool, str]:
    typed, same = rules.values(draft, "tool"), rules.values(draft, "same")
    if same["choice"] not in (rules.DIFFERS, rules.NO_MATCH):
        tool = register_queries.tool(int(same["choice"]))
        return tool, f"The same as {tool.name} by {tool.manufacturer.name}."
    tool = register.register_tool(
        name=str(typed["name"]),
        manufacturer=str(typed["manufacturer"]),
        kind=str(typed["kind"]),
        summary=str(typed.get("summary") or ""),
        differs=same["choice"] == rules.DIFFERS,
        by=by,
        at=at,
    )
    return tool, str(same.get("why") or "")


def controllers(by: Actor, on: Any) -> dict[int, str]:
    """Organisations that may be named as data controller: the deploying one first, then those of its system."""
    assert by.organisation_id is not None
    ids = people.system_of(by.organisation_id, on) | {queries.submitting_organisation(by)}
    others = sorted((people.organisation(each) for each in ids if each != by.organisation_id), key=lambda row: row.name)
    return {row.id: row.name for row in (people.organisation(by.organisation_id), *others) if row.ended_on is None}


def _controller(where: Mapping[str, Any], by: Actor) -> int:
    chosen = int(where["controller_id"])
    if chosen not in controllers(by, by.on):
        raise Refused.because("Choose a data controller from the list.", code="where.controller_id")
    return chosen


def _sites(where: Mapping[str, Any], *, by: Actor, at: datetime) -> list[int]:
    """The sites chosen, and the one added. A site of that name that is there already is taken instead."""
    ids = [int(each) for each in where.get("site_ids", ())]
    new = str(where.get("new_site") or "").strip()
    if new:
        there = {site.name.casefold(): site.id for site in people.sites_of(by)}
        found = there.get(new.casefold())
        ids.append(found if found is not None else _added(new, by, at))
    return sorted(set(ids))


def _added(name: str, by: Actor, at: datetime) -> int:
    site = identity.add_site(name=name, by=by, at=at)
    db.session.flush()
    return site.id


def pinned_first_of_kind(first: bool, tier: Tier | None) -> list[list[str]]:
    """The reason that keeps for ever that this was the first of its kind when it was proposed."""
    return [[queries.FIRST_OF_KIND, FIRST_OF_KIND]] if first and tier is not None else []


def recorded_triage(
    submission: Submission,
    facts: Mapping[str, str],
    result: TierResult,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    extra: list[list[str]] | None = None,
) -> Triage:
    """A triage row: the facts, the tier they give, and every rule that fired."""
    return Triage(
        organisation_id=submission.organisation_id,
        submission_id=submission.id,
        facts=dict(facts),
        tier=result.tier,
        route=result.route,
        reasons=[[each.code, each.sentence] for each in result.reasons] + (extra or []),
        reason=reason.strip(),
        recorded_by=by.person_id,
        recorded_at=at,
    )
