"""Who may do what: `Role` (who people are), `Permission` and the table between them, `Actor` (who acts now).

Pure. Which organisation's records an actor reaches is `Actor.scope`, kept by every query; which section a role judges and
signs is the policy's.
"""

from governance.permissions.actors import OPERATOR, PUBLIC, SYSTEM, Actor, Held, Registration
from governance.permissions.roles import Role, RoleKind
from governance.permissions.table import PEOPLE, PERMISSION_ROLES, ROLE_PERMISSIONS, Permission

__all__ = [
    "OPERATOR",
    "PEOPLE",
    "PERMISSION_ROLES",
    "PUBLIC",
    "ROLE_PERMISSIONS",
    "SYSTEM",
    "Actor",
    "Held",
    "Permission",
    "Registration",
    "Role",
    "RoleKind",
]
