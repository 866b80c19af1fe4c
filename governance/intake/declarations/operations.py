"""Declaring what is in use already: the one way in for the page, for many at once and for the spreadsheet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance import canonical, clock
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Refused, refuse_if
from governance.identity import actors
from governance.identity import operations as identity
from governance.identity import queries as people
from governance.intake import operations as submissions
from governance.intake import queries as intake
from governance.intake.declarations import notices, queries, rules
from governance.intake.declarations.models import Declaration
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Actor, Permission
from governance.register import operations as register
from governance.register import queries as tools
from governance.register.models import Deployment, Tool


def declare(
    *,
    tool_name: str,
    manufacturer: str,
    version: str,
    kind: str,
    purpose: str,
    stage: str,
    in_use_since: str,
    direct_care: str,
    personal_data: str,
    by: Actor,
    at: datetime,
    supplier: str = "",
    use: str = "",
    earlier_approval: str = "",
    site_ids: Collection[int] = (),
    site_names: Sequence[str] = (),
    same_tool_id: int | None = None,
    differs: bool = False,
    import_id: int | None = None,
    import_row: int | None = None,
) -> Declaration:
    """Enter one tool in use in the actor's organisation, at its actual stage, standing declared. Nothing is back-dated.

    Sites are chosen by id, or named: a new name is a new site, and with neither the organisation's only site counts, or
    one of its own name where it has none. A tool of this name and manufacturer on the register is taken; one that looks
    like it must be chosen (`same_tool_id`) or said to be another (`differs`).
    Raises Refused with every reason (codes are names of `rules.FIELDS`, or `same_tool_id`), NotVisible for a foreign site.
    """
    by.must(Permission.DECLARE)
    on = clock.london_date(at)
    sites: list[int | str] = [*site_ids, *(name for name in site_names if name.strip())] or _only_site(by)
    given: dict[str, Any] = {
        "tool_name": tool_name, "manufacturer": manufacturer, "version": version, "kind": kind, "purpose": purpose,
        "stage": stage, "in_use_since": in_use_since, "direct_care": direct_care, "personal_data": personal_data,
        "supplier": supplier, "use": use, "earlier_approval": earlier_approval,
        "sites": sites,
    }  # fmt: skip
    # who has said which tool it is need not have it looked for
    alike = [] if same_tool_id or differs else _alike(tool_name, manufacturer)
    refuse_if(
        [
            *rules.declaration_blockers(given, on=on),
            *rules.alike_blockers(alike, same_tool_id=same_tool_id, differs=differs),
        ]
    )
    tool = _tool(given, same_tool_id, differs, by, at)
    use_case = register.register_use_case(
        name=use.strip() or rules.title_of(purpose), kind=tool.kind, setting="", pathway="", population="", by=by, at=at
    )
    assert by.organisation_id is not None
    refuse_if(
        rules.again_blockers(
            queries.in_use_already(organisation_id=by.organisation_id, tool_id=tool.id, use_case_id=use_case.id)
        )
    )
    due_on = queries.interim_due(on)
    deployment = register.declare_deployment(
        tool_version=register.register_version(tool=tool, version=version, by=by, at=at),
        supplier=register.register_supplier(name=supplier.strip() or manufacturer, by=by, at=at),
        use_case=use_case,
        purpose=purpose,
        stage=Stage(stage),
        submitted_by_id=intake.submitting_organisation(by),
        site_ids=_sites(sites, by, at),
        decide_by=due_on,
        by=by,
        at=at,
    )
    facts = {"kind": tool.kind, "direct_care": direct_care, "personal_data": personal_data}
    row = Declaration(
        organisation_id=by.organisation_id,
        deployment_id=deployment.id,
        stage=deployment.stage,
        in_use_since=in_use_since.strip(),
        facts=facts,
        earlier_approval=earlier_approval.strip(),
        import_id=import_id,
        import_row=import_row,
        interim_due_on=due_on,
        declared_by=by.person_id,
        declared_at=at,
    )
    row.digest = canonical.digest(content(row, deployment))
    db.session.add(row)
    db.session.flush()
    record(
        "declaration.made", stream=f"deployment:{deployment.id}", by=by, at=at, organisation_id=row.organisation_id,
        reference=deployment.reference, stage=row.stage.value, in_use_since=row.in_use_since, facts=facts,
        interim_due_on=due_on, digest=row.digest,
    )  # fmt: skip
    register.project(deployment=deployment, at=at)
    notices.declared(deployment=deployment, due_on=due_on, at=at)
    return row


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation of many: where, since when and how far along. Without sites, all its open ones."""

    code: str
    stage: str
    in_use_since: str
    site_ids: tuple[int, ...] = ()


def declare_for_many(*, places: Sequence[Place], by: Actor, at: datetime, **said: Any) -> list[Declaration]:
    """Declare one tool in several organisations that let this person act in them: all of them, or none.

    `said` is what is the same everywhere. Raises Refused with every reason of every organisation (codes are
    "code of the organisation:name of the field"), NotVisible where the person may not act.
    """
    if not places:
        raise Refused.because("Tick at least one organisation.", code="everywhere")
    made, blockers = [], []
    for place in places:
        assert by.person_id is not None
        there = actors.actor_for(by.person_id, place.code, at)
        sites = place.site_ids or [site.id for site in people.sites_of(there)]
        try:
            row = declare(
                **said, stage=place.stage, in_use_since=place.in_use_since, site_ids=sites, by=there, at=at
            )  # fmt: skip
        except Refused as refused:
            name = people.organisation_name(there.organisation_id or 0)
            blockers += [Blocker(f"{place.code}:{each.code}", f"{name}: {each.sentence}") for each in refused.blockers]
        else:
            made.append(row)
    refuse_if(blockers)
    return made


def start_re_assurance(*, deployment: Deployment, by: Actor, at: datetime) -> Submission:
    """Begin the re-assurance of a declared deployment at its stage, with all that was stated carried over.

    Raises Refused where a submission is open or it was never declared, Forbidden.
    """
    if queries.declaration(deployment) is None:
        raise Refused.because("This was proposed, not declared. Ask for the next step instead.", code="declaration")
    submission = submissions.start(deployment=deployment, by=by, at=at)
    asked = {
        "kind": SubmissionKind.RE_ASSURANCE.value, "stage": deployment.stage.value,
        "version": deployment.tool_version.version, "reason": "",
    }  # fmt: skip
    submissions.save_draft(submission=submission, page="ask", values=asked, version_id=submission.version_id, by=by, at=at)
    return submission


def content(row: Declaration, deployment: Deployment) -> dict[str, Any]:
    """What is decided upon, as its digest covers it: the declaration and what the register says of its tool."""
    return {
        "reference": deployment.reference,
        "tool": deployment.tool.name,
        "manufacturer": deployment.tool.manufacturer.name,
        "version": deployment.tool_version.version,
        "supplier": deployment.supplier.name,
        "use": deployment.use_case.name,
        "purpose": deployment.purpose,
        "stage": row.stage.value,
        "in_use_since": row.in_use_since,
        "facts": dict(row.facts),
        "earlier_approval": row.earlier_approval,
        "interim_due_on": row.interim_due_on,
    }


def _alike(name: str, manufacturer: str) -> list[rules.Alike]:
    return queries.alike(name, manufacturer) if name.strip() else []


def _tool(given: dict[str, Any], same_tool_id: int | None, differs: bool, by: Actor, at: datetime) -> Tool:
    """The tool chosen, the one of the same name and manufacturer, or a new one."""
    if same_tool_id is not None:
        return tools.tool(same_tool_id)
    alike = [] if differs else _alike(given["tool_name"], given["manufacturer"])
    exact = next((each for each in alike if each.exact), None)
    if exact is not None:
        return tools.tool(exact.tool_id)
    return register.register_tool(
        name=given["tool_name"], manufacturer=given["manufacturer"], kind=given["kind"], summary="", differs=differs,
        by=by, at=at,
    )  # fmt: skip


def _only_site(by: Actor) -> list[int | str]:
    """Where an organisation has one site it is that one; where it has none, the organisation itself is the site."""
    there = people.sites_of(by)
    if len(there) == 1:
        return [there[0].id]
    assert by.organisation_id is not None
    return [] if there else [people.organisation_name(by.organisation_id)]


def _sites(chosen: Sequence[int | str], by: Actor, at: datetime) -> list[int]:
    """Ids of the sites chosen or named. A name that is there already is taken, another is added."""
    there = {site.name.casefold(): site.id for site in people.sites_of(by)}
    found = []
    for each in chosen:
        if isinstance(each, str):
            name = " ".join(each.split())
            if name.casefold() not in there:
                site = identity.add_site(name=name[:200], by=by, at=at)
                db.session.flush()
                there[name.casefold()] = site.id
            found.append(there[name.casefold()])
        else:
            found.append(each)
    return sorted(set(found))
