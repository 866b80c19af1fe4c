"""What later rooms hand to a safety case report; filled once, when the application is made.

`decided` gives the decisions on a deployment, the oldest first: {"at": an instant, "sentence": what was decided}.
"""

from collections.abc import Callable, Sequence
from typing import Any

from governance.register.models import Deployment

decided: list[Callable[[Deployment], Sequence[dict[str, Any]]]] = []


def decisions(deployment: Deployment) -> list[dict[str, Any]]:
    """Every decision that later rooms know of."""
    return [each for give in decided for each in give(deployment)]
