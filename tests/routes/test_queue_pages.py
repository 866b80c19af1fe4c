"""The queue over all organisations, a person's own appointments, and handing work over, without script."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import g

from governance import clock
from governance.approval import queries as approval
from governance.approval import recusals, seats
from governance.approval.models import SectionReading
from governance.assessment.hazards import versions
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.database import db, transaction
from governance.identity import actors, operations
from governance.identity.models import Appointment, Delegation, ProfessionalRegistration
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind, SubmissionStatus
from governance.permissions import OPERATOR, Role
from tests import asking, cases, changed, declared, safety, suspended
from tests.cover import hand_over, second
from tests.safety import statements
from tests.world import World

HAND_OVER = "/me/appointments/RTH01/cso/hand-over"
AWAY = {
    "starts_on-day": "2", "starts_on-month": "11", "starts_on-year": "2026",
    "ends_on-day": "13", "ends_on-month": "11", "ends_on-year": "2026", "reason": "Annual leave",
}  # fmt: skip


def as_(client, role, code="RTH01"):
    World().sign_in(client, role, code)
    return client


def as_person(client, person):
    with client.session_transaction() as session:
        session["_user_id"] = f"{person.id}:{person.session_epoch}"
        session["_fresh"] = True
    g.pop("_login_user", None)
    db.session.rollback()
    return client


def test_the_queue_says_what_is_asked_since_when_and_what_is_new(submission, later):
    page = as_(later.test_client(), Role.CSO).get("/me/queue").text
    for words in (
        "1 matter waits for you", "Chestwise Triage 2.3", "Riverside Teaching Hospitals",
        "Progress to Pilot, as clinical safety officer", "New to you", "0 of 10 days", "Read and sign",
        f"/RTH01/submissions/{submission.reference}/sign/cso",
    ):  # fmt: skip
        assert words in page, words


def test_a_safety_officer_sees_the_practice_they_act_in_beside_their_own(app):
    world, client = World(), app.test_client()
    declared.declare(world, "HLP01", lead="QKK")
    declared.declare(world, "QKK", tool_name="Letterline")
    page = as_(client, Role.CSO, "QKK").get("/me/queue").text
    assert "2 matters wait for you" in page and "Over 2 organisations, oldest first" in page
    assert "/HLP01/tools/HLP01-2026-0001/declaration/decide" in page and "Harbour Lane Practice" in page
    assert "In use, not assured. Due by" in page


def test_what_was_handed_over_is_in_the_queue_of_the_other_alone(submission, later):
    world, client = World(), later.test_client()
    taker = second(world, Role.CSO, "RTH01")
    hand_over(world, taker)
    page = as_(client, Role.CSO).get("/me/queue").text
    assert "Nothing waits for you" in page and "Second Cso of RTH01 acts for you" in page
    assert "Read and sign" not in client.get("/RTH01/").text
    assert client.get(f"/RTH01/submissions/{submission.reference}/sign/cso").status_code == 200
    page = as_person(client, taker).get("/me/queue").text
    assert "1 matter waits for you" in page and "Acting for Cso of RTH01, 2–13 November 2026" in page
    page = client.get(f"/RTH01/submissions/{submission.reference}/sign/cso").text
    assert "Acting for" in page and "Cso of RTH01, 2–13 November 2026" in page


def test_a_turn_comes_back_where_whoever_acts_for_me_steps_back(submission, later):
    world, client = World(), later.test_client()
    taker = second(world, Role.CSO, "RTH01")
    hand_over(world, taker)
    with transaction():
        by = actors.actor_for(taker.id, "RTH01", clock.now())
        recusals.recuse(submission=submission, reason="My sister works there", by=by, at=clock.now())
    line = approval.position(submission, clock.today()).line(Role.CSO)
    assert seats.brought_to(line, submission.deployment, clock.now()) == {world.person(Role.CSO, "RTH01").id}
    page = as_(client, Role.CSO).get("/me/queue").text
    assert "1 matter waits for you" in page and "Read and sign" in client.get("/RTH01/").text
    assert "Nothing waits for you" in as_person(client, taker).get("/me/queue").text


def test_the_queue_asks_as_often_for_many_matters_as_for_few(app):
    world, client, counts = World(), app.test_client(), []
    names = ("Bedflow", "Wardsound", "Rotawise", "Dictaphrase", "Parkwatch", "Skinview", "Fallguard", "Queuewell", "Lungscan")
    for first, last in ((0, 2), (2, 9)):
        for each in names[first:last]:
            declared.declare(world, tool_name=each, manufacturer=f"{each} Ltd")
        as_(client, Role.CSO).get("/me/queue")
        db.session.remove()
        with statements() as told:
            assert f"{last} matters wait for you" in client.get("/me/queue").text
        counts.append(len([each for each in told if each.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 40


def test_a_first_signature_still_opens_each_section_whatever_is_sent(submission, later):
    client = as_(later.test_client(), Role.CSO)
    here = approval.position(submission, clock.today())
    shown = [str(each.id) for each in here.pack.sections]
    db.session.rollback()
    url = f"/RTH01/submissions/{submission.reference}/sign/cso"
    assert 'name="shown"' not in client.get(url).text
    answer = client.post(url, data={"outcome": "approve", "confirms": "yes", "shown": shown})
    assert answer.status_code == 422 and "Open each new or changed section before you sign" in answer.text
    assert db.session.scalar(sa.select(SectionReading.id)) is None


def test_a_routine_page_counts_only_what_it_showed_of_this_pack(assured, live):
    asked = asking.submitted(World(), live, SubmissionKind.RE_ASSURANCE, version="2.4", reason="The supplier mended the queue.")
    client, url = as_(assured.test_client(), Role.CSO), f"/RTH01/submissions/{asked.reference}/sign/cso"
    assert "section changed" in (queue := client.get("/me/queue").text) or "sections changed" in queue
    page = client.get(url).text
    keys = re.findall(r'name="shown" value="(\d+)"', page)
    assert keys and len(keys) == page.count('class="whole-section"')
    assert "answers as you last signed them" in page and "6 sections as you last signed them</summary>" in page
    assert page.count("<details") == page.count("</details>") and "<details open" not in page  # all is there, folded
    older = [str(number) for number in range(1, min(map(int, keys)))]
    for sent in ([], keys[1:], older):
        answer = client.post(url, data={"outcome": "approve", "confirms": "yes", "shown": sent})
        assert answer.status_code == 422 and "before you sign" in answer.text
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SectionReading)) == read_before(live)
        db.session.rollback()
    unconfirmed = client.post(url, data={"outcome": "approve", "shown": keys})
    assert unconfirmed.status_code == 422 and "Confirm the sections that have not changed" in unconfirmed.text
    db.session.rollback()
    assert client.post(url, data={"outcome": "approve", "confirms": "yes", "shown": keys}).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SectionReading)) == read_before(live) + len(keys)


def test_a_change_noted_waits_with_whoever_says_what_follows(assured, live):
    world, client = World(), assured.test_client()
    changed.noted(world, live)
    page = as_(client, Role.CSO).get("/me/queue").text
    assert "Say what follows from change 1" in page and changed.WHAT in page
    assert f"/RTH01/tools/{live.reference}/changes/1" in page
    assert "Say what follows" not in as_(client, Role.SIRO).get("/me/queue").text


def test_records_and_resuming_wait_in_their_turn(assured, live):
    world, client, reference = World(), assured.test_client(), live.reference
    suspended.suspend(world, live)
    assert "Nothing waits for you" in as_(client, Role.CSO).get("/me/queue").text
    with clock.fixed(World.TODAY + timedelta(days=1)):
        suspended.new_log(world, live)
        with transaction():
            lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
            safety.scored_hazard(live, lead, name="Screen freezes", reason="The list is read by hand.")
            versions.make_version(deployment=live, by=lead, at=clock.now())
            cases.written(live, world.actor(Role.CSO, "RTH01"))
        page = as_(client, Role.CSO).get("/me/queue").text
        for words in (
            "3 matters wait for you", "Say if its use resumes, as clinical safety officer", "Suspended on 2 November 2026",
            "Approve hazard log version 3", "You approved version 2 before", "Approve safety case report, revision 1",
            f"/RTH01/tools/{reference}/resume",
        ):  # fmt: skip
            assert words in page, words
        found = re.findall(r'class="goes"><a class="title quiet" href="([^"]+)"', page)
        assert [client.get(each).status_code for each in found] == [200, 200, 200]


def test_the_first_screen_counts_what_the_queue_lists(assured, live):
    world, client = World(), assured.test_client()
    suspended.suspend(world, live)
    changed.noted(world, live)
    with clock.fixed(World.TODAY + timedelta(days=1)):
        suspended.new_log(world, live)
        with transaction():
            cases.written(live, world.actor(Role.CSO, "RTH01"))
        queue, home = as_(client, Role.CSO).get("/me/queue").text, client.get("/RTH01/").text
    assert "3 matters wait for you</h1>" in queue and "3 matters wait for you</h1>" in home
    for words in ("Say if its use resumes", "Say what follows from change 1", "Approve safety case report, revision 1"):
        assert words in queue and words in home, words


def test_who_stepped_back_finds_no_record_of_that_tool_to_approve(assured, live):
    world, client = World(), assured.test_client()
    asked = asking.proposed(world, live, SubmissionKind.RE_ASSURANCE, reason="A yearly look.")
    with transaction():
        lead, officer = world.actor(Role.DIGITAL_LEAD, "RTH01"), world.actor(Role.CSO, "RTH01")
        safety.scored_hazard(live, lead, name="Screen freezes", reason="The list is read by hand.")
        versions.make_version(deployment=live, by=lead, at=clock.now())
        cases.written(live, officer)
    assert "2 matters wait for you" in as_(client, Role.CSO).get("/me/queue").text
    with transaction():
        recusals.recuse(submission=asked, reason="My sister works there", by=world.actor(Role.CSO, "RTH01"), at=clock.now())
    for address in ("/me/queue", "/RTH01/"):
        page = as_(client, Role.CSO).get(address).text
        assert "Approve hazard log" not in page and "Approve safety case" not in page, address


def read_before(live):
    """How many sections were read of the pack on which the deployment was assured."""
    query = (
        sa.select(sa.func.count())
        .select_from(SectionReading)
        .join(PackSection, PackSection.id == SectionReading.pack_section_id)
        .join(AssurancePack, AssurancePack.id == PackSection.pack_id)
        .join(Submission, Submission.id == AssurancePack.submission_id)
        .where(Submission.deployment_id == live.id, Submission.status == SubmissionStatus.AUTHORISED)
    )
    return db.session.scalar(query)


@pytest.mark.parametrize("sent", ["0", "-1", "99", "one"])
def test_a_page_of_the_queue_that_is_not_there_shows_one_that_is(client, world, sent):
    assert as_(client, Role.CSO).get(f"/me/queue?page={sent}").status_code == 200


def test_who_accounts_for_nothing_has_no_queue(client, world):
    assert as_(client, Role.DIGITAL_LEAD).get("/me/queue").status_code == 403
    assert "/me/queue" not in client.get("/RTH01/").text
    assert "You hold no appointment" in client.get("/me/appointments").text


def test_my_appointments_name_instrument_agreement_limits_and_what_ends_soon(app):
    world, client = World(), app.test_client()
    page = as_(client, Role.CSO, "QKK").get("/me/appointments").text
    for words in (
        "You hold 2 appointments", "Letter of 5 January 2026", "Harbour Lane Practice", "31 December 2028",
        "By agreement with NHS South East London Integrated Care Board: Agreement of 20 March 2026, to 31 March 2029",
        "GMC 000", "31 December 2027", "12 June 2025", "Nobody acts for you, and you act for nobody.",
    ):  # fmt: skip
        assert words in page, words
    page = as_(client, Role.AUTHORISING_EXECUTIVE).get("/me/appointments").text
    assert "Up to high tier, Business as usual, residual rating 3" in page
    with transaction():
        officer = world.person(Role.CSO, "RTH01")
        operations.record_registration(
            person=officer, body="GMC", number="1", expires_on=date(2026, 11, 1), trained_on=date(2023, 1, 1), by=OPERATOR,
            at=clock.now(),
        )  # fmt: skip
    page = as_(client, Role.CSO).get("/me/appointments").text
    assert "The registration expired on 1 November 2026: nothing can be signed." in page
    assert "Safety training is older than 3 years." in page


def test_handing_over_keeps_what_was_typed_and_offers_only_holders(app):
    world, client = World(), app.test_client()
    assert "Nobody else holds this role here." in as_(client, Role.CSO).get(HAND_OVER).text
    taker = second(world, Role.CSO, "RTH01")
    number = str(taker.id)
    page = as_(client, Role.CSO).get(HAND_OVER).text
    assert "Second Cso of RTH01" in page and "Siro of RTH01" not in page
    late = client.post(HAND_OVER, data=AWAY | {"to": number, "ends_on-year": "2025"})
    assert late.status_code == 422 and "The last day must not be before the first day." in late.text
    assert 'value="Annual leave"' in late.text
    stranger = client.post(HAND_OVER, data=AWAY | {"to": str(World().person(Role.CSO, "QWE").id)})
    assert stranger.status_code == 422
    db.session.rollback()
    assert client.post(HAND_OVER, data=AWAY | {"to": number}).status_code == 302
    page = client.get("/me/appointments").text
    assert "Second Cso of RTH01 acts for you" in page and "2–13 November 2026" in page
    ended = f"/me/appointments/RTH01/hand-overs/{db.session.scalar(sa.select(Delegation.id))}/end"
    db.session.rollback()
    assert "It ends today." in client.get(ended).text
    assert client.post(ended).status_code == 302
    assert "Over" in client.get("/me/appointments").text
    assert client.post(ended).status_code == 422
    assert as_(client, Role.SIRO).get(ended).status_code == 403
    assert as_(client, Role.CSO, "QWE").get(ended).status_code == 404


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.CSO, "/me/appointments/RTH01/siro/hand-over", 403), (Role.CSO, "/me/appointments/RTH01/nobody/hand-over", 404),
        (Role.CSO, "/me/appointments/QWE/cso/hand-over", 404), (Role.CSO, "/me/appointments/RTH01/cso/1/hand-over", 403),
        (Role.DIGITAL_LEAD, "/me/appointments/RTH01/digital_lead/hand-over", 403),
    ],
)  # fmt: skip
def test_nobody_hands_over_what_is_not_theirs(client, world, role, path, status):
    assert as_(client, role).get(path).status_code == status


def test_an_executive_without_limits_is_refused_beside_the_fields(app):
    client = as_(app.test_client(), Role.ORGANISATION_ADMINISTRATOR)
    person = World().person(Role.AUDITOR, "RTH01").id
    db.session.rollback()
    sent = {
        "person": str(person), "role": "authorising_executive", "instrument": "Letter",
        "starts_on-day": "2", "starts_on-month": "11", "starts_on-year": "2026",
        "ends_on-day": "2", "ends_on-month": "11", "ends_on-year": "2027", "highest_tier": "high",
    }  # fmt: skip
    answer = client.post("/RTH01/people/appoint", data=sent)
    assert answer.status_code == 422
    assert "Say the highest stage up to which this executive may authorise." in answer.text
    assert "Say the highest tier" not in answer.text
    assert client.post("/RTH01/people/appoint", data=sent | {"highest_stage": "pilot", "highest_residual": "2"}).status_code == 302
    page = client.get("/RTH01/people").text
    assert "Up to high tier, Pilot, residual rating 2" in page and "12 June 2025" in page


def test_the_people_pages_show_who_acts_for_whom(app):
    world = World()
    hand_over(world, second(world, Role.CSO, "RTH01"))
    page = as_(app.test_client(), Role.ORGANISATION_ADMINISTRATOR).get("/RTH01/people").text
    assert "Second Cso of RTH01 acts for Cso of RTH01, 2–13 November 2026" in page


def test_an_expired_registration_refuses_an_appointment_as_safety_officer(app):
    world = World()
    with transaction():
        person = world.person(Role.AUDITOR, "RTH01")
        operations.record_registration(
            person=person, body="GMC", number="1", expires_on=date(2026, 10, 31), trained_on=None, by=OPERATOR, at=clock.now()
        )
        number = person.id
    client = as_(app.test_client(), Role.ORGANISATION_ADMINISTRATOR)
    sent = {
        "person": str(number), "role": "cso", "instrument": "Letter", "starts_on-day": "2", "starts_on-month": "11",
        "starts_on-year": "2026", "ends_on-day": "2", "ends_on-month": "11", "ends_on-year": "2027",
    }  # fmt: skip
    answer = client.post("/RTH01/people/appoint", data=sent)
    assert answer.status_code == 422
    assert "Their professional registration ends on 31 October 2026. Record the renewed one first." in answer.text
    held = sa.select(sa.func.count()).select_from(Appointment).where(Appointment.person_id == number)
    assert db.session.scalar(held) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProfessionalRegistration)) > 0
    assert actors.actor_for(number, "RTH01", clock.now()).roles == {Role.AUDITOR}
