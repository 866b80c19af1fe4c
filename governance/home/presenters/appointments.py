"""“My appointments”: what a person holds in every organisation, under what and until when, and who acts for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for

from governance.database import db
from governance.identity import delegations, queries
from governance.identity import held as words
from governance.identity.delegations import Acting
from governance.identity.models import Agreement, Appointment, Organisation
from governance.permissions import Actor, Held
from governance.policy import policy
from governance.register.models import Deployment, Tool
from governance.web.wording import long_date, plural


@dataclass(frozen=True, slots=True)
class Line:
    """One thing held: as what, where, for which tool, under what, until when; who acts, and where it is handed over."""

    role: str
    organisation: str
    tool: str
    under: str
    lent: str
    until: str
    limits: str
    soon: str
    acting: str
    hand_over: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """One hand-over from or to the person. `end_url` is empty where it is over."""

    text: str
    about: str
    state: str
    end_url: str


@dataclass(frozen=True, slots=True)
class Appointments:
    """The page."""

    title: str
    lede: str
    lines: tuple[Line, ...]
    facts: tuple[tuple[str, str], ...]
    soon: tuple[str, ...]
    hand_overs: tuple[HandOver, ...]


def build(by: Actor, on: date) -> Appointments:
    """Everything the person holds today, in their own right and under agreements."""
    assert by.person_id is not None
    places = queries.organisations_of(by.person_id, on)
    held = [(place, each) for place in places for each in queries.held_in(by.person_id, place.id, on)]
    acting = delegations.all_of(by.person_id)
    lines = tuple(_lines(held, [each for each in acting if delegations.counts_on(each, on)], by, on))
    soon = (*(line.soon for line in lines if line.soon), *_registered(by, [each for _, each in held], on))
    appointed = sum(each.role.is_appointed for _, each in held)
    return Appointments(
        title=f"You hold {plural(appointed, 'appointment')}" if appointed else "You hold no appointment",
        lede=f"In {plural(len({place.id for place, each in held if each.role.is_appointed}), 'organisation')}."
        if appointed
        else "Members have roles without an end. An appointment has dates and something that appoints.",
        lines=lines,
        facts=_facts(by),
        soon=soon,
        hand_overs=tuple(_hand_over(each, by, {place.id: place for place in places}, on) for each in acting),
    )


def _lines(
    held: Sequence[tuple[Organisation, Held]], acting: Sequence[Acting], by: Actor, on: date
) -> Iterator[Line]:
    appointments = _rows(Appointment, {each.appointment_id for _, each in held})
    agreements = _rows(Agreement, {each.agreement_id for _, each in held})
    tools = _tools({each.deployment_id for _, each in held})
    for place, each in held:
        appointment, agreement = appointments.get(each.appointment_id), agreements.get(each.agreement_id)
        lent = ""
        if agreement is not None:
            until = long_date(agreement.ends_on)
            lent = f"By agreement with {queries.organisation_name(agreement.acting_id)}: {agreement.instrument}, to {until}"
        yield Line(
            role=each.role.heading, organisation=place.name, tool=tools.get(each.deployment_id or 0, ""),
            under=appointment.instrument if appointment is not None else "Member", lent=lent,
            until=long_date(each.ends_on) if each.ends_on else "until further notice", limits=words.limits(each),
            soon=_soon(each, place, on), acting=_acts(each, place, acting, by), hand_over=_hand_over_url(each, place, by),
        )  # fmt: skip


def _soon(each: Held, place: Organisation, on: date) -> str:
    if each.ends_on is None or (each.ends_on - on).days > words.SOON_DAYS:
        return ""
    return f"You are {each.role.title} at {place.name} until {long_date(each.ends_on)}."


def _acts(each: Held, place: Organisation, acting: Sequence[Acting], by: Actor) -> str:
    """Who acts for the person in this role now, or for whom they act."""
    key = (place.id, each.role, each.deployment_id)
    said = []
    for one in acting:
        if (one.row.organisation_id, one.row.role, one.row.deployment_id) == key:
            when = one.in_words.removeprefix(f"{one.giver}, ")
            gives = one.row.from_person_id == by.person_id
            said.append(f"{one.taker} acts for you, {when}" if gives else f"You act for {one.giver}, {when}")
    return ". ".join(said)


def _hand_over_url(each: Held, place: Organisation, by: Actor) -> str:
    if not each.role.is_appointed:
        return ""
    here: dict[str, Any] = {"organisation": place.code, "role": each.role.value}
    if each.deployment_id is not None:
        here["deployment_id"] = each.deployment_id
    return url_for("appointments.hand_over", **here)


def _facts(by: Actor) -> tuple[tuple[str, str], ...]:
    held = by.registration
    if held is None:
        return (("Registration", "None on record"),)
    return (
        ("Registration", f"{held.body} {held.number}"),
        ("Expires", long_date(held.expires_on) if held.expires_on else "no day on record"),
        ("Safety training", long_date(held.trained_on) if held.trained_on else "not on record"),
    )


def _registered(by: Actor, held: Sequence[Held], on: date) -> list[str]:
    if by.registration is not None:
        return words.warnings(by.registration.expires_on, by.registration.trained_on, on)
    needed = {each.role for each in held} & set(policy().registration.roles)
    return ["No professional registration is on record: nothing can be signed as a clinician."] if needed else []


def _hand_over(each: Acting, by: Actor, places: Mapping[int, Organisation], on: date) -> HandOver:
    row, last = each.row, delegations.last_day(each.row)
    place = places.get(row.organisation_id)
    when = delegations.days_in_words(row.starts_on, last) if row.starts_on <= last else "ended before it began"
    over = last < on
    acts, act = ("acted", "acted") if over else ("acts", "act")
    text = f"{each.taker} {acts} for you" if row.from_person_id == by.person_id else f"You {act} for {each.giver}"
    state = "Over" if over else "Begins later" if row.starts_on > on else "Now"
    if state == "Now" and not delegations.stands(row, on):
        state = "Without effect"
    where = place.name if place else queries.organisation_name(row.organisation_id)
    url = ""
    if not over and place is not None:
        url = url_for("appointments.end", organisation=place.code, delegation_id=row.id)
    return HandOver(text, f"{row.role.heading} at {where} · {when} · {row.reason}", state, url)


def _rows(model: Any, ids: Collection[int | None]) -> dict[int | None, Any]:
    return {row.id: row for row in db.session.scalars(sa.select(model).where(model.id.in_(ids - {None})))}  # type: ignore[operator]


def _tools(ids: Collection[int | None]) -> dict[int, str]:
    query = sa.select(Deployment.id, Deployment.reference, Tool.name).join(Tool, Tool.id == Deployment.tool_id)
    rows = db.session.execute(query.where(Deployment.id.in_([each for each in ids if each])))
    return {number: f"{name}, {reference}" for number, reference, name in rows}
