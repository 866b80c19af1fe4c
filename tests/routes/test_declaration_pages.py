"""Declaring over HTTP: one page of ten fields, tools that look alike, what is next, and paper approvals."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from governance.approval.interim import queries
from governance.database import db
from governance.identity import queries as people
from governance.intake.declarations.models import Declaration
from governance.permissions import Role
from tests import declared
from tests.world import PASSWORD, World

HERE = "/RTH01/tools/RTH01-2026-0001/declaration"


@pytest.fixture
def lead(client: FlaskClient, world: World) -> FlaskClient:
    """The browser of the trust's digital lead."""
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    return client


@pytest.fixture
def said(world: World) -> dict[str, object]:
    """What the page sends."""
    return declared.SAID | {"sites": people.sites_of(world.actor(Role.DIGITAL_LEAD, "RTH01"))[0].id}


def how_many() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Declaration)) or 0


def test_the_page_has_ten_fields(lead: FlaskClient) -> None:
    names = set(re.findall(r'name="(\w+)"', lead.get("/RTH01/declare").text.split("<main")[1])) - {"csrf_token"}
    assert len(names) == 10 and {"tool_name", "sites", "personal_data"} <= names


def test_a_declaration_leads_to_what_happens_next(lead: FlaskClient, said: dict[str, object]) -> None:
    sent = lead.post("/RTH01/declare", data=said)
    assert sent.status_code == 302 and sent.location.endswith(HERE)
    page = lead.get(HERE).text
    assert "Scribeline 3.1 is declared at Business as usual" in page
    assert "interim decision is due by 30 November 2026" in page and "Cso of RTH01" in page
    assert "In use since (as stated)" in page and "No earlier approval is on record" in page
    deployment = lead.get("/RTH01/tools/RTH01-2026-0001").text
    assert "Declared as in use" in deployment and "Start re-assurance" in deployment
    home = lead.get("/RTH01/").text
    assert "Declare AI in use" in home and "in use and not assured" in home and "Due by 30 November" in home


def test_what_is_missing_is_said_and_what_was_typed_is_kept(lead: FlaskClient, said: dict[str, object]) -> None:
    answer = lead.post("/RTH01/declare", data=said | {"version": "", "in_use_since": "2031", "sites": ""})
    assert answer.status_code == 422 and how_many() == 0
    assert "Enter the version in use" in answer.text and "Writes draft notes of consultations" in answer.text


def test_a_tool_that_looks_like_one_on_the_register_is_asked_about_once(
    lead: FlaskClient, world: World, said: dict[str, object]
) -> None:
    declared.declare(world, "QKK")
    asked = lead.post("/RTH01/declare", data=said | {"tool_name": "Scribelime"})
    assert asked.status_code == 422 and "Scribeline, by Scribeline Ltd" in asked.text
    assert lead.post("/RTH01/declare", data=said | {"tool_name": "Scribelime", "same": "differs"}).status_code == 302
    assert lead.post("/RTH01/declare", data=said).status_code == 302, "the same name by the same maker is taken"
    assert "It is on your register already" in lead.post("/RTH01/declare", data=said).text


def test_a_paper_approval_is_kept_as_not_made_here(lead: FlaskClient, said: dict[str, object]) -> None:
    lead.post("/RTH01/declare", data=said)
    url = f"{HERE}/earlier-approval"
    assert "Choose a file, or say what it says" in lead.post(url, data={"title": "Two clinics"}).text
    file = (BytesIO(b"%PDF-1.7\ninvented\n%%EOF\n"), "minute.pdf")
    assert lead.post(url, data={"title": "Two clinics", "file": file}).status_code == 302
    words = {"title": "Board", "words": "Approved on 4 May 2024.", "issuer": "Digital board"}
    assert lead.post(url, data=words).status_code == 302
    page = lead.get(HERE).text
    assert "Two clinics" in page and "Digital board" in page and "assures nothing here" in page
    found = queries.earlier_approvals(db.session.scalars(sa.select(Declaration)).one())
    assert [item.filename for item in found] == ["minute.pdf", "earlier-approval.txt"]


def test_a_draft_is_found_again_from_the_page_of_its_tool(lead: FlaskClient, world: World) -> None:
    declared.declare(world)
    tool = HERE.removesuffix("/declaration")
    begun = lead.post(f"{tool}/re-assurance").location
    page = lead.get(tool).text
    assert f'<a href="{begun}">The draft of a submission</a>' in page and "Not proposed yet" in page
    assert "submissions/None" not in page and "Submission None" not in page
    assert lead.get(begun, follow_redirects=True).status_code == 200


def test_the_decision_is_signed_in_two_steps_with_a_password(client: FlaskClient, world: World) -> None:
    row = declared.declare(world)
    world.sign_in(client, Role.CSO, "RTH01")
    assert "Recommend if its use goes on meanwhile" in client.get("/RTH01/").text
    missing = client.post(f"{HERE}/decide", data={"outcome": "stop", "reason": "Wrong record."})
    assert missing.status_code == 422 and "Say what staff do instead" in missing.text
    first = client.post(f"{HERE}/decide", data={"outcome": "stop", "reason": "Wrong record.", "fallback": "By hand."})
    assert first.status_code == 302
    wrong = client.post(first.location, data={"password": "not this one"})
    assert wrong.status_code == 422 and queries.sign_offs(row) == {}
    assert client.post(first.location, data={"password": PASSWORD}).status_code == 302
    assert queries.sign_offs(row)[Role.CSO].outcome == "stop"
    assert "has recommended already" in client.get(f"{HERE}/decide").text
    world.sign_in(client, Role.AUTHORISING_EXECUTIVE, "RTH01")
    assert "By hand." in client.get(f"{HERE}/decide").text


def test_a_stranger_finds_no_declaration(client: FlaskClient, world: World) -> None:
    declared.declare(world)
    for role in (Role.DIGITAL_LEAD, Role.CSO):
        world.sign_in(client, role, "QWE")
        for code in ("RTH01", "QWE"):
            assert client.get(HERE.replace("RTH01/", f"{code}/", 1)).status_code == 404
