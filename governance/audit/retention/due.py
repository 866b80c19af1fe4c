"""What this room does once a day: remove what is past its period and goes by itself."""

from datetime import datetime

from governance.audit.retention import operations
from governance.permissions import SYSTEM


def run(*, at: datetime) -> list[str]:
    """A sentence for each kind of which something went. Running it again finds nothing more."""
    done = operations.remove(by=SYSTEM, at=at, automatic_only=True)
    return [f"{each.kind.title}: {each.number} past {each.kind.period.lower()}, removed." for each in done]
