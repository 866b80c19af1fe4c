"""Finding signals and their history. Lists are the actor's own; the ones that matter most come first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from governance.database import db
from governance.errors import NotVisible
from governance.identity import queries as identity
from governance.identity.models import Organisation, Person
from governance.monitoring.readings.models import Indicator, Reading, ReadingBatch
from governance.monitoring.signals.models import Signal, SignalChange
from governance.permissions import Role
from governance.register.models import Deployment, Tool

PAGE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One signal in a list."""

    signal: Signal
    indicator: str
    reference: str
    tool: str
    organisation: str


def signal(deployment: Deployment, number: int) -> Signal:
    """One signal of a deployment. Raises NotVisible."""
    query = sa.select(Signal).where(Signal.deployment_id == deployment.id, Signal.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def of_deployment(deployment: Deployment, *, open_only: bool = True) -> Sequence[Signal]:
    """Signals of a deployment, red first, then the newest."""
    query = sa.select(Signal).where(Signal.deployment_id == deployment.id)
    query = query.where(Signal.status != "closed") if open_only else query
    return db.session.scalars(query.order_by(Signal.level.desc(), Signal.number.desc())).all()


def of_indicator(indicator_id: int) -> Sequence[Signal]:
    """Every signal about one indicator."""
    return db.session.scalars(sa.select(Signal).where(Signal.indicator_id == indicator_id).order_by(Signal.id)).all()


def listed(
    scope: Collection[int], *, closed: bool = False, level: str | None = None, after: int | None = None, limit: int = PAGE
) -> list[Listed]:
    """Signals of some organisations in one query: open ones red first and oldest first, closed ones newest first.

    `after` is the id of the last closed one shown before.
    """
    query = (
        sa.select(Signal, Indicator.name, Deployment.reference, Tool.name, Organisation.name)
        .join(Indicator, Indicator.id == Signal.indicator_id)
        .join(Deployment, Deployment.id == Signal.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(Organisation, Organisation.id == Deployment.organisation_id)
        .where(Signal.organisation_id.in_(scope))
    )
    if closed:
        query = query.where(Signal.status == "closed").order_by(Signal.id.desc())
        query = query.where(Signal.id < after) if after is not None else query
    else:
        query = query.where(Signal.status != "closed").order_by(Signal.level.desc(), Signal.opened_at, Signal.id)
    query = query.where(Signal.level == level) if level else query
    return [Listed(row[0], row[1], row[2], row[3], row[4]) for row in db.session.execute(query.limit(limit))]


def how_many_open(scope: Collection[int]) -> dict[str, int]:
    """How many are open, by level."""
    query = sa.select(Signal.level, sa.func.count()).where(Signal.organisation_id.in_(scope), Signal.status != "closed")
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Signal.level))}


def history(signal: Signal) -> list[tuple[SignalChange, str]]:
    """What was done about a signal, with names (empty for the system), oldest first."""
    query = sa.select(SignalChange, Person.name).outerjoin(Person, Person.id == SignalChange.by_person_id)
    rows = db.session.execute(query.where(SignalChange.signal_id == signal.id).order_by(SignalChange.id))
    return [(row[0], row[1] or "") for row in rows]


def entered_by(signal: Signal) -> int | None:
    """Who entered the figure that a signal is about, as it counts; None where it has none."""
    query = (
        sa.select(ReadingBatch.entered_by)
        .join(Reading, Reading.batch_id == ReadingBatch.id)
        .where(Reading.indicator_id == signal.indicator_id, Reading.period_on == signal.period_on)
        .order_by(Reading.revision.desc())
    )
    return db.session.scalar(query.limit(1))


def next_number(deployment: Deployment) -> int:
    """The number of the next signal of a deployment."""
    return (db.session.scalar(sa.select(sa.func.max(Signal.number)).where(Signal.deployment_id == deployment.id)) or 0) + 1


def held_by_somebody(deployment: Deployment, roles: Collection[Role], on: date) -> set[Role]:
    """Which of some roles anybody holds for a deployment."""
    return {role for role in roles if identity.holders(deployment.organisation_id, role, on, deployment.id)}


def people(deployment: Deployment, roles: Collection[Role], on: date) -> set[int]:
    """Ids of everybody who holds one of these roles for a deployment."""
    return {
        person.id for role in roles for person in identity.holders(deployment.organisation_id, role, on, deployment.id)
    }


def open_missing(indicator_ids: Collection[int]) -> set[int]:
    """Which of these indicators have an open signal about a figure that did not come."""
    query = sa.select(Signal.indicator_id).where(
        Signal.indicator_id.in_(indicator_ids), Signal.kind == "missing", Signal.status != "closed"
    )
    return set(db.session.scalars(query))


def told_missing(indicator_ids: Collection[int]) -> set[tuple[int, date]]:
    """(indicator, period) of each figure whose absence has been a signal, open or closed."""
    query = sa.select(Signal.indicator_id, Signal.period_on)
    query = query.where(Signal.indicator_id.in_(indicator_ids), Signal.kind == "missing")
    return {(row[0], row[1]) for row in db.session.execute(query)}


def watched(batch: int = 200) -> Iterator[list[tuple[Indicator, Deployment]]]:
    """Every indicator measured now, everywhere, with its deployment; some at a time, for what runs by itself."""
    after = 0
    while True:
        query = sa.select(Indicator, Deployment).join(Deployment, Deployment.id == Indicator.deployment_id)
        query = query.where(Indicator.ended_on.is_(None), Indicator.id > after).order_by(Indicator.id).limit(batch)
        found = [(row[0], row[1]) for row in db.session.execute(query)]
        if not found:
            return
        yield found
        after = found[-1][0].id
