"""Who may not: separation of duties, registration, limits of an appointment.

Source: our policy, "By stage and kind, and separation" and "Who must agree"; DCB0160 v3.2, 2.2.2 and 2.3.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from governance import clock
from governance.errors import Blocker
from governance.lifecycle import Stage
from governance.permissions import Held, Registration, Role
from governance.policy.rules.agreement import SectionRule
from governance.policy.schema import Policy, SeparationRow, Tier

SUBMITTING = frozenset({"started", "proposed", "submitted"})


def _clash(row: SeparationRow, about_to: str, already: str) -> bool:
    def among(word: str, words: tuple[str, ...]) -> bool:
        return word in words or ("anyone" in words and word not in SUBMITTING)

    one, other = row.one, row.other
    return (about_to in one and among(already, other)) or (among(about_to, other) and already in one)


def separation_blockers(policy: Policy, *, about_to: str, already: Collection[str]) -> list[Blocker]:
    """Why one person may not play a second part in one submission.

    `about_to` is the role they would act in now, or "started", "proposed", "submitted"; `already` is what the same person
    has done on this submission, in any round, in the same words. The same holds whichever came first.
    """
    rows = [row for row in policy.separation if row.within == "submission"]
    clashes = [row for row in rows if any(_clash(row, about_to, done) for done in already)]
    return [Blocker(f"separation.{row.code}", row.sentence) for row in clashes]


def appointment_separation_blockers(policy: Policy, *, role: Role, held: Collection[Role]) -> list[Blocker]:
    """Why one person may not be appointed to a role in an organisation where they hold others."""
    rows = [row for row in policy.separation if row.within == "organisation"]
    clashes = [row for row in rows if any(_clash(row, role, other) for other in held)]
    return [Blocker(f"separation.{row.code}", row.sentence) for row in clashes]


def judge_blockers(section: SectionRule, *, role: Role, person_id: int, answered_by: Collection[int]) -> list[Blocker]:
    """Why a person may not judge a section: not its judge, or they answered it themselves.

    `answered_by` are the people who answered any part of it. Only the risk plan may be judged by who wrote it.
    """
    if section.judged_by is None:
        return [Blocker("judge.nothing", f"{section.title} is not judged.")]
    if role is not section.judged_by:
        said = f"{section.title} is judged by the {section.judged_by.title}, not by the {role.title}."
        return [Blocker("judge.role", said)]
    if person_id in answered_by and not section.own_answers:
        return [Blocker("judge.own_answers", f"You answered {section.title}, so another person must judge it.")]
    return []


def registration_blockers(policy: Policy, *, role: Role, registration: Registration | None, on: date) -> list[Blocker]:
    """Why a role that needs professional registration cannot act: body, number or end date missing, or expired.

    A registration counts up to and including the day it ends.
    """
    if role not in policy.registration.roles:
        return []
    if registration is None:
        return [Blocker("registration.none", f"The {role.title} has no professional registration on record.")]
    missing = [
        word
        for word, value in (
            ("body", registration.body),
            ("number", registration.number),
            ("end date", registration.expires_on),
        )
        if not value
    ]
    if missing:
        said = f"The {role.title}’s registration has no {' and no '.join(missing)}."
        return [Blocker("registration.incomplete", said)]
    if registration.expires_on is not None and registration.expires_on < on:
        said = f"The {role.title}’s registration expired on {_day(registration.expires_on)}."
        return [Blocker("registration.expired", said)]
    return []


def registration_warnings(policy: Policy, *, role: Role, registration: Registration | None, on: date) -> list[Blocker]:
    """What is worth saying but stops nothing: training not recorded, or older than the policy's years."""
    if role not in policy.registration.roles or registration is None:
        return []
    if registration.trained_on is None:
        return [Blocker("registration.untrained", f"The {role.title}’s safety training is not on record.")]
    years = policy.registration.training_years
    if clock.add_months(registration.trained_on, 12 * years) < on:
        said = f"The {role.title}’s safety training is more than {years} years old: {_day(registration.trained_on)}."
        return [Blocker("registration.training_old", said)]
    return []


def authority_blockers(
    held: Held, *, tier: Tier, stage: Stage, residual: int | None = None, on: date | None = None
) -> list[Blocker]:
    """Why an authorising executive's dated appointment does not reach this far (DCB0160 v3.2, 2.2.2).

    `residual` is the highest residual rating, 1 to 5, or None where no hazards are scored. A limit that is not recorded
    reaches nowhere. For any other role only the dates count.
    """
    if on is not None and not held.is_current(on):
        return [Blocker("authority.dates", f"Your appointment as {held.role.title} does not cover {_day(on)}.")]
    if held.role is not Role.AUTHORISING_EXECUTIVE:
        return []
    blockers = []
    if held.highest_tier is None or Tier(held.highest_tier).rank < tier.rank:
        blockers.append(_beyond("tier", held.highest_tier and f"{held.highest_tier} tier", f"{tier} tier"))
    if held.highest_stage is None or held.highest_stage.position < stage.position:
        blockers.append(_beyond("stage", held.highest_stage and held.highest_stage.label, stage.label))
    if residual is not None and (held.highest_residual is None or held.highest_residual < residual):
        limit = held.highest_residual and f"a residual risk of {held.highest_residual}"
        blockers.append(_beyond("residual", limit, f"a residual risk of {residual}"))
    return blockers


def _beyond(code: str, limit: str | int | None, asked: str) -> Blocker:
    reach = f"goes up to {limit}" if limit else f"does not record a highest {code}"
    return Blocker(f"authority.{code}", f"Your appointment {reach}. This asks for {asked}.")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
