"""Builders for what is watched: a declared tool with indicators, and figures entered by the real operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.clock import add_months
from governance.database import db, transaction
from governance.monitoring.readings import operations, queries
from governance.monitoring.readings.models import Indicator, ReadingBatch
from governance.monitoring.readings.operations import Setting
from governance.monitoring.readings.rules import Entry
from governance.monitoring.signals.models import Signal
from governance.permissions import Role
from governance.register.models import Deployment
from tests import declared
from tests.world import World

MISSED: dict[str, Any] = {
    "name": "Urgent findings missed",
    "source": "Monthly audit",
    "direction": "down",
    "frequency": "monthly",
    "first_period_on": date(2025, 1, 1),
    "unit": "in 1,000",
    "target": Decimal(2),
    "limit_high": Decimal(4),
    "owner": "The clinical lead",
}


def deployment(world: World, code: str = "RTH01", **changed: Any) -> Deployment:
    """A declared tool in use, with its clinical lead and SRO appointed."""
    row = declared.declare(world, code, **changed)
    with transaction():
        world.appoint_for(row.deployment_id, code)
    return db.session.get_one(Deployment, row.deployment_id)


def measure(world: World, where: Deployment, **changed: Any) -> Indicator:
    """Begin to measure one thing, by the organisation's digital lead."""
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, where.organisation.code)
        return operations.add_indicator(deployment=where, setting=Setting(**MISSED | changed), by=by, at=clock.now())


def enter(
    world: World, where: Deployment, values: Sequence[object], *, number: int = 1, since: date | None = None, note: str = ""
) -> ReadingBatch:
    """Monthly figures one after another, so that the last is of the month before today; or from `since` on."""
    today = clock.today().replace(day=1)
    first = since or add_months(today, -len(values))
    given = [Entry(number, add_months(first, n), Decimal(str(value)), note) for n, value in enumerate(values)]
    return put(world, where, given)


def put(world: World, where: Deployment, entries: Sequence[Entry]) -> ReadingBatch:
    """Enter figures as the digital lead, in a transaction of its own."""
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, where.organisation.code)
        return operations.enter(deployment=where, entries=entries, by=by, at=clock.now())


def signals(where: Deployment, *, open_only: bool = True) -> list[Signal]:
    """Signals of a deployment by period and kind."""
    query = sa.select(Signal).where(Signal.deployment_id == where.id).order_by(Signal.indicator_id, Signal.period_on, Signal.kind)
    return [each for each in db.session.scalars(query) if each.status != "closed" or not open_only]


def held(indicator: Indicator) -> list[tuple[date, Decimal]]:
    """The figures that count."""
    return [(each.period_on, each.value) for each in queries.figures_of([indicator.id]).get(indicator.id, ())]


def kept(world: World) -> Deployment:
    """A declared tool with two indicators, three figures and a red signal: what a sweep visits."""
    where = deployment(world)
    measure(world, where)
    measure(world, where, name="Letters edited before sending", unit="%", direction="up", target=None, limit_high=None)
    enter(world, where, [2, 6])
    enter(world, where, [92], number=2)
    return where
