"""The pages of suspending, confirming, resuming and asking, without script."""

import re
from datetime import timedelta

import pytest

from governance import clock
from governance.database import db
from governance.lifecycle import Standing
from governance.monitoring.suspensions import queries
from governance.permissions import Role
from governance.register.models import Deployment
from tests import suspended
from tests.world import PASSWORD, World

R = Role
WORDS = {"reason": suspended.REASON, "fallback": suspended.FALLBACK}


@pytest.fixture
def browser(assured):
    return assured.test_client()


@pytest.fixture
def base(live):
    return f"/RTH01/tools/{live.reference}"


def as_(browser, role, code="RTH01"):
    World().sign_in(browser, role, code)
    return browser


def standing() -> Standing:
    db.session.rollback()
    return db.session.get_one(Deployment, 1).standing


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_officer_suspends_from_the_first_screen_and_everybody_sees_what_staff_do(browser, base):
    cso = as_(browser, R.CSO)
    assert "/RTH01/suspend" in cso.get("/RTH01/").text
    assert f"{base}/suspend" in cso.get("/RTH01/suspend").text
    first = cso.post(f"{base}/suspend", data=WORDS)
    assert first.status_code == 302 and standing() is Standing.ASSURED
    page = cso.get(first.location)
    assert suspended.FALLBACK in page.text and "Suspend now" in page.text
    wrong = cso.post(first.location, data={"password": "not it"})
    assert wrong.status_code == 422 and "not the password" in wrong.text and standing() is Standing.ASSURED
    done = cso.post(first.location, data={"password": PASSWORD})
    assert done.location == base and standing() is Standing.SUSPENDED
    for role in (R.DIGITAL_LEAD, R.AUDITOR):
        seen = plain(as_(browser, role).get(base).text)
        assert f"Suspended. Staff do this instead {suspended.FALLBACK}" in seen
        assert "Not confirmed yet that use has stopped: Main site." in seen
    assert "Suspended" in as_(browser, R.DIGITAL_LEAD).get("/RTH01/tools").text
    assert suspended.FALLBACK in as_(browser, R.CSO).get("/RTH01/").text


def test_a_second_click_and_a_stale_page_are_answered(browser, base):
    cso = as_(browser, R.CSO)
    one, two = (cso.post(f"{base}/suspend", data=WORDS).location for _ in range(2))
    cso.post(one, data={"password": PASSWORD})
    assert cso.post(one, data={"password": PASSWORD}).status_code == 409
    assert "suspended already" in cso.post(two, data={"password": PASSWORD}).text
    assert "suspended already" in cso.get(f"{base}/suspend").text


def test_what_is_left_out_is_asked_for_and_what_was_typed_is_kept(browser, base):
    answer = as_(browser, R.SRO).post(f"{base}/suspend", data={"reason": "Seen on the ward", "fallback": " "})
    assert answer.status_code == 422
    assert "Say what staff do instead" in answer.text and "Seen on the ward" in answer.text


@pytest.mark.parametrize("role", [R.DIGITAL_LEAD, R.SIRO, R.AUDITOR])
def test_others_meet_a_closed_door_and_no_button(browser, base, role):
    assert as_(browser, role).get(f"{base}/suspend").status_code == 403
    assert f"{base}/suspend" not in browser.get(base).text


def test_confirmed_and_resumed_in_order(assured, browser, base, live):
    suspended.suspend(World(), live)
    lead = as_(browser, R.DIGITAL_LEAD)
    assert f"{base}/stopped" in lead.get(base).text
    assert lead.post(f"{base}/stopped", data={}).status_code == 422
    assert lead.post(f"{base}/stopped", data={"sites": ["Main site"], "note": "Off at 9"}).location == base
    assert "Use is confirmed stopped: Main site." in lead.get(base).text
    with clock.fixed(World.TODAY + timedelta(days=2)):
        page = as_(browser, R.CSO).get(f"{base}/resume")
        assert "No version of the hazard log was approved since it was suspended" in page.text
        assert "Continue to sign" not in page.text
        suspended.new_log(World(), live)
        assert "signs first" in as_(browser, R.AUTHORISING_EXECUTIVE).get(f"{base}/resume").text
        for role in (R.CSO, R.AUTHORISING_EXECUTIVE):
            first = as_(browser, role).post(f"{base}/resume", data={"reason": "Mended"})
            assert first.status_code == 302, plain(first.text)
            assert browser.post(first.location, data={"password": PASSWORD}).location == base
        assert standing() is Standing.ASSURED
        record = plain(as_(browser, R.AUDITOR).get(f"{base}/suspensions").text)
    assert "Cso of RTH01 , clinical safety officer" in record and "Off at 9" in record
    assert "Authorising Executive of RTH01 , authorising executive" in record


def test_a_board_asks_and_the_trust_answers(browser, base, live):
    reference = live.reference
    url = f"/QKK/tools/{reference}/ask-to-suspend"
    ask = as_(browser, R.AI_LEAD, "QKK")
    assert ask.post(url, data={"reason": " "}).status_code == 422
    assert ask.post(url, data={"reason": "Seen with us."}).location == url
    assert "Awaiting an answer" in ask.get(url).text and "has asked already" in ask.get(url).text
    assert "Asked to suspend Chestwise Triage" in as_(browser, R.CSO).get("/RTH01/").text
    assert "Seen with us." in browser.get(base).text
    (line,) = queries.open_requests({live.organisation_id})
    number = line.row.id
    db.session.rollback()
    assert as_(browser, R.CSO).post(f"{base}/requests/{number}", data={"answer": "Another version."}).location == base
    assert as_(browser, R.CSO).post(f"{base}/requests/{number}", data={"answer": "Again."}).status_code == 422
    assert "Another version." in as_(browser, R.AI_LEAD, "QKK").get(url).text
    assert as_(browser, R.DIGITAL_LEAD, "QWE").get(f"/QWE/tools/{reference}/ask-to-suspend").status_code == 403
    assert as_(browser, R.AI_LEAD, "QWE").get(f"/QWE/tools/{reference}/ask-to-suspend").status_code == 200
    assert as_(browser, R.AI_LEAD, "RTH01").get(f"/RTH01/tools/{reference}/ask-to-suspend").location == base
