"""Who may be appointed, and to what; and who may hand work over to whom."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from governance.errors import Blocker
from governance.permissions import Role, RoleKind

APART = "The data protection officer advises the SIRO, so one person cannot be both. Choose somebody else."
"""Source: UK GDPR, article 38(6)."""


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both counted."""

    first: date
    last: date

    def meets(self, other: "Days") -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def holds(self, other: "Days") -> bool:
        """Whether every day of the other is one of these."""
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class Handed:
    """One hand-over of a role's work that was made already: from whom, to whom, in which days."""

    from_person_id: int
    to_person_id: int
    days: Days


def appointment_blockers(
    *,
    role: Role,
    is_self: bool,
    person_holds: Collection[Role],
    starts_on: date,
    ends_on: date,
    on: date,
    registered_until: date | None,
    deployment_named: bool,
    instrument: str,
    limits: Sequence[object] = (None, None, None),
) -> list[Blocker]:
    """Why an appointment cannot be recorded. Source: our policy, "Roles" and "separation" (default).

    DPO and SIRO are never one person in one organisation; nobody appoints themselves; a CSO is a registered clinician
    (DCB0160 2.3), registered on the first day or, for one that began earlier, today. `registered_until` is None where
    nothing is recorded. `limits` are an executive's highest tier, stage and residual rating (DCB0160 2.2.2).
    """
    found = []
    if role.kind not in (RoleKind.APPOINTED, RoleKind.PER_DEPLOYMENT):
        found.append(Blocker("role", f"A {role.title} is invited as a member, not appointed."))
    if is_self:
        found.append(Blocker("self", "You cannot appoint yourself. Ask another administrator."))
    for one, other in ((Role.DPO, Role.SIRO), (Role.SIRO, Role.DPO)):
        if role is one and other in person_holds:
            said = f"This person is {other.title} here on some of these days. {APART}"
            found.append(Blocker("dpo_and_siro", said))
    if ends_on < starts_on:
        found.append(Blocker("dates", "The last day must not be before the first day."))
    if role is Role.CSO and registered_until is None:
        found.append(Blocker("registration", "Record the person’s professional registration before you appoint them as CSO."))
    elif role is Role.CSO and registered_until is not None and registered_until < max(starts_on, on):
        said = f"Their professional registration ends on {_day(registered_until)}. Record the renewed one first."
        found.append(Blocker("registration", said))
    found += _limit_blockers(role, limits)
    if role.kind is RoleKind.PER_DEPLOYMENT and not deployment_named:
        found.append(Blocker("deployment", f"Say for which deployment this person is {role.title}."))
    if not instrument.strip():
        found.append(Blocker("instrument", "Say what appoints them, for example a letter and its date."))
    return found


def _limit_blockers(role: Role, limits: Sequence[object]) -> Iterator[Blocker]:
    """An executive accepts risk up to limits, each of which is said; nobody else has any."""
    names = ("tier", "stage", "residual")
    asked = ("the highest tier", "the highest stage", "the highest residual rating, 1 to 3,")
    for name, words, limit in zip(names, asked, limits, strict=True):
        if role is Role.AUTHORISING_EXECUTIVE and limit is None:
            yield Blocker(f"limit.{name}", f"Say {words} up to which this executive may authorise.")
        elif role is not Role.AUTHORISING_EXECUTIVE and limit is not None:
            yield Blocker(f"limit.{name}", f"Only an authorising executive has limits. A {role.title} has none.")
    if isinstance(limits[2], int) and not 1 <= limits[2] <= 3:
        yield Blocker("limit.residual", "Nobody accepts a residual rating above 3.")


def delegation_blockers(
    *,
    role: Role,
    from_person_id: int,
    to_person_id: int,
    to_name: str,
    days: Days,
    on: date,
    from_holds: Iterable[Days],
    to_holds: Iterable[Days],
    others: Iterable[Handed],
    registered_until: date | None,
    reason: str,
) -> list[Blocker]:
    """Why work cannot be handed over. Source: our policy, "Who must agree": a delegate must hold the appointment.

    It moves work, not authority (default): both hold the same role here on each of the days, nobody hands over the same
    work twice, and work that was handed over goes no further. `registered_until` is the last day of the delegate's
    registration where the role needs one, else None. `others` are hand-overs of the same work.
    """
    found = []
    if not role.is_appointed:
        found.append(Blocker("role", f"The work of a {role.title} is not handed over here: it is no appointment."))
    if to_person_id == from_person_id:
        found.append(Blocker("self", "Choose somebody else: you cannot hand your work to yourself."))
    if not reason.strip():
        found.append(Blocker("reason", "Say why, for example annual leave."))
    if days.last < days.first:
        return [*found, Blocker("dates", "The last day must not be before the first day.")]
    if days.last < on or days.first < on:
        found.append(Blocker("past", "The first day must not be before today."))
    if not any(held.holds(days) for held in joined(from_holds)):
        found.append(Blocker("from", f"You do not hold the appointment as {role.title} on each of these days."))
    if not any(held.holds(days) for held in joined(to_holds)):
        said = f"{to_name} does not hold the appointment as {role.title} here on each of these days. Only a holder acts for you."
        found.append(Blocker("to", said))
    if registered_until is not None and registered_until < days.last:
        found.append(Blocker("registration", f"{to_name}’s registration ends on {_day(registered_until)}, before the last day."))
    return found + list(_twice(from_person_id, to_person_id, to_name, [each for each in others if each.days.meets(days)]))


def _twice(from_person_id: int, to_person_id: int, to_name: str, others: Sequence[Handed]) -> Iterator[Blocker]:
    """Hand-overs with a day in common that stand against another one: twice, or a chain."""
    for each in others:
        when = f"from {_day(each.days.first)} to {_day(each.days.last)}"
        if each.from_person_id == from_person_id:
            yield Blocker("twice", f"You hand this work over already {when}. End that first, or choose other days.")
        elif each.to_person_id == from_person_id:
            yield Blocker("chain", f"You act for somebody else {when}. Work that was handed to you goes no further.")
        elif each.from_person_id == to_person_id:
            yield Blocker("chain", f"{to_name} hands over this work too, {when}. Choose somebody who is here.")


def joined(spans: Iterable[Days]) -> list[Days]:
    """The same days with spans that touch or overlap made one: an appointment and the one that renews it."""
    found: list[Days] = []
    for each in sorted(spans, key=lambda span: span.first):
        if found and each.first <= found[-1].last + timedelta(days=1):
            found[-1] = Days(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return found


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
