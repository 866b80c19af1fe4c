"""Monitoring's part of what partners see: the last figure of each indicator as its chart reads it, and open signals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from governance.database import db
from governance.monitoring import spc
from governance.monitoring.readings.models import Indicator, Reading, Rebase
from governance.monitoring.signals.models import Signal
from governance.register.models import Deployment

BETTER = {
    "up": spc.Improvement.INCREASE,
    "down": spc.Improvement.DECREASE,
    "neither": spc.Improvement.NEUTRAL,
}


def part(deployment: Deployment) -> dict[str, Any]:
    """`performance` has one entry for each indicator still measured that has a figure, in their order."""
    query = sa.select(Indicator).where(Indicator.deployment_id == deployment.id, Indicator.ended_on.is_(None))
    indicators = db.session.scalars(query.order_by(Indicator.number)).all()
    figures = _figures([each.id for each in indicators])
    known = [each for each in indicators if figures.get(each.id)]
    rebased = _rebased([each.id for each in known])
    levels = db.session.scalars(
        sa.select(Signal.level).where(Signal.deployment_id == deployment.id, Signal.status != "closed")
    ).all()
    return {
        "performance": [_last(each, figures[each.id], rebased.get(each.id, ())) for each in known],
        "monitored_to": max((figures[each.id][-1].period_on for each in known), default=None),
        "open_signals": len(levels),
        "red_signals": levels.count("red"),
    }


def _last(indicator: Indicator, figures: Sequence[Reading], rebase_on: Sequence[date]) -> dict[str, Any]:
    chart = spc.control_chart(
        [each.value for each in figures],
        [each.period_on for each in figures],
        profile=indicator.profile,
        improvement=BETTER[indicator.direction],
        target=indicator.target,
        rebase_on=rebase_on,
    )
    last = figures[-1]
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "period": last.period_on.isoformat(),
        "value": f"{last.value:f}",
        "target": None if indicator.target is None else f"{indicator.target:f}",
        "variation": chart.icon.variation.value if chart.icon else "",
        "assurance": chart.assurance.value,
    }


def _figures(indicator_ids: Sequence[int]) -> dict[int, list[Reading]]:
    """Figures in the order of their periods; of each period the highest revision."""
    query = sa.select(Reading).where(Reading.indicator_id.in_(indicator_ids))
    newest: dict[tuple[int, date], Reading] = {}
    for each in db.session.scalars(query.order_by(Reading.period_on, Reading.revision)):
        newest[each.indicator_id, each.period_on] = each
    found: dict[int, list[Reading]] = {}
    for (indicator_id, _), each in newest.items():
        found.setdefault(indicator_id, []).append(each)
    return found


def _rebased(indicator_ids: Sequence[int]) -> dict[int, list[date]]:
    query = sa.select(Rebase.indicator_id, Rebase.period_on).where(Rebase.indicator_id.in_(indicator_ids))
    found: dict[int, list[date]] = {}
    for indicator_id, period_on in db.session.execute(query.order_by(Rebase.period_on)):
        found.setdefault(indicator_id, []).append(period_on)
    return found
