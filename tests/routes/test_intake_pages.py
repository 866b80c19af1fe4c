"""The walk of a draft and the small pages, over HTTP: what is typed is kept, what is stale or foreign is told."""

from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance import clock
from governance.database import db, transaction
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake import operations, queries
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionStatus
from governance.permissions import Role
from governance.register import operations as register
from tests.proposals import FACTS, TOOL, USE_CASE, drafted, proposed
from tests.world import World

CARD = next((Path(__file__).parents[1] / "data" / "chai").rglob("*.xml")).read_bytes()
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><AppliedModelCard>&b;</AppliedModelCard>'


@pytest.fixture
def lead(client: FlaskClient, world: World) -> FlaskClient:
    """The browser of the trust's digital lead."""
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    return client


def begun(client: FlaskClient) -> int:
    """The id of a draft just started."""
    found = client.post("/RTH01/propose")
    assert found.status_code == 302
    return int(found.location.split("/")[-2])


def row(submission_id: int) -> Submission:
    db.session.rollback()
    return db.session.get_one(Submission, submission_id)


def send(client: FlaskClient, draft: int, page: str, **values: object) -> TestResponse:
    return client.post(f"/RTH01/drafts/{draft}/{page}", data={"version_id": row(draft).version_id, **values})


def test_a_tool_is_proposed_page_by_page(lead: FlaskClient, world: World) -> None:
    draft = begun(lead)
    assert send(lead, draft, "tool", **TOOL).location.endswith("/same")
    assert "No tool looks like Chestwise Triage" in lead.get(f"/RTH01/drafts/{draft}/same").text
    assert send(lead, draft, "same").location.endswith("/use-case")
    assert send(lead, draft, "use-case", **USE_CASE).location.endswith("/where")
    site, own = identity.sites_of(world.actor(Role.DIGITAL_LEAD, "RTH01"))[0].id, world.organisation("RTH01").id
    where = {"site_ids": site, "controller_id": own, "stage": "pilot"}
    assert send(lead, draft, "where", **where).location.endswith("/triage")
    assert send(lead, draft, "triage", **FACTS).location.endswith("/check")
    last = lead.get(f"/RTH01/drafts/{draft}/check").text
    assert "Medium tier: standard review" in last
    assert "It uses health data or confidential patient information." in last
    assert "Caldicott Guardian of RTH01" in last
    done = send(lead, draft, "check")
    assert done.location.endswith("/RTH01/submissions/RTH01-2026-0001-S1")
    assert row(draft).status is SubmissionStatus.OPENED
    assert "Chestwise Triage" in lead.get("/RTH01/submissions").text
    assert "RTH01-2026-0001" in lead.get("/RTH01/tools").text


def test_a_wrong_page_keeps_what_was_typed(lead: FlaskClient) -> None:
    draft = begun(lead)
    answer = send(lead, draft, "tool", **TOOL | {"name": "", "summary": "Reads <b>images</b>."})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text and "Enter the tool’s name" in answer.text
    assert "Northgate Imaging Ltd" in answer.text and "Reads &lt;b&gt;images&lt;/b&gt;." in answer.text
    assert row(draft).draft["saved"] == []


def test_a_page_no_one_can_choose_from_is_refused(lead: FlaskClient, world: World) -> None:
    draft = begun(lead)
    stranger = world.organisation("QWE").id
    answer = send(lead, draft, "where", site_ids=99999, controller_id=stranger, stage="business_as_usual")
    assert answer.status_code == 422
    assert row(draft).draft["saved"] == []


def test_a_site_is_needed_or_added(lead: FlaskClient, world: World) -> None:
    draft, own = begun(lead), world.organisation("RTH01").id
    answer = send(lead, draft, "where", controller_id=own, stage="pilot")
    assert answer.status_code == 422 and "Choose at least one site, or add one." in answer.text
    assert send(lead, draft, "where", controller_id=own, stage="pilot", new_site="West wing").status_code == 302


def test_a_stale_page_shows_the_draft_as_it_is_now(lead: FlaskClient, world: World) -> None:
    draft = begun(lead)
    old = row(draft).version_id
    send(lead, draft, "tool", **TOOL)
    answer = lead.post(f"/RTH01/drafts/{draft}/tool", data=TOOL | {"name": "Mine", "version_id": old})
    assert answer.status_code == 409
    assert "Somebody changed this" in answer.text and 'value="Chestwise Triage"' in answer.text
    assert row(draft).draft["values"]["tool"]["name"] == "Chestwise Triage"


def test_a_match_is_shown_with_where_it_is_used_and_needs_an_answer(lead: FlaskClient, world: World) -> None:
    proposed(world, "QKK")
    draft = begun(lead)
    send(lead, draft, "tool", **TOOL | {"name": "Chest-wise TRIAGE v2"})
    page = lead.get(f"/RTH01/drafts/{draft}/same").text
    assert "1 tool looks like" in page
    assert "Proposed at NHS South East London Integrated Care Board: Pipeline" in page
    assert send(lead, draft, "same").status_code == 422
    answer = send(lead, draft, "same", choice="differs", why="")
    assert answer.status_code == 422 and "Say how this tool differs" in answer.text


def test_a_model_card_fills_the_tool_and_is_marked_until_saved(lead: FlaskClient) -> None:
    draft = begun(lead)
    answer = lead.post(f"/RTH01/drafts/{draft}/card", data={"file": (BytesIO(CARD), "card.xml")})
    assert answer.location.endswith("/card/read")
    assert "statements read from the model card" in lead.get(answer.location).text
    assert "From the model card" in lead.get(f"/RTH01/drafts/{draft}/tool").text
    send(lead, draft, "tool", **TOOL)
    assert "From the model card" not in lead.get(f"/RTH01/drafts/{draft}/tool").text


def test_without_a_card_its_reading_leads_to_where_a_person_may_go(lead: FlaskClient, world: World) -> None:
    draft = begun(lead)
    at = f"/RTH01/drafts/{draft}"
    page = lead.get(f"{at}/card/read", follow_redirects=True)
    assert (page.status_code, page.request.path) == (200, f"{at}/card")
    world.sign_in(lead, Role.AUDITOR, "RTH01")
    page = lead.get(f"{at}/card/read", follow_redirects=True)
    assert (page.status_code, page.request.path) == (200, at)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (BOMB, "card.xml", "defines its own entities"),
        (b"", "card.xml", "The file is empty"),
        (b"<html></html>", "card.xml", "is not a CHAI Applied Model Card"),
        (b"%PDF-1.7", "card.xml", "its content is something else"),
        (CARD, "card.pdf", "The file must be a XML"),
        (b"<a>" + b"x" * (1024 * 1024), "card.xml", "1 MB or smaller"),
    ],
)
def test_a_hostile_or_wrong_card_leaves_nothing(lead: FlaskClient, data: bytes, name: str, sentence: str) -> None:
    draft = begun(lead)
    before = list(house().storage.keys(""))
    answer = lead.post(f"/RTH01/drafts/{draft}/card", data={"file": (BytesIO(data), name)})
    assert answer.status_code == 422 and sentence in answer.text
    assert queries.newest_card(row(draft)) is None
    assert list(house().storage.keys("")) == before
    answer.request.environ["wsgi.input"].close()


def test_an_unfinished_draft_says_what_is_missing(lead: FlaskClient) -> None:
    draft = begun(lead)
    assert "Not ready to propose" in lead.get(f"/RTH01/drafts/{draft}/check").text
    answer = send(lead, draft, "check")
    assert answer.status_code == 422 and "“Triage” is not filled in." in answer.text


def test_strangers_see_neither_draft_nor_submission(client: FlaskClient, world: World) -> None:
    draft, submission = drafted(world).id, proposed(world).reference
    world.sign_in(client, Role.DIGITAL_LEAD, "QWE")
    for path in (
        f"drafts/{draft}",
        f"drafts/{draft}/tool",
        f"submissions/{submission}/hold",
        f"submissions/{submission}/tier",
    ):
        assert client.get(f"/QWE/{path}").status_code == 404
        assert client.get(f"/RTH01/{path}").status_code == 404


def test_the_icb_acts_for_the_practice(client: FlaskClient, world: World) -> None:
    world.sign_in(client, Role.DIGITAL_LEAD, "QKK")
    draft = int(client.post("/HLP01/propose").location.split("/")[-2])
    page = client.get(f"/HLP01/drafts/{draft}/where").text
    assert "Deployed by Harbour Lane Practice." in page and "Site where it will be used" in page


def test_hold_release_and_withdraw_ask_for_a_reason(lead: FlaskClient, world: World) -> None:
    submission = proposed(world)
    ident, base = submission.id, f"/RTH01/submissions/{submission.reference}"
    for arrow, status in (("hold", "held"), ("release", "opened"), ("withdraw", "withdrawn")):
        assert lead.get(f"{base}/{arrow}").status_code == 200
        empty = lead.post(f"{base}/{arrow}", data={"version_id": row(ident).version_id, "reason": " "})
        assert empty.status_code == 422 and "Give a reason" in empty.text
        lead.post(f"{base}/{arrow}", data={"version_id": row(ident).version_id, "reason": "Because."})
        assert row(ident).status == status
    again = lead.post(f"{base}/hold", data={"version_id": row(ident).version_id, "reason": "Because."})
    assert again.status_code == 422 and "this submission is withdrawn" in again.text


def test_a_withdrawn_draft_still_says_why(lead: FlaskClient) -> None:
    draft = begun(lead)
    lead.post(f"/RTH01/drafts/{draft}/withdraw", data={"version_id": row(draft).version_id, "reason": "Too dear."})
    page = lead.get(f"/RTH01/drafts/{draft}").text
    assert "This draft was withdrawn" in page and "Too dear." in page


def test_triage_is_corrected_and_a_stale_correction_is_told(lead: FlaskClient, world: World) -> None:
    submission = proposed(world)
    ident, path, old = submission.id, f"/RTH01/submissions/{submission.reference}/triage", submission.version_id
    given = FACTS | {"device": "class_iia", "version_id": str(old)}
    assert lead.post(path, data=given | {"reason": ""}).status_code == 422
    assert lead.post(path, data=given | {"reason": "It is class IIa."}).status_code == 302
    assert row(ident).tier == "high"
    assert lead.post(path, data=given | {"reason": "Again."}).status_code == 409


def test_a_lead_raises_the_tier_and_cannot_lower_it(lead: FlaskClient, world: World) -> None:
    submission = proposed(world)
    ident, path = submission.id, f"/RTH01/submissions/{submission.reference}/tier"
    data = {"version_id": submission.version_id, "reason": "Because."}
    assert "Only the clinical safety officer may lower it." in lead.get(path).text
    assert lead.post(path, data=data | {"tier": "low"}).status_code == 422
    assert lead.post(path, data=data | {"tier": "high"}).status_code == 302
    assert row(ident).tier == "high"


def test_the_next_step_is_asked_of_a_deployment(lead: FlaskClient, world: World) -> None:
    first = proposed(world)
    deployment = first.deployment
    assert deployment is not None
    path = f"/RTH01/tools/{deployment.reference}/next"
    refused = lead.post(path)
    assert refused.status_code == 422 and "There is an open submission" in refused.text
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, "RTH01")
        operations.withdraw(submission=first, reason="To begin again.", by=by, at=clock.now())
        register.move(deployment=deployment, arrow="take_effect", stage=Stage.PILOT, by=by, at=clock.now())
    draft = int(lead.post(path).location.split("/")[-1])
    assert send(lead, draft, "ask", ask="progress:proof_of_concept", version="2.4").status_code == 422
    assert send(lead, draft, "ask", ask="progress:implementation", version="2.4").location.endswith("/triage")
    assert send(lead, draft, "triage", **FACTS).location.endswith("/check")
    assert send(lead, draft, "check").location.endswith(f"{deployment.reference}-S2")
    made = row(draft)
    assert (made.stage_from, made.stage_asked) == (Stage.PILOT, Stage.IMPLEMENTATION)
    assert made.tool_version is not None and made.tool_version.version == "2.4"


def test_the_register_lists_pages_of_twenty_in_ten_queries_or_fewer(
    app: Flask, lead: FlaskClient, world: World
) -> None:
    for number in range(23):
        proposed(world, tool=TOOL | {"name": f"Tool number {number * 1111}"})
    counted: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    page = lead.get("/RTH01/tools")
    assert "23 tools" in page.text and page.text.count("<tr>") == 21
    assert len([each for each in counted if each.startswith("SELECT")]) <= 10, counted
    after = page.text.partition("after=")[2].partition('"')[0]
    assert lead.get(f"/RTH01/tools?after={after}").text.count("<tr>") == 4
    assert "No tools like this" in lead.get("/RTH01/tools?stage=pilot&standing=assured").text
