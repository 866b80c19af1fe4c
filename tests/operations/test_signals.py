"""What the rules see in figures as they are entered, who is told, and who closes a signal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.monitoring.readings import operations as readings
from governance.monitoring.readings import queries as figures
from governance.monitoring.readings.rules import Entry
from governance.monitoring.signals import due, operations, queries
from governance.monitoring.signals.models import Signal
from governance.notifications.models import Notice
from governance.permissions import Role
from governance.register import operations as register
from governance.register import queries as registered
from governance.register.models import Deployment
from tests import monitored
from tests.world import World

OCTOBER = date(2026, 10, 1)
STEADY = [2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2]


@pytest.fixture
def where(app: Flask, world: World) -> Deployment:
    """A declared tool at the trust, with one indicator whose figure should stay at 4 or below."""
    found = monitored.deployment(world)
    monitored.measure(world, found)
    return found


def one(where: Deployment) -> Signal:
    (found,) = monitored.signals(where)
    return found


def told(kind: str = "signal.opened") -> set[str]:
    db.session.rollback()
    query = sa.select(Notice).where(Notice.kind == kind)
    return {notice.subject for notice in db.session.scalars(query)}


def told_people(world: World, roles: list[Role]) -> set[Role]:
    db.session.rollback()
    people = set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "signal.opened")))
    return {role for role in roles if world.person(role, "RTH01").id in people}


def test_a_figure_beyond_its_limit_opens_a_red_signal_and_tells_people(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 6])
    row = one(where)
    assert row.sentence == "The October 2026 figure for urgent findings missed, 6 in 1,000, is above its limit of 4."
    assert (row.kind, row.level, row.status, row.owner_role) == ("breach", "red", "open", "clinical_lead")
    assert row.look_by == row.opened_at + timedelta(hours=4)
    assert told() == {"Red signal: Scribeline at Riverside Teaching Hospitals"}
    assert told_people(world, [role for role in Role if role.is_person]) == {Role.CLINICAL_LEAD, Role.CSO, Role.SRO, Role.AI_LEAD}
    seen = registered.projection(where)
    assert seen is not None and (seen.open_signals, seen.red_signals) == (1, 1)
    assert where.standing.value == "declared"
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_a_run_of_worse_figures_is_one_amber_signal(world: World, where: Deployment) -> None:
    with clock.fixed(date(2026, 5, 4)):
        monitored.enter(world, where, STEADY)
    for month, value in enumerate(["2.6", "2.7", "2.8", "2.9"], 6):
        with clock.fixed(date(2026, month, 4)):
            monitored.enter(world, where, [value])
    assert monitored.signals(where) == []
    for month, value in enumerate(["3", "3.1", "3.2"], 10):
        with clock.fixed(date(2026, month, 4)):
            monitored.enter(world, where, [value], since=date(2026, month - 1, 1))
    row = one(where)
    assert (row.kind, row.level, row.period_on) == ("special_cause", "amber", OCTOBER)
    assert row.sentence.startswith("Each of the last 7 figures for urgent findings missed, up to October 2026, is higher")
    assert row.look_by == datetime(2026, 11, 6, 17, tzinfo=clock.LONDON)


def test_a_figure_outside_what_chance_explains_is_red(world: World, where: Deployment) -> None:
    with transaction():
        indicator = figures.indicator(where, 1)
        readings.change_indicator(
            indicator=indicator, changed={"limit_high": None}, reason="Only the chart counts.", version_id=1,
            by=world.actor(Role.CSO, "RTH01"), at=clock.now(),
        )  # fmt: skip
    monitored.enter(world, where, [*STEADY, 9])
    row = one(where)
    assert (row.kind, row.level) == ("special_cause", "red")
    assert "is above what chance explains (limit" in row.sentence


def test_an_improvement_opens_nothing(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [*[value + 1 for value in STEADY[:7]], *[1] * 7])
    assert [row for row in monitored.signals(where) if row.kind == "special_cause"] == []


def test_a_correction_closes_what_it_makes_untrue_and_keeps_the_history(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 6])
    monitored.put(world, where, [Entry(1, OCTOBER, Decimal(3), "Three were counted twice.")])
    assert monitored.signals(where) == []
    (row,) = monitored.signals(where, open_only=False)
    steps = [(change.status_from, change.status_to, change.text) for change, _ in queries.history(row)]
    assert steps[1] == ("open", "closed", "The figure was corrected and lies within its limits.")
    assert told("signal.closed") == {"Closed by a correction: Scribeline at Riverside Teaching Hospitals"}
    monitored.put(world, where, [Entry(1, OCTOBER, Decimal(7), "They were not.")])
    assert one(where).id == row.id and "7 in 1,000" in one(where).sentence


def test_limits_made_wider_close_no_signal(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 6])
    with transaction():
        readings.change_indicator(
            indicator=figures.indicator(where, 1), changed={"limit_high": Decimal(8)}, reason="Too many signals.", version_id=1,
            by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert one(where).status == "open"


def test_limits_made_tighter_look_at_the_newest_figure_again(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [4, 3])
    with transaction():
        readings.change_indicator(
            indicator=figures.indicator(where, 1), changed={"limit_high": Decimal("2.5")}, reason="Agreed.", version_id=1,
            by=world.actor(Role.CSO, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert one(where).period_on == OCTOBER


def act(world: World, where: Deployment, role: Role, verb: str, text: str = "Looked into.", code: str = "RTH01") -> None:
    with transaction():
        row = queries.signal(where, 1)
        does = operations.close if verb == "close" else operations.take_up
        does(signal=row, text=text, version_id=row.version_id, by=world.actor(role, code), at=clock.now())


def test_a_red_signal_is_taken_up_by_its_owner_and_closed_by_the_safety_officer(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 6])
    act(world, where, Role.CLINICAL_LEAD, "take_up")
    with pytest.raises(Refused) as refused:
        act(world, where, Role.CLINICAL_LEAD, "close")
    assert refused.value.sentences == ("A red signal is closed by the clinical safety officer or the senior responsible owner.",)
    with pytest.raises(Refused):
        act(world, where, Role.CSO, "close", " ")
    with pytest.raises(Refused):
        act(world, where, Role.CSO, "take_up")
    act(world, where, Role.CSO, "close", "A reader was off sick. A locum reads now.")
    assert monitored.signals(where) == []
    (row,) = monitored.signals(where, open_only=False)
    assert [(change.by_role, change.status_to) for change, _ in queries.history(row)] == [
        ("", "open"), ("clinical_lead", "taken_up"), ("cso", "closed"),
    ]  # fmt: skip
    seen = registered.projection(where)
    assert seen is not None and seen.open_signals == 0


def test_what_a_person_closed_stays_closed_when_the_figure_stays_beyond(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 6])
    act(world, where, Role.SRO, "close")
    monitored.put(world, where, [Entry(1, OCTOBER, Decimal(5), "One was counted twice.")])
    assert monitored.signals(where) == []


def test_who_may_not_act_is_refused(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 6])
    with pytest.raises(Forbidden):
        act(world, where, Role.AUDITOR, "take_up")
    with pytest.raises(NotVisible):
        act(world, where, Role.CSO, "close", code="QWE")
    with pytest.raises(Conflict), transaction():
        operations.close(
            signal=queries.signal(where, 1), text="Done.", version_id=77, by=world.actor(Role.CSO, "RTH01"), at=clock.now()
        )


def run(day: date) -> list[str]:
    with clock.fixed(day), transaction():
        return due.run(at=clock.now())


def test_a_figure_that_does_not_come_is_one_amber_signal_until_it_comes(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2] * 21, since=date(2025, 1, 1))
    assert run(date(2026, 11, 13)) == []
    monitored.enter(world, where, [2], since=OCTOBER)
    assert run(date(2026, 12, 14)) == []
    (said,) = run(date(2026, 12, 15))
    assert said.endswith("No figure for urgent findings missed has come for November 2026. It was due by 14 December 2026.")
    row = one(where)
    assert (row.kind, row.level, row.period_on) == ("missing", "amber", date(2026, 11, 1))
    assert run(date(2026, 12, 15)) == [] and run(date(2027, 2, 20)) == []
    with clock.fixed(date(2027, 2, 20)):
        monitored.enter(world, where, [2], since=date(2026, 11, 1))
    assert monitored.signals(where) == []
    assert len(run(date(2027, 2, 20))) == 1 and one(where).period_on == date(2026, 12, 1)
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_no_figure_is_expected_while_use_is_suspended(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2] * 22)
    for day, arrow in ((date(2026, 11, 20), "suspend"), (date(2027, 2, 10), "resume")):
        with clock.fixed(day), transaction():
            register.move(
                deployment=where, arrow=arrow, reason="It drifted.", by=world.actor(Role.CSO, "RTH01"), at=clock.now()
            )
        assert run(date(2027, 3, 1)) == []
    (said,) = run(date(2027, 4, 20))
    assert "for March 2027" in said


def test_the_sro_answers_where_nobody_holds_the_owners_role(world: World, app: Flask) -> None:
    from tests import declared

    bare = db.session.get_one(Deployment, declared.declare(world).deployment_id)
    monitored.measure(world, bare)
    monitored.enter(world, bare, [6])
    assert one(bare).owner_role == "sro"
