"""The pages on which a deployment's next request is asked, listed, signed and printed, kind by kind, without script."""

import re
from datetime import date

import pytest

from governance import clock
from governance.approval import outcomes
from governance.assessment.packs import queries as packs
from governance.database import db, transaction
from governance.intake import queries as intake
from governance.lifecycle import Stage, Standing, SubmissionKind
from governance.monitoring.endings import queries as endings
from governance.permissions import Role
from governance.register.models import Deployment
from governance.reports import queries as reports
from governance.reports.presenters import front
from tests import agreed, asking, assessed
from tests.world import PASSWORD, World

K, R = SubmissionKind, Role
SOON = date(2026, 12, 1)
TASK = {
    "kind": "access", "text": "Close the interface", "owner": "digital_lead",
    "due_on-day": "5", "due_on-month": "1", "due_on-year": "2027",
}  # fmt: skip


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


def asked_for(browser, base: str, **said: str) -> str:
    """The digital lead asks on the pages; the address of the submission."""
    lead = as_(browser, R.DIGITAL_LEAD)
    draft = lead.post(f"{base}/next").location
    page = lead.get(f"{draft}/ask").text
    version = re.search(r'name="version_id"[^>]*value="(\d+)"', page)
    assert version is not None
    sent = {"version_id": version[1], "version": "2.3"} | said
    after = lead.post(f"{draft}/ask", data=sent)
    assert after.status_code == 302, plain(after.text)
    db.session.rollback()
    submission = intake.draft(int(draft.rpartition("/")[2]), World().actor(R.DIGITAL_LEAD, "RTH01"))
    facts = intake.facts(intake.of_deployment(submission.deployment)[1])
    sent = facts | {"version_id": str(submission.version_id)}
    assert lead.post(f"{draft}/triage", data=sent).status_code == 302
    db.session.rollback()
    page = lead.get(f"{draft}/check").text
    version = re.search(r'name="version_id"[^>]*value="(\d+)"', page)
    done = lead.post(f"{draft}/check", data={"version_id": version[1] if version else ""})
    assert done.status_code == 302, plain(done.text)
    return done.location


def of(url: str):
    db.session.rollback()
    return intake.submission(url.rpartition("/")[2], World().actor(R.DIGITAL_LEAD, "RTH01"))


def front_of(submission) -> front.Front:
    pack = packs.pack(submission)
    assert pack is not None
    found = reports.material(pack, edition="full", issued_at=clock.now(), product="P", public_url="https://x.example")
    return front.front_sheet(found, 0)


def test_only_what_is_possible_is_offered_with_what_it_is_for_and_who_agrees(browser, base):
    lead = as_(browser, R.DIGITAL_LEAD)
    page = plain(lead.get(f"{base}/next").text)
    for said in ("Re-assurance at Pilot For a new version", "Extend the pilot For a pilot", "Cease For a tool whose use ends"):
        assert said in page
    assert "Step back" not in page and "the senior responsible owner authorises" in page


def test_a_cease_is_asked_listed_signed_and_told_on_the_pages(browser, base, live):
    with clock.fixed(SOON):
        lead = as_(browser, R.DIGITAL_LEAD)
        assert "asks for its use to cease" in lead.get(f"{base}/ending").text
        assert lead.post(f"{base}/ending/tasks", data=TASK).status_code == 422
        url = asked_for(browser, base, ask="cease:pilot", reason="Its contract ends.")
        hub = lead.get(url).text
        assert "Tasks of decommissioning and lessons" in hub and f"{base}/ending" in hub
        assert "No task of decommissioning is listed." in hub
        assert "Take the starter list" in lead.get(f"{base}/ending").text
        assert lead.post(f"{base}/ending/starter").location == f"{base}/ending"
        assert lead.post(f"{base}/ending/tasks", data=TASK).location == f"{base}/ending"
        assert lead.post(f"{base}/ending/tasks", data=TASK | {"text": ""}).status_code == 422
        assert lead.post(f"{base}/ending/lesson", data={"text": "", "because": ""}).status_code == 422
        assert lead.post(f"{base}/ending/lesson", data={"text": "Agree the figures first."}).location == f"{base}/ending"
        stale = lead.post(f"{base}/ending/tasks/6", data=TASK | {"version_id": "99"})
        assert stale.status_code == 409 and "Somebody changed this" in stale.text
        done = {"note": "Closed at 9", "done_on-day": "1", "done_on-month": "12", "done_on-year": "2026", "version_id": "1"}
        assert lead.post(f"{base}/ending/tasks/6/done", data=done).location == f"{base}/ending"
        assert "5 tasks of decommissioning open" in lead.get(base).text
        submission = of(url)
        asking.shown(World(), submission)
        with transaction():
            assessed.submit(World(), submission)
        frozen = lead.post(f"{base}/ending/tasks", data=TASK)
        assert frozen.status_code == 422 and "with its signers" in frozen.text
        advice = as_(browser, R.AI_LEAD).get(f"{url}/advise/ai_lead").text
        assert "Advises cease" in advice and "Advises progress" not in advice and "Its contract ends." in advice
        for role in agreed.roles_in_order(submission)[:-1]:
            agreed.sign(World(), submission, role, outcome="advises_cease" if role is R.AI_LEAD else "")
        sro = as_(browser, R.SRO)
        page = sro.get(f"{url}/authorise").text
        assert "Approved until" not in page and "should cease" in plain(page)
        sro.post(f"{url}/sign/sro/sections")
        first = sro.post(f"{url}/authorise", data={"outcome": "authorise"})
        assert first.status_code == 302, plain(first.text)
        second = plain(sro.get(first.location).text)
        assert "For Cease, version 2.3" in second and "Until" not in second.replace("Open until", "")
        after = plain(sro.get(sro.post(first.location, data={"password": PASSWORD}).location).text)
        assert "Ceased, version 2.3" in after and "Its use has ceased" in after
        db.session.rollback()
        assert db.session.get_one(Deployment, live.id).standing is Standing.CEASED
        seen = plain(as_(browser, R.AUDITOR).get(base).text)
        assert "Agree the figures first." in seen and "5 tasks of decommissioning open" in seen
        assert "Chestwise Triage" in browser.get("/RTH01/tools?standing=ceased").text
        assert "Nothing can be asked for" in as_(browser, R.DIGITAL_LEAD).get(f"{base}/next").text
        sheet = front_of(of(url))
    assert sheet.decision == "Ceased, version 2.3, no conditions"
    assert sheet.agreed_title == "Who agreed to ceasing, version 2.3"
    assert sheet.asks[1].rest == "that 6 tasks of decommissioning have an owner and a day."
    assert sheet.asks[2].rest == "its last task to be done by 1 March 2027."
    assert next(each for each in sheet.stations if each.state == "now").note.endswith(", ceased")


def test_overdue_tasks_are_told_once_and_shown(browser, base, live):
    from governance.monitoring.endings import due

    world = World()
    with clock.fixed(SOON):
        submission = asking.proposed(world, live, K.CEASE, reason="Its contract ends.")
        asking.shown(world, submission)
    with clock.fixed(date(2026, 12, 20)):
        with transaction():
            told = due.run(at=clock.now())
        assert len(told) == 2 and told[0].endswith("is overdue since 15 December 2026.")
        with transaction():
            assert due.run(at=clock.now()) == []
        assert len(endings.open_tasks({live.organisation_id}, until=date(2026, 12, 19))) == 2
        assert "Record what could go wrong while its use ends" in plain(as_(browser, R.DIGITAL_LEAD).get("/RTH01/").text)


@pytest.mark.parametrize(
    ("kind", "said", "decision", "agreed_title"),
    [
        (K.RE_ASSURANCE, {"version": "2.4", "reason": "Mended."}, "Re-assured at Pilot, version 2.4, until 1 June 2027, no conditions",
         "Who agreed to re-assurance, version 2.4"),
        (K.EXTEND_PILOT, {}, "Pilot extended until 2 August 2027, version 2.3, no conditions",
         "Who agreed to the extension, version 2.3"),
    ],
)  # fmt: skip
def test_the_front_sheet_says_what_was_decided(live, kind, said, decision, agreed_title):
    with clock.fixed(SOON):
        submission = asking.authorised(World(), live, kind, **said)
        sheet = front_of(submission)
    assert (sheet.decision, sheet.agreed_title) == (decision, agreed_title)
    assert "Advice was set aside" not in sheet.by_line
    assert outcomes.decision(submission) is not None


def test_a_step_back_is_told_on_the_page_and_the_front_sheet(browser, base, live):
    from tests.journeys.test_kinds import live_at_business_as_usual

    live_at_business_as_usual(live)
    with clock.fixed(SOON):
        assert "Step back to Pilot" in as_(browser, R.DIGITAL_LEAD).get(f"{base}/next").text
        submission = asking.authorised(World(), live, K.STEP_BACK, stage=Stage.PILOT, reason="Its figures drift.")
        sheet = front_of(submission)
        assert "Stepped back to Pilot, assured" in as_(browser, R.AUDITOR).get(base).text
    assert sheet.decision == "Stepped back to Pilot, version 2.3, until 1 June 2027, no conditions"
    assert sheet.asks[2].rest == "a decision on Implementation by 1 June 2027."
