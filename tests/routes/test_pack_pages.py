"""Pages of a submission and its packs: what stops it, judging, submitting, and the frozen pack in plain form."""

import pytest
import sqlalchemy as sa

from governance import clock
from governance.assessment.packs import operations, queries
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.database import db, transaction
from governance.lifecycle import SubmissionStatus
from tests import assessed, proposals


@pytest.fixture
def lead(client, world):
    world.sign_in(client, "digital_lead", "RTH01")
    return client


def place(submission):
    return f"/RTH01/submissions/{submission.reference}"


def test_a_new_submission_shows_what_stops_it_and_who_has_each_task(lead, world):
    submission = proposals.proposed(world)
    page = lead.get(place(submission)).text
    assert "Chestwise Triage 2.3: progress to Pilot" in page
    assert "Tool sheet: 2 questions are not answered." in page
    assert "14 sections are not judged yet." in page
    assert "With you." in page
    assert "Digital Lead of RTH01" in page
    assert "Submit for agreement" not in page


def test_a_ready_submission_is_submitted_from_its_page(lead, ready):
    page = lead.get(place(ready)).text
    assert "Nothing is stopping this." in page
    assert lead.post(f"{place(ready)}/submit").status_code == 302
    db.session.rollback()
    assert ready.status is SubmissionStatus.SUBMITTED
    page = lead.get(place(ready)).text
    digest = queries.pack(ready).digest
    assert f"{digest[:4]} {digest[4:8]}" in page
    assert "It is with those who must agree." in page


def test_a_double_click_submits_once_and_the_second_reads_a_sentence(lead, ready):
    assert lead.post(f"{place(ready)}/submit").status_code == 302
    second = lead.post(f"{place(ready)}/submit")
    assert second.status_code == 422
    assert "It cannot be submitted now: this submission is submitted." in second.text
    assert len(queries.packs(ready)) == 1


def test_submitting_too_early_answers_422_with_every_reason(lead, world):
    submission = proposals.proposed(world)
    sent = lead.post(f"{place(submission)}/submit")
    assert sent.status_code == 422
    assert "It cannot be submitted yet" in sent.text
    assert "There is no clinical risk management plan." in sent.text


def test_a_judge_reads_the_section_and_says_why(client, world, ready):
    world.sign_in(client, "ciso", "RTH01")
    page = client.get(f"{place(ready)}/judge/cyber").text
    assert "Standards exceeded" in page
    assert "Record your judgement" in page
    digest = queries.position(ready).section("cyber").matter_digest
    sent = client.post(f"{place(ready)}/judge/cyber", data={"digest": digest, "outcome": "query", "reason": "Send the report."})
    assert sent.status_code == 302
    assert "Cyber and suppliers has an open query." in client.get(place(ready)).text
    assert "Send the report." in client.get(f"{place(ready)}/judge/cyber").text


def test_a_judgement_without_a_reason_keeps_the_choice(client, world, ready):
    world.sign_in(client, "ciso", "RTH01")
    digest = queries.position(ready).section("cyber").matter_digest
    sent = client.post(f"{place(ready)}/judge/cyber", data={"digest": digest, "outcome": "query", "reason": ""})
    assert sent.status_code == 422
    assert "Say why" in sent.text
    assert 'value="query" checked' in sent.text


def test_a_section_that_changed_meanwhile_is_shown_afresh_with_what_was_typed(client, world, ready):
    world.sign_in(client, "ciso", "RTH01")
    shown = queries.position(ready).section("dtac.c3").matter_digest
    with transaction():
        by = world.actor("digital_lead", "RTH01")
        sheets.answer(
            sheet=sheet_queries.sheet_for(ready, "dtac-2.0"), code="C3.1", value="provided", note="Another one.", by=by,
            at=clock.now(),
        )  # fmt: skip
    sent = client.post(f"{place(ready)}/judge/dtac.c3", data={"digest": shown, "outcome": "met", "reason": "Read it all."})
    assert sent.status_code == 409
    assert "changed since you opened the page" in sent.text
    assert "Another one." in sent.text
    assert "Read it all." in sent.text


@pytest.mark.parametrize(("role", "status"), [("cso", 422), ("auditor", 403), ("digital_lead", 403)])
def test_nobody_else_judges(client, world, ready, role, status):
    world.sign_in(client, role, "RTH01")
    assert client.get(f"{place(ready)}/judge/cyber").status_code == 200
    sent = client.post(f"{place(ready)}/judge/cyber", data={"outcome": "met", "reason": "Fine.", "digest": ""})
    assert sent.status_code == status


def test_a_pack_is_read_section_by_section(client, world):
    submission = assessed.submitted(world)
    pack = queries.pack(submission)
    world.sign_in(client, "siro", "RTH01")
    page = client.get(f"/RTH01/packs/{pack.id}").text
    assert "17 sections, frozen on 2 November 2026" in page
    for section in pack.sections:
        shown = client.get(f"/RTH01/packs/{pack.id}/{section.code}")
        assert shown.status_code == 200
        assert section.digest in shown.text
    assert client.get(f"/RTH01/packs/{pack.id}/nice").status_code == 404


def test_a_strangers_pack_is_not_there_and_a_board_reads_decided_ones_only(client, world):
    pack = queries.pack(assessed.submitted(world))
    world.sign_in(client, "board_member", "RTH01")
    assert client.get(f"/RTH01/packs/{pack.id}").status_code == 403
    world.sign_in(client, "board_member", "QWE")
    assert client.get(f"/QWE/packs/{pack.id}").status_code == 404


def test_what_changed_after_freezing_is_named_on_the_page(lead, world):
    submission = assessed.submitted(world)
    with transaction():
        by = world.actor("digital_lead", "RTH01")
        sheets.answer(
            sheet=sheet_queries.sheet_for(submission, "dtac-2.0"), code="C3.1", value="provided", note="New.", by=by,
            at=clock.now(),
        )  # fmt: skip
    assert "DTAC C3 (technical security) has changed since the pack was frozen." in lead.get(place(submission)).text


def test_taking_it_back_needs_a_reason(lead, world):
    submission = assessed.submitted(world)
    sent = lead.post(f"{place(submission)}/recall", data={"reason": ""})
    assert sent.status_code == 422
    assert lead.post(f"{place(submission)}/recall", data={"reason": "The DPIA was replaced."}).status_code == 302
    assert "The DPIA was replaced." in lead.get(place(submission)).text


def test_a_draft_has_no_page_of_a_submission(lead, world):
    proposals.drafted(world)
    assert lead.get("/RTH01/submissions/None").status_code == 404


def counted(client, path):
    """How many statements one page takes."""
    seen = []

    def note(*args):
        seen.append(args[2])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len([each for each in seen if not each.startswith(("PRAGMA", "BEGIN"))])


def test_a_submissions_page_takes_as_many_queries_with_hundreds_of_answers_as_with_a_few(lead, world, ready):
    few = counted(lead, place(ready))
    with transaction():
        by = world.actor("digital_lead", "RTH01")
        sheet = sheet_queries.sheet_for(ready, "dtac-2.0")
        for turn in range(60):
            sheets.answer(sheet=sheet, code="C3.1", value="provided", note=f"Version {turn}", by=by, at=clock.now())
        operations.judge(
            submission=ready, section="dtac.c3", outcome="met", reason="Read.", by=world.actor("ciso", "RTH01"), at=clock.now()
        )
    assert counted(lead, place(ready)) == few
    assert few <= 60
