"""The pages of committees: a whole meeting by its forms, who reads it, and that an opinion is never shown as a signature."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval.committees.models import AgendaItem, Meeting, MeetingAction
from governance.database import db
from governance.permissions import Role
from tests import agreed, met
from tests.world import World

R = Role


@pytest.fixture
def browser(later, submission):
    return later.test_client()


def as_(browser, role, code="RTH01"):
    World().sign_in(browser, role, code)
    return browser


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def day(name: str, on=None) -> dict[str, str]:
    on = on or clock.today()
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def newest(model):
    db.session.rollback()
    return db.session.scalars(sa.select(model).order_by(model.id.desc())).first()


def version_of(model, row_id) -> str:
    version = str(db.session.get_one(model, row_id).version_id)
    db.session.rollback()
    return version


def key(role: Role) -> str:
    return f"{World().person(role, 'RTH01').id}-{role.value}"


def test_a_whole_meeting_is_kept_by_its_forms_and_moves_no_submission(browser, submission):
    lead, ref = as_(browser, R.DIGITAL_LEAD), submission.reference
    founded = lead.post("/RTH01/committees/new", data={
        "name": "AI assurance group", "quorum_people": "2", "roles": ["cso"], "comment_working_days": "5", "terms": "It advises.",
    })  # fmt: skip
    group = founded.location
    assert "Quorate with 2 people, with clinical safety officer." in plain(lead.get(group).text)
    wrong = lead.post(f"{group}/meetings/new", data=day("held_on") | {"starts_at": "2 pm", "place": "Board room"})
    assert wrong.status_code == 422 and "like 14:00" in wrong.text and "Board room" in wrong.text
    meeting = lead.post(f"{group}/meetings/new", data=day("held_on") | {"starts_at": "14.00", "place": "Board room"}).location

    put = {"about": "submission", "submission": str(submission.id), "purpose": "decision", "presented_by": "Dr A"}
    assert lead.post(f"{meeting}/items/new", data=put).location == f"{meeting}#agenda"
    matter = {"about": "matter", "title": "Figures of tools in use", "purpose": "noting"}
    assert lead.post(f"{meeting}/items/new", data=matter).status_code == 302
    second = newest(AgendaItem).id
    first = second - 1
    assert lead.post(f"{meeting}/items/{first}/papers", data={"sections": ["hazard_log", "triage"]}).status_code == 302
    offered = lead.get(f"{meeting}/items/{first}/papers").text
    assert 'value="hazard_log"' not in offered
    file = re.search(r'name="files"[^>]*value="(\d+)"', offered)
    assert file is not None
    nothing = lead.post(f"{meeting}/items/{first}/papers", data={})
    assert nothing.status_code == 422 and "Choose at least one paper" in nothing.text
    assert lead.post(f"{meeting}/items/{first}/papers", data={"files": [file[1]]}).location == f"{meeting}#item-1"
    assert lead.post(f"{meeting}/items/{first}/papers", data={"files": [file[1]]}).status_code == 422
    stale = version_of(AgendaItem, second)
    for way, item, now in (("up", second, 1), ("down", second, 2)):
        moved = lead.post(f"{meeting}/items/{item}/move-{way}", data={"version_id": version_of(AgendaItem, item)})
        assert moved.location == f"{meeting}#item-{now}"
    assert lead.post(f"{meeting}/items/{second}/move-up", data={"version_id": stale}).status_code == 409
    page = lead.get(meeting).text
    assert f'href="/RTH01/evidence/{file[1]}"' in page and "move-up" in page and page.count("move-down") == 1
    page = plain(page)
    assert "Enclosure 1b" in page and "Move item 2 up" in page and "Move item 1 up" not in page
    assert "Enclosure 1 " in page and "Enclosure 1a" in page and "Clinical safety officer" in page
    assert lead.post(f"{meeting}/announce").status_code == 302

    for role in (R.CSO, R.DPO):
        said = {"who": key(role), "presence": "present"} | ({"is_chair": "yes"} if role is R.CSO else {})
        assert lead.post(f"{meeting}/attendance/new", data=said).status_code == 302
    guest = {"who": "", "name": "Sam Supplier", "role_words": "Supplier", "presence": "remote"}
    assert lead.post(f"{meeting}/attendance/new", data=guest).location == f"{meeting}#attendance"
    declared = {"who": "sam supplier", "item": str(first), "interest": "Sells it.", "handled": "left"}
    assert lead.post(f"{meeting}/interests/new", data=declared).status_code == 302
    version = str(newest(Meeting).version_id)
    assert lead.post(f"{meeting}/hold", data={"previous_minutes": "Agreed.", "version_id": "99"}).status_code == 409
    assert lead.post(f"{meeting}/hold", data={"previous_minutes": "Agreed.", "version_id": version}).status_code == 302

    decided = {"decision": "supported_with_caveats", "opinion": "It helps.", "caveats": "", "version_id": "3"}
    empty = lead.post(f"{meeting}/items/{first}/decide", data=decided)
    assert empty.status_code == 422 and "It helps." in empty.text and "Write at least one caveat" in empty.text
    for each, what in ((first, decided | {"caveats": "Watch the nights.\nAsk again in May."}), (second, {"decision": "noted"})):
        version = str(db.session.get_one(AgendaItem, each).version_id)
        db.session.rollback()
        assert lead.post(f"{meeting}/items/{each}/decide", data=what | {"version_id": version}).status_code == 302
    action = {"text": "Send the figures.", "who": str(World().person(R.CSO, "RTH01").id), "item": str(first)} | day("due_on")
    assert lead.post(f"{meeting}/actions/new", data=action).location == f"{meeting}#actions"
    page = plain(lead.get(meeting).text)
    assert "The committee supported it with caveats. It is not authorised yet: with the " in page
    assert "You may set this as a condition" not in page
    assert lead.post(f"{meeting}/close", data={"version_id": str(newest(Meeting).version_id)}).status_code == 302
    page = plain(lead.get(meeting).text)
    assert "Closed: 2 items decided" in page and "1 action open" in page and "Quorate: 3 were there; 2 are needed, with clinical safety officer" in page

    officer = as_(browser, R.CSO)
    row = newest(MeetingAction)
    done = {"words": "Sent on Monday.", "version_id": str(row.version_id)}
    assert officer.post(f"{meeting}/actions/{row.id}/done", data=done).location == f"{meeting}#actions"
    page = officer.get(meeting).text
    assert "Sent on Monday." in plain(page) and f"/RTH01/submissions/{ref}/sign/cso" in page
    assert "You may set this as a condition when you sign: Watch the nights. Ask again in May." in plain(page)
    db.session.rollback()
    assert db.session.get_one(type(submission), submission.id).status.value == "submitted"


def test_what_is_signed_stands_beside_the_opinion_with_its_check_code(browser, submission):
    meeting = met.kept(World(), submission).id
    role = agreed.roles_in_order(submission)[0]
    agreed.sign(World(), submission, role, reason="Watched for 14 days.")
    said = met.said(submission, role)
    page = plain(as_(browser, R.DIGITAL_LEAD).get(f"/RTH01/meetings/{meeting}").text)
    assert f"Watched for 14 days. {said.name}" in page and f"{said.check_code[:4]} {said.check_code[4:8]}" in page
    assert "The committee has not decided yet. It is not authorised yet: with the " in page


def test_a_member_comments_and_a_board_member_reads_what_they_may(browser, submission):
    planned = met.kept(World(), submission).id
    open_one = f"/RTH01/meetings/{planned - 1}"
    officer = as_(browser, R.SIRO)
    item = db.session.scalars(sa.select(AgendaItem.id).where(AgendaItem.meeting_id == planned - 1)).one()
    db.session.rollback()
    url = f"{open_one}/items/{item}/comment"
    empty = officer.post(url, data={"position": "against", "text": ""})
    assert empty.status_code == 422 and "Say what your caveats are" in plain(empty.text)
    assert officer.post(url, data={"position": "against", "text": "Not at night."}).status_code == 302
    barred = as_(browser, R.DPO).post(url, data={"position": "supports"})
    assert barred.status_code == 422 and "You declared an interest" in plain(barred.text)

    board = as_(browser, R.BOARD_MEMBER)
    page = board.get(open_one).text
    assert "Not at night." in plain(page) and "Not quorate: 2 were there; 3 are needed" in plain(page) and "/attendance/new" not in page
    papers = board.get(f"/RTH01/meetings/{planned}").text
    assert "Enclosure 1a" in plain(papers) and "/packs/" not in papers
    assert "AI assurance group" in plain(board.get("/RTH01/committees").text)
    assert board.get(f"{open_one}/hold").status_code == 403
    stranger = as_(browser, R.BOARD_MEMBER, "QWE")
    assert stranger.get(f"/QWE/meetings/{planned}").status_code == 404
    assert stranger.get(open_one).status_code == 404


def test_caveats_are_offered_to_whoever_authorises_and_bind_nobody(browser, submission):
    world = World()
    agreed.signed_up_to(world, submission, R.AUTHORISING_EXECUTIVE)
    url = f"/RTH01/submissions/{submission.reference}/authorise"
    executive = as_(browser, R.AUTHORISING_EXECUTIVE)
    assert "Committee’s caveats" not in executive.get(url).text
    meeting = met.planned(world, met.committee(world, people=2))
    met.put(world, meeting, submission)
    met.attend(world, meeting, R.CSO, R.SIRO)
    met.hold(world, meeting)
    met.caveats(world, meeting, "Watch the nights.", "Ask again in May.")
    page = executive.get(url).text
    assert f'href="/RTH01/meetings/{meeting.id}#item-1"' in page
    assert ">Watch the nights.</textarea>" in page and ">Ask again in May.</textarea>" in page
    assert "Change or empty what you do not want. You decide." in plain(page)
    said = {"outcome": "authorise", "conditions-0-text": "Watch the nights."} | day("until", date(2027, 4, 30))
    executive.post(url.replace("authorise", "sign/authorising_executive/sections"))
    confirm = executive.get(executive.post(url, data=said).location).text
    assert "Confirm it is you" in confirm and "Watch the nights." not in confirm
