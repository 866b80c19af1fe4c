"""What belongs to one organisation cannot be named by another: not in an address, and not in a form."""

import pytest
import sqlalchemy as sa

from governance.database import db
from governance.identity.models import Appointment, Membership, Person, Site
from governance.intake.models import PolicyAddition
from governance.permissions import Role
from tests import proposals
from tests.contracts import sweep
from tests.contracts.test_transactions import contents
from tests.world import World

MINE, THEIRS = "QWE", "RTH01"


def one_of(model: type, code: str) -> int:
    """The id of a row that belongs to an organisation."""
    where = World().organisation(code).id
    found = db.session.scalar(sa.select(model.id).where(model.organisation_id == where))  # type: ignore[attr-defined]
    db.session.rollback()
    assert found is not None
    return int(found)


def send(swept, role: Role, url: str, data: dict[str, object]) -> int:
    """POST as somebody of the other organisation; whatever the answer, nothing of anybody changes."""
    client = swept.test_client()
    World().sign_in(client, role, MINE)
    before = contents()
    status = client.post(url, data=data).status_code
    assert contents() == before
    return status


@pytest.mark.parametrize(
    ("url", "model"),
    [
        ("/QWE/people/memberships/{}/end", Membership),
        ("/QWE/people/appointments/{}/end", Appointment),
        ("/QWE/policy/additions/{}/end", PolicyAddition),
    ],
)
def test_a_foreign_row_in_an_own_address_is_not_there(swept, url, model):
    sent = {f"{name}-{part}": value for name in ("on", "ended_on") for part, value in (("day", "3"), ("month", "5"), ("year", "2027"))}
    sent["version_id"] = "1"
    assert send(swept, Role.ORGANISATION_ADMINISTRATOR, url.format(one_of(model, THEIRS)), sent) == 404


def test_a_foreign_person_is_not_there(swept):
    person = World().person(Role.CSO, THEIRS).id
    assert send(swept, Role.ORGANISATION_ADMINISTRATOR, f"/QWE/people/{person}/registration", {"body": "GMC"}) == 404


def test_a_foreign_person_cannot_be_appointed(swept):
    sent = {
        "person": str(World().person(Role.CSO, THEIRS).id), "role": "cso", "instrument": "A letter",
        "starts_on-day": "3", "starts_on-month": "11", "starts_on-year": "2026",
        "ends_on-day": "3", "ends_on-month": "5", "ends_on-year": "2027",
    }  # fmt: skip
    assert send(swept, Role.ORGANISATION_ADMINISTRATOR, "/QWE/people/appoint", sent) in (404, 422)


@pytest.mark.parametrize("changed", ["site", "controller"])
def test_a_foreign_site_or_controller_cannot_be_chosen_in_a_draft(swept, changed):
    world = World()
    draft = proposals.drafted(world, MINE, tool=proposals.TOOL | {"name": "Own tool", "manufacturer": "Own maker"})
    mine, version = draft.id, draft.version_id
    stranger = sa.select(Person.id).order_by(Person.id.desc())
    own_site, foreign_site = one_of(Site, MINE), one_of(Site, THEIRS)
    own, foreign = world.organisation(MINE).id, db.session.scalar(stranger)
    sent = {
        "version_id": version, "site_ids": [str(foreign_site if changed == "site" else own_site)], "new_site": "",
        "controller_id": str(foreign if changed == "controller" else own), "stage": "pilot",
    }  # fmt: skip
    assert send(swept, Role.DIGITAL_LEAD, f"/QWE/drafts/{mine}/where", sent) in (404, 409, 422)


@pytest.mark.parametrize("name", ["submission", "decided"])
def test_a_foreign_record_is_not_found_under_the_own_organisation(swept, name):
    """The address says QWE, what follows is the trust's: for every route."""
    values, client = sweep.usual(), swept.test_client()
    World().sign_in(client, Role.DIGITAL_LEAD, MINE)
    wrong = []
    for place in sweep.everywhere(swept):
        if place.endpoint == "sheets.library.one":
            continue  # a published set is the same for everybody
        if place.url.startswith("/RTH01/") and any(each.isdigit() for each in place.url.removeprefix("/RTH01/")):
            url = place.url.replace("/RTH01/", "/QWE/", 1).replace(str(values["submission"]), str(values[name]))
            status = client.open(url, method=place.method, data={}).status_code
            if status not in (403, 404):
                wrong.append(f"{place.method} {url}: {status}")
    assert wrong == []


def test_foreign_evidence_cannot_be_used_for_an_own_answer(swept):
    world = World()
    mine = proposals.proposed(world, MINE, tool=proposals.TOOL | {"name": "Own tool", "manufacturer": "Own maker"}).reference
    evidence = sweep.usual()["evidence_id"]
    client = swept.test_client()
    world.sign_in(client, Role.DIGITAL_LEAD, MINE)
    client.post(f"/QWE/submissions/{mine}/sheets/dtac-2.0/open")
    url = f"/QWE/submissions/{mine}/sheets/dtac-2.0/dtac.c1/evidence/C1.2.4"
    assert send(swept, Role.DIGITAL_LEAD, url, {"evidence": str(evidence), "evidence_id": str(evidence)}) in (404, 422)


