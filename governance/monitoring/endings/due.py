"""What falls due by itself: tasks of decommissioning whose day has passed. `flask due` runs this."""

from datetime import datetime, timedelta

from governance import clock
from governance.monitoring.endings import notices, queries
from governance.web.wording import long_date


def run(*, at: datetime) -> list[str]:
    """Tell of every task that became overdue; returns what was told. Running it again tells nobody twice."""
    passed = clock.london_date(at) - timedelta(days=1)
    return [
        f"Task {task.number} of ending {task.reference} is overdue since {long_date(task.due_on)}."
        for task in queries.open_tasks(until=passed)
        if notices.overdue(task, at)
    ]
