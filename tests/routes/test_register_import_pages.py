"""The walk that brings a register in, page by page, as a browser without script sends it."""

import re
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance.database import db
from governance.intake.declarations import import_operations
from governance.intake.declarations.models import Declaration, RegisterImport
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Role
from governance.spreadsheets import read_sheet, sheets_of
from tests import declared, registers
from tests.world import World

HERE = "/RTH01/register-imports"


@pytest.fixture
def lead(world: World, client: FlaskClient) -> FlaskClient:
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    return client


def _upload(client: FlaskClient, data: bytes, name: str = "register.csv", here: str = HERE) -> TestResponse:
    return client.post(here, data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def _sent(client: FlaskClient, url: str, **changed: Any) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    text = client.get(url).text
    form = re.findall(r"<form class=\"form.*?</form>", text, re.S)[-1]
    found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
    for name, inner in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    return found | changed


def _walk(client: FlaskClient, data: bytes, name: str = "register.csv") -> str:
    """Through all steps as guessed, to the check. Gives the import’s address."""
    url = _upload(client, data, name).headers["Location"]
    here = url.rpartition("/")[0]
    for step in ("sheet", "columns", "words"):
        if step == "sheet" and not url.endswith("/sheet"):
            continue
        answer = client.post(f"{here}/{step}", data=_sent(client, f"{here}/{step}"))
        assert answer.status_code == 302, answer.text
    return here


def test_a_register_is_uploaded_mapped_checked_and_brought_in(lead: FlaskClient) -> None:
    here = _walk(lead, registers.tidy())
    page = lead.get(f"{here}/check").text
    assert "3 rows are ready to bring in" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Declaration)) == 0
    answer = lead.post(f"{here}/bring-in", data=_sent(lead, f"{here}/check"))
    assert answer.headers["Location"] == here
    page = lead.get(here).text
    assert "3 tools declared from register.csv" in page and "RTH01-2026-0001" in page
    assert lead.get(f"{here}/file").data == registers.tidy()
    assert lead.get(f"{here}/columns").headers["Location"] == here


def test_a_messy_workbook_asks_where_its_register_is_and_its_note_is_left_out(lead: FlaskClient) -> None:
    url = _upload(lead, registers.messy(), "AI register.xlsx").headers["Location"]
    page = lead.get(url).text
    assert "AI register 2026" in page and "Lookups (hidden)" in page
    here = _walk(lead, registers.messy(), "AI register.xlsx")
    page = lead.get(f"{here}/check").text
    assert "1 row has a fault" in page and "Left out" in page
    refused = lead.post(f"{here}/bring-in", data=_sent(lead, f"{here}/check"))
    assert refused.status_code == 422 and "1 row has a fault. Correct it" in refused.text
    wrong = lead.post(f"{here}/check", data=_sent(lead, f"{here}/check", rows="ten"))
    assert wrong.status_code == 422 and "Enter row numbers" in wrong.text
    lead.post(f"{here}/check", data=_sent(lead, f"{here}/check", rows="10"))
    assert "3 rows are ready to bring in" in lead.get(f"{here}/check").text


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "register.csv", "The file is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "register.xls", "older Excel format"),
        (b"Tool,Maker\r\n", "register.csv", "no rows below row 1"),
        (b"%PDF-1.7", "register.xlsx", "content is something else"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_nothing(lead: FlaskClient, data: bytes, name: str, says: str) -> None:
    answer = _upload(lead, data, name)
    assert answer.status_code == 422 and says in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RegisterImport)) == 0


def test_what_was_chosen_is_kept_when_a_column_is_missing(lead: FlaskClient) -> None:
    url = _upload(lead, registers.tidy()).headers["Location"]
    answer = lead.post(url, data=_sent(lead, url, col_tool_name="", fix_use="Everything"))
    assert answer.status_code == 422
    assert "Name of the tool: choose its column" in answer.text and 'value="Everything"' in answer.text
    assert 'href="#col_tool_name"' in answer.text


def test_a_stale_page_gets_409_and_the_import_as_it_is(lead: FlaskClient) -> None:
    url = _upload(lead, registers.tidy()).headers["Location"]
    old = _sent(lead, url)
    lead.post(url, data=old | {"fix_use": "Meanwhile"})
    answer = lead.post(url, data=old)
    assert answer.status_code == 409 and 'value="Meanwhile"' in answer.text


def test_a_name_like_another_is_asked_about_and_the_choice_is_kept(lead: FlaskClient, world: World) -> None:
    declared.declare(world, "QKK")
    world.sign_in(lead, Role.DIGITAL_LEAD, "RTH01")
    here = _walk(lead, registers.tidy(("Scribelin", *registers.TIDY[2][1:])))
    page = lead.get(f"{here}/tools").text
    assert "1 name looks like another" in page and "Scribeline by Scribeline Ltd, on the register" in page
    assert "Say if it is Scribeline" in lead.get(f"{here}/check").text
    assert lead.post(f"{here}/tools", data=_sent(lead, f"{here}/tools", t_0="other")).headers["Location"] == f"{here}/check"
    assert "1 row is ready to bring in" in lead.get(f"{here}/check").text


def test_an_import_can_be_dropped(lead: FlaskClient) -> None:
    here = _walk(lead, registers.tidy())
    assert lead.post(f"{here}/drop", data=_sent(lead, f"{here}/check")).headers["Location"] == here
    assert "This import was dropped" in lead.get(here).text


def test_the_template_explains_itself_and_can_be_brought_in(lead: FlaskClient) -> None:
    data = lead.get(f"{HERE}/template.xlsx").data
    assert [sheet.name for sheet in sheets_of(data, filename="t.xlsx")] == ["AI register", "How to fill it in"]
    assert len(read_sheet(data, filename="t.xlsx", sheet="How to fill it in").rows) == 14
    headings = tuple(str(cell) for cell in read_sheet(data, filename="t.xlsx").rows[0].cells)
    row = ("Scanwell", "Sightline Ltd", "2", "Imaging", "Marks X-rays. A radiologist reads each.", "Main site", "Pilot", "2025", "Yes",
           "Health data (special category)", "A reseller", "Urgent X-rays", "Board, May 2024")  # fmt: skip
    here = _walk(lead, registers.tidy(row, headings=headings))
    assert "1 row is ready to bring in" in lead.get(f"{here}/check").text


def test_a_practice_sees_its_own_rows_alone_of_what_its_icb_brought_in(client: FlaskClient, world: World) -> None:
    world.sign_in(client, Role.DIGITAL_LEAD, "QKK")
    data = registers.tidy((*registers.TIDY[2], "HLP01"), (*registers.TIDY[1], ""), headings=(*registers.HEADINGS, "ODS code"))
    url = _upload(client, data, here="/QKK/register-imports").headers["Location"]
    here = url.rpartition("/")[0]
    for step in ("columns", "words"):
        client.post(f"{here}/{step}", data=_sent(client, f"{here}/{step}"))
    client.post(f"{here}/bring-in", data=_sent(client, f"{here}/check"))
    theirs = db.session.scalar(
        sa.select(RegisterImport.id).where(RegisterImport.organisation_id == world.organisation("HLP01").id)
    )
    page = client.get(f"/HLP01/register-imports/{theirs}").text
    assert "Scribeline 3.1" in page and "Queuewell" not in page
    assert client.get(f"/HLP01/register-imports/{theirs}/file").status_code == 404
    assert client.get(f"/RTH01/register-imports/{theirs}").status_code == 404


def test_a_page_waits_for_many_rows_and_says_why_they_were_not_brought_in(
    lead: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_operations, "AT_ONCE", 2)
    here = _walk(lead, registers.tidy())
    assert lead.post(f"{here}/bring-in", data=_sent(lead, f"{here}/check")).headers["Location"] == here
    waiting = lead.get(here)
    assert "3 rows are being brought in" in waiting.text and waiting.headers["Refresh"] == "2"
    job_id = db.session.scalar(sa.select(Job.id))
    lead.post(f"{here}/check", data=_sent(lead, f"{here}/check", rows="3"))
    db.session.rollback()
    queue.run(job_id)
    told = lead.get(here)
    assert "Nothing was brought in." in told.text and "Refresh" not in told.headers
