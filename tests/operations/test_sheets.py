"""Sheets, answers and documents on both databases: nothing is lost, and nothing is believed before a person confirms it."""

from datetime import date
from pathlib import Path

import pytest

from governance import clock
from governance.assessment.packs import queries as packs
from governance.assessment.question_sets.values import AnswerFault, AnswerValue
from governance.assessment.sheets import asked, operations, queries
from governance.assessment.sheets.rules import Given
from governance.audit import verify
from governance.audit.models import AuditEvent
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.intake import operations as intake
from governance.intake.cards import reader
from governance.permissions import Role
from governance.web.uploads import Upload
from tests import assessed, proposals

CARD = Path(__file__).parents[1] / "data" / "chai" / "v0.2" / "Aidoc_ICH-02-RT.xml"
DTAC, TOOL = "dtac-2.0", "tool-facts-2"


@pytest.fixture
def submission(world):
    return proposals.proposed(world)


@pytest.fixture
def lead(world):
    return world.actor("digital_lead", "RTH01")


def opened(submission, by, question_set=DTAC):
    with transaction():
        return operations.open_sheet(submission=submission, question_set=question_set, by=by, at=clock.now())


def say(sheet, code, value, by, **said):
    with transaction():
        return operations.answer(sheet=sheet, code=code, value=value, by=by, at=clock.now(), **said)


def newest(sheet, code):
    return next(iter(queries.current_answers(sheet)[code].values()))


def states(submission, question_set=DTAC):
    row = asked.sheet_row(submission, question_set)
    return queries.view(submission, question_set, asked.route_facts(submission, row)).states


def with_card(world):
    """A proposed submission with a published model card."""
    draft = proposals.drafted(world)
    data = CARD.read_bytes()
    upload = Upload("card.xml", "xml", "application/xml", len(data), "0" * 64, data)
    with transaction():
        lead = world.actor("digital_lead", "RTH01")
        intake.upload_card(submission=draft, upload=upload, card=reader.read_card(data), by=lead, at=clock.now())
        intake.propose(submission=draft, by=lead, at=clock.now())
    return draft


def test_a_sheet_is_opened_once_for_a_tool_version_in_an_organisation(submission, lead):
    first, second = opened(submission, lead), opened(submission, lead)
    assert first.id == second.id
    assert (first.tool_version_id, first.deployment_id) == (submission.tool_version_id, None)


def test_what_the_register_knows_is_filled_and_waits_to_be_confirmed(submission, lead):
    sheet = opened(submission, lead)
    filled = {code: row.value for code, layers in queries.current_answers(sheet).items() for row in layers.values()}
    assert filled == {"A1": "Northgate Imaging Ltd", "A2": "Chestwise Triage", "A3": "2.3"}
    assert newest(sheet, "A1").source == "register"
    assert states(submission)["A1"].state == "unanswered"


def test_a_model_card_fills_the_tool_sheet_each_answer_marked_until_confirmed(world):
    submission = with_card(world)
    lead = world.actor("digital_lead", "RTH01")
    sheet = opened(submission, lead, TOOL)
    answer = newest(sheet, "intended_use")
    assert (answer.source, answer.confirmed, answer.revision) == ("model_card", False, 1)
    assert states(submission, TOOL)["intended_use"].state == "unanswered"
    with transaction():
        operations.confirm(sheet=sheet, code="intended_use", by=lead, at=clock.now())
    confirmed = newest(sheet, "intended_use")
    assert (confirmed.source, confirmed.confirmed, confirmed.revision) == ("model_card", True, 2)
    assert confirmed.value == answer.value
    assert states(submission, TOOL)["intended_use"].state == "answered"
    with transaction():
        rest = operations.confirm(sheet=sheet, code="", by=lead, at=clock.now())
    assert len(rest) > 5
    with pytest.raises(Conflict, match="nothing left to confirm"), transaction():
        operations.confirm(sheet=sheet, code="", by=lead, at=clock.now())


def test_typing_over_a_cards_answer_needs_no_confirming(world):
    submission = with_card(world)
    lead = world.actor("digital_lead", "RTH01")
    sheet = opened(submission, lead, TOOL)
    say(sheet, "intended_use", "Only at night.", lead, expected_revision=1)
    answer = newest(sheet, "intended_use")
    assert (answer.source, answer.confirmed, answer.value) == ("typed", True, "Only at night.")
    reopened = opened(submission, lead, TOOL)
    assert newest(reopened, "intended_use").revision == 2


def test_every_answer_is_a_row_and_history_keeps_who_and_when(world, submission, lead):
    sheet = opened(submission, lead)
    say(sheet, "C1.1.1", "yes", lead)
    say(sheet, "C1.1.1", "no", lead, note="Read again.")
    say(sheet, "C1.1.1", None, lead)
    past = queries.history(sheet, "C1.1.1")
    assert [(row.revision, row.value, row.note) for row in past] == [(3, None, ""), (2, "no", "Read again."), (1, "yes", "")]
    assert {row.answered_by for row in past} == {lead.person_id}
    assert states(submission)["C1.1.1"].state == "unanswered"


def test_one_page_is_one_event_however_many_answers(submission, lead):
    sheet = opened(submission, lead)
    given = [Given(code, AnswerValue("yes", note="So it is.")) for code in ("C1.1.1", "C1.1.2", "C2.2")]
    with transaction():
        operations.answer_all(sheet=sheet, given=given, by=lead, at=clock.now())
    kinds = db.session.scalars(db.select(AuditEvent.kind).where(AuditEvent.kind == "answers.given")).all()
    assert kinds == ["answers.given"]
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_two_people_on_one_question_the_second_is_told_and_loses_nothing(submission, lead):
    sheet = opened(submission, lead)
    say(sheet, "C1.1.1", "yes", lead, expected_revision=0)
    with pytest.raises(Conflict, match="Somebody else answered C1.1.1"), transaction():
        operations.answer(
            sheet=sheet, code="C1.1.1", value="no", by=lead, at=clock.now(), expected_revision=0
        )
    assert newest(sheet, "C1.1.1").value == "yes"


def test_two_people_on_different_questions_both_are_kept(submission, lead):
    sheet = opened(submission, lead)
    say(sheet, "C1.1.1", "yes", lead, expected_revision=0)
    say(sheet, "C2.2", "yes", lead, expected_revision=0)
    assert {newest(sheet, "C1.1.1").value, newest(sheet, "C2.2").value} == {"yes"}


@pytest.mark.parametrize(
    ("code", "value"), [("C1.1.1", "perhaps"), ("A11", "2026-02-30"), ("D1.5", "100.01"), ("A4", "spaceship")]
)
def test_a_value_that_is_no_answer_is_not_kept(submission, lead, code, value):
    sheet = opened(submission, lead)
    with pytest.raises(AnswerFault), transaction():
        operations.answer(sheet=sheet, code=code, value=value, by=lead, at=clock.now())
    assert code not in queries.current_answers(sheet)


def test_a_code_of_another_set_is_not_there(submission, lead):
    sheet = opened(submission, lead)
    with pytest.raises(NotVisible), transaction():
        operations.answer(sheet=sheet, code="intended_use", value="x", by=lead, at=clock.now())


def test_a_stranger_cannot_write_on_a_sheet(world, submission, lead):
    sheet = opened(submission, lead)
    with pytest.raises(NotVisible), transaction():
        operations.answer(
            sheet=sheet, code="C1.1.1", value="yes", by=world.actor("digital_lead", "QWE"), at=clock.now()
        )


@pytest.fixture
def earlier(world):
    """A submission that began under the first policy, where the DPIA is a document, and stays with it."""
    return proposals.proposed(world, policy="london-1")


def test_a_document_meets_a_row_with_the_facts_policy_reads(earlier, lead):
    requirement = asked.document_row(earlier, "dpia")
    with transaction():
        assessed.document(earlier, requirement, lead)
    found = queries.document_for(earlier, "dpia")
    assert (found.revision, found.facts["residual"], found.deployment_id) == (1, "low", earlier.deployment_id)
    with transaction():
        assessed.document(earlier, requirement, lead, version_label="1.1", expected_revision=1)
    assert [row.version_label for row in queries.documents(earlier, "dpia")] == ["1.1", "1.0"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"facts": {}}, "Residual risk to people’s rights” is not answered"),
        ({"facts": {"residual": "high"}}, "Date the ICO was consulted” is not answered"),
        ({"facts": {"residual": "tiny"}}, "not in the list"),
        ({"dated_on": date(2027, 1, 1), "review_due_on": None}, "today or in the past"),
        ({"review_due_on": date(2026, 10, 5)}, "after the document’s date"),
    ],
)
def test_a_document_that_says_too_little_is_refused(earlier, lead, changed, sentence):
    requirement = asked.document_row(earlier, "dpia")
    with pytest.raises(Refused, match=sentence), transaction():
        assessed.document(earlier, requirement, lead, **changed)
    assert queries.document_for(earlier, "dpia") is None


def test_two_people_give_a_document_the_second_is_told(earlier, lead):
    requirement = asked.document_row(earlier, "dpia")
    with transaction():
        assessed.document(earlier, requirement, lead, expected_revision=0)
    with pytest.raises(Conflict), transaction():
        assessed.document(earlier, requirement, lead, expected_revision=0)


def test_a_row_that_policy_does_not_ask_is_not_there(submission):
    with pytest.raises(NotVisible):
        asked.document_row(submission, "nice")
    with pytest.raises(NotVisible):
        asked.sheet_row(submission, "dtac-1.0")


def test_records_of_an_organisation_that_ended_are_read_only(world, submission, lead):
    sheet = opened(submission, lead)
    other = world.actor("digital_lead", "QKK")
    successor = type(other)(**{**_fields(other), "scope": frozenset({*other.scope, submission.organisation_id})})
    with pytest.raises(Forbidden, match="has ended"), transaction():
        operations.answer(sheet=sheet, code="C1.1.1", value="yes", by=successor, at=clock.now())


def _fields(actor):
    return {name: getattr(actor, name) for name in actor.__slots__}


def test_a_sheet_is_answered_and_a_document_given_by_whom_policy_names(world):
    submission = proposals.proposed(world)
    lead, auditor, cso = (world.actor(role, "RTH01") for role in (Role.DIGITAL_LEAD, Role.AUDITOR, Role.CSO))
    with transaction():
        sheet = operations.open_sheet(submission=submission, question_set="dtac-2.0", by=lead, at=clock.now())
    with pytest.raises(Forbidden), transaction():
        operations.answer(sheet=sheet, code="A1", value="Mine", by=auditor, at=clock.now())
    requirement = packs.position(submission).asked.requirement("dpia")
    with transaction():
        item = assessed.evidence_item(lead)
    with pytest.raises(Refused) as refused, transaction():
        assessed.document(submission, requirement, cso, evidence=item)
    assert refused.value.codes == ("answer.role",)


def refused_codes(act, **said):
    with pytest.raises(Refused) as refused, transaction():
        act(at=clock.now(), **said)
    return refused.value.codes


def test_a_sheet_is_written_on_by_no_other_role_than_policy_names(world, submission, lead):
    cso, sheet = world.actor(Role.CSO, "RTH01"), opened(submission, lead)
    with transaction():
        item = assessed.evidence_item(lead)
        operations.support(sheet=sheet, code="C3.1", evidence=item, by=lead, at=clock.now())
    given = [Given("A1", AnswerValue("Mine"))]
    assert refused_codes(operations.answer_all, sheet=sheet, given=given, by=cso) == ("answer.role",)
    assert refused_codes(operations.confirm, sheet=sheet, code="", by=cso) == ("answer.role",)
    assert refused_codes(operations.support, sheet=sheet, code="A12", evidence=item, by=cso) == ("answer.role",)
    assert refused_codes(operations.stop_supporting, sheet=sheet, code="C3.1", evidence=item, by=cso) == ("answer.role",)
    assert refused_codes(operations.open_sheet, submission=submission, question_set=TOOL, by=cso) == ("answer.role",)


def test_a_sheet_of_a_closed_submission_is_not_written_on_until_another_asks_for_it(world, submission, lead):
    sheet = opened(submission, lead)
    with transaction():
        intake.withdraw(submission=submission, reason="No contract", by=lead, at=clock.now())
    given = [Given("A1", AnswerValue("Mine"))]
    assert refused_codes(operations.answer_all, sheet=sheet, given=given, by=lead) == ("answer.closed",)
    with transaction():
        again, ask = intake.start(deployment=submission.deployment, by=lead, at=clock.now()), {"kind": "progress", "stage": "pilot"}
        for page, held in {"ask": ask | {"version": "2.3", "reason": "Signed now."}, "triage": proposals.FACTS}.items():
            intake.save_draft(
                submission=again, page=page, values=held, version_id=again.version_id, by=lead, at=clock.now()
            )
    with transaction():
        intake.propose(submission=again, by=lead, at=clock.now())
    say(sheet, "A1", "Mine", lead)
