"""Tasks of decommissioning that are still to be done, for the digital lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import url_for

from governance.home.presenters.words import Row, due
from governance.monitoring.endings import queries
from governance.permissions import Actor, Role


def rows(by: Actor, until: date, on: date) -> Iterator[Row]:
    """One for each task due up to a day, in one query."""
    for each in queries.open_tasks(by.scope, until=until):
        yield due(
            each.due_on,
            on,
            title=each.text,
            href=url_for("endings.ending", organisation=by.organisation_code, reference=each.reference),
            tool=each.tool,
            about=f"Task {each.number} of its ending: {Role(each.owner_role).title}",
            late_says=f"the ending of {each.tool}",
        )
