"""The pages of changes: the consequence before saving, the notice, the banner, and what a submission's pages show of it."""

import re
from datetime import date

import pytest

from governance import clock
from governance.approval.changes import operations, queries
from governance.database import db, transaction
from governance.intake import queries as intake
from governance.lifecycle import SubmissionKind
from governance.permissions import Role
from governance.register.models import Deployment
from tests import asking, changed
from tests.world import World

R = Role
DAY = {"effective_on-day": "4", "effective_on-month": "1", "effective_on-year": "2027"}


@pytest.fixture
def browser(assured):
    return assured.test_client()


@pytest.fixture
def base(live):
    return f"/RTH01/tools/{live.reference}"


def as_(browser, role, code="RTH01"):
    World().sign_in(browser, role, code)
    return browser


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def the(reference: str) -> Deployment:
    db.session.rollback()
    return db.session.query(Deployment).filter_by(reference=reference).one()


def test_what_each_change_touches_is_read_before_it_is_saved_and_wrong_words_are_kept(browser, base, live):
    lead = as_(browser, R.DIGITAL_LEAD)
    page = plain(lead.get(f"{base}/changes/new").text)
    assert "The supplier brings a new version" in page and "Other people are touched by it" in page
    assert re.search(r"Touches 11 of 1\d sections: ", page)
    wrong = lead.post(f"{base}/changes/new", data=DAY | {"kind": "version", "version": "2.3", "what": "It was mended."})
    assert wrong.status_code == 422
    assert "Version 2.3 is the one in use." in plain(wrong.text) and "It was mended." in wrong.text
    assert lead.post(f"{base}/changes/new", data={"kind": "version"}).status_code == 422
    done = lead.post(f"{base}/changes/new", data=DAY | {"kind": "version", "version": "2.4", "what": "A new model."})
    assert done.location == f"{base}/changes/1"
    assert queries.notices_of(the(live.reference))[0].what == "A new model."


def test_the_notice_says_what_is_touched_what_stays_and_what_follows(browser, base, live):
    changed.noted(World(), live)
    lead = as_(browser, R.DIGITAL_LEAD)
    page = plain(lead.get(f"{base}/changes/1").text)
    assert "Version 2.4 from 4 January 2027" in page and "Nobody has said yet what follows." in page
    assert "Unchanged: re-confirm" in page and "Facts of triage that may move" in page
    assert "Start re-assurance" in page and "Why does nothing follow?" not in page
    assert "DTAC: assessed again for each product version" in page
    board = plain(lead.get(base).text)
    assert "Something changed since it was assessed." in board and "Changes noted" in board and "Note a change" in board
    assert as_(browser, R.BOARD_MEMBER).get(f"{base}/changes/1").status_code == 403
    officer = as_(browser, R.CSO)
    assert "Why does nothing follow?" in plain(officer.get(f"{base}/changes/1").text)
    empty = officer.post(f"{base}/changes/1/settle", data={"reason": "", "version_id": "1"})
    assert empty.status_code == 422 and "Say why nothing follows from it" in plain(empty.text)
    assert officer.post(f"{base}/changes/1/settle", data={"reason": "No.", "version_id": "9"}).status_code == 409
    said = officer.post(f"{base}/changes/1/settle", data={"reason": "The same model.", "version_id": "1"})
    assert said.location == f"{base}/changes/1"
    after = plain(officer.get(f"{base}/changes/1").text)
    assert "The same model." in after and "Why does nothing follow?" not in after
    assert "Something changed" not in plain(officer.get(base).text)
    assert as_(browser, R.DIGITAL_LEAD, "QWE").get(f"{base}/changes/1").status_code in (403, 404)


def test_a_re_assurance_starts_from_the_notice_and_shows_what_is_touched_first(browser, base, live):
    world, reference = World(), live.reference
    changed.noted(world, live)
    lead = as_(browser, R.DIGITAL_LEAD)
    draft = lead.post(f"{base}/changes/1/take-up")
    assert re.fullmatch(r"/RTH01/drafts/\d+", draft.location)
    assert "Taken up in" in plain(lead.get(f"{base}/changes/1").text)
    assert 'value="2.4"' in lead.get(f"{draft.location}/ask").text
    changed.noted(world, the(reference), kind="hosting", what="Another centre.")
    assert "A draft is open about this deployment. The change can be taken up there." in plain(lead.get(f"{base}/changes/2").text)
    assert lead.post(f"{base}/changes/2/take-up").location == draft.location
    assert lead.post(f"{base}/changes/2/take-up").status_code == 422


def test_the_task_page_lists_what_the_change_touches_first_and_the_rest_to_re_confirm(browser, base, live):
    world = World()
    submission = asking.proposed(world, live, SubmissionKind.RE_ASSURANCE, reason="Another use.")
    with clock.fixed(date(2026, 11, 3)):
        changed.noted(world, live, kind="population", what="Children too.")
    with transaction():
        operations.take_up(deployment=live, by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    lead = as_(browser, R.DIGITAL_LEAD)
    page = lead.get(f"/RTH01/submissions/{submission.reference}").text
    said = plain(page)
    assert "What changed" in said and "Children too." in said and re.search(r"\d of \d+ sections touched", said)
    assert "Hazard log is touched by a change and was judged before it. Judge it again." in said
    lists = re.findall(r'<ul class="tasks">(.*?)</ul>', page, re.S)
    for tasks in lists:
        words = re.findall(r"Touched by: Other people|Unchanged: re-confirm|Not touched by the change", tasks)
        assert words == sorted(words, key=lambda each: not each.startswith("Touched"))
        assert words[0].startswith("Touched") and "Unchanged: re-confirm" in words
    assert intake.open_on(the(live.reference)) is not None


def test_the_drift_panel_leads_to_noting_what_changed(browser, base, live):
    from tests.operations.test_drift import rise

    rise(World(), live)
    panel = as_(browser, R.DIGITAL_LEAD).get(base).text.partition('id="drift"')[2].partition("</section>")[0]
    assert f'href="{base}/changes/new"' in panel and "Start a re-assurance" not in panel
