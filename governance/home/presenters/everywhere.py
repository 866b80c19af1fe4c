"""Who a person is in each organisation where they sign or judge, and what of it is theirs today."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from governance import clock
from governance.approval.rules import TurnState
from governance.identity import actors, delegations, queries
from governance.identity.delegations import Acting
from governance.permissions import Actor, Role


def everywhere(by: Actor, at: datetime, roles: Collection[Role]) -> tuple[dict[int, Actor], dict[int, str]]:
    """The actor in each organisation where the person holds one of these roles, and those organisations' names, by id."""
    acting: dict[int, Actor] = {}
    names: dict[int, str] = {}
    assert by.person_id is not None
    for each in queries.organisations_of(by.person_id, clock.london_date(at)):
        here = by if each.id == by.organisation_id else actors.actor_for(by.person_id, each.code, at)
        if here.roles & set(roles):
            names[each.id] = each.name
            acting |= dict.fromkeys(here.scope, here)
    return acting, names


@dataclass(frozen=True, slots=True)
class Duties:
    """What was handed over from and to a person and stands today."""

    given: tuple[Acting, ...]
    taken: tuple[Acting, ...]

    def on_duty(self, acting: Mapping[int, Actor]) -> dict[int, Actor]:
        """The same actors without what they handed over. Only for what is brought to them: they may act all the same."""
        gone = {(each.row.organisation_id, each.row.role, each.row.deployment_id) for each in self.given}
        return {number: _without(actor, gone) for number, actor in acting.items()}

    def is_with_another(self, by: Actor, line: TurnState, deployment_id: int) -> bool:
        """Whether a turn was handed over to somebody who may take it: not to one who has signed or stepped back."""
        return any(
            each.row.organisation_id == by.organisation_id and each.row.role is line.turn.role
            and each.row.deployment_id in (None, deployment_id) and line.is_for(each.row.to_person_id)
            for each in self.given
        )  # fmt: skip

    def acting_for(self, by: Actor, role: Role, deployment_id: int) -> str:
        """For whom a matter is taken on: "Dr A, 3–14 May 2027"; empty where it is the person's own."""
        found = [
            each.in_words
            for each in self.taken
            if each.row.organisation_id == by.organisation_id and each.row.role is role
            and each.row.deployment_id in (None, deployment_id)
        ]  # fmt: skip
        return "; ".join(found)


def duties(person_id: int | None, on: date) -> Duties:
    """Hand-overs of one person that stand on a day."""
    found: Sequence[Acting] = delegations.of_person(person_id, on)
    return Duties(
        tuple(each for each in found if each.row.from_person_id == person_id),
        tuple(each for each in found if each.row.to_person_id == person_id),
    )


def _without(actor: Actor, gone: Collection[tuple[int, Role, int | None]]) -> Actor:
    if not gone:
        return actor
    kept = (held for held in actor.held if (actor.organisation_id, held.role, held.deployment_id) not in gone)
    return replace(actor, held=tuple(kept))
