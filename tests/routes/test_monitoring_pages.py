"""Pages of what is watched: set up from the plan, entered by form and by file, corrected, and what becomes of a signal."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance import clock
from governance.assessment.plans import operations as plans
from governance.database import transaction
from governance.monitoring.readings import queries
from governance.permissions import Role
from governance.policy.schema import Depth
from governance.register.models import Deployment
from tests import monitored
from tests.world import World

PLAN = {
    "success_criteria": "Fewer missed.", "ends_on": "2027-05-01", "stop_rule": "Above 4.", "reviews": "Monthly.", "acts": "The lead.",
    "indicators": [
        {"name": "Urgent findings missed", "source": "Monthly audit", "direction": "down", "target": "2 in 1,000", "frequency": "monthly", "owner": "Clinical safety officer"},
        {"name": "Radiologist agrees", "source": "PACS", "direction": "up", "target": "as before", "frequency": "weekly", "owner": "Imaging board"},
    ],
}  # fmt: skip


@pytest.fixture
def where(app: Flask, world: World) -> Deployment:
    """A declared tool at the trust whose plan names two indicators."""
    found = monitored.deployment(world)
    with transaction():
        plans.write_monitoring_plan(
            deployment=found, content=PLAN, depth=Depth.FULL, expected_revision=None,
            by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    return found


def here(where: Deployment, rest: str = "") -> str:
    return f"/RTH01/tools/{where.reference}/monitoring{rest}"


def text(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    return answer.text


def upload(client: FlaskClient, where: Deployment, content: str | bytes, name: str = "figures.csv") -> TestResponse:
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(here(where, "/upload"), data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def test_what_the_plan_names_is_set_up_on_one_page_with_its_numbers(client: FlaskClient, world: World, where: Deployment) -> None:
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    assert "Set up what is watched" in text(client.get(here(where)))
    page = text(client.get(here(where, "/set-up")))
    assert 'value="2"' in page and 'value="in 1,000"' in page and "The plan says: as before" in page
    sent = {
        "first_period_on-day": "1", "first_period_on-month": "10", "first_period_on-year": "2026",
        "take-0": "y", "target-0": "2", "unit-0": "in 1,000", "limit_high-0": "4", "owner_role-0": "cso",
        "take-1": "y", "unit-1": "%", "limit_low-1": "80", "limit_high-1": "70", "owner_role-1": "clinical_lead",
    }  # fmt: skip
    refused = text(client.post(here(where, "/set-up"), data=sent), 422)
    assert "The upper limit must be higher than the lower one." in refused and 'href="#limit_high-1"' in refused
    assert client.post(here(where, "/set-up"), data=sent | {"limit_high-1": "", "target-1": "90"}).status_code == 302
    first, second = queries.indicators(where)
    assert (first.name, first.target, first.limit_high, first.owner_role, first.plan_revision) == ("Urgent findings missed", 2, 4, "cso", 1)
    assert (second.frequency, second.target_text, second.target, second.first_period_on.isoformat()) == ("weekly", "as before", 90, "2026-09-28")
    assert "Everything the plan names is set up already." in text(client.get(here(where, "/set-up")))
    assert "October 2026 is due by 13 November 2026" in text(client.get(here(where)))


def test_a_month_is_entered_for_all_indicators_on_one_page(client: FlaskClient, world: World, where: Deployment) -> None:
    monitored.measure(world, where)
    monitored.measure(world, where, name="Agreed", unit="%", direction="up", frequency="weekly", target=None, limit_high=None)
    world.sign_in(client, Role.CLINICAL_LEAD, "RTH01")
    page = text(client.get(here(where, "/enter?month=2026-10")))
    assert page.count('name="value-2-') == 4 and 'name="value-1-2026-10-01"' in page
    wrong = text(client.post(here(where, "/enter?month=2026-10"), data={"value-1-2026-10-01": "3", "value-2-2026-10-05": "ninety"}), 422)
    assert "must be a number, like 12.5" in wrong and 'value="ninety"' in wrong and 'value="3"' in wrong
    assert "Enter at least one figure." in text(client.post(here(where, "/enter?month=2026-10"), data={}), 422)
    sent = {"value-1-2026-10-01": "6", "note-1-2026-10-01": "Two readers.", "value-2-2026-10-05": "91.5"}
    assert client.post(here(where, "/enter?month=2026-10"), data=sent).status_code == 302
    page = text(client.get(here(where, "/enter?month=2026-10")))
    assert "is in for October 2026." in page and page.count('name="value-2-') == 3
    assert "Red signal: beyond its limit" in text(client.get(here(where)))


@pytest.mark.parametrize("month", ["", "nonsense", "2999-01", "0001-01", "2026-13"])
def test_an_odd_month_is_the_last_one(client: FlaskClient, world: World, where: Deployment, month: str) -> None:
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    assert "Figures for October 2026" in text(client.get(here(where, f"/enter?month={month}")))


def test_a_figure_is_corrected_with_a_reason_and_both_stay_visible(client: FlaskClient, world: World, where: Deployment) -> None:
    monitored.measure(world, where)
    monitored.enter(world, where, [2, 6])
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    correct = here(where, "/1/figures/2026-10-01")
    assert 'value="6"' in text(client.get(correct))
    assert "Say why it is corrected" in text(client.post(correct, data={"value": "3"}), 422)
    assert "The figure must be a number" in text(client.post(correct, data={"value": "x", "note": "Why not."}), 422)
    assert client.post(correct, data={"value": "3", "note": "Three were counted twice."}).status_code == 302
    page = text(client.get(here(where, "/1")))
    assert "Was 6 in 1,000 until 2 November 2026" in page and "Three were counted twice." in page
    for absent in ("2026-11-01", "2026-10", "nonsense"):
        assert client.get(here(where, f"/1/figures/{absent}")).status_code == 404


def test_a_file_is_entered_whole_with_an_account(client: FlaskClient, world: World, where: Deployment) -> None:
    monitored.measure(world, where)
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    template = client.get(here(where, "/upload/template.csv"))
    assert template.text.startswith("\ufeffPeriod,Indicator,Value,Note\r\n2025-01,1. Urgent findings missed,,")
    answer = upload(client, where, "Period,Indicator,Value,Note\n2026-09,1,2,\n2026-10,Urgent findings missed,3,First of all\n")
    assert answer.status_code == 302
    page = text(client.get(answer.location))
    assert "2 figures entered" in page and "First of all" in page and "figures.csv" in page
    assert [value for _, value in monitored.held(queries.indicator(where, 1))] == [2, 3]


def test_one_wrong_row_keeps_the_whole_file_out(client: FlaskClient, world: World, where: Deployment) -> None:
    monitored.measure(world, where)
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    page = text(upload(client, where, "Period,Indicator,Value\n2026-09,1,2\n2026-10,<script>alert(1)</script>,3\n"), 422)
    assert "1 row to correct" in page and "&lt;script&gt;" in page and "<script>alert" not in page
    assert "1 other row can be entered as it stands." in page
    assert monitored.held(queries.indicator(where, 1)) == []


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "figures.csv", "The file is empty"),
        (b"\x00\x01\x02" * 50, "figures.csv", "There is a problem"),
        (b"%PDF-1.7", "figures.csv", "its content is something else"),
        (b"PK\x03\x04 no workbook", "figures.xlsx", "There is a problem"),
        (b"Period,Indicator,Value\n", "figures.csv", "no figures below its first row"),
        (b"a,b,c\n1,2,3\n", "figures.csv", "The first row must name the columns"),
        (b"Period,Indicator,Value\n2026-10,1,4", "figures.exe", "must be an Excel workbook (XLSX) or CSV"),
        (b"Period,Indicator,Value\n" + b"2026-10,1,4\n" * 5001, "figures.csv", "more than 5,000 rows"),
        (b"Period,Indicator,Value\n2026-10,1," + b"9" * 20000, "figures.csv", "There is a problem"),
        ("Period,Indicator,Value\n2026-10,1,4".encode("utf-16"), "../../figures.csv", ""),
    ],
    ids=["empty", "binary", "pdf", "no-zip", "heading-only", "no-columns", "exe", "too-long", "long-cell", "utf-16"],
)
def test_a_hostile_or_odd_file_does_no_harm(
    client: FlaskClient, world: World, where: Deployment, content: bytes, name: str, said: str
) -> None:
    monitored.measure(world, where)
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    answer = upload(client, where, content, name)
    if said:
        assert said in text(answer, 422)
        assert monitored.held(queries.indicator(where, 1)) == []
    else:
        assert answer.status_code == 302


def test_an_indicator_is_added_changed_given_new_limits_and_ended(client: FlaskClient, world: World, where: Deployment) -> None:
    world.sign_in(client, Role.CSO, "RTH01")
    sent = {
        "name": "Complaints", "direction": "down", "frequency": "monthly", "target": "3", "limit_high": "5", "owner": "The team",
        "owner_role": "digital_lead", "first_period_on-day": "1", "first_period_on-month": "8", "first_period_on-year": "2026",
    }  # fmt: skip
    assert client.post(here(where, "/add"), data=sent).status_code == 302
    assert "“Complaints” is measured already." in text(client.post(here(where, "/add"), data=sent), 422)
    monitored.enter(world, where, [2, 3])
    row = queries.indicator(where, 1)
    changed = {"target": "2", "limit_high": "6", "owner": "The team", "owner_role": "cso", "version_id": str(row.version_id)}
    assert "Say why it changes" in text(client.post(here(where, "/1/change"), data=changed), 422)
    assert client.post(here(where, "/1/change"), data=changed | {"reason": "Agreed."}).status_code == 302
    assert client.post(here(where, "/1/change"), data=changed | {"reason": "Again."}).status_code == 409
    assert client.post(here(where, "/1/new-limits"), data={"period": "2026-10-01", "reason": "New clinic."}).status_code == 302
    stale = {"version_id": "1", "reason": "Over."}
    assert client.post(here(where, "/1/end"), data=stale).status_code == 409
    world.sign_in(client, Role.CSO, "RTH01")
    fresh = {"version_id": str(queries.indicator(where, 1).version_id), "reason": "Over."}
    assert client.post(here(where, "/1/end"), data=fresh).status_code == 302
    page = text(client.get(here(where, "/1")))
    for said in ("Upper limit: 5 to 6", "New limits from October 2026", "New clinic.", "Not measured any more", "Measured until"):
        assert said.casefold() in page.casefold(), said


def test_a_signal_is_taken_up_and_closed_on_its_page(client: FlaskClient, world: World, where: Deployment) -> None:
    monitored.measure(world, where)
    monitored.enter(world, where, [2, 6])
    signal = f"/RTH01/tools/{where.reference}/signals/1"
    world.sign_in(client, Role.CLINICAL_LEAD, "RTH01")
    page = text(client.get(signal))
    assert "A red signal is closed by the clinical safety officer" in page and "Suspend this deployment" in page
    suspend = text(client.get(f"/RTH01/tools/{where.reference}/suspend?signal={monitored.signals(where)[0].id}"))
    assert "selected" in suspend.partition('name="signal"')[2].partition("</select>")[0]
    assert client.post(f"{signal}/take-up", data={"version_id": "1", "text": "I read all ten."}).status_code == 302
    assert client.post(f"{signal}/take-up", data={"version_id": "1"}).status_code == 409
    version = {"version_id": "2"}
    assert "A red signal is closed by" in text(client.post(f"{signal}/close", data=version | {"text": "Done."}), 422)
    world.sign_in(client, Role.CSO, "RTH01")
    assert "Red signal · Scribeline" in text(client.get("/RTH01/"))
    assert "Say what was found" in text(client.post(f"{signal}/close", data=version), 422)
    assert client.post(f"{signal}/close", data=version | {"text": "A locum reads now."}).status_code == 302
    page = text(client.get(signal))
    assert "A locum reads now." in page and "I read all ten." in page and "Close the signal" not in page
    assert "No signal is open" in text(client.get("/RTH01/signals"))
    assert "above its limit of 4" in text(client.get("/RTH01/signals?closed=1"))


def test_the_page_of_a_tool_and_first_screens_say_what_is_due(client: FlaskClient, world: World, where: Deployment) -> None:
    monitored.measure(world, where)
    monitored.enter(world, where, [2] * 21)
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    assert "Add the figures for January 2025" in text(client.get("/RTH01/"))
    page = text(client.get(f"/RTH01/tools/{where.reference}"))
    assert "Is it working safely?" in page and "January 2025 is missing" in page
    assert "Due 14 February 2025" in text(client.get("/RTH01/signals"))
