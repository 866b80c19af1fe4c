"""What this room does once a day, after all others: digests, and deliveries whose job was lost."""

from datetime import datetime

from governance.notifications import operations
from governance.web.wording import plural


def run(*, at: datetime) -> list[str]:
    """Gather the digests of the day. Running it again on the same day does nothing."""
    lost, made = operations.hand_over_lost(at=at), operations.gather_digests(at=at)
    said = [f"{plural(lost, 'e-mail')} that waited handed over again."] if lost else []
    return [*said, *([f"{plural(made, 'digest')} queued."] if made else [])]
