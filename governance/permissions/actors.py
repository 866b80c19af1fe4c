"""Who acts: a person in one organisation, the system, the command line, the public. Always handed on as `by=`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from governance import clock
from governance.errors import Forbidden
from governance.lifecycle import Stage
from governance.permissions.roles import Role, RoleKind
from governance.permissions.table import ROLE_PERMISSIONS, Permission

ActorKind = Literal["person", "system", "operator", "public", "supplier_contact"]


@dataclass(frozen=True, slots=True)
class Registration:
    """A clinician's professional registration: the body ("GMC", "NMC", "GPhC"), the number, when it ends, when trained."""

    body: str
    number: str
    expires_on: date | None
    trained_on: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """One role as one person holds it: by an appointment, by membership, or under an agreement between organisations.

    `ends_on` is the last day it is held; None means until further notice. `deployment_id` is set where it is held for one
    deployment only. The three limits belong to an authorising executive (DCB0160 2.2.2: who may accept which residual
    clinical risk); None means no limit is recorded.
    """

    role: Role
    appointment_id: int | None = None
    membership_id: int | None = None
    deployment_id: int | None = None
    agreement_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    highest_tier: str | None = None
    highest_stage: Stage | None = None
    highest_residual: int | None = None

    def is_current(self, on: date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or on <= self.ends_on)

    def covers(self, deployment_id: int) -> bool:
        """Whether this holding counts for a deployment. A role appointed per deployment never counts for all of them."""
        if self.deployment_id is None:
            return self.role.kind is not RoleKind.PER_DEPLOYMENT
        return self.deployment_id == deployment_id


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which organisation, holding what on which day.

    `scope` is what may be read: the own organisation's id and those of its ended predecessors. Writing is to the own one.
    A supplier's contact acts through one link, in the organisation that sent it, and reads nothing but that sheet: no scope.
    """

    kind: ActorKind
    person_id: int | None = None
    name: str = ""
    organisation_id: int | None = None
    organisation_code: str = ""
    scope: frozenset[int] = frozenset()
    held: tuple[Held, ...] = ()
    registration: Registration | None = None
    supplier_link_id: int | None = None
    on: date = field(default_factory=clock.today)

    @property
    def current(self) -> tuple[Held, ...]:
        """What is held on the day the actor was resolved."""
        return tuple(held for held in self.held if held.is_current(self.on))

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held now, for whatever deployment; for an actor that is no person, the role that stands for it."""
        if self.kind != "person":
            return frozenset({Role(self.kind)})
        return frozenset(held.role for held in self.current)

    @property
    def permissions(self) -> frozenset[Permission]:
        return frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in self.roles))

    def may(self, permission: Permission, *, deployment_id: int | None = None) -> bool:
        """Whether a role held now gives this permission; with a deployment, whether one that counts for it does."""
        if deployment_id is None or self.kind != "person":
            return permission in self.permissions
        return any(permission in ROLE_PERMISSIONS[h.role] for h in self.current if h.covers(deployment_id))

    def must(self, permission: Permission, *, deployment_id: int | None = None) -> None:
        """Raise Forbidden unless a role held now gives this permission (for the deployment, where one is given)."""
        if not self.may(permission, deployment_id=deployment_id):
            raise Forbidden()

    def holds(self, role: Role, deployment_id: int | None = None) -> bool:
        """Whether the role is held now: for the deployment given, or for any."""
        if deployment_id is None:
            return role in self.roles
        return self.held_for(role, deployment_id) is not None

    def held_for(self, role: Role, deployment_id: int) -> Held | None:
        """The current holding of a role that counts for a deployment; one made for that deployment comes first."""
        counting = [h for h in self.current if h.role is Role(role) and h.covers(deployment_id)]
        return min(counting, key=lambda h: (h.deployment_id is None, h.agreement_id is not None), default=None)


def _not_a_person(kind: ActorKind, name: str) -> Actor:
    # The day does not matter: these hold nothing that begins or ends.
    return Actor(kind=kind, name=name, on=date.min)


SYSTEM = _not_a_person("system", "The system")
OPERATOR = _not_a_person("operator", "The operator")
PUBLIC = _not_a_person("public", "A member of the public")
