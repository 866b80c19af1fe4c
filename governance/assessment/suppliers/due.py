"""What falls due with suppliers' links: reminders before they end, and telling the digital leads when one ended unanswered."""

from __future__ import annotations

from datetime import datetime, timedelta

from governance import clock
from governance.assessment.sheets.models import SupplierLink
from governance.assessment.suppliers import notices, operations, queries, rules

TOLD_FOR = timedelta(days=30)


def run(*, at: datetime) -> list[str]:
    """Remind and tell, while there is something to answer. Nobody is told twice; a missed day is caught up by the latest step."""
    found = []
    for link in queries.open_links(at):
        if sentence := _one(link, at):
            found.append(sentence)
    return found


def _one(link: SupplierLink, at: datetime) -> str:
    if not queries.can_be_answered(link, at):
        return ""
    if link.expires_at <= at:
        over_long = link.expires_at < at - TOLD_FOR
        return f"Supplier’s link {link.id} ended unanswered." if not over_long and notices.ended(link, at) else ""
    sent_on, last = clock.london_date(link.sent_at), rules.last_day(link.expires_at)
    step = rules.reminder_step(sent_on=sent_on, last_day=last, on=clock.london_date(at))
    if step is not None and operations.remind(link=link, step=step, at=at):
        return f"Supplier’s link {link.id} ends in {(last - clock.london_date(at)).days} days: reminded."
    return ""
