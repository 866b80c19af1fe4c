"""The figures of a deployment as an assurance pack holds them: each indicator with its figures and what its chart says.

A pack holds nothing that depends on today: only what was entered, set and decided up to a moment counts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from governance import canonical
from governance.database import db
from governance.monitoring import charting
from governance.monitoring.readings import queries, rules
from governance.monitoring.readings.models import Indicator, Reading, ReadingBatch
from governance.monitoring.readings.queries import Figure
from governance.register.models import Deployment

TITLE = "Figures so far"


def part(deployment: Deployment, *, until: datetime | None, title: str = TITLE) -> dict[str, Any]:
    """A part of kind `figures`, with its own digest. `until`: the moment the pack was frozen; None while it is live."""
    rows = [each for each in queries.indicators(deployment) if until is None or each.added_at <= until]
    ids = [each.id for each in rows]
    figures, rebases = _figures(ids, until), queries.rebases_of(ids)
    indicators = []
    for each in rows:
        begun = [row for row in rebases.get(each.id, ()) if until is None or row.decided_at <= until]
        some = figures.get(each.id, [])
        indicators.append(
            {
                "name": each.name,
                "unit": each.unit,
                "target": each.target_text,
                "figures": [[figure.period_on.isoformat(), rules.written(figure.value)] for figure in some],
                "new_limits": [row.period_on.isoformat() for row in begun],
                **_reads(each, some, [row.period_on for row in begun]),
            }
        )
    return {"kind": "figures", "title": title, "indicators": indicators, "digest": canonical.digest(indicators)}


def has_figures(found: dict[str, Any]) -> bool:
    """Whether a part holds any figure."""
    return any(each["figures"] for each in found["indicators"])


def _reads(indicator: Indicator, figures: list[Figure], begun: list[date]) -> dict[str, Any]:
    """What the chart says, in words: how it varies, whether it meets its target, and its limits."""
    chart = rules.chart(
        [(each.period_on, each.value) for each in figures],
        direction=indicator.direction, profile=indicator.profile, target=indicator.target, rebase_on=begun,
    )  # fmt: skip
    if chart is None:
        return {"profile": indicator.profile, "variation": "", "assurance": "", "limits": ""}
    drawn = charting.drawing(chart, title=indicator.name, unit=indicator.unit)
    return {
        "profile": indicator.profile,
        "variation": ", ".join(drawn.variation_words) if drawn.variation_words else "",
        "assurance": drawn.assurance_words[0] if drawn.assurance_words else "",
        "limits": drawn.rows[0].limits,
    }


def _figures(indicator_ids: Collection[int], until: datetime | None) -> dict[int, list[Figure]]:
    """The figures that counted at a moment, in the order of their periods."""
    if until is None:
        return queries.figures_of(indicator_ids)
    query = (
        sa.select(Reading)
        .join(ReadingBatch, ReadingBatch.id == Reading.batch_id)
        .where(Reading.indicator_id.in_(indicator_ids), ReadingBatch.entered_at <= until)
        .order_by(Reading.period_on, Reading.revision)
    )
    found: dict[int, dict[date, Figure]] = {}
    for each in db.session.scalars(query):
        figure = Figure(each.period_on, each.value, each.revision, each.note)
        found.setdefault(each.indicator_id, {})[each.period_on] = figure
    return {ident: list(by_period.values()) for ident, by_period in found.items()}
