"""A deployment as pages show it: ladder, standing strip, who answers for it, history, and what partners see.

Plain frozen values; a later room puts them together on the deployment's page with what is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from governance.clock import london_date, today
from governance.database import db
from governance.identity import queries as identity
from governance.identity.models import Person
from governance.lifecycle import STANDING_ARROWS, Stage, Standing
from governance.permissions import Role
from governance.pictures.ladder import Station
from governance.register import queries
from governance.register.models import Deployment, DeploymentChange, GoLive, Projection
from governance.web.wording import listed, long_date, plural

ANSWERING = (Role.CSO, Role.CLINICAL_LEAD, Role.SRO)


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value, for a list of facts."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of history: the day, what happened, and by whom or why."""

    on: date
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The stage that an open submission asks for, since when."""

    stage: Stage
    on: date


def title(deployment: Deployment) -> str:
    """`Chestwise Triage at Riverside Teaching Hospitals`."""
    return f"{deployment.tool.name} at {deployment.organisation.name}"


def caption(deployment: Deployment, route: str = "") -> str:
    """The line above the title: reference, supplier, tier and route."""
    tier = f"{deployment.tier} tier" if deployment.tier else "no tier"
    parts = [deployment.reference, f"supplier {deployment.supplier.name}", f"{tier}, {route}" if route else tier]
    return " · ".join(parts)


def ladder(
    deployment: Deployment, history: Sequence[DeploymentChange], asked: Asked | None = None
) -> tuple[Station, ...]:
    """The five stations. A stage that was skipped says so; the one asked for says since when."""
    reached = _reached(history)
    return tuple(_station(stage, deployment, reached, asked) for stage in Stage)


def _reached(history: Iterable[DeploymentChange]) -> dict[Stage, date]:
    """The day each stage was first come to; declared stages count from when they were declared."""
    found: dict[Stage, date] = {}
    for change in history:
        if change.stage_to != change.stage_from:
            found.setdefault(change.stage_to, london_date(change.at))
    return found


def _station(stage: Stage, deployment: Deployment, reached: dict[Stage, date], asked: Asked | None) -> Station:
    if stage is deployment.stage:
        return Station(stage.label, "now", f"since {long_date(deployment.stage_since)}")
    if asked is not None and stage is asked.stage:
        return Station(stage.label, "asked", f"asked for on {asked.on.day} {long_date(asked.on).split(' ')[1]}")
    if stage.position > deployment.stage.position:
        skipped = asked is not None and stage.position < asked.stage.position
        return Station(stage.label, "not_used" if skipped else "ahead", "not used" if skipped else "")
    if stage in reached:
        return Station(stage.label, "passed", long_date(reached[stage]))
    return Station(stage.label, "not_used", "not used")


def strip(deployment: Deployment, *, conditions: int = 0, open_conditions: int = 0) -> tuple[tuple[str, str], ...]:
    """The four cells beside the standing: approved for, until, conditions, next review."""
    version = deployment.approved_version
    approved = (
        f"{deployment.approved_stage.label}, version {version.version}"
        if deployment.approved_stage and version
        else "Not yet"
    )
    still = f", {open_conditions} still open" if open_conditions else ", all met" if conditions else ""
    return (
        ("Approved for", approved),
        ("Until", long_date(deployment.approved_until) or "–"),
        ("Conditions", f"{conditions}{still}" if conditions else "None"),
        ("Next review", _review(deployment.next_review_on)),
    )


def _review(due: date | None) -> str:
    if due is None:
        return "–"
    return f"due since {long_date(due)}" if due < today() else long_date(due)


def who_answers(deployment: Deployment, on: date) -> tuple[Fact, ...]:
    """Who submitted it, who is data controller, who holds the roles that answer for it, and where it runs."""
    facts = [Fact("Submitted by", deployment.submitted_by.name), Fact("Controller", deployment.controller.name)]
    for role in ANSWERING:
        people = identity.holders(deployment.organisation_id, role, on, deployment_id=deployment.id)
        facts.append(Fact(role.heading, listed(person.name for person in people) if people else "Nobody appointed yet"))
    facts.append(Fact("Supplier", deployment.supplier.name))
    facts.append(Fact("Sites", listed(site.name for site in deployment.sites) if deployment.sites else "None recorded"))
    return tuple(facts)


def went_live(row: GoLive | None) -> tuple[Fact, ...]:
    """The go-live record as facts; nothing where there is none."""
    if row is None:
        return ()
    return (
        Fact("Went live", long_date(row.went_live_on)),
        Fact("Where", row.sites),
        Fact("Staff trained", f"{row.share_trained} per cent"),
    )


def happenings(history: Sequence[DeploymentChange]) -> tuple[Happening, ...]:
    """History in sentences, the latest first."""
    ids = {change.by_person_id for change in history if change.by_person_id}
    names = {row.id: row.name for row in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))} if ids else {}
    return tuple(_happening(change, names) for change in reversed(history))


def _happening(change: DeploymentChange, names: dict[int, str]) -> Happening:
    moved = change.stage_from is not None and change.stage_to != change.stage_from
    if change.arrow == "propose":
        what = "Proposed: it entered the register in Pipeline"
    elif change.arrow == "take_effect":
        back = change.stage_from is not None and change.stage_to.position < change.stage_from.position
        how = "Stepped back to" if back else "Moved to" if moved else "Assured at"
        what = f"{how} {change.stage_to.label}{', assured' if moved else ''}"
    else:
        done, now = STANDING_ARROWS[change.arrow].done.capitalize(), change.standing_to.label
        stage = change.stage_to.label
        what = f"{done} at {stage}" if done == now else f"{done}: {now.lower()} at {stage}"
    who = names.get(change.by_person_id or 0, "The system")
    return Happening(london_date(change.at), what, f"{who}. {change.reason}" if change.reason else who)


def use_in_words(seen: Projection) -> str:
    """`In use at Riverside Teaching Hospitals: Pilot, assured`, as a partner may read it."""
    where = f"{seen.organisation_name}: {seen.stage.label}"
    if seen.standing is Standing.PROPOSED:
        return f"Proposed at {where}"
    if seen.standing is Standing.CEASED:
        return f"Ceased at {where}"
    return f"In use at {where}, {seen.standing.label.lower()}"


def uses_in_words(uses: Sequence[Projection], most: int = 3) -> str:
    """The first few uses of a tool, and how many more there are."""
    if not uses:
        return "On the register. Nobody has proposed it yet."
    said = [use_in_words(each) for each in uses[:most]]
    more = len(uses) - most
    return ". ".join([*said, *([f"And {more} more"] if more > 0 else [])]) + "."


def partners_see(seen: Projection | None) -> tuple[str, ...]:
    """What the projection shows of a deployment, in sentences."""
    if seen is None:
        return ()
    ends = f" until {long_date(seen.approved_until)}" if seen.approved_until else ""
    until = ends if seen.standing is Standing.ASSURED else f", approved{ends}" if ends else ""
    return (
        f"{seen.tool_name} by {seen.manufacturer_name}, version {seen.version}",
        f"For: {seen.use_case}",
        f"{seen.stage.label}, {seen.standing.label.lower()}{until}",
        f"{plural(seen.open_conditions, 'open condition')}" if seen.open_conditions else "No open conditions",
    )


def elsewhere(deployment: Deployment) -> tuple[str, ...]:
    """Other organisations' use of the same tool, in sentences."""
    return tuple(use_in_words(each) for each in queries.elsewhere(deployment))
