"""Tools without assurance, and by what right this person signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance import clock
from governance.home.presenters.words import short
from governance.home.queries import Dated
from governance.lifecycle import Standing
from governance.permissions import Actor, Role
from governance.policy import policy
from governance.web.wording import long_date, plural

WARN_DAYS = 60
MOST = 8


@dataclass(frozen=True, slots=True)
class Without:
    """One tool in use or proposed that no decision covers now."""

    tool: str
    href: str
    under: str
    standing: Standing
    next: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that lets this person sign: lines of text, and a warning."""

    name: str
    lines: tuple[str, ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class MaySign:
    """By what right: registration, training, appointments."""

    name: str
    facts: tuple[Fact, ...]


def without(found: list[Dated], actors: Mapping[int, Actor], on: date) -> Iterator[Without]:
    """Lapsed and suspended first, then those declared, then those proposed long ago."""
    order = {Standing.LAPSED: 0, Standing.SUSPENDED: 1, Standing.DECLARED: 2, Standing.PROPOSED: 3}
    rows = sorted(
        (each for each in found if each.standing in order), key=lambda each: (order[each.standing], each.standing_since)
    )
    for each in rows[:MOST]:
        since = short(each.standing_since, on)
        step = "Under assessment" if each.has_open else "No submission is open"
        if each.standing is Standing.DECLARED and each.decision_needed_by and not each.has_open:
            step = f"Next step due by {short(each.decision_needed_by, on)}"
        elif each.standing is Standing.LAPSED and each.decision_needed_by:
            step = f"Decision needed by {short(each.decision_needed_by, on)}"
        code = actors[each.organisation_id].organisation_code
        href = url_for("deployments.deployment", organisation=code, reference=each.reference)
        yield Without(f"{each.tool} {each.version}", href, f"{each.organisation}, since {since}", each.standing, step)


def may_sign(actors: Mapping[int, Actor], organisations: Mapping[int, str], by: Actor, on: date) -> MaySign:
    """Registration with its end, training and whether it is old, and every appointment with its last day."""
    needed = policy().registration
    facts: list[Fact] = []
    if by.registration is not None or by.roles & set(needed.roles):
        facts += _registered(by, needed.training_years, on)
    for organisation_id, actor in actors.items():
        for held in actor.current:
            if held.deployment_id is None and (held.role.is_appointed or held.agreement_id is not None):
                facts.append(_appointed(held.role, organisations[organisation_id], held.ends_on, held.agreement_id, on))
        facts += _for_tools(actor, organisations[organisation_id], on)
    return MaySign(by.name, tuple(dict.fromkeys(facts)))


def _registered(by: Actor, years: int, on: date) -> Iterator[Fact]:
    held = by.registration
    if held is None:
        yield Fact("Registration", ("None on record",), "You cannot sign without one")
        return
    ends = held.expires_on
    gone = ends is not None and ends < on
    warning = (
        "It has expired: you cannot sign" if gone else "It ends soon" if ends and (ends - on).days <= WARN_DAYS else ""
    )
    yield Fact(
        "Registration", (f"{held.body} {held.number}", f"to {long_date(ends)}" if ends else "no end date"), warning
    )
    if held.trained_on is None:
        yield Fact("Safety training", ("Not on record",), "Have it recorded")
        return
    old = clock.add_months(held.trained_on, 12 * years)
    warning = (
        f"Older than {years} years"
        if old < on
        else f"Older than {years} years on {short(old, on)}"
        if (old - on).days <= WARN_DAYS
        else ""
    )
    yield Fact("Safety training", (long_date(held.trained_on),), warning)


def _for_tools(actor: Actor, organisation: str, on: date) -> Iterator[Fact]:
    """Roles held for single tools: one line for each role, with the number of tools and the first last day."""
    for role in sorted({held.role for held in actor.current if held.deployment_id is not None}):
        tools = [held for held in actor.current if held.role is role and held.deployment_id is not None]
        ends = min((held.ends_on for held in tools if held.ends_on), default=None)
        agreement = next((held.agreement_id for held in tools if held.agreement_id is not None), None)
        fact = _appointed(role, organisation, ends, agreement, on)
        first = "the first " if len(tools) > 1 and ends else ""
        lines = (organisation, f"for {plural(len(tools), 'tool')}, {first}{fact.lines[-1]}")
        yield Fact(fact.name, lines, fact.warning)


def _appointed(role: Role, organisation: str, ends: date | None, agreement: int | None, on: date) -> Fact:
    until = f"to {long_date(ends)}" if ends else "until further notice"
    how = f"by agreement, {until}" if agreement is not None else until
    return Fact(role.heading, (organisation, how), "It ends soon" if ends and (ends - on).days <= WARN_DAYS else "")
