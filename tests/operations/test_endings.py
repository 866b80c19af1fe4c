"""Tasks of decommissioning and lessons: written by the digital lead, finished once, told to partners, on both databases."""

from datetime import date

import pytest

from governance import clock
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.lifecycle import SubmissionKind
from governance.monitoring.endings import operations, queries
from governance.monitoring.endings.rules import NewTask
from governance.permissions import Role
from governance.register.models import Deployment, Projection
from tests import asking
from tests.operations.test_races import at_once, told
from tests.world import World

TASK = NewTask("access", "Close the interface", Role.DIGITAL_LEAD, date(2026, 12, 1))


@pytest.fixture
def ending(live) -> Deployment:
    """The trust's deployment, with an open request to cease."""
    asking.proposed(World(), live, SubmissionKind.CEASE, reason="Its contract ends.")
    return live


def lead():
    return World().actor(Role.DIGITAL_LEAD, "RTH01")


def add(deployment, task=TASK, by=None):
    with transaction():
        return operations.add_task(deployment=deployment, task=task, by=by or lead(), at=clock.now())


def test_tasks_are_numbered_changed_and_finished_once(ending):
    first, second = add(ending), add(ending)
    assert (first.number, second.number) == (1, 2)
    later = NewTask("data", "Have the data deleted", Role.IG_LEAD, date(2027, 1, 9))
    with transaction():
        operations.change_task(deployment=ending, row=first, task=later, version_id=first.version_id, by=lead(), at=clock.now())
    assert (first.kind, first.due_on, first.owner_role) == ("data", date(2027, 1, 9), "ig_lead")
    stale = first.version_id - 1
    with pytest.raises(Conflict), transaction():
        operations.change_task(deployment=ending, row=first, task=TASK, version_id=stale, by=lead(), at=clock.now())
    said = {"done_on": clock.today(), "note": "Certificate filed.", "by": lead(), "at": clock.now()}
    with transaction():
        operations.finish_task(deployment=ending, row=first, version_id=first.version_id, **said)
    with pytest.raises(Refused, match="finished already"), transaction():
        operations.finish_task(deployment=ending, row=first, version_id=first.version_id, **said)
    assert [each.number for each in queries.open_tasks({ending.organisation_id})] == [2]
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


@pytest.mark.parametrize(("role", "code", "why"), [
    (Role.CSO, "RTH01", Forbidden), (Role.SRO, "RTH01", Forbidden), (Role.DIGITAL_LEAD, "QWE", NotVisible),
])  # fmt: skip
def test_nobody_else_writes_them(ending, role, code, why):
    with pytest.raises(why):
        add(ending, by=World().actor(role, code))
    assert queries.tasks(ending) == []


def test_whoever_a_task_was_given_to_finishes_it_and_nobody_else_but_the_lead(ending):
    world, row = World(), add(ending, NewTask("data", "Have the data deleted", Role.IG_LEAD, date(2027, 1, 9)))
    said = {"deployment": ending, "row": row, "done_on": clock.today(), "note": "Certificate filed.", "at": clock.now()}
    with pytest.raises(Forbidden, match="information governance lead’s"), transaction():
        operations.finish_task(by=world.actor(Role.SIRO, "RTH01"), version_id=row.version_id, **said)
    with transaction():
        operations.finish_task(by=world.actor(Role.IG_LEAD, "RTH01"), version_id=row.version_id, **said)
    assert row.done_on == clock.today()


def test_two_who_take_the_starter_list_take_it_once(assured, ending):
    number = ending.id

    def take():
        row = db.session.get_one(Deployment, number)
        return len(operations.take_starters(deployment=row, by=lead(), at=clock.now()))

    answers = at_once(assured, take, take)
    assert 5 in answers and len(told(answers)) == 1
    assert len(queries.tasks(ending)) == 5


def test_lessons_reach_partners_when_the_use_has_ceased(ending):
    with transaction():
        operations.record_lesson(deployment=ending, text="", because="it was never used", by=lead(), at=clock.now())
    assert db.session.get_one(Projection, ending.id).lessons == []
    assert [row.text for row, _ in queries.lessons(ending)] == ["None, because it was never used."]
    with pytest.raises(Refused, match="not both"), transaction():
        operations.record_lesson(deployment=ending, text="One", because="none", by=lead(), at=clock.now())


def test_nothing_is_written_of_a_tool_that_nobody_ends(live):
    with pytest.raises(Refused, match="Nobody asks"):
        add(live)
