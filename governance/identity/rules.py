"""Who may be appointed, and to what."""

from collections.abc import Collection
from datetime import date

from governance.errors import Blocker
from governance.permissions import Role, RoleKind


def appointment_blockers(
    *,
    role: Role,
    is_self: bool,
    person_holds: Collection[Role],
    starts_on: date,
    ends_on: date,
    has_registration: bool,
    deployment_named: bool,
    instrument: str,
) -> list[Blocker]:
    """Why an appointment cannot be recorded. Source: our policy, "Roles" and "separation" (default).

    DPO and SIRO are never one person in one organisation; nobody appoints themselves; a CSO is a registered clinician
    (DCB0160 2.3).
    """
    found = []
    if role.kind not in (RoleKind.APPOINTED, RoleKind.PER_DEPLOYMENT):
        found.append(Blocker("role", f"A {role.title} is invited as a member, not appointed."))
    if is_self:
        found.append(Blocker("self", "You cannot appoint yourself. Ask another administrator."))
    for one, other in ((Role.DPO, Role.SIRO), (Role.SIRO, Role.DPO)):
        if role is one and other in person_holds:
            found.append(Blocker("dpo_and_siro", "One person cannot be data protection officer and SIRO together."))
    if ends_on < starts_on:
        found.append(Blocker("dates", "The last day must not be before the first day."))
    if role is Role.CSO and not has_registration:
        found.append(Blocker("registration", "Record the person’s professional registration before you appoint them as CSO."))
    if role.kind is RoleKind.PER_DEPLOYMENT and not deployment_named:
        found.append(Blocker("deployment", f"Say for which deployment this person is {role.title}."))
    if not instrument.strip():
        found.append(Blocker("instrument", "Say what appoints them, for example a letter and its date."))
    return found
