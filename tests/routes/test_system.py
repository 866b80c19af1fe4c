"""The AI lead sees the whole system, and of other organisations nothing but what they show their partners."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from governance import clock
from governance.database import db
from governance.database.transactions import writable
from governance.lifecycle import Standing
from governance.permissions import Role
from governance.register.models import Deployment, Projection
from governance.spreadsheets import read_sheet, sheets_of
from tests import declared
from tests.contracts.test_queries import copies
from tests.safety import statements
from tests.world import World


@pytest.fixture
def ai_lead(world: World, client: FlaskClient) -> FlaskClient:
    for code in ("RTH01", "QKK", "QWE"):
        declared.declare(world, code)
    declared.declare(world, "HLP01", lead="QKK", stage="pilot")
    world.sign_in(client, Role.AI_LEAD, "QKK")
    return client


def _say(code: str, **changed: object) -> None:
    where = World().organisation(code).id
    db.session.rollback()
    with writable(), db.engine.begin() as connection:
        connection.execute(sa.update(Projection).where(Projection.organisation_id == where).values(**changed))


def test_counts_are_of_the_system_and_lead_to_the_london_register(ai_lead: FlaskClient) -> None:
    page = ai_lead.get("/QKK/system").text
    assert "3 tools in use or on trial in 3 organisations" in page and "3 declared and not yet assured" in page
    assert 'href="/london/?organisation=HLP01&amp;stage=pilot" aria-label="1 Pilot at Harbour Lane Practice"' in page
    assert "South West London" not in page.replace("system of NHS South West London", "")
    listed = ai_lead.get("/london/?organisation=HLP01&stage=pilot").text
    assert "HLP01-2026-0001" in listed and "RTH01-2026" not in listed


def test_what_is_due_changed_and_ceased_is_listed(ai_lead: FlaskClient) -> None:
    _say("RTH01", decision_needed_by=date(2026, 10, 1))
    _say("HLP01", standing=Standing.CEASED, standing_since=date(2026, 9, 1), stage_since=date(2025, 1, 1))
    page = ai_lead.get("/QKK/system?since=2026-10-15").text
    assert "Decision needed by 1 October 2026 (overdue)" in page
    assert "Ceased 1 September 2026" in page
    changes = page[page.index("Changed since 15 October 2026") : page.index('class="h2">Ceased')]
    assert "Riverside" in changes and "Harbour" not in changes
    later = ai_lead.get("/QKK/system?since=2026-08-31").text
    changes = later[later.index("Changed since 31 August 2026") : later.index('class="h2">Ceased')]
    assert "Ceased since 1 September 2026" in changes


@pytest.mark.parametrize("since", ["", "yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_cannot_be_counts_as_the_nearest_that_can(ai_lead: FlaskClient, since: str) -> None:
    assert ai_lead.get("/QKK/system", query_string={"since": since}).status_code == 200


def test_the_workbook_says_the_same_with_days_as_days(ai_lead: FlaskClient) -> None:
    data = ai_lead.get("/QKK/system.xlsx?since=2026-10-15").data
    assert [sheet.name for sheet in sheets_of(data, filename="s.xlsx")] == [
        "Stage by organisation", "Standing by organisation", "Overdue and expiring", "Changed since 2026-10-15", "Ceased", "All tools",
    ]  # fmt: skip
    stages = read_sheet(data, filename="s.xlsx", sheet="Stage by organisation").rows
    assert stages[0].cells[:2] == ("Organisation", "Pipeline") and stages[-1].cells == ("All", 0, 0, 1, 0, 2)
    tools = read_sheet(data, filename="s.xlsx", sheet="All tools").rows
    assert {row.cells[1] for row in tools[1:]} == {
        "Harbour Lane Practice", "NHS South East London Integrated Care Board", "Riverside Teaching Hospitals",
    }  # fmt: skip
    assert tools[1].cells[9] == clock.today()


def test_nobody_else_sees_it_and_the_first_screen_of_an_ai_lead_leads_there(ai_lead: FlaskClient, world: World) -> None:
    assert 'href="/QKK/system"' in ai_lead.get("/QKK/").text
    for role in (Role.DIGITAL_LEAD, Role.CSO, Role.BOARD_MEMBER):
        world.sign_in(ai_lead, role, "QKK")
        assert ai_lead.get("/QKK/system").status_code == 403
        assert 'href="/QKK/system"' not in ai_lead.get("/QKK/").text


def test_it_asks_as_often_for_many_tools_as_for_few(ai_lead: FlaskClient) -> None:
    counts = []
    for number in (20, 80):
        copies(Deployment, number, reference=lambda n: f"RTH01-2027-{n:04d}")
        with writable(), db.engine.begin() as connection:
            first = connection.execute(sa.select(Projection.__table__).limit(1)).mappings().one()
            new = connection.scalars(sa.select(Deployment.id).order_by(Deployment.id.desc()).limit(number)).all()
            rows = [dict(first) | {"deployment_id": each, "reference": f"R{each}"} for each in new]
            connection.execute(sa.insert(Projection), rows)
        ai_lead.get("/QKK/system")
        db.session.remove()
        with statements() as told:
            assert ai_lead.get("/QKK/system").status_code == 200
        counts.append(len([each for each in told if each.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 25


def test_nothing_is_written(ai_lead: FlaskClient) -> None:
    with statements() as told:
        ai_lead.get("/QKK/system.xlsx")
    assert not [each for each in told if each.startswith(("INSERT", "UPDATE", "DELETE"))]
