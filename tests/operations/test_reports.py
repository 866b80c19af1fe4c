"""Reports: asked for in one commit, made by a job, issued once, kept as the file it was; and the trail it prints.

The small pack of a low tier is enough here; the whole one is drawn in tests/reports.
"""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from governance import clock
from governance.assessment.packs import queries as packs
from governance.audit import verify
from governance.audit.models import AuditEvent, AuditPayload
from governance.audit.redactions import operations as redacting
from governance.database import db, read_only, transaction
from governance.errors import Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.jobs import engine, queue
from governance.jobs.models import Job
from governance.permissions import OPERATOR, Role
from governance.reports import issuing, operations, queries, render, trail
from governance.reports.models import Report
from governance.signing import queries as signing
from governance.storage import content_key
from tests import agreed, assessed, proposals
from tests.reports import reading
from tests.world import World

LEAD, BOARD, AUDITOR = Role.DIGITAL_LEAD, Role.BOARD_MEMBER, Role.AUDITOR


@pytest.fixture
def submitted(world: World) -> Submission:
    """A submission of low tier that nobody has signed."""
    return assessed.submitted(world, facts=proposals.LOW)


def ask(world: World, submission: Submission, role: Role = LEAD) -> int:
    """Ask for a report as a page does."""
    with transaction():
        by = world.actor(role, "RTH01")
        mine = intake.submission(submission.reference or "", by)
        return operations.ask_for_report(submission=mine, by=by, at=clock.now()).id


def issue(world: World, submission: Submission) -> Report:
    """Ask, and let a worker do it."""
    job_id = ask(world, submission)
    queue.run(job_id)
    with read_only() as session:
        job = session.get_one(Job, job_id)
        assert (job.status, job.progress) == ("done", 100), job.said
        return session.get_one(Report, job.result["report"])


def count(model: type) -> int:
    with read_only() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def findings() -> list[str]:
    """What a verification of the whole chain finds."""
    with read_only() as session:
        return list(verify.verify(session, house().storage, house().keyring).findings)


def test_a_decided_report_is_asked_for_made_issued_once_and_found_by_its_code(world: World, submitted: Submission) -> None:
    agreed.agree(world, submitted)
    with read_only():
        head = trail.head(submitted.deployment)
    report = issue(world, submitted)
    assert (report.kind, report.edition, report.stream_head) == ("audit_report", "full", head[1])
    with pikepdf.open(BytesIO(house().storage.content(report.sha256))) as file:
        assert len(file.pages) == report.pages

    assert issue(world, submitted).id == report.id
    assert (count(Report), count(Job)) == (1, 1)
    with read_only() as session:
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "report.issued")).one()
        assert (event.stream, event.position) == (f"deployment:{submitted.deployment_id}", head[0] + 1)
        assert ["report", report.id] in [row[:2] for row in event.rows]
        # what happened since is not in it
        assert trail.up_to(submitted.deployment, report.issued_at - timedelta(seconds=1)).position <= head[0]
    assert findings() == []

    with read_only():
        pack = packs.pack(submitted)
        assert pack is not None
        for code in (pack.digest[:8], pack.digest):
            assert [each.digest for each in queries.by_code(code)] == [pack.digest]
        assert queries.by_code("0" * 8) == []
        signers = [each.person_name for each in signing.sign_offs_on("assurance_pack", pack.id)]
        assert signers and not any(name in str(queries.by_code(pack.digest)) for name in signers)
        stranger = world.actor(LEAD, "QWE")
        assert queries.reports(stranger) == []
        with pytest.raises(NotVisible):
            queries.report(report.id, stranger)

    again = {column.name: getattr(report, column.name) for column in Report.__table__.columns if column.name != "id"}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Report(**again))
        session.flush()


def test_each_state_before_the_decision_has_an_interim_edition_that_no_board_member_reads(
    world: World, submitted: Submission
) -> None:
    first = issue(world, submitted)
    assert issue(world, submitted).id == first.id
    agreed.sign(world, submitted, Role.CSO)
    second = issue(world, submitted)
    assert first.edition != second.edition
    waiting = ask(world, submitted)  # the same as the second: nothing has happened since
    for role in (Role.AI_LEAD, Role.SRO):
        agreed.sign(world, submitted, role)
    full = issue(world, submitted)
    queue.run(waiting)
    assert [each.split("-")[0] for each in (first.edition, second.edition, full.edition)] == ["interim", "interim", "full"]
    with read_only():
        board, auditor = (world.actor(role, "RTH01") for role in (BOARD, AUDITOR))
        assert [line.report.id for line in queries.reports(board)] == [full.id]
        assert [line.report.id for line in queries.reports(auditor)] == [full.id, second.id, first.id]
        with pytest.raises(NotVisible):
            queries.report(first.id, board)


def test_the_row_of_the_job_is_in_the_commit_that_asks_and_progress_is_said(world: World, submitted: Submission) -> None:
    with pytest.raises(RuntimeError, match="something else"), transaction():
        operations.ask_for_report(submission=submitted, by=world.actor(LEAD, "RTH01"), at=clock.now())
        raise RuntimeError("something else went wrong")
    assert count(Job) == 0
    said: list[tuple[int, str]] = []
    issuing.make(ask(world, submitted), lambda per_cent, words: said.append((per_cent, words)))
    assert [words for _, words in said] == ["Reading the pack", "Drawing the pages", "Checking the file", "Storing it"]
    assert [per_cent for per_cent, _ in said] == sorted(per_cent for per_cent, _ in said)


def test_two_workers_at_once_issue_it_once(world: World, submitted: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id, overtaken, drawn = ask(world, submitted), [], render.pdf

    def overtaking(material: object) -> tuple[bytes, int]:
        """A second worker makes the whole report while the first one draws."""
        if not overtaken:
            overtaken.append(True)
            overtaken.append(issuing.make(job_id, lambda per_cent, words: None)["report"])
        return drawn(material)  # type: ignore[arg-type]

    monkeypatch.setattr(render, "pdf", overtaking)
    assert issuing.make(job_id, lambda per_cent, words: None)["report"] == overtaken[1]
    assert count(Report) == 1
    with read_only() as session:
        assert len(session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "report.issued")).all()) == 1
    assert findings() == []


def test_a_killed_worker_leaves_a_row_that_the_sweeper_hands_over_again(
    app: Flask, world: World, submitted: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = ask(world, submitted)

    def killed(material: object) -> tuple[bytes, int]:
        raise SystemExit

    with monkeypatch.context() as during:
        during.setattr(render, "pdf", killed)
        with pytest.raises(SystemExit):
            queue.run(job_id)
    assert count(Report) == 0
    handed: list[int] = []
    monkeypatch.setitem(app.extensions["jobs"], "run", handed.append)
    with clock.fixed(clock.now() + timedelta(minutes=30)):
        assert engine.hand_over_lost() == 1
        queue.run(handed[0])
    db.session.rollback()
    assert count(Report) == 1
    assert findings() == []


def test_who_only_reads_cannot_ask_and_nothing_is_reported_before_a_pack(world: World) -> None:
    opened = proposals.proposed(world, "RTH01", facts=proposals.LOW)
    for role in (BOARD, AUDITOR, Role.SIRO, Role.DPO):
        with pytest.raises(Forbidden):
            ask(world, opened, role)
    with pytest.raises(Refused, match="no pack to report on yet"):
        ask(world, opened)


def test_the_trail_reads_page_by_page_without_a_gap(world: World, submitted: Submission) -> None:
    with read_only():
        position, head = trail.head(submitted.deployment)
        first = trail.page(submitted.deployment, limit=5)
        assert (first[0].position, first[0].hash) == (position, head)
        seen: list[int] = []
        before = None
        while found := trail.page(submitted.deployment, before=before, limit=5)[:5]:
            seen += [each.position for each in found]
            before = found[-1].position
        assert seen == list(range(position, 0, -1))


def withhold(report: Report) -> None:
    """Take away the file of a report that was found to be wrong, as the operator does."""
    request = redacting.Request("The board", "An operator", "It printed a patient’s name")
    with transaction():
        _, sha256 = redacting.withhold(table="report", row_id=report.id, request=request, by=OPERATOR, at=clock.now())
    house().storage.delete(content_key(sha256))


def test_a_report_found_to_be_wrong_is_issued_again_and_says_what_it_replaces_and_why(world: World, submitted: Submission) -> None:
    interim = issue(world, submitted)
    withhold(interim)
    assert issue(world, submitted).edition == f"{interim.edition}.2"
    agreed.agree(world, submitted)
    first = issue(world, submitted)
    withhold(first)
    with clock.fixed(clock.now() + timedelta(days=1)):
        second = issue(world, submitted)
        assert (first.edition, second.edition, issue(world, submitted).id) == ("full", "full.2", second.id)
        assert first.sha256 != second.sha256
        withhold(second)
        third = issue(world, submitted)
    assert third.edition == "full.3"
    said = " ".join(reading.texts(house().storage.content(third.sha256)))
    assert "full edition, issue 3" in said
    assert "It replaces issue 2 of 3 November 2026, which was found to be wrong and withheld on 3 November 2026: It printed" in said
    with read_only() as session:
        told = session.scalars(sa.select(AuditPayload.payload).join(AuditEvent).where(AuditEvent.kind == "report.issued")).all()
        assert [each.get("replaces") for each in told] == [None, interim.id, None, first.id, second.id]
        board = world.actor(BOARD, "RTH01")
        assert [line.report.edition for line in queries.reports(board)] == ["full.3", "full.2", "full"]
    assert findings() == []
