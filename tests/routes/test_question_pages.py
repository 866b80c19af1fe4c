"""Asking, answering and giving away, on the pages."""

import pytest
from flask import g

from tests import asked, proposals
from tests.world import World

HAZARD = "/RTH01/tools/RTH01-2026-0001/hazards/1"
ASK = "/RTH01/submissions/RTH01-2026-0001-S1/ask/hazard/1"


class Somebody:
    """One person’s browser; several take turns in one test, so that who is signed in is read anew for each request."""

    def __init__(self, app, role: str, code: str) -> None:
        self.client = app.test_client()
        World().sign_in(self.client, role, code)

    def __getattr__(self, method: str):
        g.pop("_login_user", None)
        return getattr(self.client, method)


@pytest.fixture
def person(later):
    return lambda role, code="RTH01": Somebody(later, role, code)


def test_a_signer_asks_on_a_hazard_and_its_page_shows_it_until_it_is_settled(person):
    siro, lead = person("siro"), person("digital_lead")
    assert ASK in siro.get(HAZARD).text
    sent = siro.post(ASK, data={"text": "Who checks at night?"})
    assert sent.status_code == 302
    assert "You are told when it is answered" in siro.get(sent.location).text
    assert "Who checks at night?" in lead.get(HAZARD).text
    assert "Answer a question" not in lead.get("/RTH01/").text  # it is with the clinical lead
    answered = lead.post("/RTH01/questions/1/reply", data={"text": "The consultant on call.", "version_id": "1"})
    assert answered.status_code == 302
    page = siro.get(HAZARD).text
    assert "The consultant on call." in page
    siro.post("/RTH01/questions/1/close", data={"version_id": "2"})
    assert "1 question settled" in siro.get(HAZARD).text


@pytest.mark.parametrize(("data", "said"), [({}, "Write your question"), ({"text": "x" * 2001}, "2,000 characters or fewer")])
def test_a_wrong_question_keeps_what_was_typed(person, data, said):
    sent = person("siro").post(ASK, data=data)
    assert sent.status_code == 422
    assert said in sent.text
    assert data.get("text", "")[:200] in sent.text


def test_a_reply_to_a_stale_page_gets_the_fresh_one_with_what_was_typed(person):
    asked.question(World())
    client = person("digital_lead")
    client.post("/RTH01/questions/1/reply", data={"text": "One.", "version_id": "1"})
    late = client.post("/RTH01/questions/1/reply", data={"text": "Two, typed late.", "version_id": "1"})
    assert late.status_code == 409
    assert "One." in late.text and "Two, typed late." in late.text
    assert client.post("/RTH01/questions/1/reply", data={"text": "", "version_id": "2"}).status_code == 422


def test_nobody_but_the_asker_closes(person):
    asked.question(World())
    assert person("cso").post("/RTH01/questions/1/close", data={"version_id": "1"}).status_code == 422


def test_an_open_question_is_on_the_first_screen_of_whose_turn_it_is(person):
    asked.question(World(), kind="section", key="dtac.c1")
    assert "asks about" in person("ccio").get("/RTH01/").text
    assert "asks about" not in person("caldicott_guardian").get("/RTH01/").text


def test_what_was_given_is_on_the_task_list_and_on_the_first_screen(app):
    world = World()
    proposed = proposals.proposed(world)
    page = f"/RTH01/submissions/{proposed.reference}"
    lead, ig_lead = Somebody(app, "digital_lead", "RTH01"), Somebody(app, "ig_lead", "RTH01")
    give = f"{page}/give/sheet:dpia-1"
    assert give in lead.get(page).text
    to = {"person": str(world.actor("ig_lead", "RTH01").person_id)}
    date = {"due_on-day": "1", "due_on-month": "12", "due_on-year": "2026"}
    assert lead.post(give, data=to | date).status_code == 302
    assert "Given to Ig Lead of RTH01, by 1 December 2026" in lead.get(page).text
    assert "given to you" in ig_lead.get("/RTH01/").text
    assert lead.post(give, data={"act": "take_back"}).status_code == 302
    assert "Given to" not in lead.get(page).text


def test_nothing_is_given_away_once_it_is_submitted(person):
    to = {"person": str(World().actor("ig_lead", "RTH01").person_id)}
    sent = person("digital_lead").post("/RTH01/submissions/RTH01-2026-0001-S1/give/sheet:dpia-1", data=to)
    assert sent.status_code == 422
    assert "Nothing is given away now" in sent.text


def test_somebody_says_that_they_looked(person):
    client = person("cso")
    assert "Not looked at yet" in client.get("/RTH01/tools/RTH01-2026-0001").text
    assert client.post("/RTH01/tools/RTH01-2026-0001/looked").status_code == 302
    assert "Nothing new" in client.get("/RTH01/tools/RTH01-2026-0001").text


def test_a_foreign_board_finds_none_of_it(person):
    asked.question(World())
    client = person("cso", "QWE")
    for path in ("/RTH01/questions", "/RTH01/questions/1", ASK, "/QWE/questions/1"):
        assert client.get(path).status_code == 404
    assert "Who checks at night?" not in client.get("/QWE/questions").text
