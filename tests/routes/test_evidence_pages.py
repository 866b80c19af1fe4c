"""Pages of evidence: a refused file leaves nothing, a kept one is never opened in the browser."""

from io import BytesIO
from pathlib import Path

import pytest

from governance.assessment.evidence import queries
from governance.database import transaction
from tests import assessed

PDF = b"%PDF-1.7\nInvented\n%%EOF\n"


@pytest.fixture
def lead(client, world):
    world.sign_in(client, "digital_lead", "RTH01")
    return client


def item(**changed):
    return {"title": "Certificate", "kind": "other", "file": (BytesIO(PDF), "../../cert.pdf")} | changed


def files(app):
    return [path for path in Path(app.instance_path, "files").rglob("*") if path.is_file()]


def test_a_file_is_attached_listed_and_served_as_it_was(lead):
    sent = lead.post("/RTH01/evidence/attach", data=item())
    assert sent.status_code == 302
    assert "Certificate" in lead.get("/RTH01/evidence").text
    assert "cert.pdf" in lead.get(sent.location).text
    served = lead.get(f"{sent.location}/file")
    assert served.data == PDF
    assert served.headers["Content-Disposition"] == "attachment; filename=cert.pdf"
    assert served.headers["Content-Type"] == "application/octet-stream"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Enter what it is called"),
        ({"kind": ""}, "Choose what kind of evidence it is"),
        ({"file": (BytesIO(b""), "")}, "Choose a file or give a link."),
        ({"file": (BytesIO(b""), "cert.pdf")}, "The file is empty"),
        ({"file": (BytesIO(b"<html>"), "cert.pdf")}, "its content is something else"),
        ({"file": (BytesIO(PDF), "cert.exe")}, "The file must be a PDF"),
        ({"url": "https://example.org/cert"}, "not both"),
        ({"kind": "dspt"}, "Enter the date it was issued"),
    ],
)
def test_a_refused_item_answers_422_keeps_what_was_typed_and_leaves_nothing(lead, app, world, changed, sentence):
    before = files(app)
    sent = lead.post("/RTH01/evidence/attach", data=item(issuer="Kept & typed") | changed)
    assert sent.status_code == 422
    assert sentence in sent.text
    assert "Kept &amp; typed" in sent.text
    assert queries.items(world.actor("digital_lead", "RTH01")) == []
    assert files(app) == before


def test_a_link_is_kept_as_a_link(lead):
    sent = lead.post("/RTH01/evidence/attach", data=item(url="https://example.org/cert", file=(BytesIO(b""), "")))
    page = lead.get(sent.location).text
    assert 'href="https://example.org/cert"' in page
    assert lead.get(f"{sent.location}/file").status_code == 404


def test_a_foreign_item_is_not_there(client, world):
    with transaction():
        mine = assessed.evidence_item(world.actor("digital_lead", "RTH01"))
    world.sign_in(client, "digital_lead", "QWE")
    for page in (f"/QWE/evidence/{mine.id}", f"/QWE/evidence/{mine.id}/file", f"/RTH01/evidence/{mine.id}"):
        assert client.get(page).status_code == 404
    assert "Supplier’s evidence" not in client.get("/QWE/evidence").text


def test_a_page_of_the_list_is_fifty_whatever_is_asked(lead, world):
    with transaction():
        for n in range(51):
            assessed.evidence_item(world.actor("digital_lead", "RTH01"), title=f"Item {n:02}")
    page = lead.get("/RTH01/evidence").text
    assert page.count("Item ") == 50
    assert "The next 50" in page
    for odd in ("?before=x", "?before=-1", "?before=99999999999999999999", "?q=%07%25", "?kind=zz", "?soon=1"):
        assert lead.get(f"/RTH01/evidence{odd}").status_code == 200
