"""What must be shown, who must agree, and for how long: policy as data, with pure rules over it.

`london-1.yaml` is the first version, every row with where it comes from; `policy("london-1")` reads it and refuses a fault.
`rules` answers questions of plain facts: `tier`, `requirements`, `signers`, `turns_open`, `move_blockers`, `approval_until` …
`explain` says the answers in sentences, for the page and for `flask policy explain`. Nothing here reads the database.
"""

from governance.policy.loader import PolicyFault, policy, versions
from governance.policy.schema import Policy, Tier

__all__ = ["Policy", "PolicyFault", "Tier", "policy", "versions"]
