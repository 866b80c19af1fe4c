"""Pages of evidence: a refused file leaves nothing, a kept one is never opened in the browser."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval.models import Condition, ConditionChange
from governance.approval.rules import NewCondition
from governance.assessment.evidence import due, operations, queries
from governance.assessment.evidence.models import Evidence, EvidenceTask
from governance.assessment.sheets import queries as sheets
from governance.assessment.sheets.models import SupplierLink
from governance.audit.record import record
from governance.database import db, transaction
from governance.spreadsheets import read_sheet
from tests import agreed, assessed, lapsed, proposals
from tests.world import World

CONDITION = NewCondition("Measure the turnaround.", "digital_lead", "after", date(2027, 2, 1), "A table of weeks.")

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


def test_a_newer_one_is_attached_from_the_page_of_the_old_one(ready, client, world):
    by = world.actor("digital_lead", "RTH01")
    with transaction():
        old = assessed.evidence_item(by, title="Old certificate", expires_on=date(2026, 12, 1), standard="ISO/IEC 27001")
        sheet = sheets.sheet_for(ready, "dtac-2.0")
        operations.use(evidence=old, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=by, at=clock.now())
    world.sign_in(client, "digital_lead", "RTH01")
    page = client.get(f"/RTH01/evidence/{old.id}/renew").text
    assert "1 place moves to it" in page and "DTAC C3.1" in page and "ISO/IEC 27001" in page
    said = {"standard": "ISO/IEC 27001", "standard_version": "2022", "expires_on-day": "1", "expires_on-month": "12"}
    early = client.post(f"/RTH01/evidence/{old.id}/renew", data=item(**said, **{"expires_on-year": "2026"}))
    assert early.status_code == 422
    assert "must expire after the one it renews" in early.text
    sent = client.post(f"/RTH01/evidence/{old.id}/renew", data=item(**said, **{"expires_on-year": "2027"}))
    assert sent.status_code == 302
    page = client.get(sent.location).text
    assert "Renews" in page and "ISO/IEC 27001 2022" in page and "DTAC C3.1" in page
    page = client.get(f"/RTH01/evidence/{old.id}").text
    assert "Renewed by" in page and "Nothing uses it" in page
    again = client.post(f"/RTH01/evidence/{old.id}/renew", data=item(**said, **{"expires_on-year": "2028"}))
    assert again.status_code == 409
    assert client.post(f"/RTH01/evidence/{old.id}/move").status_code == 409


def test_what_expired_is_said_where_it_is_used_and_on_one_page(ready, client, world):
    by = world.actor("digital_lead", "RTH01")
    with transaction():
        old = lapsed.a_return(by, title="DSPT of last year")
        sheet = sheets.sheet_for(ready, "dtac-2.0")
        operations.use(evidence=old, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=by, at=clock.now())
        due.run(at=clock.now())
    world.sign_in(client, "digital_lead", "RTH01")
    sheet_page = f"/RTH01/submissions/{ready.reference}/sheets/dtac-2.0"
    said = "C3.1 is no longer met: “DSPT of last year” expired on 20 October 2026."
    assert "1 no longer met" in client.get(sheet_page).text
    assert said in client.get(f"{sheet_page}/dtac.c3").text
    assert said in client.get(f"/RTH01/submissions/{ready.reference}").text
    page = client.get("/RTH01/evidence/expiring").text
    assert "1 item expired" in page and "DTAC C3.1" in page and str(ready.reference) in page
    assert "Data Security and Protection Toolkit of" in page
    for odd in ("?after=x", "?after=2026-01-01.9999999999999", "?kind=zz&supplier=zz", "?supplier=99999999999"):
        assert client.get(f"/RTH01/evidence/expiring{odd}").status_code == 200
    assert "DSPT of last year" not in client.get("/RTH01/evidence/expiring?kind=cyber_essentials").text
    book = read_sheet(client.get("/RTH01/evidence/expiring.xlsx").data, filename="a.xlsx")
    row = next(row for row in book.rows if "DSPT of last year" in row.cells)
    assert {"Expired", str(ready.reference), "DTAC C3.1"} <= set(row.cells)
    assert client.get("/RTH01/").text.count("/RTH01/evidence/expiring") == 1


def test_a_supplier_s_task_is_closed_with_a_reason(ready, client, world):
    by = world.actor("digital_lead", "RTH01")
    with transaction():
        old = lapsed.a_return(by)
        sheet = sheets.sheet_for(ready, "dtac-2.0")
        operations.use(evidence=old, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=by, at=clock.now())
        due.run(at=clock.now())
    task = db.session.scalars(sa.select(EvidenceTask)).one()
    world.sign_in(client, "digital_lead", "RTH01")
    assert "Say why" in client.post(f"/RTH01/evidence/tasks/{task.id}", data={"reason": ""}).text
    assert client.post(f"/RTH01/evidence/tasks/{task.id}", data={"reason": "No longer used."}).status_code == 302
    assert "Suppliers’ returns to renew" not in client.get("/RTH01/evidence/expiring").text
    assert "This task is closed" in client.get(f"/RTH01/evidence/tasks/{task.id}").text
    world.sign_in(client, "digital_lead", "QWE")
    assert client.get(f"/QWE/evidence/tasks/{task.id}").status_code == 404


def test_the_supplier_s_contact_is_named_as_who_attached_an_item(ready, client, world):
    by = world.actor("digital_lead", "RTH01")
    with transaction():
        sheet = sheets.sheet_for(ready, "dtac-2.0")
        link = SupplierLink(
            organisation_id=by.organisation_id, sheet_id=sheet.id, token_sha256="0" * 64, contact_name="Robin Vale",
            contact_email="robin@supplier.example", sent_by=by.person_id, sent_at=clock.now(), expires_at=clock.now(),
        )
        db.session.add(link)
        db.session.flush()
        made = Evidence(
            organisation_id=by.organisation_id, title="From the supplier", kind="other", url="https://example.org",
            supplier_link_id=link.id, attached_at=clock.now(),
        )
        db.session.add(made)
        record("evidence.attached", stream=f"organisation:{by.organisation_id}", by=by, at=clock.now())
    world.sign_in(client, "digital_lead", "RTH01")
    assert "by Robin Vale (supplier)" in client.get(f"/RTH01/evidence/{made.id}").text


def test_evidence_is_chosen_or_sent_with_the_offer_of_a_condition(later, client):
    world = World()
    submission = agreed.authorised(world, tool=proposals.TOOL | {"name": "Lungwatch"}, conditions=[CONDITION])
    by = world.actor("digital_lead", "RTH01")
    row = db.session.scalars(sa.select(Condition).where(Condition.submission_id == submission.id)).one()
    with transaction():
        held = assessed.evidence_item(by, title="Three months of figures")
    world.sign_in(client, "digital_lead", "RTH01")
    page = f"/RTH01/conditions/{row.id}"

    def offer(**said):
        version = db.session.scalar(sa.select(Condition.version_id).where(Condition.id == row.id))
        return client.post(f"{page}/offer", data={"text": "Measured.", "version_id": version} | said)

    both = offer(held=held.id, file=(BytesIO(PDF), "weeks.pdf"))
    assert both.status_code == 422 and "Choose one" in both.text
    wrong = offer(file=(BytesIO(b"<html>"), "weeks.pdf"))
    assert wrong.status_code == 422 and "its content is something else" in wrong.text and "Measured." in wrong.text
    assert offer(held=held.id).status_code == 302
    assert offer(file=(BytesIO(PDF), "weeks.pdf")).status_code == 302
    shown = client.get(page).text
    assert "Three months of figures" in shown and "Evidence for condition 1: weeks.pdf" in shown
    changes = db.session.scalars(sa.select(ConditionChange.evidence_id).where(ConditionChange.status_to == "offered")).all()
    assert changes[0] == held.id and len(changes) == 2 and None not in changes
    assert f"Condition {row.number}" in client.get(f"/RTH01/evidence/{held.id}").text
