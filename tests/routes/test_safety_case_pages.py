"""Pages beside the hazard log: workshops, the supplier’s scheme, local reviews, and the safety case report."""

import re
from io import BytesIO

import pytest

from governance.assessment.evidence import queries as evidence
from governance.assessment.hazards import queries as log
from governance.assessment.safety_cases import queries
from governance.assessment.safety_cases.texts import TEXTS
from governance.assessment.workshops import queries as workshops
from governance.database import db, transaction
from tests import safety
from tests.world import PASSWORD

DAY = {"held_on-day": "1", "held_on-month": "11", "held_on-year": "2026"}
THERE = {"role_0": "Clinical safety officer", "name_0": "Dr A. Example", "role_1": "Operations"}
PROSE = {text.code: f"{text.title}: said." for text in TEXTS}


@pytest.fixture
def deployment(world):
    deployment = safety.deploy(world).deployment
    with transaction():
        cso = world.actor("cso", "RTH01")
        safety.approve_plan(deployment, safety.write_plan(deployment, cso), cso)
        safety.scored_hazard(deployment, cso, reason="Read within a day.")
    return deployment


@pytest.fixture
def tool(deployment):
    return f"/RTH01/tools/{deployment.reference}"


def test_a_workshop_is_recorded_with_its_minutes_as_a_file(client, world, deployment, tool):
    world.sign_in(client, "clinical_lead", "RTH01")
    minutes = {"file": (BytesIO(b"Twelve what-ifs.\n"), "minutes.txt")}
    sent = client.post(f"{tool}/workshops/record", data=DAY | THERE | minutes, content_type="multipart/form-data")
    assert sent.location == f"{tool}/workshops/1"
    page = client.get(sent.location).text
    assert "Hazard workshop of 1 November 2026" in page
    assert "Minutes of the hazard workshop of 1 November 2026" in page
    assert "Clinical safety officer (Dr A. Example) and Operations" in client.get(f"{tool}/hazards").text
    row, name, item = workshops.workshop(deployment, 1)
    assert (name, item.id) == ("Clinical Lead of RTH01", row.evidence_id)


def test_a_workshop_that_lacks_something_keeps_what_was_typed_and_no_file(client, world, deployment, tool):
    world.sign_in(client, "digital_lead", "RTH01")
    data = THERE | {"role_1": "", "technique": "SWIFT", "file": (BytesIO(b"What was said.\n"), "minutes.txt")}
    sent = client.post(f"{tool}/workshops/record", data=data, content_type="multipart/form-data")
    assert sent.status_code == 422
    for said in ("Enter the day it was held.", "Name at least two roles", "Dr A. Example", "SWIFT"):
        assert said in sent.text, said
    assert workshops.workshops(deployment) == []
    assert evidence.choices(world.actor("digital_lead", "RTH01")) == []


def test_what_the_supplier_says_and_a_review_are_set_on_the_hazard_and_shown_in_the_log(client, world, deployment, tool):
    world.sign_in(client, "digital_lead", "RTH01")

    def send(page, **data):
        found = re.search(r'name="version_id"[^>]*value="(\d+)"', client.get(f"{tool}/hazards/1/{page}").text)
        return client.post(f"{tool}/hazards/1/{page}", data=data | {"version_id": found[1]})

    assert send("supplier", supplier_scheme="S1 to S4", supplier_initial="S2 <b>").status_code == 302
    assert send("review", **{f"review_on-{part}": value for part, value in (("day", "3"), ("month", "5"), ("year", "2027"))}).status_code == 302
    page = client.get(f"{tool}/hazards").text
    assert "Supplier says (scheme S1 to S4): initial S2 &lt;b&gt;" in page
    assert "Local review due 3 May 2027" in page and "overdue" not in page
    assert (log.hazard(deployment, 1).initial_rating, log.hazard(deployment, 1).supplier_initial) == (4, "S2 <b>")
    assert send("review", **{"review_on-day": "31", "review_on-month": "2", "review_on-year": "2027"}).status_code == 422
    assert client.post(f"{tool}/hazards/1/review", data={"version_id": 1}).status_code == 409


def test_the_report_starts_from_the_plan_and_is_approved_with_the_password(client, world, deployment, tool):
    with transaction():
        cso = world.actor("cso", "RTH01")
        version = safety.versions.make_version(deployment=deployment, by=cso, at=safety.clock.now())
        safety.approve_version(deployment, version, cso)
    world.sign_in(client, "digital_lead", "RTH01")
    assert "No safety case report yet" in client.get(f"{tool}/safety-case").text
    assert client.get(f"{tool}/safety-case/write").status_code == 403
    world.sign_in(client, "cso", "RTH01")
    form = client.get(f"{tool}/safety-case/write").text
    assert safety.PLAN["scope"] in form and safety.PLAN["activities"] in form
    lacking = client.post(f"{tool}/safety-case/write", data=PROSE | {"revision": 0})
    assert lacking.status_code == 422
    assert "Choose the phase it is for" in lacking.text and PROSE["argument"] in lacking.text
    assert client.post(f"{tool}/safety-case/write", data=PROSE | {"revision": 0, "phase": "use", "argument": ""}).status_code == 302
    assert "The safety argument is not written." in client.get(f"{tool}/safety-case").text
    assert client.post(f"{tool}/safety-case/write", data=PROSE | {"revision": 0, "phase": "use"}).status_code == 409
    assert client.post(f"{tool}/safety-case/write", data=PROSE | {"revision": 1, "phase": "use"}).status_code == 302
    confirm = client.post(f"{tool}/safety-case/revisions/2/approve").location
    assert "I stand by its argument and its summary safety statement" in client.get(confirm).text
    assert client.post(confirm, data={"password": "no"}).status_code == 422
    assert client.post(confirm, data={"password": PASSWORD}).location == f"{tool}/safety-case"
    db.session.rollback()
    page = client.get(f"{tool}/safety-case").text
    assert "Safety case report, approved" in page and "Cso of RTH01" in page
    assert queries.approved(deployment)[0].revision == 2
    assert "A newer revision was written since" in client.get(f"{tool}/safety-case/revisions/1").text


@pytest.mark.parametrize("page", ["workshops", "workshops/record", "safety-case", "safety-case/write", "hazards/1/review"])
def test_of_another_organisation_nothing_is_found(client, world, deployment, tool, page):
    world.sign_in(client, "cso", "QWE")
    assert client.get(f"{tool}/{page}").status_code == 404
    assert client.get(f"{tool}/{page}".replace("/RTH01/", "/QWE/")).status_code == 404
