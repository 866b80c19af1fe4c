"""What this room does once a day: a figure that did not come within its time is a signal."""

from __future__ import annotations

from datetime import datetime

from governance import clock
from governance.monitoring.readings import queries as readings
from governance.monitoring.readings import rules
from governance.monitoring.signals import operations, queries


def run(*, at: datetime) -> list[str]:
    """Open one signal for each indicator whose figure is late, for the first period; returns what was done as sentences.

    While one is open no other is opened for the same indicator, so a figure kept back for long is one signal. Running it
    again on the same day does nothing.
    """
    on, done = clock.london_date(at), []
    for some in queries.watched():
        rows = {each.id: (each, where) for each, where in some if rules.is_watched(where.stage, where.standing)}
        waiting, told = queries.open_missing(rows), queries.told_missing(rows)
        for late in readings.not_in([each for each, _ in rows.values()], on):
            indicator, deployment = rows[late.indicator.id]
            new = [period for period in late.late if (indicator.id, period) not in told]
            if not new or indicator.id in waiting:
                continue
            row = operations.open_missing(deployment=deployment, indicator=indicator, period_on=new[0], at=at)
            done.append(f"{deployment.reference}: {row.sentence}")
    return done
