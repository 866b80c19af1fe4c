"""Setting up what is watched, and entering figures. A figure is never changed: a correction is a newer row with its note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from governance import canonical, clock
from governance.assessment.plans import queries as plans
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import Blocker, Conflict, NotVisible, Refused, refuse_if
from governance.monitoring.readings import periods, queries, rules, slots
from governance.monitoring.readings.models import Indicator, IndicatorChange, Reading, ReadingBatch, Rebase
from governance.monitoring.readings.rules import Entry
from governance.permissions import Actor, Permission, Role
from governance.register import operations as register
from governance.register.models import Deployment


@dataclass(frozen=True, slots=True)
class Setting:
    """What is set about one indicator. `limit_low` and `limit_high` bound what may happen without somebody looking."""

    name: str
    direction: str
    frequency: str
    first_period_on: date
    owner_role: str = Role.CLINICAL_LEAD
    source: str = ""
    unit: str = ""
    target_text: str = ""
    target: Decimal | None = None
    limit_low: Decimal | None = None
    limit_high: Decimal | None = None
    owner: str = ""
    plan_revision: int | None = None


CHANGEABLE = {
    "source": "where it comes from",
    "unit": "unit",
    "target": "target",
    "limit_low": "lower limit",
    "limit_high": "upper limit",
    "owner": "who looks at it",
    "owner_role": "whose turn a signal is",
}


def add_indicator(*, deployment: Deployment, setting: Setting, by: Actor, at: datetime) -> Indicator:
    """Begin to measure one thing. Raises Refused with what it lacks, Forbidden, NotVisible."""
    _own(deployment, by, Permission.MANAGE_INDICATORS)
    refuse_if(rules.watch_blockers(deployment.stage, deployment.standing))
    one_at_a_time(f"indicator:{deployment.id}")
    there = queries.indicators(deployment)
    refuse_if(_setting_blockers(setting, [each.name for each in there if each.ended_on is None]))
    return _add(deployment, setting, max((each.number for each in there), default=0) + 1, by, at)


def take_from_plan(*, deployment: Deployment, settings: Sequence[Setting], by: Actor, at: datetime) -> list[Indicator]:
    """Begin to measure what the newest revision of the monitoring plan names, as set here. Raises Refused, Conflict."""
    _own(deployment, by, Permission.MANAGE_INDICATORS)
    refuse_if(rules.watch_blockers(deployment.stage, deployment.standing))
    one_at_a_time(f"indicator:{deployment.id}")
    plan = plans.monitoring_plan(deployment)
    if not settings:
        raise Refused.because("Choose at least one indicator.", code="none")
    if plan is None or any(each.plan_revision != plan.revision for each in settings):
        raise Conflict("The monitoring plan was changed since. Check what it says now.")
    named = {str(each.get("name", "")).strip() for each in plan.content.get("indicators") or ()}
    if any(each.name.strip() not in named for each in settings):
        raise NotVisible()
    there = queries.indicators(deployment)
    taken = [each.name for each in there if each.ended_on is None]
    number = max((each.number for each in there), default=0)
    added, found = [], list[Blocker]()
    for n, setting in enumerate(settings):
        found += [replace(each, code=f"{n}.{each.code}") for each in _setting_blockers(setting, taken)]
        taken.append(setting.name)
    refuse_if(found)
    for setting in settings:
        number += 1
        added.append(_add(deployment, setting, number, by, at))
    return added


def change_indicator(
    *, indicator: Indicator, changed: Mapping[str, Any], reason: str, version_id: int | str, by: Actor, at: datetime
) -> IndicatorChange:
    """Change target, limits, source or owner of an indicator (names in CHANGEABLE), with a reason.

    The newest figure is looked at again under the new limits. Raises Refused, Conflict when somebody changed it meanwhile.
    """
    deployment = _deployment(indicator, by, Permission.MANAGE_INDICATORS)
    if str(indicator.version_id) != str(version_id):
        raise Conflict()
    wanted = {name: getattr(indicator, name) for name in CHANGEABLE} | dict(changed)
    different = {name: value for name, value in wanted.items() if value != getattr(indicator, name)}
    refuse_if(_change_blockers(indicator, wanted, different, reason))
    told = [[CHANGEABLE[name], _said(getattr(indicator, name)), _said(value)] for name, value in different.items()]
    for name, value in different.items():
        setattr(indicator, name, value)
    if "target" in different:
        indicator.target_text = rules.said(indicator.target, indicator.unit) if indicator.target is not None else ""
    change = _note(indicator, "changed", reason, told, by, at)
    _record("indicator.changed", deployment, by, at, indicator=indicator.number, changes=told, reason=reason.strip())
    newest = queries.figures_of([indicator.id]).get(indicator.id)
    if newest and different.keys() & {"limit_low", "limit_high"}:
        slots.look(deployment, [slots.Seen(indicator, newest[-1].period_on)], by, at)
    register.project(deployment=deployment, at=at)
    return change


def end_indicator(*, indicator: Indicator, reason: str, version_id: int | str, by: Actor, at: datetime) -> IndicatorChange:
    """Measure it no more: no figure is expected for a period that is not over today. Raises Refused, Conflict."""
    deployment = _deployment(indicator, by, Permission.MANAGE_INDICATORS)
    if str(indicator.version_id) != str(version_id):
        raise Conflict()
    found = [Blocker("reason", "Say why it is not measured any more.")] if not reason.strip() else []
    found += [Blocker("ended", "It is not measured any more already.")] if indicator.ended_on else []
    refuse_if(found)
    indicator.ended_on = clock.london_date(at)
    change = _note(indicator, "ended", reason, [], by, at)
    _record("indicator.ended", deployment, by, at, indicator=indicator.number, reason=reason.strip())
    register.project(deployment=deployment, at=at)
    return change


def enter(
    *, deployment: Deployment, entries: Sequence[Entry], by: Actor, at: datetime, source: str = "form",
    filename: str = "", sha256: str = "", rows: Mapping[tuple[int, date], int] | None = None,
) -> ReadingBatch:  # fmt: skip
    """Enter figures, all or none; those held already as they are given are left out. A correction needs a note.

    `rows` says for figures of a file in which row they stood, so that each refusal names it.
    Raises Refused with a sentence for each fault, Forbidden, NotVisible for an indicator that is not there.
    """
    _own(deployment, by, Permission.ENTER_READINGS)
    refuse_if(rules.watch_blockers(deployment.stage, deployment.standing))
    one_at_a_time(f"readings:{deployment.id}")
    known = {each.number: each for each in queries.indicators(deployment)}
    if any(entry.number not in known for entry in entries):
        raise NotVisible()
    there = queries.figures_of([each.id for each in known.values()])
    held = {(known[n].number, each.period_on): each for n in known for each in there.get(known[n].id, ())}
    new = _new(entries, known, held, clock.london_date(at), rows or {})
    batch = ReadingBatch(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        source=source,
        filename=filename[:200],
        sha256=sha256,
        row_count=len(new),
        digest=canonical.digest(rules.batch_content([(known[e.number].id, e.period_on, e.value, r, e.note) for e, r in new])),
        entered_by=by.person_id,
        entered_at=at,
    )
    db.session.add(batch)
    db.session.flush()
    for entry, revision in new:
        db.session.add(
            Reading(
                organisation_id=deployment.organisation_id, indicator_id=known[entry.number].id, batch_id=batch.id,
                period_on=entry.period_on, value=entry.value, revision=revision, note=entry.note,
            )
        )  # fmt: skip
    corrections = sum(revision > 1 for _, revision in new)
    _record(
        "readings.entered", deployment, by, at, batch=batch.id, source=source, figures=len(new), corrections=corrections,
        digest=batch.digest, sha256=sha256,
    )  # fmt: skip
    slots.look(deployment, _seen([entry for entry, _ in new], known), by, at)
    register.project(deployment=deployment, at=at)
    return batch


def rebase(*, indicator: Indicator, period_on: date, reason: str, by: Actor, at: datetime) -> Rebase:
    """Judge the chart against new limits from a period on. A person decides it, never the product. Raises Refused."""
    deployment = _deployment(indicator, by, Permission.MANAGE_INDICATORS)
    one_at_a_time(f"readings:{deployment.id}")
    there = [each.period_on for each in queries.figures_of([indicator.id]).get(indicator.id, ())]
    begun = [each.period_on for each in queries.rebases_of([indicator.id]).get(indicator.id, ())]
    refuse_if(rules.rebase_blockers(period_on=period_on, there=there, begun=begun, reason=reason))
    row = Rebase(
        organisation_id=indicator.organisation_id,
        indicator_id=indicator.id,
        period_on=period_on,
        reason=reason.strip(),
        decided_by=by.person_id,
        decided_at=at,
    )
    db.session.add(row)
    _record(
        "indicator.rebased", deployment, by, at, indicator=indicator.number, period=period_on.isoformat(), reason=row.reason
    )
    register.project(deployment=deployment, at=at)
    return row


def _new(
    entries: Sequence[Entry], known: Mapping[int, Indicator], held: Mapping[tuple[int, date], queries.Figure], on: date,
    rows: Mapping[tuple[int, date], int],
) -> list[tuple[Entry, int]]:  # fmt: skip
    """The figures to write, each with its revision, in order. Raises Refused."""
    found: list[Blocker] = []
    new: list[tuple[Entry, int]] = []
    seen: set[tuple[int, date]] = set()
    for given in entries:
        entry = replace(given, note=" ".join(given.note.split()))
        key = (entry.number, entry.period_on)
        indicator, before = known[entry.number], held.get(key)
        measured = rules.Measured(indicator.number, indicator.name, indicator.frequency, indicator.ended_on)
        where = f"Row {rows[key]}: " if key in rows else ""
        found += rules.entry_blockers(entry, measured, there=before.value if before else None, on=on, where=where)
        if key in seen:
            period = periods.name(entry.period_on, indicator.frequency)
            found.append(Blocker("twice", f"{where}{indicator.name}, {period}: it is there twice."))
        seen.add(key)
        if before is None or before.value != entry.value:
            new.append((entry, before.revision + 1 if before else 1))
    if not found and not new:
        said = "Every figure is held already as it is given." if entries else "Enter at least one figure."
        found.append(Blocker("none", said))
    refuse_if(found)
    return sorted(new, key=lambda each: (each[0].number, each[0].period_on))


def _seen(entries: Sequence[Entry], known: Mapping[int, Indicator]) -> list[slots.Seen]:
    by_number: dict[int, set[date]] = {}
    for entry in entries:
        by_number.setdefault(entry.number, set()).add(entry.period_on)
    return [slots.Seen(known[number], min(days), frozenset(days)) for number, days in by_number.items()]


def _add(deployment: Deployment, setting: Setting, number: int, by: Actor, at: datetime) -> Indicator:
    row = Indicator(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        number=number,
        name=setting.name.strip(),
        source=setting.source.strip(),
        unit=setting.unit.strip(),
        direction=setting.direction,
        target_text=setting.target_text.strip(),
        target=setting.target,
        limit_low=setting.limit_low,
        limit_high=setting.limit_high,
        frequency=setting.frequency,
        owner=setting.owner.strip(),
        owner_role=setting.owner_role,
        plan_revision=setting.plan_revision,
        first_period_on=periods.period_of(setting.first_period_on, setting.frequency),
        added_by=by.person_id,
        added_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _note(row, "added", "", [], by, at)
    _record(
        "indicator.added", deployment, by, at, indicator=number, name=row.name, target=_said(row.target),
        limit_low=_said(row.limit_low), limit_high=_said(row.limit_high), plan_revision=setting.plan_revision,
    )  # fmt: skip
    return row


def _note(
    indicator: Indicator, kind: str, reason: str, changes: list[list[str]], by: Actor, at: datetime
) -> IndicatorChange:
    row = IndicatorChange(
        organisation_id=indicator.organisation_id,
        indicator_id=indicator.id,
        kind=kind,
        reason=reason.strip(),
        changes=changes,
        by_person_id=by.person_id,
        at=at,
    )
    db.session.add(row)
    return row


def _setting_blockers(setting: Setting, taken: Sequence[str]) -> list[Blocker]:
    return rules.indicator_blockers(
        name=setting.name, frequency=setting.frequency, direction=setting.direction, target=setting.target,
        low=setting.limit_low, high=setting.limit_high, owner_role=setting.owner_role, taken=taken,
    )  # fmt: skip


def _change_blockers(
    indicator: Indicator, wanted: Mapping[str, Any], different: Mapping[str, Any], reason: str
) -> list[Blocker]:
    found = rules.indicator_blockers(
        name=indicator.name, frequency=indicator.frequency, direction=indicator.direction, target=wanted["target"],
        low=wanted["limit_low"], high=wanted["limit_high"], owner_role=wanted["owner_role"],
    )  # fmt: skip
    found += [Blocker("ended", "It is not measured any more.")] if indicator.ended_on else []
    found += [Blocker("unchanged", "Nothing is changed yet.")] if not different else []
    found += [Blocker("reason", "Say why it changes.")] if not reason.strip() else []
    return found


def _deployment(indicator: Indicator, by: Actor, permission: Permission) -> Deployment:
    deployment = db.session.get(Deployment, indicator.deployment_id)
    if deployment is None:
        raise NotVisible()
    _own(deployment, by, permission)
    return deployment


def _own(deployment: Deployment, by: Actor, permission: Permission) -> None:
    """Writing is to the own organisation, whatever may be read."""
    if by.organisation_id != deployment.organisation_id:
        raise NotVisible()
    by.must(permission, deployment_id=deployment.id)


def _said(value: object) -> str:
    return "none" if value is None or value == "" else rules.written(value) if isinstance(value, Decimal) else str(value)


def _record(kind: str, deployment: Deployment, by: Actor, at: datetime, **payload: Any) -> None:
    record(
        kind, stream=register.stream_of(deployment), by=by, at=at, organisation_id=deployment.organisation_id, **payload
    )
