"""What pages show of panels, of independent turns before all are in, and of people who stepped back."""

import re

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import queries
from governance.approval.models import Recusal
from governance.assessment.packs import operations as packing
from governance.database import db, transaction
from governance.notifications.models import Notice
from governance.permissions import Role
from governance.reports import queries as reports
from governance.reports.presenters import document
from tests import agreed, panels
from tests.world import World

R = Role
SECRET = "Zanzibar retention rule"
APART = {R.CSO: {"needs": 2, "independent": True}, R.CLINICAL_LEAD: {"independent": True}, R.DPO: {"independent": True}}
LATER = "shown when all are in"


@pytest.fixture
def browser(later):
    return later.test_client()


@pytest.fixture
def base(submission):
    return f"/RTH01/submissions/{submission.reference}"


def as_(browser, role):
    World().sign_in(browser, role, "RTH01")
    return browser


def the(role) -> int:
    return World().person(role, "RTH01").id


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_panel_page_says_how_many_must_agree_and_who_has(browser, base, submission, monkeypatch):
    panels.ask(monkeypatch, {R.CSO: {"needs": 2}})
    page = words(as_(browser, R.CSO).get(f"{base}/sign/cso").text)
    assert "Two clinical safety officers must agree and one is appointed here: ask the organisation administrator." in page
    second = panels.another(submission, R.CSO, "Second Officer")
    panels.sign(submission, R.CSO, second)
    page = words(browser.get(f"{base}/sign/cso").text)
    assert "Two clinical safety officers must agree, each with a signature of their own." in page
    assert "With: you, as clinical safety officer, 1 of 2 clinical safety officers signed" in page and "is appointed here" not in page
    assert "Clinical safety officer, Second Officer Approved for Pilot" in page
    panels.sign(submission, R.CSO, the(R.CSO))
    for address in (base, f"/RTH01/packs/{queries.position(submission, clock.today()).pack.id}"):
        page = words(browser.get(address).text)
        assert "Clinical safety officer: approved, 1 of 2 clinical safety officers" in page, address
        assert "Clinical safety officer: approved, 2 of 2 clinical safety officers" in page, address


def test_no_page_of_the_round_shows_an_independent_outcome_before_all_are_in(browser, base, submission, monkeypatch):
    panels.ask(monkeypatch, APART)
    second = panels.another(submission, R.CSO, "Second Officer")
    row = panels.sign(submission, R.CLINICAL_LEAD, the(R.CLINICAL_LEAD), "not_approved", reason=SECRET)
    panels.sign(submission, R.DPO, the(R.DPO), "advises_against", reason=SECRET)
    agreed.sign(World(), submission, R.CALDICOTT_GUARDIAN)
    reference, pack = submission.deployment.reference, queries.position(submission, clock.today()).pack
    addresses = [
        base, f"/RTH01/packs/{pack.id}", f"/RTH01/tools/{reference}", f"/RTH01/tools/{reference}/audit", "/RTH01/", "/me/queue",
        "/RTH01/submissions", "/me/notices", "/RTH01/reports", f"{base}/sign/cso", f"{base}/sign/siro", f"{base}/sign/sro",
        f"{base}/advise/dpo", f"{base}/authorise", f"{base}/signed/{row.id}", "/london/tools", f"{base}/step-back",
        f"{base}/judge/hazard_log", "/RTH01/conditions",
    ]  # fmt: skip
    seen = 0
    for role in (R.CSO, R.SIRO, R.SRO, R.AUTHORISING_EXECUTIVE, R.DIGITAL_LEAD, R.AUDITOR, R.BOARD_MEMBER, R.CALDICOTT_GUARDIAN):
        as_(browser, role)
        for address in addresses:
            answer = browser.get(address, follow_redirects=True)
            page = words(answer.text)
            seen += LATER.lower() in page.lower()
            assert SECRET not in page, (role, address)
            assert not re.search(r"(Clinical lead|officer)[^.]{0,30}(not approved|advises against)", page, re.I), (role, address)
            assert "advises against" not in page.lower() or "/advise/" in address, (role, address)
    assert seen > 8
    page = words(as_(browser, R.CSO).get(f"{base}/sign/cso").text)
    assert "You sign without seeing what the others said" in page and "So nobody follows the first to speak" in page
    assert "Clinical lead Signed on 2 November 2026, shown when all are in" in page
    assert browser.get(f"{base}/signed/{row.id}").status_code == 404
    assert SECRET in as_(browser, R.CLINICAL_LEAD).get(f"{base}/signed/{row.id}").text  # one's own
    db.session.rollback()
    found = reports.material(pack, edition="interim-1", issued_at=clock.now(), product="x", public_url="http://localhost")
    assert SECRET not in repr(found) + repr(document.document(found, 0))
    assert "not_approved" not in repr(found.signed) + repr(found.trail)
    panels.sign(submission, R.CSO, second)
    panels.sign(submission, R.CSO, the(R.CSO))
    page = words(as_(browser, R.SIRO).get(base).text)
    assert "Clinical lead: not approved" in page and SECRET in page
    assert as_(browser, R.SIRO).get(f"{base}/signed/{row.id}").status_code == 200


def test_somebody_steps_back_with_a_reason_and_the_pages_say_so(browser, base, submission):
    page = as_(browser, R.CLINICAL_LEAD).get(f"{base}/sign/clinical_lead").text
    assert f"{base}/step-back" in page
    assert browser.post(f"{base}/step-back", data={"reason": ""}).status_code == 422
    kept = browser.post(f"{base}/step-back", data={"reason": " "})
    assert kept.status_code == 422 and "Say what the conflict of interest is" in kept.text
    assert browser.post(f"{base}/step-back", data={"reason": "I own shares in <b>Northgate</b>"}).status_code == 302
    assert len(db.session.scalars(sa.select(Recusal)).all()) == 1
    page = browser.get(base).text
    assert "I own shares in &lt;b&gt;Northgate" in page and "With: you" not in page
    assert "Nobody else is appointed as clinical lead: ask the organisation administrator." in words(page)
    assert f"{base}/step-back" not in page
    page = words(browser.get(f"{base}/sign/clinical_lead").text)
    assert "so you take no further part in it" in page and "You cannot sign now" in page
    refused = browser.post(f"{base}/sign/clinical_lead", data={"outcome": "approve"})
    assert refused.status_code == 422
    assert "Nobody else is appointed" in db.session.scalar(sa.select(Notice.body).where(Notice.kind == "submission.recused"))
    assert "Chestwise" not in words(browser.get("/me/queue").text)


def test_the_page_to_step_back_says_what_to_do_after_signing(browser, base, submission):
    agreed.sign(World(), submission, R.CSO)
    page = words(as_(browser, R.CSO).get(f"{base}/step-back").text)
    assert "Ask the digital lead to take the submission back, then declare it before the next round." in page
    assert "Step back from this submission" not in page


def test_the_page_of_a_section_to_judge_offers_it_too(browser, base, submission):

    with transaction():
        by = World().actor(R.DIGITAL_LEAD, "RTH01")
        packing.recall(submission=submission, reason="A new document", by=by, at=clock.now())
    assert f"{base}/step-back" in as_(browser, R.CSO).get(f"{base}/judge/hazard_log").text
    assert browser.post(f"{base}/step-back", data={"reason": "I wrote the supplier’s case"}).status_code == 302
    page = browser.get(f"{base}/judge/hazard_log").text
    assert "so you take no further part in it" in words(page) and f"{base}/step-back" not in page
    assert "1 of" not in page
