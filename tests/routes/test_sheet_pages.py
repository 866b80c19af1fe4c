"""Pages of sheets and documents: what was typed is kept, whoever else was there, and nothing a form sends is a fault."""

import re
from io import BytesIO

import pytest

from governance import clock
from governance.assessment.evidence import queries as evidence
from governance.assessment.question_sets import loader as question_sets
from governance.assessment.sheets import operations, queries
from governance.database import db, transaction
from governance.policy import loader
from tests import proposals

C3 = "sheets/dtac-2.0/dtac.c3"
PDF = b"%PDF-1.7\nInvented\n%%EOF\n"


@pytest.fixture
def policy():
    """The policy that the submission began under."""
    return loader.CURRENT


under_the_first_policy = pytest.mark.parametrize("policy", ["london-1"])
"""There the DPIA is a document of the organisation's own."""


@pytest.fixture
def submission(world, policy):
    made = proposals.proposed(world, policy=policy)
    with transaction():
        operations.open_sheet(
            submission=made, question_set="dtac-2.0", by=world.actor("digital_lead", "RTH01"), at=clock.now()
        )
    return made


@pytest.fixture
def lead(client, world, submission):
    """The digital lead's browser."""
    world.sign_in(client, "digital_lead", "RTH01")
    return client


@pytest.fixture
def place(submission):
    return f"/RTH01/submissions/{submission.reference}"


def answers(submission):
    db.session.rollback()
    sheet = queries.sheet_for(submission, "dtac-2.0")
    return {code: row for code, layers in queries.current_answers(sheet).items() for row in layers.values()}


def test_a_sheet_is_started_from_its_page_and_then_lists_its_sections(lead, place):
    page = lead.get(f"{place}/sheets/tool-facts-2")
    assert "Start" in page.text
    assert lead.post(f"{place}/sheets/tool-facts-2/open").status_code == 302
    page = lead.get(f"{place}/sheets/tool-facts-2")
    assert "tool-facts-2/tool.facts" in page.text


def test_a_section_saves_what_was_typed_and_goes_on(lead, place, submission):
    sent = lead.post(f"{place}/{C3}", data={"answer_C3_1": "provided", "note_C3_1": "Certificate 5", "answer_C3_2": "yes"})
    assert sent.status_code == 302
    assert sent.location.endswith("/dtac.c4")
    saved = answers(submission)
    assert (saved["C3.1"].value, saved["C3.1"].note, saved["C3.2"].value) == ("provided", "Certificate 5", "yes")


def test_questions_that_an_answer_leads_to_come_back_on_the_same_page(lead, place):
    sent = lead.post(f"{place}/{C3}", data={"answer_C3_2": "no"})
    assert "/dtac.c3?more=1#" in sent.location
    assert "lead to more questions" in lead.get(sent.location).text


def test_skipped_questions_say_why_and_have_no_control(lead, place):
    lead.post(f"{place}/{C3}", data={"answer_C3_2": "yes"})
    page = lead.get(f"{place}/{C3}").text
    assert "Skipped because C3.2 is Yes." in page
    assert 'name="answer_C3_6"' not in page


def test_a_wrong_form_answers_422_with_a_summary_and_keeps_every_answer(lead, place, submission):
    before = set(answers(submission))
    sent = lead.post(
        f"{place}/sheets/dtac-2.0/dtac.a",
        data={
            "answer_A4": "other", "note_A4": "", "answer_A11-day": "31", "answer_A11-month": "2", "answer_A11-year": "2026",
            "answer_A5": "Typed and kept <b>",
        },
    )  # fmt: skip
    assert sent.status_code == 422
    assert "There is a problem" in sent.text
    assert "Give a reason for ‘Other’ in A4." in sent.text
    assert "Typed and kept &lt;b&gt;" in sent.text
    assert 'value="31"' in sent.text
    assert set(answers(submission)) == before


def test_a_date_and_not_applicable_are_not_both_taken(lead, place):
    sent = lead.post(
        f"{place}/sheets/dtac-2.0/dtac.a",
        data={"none_A11": "yes", "answer_A11-day": "3", "answer_A11-month": "5", "answer_A11-year": "2026"},
    )
    assert sent.status_code == 422
    assert "not both" in sent.text


def test_not_applicable_is_an_answer_of_its_own(lead, place, submission):
    assert lead.post(f"{place}/sheets/dtac-2.0/dtac.a", data={"none_A11": "yes"}).status_code == 302
    assert answers(submission)["A11"].not_applicable
    assert "1 not applicable" in lead.get(f"{place}/sheets/dtac-2.0").text


def test_a_page_overtaken_by_another_person_shows_both_and_loses_nothing(lead, place, submission, world):
    with transaction():
        by = world.actor("digital_lead", "RTH01")
        sheet = queries.sheet_for(submission, "dtac-2.0")
        for code, value in (("C3.1", "not_provided"), ("C3.2", "no")):
            operations.answer(sheet=sheet, code=code, value=value, note="Theirs.", by=by, at=clock.now())
    sent = lead.post(f"{place}/{C3}", data={"answer_C3_1": "provided", "note_C3_1": "Mine.", "seen_C3_1": "0", "seen_C3_2": "0"})
    assert sent.status_code == 409
    assert "Somebody else answered C3.1" in sent.text
    assert "Not provided (Theirs.)" in sent.text
    assert "Mine." in sent.text
    assert 'name="seen_C3_1" type="hidden" value="1"' in sent.text
    assert answers(submission)["C3.1"].value == "not_provided"
    again = lead.post(
        f"{place}/{C3}",
        data={"answer_C3_1": "provided", "note_C3_1": "Mine.", "seen_C3_1": "1", "answer_C3_2": "no", "note_C3_2": "Theirs.", "seen_C3_2": "1"},
    )
    assert again.status_code == 302
    assert (answers(submission)["C3.1"].note, answers(submission)["C3.2"].revision) == ("Mine.", 1)


def test_what_the_other_person_changed_elsewhere_on_the_page_is_not_written_over(lead, place, submission, world):
    with transaction():
        sheet = queries.sheet_for(submission, "dtac-2.0")
        by = world.actor("digital_lead", "RTH01")
        operations.answer(sheet=sheet, code="C3.2", value="yes", by=by, at=clock.now())
    sent = lead.post(f"{place}/{C3}", data={"answer_C3_1": "provided", "seen_C3_1": "0", "seen_C3_2": "0"})
    assert sent.status_code == 302
    assert (answers(submission)["C3.1"].value, answers(submission)["C3.2"].value) == ("provided", "yes")


def test_confirming_saves_first_and_stands_behind_one_or_all(lead, place, submission):
    lead.post(f"{place}/sheets/dtac-2.0/dtac.a", data=_as_shown(submission) | {"act": "confirm:A1", "answer_A5": "Dr A"})
    saved = answers(submission)
    assert (saved["A1"].confirmed, saved["A2"].confirmed, saved["A5"].value) == (True, False, "Dr A")
    lead.post(f"{place}/sheets/dtac-2.0/dtac.a", data=_as_shown(submission) | {"act": "confirm:"})
    assert all(row.confirmed for row in answers(submission).values())


def _as_shown(submission):
    shown = {}
    for code, row in answers(submission).items():
        if code.startswith("A"):
            shown |= {f"answer_{code}": row.value, f"seen_{code}": str(row.revision)}
    return shown


def test_evidence_is_attached_where_it_is_asked_and_taken_away_again(lead, place, submission, world):
    sent = lead.post(f"{place}/{C3}", data={"answer_C3_1": "provided", "act": "attach:C3.1"})
    assert sent.location.endswith(f"{C3}/evidence/C3.1")
    assert answers(submission)["C3.1"].value == "provided"
    data = {"title": "Certificate", "kind": "other", "file": (BytesIO(PDF), "c.pdf")}
    assert lead.post(sent.location, data=data).status_code == 302
    page = lead.get(f"{place}/{C3}").text
    assert "Certificate" in page
    item = evidence.items(world.actor("digital_lead", "RTH01"))[0]
    assert lead.post(f"{place}/{C3}", data={"answer_C3_1": "provided", "seen_C3_1": "1", "act": f"remove:C3.1:{item.id}"}).status_code == 302
    sheet = queries.sheet_for(submission, "dtac-2.0")
    assert evidence.supporting("answer_sheet", sheet.id, organisation_id=sheet.organisation_id) == {}
    assert lead.post(f"{place}/{C3}/evidence/C3.3", data={"held": str(item.id)}).status_code == 302


@pytest.mark.parametrize("act", ["remove:C3.1:999", "remove:", "remove:x:y", "confirm:nothing", "attach:zz", "\x00", "explode:1"])
def test_no_button_value_is_a_fault(lead, place, act):
    assert lead.post(f"{place}/{C3}", data={"act": act}).status_code in (302, 404)


@pytest.mark.parametrize("page", ["sheets/dtac-9", "sheets/dtac-2.0/dtac.z", f"{C3}/evidence/A1", "documents/nice", "documents/dtac"])
def test_what_is_not_asked_is_not_there(lead, place, page):
    assert lead.get(f"{place}/{page}").status_code == 404


def test_who_may_not_answer_reads(client, world, submission, place):
    world.sign_in(client, "auditor", "RTH01")
    page = client.get(f"{place}/{C3}")
    assert page.status_code == 200
    assert "is answered by the digital lead" in page.text
    assert "Save and continue" not in page.text
    assert client.post(f"{place}/{C3}", data={"answer_C3_1": "provided"}).status_code == 403
    world.sign_in(client, "ig_lead", "RTH01")
    assert client.post(f"{place}/{C3}", data={"answer_C3_1": "provided"}).status_code == 422
    world.sign_in(client, "digital_lead", "QWE")
    assert client.get(f"/QWE/submissions/{submission.reference}/{C3}").status_code == 404
    assert client.get(f"{place}/{C3}").status_code == 404


def document(**changed):
    return {
        "revision": "0", "title": "DPIA of the trust", "version_label": "1.0", "dated_on-day": "5", "dated_on-month": "10",
        "dated_on-year": "2026", "file": (BytesIO(PDF), "dpia.pdf"), "fact_residual": "low",
    } | changed  # fmt: skip


@under_the_first_policy
def test_a_document_is_given_with_its_file(lead, place, submission):
    assert lead.post(f"{place}/documents/dpia", data=document()).status_code == 302
    page = lead.get(f"{place}/documents/dpia").text
    assert "DPIA of the trust" in page
    assert "Residual risk to people’s rights" in page
    assert queries.document_for(submission, "dpia").facts == {"residual": "low"}


@under_the_first_policy
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Enter the title of the document"),
        ({"fact_residual": "high"}, "Answer “Date the ICO was consulted”"),
        ({"file": (BytesIO(b""), "")}, "Choose a file, or evidence you already hold."),
        ({"file": (BytesIO(b"MZ not a pdf"), "dpia.pdf")}, "its content is something else"),
        ({"file": (BytesIO(b""), "dpia.pdf")}, "The file is empty"),
        ({"dated_on-year": "2027"}, "must be today or in the past"),
    ],
)
def test_a_document_that_is_wrong_answers_422_keeps_what_was_typed_and_leaves_nothing(lead, place, submission, world, changed, sentence):
    sent = lead.post(f"{place}/documents/dpia", data=document(**changed))
    assert sent.status_code == 422
    assert sentence in sent.text
    assert 'value="1.0"' in sent.text
    assert queries.document_for(submission, "dpia") is None
    assert evidence.items(world.actor("digital_lead", "RTH01")) == []


@under_the_first_policy
def test_two_people_give_a_document_the_second_page_is_409_with_the_first(lead, place):
    lead.post(f"{place}/documents/dpia", data=document())
    sent = lead.post(f"{place}/documents/dpia", data=document(title="Another"))
    assert sent.status_code == 409
    assert "Somebody added another document" in sent.text
    assert "DPIA of the trust" in sent.text
    assert 'value="Another"' in sent.text


def test_what_another_sheet_says_is_used_by_one_button_and_its_history_says_from_where(lead, place, submission, world):
    lead.post(f"{place}/sheets/cyber-1/open")
    lead.post(f"{place}/{C3}", data={"answer_C3_1": "provided", "note_C3_1": "Certificate 5"})
    page = lead.get(f"{place}/sheets/cyber-1/cyber.supplier").text
    assert "DTAC C3.1 says:" in page
    act = re.search(r'value="(use:CY2:\d+)"', page).group(1)
    sent = lead.post(f"{place}/sheets/cyber-1/cyber.supplier", data={"act": act, "answer_CY1": "met"})
    assert (sent.status_code, sent.location.rpartition("#")[2]) == (302, "answer_CY2")
    page = lead.get(sent.location).text
    assert "Taken from DTAC C3.1, confirmed by Digital Lead of RTH01" in page
    assert "DTAC C3.1 says:" not in page
    history = lead.get(f"{place}/sheets/cyber-1/cyber.supplier/history/CY2").text
    assert "Used the answer to DTAC C3.1" in history and "<ins>Cyber Essentials" in history
    lead.post(f"{place}/{C3}", data={"answer_C3_1": "not_provided", "seen_C3_1": "1"})
    page = lead.get(f"{place}/sheets/cyber-1/cyber.supplier").text
    assert "DTAC C3.1 was changed since this was taken from it." in page
    assert act not in page
    assert lead.post(f"{place}/sheets/cyber-1/cyber.supplier", data={"act": act}).status_code == 409
    assert lead.post(f"{place}/sheets/cyber-1/use").status_code == 409


def test_the_sheet_says_what_is_left_with_whom_and_uses_all_that_was_given_elsewhere(lead, place, submission):
    lead.post(f"{place}/sheets/cyber-1/open")
    lead.post(f"{place}/{C3}", data={"answer_C3_1": "provided"})
    page = lead.get(f"{place}/sheets/cyber-1").text
    assert "With: digital lead" in page and "to answer" in page
    assert "1 answer was given elsewhere." in page
    assert lead.post(f"{place}/sheets/cyber-1/use").status_code == 302
    assert "given elsewhere" not in lead.get(f"{place}/sheets/cyber-1").text


def test_the_library_lists_every_set_and_says_in_words_when_a_question_is_asked(lead):
    page = lead.get("/RTH01/question-sets").text
    for each in question_sets.all_question_sets():
        assert f"/RTH01/question-sets/{each.code}" in page
    dtac = lead.get("/RTH01/question-sets/dtac-2.0").text
    assert "Asked when C3.2 is No." in dtac
    assert "kept to be read" in lead.get("/RTH01/question-sets/dtac-1.0").text
    assert lead.get("/RTH01/question-sets/nothing").status_code == 404
