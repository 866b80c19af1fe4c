"""Opening a signal, taking it up and closing it. A signal never stops a tool by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from governance import clock
from governance.audit.record import record
from governance.database import db
from governance.errors import Conflict, NotVisible, refuse_if
from governance.monitoring.readings import queries as readings
from governance.monitoring.readings.models import Indicator
from governance.monitoring.readings.slots import Seen
from governance.monitoring.signals import notices, queries, rules
from governance.monitoring.signals.models import Signal, SignalChange
from governance.monitoring.signals.rules import Sight
from governance.permissions import SYSTEM, Actor, Permission, Role
from governance.register import operations as register
from governance.register.models import Deployment

ACTING = (Role.CSO, Role.SRO, Role.CLINICAL_LEAD, Role.DIGITAL_LEAD)


def look(deployment: Deployment, seen: Sequence[Seen], by: Actor, at: datetime) -> None:
    """See what figures say, in the transaction that entered them: open signals, and close those that hold no more."""
    idents = [each.indicator.id for each in seen]
    figures, rebases = readings.figures_of(idents), readings.rebases_of(idents)
    opened: list[Signal] = []
    gone: list[Signal] = []
    for each in seen:
        some = [(figure.period_on, figure.value) for figure in figures.get(each.indicator.id, ())]
        begun = [row.period_on for row in rebases.get(each.indicator.id, ())]
        sights = rules.seen(_watched(each.indicator), some, begun, since=each.since, on=clock.london_date(at))
        before = {(row.kind, row.period_on): row for row in queries.of_indicator(each.indicator.id)}
        for sight in sights:
            row = before.get((sight.kind, sight.period_on))
            if row is None:
                opened.append(open_signal(deployment=deployment, indicator=each.indicator, sight=sight, at=at))
            elif _again(row, sight, at):
                opened.append(row)
        there = {(sight.kind, sight.period_on) for sight in sights}
        gone += [row for row in before.values() if _vanished(row, each, there, at)]
    if opened:
        notices.opened(deployment, opened, at)
    if red := [row for row in gone if row.level == "red"]:
        notices.closed_by_itself(deployment, red, "The figure was corrected, and it holds no more.", at)


def open_signal(*, deployment: Deployment, indicator: Indicator, sight: Sight, at: datetime) -> Signal:
    """Open one signal: the system's act, with an owner and a time by which somebody looks. The caller tells people."""
    on = clock.london_date(at)
    held = queries.held_by_somebody(deployment, {Role(indicator.owner_role)}, on)
    row = Signal(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        indicator_id=indicator.id,
        number=queries.next_number(deployment),
        kind=sight.kind,
        level=sight.level,
        sentence=sight.sentence[:400],
        period_on=sight.period_on,
        owner_role=rules.owner_of(indicator.owner_role, held),
        status="open",
        opened_at=at,
        look_by=rules.look_by(sight.level, at),
    )
    db.session.add(row)
    db.session.flush()
    _change(row, None, sight.sentence, SYSTEM, "", at)
    _record("signal.opened", row, SYSTEM, at, level=row.level, about=row.kind, period=row.period_on.isoformat())
    return row


def open_missing(*, deployment: Deployment, indicator: Indicator, period_on: date, at: datetime) -> Signal:
    """Open a signal about a figure that did not come within its time, and tell people."""
    sentence = rules.missing_sentence(indicator.name, indicator.frequency, period_on)
    sight = Sight("missing", "amber", period_on, sentence)
    row = open_signal(deployment=deployment, indicator=indicator, sight=sight, at=at)
    notices.opened(deployment, [row], at)
    register.project(deployment=deployment, at=at)
    return row


def take_up(*, signal: Signal, text: str, version_id: int | str, by: Actor, at: datetime) -> SignalChange:
    """Say that somebody looks into it. Raises Refused, Forbidden, Conflict when it was changed meanwhile."""
    deployment = _deployment(signal, version_id, by)
    refuse_if(rules.take_up_blockers(signal.status))
    change = _move(signal, "taken_up", text, by, _role(by, signal), at)
    _record("signal.taken_up", signal, by, at, said=text.strip())
    register.project(deployment=deployment, at=at)
    return change


def close(*, signal: Signal, text: str, version_id: int | str, by: Actor, at: datetime) -> SignalChange:
    """Close it with what was found and done. Raises Refused (a red one: the safety officer or SRO), Forbidden, Conflict."""
    deployment = _deployment(signal, version_id, by)
    held = {role for role in ACTING if by.holds(role, deployment.id)}
    refuse_if(
        rules.close_blockers(
            level=signal.level, kind=signal.kind, status=signal.status, found=text, held=held,
            entered_it=queries.entered_by(signal) == by.person_id,
        )
    )  # fmt: skip
    change = _move(signal, "closed", text, by, _role(by, signal), at)
    _record("signal.closed", signal, by, at, said=text.strip())
    register.project(deployment=deployment, at=at)
    return change


def _again(row: Signal, sight: Sight, at: datetime) -> bool:
    """Bring a signal that was seen before up to what is seen now; whether it is open anew and people must be told.

    One that a person closed stays closed, unless it has become red; one that a correction closed opens again.
    """
    worse = row.level == "amber" and sight.level == "red"
    by_itself = row.status == "closed" and _closed_by_itself(row)
    if (row.level, row.sentence) == (sight.level, sight.sentence) and not by_itself:
        return False
    if row.status == "closed" and not (worse or by_itself):
        return False
    row.level, row.sentence = sight.level, sight.sentence[:400]
    anew = row.status == "closed" or worse
    if anew:
        row.look_by, row.closed_at = rules.look_by(sight.level, at), None
    _move(row, "open" if row.status == "closed" else row.status, sight.sentence, SYSTEM, "", at)
    _record("signal.seen_again", row, SYSTEM, at, level=row.level, period=row.period_on.isoformat())
    return anew


def _vanished(row: Signal, seen: Seen, there: set[tuple[str, date]], at: datetime) -> bool:
    """Close a signal that what was entered made untrue; whether it did. Changed limits alone close nothing."""
    if row.status == "closed" or not seen.entered:
        return False
    if row.kind == "missing":
        text = "The figure came." if row.period_on in seen.entered else ""
    elif (row.kind, row.period_on) in there or row.period_on < seen.since:
        text = ""
    elif row.kind == "breach":
        text = "The figure was corrected and lies within its limits." if row.period_on in seen.entered else ""
    elif not rules.is_news(_watched(seen.indicator), row.period_on, clock.london_date(at)):
        text = ""
    else:
        text = "With the figures that were entered or corrected since, the chart shows it no more."
    if not text:
        return False
    _move(row, "closed", text, SYSTEM, "", at)
    _record("signal.closed", row, SYSTEM, at, said=text)
    return row.kind != "missing"


def _closed_by_itself(row: Signal) -> bool:
    last = queries.history(row)[-1][0]
    return last.by_person_id is None


def _move(row: Signal, status: str, text: str, by: Actor, role: str, at: datetime) -> SignalChange:
    before, row.status = row.status, status
    if status == "closed":
        row.closed_at = at
    return _change(row, before, text, by, role, at)


def _change(row: Signal, before: str | None, text: str, by: Actor, role: str, at: datetime) -> SignalChange:
    change = SignalChange(
        organisation_id=row.organisation_id,
        signal_id=row.id,
        at=at,
        by_person_id=by.person_id,
        by_role=role,
        status_from=before,
        status_to=row.status,
        text=text.strip(),
    )
    db.session.add(change)
    return change


def _watched(row: Indicator) -> rules.Watched:
    return rules.Watched(
        name=row.name, unit=row.unit, direction=row.direction, frequency=row.frequency, profile=row.profile,
        target=row.target, limit_low=row.limit_low, limit_high=row.limit_high, first_period_on=row.first_period_on,
    )  # fmt: skip


def _role(by: Actor, signal: Signal) -> str:
    """The role in which somebody acts: the owner's where they hold it."""
    order = (Role(signal.owner_role), *ACTING)
    return next((role.value for role in order if by.holds(role, signal.deployment_id)), "")


def _deployment(signal: Signal, version_id: int | str, by: Actor) -> Deployment:
    deployment = db.session.get(Deployment, signal.deployment_id)
    if deployment is None or by.organisation_id != deployment.organisation_id:
        raise NotVisible()
    by.must(Permission.ACT_ON_SIGNAL, deployment_id=deployment.id)
    if str(signal.version_id) != str(version_id):
        raise Conflict()
    return deployment


def _record(kind: str, row: Signal, by: Actor, at: datetime, **payload: object) -> None:
    record(
        kind, stream=f"deployment:{row.deployment_id}", by=by, at=at, organisation_id=row.organisation_id,
        signal=row.number, **payload,
    )  # fmt: skip
