"""Suspensions as pages show them: the banner, what is left to confirm, who comes next, and what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from governance.lifecycle import Standing
from governance.monitoring.suspensions import queries, resuming, rules
from governance.monitoring.suspensions.models import Suspension
from governance.monitoring.suspensions.queries import Asked, SiteState
from governance.permissions import Actor, Permission, Role
from governance.register import slots
from governance.register.models import Deployment
from governance.signing.models import SignOff
from governance.web.wording import listed, long_date, moment, plural


@dataclass(frozen=True, slots=True)
class Banner:
    """What everybody sees first on the page of a suspended tool."""

    fallback: str
    since: str
    by: str
    reason: str
    stopped: str
    next: str
    href: str


@dataclass(frozen=True, slots=True)
class Record:
    """One suspension with all that belongs to it."""

    began: str
    ended: str
    reason: str
    fallback: str
    sites: tuple[SiteState, ...]
    signatures: tuple[SignOff, ...]


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request as a page lists it."""

    title: str
    about: str
    reason: str
    state: str
    tone: str
    answer: str
    href: str


def init() -> None:
    """Hand the page of a deployment its banner, its requests, and what may be done about suspending."""
    slots.banners.append(draw_banner)
    slots.panels.append(draw_requests)
    slots.actions.append(actions)


def draw_banner(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """The fallback for staff first. Nothing while it is not suspended."""
    it = banner(deployment, by)
    if it is None:
        return None
    return Markup(render_template("suspensions/_banner.jinja", it=it))  # noqa: S704  it escapes


def banner(deployment: Deployment, by: Actor) -> Banner | None:
    """What stands at the head of the page of a suspended tool."""
    row = queries.current(deployment) if deployment.standing is Standing.SUSPENDED else None
    if row is None:
        return None
    signed = queries.signatures(row)
    who = next((f"{each.person_name}, {each.role.title}" for each in signed), Role(row.role).title)
    return Banner(
        fallback=row.fallback,
        since=moment(row.suspended_at),
        by=who,
        reason=row.reason,
        stopped=stopped(queries.sites(deployment, row)),
        next=next_step(deployment, row),
        href=url_for("suspensions.suspensions", organisation=by.organisation_code, reference=deployment.reference),
    )


def stopped(sites: Sequence[SiteState]) -> str:
    """At how many sites use is confirmed stopped, and where not."""
    left = [site.name for site in sites if site.at is None]
    if not left:
        return "Use is confirmed stopped at all sites." if len(sites) > 1 else f"Use is confirmed stopped: {sites[0].name}."
    return f"Not confirmed yet that use has stopped: {listed(left)}."


def next_step(deployment: Deployment, row: Suspension) -> str:
    """Who comes next on the way to resuming."""
    now = queries.resumption(deployment, row)
    if now.stands and not rules.log_blockers(direct_care=now.direct_care, began=row.suspended_at, log=now.log):
        return f"To resume: the {resuming.authoriser(deployment).title} decides. The clinical safety officer has signed."
    if rules.log_blockers(direct_care=now.direct_care, began=row.suspended_at, log=now.log):
        return "To resume: the hazard log is updated and its version approved, then the clinical safety officer signs."
    return "To resume: the clinical safety officer signs first."


def draw_requests(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """What others asked, on the page of the deployment."""
    lines = [request_line(each, by, own=True) for each in queries.requests_about(deployment)]
    if not lines:
        return None
    return Markup(render_template("suspensions/_requests.jinja", lines=lines))  # noqa: S704  it escapes


def request_line(each: Asked, by: Actor, *, own: bool) -> RequestLine:
    """One request. `own`: it is this organisation that answers."""
    row = each.row
    state, tone = {
        "open": ("To be answered" if own else "Awaiting an answer", "amber"),
        "suspended": ("Suspended", "stop"),
        "declined": ("Not suspended", ""),
    }[row.status]
    href = ""
    if own and row.status == "open" and by.may(Permission.SUSPEND, deployment_id=row.deployment_id):
        href = url_for(
            "suspensions.request_to_suspend", organisation=by.organisation_code, reference=each.reference, request_id=row.id
        )
    return RequestLine(
        title=f"{each.asking} asks to suspend it",
        about=f"{each.asked_by}, {Role(row.asked_role).title}, {moment(row.asked_at)}",
        reason=row.reason,
        state=state,
        tone=tone,
        answer=f"{long_date(row.answered_at)}: {row.answer}" if row.answered_at else "",
        href=href,
    )


def actions(deployment: Deployment, by: Actor, on: date) -> tuple[slots.Action, ...]:
    """Suspend; or confirm and resume, for those whose turn it is."""
    if deployment.organisation_id != by.organisation_id:
        return ()
    here: dict[str, Any] = {"organisation": by.organisation_code, "reference": deployment.reference}
    row = queries.current(deployment) if deployment.standing is Standing.SUSPENDED else None
    found = []
    if row is None:
        if deployment.standing in rules.IN_USE and by.may(Permission.SUSPEND, deployment_id=deployment.id):
            found.append(slots.Action("Suspend", url_for("suspensions.suspend", **here), stop=True))
        return tuple(found)
    if queries.awaited(deployment, row) and by.may(Permission.CONFIRM_STOPPED, deployment_id=deployment.id):
        found.append(slots.Action("Confirm that use has stopped", url_for("suspensions.stopped", **here), main=True))
    if resuming_role(deployment, row, by) is not None:
        found.append(slots.Action("Resume its use", url_for("suspensions.resume", **here)))
    return tuple(found)


def resuming_role(deployment: Deployment, row: Suspension, by: Actor) -> Role | None:
    """In which role this person signs for resuming now: the officer until they signed what there is, then the authoriser."""
    last = resuming.authoriser(deployment)
    stands = queries.resumption(deployment, row).stands
    for role in (last, Role.CSO) if stands else (Role.CSO, last):
        if by.holds(role, deployment.id) and not (role is Role.CSO and stands):
            return role
    return None


def records(deployment: Deployment) -> tuple[Record, ...]:
    """Every suspension of a deployment, the newest first."""
    return tuple(
        Record(
            began=moment(row.suspended_at),
            ended=moment(row.resumed_at),
            reason=row.reason,
            fallback=row.fallback,
            sites=queries.sites(deployment, row),
            signatures=tuple(queries.signatures(row)),
        )
        for row in queries.all_of(deployment)
    )


def heading(found: Sequence[Record]) -> str:
    """The first line of the page of suspensions."""
    if not found:
        return "Never suspended"
    if not found[0].ended:
        return f"Suspended since {found[0].began}"
    return f"Suspended {plural(len(found), 'time')}, in use again"


def how_long(since: datetime, on: date) -> str:
    """`since today`, `for 3 days`."""
    days = rules.days_gone(since, on)
    return f"for {plural(days, 'day')}" if days else "since today"
