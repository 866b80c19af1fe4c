"""Finding indicators and their figures. The highest revision of a period counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from governance import canonical
from governance.audit import export
from governance.audit.models import Redaction
from governance.audit.reading import UNREADABLE
from governance.audit.redactions import operations as redacting
from governance.clock import london_date
from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.intake.models import Submission
from governance.keys import Keyring
from governance.monitoring.readings import periods, rules
from governance.monitoring.readings.models import Indicator, IndicatorChange, Reading, ReadingBatch, Rebase
from governance.monitoring.spc import Chart
from governance.permissions import Actor
from governance.register.models import Deployment, DeploymentChange, GoLive, ToolVersion

MOVES = ("suspend", "resume", "cease")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it counts: the value of the highest revision of its period."""

    period_on: date
    value: Decimal
    revision: int
    note: str


@dataclass(frozen=True, slots=True)
class Entered:
    """One row as it was entered: a figure or a correction of one, by whom and when."""

    indicator_id: int
    period_on: date
    value: Decimal
    revision: int
    note: str
    batch_id: int
    source: str
    by: str
    at: datetime


def indicators(deployment: Deployment, *, ended: bool = True) -> Sequence[Indicator]:
    """Indicators of a deployment by number; those not measured any more too, unless they are left out."""
    query = sa.select(Indicator).where(Indicator.deployment_id == deployment.id)
    query = query if ended else query.where(Indicator.ended_on.is_(None))
    return db.session.scalars(query.order_by(Indicator.number)).all()


def indicator(deployment: Deployment, number: int) -> Indicator:
    """One indicator of a deployment. Raises NotVisible."""
    query = sa.select(Indicator).where(Indicator.deployment_id == deployment.id, Indicator.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def figures_of(indicator_ids: Collection[int]) -> dict[int, list[Figure]]:
    """The figures that count, by indicator, in the order of their periods. One query."""
    columns = (Reading.indicator_id, Reading.period_on, Reading.value, Reading.revision, Reading.note)
    query = sa.select(*columns).where(Reading.indicator_id.in_(indicator_ids))
    found: dict[int, dict[date, Figure]] = {}
    for row in db.session.execute(query.order_by(Reading.period_on, Reading.revision)):
        figure = Figure(row.period_on, row.value, row.revision, row.note)
        found.setdefault(row.indicator_id, {})[figure.period_on] = figure
    return {ident: list(by_period.values()) for ident, by_period in found.items()}


def periods_of(indicator_ids: Collection[int]) -> dict[int, set[date]]:
    """Periods that have a figure, by indicator."""
    query = sa.select(Reading.indicator_id, Reading.period_on).where(Reading.indicator_id.in_(indicator_ids))
    found: dict[int, set[date]] = {}
    for ident, period_on in db.session.execute(query.where(Reading.revision == 1)):
        found.setdefault(ident, set()).add(period_on)
    return found


def rebases_of(indicator_ids: Collection[int]) -> dict[int, list[Rebase]]:
    """Where new limits begin, by indicator, in order."""
    query = sa.select(Rebase).where(Rebase.indicator_id.in_(indicator_ids)).order_by(Rebase.period_on)
    found: dict[int, list[Rebase]] = {}
    for each in db.session.scalars(query):
        found.setdefault(each.indicator_id, []).append(each)
    return found


def chart_of(indicator: Indicator, figures: Sequence[Figure], rebases: Sequence[Rebase]) -> Chart | None:
    """An indicator's control chart; None below two figures."""
    return rules.chart(
        [(each.period_on, each.value) for each in figures],
        direction=indicator.direction,
        profile=indicator.profile,
        target=indicator.target,
        rebase_on=[each.period_on for each in rebases],
    )


def entered(indicator: Indicator) -> list[Entered]:
    """Every row of an indicator, newest period first, each correction before what it corrects."""
    return _entered(Reading.indicator_id == indicator.id, Reading.period_on.desc(), Reading.revision.desc())


def batch(deployment: Deployment, batch_id: int) -> tuple[ReadingBatch, list[Entered]]:
    """Figures entered together, with their batch. Raises NotVisible."""
    query = sa.select(ReadingBatch).where(ReadingBatch.id == batch_id, ReadingBatch.deployment_id == deployment.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found, _entered(Reading.batch_id == found.id, Reading.indicator_id, Reading.period_on)


def _entered(where: sa.ColumnElement[bool], *order: Any) -> list[Entered]:
    query = (
        sa.select(
            Reading.indicator_id, Reading.period_on, Reading.value, Reading.revision, Reading.note, Reading.batch_id,
            ReadingBatch.source, Person.name, ReadingBatch.entered_at,
        )
        .join(ReadingBatch, ReadingBatch.id == Reading.batch_id)
        .join(Person, Person.id == ReadingBatch.entered_by)
        .where(where)
        .order_by(*order)
    )  # fmt: skip
    return [Entered(*_plain(row)) for row in db.session.execute(query)]


def _plain(row: Any) -> tuple[Any, ...]:
    return tuple(row)


def changes_of(indicator: Indicator) -> list[tuple[IndicatorChange, str]]:
    """What was set and changed, with the name of who did it, oldest first."""
    query = sa.select(IndicatorChange, Person.name).join(Person, Person.id == IndicatorChange.by_person_id)
    query = query.where(IndicatorChange.indicator_id == indicator.id).order_by(IndicatorChange.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def names(person_ids: Collection[int]) -> dict[int, str]:
    """Names of people by id."""
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}


def pauses_of(deployment_ids: Collection[int]) -> dict[int, tuple[periods.Pause, ...]]:
    """When each deployment was not in use: suspended, or ceased."""
    query = sa.select(DeploymentChange.deployment_id, DeploymentChange.arrow, DeploymentChange.at).where(
        DeploymentChange.deployment_id.in_(deployment_ids), DeploymentChange.arrow.in_(MOVES)
    )
    moves: dict[int, list[tuple[str, date]]] = {}
    for ident, arrow, at in db.session.execute(query.order_by(DeploymentChange.id)):
        moves.setdefault(ident, []).append((arrow, london_date(at)))
    return {ident: periods.pauses(some) for ident, some in moves.items()}


def versions(deployment: Deployment) -> list[tuple[date, str]]:
    """When a version other than the one before came into use: by an authorisation, or as the go-live record says."""
    decided = (
        sa.select(DeploymentChange.at, ToolVersion.version)
        .join(Submission, Submission.id == DeploymentChange.submission_id)
        .join(ToolVersion, ToolVersion.id == Submission.tool_version_id)
        .where(DeploymentChange.deployment_id == deployment.id, DeploymentChange.arrow == "take_effect")
    )
    live = (
        sa.select(GoLive.went_live_on, ToolVersion.version)
        .join(ToolVersion, ToolVersion.id == GoLive.tool_version_id)
        .where(GoLive.deployment_id == deployment.id)
    )
    came = [(london_date(at), version) for at, version in db.session.execute(decided)]
    came = sorted([*came, *((row[0], row[1]) for row in db.session.execute(live))])
    return [each for n, each in enumerate(came) if n and each[1] != came[n - 1][1]]


@dataclass(frozen=True, slots=True)
class Expected:
    """Figures of one indicator that are not in: those still in time (`waiting`) and those late, by first day."""

    indicator: Indicator
    waiting: tuple[date, ...]
    late: tuple[date, ...]

    @property
    def due_on(self) -> date:
        """The day by which the oldest one was or is due."""
        first = min((*self.late, *self.waiting))
        return periods.due_on(first, self.indicator.frequency)


def not_in(rows: Sequence[Indicator], on: date, there: Mapping[int, Collection[date]] | None = None) -> list[Expected]:
    """Indicators with a figure that is over and not in, of deployments that are watched. Two queries.

    `there` are the periods that have a figure, by indicator, where they are known already.
    """
    there = periods_of([each.id for each in rows]) if there is None else there
    stopped = pauses_of({each.deployment_id for each in rows})
    found = []
    for each in rows:
        wanted = periods.expected(
            first=each.first_period_on, frequency=each.frequency, until=on, ended_on=each.ended_on,
            pauses=stopped.get(each.deployment_id, ()),
        )  # fmt: skip
        open_ = [period for period in wanted if period not in there.get(each.id, ())]
        late = periods.missing(open_, (), frequency=each.frequency, on=on)
        if open_:
            found.append(Expected(each, tuple(period for period in open_ if period not in late), late))
    return found


def running(by: Actor) -> Sequence[tuple[Indicator, Deployment]]:
    """Indicators measured now in the actor's organisations, with their deployments, by deployment and number."""
    query = sa.select(Indicator, Deployment).join(Deployment, Deployment.id == Indicator.deployment_id)
    query = query.where(Indicator.organisation_id.in_(by.scope), Indicator.ended_on.is_(None))
    rows = db.session.execute(query.order_by(Indicator.deployment_id, Indicator.number))
    return [(row[0], row[1]) for row in rows if rules.is_watched(row[1].stage, row[1].standing)]


def altered(_keyring: Keyring, only: Mapping[str, Collection[int]] | None = None) -> Iterator[str]:
    """A sentence for each batch whose rows are not as they were entered; `flask audit verify` prints them.

    `only`: ids by table, where a verification looks at later events alone.
    """
    if only is not None:
        for ident in sorted(only.get("reading_batch", ())):
            yield from _altered_batch(ident)
        return
    try:
        found = list(_altered(sa.true(), sa.true()))
    except UNREADABLE:
        known = sa.union(sa.select(ReadingBatch.id), sa.select(Reading.batch_id))
        found = [said for ident in sorted(db.session.scalars(known).all()) for said in _altered_batch(ident)]
    yield from found


def _altered_batch(ident: int) -> list[str]:
    try:
        return list(_altered(Reading.batch_id == ident, ReadingBatch.id == ident))
    except UNREADABLE:
        return [f"reading_batch row {ident}: its figures cannot be read."]


def _altered(of_readings: sa.ColumnElement[bool], of_batches: sa.ColumnElement[bool]) -> Iterator[str]:
    columns = (Reading.batch_id, Reading.indicator_id, Reading.period_on, Reading.value, Reading.revision, Reading.note)
    query = sa.select(*columns).where(of_readings).order_by(Reading.batch_id).execution_options(yield_per=1_000)
    held = sa.select(ReadingBatch.id, ReadingBatch.digest, ReadingBatch.row_count).where(of_batches).order_by(ReadingBatch.id)
    batches = {ident: (digest, count) for ident, digest, count in db.session.execute(held)}
    rows: list[tuple[int, date, Decimal, int, str]] = []
    at: int | None = None
    for batch_id, *rest in db.session.execute(query):
        if batch_id != at:
            yield from _differs(at, rows, batches)
            at, rows = batch_id, []
        rows.append(_plain(rest))
    yield from _differs(at, rows, batches)
    for left in sorted(batches):
        yield f"reading_batch row {left}: its figures are gone."


def _differs(
    ident: int | None, rows: Sequence[tuple[int, date, Decimal, int, str]], batches: dict[int, tuple[str, int]]
) -> Iterator[str]:
    if ident is None:
        return
    digest, count = batches.pop(ident, ("", 0))
    now = canonical.digest(rules.batch_content(rows))
    if count != len(rows) or now not in (digest, _redacted(ident, digest)):
        yield f"reading_batch row {ident}: its figures are not as they were entered."


def entered_in(batch_id: int) -> list[list[object]]:
    """The figures of one batch as its digest is taken over them: what an export of the record holds beside it."""
    columns = (Reading.indicator_id, Reading.period_on, Reading.value, Reading.revision, Reading.note)
    found = db.session.execute(sa.select(*columns).where(Reading.batch_id == batch_id))
    return rules.batch_content([_plain(row) for row in found])


def _redacted(batch_id: int, digest: str) -> str:
    """The digest that a batch's figures give since a text was removed from a note among them."""
    of_batch = sa.select(Reading.id).where(Reading.batch_id == batch_id)
    query = sa.select(Redaction).where(Redaction.table_name == Reading.__tablename__, Redaction.row_id.in_(of_batch))
    for each in db.session.scalars(query.order_by(Redaction.id)):
        if each.content_before == digest:
            digest = each.content_after or digest
    return digest


def init() -> None:
    """Tell redaction and export what the digest of a batch is taken over: its figures, one of which has lost its note."""
    redacting.digests[Reading.__tablename__] = _batch_with
    export.figures[ReadingBatch.__tablename__] = entered_in


def _batch_with(row: Mapping[str, Any]) -> str:
    columns = (Reading.id, Reading.indicator_id, Reading.period_on, Reading.value, Reading.revision, Reading.note)
    query = sa.select(*columns).where(Reading.batch_id == row["batch_id"])
    here = [row[column.key] for column in columns[1:]]
    rows = [_plain(here if ident == row["id"] else rest) for ident, *rest in db.session.execute(query)]
    return canonical.digest(rules.batch_content(rows))
