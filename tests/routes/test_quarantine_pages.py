"""A file in which the scanner finds something is refused, kept apart, told of and never served."""

import hashlib
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

import governance
from governance import antivirus
from governance.assessment.evidence import queries
from governance.assessment.evidence.models import QuarantinedFile
from governance.audit import verify
from governance.audit.models import AuditEvent
from governance.database import db, read_only
from governance.extensions import house
from governance.identity.models import Person
from governance.notifications.models import Notice
from tests import scanner

BAD = b"%PDF-1.7\n" + scanner.EICAR + b"\n%%EOF\n"
SHA256 = hashlib.sha256(BAD).hexdigest()
FOUND = "the virus scanner found something in it"


def scanned_by(app, address):
    app.extensions["house"] = replace(app.extensions["house"], scanner=antivirus.scanner(address))


@pytest.fixture
def lead(app, client, world):
    scanned_by(app, scanner.address())
    world.sign_in(client, "digital_lead", "RTH01")
    return client


def item(data=BAD, name="cert.pdf"):
    return {"title": "Kept & typed", "kind": "other", "file": (BytesIO(data), name)}


def files(app):
    return sorted(str(path.relative_to(app.instance_path)) for path in Path(app.instance_path, "files").rglob("*") if path.is_file())


def test_a_clean_file_is_taken_and_one_with_something_in_it_is_not(lead, app, world):
    assert lead.post("/RTH01/evidence/attach", data=item(b"%PDF-1.7\nInvented\n%%EOF\n")).status_code == 302
    before = files(app)
    sent = lead.post("/RTH01/evidence/attach", data=item())
    assert sent.status_code == 422
    assert FOUND in sent.text and "Kept &amp; typed" in sent.text
    assert set(files(app)) - set(before) == {f"files/quarantine/{SHA256}"}
    assert len(queries.items(world.actor("digital_lead", "RTH01"))) == 1


def test_it_is_recorded_once_and_told_to_the_administrators(lead, app, world):
    lead.post("/RTH01/evidence/attach", data=item())
    row = db.session.scalars(sa.select(QuarantinedFile)).one()
    assert (row.filename, row.size, row.sha256) == ("cert.pdf", len(BAD), SHA256)
    assert row.found.startswith(scanner.WHAT)
    assert row.sent_by == world.person("digital_lead", "RTH01").id
    query = sa.select(Person.email, Notice.path).join(Notice, Notice.person_id == Person.id)
    told = db.session.execute(query.where(Notice.kind == "file.quarantined")).all()
    assert [tuple(each) for each in told] == [("organisation_administrator@rth01.example", "/RTH01/evidence/quarantine")]
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.kind == "file.quarantined")) == 1
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_administrators_see_what_was_refused_and_nobody_gets_the_file(lead, app, world):
    lead.post("/RTH01/evidence/attach", data=item())
    assert lead.get("/RTH01/evidence/quarantine").status_code == 403
    administrator, stranger = app.test_client(), app.test_client()
    world.sign_in(administrator, "organisation_administrator", "RTH01")
    page = administrator.get("/RTH01/evidence/quarantine").text
    assert "cert.pdf" in page and scanner.WHAT in page and "Digital Lead of RTH01" in page
    assert not re.search(r'href="[^"]*(file|download|quarantine/)[^"]*"', page.partition('id="main"')[2])
    world.sign_in(stranger, "organisation_administrator", "QWE")
    assert "cert.pdf" not in stranger.get("/QWE/evidence/quarantine").text
    with pytest.raises(FileNotFoundError):
        house().storage.content(SHA256)


@pytest.mark.parametrize("path", ["/RTH01/register-imports", "/RTH01/evidence/attach"])
def test_every_kind_of_file_is_scanned_before_it_is_judged(lead, app, path):
    sent = lead.post(path, data=item(scanner.EICAR, "register.exe"))
    assert sent.status_code == 422
    assert FOUND in sent.text


def test_a_scanner_that_does_not_answer_keeps_every_file_out(lead, app, world, tmp_path):
    scanned_by(app, f"unix:{tmp_path / 'nobody'}")
    before = files(app)
    sent = lead.post("/RTH01/evidence/attach", data=item(b"%PDF-1.7\nInvented\n%%EOF\n"))
    assert sent.status_code == 422
    assert "could not be checked for viruses" in sent.text and "Kept &amp; typed" in sent.text
    assert files(app) == before
    assert queries.items(world.actor("digital_lead", "RTH01")) == []


def test_no_room_reads_a_file_by_itself():
    """`uploads.take` is the one way in, so nothing that is sent goes past the scanner."""
    top = Path(governance.__file__).parent
    reading = re.compile(r"request\.files|\.stream\.read|\.data\.read\(")
    found = {str(path.relative_to(top)) for path in top.rglob("*.py") if reading.search(path.read_text())}
    assert found == {"web/uploads.py", "web/forms.py"}
