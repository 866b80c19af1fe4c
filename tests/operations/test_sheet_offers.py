"""One answer is offered where another sheet asks it again, and a person takes it over or leaves it; history says so."""

import pytest

from governance import clock
from governance.assessment.evidence import queries as evidence
from governance.assessment.sheets import (
    asked,
    history_presenters,
    moving,
    offers,
    operations,
    queries,
    taking,
)
from governance.assessment.sheets.models import SetMove
from governance.audit.record import record
from governance.database import db, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.permissions import Role
from tests import assessed, proposals

DTAC, CYBER = "dtac-2.0", "cyber-1"


@pytest.fixture
def submission(world):
    made = proposals.proposed(world)
    with transaction():
        lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
        for each in (DTAC, CYBER):
            operations.open_sheet(submission=made, question_set=each, by=lead, at=clock.now())
    return made


def say(world, submission, question_set, code, value):
    with transaction():
        operations.answer(
            sheet=queries.sheet_for(submission, question_set), code=code, value=value,
            by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip


def offered(submission):
    row = asked.sheet_row(submission, CYBER)
    return offers.offered(submission, queries.view(submission, CYBER, asked.route_facts(submission, row)))


def take(world, submission, role=Role.DIGITAL_LEAD, **said):
    with transaction():
        return taking.take_over(
            submission=submission, question_set=CYBER, by=world.actor(role, "RTH01"), at=clock.now(), **said
        )


def test_an_answer_given_on_one_sheet_is_offered_on_another_until_it_is_taken(world, submission):
    assert offered(submission) == {}
    say(world, submission, DTAC, "C3.1", "provided")
    found = offered(submission)["CY2"]
    assert (found.standing, found.answer.value, offers.in_words(found.origin)) == (offers.NEW, "basic", "DTAC C3.1")
    (row,) = take(world, submission, code="CY2", revision=found.revision)
    assert (row.source, row.origin, row.confirmed, row.value) == ("overlap", "dtac-2.0 C3.1", True, "basic")
    assert offered(submission) == {}
    question = queries.loader.question_set(CYBER).by_code["CY2"]
    (step,) = history_presenters.steps(submission, queries.sheet_for(submission, CYBER), question)
    assert (step.what, step.who) == ("Used the answer to DTAC C3.1", "Digital Lead of RTH01")


def test_when_the_answer_it_was_taken_from_changes_the_page_can_say_so(world, submission):
    say(world, submission, DTAC, "C3.1", "provided")
    take(world, submission)
    say(world, submission, DTAC, "C3.1", "not_provided")
    found = offered(submission)["CY2"]
    assert (found.standing, found.answer, offers.in_words(found.origin)) == (offers.CHANGED, None, "DTAC C3.1")
    with pytest.raises(Conflict):
        take(world, submission, code="CY2", revision=found.revision)
    say(world, submission, CYBER, "CY2", "none")
    assert offered(submission) == {}


def test_all_at_once_takes_only_what_nobody_has_answered(world, submission):
    say(world, submission, DTAC, "C2.1", "no_access")
    say(world, submission, DTAC, "C3.1", "provided")
    say(world, submission, CYBER, "CY1", "not_required")
    assert [row.code for row in take(world, submission)] == ["CY2"]


def test_what_the_page_showed_is_what_is_taken(world, submission):
    say(world, submission, DTAC, "C3.1", "provided")
    seen = offered(submission)["CY2"].revision
    say(world, submission, DTAC, "C3.1", "not_provided")
    say(world, submission, DTAC, "C3.1", "provided")
    with pytest.raises(Conflict):
        take(world, submission, code="CY2", revision=seen)
    with pytest.raises(Conflict):
        take(world, submission, code="CY9")


def test_only_who_may_answer_takes_over(world, submission):
    say(world, submission, DTAC, "C3.1", "provided")
    with pytest.raises((Refused, Forbidden)):
        take(world, submission, role=Role.AUDITOR, code="CY2")


def test_the_older_tool_sheet_goes_on_in_the_newer_with_what_is_the_same_and_its_evidence(world, submission):
    """The submission keeps the version it began with; here one that began with the older is moved by hand."""
    lead, at = world.actor(Role.DIGITAL_LEAD, "RTH01"), clock.now()
    with transaction():
        mine = db.session.get_one(type(submission), submission.id)
        mine.policy_version = "london-1"
        where = {"stream": f"deployment:{mine.deployment_id}", "organisation_id": mine.organisation_id}
        record("submission.proposed", by=lead, at=at, **where)
        sheet = operations.open_sheet(submission=mine, question_set="tool-facts-1", by=lead, at=at)
        operations.answer(sheet=sheet, code="intended_use", value="Finds urgent images.", by=lead, at=at)
        operations.support(sheet=sheet, code="intended_use", evidence=assessed.evidence_item(lead), by=lead, at=at)
    found = moving.outlook(submission, "tool-facts-1")
    assert [each.question.code for each in found.carried] == ["intended_use"]
    assert "model_type" in {each.code for each in found.new}
    with pytest.raises(Forbidden), transaction():
        moving.move_set(submission=submission, question_set="tool-facts-1", by=world.actor(Role.CSO, "RTH01"), at=at)
    with transaction():
        newer = moving.move_set(submission=submission, question_set="tool-facts-1", by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=at)
    row = queries.current_answers(newer)["intended_use"]["organisation"]
    assert (row.value, row.source, row.origin, row.confirmed) == (
        "Finds urgent images.", "earlier_version", "tool-facts-1 intended_use", True,
    )  # fmt: skip
    behind = evidence.supporting("answer_sheet", newer.id, organisation_id=newer.organisation_id)
    assert [item.title for item in behind["intended_use"]] == ["Supplier’s evidence"]
    assert db.session.scalars(db.select(SetMove)).one().carried == ["intended_use"]
    assert next(iter(asked.sheets_among(submission, ()))) == "tool-facts-2"
    assert moving.outlook(submission, "tool-facts-2") is None
    question = queries.loader.question_set("tool-facts-2").by_code["intended_use"]
    assert [(each.what, each.set) for each in history_presenters.steps(submission, newer, question)] == [
        ("Carried over from Tool sheet", ""), ("Answered", "Tool sheet"),
    ]  # fmt: skip


def test_a_set_without_a_newer_version_cannot_be_moved(world, submission):
    for question_set, error in ((DTAC, Refused), ("nothing", NotVisible)):
        with pytest.raises(error), transaction():
            moving.move_set(
                submission=submission, question_set=question_set, by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now()
            )


def test_several_answers_of_one_set_make_one_offer(world, submission):
    for code, value in (("C2.1", "confirmed"), ("C3.1", "provided")):
        say(world, submission, DTAC, code, value)
    facts = {"device": "class_i"}
    found = offers.offered(submission, queries.view(submission, "nice-esf-2022", facts))["N1"]
    assert (found.origin, found.standing) == (f"{DTAC} C2.1, C3.1", offers.NEW)
    assert offers.in_words(found.origin) == "DTAC C2.1, C3.1"
    assert found.revision == queries.answers_elsewhere(submission, CYBER)[DTAC]["C3.1"].revision
