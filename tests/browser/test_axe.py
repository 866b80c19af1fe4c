"""axe finds nothing on any page: WCAG 2.0 to 2.2, levels A and AA. Every GET route is opened by somebody who may."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import clock
from governance.database import db
from governance.identity.models import Person
from governance.permissions import Role
from governance.register.models import Deployment
from tests import met, suspended
from tests.applications import opened
from tests.browser import steps
from tests.browser.accessibility import faults
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.browser.test_refusals import behind, nothing
from tests.contracts import places, sweep
from tests.cover import hand_over, second
from tests.world import World

Open = Callable[..., Somebody]
Template = tuple[str, Path]
Shares = dict[str, dict[str, str]]
ROLES = (
    Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR, Role.BOARD_MEMBER, Role.AUTHORISING_EXECUTIVE,
    Role.CLINICAL_LEAD, Role.AI_LEAD,
)  # fmt: skip
NO_PAGES = places.FILES | {"hazards.moved", "identity.start"}
"""Files, and addresses that only lead on."""
IN_THE_WALK = {"plans.risk.confirm", "hazards.versions.confirm", "safety_cases.confirm", "interim.confirm", "declarations.made"}
"""Pages behind a token of somebody who is about to sign, or after something done at many places: `test_walk` and
`test_two_boards` look at them on their way."""
WITH_MORE = {
    "appointments.hand_over",
    "appointments.end",
    "suppliers.check",
    "suspensions.ask",
    "suspensions.confirm",
    "suspensions.confirm_resume",
    "approval.confirm",
    "identity.organisations",
    "intake.card_read",
    "plans.monitoring.remove_indicator",
}
"""Pages that need something first: the test below brings it."""


@pytest.fixture(scope="module")
def shares(swept_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Shares:
    """{role: {endpoint: address}}: each page with the first role that is shown it. Nobody's pages stand under ""."""
    given: Shares = {role.value: {} for role in ROLES}
    with opened(swept_template, tmp_path_factory.mktemp("shares") / "instance") as app:
        seen: set[str] = set()
        for role in ROLES:
            for place, answer in sweep.walk(app, role):
                is_page = answer.status_code == 200 and answer.mimetype == "text/html"
                if is_page and (place.endpoint not in seen or place.endpoint == "home.home"):
                    given[role.value][place.endpoint] = place.url
                    seen.add(place.endpoint)
        every = (each for each in sweep.everywhere(app) if each.method == "GET")
        given[""] = {each.endpoint: each.url for each in every if each.endpoint not in seen}
    return given


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing(swept_template: Template, serve: Start, somebody: Open, shares: Shares, role: Role) -> None:
    address, _ = serve(swept_template)
    person = somebody(address, role.value, "RTH01")
    found: list[str] = []
    for path in shares[role.value].values():
        assert person.open(path) == 200, path
        found += faults(person.page)
    assert shares[role.value]
    assert not found, "\n".join(found)


def test_every_get_route_is_looked_at(shares: Shares) -> None:
    assert set(shares[""]) == NO_PAGES | IN_THE_WALK | WITH_MORE, sorted(shares[""])


def test_axe_finds_nothing_where_something_is_needed_first(submitted_template: Template, serve: Start, somebody: Open) -> None:
    address, app = serve(submitted_template)
    path, found = behind(app, nothing), []
    lead, cso = somebody(address, "digital_lead", "RTH01"), somebody(address, "cso", "RTH01")
    steps.start_draft(lead)
    lead.page.set_input_files("[name=file]", steps.CARD)
    lead.press("Upload and read")
    found += faults(lead.page)
    assert lead.open(f"{path}/sheets/dtac-2.0/from-supplier/form") == 200
    lead.page.set_input_files("[name=file]", Path(__file__).parents[1] / "data" / "dtac" / "scattered.odt")
    lead.press("Read it")
    assert "not found" in lead.heading
    found += faults(lead.page)
    steps.read_all(cso, path, "cso")
    steps.decide(cso, path, "cso")
    found += faults(cso.page)
    code = re.search(r"\b[0-9a-f]{4} [0-9a-f]{4}\b", cso.text)
    assert code is not None
    cso.confirm()
    assert cso.open(f"/check/{code[0].replace(' ', '')}") == 200
    found += faults(cso.page)
    with app.app_context(), clock.fixed(World.TODAY):
        meeting = met.with_minutes(World())
    assert lead.open(f"/RTH01/meetings/{meeting}/minutes") == 200
    assert lead.heading == "The minutes are issued"
    found += faults(lead.page)
    partner = somebody(address, "digital_lead", "QKK")
    assert partner.open("/me") == 200
    assert "Harbour Lane Practice" in partner.text
    found += faults(partner.page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_somebody_suspends_resumes_or_asks(
    assured_template: Template, serve: Start, somebody: Open
) -> None:
    address, app = serve(assured_template)
    with app.app_context(), clock.fixed(World.TODAY):
        path = f"/RTH01/tools/{db.session.scalars(sa.select(Deployment.reference).order_by(Deployment.id)).first()}"
    asking = somebody(address, "ai_lead", "QKK")
    assert asking.open(f"{path.replace('RTH01', 'QKK', 1)}/ask-to-suspend") == 200
    found = faults(asking.page)
    cso = somebody(address, "cso", "RTH01")
    assert cso.open(f"{path}/suspend") == 200
    cso.fill(reason="Two findings missed.", fallback="Read in order.")
    cso.press("Continue to sign")
    found += faults(cso.page)
    with app.app_context(), clock.fixed(datetime(2026, 11, 2, 8, tzinfo=UTC)):
        deployment = db.session.scalars(sa.select(Deployment).order_by(Deployment.id)).first()
        assert deployment is not None
        suspended.suspend(World(), deployment)
        with clock.fixed(World.TODAY):
            suspended.new_log(World(), deployment)
    assert cso.open(f"{path}/resume") == 200
    cso.fill(reason="It is mended.")
    cso.press("Continue to sign")
    found += faults(cso.page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_work_is_handed_over(template: Template, serve: Start, somebody: Open) -> None:
    address, app = serve(template)
    with app.app_context(), clock.fixed(World.TODAY):
        taker = second(World(), Role.CSO, "RTH01").name
    cso = somebody(address, "cso", "RTH01")
    assert cso.open("/me/appointments/RTH01/cso/hand-over") == 200
    found = faults(cso.page)
    cso.press("Hand over")
    found += faults(cso.page)
    with app.app_context(), clock.fixed(World.TODAY):
        hand_over(World(), db.session.scalars(sa.select(Person).filter_by(name=taker)).one())
    assert cso.open("/me/appointments/RTH01/hand-overs/1/end") == 200
    found += faults(cso.page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_an_indicator_goes(template: Template, serve: Start, somebody: Open) -> None:
    address, _ = serve(template)
    lead = somebody(address, "digital_lead", "RTH01")
    steps.start_draft(lead)
    lead.page.get_by_role("link", name="Go on without a model card").click()
    steps.name_the_tool(lead)
    steps.fill_the_rest(lead)
    plan = f"{steps.propose(lead)}/monitoring-plan"
    lead.open(f"{plan}/indicators/1")
    lead.fill(name="Urgent findings missed", source="Weekly audit")
    for box in lead.page.locator("main input[type=text]:visible, main textarea:visible").all():
        if not box.input_value():
            box.fill("1")
    lead.page.locator("main input[type=radio]").first.check()
    lead.page.locator("[name=frequency]").select_option(index=1)
    lead.page.locator("main form button").last.click()
    assert lead.open(f"{plan}/indicators/1/remove") == 200, lead.text
    assert not faults(lead.page)
