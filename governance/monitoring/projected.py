"""Monitoring's part of what partners see: the last figure of each indicator as its chart reads it, and open signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from governance.database import db
from governance.monitoring.readings import queries
from governance.monitoring.readings.models import Indicator, Rebase
from governance.monitoring.readings.queries import Figure
from governance.monitoring.readings.rules import written
from governance.monitoring.signals.models import Signal
from governance.register.models import Deployment


def part(deployment: Deployment) -> dict[str, Any]:
    """`performance` has one entry for each indicator still measured that has a figure, in their order."""
    indicators = queries.indicators(deployment, ended=False)
    ids = [each.id for each in indicators]
    figures, rebases = queries.figures_of(ids), queries.rebases_of(ids)
    known = [each for each in indicators if figures.get(each.id)]
    levels = db.session.scalars(
        sa.select(Signal.level).where(Signal.deployment_id == deployment.id, Signal.status != "closed")
    ).all()
    return {
        "performance": [_last(each, figures[each.id], rebases.get(each.id, ())) for each in known],
        "monitored_to": max((figures[each.id][-1].period_on for each in known), default=None),
        "open_signals": len(levels),
        "red_signals": levels.count("red"),
    }


def _last(indicator: Indicator, figures: Sequence[Figure], rebases: Sequence[Rebase]) -> dict[str, Any]:
    """One figure alone has no chart, so neither variation nor assurance."""
    chart, last = queries.chart_of(indicator, figures, rebases), figures[-1]
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "period": last.period_on.isoformat(),
        "value": written(last.value),
        "target": None if indicator.target is None else written(indicator.target),
        "variation": chart.icon.variation.value if chart and chart.icon else "",
        "assurance": chart.assurance.value if chart else "none",
    }
