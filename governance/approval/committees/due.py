"""What this room does once a day: remind of actions that meetings asked for."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from governance.approval.committees import notices, queries
from governance.identity.reminders import IS_DUE, Round


def run(*, at: datetime) -> list[str]:
    """Remind the owners of actions that fall due; returns what was told as sentences."""
    today, found = Round(at), []
    for row, meeting in queries.due_between(today.begins, today.ends):
        owner = {row.owner_id} if row.owner_id else set()
        found += today.remind(
            matter=f"Action {row.number} of {notices.named(meeting)}", ends_on=row.due_on, people=partial(set, owner),
            organisation_id=meeting.organisation_id, path=notices.path(meeting), key=f"meeting-action:{row.id}",
            verbs=IS_DUE, since=meeting.held_on, body=row.text,
        )  # fmt: skip
    return found
