"""The pages on which roles read, sign, advise and decide, and those of conditions, without script."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import conditions, outcomes, queries
from governance.approval.models import Condition, SectionReading
from governance.approval.rules import NewCondition
from governance.assessment.evidence import operations as evidence
from governance.assessment.hazards import operations as hazards
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Refused
from governance.extensions import house
from governance.lifecycle import Standing, SubmissionStatus
from governance.permissions import Role
from governance.signing.models import SignIntent, SignOff
from tests import agreed, assessed
from tests.world import PASSWORD, World

R = Role
LATER = NewCondition("A second reader at night", "clinical_lead", "after", date(2026, 12, 1), "Rota of four weeks")
FIRST = NewCondition("Train nine in ten readers", "digital_lead", "before", date(2026, 12, 1))


@pytest.fixture
def browser(later):
    return later.test_client()


@pytest.fixture
def base(submission):
    return f"/RTH01/submissions/{submission.reference}"


def as_(browser, role):
    World().sign_in(browser, role, "RTH01")
    return browser


def count(model):
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model))
    db.session.rollback()
    return found


def read_all(browser, base, role):
    return browser.post(f"{base}/sign/{role}/sections")


def decide(browser, base, role, verb="sign", **said):
    """First step, after reading everything: the address of the second."""
    read_all(browser, base, role)
    url = f"{base}/authorise" if verb == "authorise" else f"{base}/{verb}/{role}"
    return browser.post(url, data=said)


def day(name, when):
    return {f"{name}-day": when.day, f"{name}-month": when.month, f"{name}-year": when.year}


def test_the_signing_page_says_what_is_asked_and_shows_all_of_it(browser, base):
    page = as_(browser, R.CSO).get(f"{base}/sign/cso").text
    for words in (
        "Sign for clinical safety", "You are asked if Chestwise Triage 2.3 may move from Pipeline to Pilot",
        "With: you, as clinical safety officer", "What you are signing", "What is new to you", "Hazards",
        "Highest residual 3", "Your sections", "What others said", "Your decision", "You sign as", "stays at 3.",
    ):  # fmt: skip
        assert words in page, words
    assert "What is stopping this:</b> nothing." in page


def test_reading_a_section_leads_to_the_next_and_back_and_a_get_leaves_nothing(browser, base, submission):
    as_(browser, R.CLINICAL_LEAD)
    mine = queries.position(submission, clock.today()).line(R.CLINICAL_LEAD).turn.sections
    at = f"{base}/sign/clinical_lead/sections/{mine[0]}"
    assert "I have read this" in browser.get(at).text
    assert count(SectionReading) == 0
    for n in range(len(mine)):
        at = browser.post(at).location
        assert count(SectionReading) == n + 1
    assert at == f"{base}/sign/clinical_lead#sections"
    assert "not read yet" not in browser.get(at).text


def test_a_section_read_twice_is_read_once(browser, base):
    as_(browser, R.CSO)
    for _ in range(2):
        assert browser.post(f"{base}/sign/cso/sections/triage").status_code == 302
    assert count(SectionReading) == 1


def test_signing_takes_a_decision_a_statement_and_a_password(browser, base, submission):
    as_(browser, R.CSO)
    answer = decide(browser, base, "cso", outcome="approve")
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "I accept hazard" in page and re.search(r"Open until \d\d:\d\d", page)
    assert count(SignOff) == 2  # the plan and the log
    done = browser.post(answer.location, data={"password": PASSWORD})
    assert done.status_code == 302
    page = browser.get(done.location).text
    assert "Signed as clinical safety officer" in page and "Next: " in page and "Check code of this signature" in page
    assert R.CSO in queries.position(submission, clock.today()).done


def test_a_wrong_password_keeps_what_was_decided(browser, base):
    as_(browser, R.CSO)
    at = decide(browser, base, "cso", outcome="approve").location
    wrong = browser.post(at, data={"password": "not the password"})
    assert wrong.status_code == 422 and "This is not the password you sign in with." in wrong.text
    assert browser.post(at, data={"password": PASSWORD}).status_code == 302


def test_guessing_is_slowed_down_on_the_signing_page_too(browser, base):
    as_(browser, R.CSO)
    at = decide(browser, base, "cso", outcome="approve").location
    for _ in range(5):
        browser.post(at, data={"password": "not the password"})
    assert "Too many attempts" in browser.post(at, data={"password": PASSWORD}).text


def test_a_second_click_reads_that_it_is_signed(browser, base):
    as_(browser, R.CSO)
    at = decide(browser, base, "cso", outcome="approve").location
    browser.post(at, data={"password": PASSWORD})
    again = browser.post(at, data={"password": PASSWORD})
    assert again.status_code == 409 and "You have signed this already." in again.text


def test_nothing_chosen_is_said_beside_the_field_and_unread_sections_at_the_top(browser, base):
    as_(browser, R.CSO)
    nothing = browser.post(f"{base}/sign/cso")
    assert nothing.status_code == 422 and "Choose what you decide" in nothing.text
    unread = browser.post(f"{base}/sign/cso", data={"outcome": "approve"})
    assert unread.status_code == 422 and "Open each new or changed section before you sign" in unread.text


def test_conditions_are_set_one_by_one_and_kept_when_something_is_missing(browser, base):
    as_(browser, R.CSO)
    said = {"outcome": "approve_with_conditions", "conditions-0-kind": "after"}
    said |= {"conditions-0-text": "Second reader at night"}
    more = browser.post(f"{base}/sign/cso", data=said | {"another": "1"})
    assert more.status_code == 200 and "Condition 2" in more.text and "Second reader at night" in more.text
    missing = decide(browser, base, "cso", **said)
    assert missing.status_code == 422
    assert "Choose who must meet condition 1" in missing.text and "Enter the day by which condition 1" in missing.text
    assert "Second reader at night" in missing.text
    no_stage = decide(browser, base, "cso", **said | {"conditions-0-kind": "stage:none"})
    assert no_stage.status_code == 422
    assert count(SignIntent) == 2
    said |= {"conditions-0-owner_role": "clinical_lead"} | day("conditions-0-due_on", date(2026, 12, 1))
    whole = decide(browser, base, "cso", **said)
    assert whole.status_code == 302
    page = browser.get(whole.location).text
    assert "Second reader at night" in page and "Clinical lead, by 1 December 2026" in page


def test_an_adviser_says_subject_to_what(browser, base):
    as_(browser, R.DPO)
    bare = decide(browser, base, "dpo", "advise", outcome="content_subject_to")
    assert bare.status_code == 422 and "needs a reason" in bare.text
    said = {"outcome": "content_subject_to", "because_content_subject_to": "shorter retention"}
    at = decide(browser, base, "dpo", "advise", **said).location
    done = browser.post(at, data={"password": PASSWORD})
    assert "Your advice is recorded" in browser.get(done.location).text
    assert "Advises: content, 2 November 2026, subject to: shorter retention." in as_(browser, R.SIRO).get(f"{base}/sign/siro").text


def test_going_ahead_against_advice_asks_for_a_reason_where_it_is_given(browser, base, submission):
    agreed.sign(World(), submission, R.DPO, outcome="advises_against", reason="Retention is too long.")
    as_(browser, R.SIRO)
    assert "If you go ahead, say why." in browser.get(f"{base}/sign/siro").text
    bare = decide(browser, base, "siro", outcome="approve")
    assert bare.status_code == 422 and "Deciding against advice needs a reason." in bare.text
    assert decide(browser, base, "siro", outcome="approve", against="Retention is cut to 30 days.").status_code == 302


def test_returning_asks_what_is_missing_and_says_who_has_it(browser, base, submission):
    as_(browser, R.CSO)
    bare = decide(browser, base, "cso", outcome="return_for_information")
    assert bare.status_code == 422 and "needs a reason" in bare.text
    said = {"outcome": "return_for_information", "because_return_for_information": "Who reads at night?"}
    at = decide(browser, base, "cso", **said).location
    page = browser.get(browser.post(at, data={"password": PASSWORD}).location).text
    assert "Returned for information" in page and "It is with the digital lead" in page
    db.session.expire_all()
    assert submission.status is SubmissionStatus.RETURNED


def test_whoever_waits_for_others_reads_why(browser, base):
    page = as_(browser, R.AUTHORISING_EXECUTIVE).get(f"{base}/authorise").text
    assert "The authorising executive acts after the senior responsible owner." in page
    assert "You cannot sign now" in page and "Continue to sign" not in page
    refused = browser.post(f"{base}/authorise", data={"outcome": "authorise"} | day("until", date(2027, 4, 30)))
    assert refused.status_code == 422


def test_the_executive_authorises_until_a_date_and_reads_the_decision(browser, base, submission):
    agreed.signed_up_to(World(), submission, R.AUTHORISING_EXECUTIVE)
    as_(browser, R.AUTHORISING_EXECUTIVE)
    assert "At most 2 May 2027" in browser.get(f"{base}/authorise").text
    said = {"role": "authorising_executive", "verb": "authorise", "outcome": "authorise"}
    late = decide(browser, base, **said, **day("until", date(2028, 4, 30)))
    assert late.status_code == 422 and "can last until 2 May 2027 at most" in late.text
    at = decide(browser, base, **said, **day("until", date(2027, 4, 30))).location
    page = browser.get(browser.post(at, data={"password": PASSWORD}).location).text
    assert "Approved for Pilot, version 2.3, until 30 April 2027, no conditions" in page
    assert "It takes effect at once. The deployment is at Pilot." in page
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


@pytest.fixture
def deferred(browser, base, submission):
    """The executive deferred the decision until 1 December 2026."""
    agreed.signed_up_to(World(), submission, R.AUTHORISING_EXECUTIVE)
    as_(browser, R.AUTHORISING_EXECUTIVE)
    said = {"outcome": "defer", "deferral-because": "Budget in December"} | day("deferral-until", date(2026, 12, 1))
    at = decide(browser, base, "authorising_executive", "authorise", **said).location
    return browser.get(browser.post(at, data={"password": PASSWORD}).location).text


def test_a_deferred_decision_is_taken_up_again_from_the_submission(browser, base, deferred):
    assert "Deferred until 1 December 2026" in deferred
    page = browser.get(base).text
    assert "Whoever authorises may take the decision up earlier." in page and "With: you" not in page
    assert "Take up the decision" in page
    assert "The live record matches the pack." in browser.get(f"{base}/authorise/resume").text
    assert browser.post(f"{base}/authorise/resume").location == f"{base}/authorise"
    assert "Continue to sign" in browser.get(f"{base}/authorise").text


def test_on_its_day_a_deferred_decision_is_back_with_whoever_authorises(browser, base, deferred):
    with clock.fixed(date(2026, 12, 1)):
        as_(browser, R.AUTHORISING_EXECUTIVE)
        page = browser.get(base).text
        assert "With: you, as authorising executive" in page and "Take up the decision" in page
        assert "Read and decide" not in page
        home = browser.get("/RTH01/").text
        assert "1 submission is ready for you." in home
        assert re.search(r'href="[^"]*/authorise/resume">Take up the decision', home)
        lead = as_(browser, R.DIGITAL_LEAD).get("/RTH01/").text
        assert re.search(r"<b>Authorising executive</b></td><td[^>]*>1 December", lead)
        assert "Take up the decision" not in browser.get(base).text


def test_a_deferred_decision_says_which_change_keeps_it_from_being_signed(browser, base, submission, deferred):
    with transaction():
        by = World().actor(R.DIGITAL_LEAD, "RTH01")
        hazards.add_hazard(deployment=submission.deployment, name="Seen late", by=by, at=clock.now())
    page = browser.get(f"{base}/authorise/resume").text
    assert "the digital lead takes it back and submits it again" in page
    assert browser.post(f"{base}/authorise/resume").status_code == 302
    as_(browser, R.DIGITAL_LEAD)
    assert "Take it back from its signers" in browser.get(base).text


def test_the_submission_says_whose_turn_it_is_and_offers_it_to_them_alone(browser, base):
    page = as_(browser, R.CSO).get(base).text
    assert "With: you, as clinical safety officer" in page and "With: Caldicott Guardian" in page
    assert "Read and sign as clinical safety officer" in page
    page = as_(browser, R.SRO).get(base).text
    assert "Read and sign" not in page


def test_unchanged_sections_are_confirmed_with_the_one_button(browser, base, submission):
    world = World()
    agreed.sign(world, submission, R.CSO)
    agreed.sign(world, submission, R.CLINICAL_LEAD, outcome="return_for_information", reason="Say who reads at night.")
    with transaction():
        assessed.submit(world, submission)
    as_(browser, R.CSO)
    page = browser.get(f"{base}/sign/cso").text
    assert re.search(r"\d+ sections are unchanged since you signed on 2 November 2026. The button confirms them again.", page)
    assert re.search(r"Confirm the \d+ unchanged sections and continue", page) and "checked" not in page
    assert "Nothing in your sections has changed." in page
    bare = browser.post(f"{base}/sign/cso", data={"outcome": "approve"})
    assert bare.status_code == 422 and "Confirm the sections that have not changed" in bare.text
    assert browser.post(f"{base}/sign/cso", data={"outcome": "approve", "confirms": "yes"}).status_code == 302


def test_a_condition_met_too_late_says_that_a_new_submission_is_needed(browser, submission):
    world, executive = World(), R.AUTHORISING_EXECUTIVE
    agreed.signed_up_to(world, submission, executive)
    said = {"outcome": "authorise_with_conditions", "conditions": [FIRST], "until": date(2026, 12, 31)}
    agreed.sign(world, submission, executive, **said)
    row = outcomes.conditions_of(submission)[0]
    with clock.fixed(date(2027, 1, 4)):
        as_(browser, executive)
        at, version = f"/RTH01/conditions/{row.id}", row.version_id
        too_late = "The approval ended on 31 December 2026, before it took effect."
        page = browser.get(at).text
        assert too_late in page and "it takes effect at once" not in page
        done = browser.post(f"{at}/settle", data={"settle": "met", "text": "Seen", "version_id": version})
        page = browser.get(done.location).text
        assert too_late in page and "A new submission is needed." in page and "Confirmed as met" in page
    assert submission.deployment.standing is Standing.PROPOSED


def test_a_condition_is_offered_by_the_lead_and_confirmed_by_the_role_that_set_it(browser, submission):
    agreed.agree(World(), submission, conditions=[FIRST, LATER])
    row = outcomes.conditions_of(submission)[0]
    at, version = f"/RTH01/conditions/{row.id}", row.version_id
    lead = World().actor(R.DIGITAL_LEAD, "RTH01")
    with transaction():
        ended, _ = (
            evidence.attach(title=title, kind="other", url="https://rth01.example/x", expires_on=until, by=lead, at=clock.now())
            for title, until in (("Rota of last year", date(2026, 11, 1)), ("Rota of this year", date(2026, 11, 2)))
        )
        ended_id = ended.id
    with pytest.raises(Refused, match="“Rota of last year” ended on 1 November 2026."), transaction():
        conditions.offer_evidence(condition=row, text="It is kept", version_id=version, item=ended, by=lead, at=clock.now())
    db.session.rollback()
    page = as_(browser, R.DIGITAL_LEAD).get(at).text
    assert "Rota of this year" in page and "Rota of last year" not in page
    assert browser.post(f"{at}/offer", data={"version_id": version, "text": "It is kept", "held": ended_id}).status_code == 422
    assert "Train nine in ten readers" in page and "Offer it to the authorising executive" in page
    assert "Your answer" not in page
    assert browser.post(f"{at}/offer", data={"version_id": version, "text": ""}).status_code == 422
    assert browser.post(f"{at}/offer", data={"version_id": 99, "text": "Seen"}).status_code == 409
    assert browser.post(f"{at}/offer", data={"version_id": version, "text": "94 of 101 trained"}).status_code == 302
    page = as_(browser, R.AUTHORISING_EXECUTIVE).get(at).text
    assert "94 of 101 trained" in page and "Your answer" in page
    fresh = db.session.get_one(Condition, row.id).version_id
    db.session.rollback()
    said = {"version_id": fresh, "settle": "met", "text": "Record seen"}
    assert browser.post(f"{at}/settle", data=said).status_code == 302
    db.session.expire_all()
    assert submission.deployment.standing is Standing.ASSURED
    assert "Confirmed as met by the authorising executive" in browser.get(at).text


def test_go_live_is_recorded_only_under_an_approval(browser, submission):
    at = f"/RTH01/tools/{submission.deployment.reference}/go-live"
    as_(browser, R.DIGITAL_LEAD)
    assert "Nothing is approved to go live" in browser.get(at).text
    person = World().person(R.CLINICAL_LEAD, "RTH01").id
    agreed.agree(World(), submission)
    said = {"sites": "Main site", "share_trained": "93", "confirmed_by": person}
    said |= day("went_live_on", date(2026, 11, 2))
    tomorrow = browser.post(at, data=said | day("went_live_on", date(2026, 11, 3)))
    assert tomorrow.status_code == 422 and "Main site" in tomorrow.text
    assert browser.post(at, data=said).status_code == 302
    assert "93%" in browser.get(at).text


def test_a_stranger_finds_none_of_it(browser, base, submission):
    World().sign_in(browser, R.CSO, "QWE")
    signing = ("sign/cso", "sign/cso/sections", "sign/cso/sections/triage")
    for path in (*signing, "authorise", "authorise/resume", "signed/1"):
        assert browser.get(f"{base}/{path}").status_code == 404
