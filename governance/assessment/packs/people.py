"""Who answered a section, and who holds a role now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from governance.assessment.hazards import queries as hazards
from governance.assessment.packs.asked import Asked
from governance.assessment.packs.matter import Live
from governance.assessment.plans import queries as plans
from governance.assessment.plans.models import MonitoringPlan, RiskPlan
from governance.database import db
from governance.identity import queries as identity
from governance.identity.models import Appointment, Membership, Person
from governance.permissions import Role, RoleKind
from governance.policy.schema import Form


def answered(section: str, asked: Asked, live: Live) -> frozenset[int]:
    """Ids of everyone whose answers, document, plan or hazards a section holds: none of them judges it."""
    people: set[int] = set()
    for view in live.sheets.values():
        people |= {
            answer.answered_by
            for code, answer in view.answers.items()
            if answer.answered_by is not None
            and code in view.states
            and view.question_set.section_of[code].pack_section == section
        }
    for requirement in asked.filling(section):
        row = requirement.question_set
        if requirement.form is Form.DOCUMENT and row in live.documents:
            people.add(live.documents[row].added_by)
        elif requirement.form is Form.HAZARDS:
            people |= hazards.authors(asked.deployment)
        elif requirement.form is Form.PLAN:
            people |= plans.writers(RiskPlan if row == "risk_plan" else MonitoringPlan, asked.deployment)
    for extra in live.extras:
        if extra.section == section:
            people |= extra.authors
    return frozenset(people)


def holders(organisation_id: int, roles: Iterable[Role], on: date, deployment_id: int) -> dict[Role, tuple[str, ...]]:
    """Names of who holds each of several roles for a deployment on a day, in a fixed number of queries."""
    wanted = sorted(set(roles))
    found: dict[Role, set[str]] = {role: set() for role in wanted}
    lent = identity.agreements_for(organisation_id, on)
    places = {organisation_id: set(wanted)} | {row.acting_id: set(wanted) & set(row.roles) for row in lent}
    for place, role, name, for_deployment in _held(tuple(places), wanted, on):
        counts = for_deployment == deployment_id if for_deployment is not None else role.kind is not RoleKind.PER_DEPLOYMENT
        if role in places[place] and counts:
            found[role].add(name)
    return {role: tuple(sorted(names)) for role, names in found.items()}


def _held(places: tuple[int, ...], roles: list[Role], on: date) -> list[tuple[int, Role, str, int | None]]:
    member = sa.select(Membership.organisation_id, Membership.role, Person.name, sa.null().label("deployment_id")).join(
        Person, Person.id == Membership.person_id
    )
    member = member.where(
        Membership.organisation_id.in_(places),
        Membership.role.in_(roles),
        Membership.started_on <= on,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on > on),
    )
    appointed = sa.select(Appointment.organisation_id, Appointment.role, Person.name, Appointment.deployment_id).join(
        Person, Person.id == Appointment.person_id
    )
    appointed = appointed.where(
        Appointment.organisation_id.in_(places),
        Appointment.role.in_(roles),
        Appointment.starts_on <= on,
        Appointment.ends_on >= on,
        sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on > on),
    )
    rows = [*db.session.execute(member), *db.session.execute(appointed)]
    return [(place, role, name, deployment) for place, role, name, deployment in rows]
