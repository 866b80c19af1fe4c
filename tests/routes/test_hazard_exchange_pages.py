"""The walk that brings a hazard log in and the page of starting hazards, as a browser without script sends them."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from governance.assessment.hazards import queries
from governance.permissions import Role
from governance.register.models import Deployment
from governance.spreadsheets import read_sheet, sheets_of
from tests import logs, safety
from tests.world import World


@pytest.fixture
def deployment(world: World) -> Deployment:
    return safety.deploy(world).deployment


@pytest.fixture
def lead(world: World, client: FlaskClient, deployment: Deployment) -> FlaskClient:
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    return client


@pytest.fixture
def here(deployment: Deployment) -> str:
    return f"/RTH01/tools/{deployment.reference}/hazards"


def _sent(client: FlaskClient, url: str, **changed: Any) -> dict[str, str]:
    """What the last form of a page would send as it stands."""
    form = re.findall(r"<form class=\"form.*?</form>", client.get(url).text, re.S)[-1]
    found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?type="(?:hidden|text)"[^>]*?value="([^"]*)"', form))
    found |= dict(re.findall(r'<input[^>]*?type="(?:hidden|text)"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
    for name, inner in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = chosen[1] if chosen else ""
    return found | changed


def _upload(client: FlaskClient, here: str, data: bytes, name: str) -> Any:
    return client.post(f"{here}/imports", data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")


def test_a_log_is_uploaded_mapped_checked_and_brought_in_and_downloaded_again(lead, here, deployment) -> None:
    data = logs.csv(logs.ROWS[0], (*logs.ROWS[1][:-1], "Looked at"))
    one = _upload(lead, here, data, "log.csv").headers["Location"].rpartition("/")[0]
    refused = lead.post(f"{one}/columns", data=_sent(lead, f"{one}/columns", whose="supplier", scheme=""))
    assert refused.status_code == 422 and "Name the scheme the supplier scores with" in refused.text
    answer = lead.post(f"{one}/columns", data=_sent(lead, f"{one}/columns", whose="ours", patients="single"))
    assert answer.headers["Location"] == f"{one}/words"
    assert "“Looked at”" in lead.get(f"{one}/words").text
    lead.post(f"{one}/words", data=_sent(lead, f"{one}/words", w_status_0="open"))
    page = lead.get(f"{one}/check").text
    assert "2 rows are ready to bring in" in page and "The scores of the file are not brought in." in page
    assert queries.hazards(deployment) == []
    wrong = lead.post(f"{one}/check", data=_sent(lead, f"{one}/check", rows="ten"))
    assert wrong.status_code == 422 and "Enter row numbers" in wrong.text
    answer = lead.post(f"{one}/bring-in", data=_sent(lead, f"{one}/check"))
    assert answer.headers["Location"] == one
    assert "2 hazards added from log.csv" in lead.get(one).text
    assert lead.get(f"{one}/file").data == data
    with lead.get(f"{here}/log.xlsx") as book:
        names = [each.name for each in sheets_of(book.data, filename="log.xlsx")]
        row = read_sheet(book.data, filename="log.xlsx").rows[1]
    assert (names, row.cells[:2]) == (["Hazard log", "Risk matrix", "About"], (1, "Wrong patient’s letter opened"))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("log.pdf", b"%PDF-1.7", "must be an Excel workbook"),
        ("log.xlsx", b"PK\x03\x04nothing", "not complete"),
        ("log.csv", b"Hazard\r\n", "There are no rows below row 1"),
        ("log.csv", b"Hazard\r\n" + b"x\r\n" * 501, "At most 500 hazards are taken at once"),
        ("log.csv", b"", "The file is empty"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(lead, here, name, data, said) -> None:
    answer = _upload(lead, here, data, name)
    assert answer.status_code == 422 and said in answer.text


def test_starting_hazards_are_offered_for_the_kind_of_tool_and_not_twice(lead, here, deployment) -> None:
    page = lead.get(f"{here}/starters").text
    assert "10 starting hazards" in page and "Our own starting points. Not a complete list; your workshop decides." in page
    empty = lead.post(f"{here}/starters?kind=imaging", data=_sent(lead, f"{here}/starters"))
    assert empty.status_code == 422 and "Choose at least one hazard" in empty.text
    sent = _sent(lead, f"{here}/starters") | {"hazards": ["1", "2"], "in_place": "1.0"}
    assert lead.post(f"{here}/starters?kind=imaging", data=sent).headers["Location"] == here
    first = queries.hazard(deployment, 1)
    assert (first.source, first.controls[0].kind) == ("library:imaging 1", "existing")
    assert 'id="hazard-1"' not in lead.get(f"{here}/starters").text
    again = lead.post(f"{here}/starters?kind=imaging", data=sent)
    assert again.status_code == 422 and "Choose only from the options listed" in again.text
    assert lead.get(f"{here}/starters?kind=rocket").status_code == 404
