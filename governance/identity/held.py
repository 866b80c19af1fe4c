"""What somebody holds, in words for the people pages: limits of an executive, registration and training."""

from dataclasses import dataclass
from datetime import date

from governance import clock
from governance.identity.models import Appointment, Person
from governance.lifecycle import Stage
from governance.permissions import Held
from governance.policy import policy
from governance.web.wording import long_date

SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration in words. `warning` says what stops or soon stops a signature; empty where nothing does."""

    number: str
    until: str
    trained: str
    warning: str


def limits(held: Appointment | Held) -> str:
    """`Up to high tier, Pilot, residual rating 3`; empty for whoever has no limits."""
    if held.highest_tier is None or held.highest_stage is None or held.highest_residual is None:
        return ""
    return f"Up to {held.highest_tier} tier, {Stage(held.highest_stage).label}, residual rating {held.highest_residual}"


def registration(person: Person, on: date) -> Registered | None:
    """The latest registration recorded for a person; None where there is none."""
    if not person.registrations:
        return None
    row = person.registrations[-1]
    return Registered(
        number=f"{row.body} {row.number}",
        until=long_date(row.expires_on),
        trained=long_date(row.trained_on) if row.trained_on else "not recorded",
        warning=" ".join(warnings(row.expires_on, row.trained_on, on)),
    )


def warnings(expires_on: date | None, trained_on: date | None, on: date) -> list[str]:
    """What somebody who acts as a clinician must see to. An expired registration stops, old training is told."""
    found = []
    if expires_on is not None and expires_on < on:
        found.append(f"The registration expired on {long_date(expires_on)}: nothing can be signed.")
    elif expires_on is not None and (expires_on - on).days <= SOON_DAYS:
        found.append(f"The registration ends on {long_date(expires_on)}.")
    years = policy().registration.training_years
    if trained_on is None:
        found.append("Safety training is not recorded.")
    elif clock.add_months(trained_on, 12 * years) < on:
        found.append(f"Safety training is older than {years} years.")
    elif (clock.add_months(trained_on, 12 * years) - on).days <= SOON_DAYS:
        found.append(f"Safety training is older than {years} years on {long_date(clock.add_months(trained_on, 12 * years))}.")
    return found
