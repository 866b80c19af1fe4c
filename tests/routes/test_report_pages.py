"""The pages of reports: ask, wait, read, download; the audit trail; and the check that anybody may make."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from governance.assessment.packs import queries as packs
from governance.clock import now
from governance.database import db, read_only, transaction
from governance.errors import Fault
from governance.intake.models import Submission
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Role
from governance.reports import operations, render
from tests import agreed, assessed, proposals, safety
from tests.world import World

CHECK = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


@pytest.fixture
def submitted(world: World) -> Submission:
    """A submission of low tier that nobody has signed."""
    return assessed.submitted(world, facts=proposals.LOW)


def heading(html: str) -> str:
    found = CHECK.search(html)
    assert found is not None
    return found[1].strip()


def digest(submission: Submission) -> str:
    with read_only():
        pack = packs.pack(submission)
        assert pack is not None
        return pack.digest


def test_a_lead_asks_waits_reads_and_downloads_without_script(world: World, client: FlaskClient, submitted: Submission) -> None:
    agreed.agree(world, submitted)
    reference, code = submitted.reference, digest(submitted)
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    asking = client.get(f"/RTH01/submissions/{reference}/report")
    assert heading(asking.text) == "Audit report, not made yet"
    assert "Audit report" in client.get(f"/RTH01/submissions/{reference}").text

    asked = client.post(f"/RTH01/submissions/{reference}/report")
    assert asked.status_code == 303
    waiting = client.get(asked.location)
    assert waiting.headers["Refresh"] == "2"
    assert heading(waiting.text) == "The report is being made"
    job_id = int(asked.location.rsplit("/", 1)[1])
    queue.run(job_id)
    ready = client.get(asked.location)
    assert ready.status_code == 302
    page = client.get(ready.location).text
    assert f"{code[:4]} {code[4:8]}" in page

    file = client.get(ready.location + "/file")
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert file.headers["Content-Disposition"] == f"attachment; filename={reference}-full.pdf"
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert file.data.startswith(b"%PDF-")
    assert client.get(ready.location + "/file", headers={"If-None-Match": file.headers["ETag"]}).status_code == 304
    assert heading(client.get(f"/RTH01/submissions/{reference}/report").text) == "The report is issued"

    world.sign_in(client, Role.BOARD_MEMBER, "RTH01")
    listed = client.get("/RTH01/reports").text
    assert "Approved for Pilot" in listed and ready.location in listed
    assert client.get(ready.location + "/file").status_code == 200
    assert client.post(f"/RTH01/submissions/{reference}/report").status_code == 403
    world.sign_in(client, Role.DIGITAL_LEAD, "QWE")
    assert client.get(ready.location.replace("RTH01", "QWE")).status_code == 404
    assert client.get(ready.location).status_code in (403, 404)


def test_nothing_to_report_on_is_a_sentence_and_a_failed_job_can_be_tried_again(
    world: World, client: FlaskClient, submitted: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    asked = client.post(f"/RTH01/submissions/{submitted.reference}/report")

    def broken(material: object) -> tuple[bytes, int]:
        raise Fault(file="reports", item="a font", fault="is missing")

    with monkeypatch.context() as during:
        during.setattr(render, "pdf", broken)
        queue.run(int(asked.location.rsplit("/", 1)[1]))
    failed = client.get(asked.location)
    assert heading(failed.text) == "The report could not be made"
    assert "Refresh" not in failed.headers
    assert client.post(f"/RTH01/submissions/{submitted.reference}/report").location == asked.location
    db.session.rollback()
    assert db.session.scalars(sa.select(Job.status)).all() == ["queued"]

    with_no_pack = proposals.proposed(world, "RTH01", tool=proposals.TOOL | {"name": "Rotawise"}, facts=proposals.LOW)
    refused = client.post(f"/RTH01/submissions/{with_no_pack.reference}/report")
    assert refused.status_code == 422
    assert "There is no pack to report on yet" in refused.text


def test_anybody_checks_a_code_and_reads_no_name(world: World, client: FlaskClient, submitted: Submission) -> None:
    code = digest(submitted)[:8]
    undecided = client.get(f"/check/{code}")
    assert (undecided.status_code, heading(undecided.text)) == (200, "No decision yet")
    agreed.agree(world, submitted)
    found = client.get("/check", query_string={"code": f" {code[:4].upper()} {code[4:]} "})
    assert (found.status_code, found.location) == (302, f"/check/{code}")
    page = client.get(found.location).text
    assert heading(page).startswith("Approved for Pilot, version 2.3, until")
    assert f"{code[:4]} {code[4:]}" in page and "Riverside Teaching Hospitals" in page
    for role in (Role.CSO, Role.SRO, Role.DIGITAL_LEAD):
        assert world.person(role, "RTH01").name not in page


@pytest.mark.parametrize("code", ["deadbeef", "0" * 64, "xyz", "<script>", "1234"])
def test_a_code_that_belongs_to_nothing_is_a_calm_404(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/check/{code}")
    assert (answer.status_code, heading(answer.text)) == (404, "Nothing has this check code")
    assert "<script>" not in answer.text.replace("<script src", "")


def test_what_is_no_code_is_said_beside_the_field_and_kept(client: FlaskClient) -> None:
    assert heading(client.get("/check").text) == "Check a report"
    answer = client.get("/check", query_string={"code": "82402b5"})
    assert answer.status_code == 422
    assert "eight characters" in answer.text and 'value="82402b5"' in answer.text


def test_the_audit_page_tells_events_in_sentences_with_names_and_codes(
    world: World, client: FlaskClient, submitted: Submission
) -> None:
    reference = submitted.deployment.reference
    world.sign_in(client, Role.BOARD_MEMBER, "RTH01")
    assert client.get(f"/RTH01/tools/{reference}/audit").status_code == 404  # nothing is decided yet
    world.sign_in(client, Role.AUDITOR, "RTH01")
    page = client.get(f"/RTH01/tools/{reference}/audit").text
    assert f"Proposed: it entered the register as {reference}" in page
    assert "Assurance pack frozen, round 1" in page
    assert world.person(Role.DIGITAL_LEAD, "RTH01").name in page
    older = client.get(f"/RTH01/tools/{reference}/audit?before=2").text
    assert "Back to the newest" in older and "Assurance pack frozen" not in older
    world.sign_in(client, Role.AUDITOR, "QWE")
    assert client.get(f"/QWE/tools/{reference}/audit").status_code == 404


def test_the_list_asks_as_often_for_twenty_reports_as_for_one(
    world: World, client: FlaskClient, submitted: Submission
) -> None:
    with read_only():
        pack = packs.pack(submitted)
    assert pack is not None
    world.sign_in(client, Role.AUDITOR, "RTH01")

    def issued(numbers: range) -> int:
        """Write the rows of some interim editions, and count what the list then asks of the database."""
        with transaction():
            for number in numbers:
                operations.issue(
                    pack=pack, edition=f"interim-{number}", title="Chestwise Triage", sha256="0" * 64, pages=9, size=900,
                    stream_head="0" * 64, made_at=now(), by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=now(),
                )  # fmt: skip
        db.session.rollback()
        with safety.statements() as seen:
            page = client.get("/RTH01/reports").text
        assert page.count("Interim edition") == min(numbers.stop, 20)
        return len(seen)

    assert issued(range(1)) == issued(range(1, 25))
