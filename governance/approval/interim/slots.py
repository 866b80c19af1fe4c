"""What a later room does when an interim decision stops a tool; handed in once, when the application is made."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from governance.permissions import Actor, Role
from governance.register import operations as register
from governance.register.models import Deployment


class Suspend(Protocol):
    """Suspends a deployment at once, keeps what staff do instead, and tells people. `digest` is of the act that decided it."""

    def __call__(
        self, *, deployment: Deployment, reason: str, fallback: str, digest: str, role: Role, by: Actor, at: datetime
    ) -> object: ...


suspending: list[Suspend] = []
"""Monitoring’s, which keeps suspensions; without it the register alone moves."""


def suspend(
    *, deployment: Deployment, reason: str, fallback: str, digest: str, role: Role, by: Actor, at: datetime
) -> None:
    """Suspend a deployment in the transaction of the decision."""
    if suspending:
        suspending[0](
            deployment=deployment, reason=reason, fallback=fallback, digest=digest, role=role, by=by, at=at
        )
    else:
        register.move(deployment=deployment, arrow="suspend", reason=reason, by=by, at=at)
