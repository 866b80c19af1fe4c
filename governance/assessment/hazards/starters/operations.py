"""Taking starting hazards into a log, by the log's own operations: each hazard and each control leaves its revision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries
from governance.assessment.hazards.models import Hazard
from governance.assessment.hazards.starters.library import Kind, Starter
from governance.audit.record import record
from governance.errors import Refused
from governance.permissions import Actor
from governance.register.models import Deployment


def take(
    *, deployment: Deployment, kind: Kind, numbers: Sequence[int], in_place: Collection[tuple[int, int]], by: Actor, at: datetime
) -> list[Hazard]:
    """Add the hazards of these numbers with the controls suggested, none of them verified and nothing scored.

    `in_place`: (number of the hazard, place of the control among its existing ones from 0) of controls that the site says
    it has. Raises Forbidden, Refused where nothing is chosen or a hazard is in the log already, Conflict in a race.
    """
    chosen = [each for each in kind.hazards if each.number in set(numbers)]
    if not chosen:
        raise Refused.because("Choose at least one hazard.", code="starters.none")
    there = {each.source: each for each in queries.hazards(deployment) if each.source}
    if again := [each for each in chosen if kind.source(each) in there]:
        number = there[kind.source(again[0])].number
        raise Refused.because(f"“{again[0].name}” is in the log already, as hazard {number}.", code="starters.there")
    made = [_taken(deployment, kind, each, in_place, by, at) for each in chosen]
    record(
        "starters.taken", stream=f"deployment:{deployment.id}", by=by, at=at, organisation_id=deployment.organisation_id,
        sources=[kind.source(each) for each in chosen], hazards=[each.number for each in made],
    )  # fmt: skip
    return made


def _taken(
    deployment: Deployment, kind: Kind, starter: Starter, in_place: Collection[tuple[int, int]], by: Actor, at: datetime
) -> Hazard:
    hazard = hazards.add_hazard(
        deployment=deployment, name=starter.name, description=starter.description, impact=starter.effect,
        causes="\n".join(starter.causes), source=kind.source(starter), by=by, at=at,
    )  # fmt: skip
    existing = [each for place, each in enumerate(starter.existing) if (starter.number, place) in in_place]
    for control in (*existing, *starter.added):
        hazards.add_control(
            hazard=hazard, kind=control.kind, description=control.text, version_id=None, by=by, at=at
        )  # fmt: skip
    return hazard
