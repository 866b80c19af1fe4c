"""What changes the register: shared rows, deployments, and the projection that every change rewrites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from governance import clock
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import NotVisible, Refused, refuse_if
from governance.identity.models import Person, Site
from governance.lifecycle import STANDING_ARROWS, Stage, Standing, standing_arrow
from governance.permissions import Actor, Permission
from governance.register import queries, rules
from governance.register.matching import name_key, plain_version
from governance.register.models import (
    Deployment,
    DeploymentChange,
    DeploymentSite,
    GoLive,
    Manufacturer,
    Projection,
    ReferenceCounter,
    Supplier,
    Tool,
    ToolVersion,
    UseCase,
)
from governance.register.projections import project, projected

__all__ = ["project", "projected"]  # others come to the projection here


@dataclass(frozen=True, slots=True)
class Approved:
    """What an authorisation approved: the stage and version, until when, on which pack, at which tier."""

    stage: Stage
    tool_version_id: int
    until: date | None
    pack_id: int | None
    tier: str | None
    next_review_on: date | None = None


def stream_of(deployment: Deployment) -> str:
    """The stream of a deployment."""
    return f"deployment:{deployment.id}"


def register_tool(
    *, name: str, manufacturer: str, kind: str, summary: str, by: Actor, at: datetime, differs: bool = False
) -> Tool:
    """The tool of this name by this manufacturer, registered now if there is none.

    `differs` registers a new one even where the names agree: a person looked and said why it is another.
    """
    one_at_a_time("register:tool")
    key, maker_key = name_key(name), name_key(manufacturer)
    maker = db.session.scalar(
        sa.select(Manufacturer).where(Manufacturer.name_key == maker_key).order_by(Manufacturer.id)
    )
    if maker is None:
        maker = Manufacturer(**_shared(manufacturer, by, at))
        db.session.add(maker)
        db.session.flush()
    elif not differs:
        same = sa.select(Tool).where(Tool.name_key == key, Tool.manufacturer_id == maker.id).order_by(Tool.id)
        if (found := db.session.scalar(same)) is not None:
            return found
    tool = Tool(manufacturer=maker, kind=kind, summary=summary.strip(), **_shared(name, by, at))
    db.session.add(tool)
    db.session.flush()
    record("tool.registered", stream=f"tool:{tool.id}", by=by, at=at, name=tool.name, manufacturer=maker.name)
    return tool


def register_version(*, tool: Tool, version: str, by: Actor, at: datetime) -> ToolVersion:
    """The release of a tool, registered now if it is new. “v2.3” and “2.3” are one."""
    one_at_a_time(f"register:tool:{tool.id}")
    wanted = plain_version(version)
    for found in db.session.scalars(sa.select(ToolVersion).where(ToolVersion.tool_id == tool.id)):
        if plain_version(found.version) == wanted:
            return found
    row = ToolVersion(tool=tool, version=version.strip(), registered_by_id=by.organisation_id, registered_at=at)
    db.session.add(row)
    record("tool_version.registered", stream=f"tool:{tool.id}", by=by, at=at, version=row.version)
    return row


def register_supplier(*, name: str, by: Actor, at: datetime) -> Supplier:
    """The supplier of this name, registered now if there is none."""
    one_at_a_time("register:supplier")
    query = sa.select(Supplier).where(Supplier.name_key == name_key(name)).order_by(Supplier.id)
    if (found := db.session.scalar(query)) is not None:
        return found
    row = Supplier(**_shared(name, by, at))
    db.session.add(row)
    record("supplier.registered", stream=f"organisation:{by.organisation_id}", by=by, at=at, name=row.name)
    return row


def register_use_case(
    *, name: str, kind: str, setting: str, pathway: str, population: str, by: Actor, at: datetime
) -> UseCase:
    """The use case that says the same in each of its five parts, registered now if there is none."""
    one_at_a_time("register:use_case")
    found = queries.use_case(name=name, kind=kind, setting=setting, pathway=pathway, population=population)
    if found is not None:
        return found
    row = UseCase(
        kind=kind,
        setting=setting.strip(),
        pathway=pathway.strip(),
        population=population.strip(),
        **_shared(name, by, at),
    )
    db.session.add(row)
    record("use_case.registered", stream=f"organisation:{by.organisation_id}", by=by, at=at, name=row.name)
    return row


def correct_tool(*, tool: Tool, name: str, kind: str, summary: str, by: Actor, at: datetime) -> None:
    """Correct what the register says of a tool. Only the organisation that registered it may. Raises Refused."""
    by.must(Permission.EDIT_REGISTER)
    refuse_if(rules.correction_blockers(registered_by_id=tool.registered_by_id, organisation_id=by.organisation_id))
    before = tool.name
    tool.name, tool.name_key, tool.kind, tool.summary = name.strip(), name_key(name), kind, summary.strip()
    record("tool.corrected", stream=f"tool:{tool.id}", by=by, at=at, name=tool.name, before=before)
    for seen in db.session.scalars(sa.select(Projection).where(Projection.tool_id == tool.id)):
        seen.tool_name, seen.kind, seen.updated_at = tool.name, kind, at


def propose_deployment(
    *,
    tool: Tool,
    tool_version: ToolVersion,
    supplier: Supplier,
    use_case: UseCase,
    purpose: str,
    controller_id: int,
    submitted_by_id: int,
    site_ids: list[int],
    by: Actor,
    at: datetime,
) -> Deployment:
    """Enter a deployment of the actor's organisation in the register: Pipeline, proposed, with the next reference."""
    by.must(Permission.PROPOSE)
    row = Deployment(
        organisation_id=by.organisation_id,
        reference=_next_reference(by, clock.london_date(at).year),
        tool=tool,
        tool_version=tool_version,
        supplier=supplier,
        use_case=use_case,
        purpose=purpose.strip(),
        controller_id=controller_id,
        submitted_by_id=submitted_by_id,
    )
    move(deployment=row, arrow="propose", stage=Stage.PIPELINE, by=by, at=at)
    add_sites(deployment=row, site_ids=site_ids, by=by, at=at)
    return row


def declare_deployment(
    *,
    tool_version: ToolVersion,
    supplier: Supplier,
    use_case: UseCase,
    purpose: str,
    stage: Stage,
    submitted_by_id: int,
    site_ids: list[int],
    decide_by: date,
    by: Actor,
    at: datetime,
) -> Deployment:
    """Enter what is in use already, at its actual stage, standing declared. Its stage counts from today: nothing is back-dated.

    `decide_by` is the day an interim decision is due. The deploying organisation is taken as data controller.
    """
    by.must(Permission.DECLARE)
    row = Deployment(
        organisation_id=by.organisation_id,
        reference=_next_reference(by, clock.london_date(at).year),
        tool=tool_version.tool,
        tool_version=tool_version,
        supplier=supplier,
        use_case=use_case,
        purpose=purpose.strip(),
        controller_id=by.organisation_id,
        submitted_by_id=submitted_by_id,
    )
    move(deployment=row, arrow="declare", stage=stage, decision_needed_by=decide_by, by=by, at=at)
    add_sites(deployment=row, site_ids=site_ids, by=by, at=at)
    return row


def add_sites(*, deployment: Deployment, site_ids: list[int], by: Actor, at: datetime) -> None:
    """Add own sites to a deployment. Raises NotVisible for a site of another organisation."""
    query = sa.select(Site).where(Site.id.in_(site_ids), Site.organisation_id == deployment.organisation_id)
    sites = db.session.scalars(query.order_by(Site.name)).all()
    if len(sites) != len(set(site_ids)):
        raise NotVisible()
    there = set(
        db.session.scalars(sa.select(DeploymentSite.site_id).where(DeploymentSite.deployment_id == deployment.id))
    )
    new = [site for site in sites if site.id not in there]
    for site in new:
        db.session.add(
            DeploymentSite(
                organisation_id=deployment.organisation_id, deployment_id=deployment.id, site_id=site.id, name=site.name
            )
        )
    if new:
        names = [site.name for site in new]
        record("deployment.sites_added", stream=stream_of(deployment), by=by, at=at, sites=names)
        project(deployment=deployment, at=at)


def move(
    *,
    deployment: Deployment,
    arrow: str,
    by: Actor,
    at: datetime,
    stage: Stage | None = None,
    reason: str = "",
    submission_id: int | None = None,
    approved: Approved | None = None,
    decision_needed_by: date | None = None,
) -> DeploymentChange:
    """Take one arrow of the standing table: the only writer of stage and standing. Raises Refused.

    `stage` is the one it goes to, where it changes; `approved` comes with `take_effect`. The caller checks who may.
    """
    today, row = clock.london_date(at), STANDING_ARROWS[arrow]
    if row.reason_needed and not reason.strip():
        raise Refused.because("Give a reason.", code="reason")
    stage_from, standing_from = deployment.stage, deployment.standing
    ended = deployment.approved_until is not None and deployment.approved_until < today
    standing = standing_arrow(standing_from, arrow, before=deployment.standing_before, ended_meanwhile=ended)
    deployment.standing_before = standing_from if arrow == "suspend" else None
    if standing != standing_from:
        deployment.standing, deployment.standing_since = standing, today
    if stage is not None and stage != stage_from:
        deployment.stage, deployment.stage_since = stage, today
    if approved is not None:
        _approve(deployment, approved, today)
    if decision_needed_by is not None or arrow in ("take_effect", "cease"):
        deployment.decision_needed_by = decision_needed_by
    db.session.add(deployment)
    db.session.flush()
    change = DeploymentChange(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        at=at,
        by_person_id=by.person_id,
        arrow=arrow,
        stage_from=stage_from,
        stage_to=deployment.stage,
        standing_from=standing_from,
        standing_to=standing,
        reason=reason.strip(),
        submission_id=submission_id,
    )
    db.session.add(change)
    record(
        f"deployment.{row.done}", stream=stream_of(deployment), by=by, at=at,
        organisation_id=deployment.organisation_id,
        reference=deployment.reference, stage=deployment.stage.value, standing=standing.value, reason=reason.strip(),
    )  # fmt: skip
    project(deployment=deployment, at=at)
    return change


def note_decision_due(*, deployment: Deployment, on: date | None, at: datetime) -> None:
    """The day by which the next decision about a deployment is needed; None: no longer. The caller records the event."""
    deployment.decision_needed_by = on
    project(deployment=deployment, at=at)


def note_tier(*, deployment: Deployment, tier: str | None) -> None:
    """Let a deployment that nobody has approved yet show its submission’s tier. The caller records the event and projects."""
    if deployment.standing in (Standing.PROPOSED, Standing.DECLARED) and deployment.approved_stage is None:
        deployment.tier = tier


def record_go_live(
    *,
    deployment: Deployment,
    went_live_on: date,
    tool_version: ToolVersion,
    sites: str,
    share_trained: int,
    confirmed_by: Person,
    by: Actor,
    at: datetime,
) -> GoLive:
    """Record that a deployment went live: when, which version, where, how many are trained. Raises Refused."""
    by.must(Permission.RECORD_GO_LIVE, deployment_id=deployment.id)
    today = clock.london_date(at)
    refuse_if(rules.go_live_blockers(went_live_on=went_live_on, sites=sites, share_trained=share_trained, today=today))
    if tool_version.tool_id != deployment.tool_id:
        raise NotVisible()
    row = GoLive(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        went_live_on=went_live_on,
        tool_version_id=tool_version.id,
        sites=sites.strip(),
        share_trained=share_trained,
        confirmed_by=confirmed_by.id,
        recorded_at=at,
    )
    db.session.add(row)
    record(
        "deployment.gone_live", stream=stream_of(deployment), by=by, at=at, organisation_id=deployment.organisation_id,
        went_live_on=went_live_on, version=tool_version.version, share_trained=share_trained,
    )  # fmt: skip
    project(deployment=deployment, at=at)
    return row


def _approve(deployment: Deployment, approved: Approved, today: date) -> None:
    deployment.approved_stage = approved.stage
    deployment.approved_version_id = approved.tool_version_id
    deployment.tool_version_id = approved.tool_version_id
    deployment.approved_from = today
    deployment.approved_until = approved.until
    deployment.approved_pack_id = approved.pack_id
    deployment.next_review_on = approved.next_review_on
    deployment.tier = approved.tier
    # the relationships that name the version follow their columns
    db.session.flush()
    db.session.expire(deployment, ["approved_version", "tool_version"])


def _next_reference(by: Actor, year: int) -> str:
    """The organisation's next reference of a year. Its row is locked: no number is given twice or left out."""
    assert by.organisation_id is not None
    one_at_a_time(f"reference:{by.organisation_id}:{year}")
    key = {"organisation_id": by.organisation_id, "year": year}
    counter = db.session.get(ReferenceCounter, key, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = ReferenceCounter(**key, last=0)
        db.session.add(counter)
    counter.last += 1
    return rules.reference(by.organisation_code, year, counter.last)


def _shared(name: str, by: Actor, at: datetime) -> dict[str, object]:
    name = " ".join(name.split())
    return {"name": name, "name_key": name_key(name), "registered_by_id": by.organisation_id, "registered_at": at}
