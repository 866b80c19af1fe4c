"""Evidence ends: who is reminded, what is no longer met, and how a newer item takes every place at once."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence import due, expiring_queries, operations, places, queries, tasks
from governance.assessment.evidence.models import EvidenceTask, EvidenceUse
from governance.assessment.packs import operations as packs
from governance.assessment.packs import queries as packed
from governance.assessment.sheets import asked
from governance.assessment.sheets import queries as sheets
from governance.assessment.sheets.models import AnswerSheet, Document
from governance.audit import verify
from governance.audit.models import AuditEvent
from governance.database import db, read_only, transaction
from governance.errors import Conflict, NotVisible, Refused
from governance.extensions import house
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.notifications.models import Notice
from governance.policy.schema import Form
from tests import assessed, lapsed, proposals
from tests.world import World

SOON = date(2026, 12, 1)
CODES = ("C3.1", "C3.3")


def lead_of(world: World, code: str = "RTH01"):
    return world.actor("digital_lead", code)


def used(item, by, submission, codes=CODES):
    sheet = sheets.sheet_for(submission, "dtac-2.0")
    for code in codes:
        operations.use(evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code=code, by=by, at=clock.now())
    return item


def behind(submission, code="C3.1"):
    sheet = sheets.sheet_for(submission, "dtac-2.0")
    found = queries.supporting("answer_sheet", sheet.id, organisation_id=sheet.organisation_id)
    return {item.title for item in found.get(code, [])}


def renewed(by, old, title="Newer", **said):
    given = {"kind": old.kind, "expires_on": date(2028, 1, 1), "supplier_id": old.supplier_id, "standard": old.standard} | said
    with transaction():
        upload = assessed.stored(text=title)
        house().storage.put_content(upload.data)
        return operations.renew(evidence=old, title=title, upload=upload, by=by, at=clock.now(), **given)


def on(day):
    return clock.fixed(datetime.combine(day, time(9), UTC))


def digests(submission):
    return {section.code: section.digest for section in packed.position(submission).sections}


def found_by_audit():
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def told(kind):
    query = sa.select(Person.email, Notice.subject).join(Notice, Notice.person_id == Person.id).where(Notice.kind == kind)
    return [tuple(row) for row in db.session.execute(query.order_by(Notice.id))]


def test_a_newer_item_takes_every_place_of_open_work_in_one_event(world, ready):
    by = lead_of(world)
    with transaction():
        old = used(assessed.evidence_item(by, title="Old", expires_on=SOON), by, ready)
    count = sa.select(sa.func.count()).select_from(AuditEvent)
    before = db.session.scalar(count)
    new = renewed(by, old)
    assert db.session.scalar(count) == before + 1
    assert new.renews_id == old.id and queries.renewal_of(old).id == new.id
    for code in CODES:
        assert "Newer" in behind(ready, code) and "Old" not in behind(ready, code)
    rows = db.session.scalars(sa.select(EvidenceUse).where(EvidenceUse.evidence_id == old.id)).all()
    assert {(row.code, row.removed_by, row.removed_at is not None) for row in rows} == {(code, by.person_id, True) for code in CODES}
    assert found_by_audit() == []
    with pytest.raises(Conflict, match="newer one already"):
        renewed(by, old)
    with pytest.raises(Refused, match="must expire after"):
        renewed(by, new, expires_on=SOON)
    with pytest.raises(NotVisible):
        renewed(lead_of(world, "QWE"), new, title="Foreign")


def test_what_people_are_signing_does_not_change_under_them(submission, world):
    by, before = lead_of(world), digests(submission)
    sheet = sheets.sheet_for(submission, "dtac-2.0")
    old = next(iter(queries.supporting("answer_sheet", sheet.id, organisation_id=sheet.organisation_id).values()))[0]
    codes = [place.code for place in places.of([old.id])[old.id]]
    assert codes
    renewed(by, old)
    assert digests(submission) == before
    assert {place.stays for place in places.of([old.id])[old.id]} == {
        f"{submission.reference} waits for agreement, so its answers do not change now."
    }
    with pytest.raises(Conflict, match="nothing left"), transaction():
        operations.move_on(evidence=old, by=by, at=clock.now())
    with transaction():
        packs.recall(submission=submission, reason="A newer certificate came.", by=by, at=clock.now())
        operations.move_on(evidence=old, by=by, at=clock.now())
    assert places.of([old.id])[old.id] == []
    assert behind(submission, codes[0]) == {"Newer"}
    assert found_by_audit() == []


def test_leads_are_reminded_at_each_step_once_however_often_it_is_used(world, ready):
    by = lead_of(world)
    with transaction():
        used(assessed.evidence_item(by, title="Shared", expires_on=date(2027, 3, 1)), by, ready)
        assessed.evidence_item(by, title="Not used", expires_on=date(2027, 3, 1))
    for left in (95, 90, 89, 60, 30, 7, 6, 0, -1, -2):
        with on(date(2027, 3, 1) - timedelta(days=left)):
            for _ in range(2):
                with transaction():
                    due.run(at=clock.now())
    said = [who.partition("@")[0] for who, subject in told("reminder.due") if "Shared" in subject]
    assert said == ["digital_lead"] * 4 + ["ai_lead"]
    assert not any("Not used" in subject for _, subject in told("reminder.due"))


def test_a_supplier_has_one_task_for_a_lapsed_return_however_many_copies_stand(world, ready):
    by = lead_of(world)
    with transaction():
        first = used(lapsed.a_return(by, title="First copy"), by, ready, ["C3.1"])
        last = used(lapsed.a_return(by, title="Last copy", issued_on=date(2025, 10, 25)), by, ready, ["C3.3"])
        used(lapsed.a_return(by, title="Plus", kind="cyber_essentials", issued_on=date(2026, 9, 1)), by, ready)
    for _ in range(2):
        with transaction():
            due.run(at=clock.now())
    task = db.session.scalars(sa.select(EvidenceTask)).one()
    assert (task.kind, task.lapsed_id, task.lapsed_on) == ("dspt", last.id, date(2026, 10, 25))
    assert [who for who, _ in told("evidence_task.opened")] == ["digital_lead@rth01.example"]
    assert expiring_queries.copies_of([task]) == {task.id: [first.id, last.id]}
    new = renewed(by, last, issued_on=date(2026, 10, 30), expires_on=None)
    assert behind(ready, "C3.1") >= {"Newer"} and not behind(ready, "C3.1") & {"First copy"}
    assert (task.renewed_id, task.closed_by) == (new.id, by.person_id)
    with transaction():
        due.run(at=clock.now())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EvidenceTask)) == 1
    assert found_by_audit() == []


def test_a_basic_certificate_that_counts_does_not_hide_that_the_plus_has_lapsed(world, ready):
    by, given = lead_of(world), {"kind": "cyber_essentials", "standard_version": ""}
    with transaction():
        plus = used(lapsed.a_return(by, title="Plus", standard="Cyber Essentials Plus", **given), by, ready)
        used(lapsed.a_return(by, title="Basic", standard="Cyber Essentials", issued_on=date(2026, 9, 1), **given), by, ready)
        due.run(at=clock.now())
    assert db.session.scalars(sa.select(EvidenceTask.lapsed_id)).all() == [plus.id]


def test_a_task_is_closed_with_a_reason_and_is_not_opened_again_for_the_same_return(world, ready):
    by = lead_of(world)
    with transaction():
        used(lapsed.a_return(by), by, ready)
        due.run(at=clock.now())
    task = db.session.scalars(sa.select(EvidenceTask)).one()
    with pytest.raises(Refused, match="Say why"), transaction():
        tasks.close(task=task, reason=" ", by=by, at=clock.now())
    with pytest.raises(NotVisible), transaction():
        tasks.close(task=task, reason="Not ours", by=lead_of(world, "QWE"), at=clock.now())
    with transaction():
        tasks.close(task=task, reason="The supplier is no longer used.", by=by, at=clock.now())
    with pytest.raises(Conflict), transaction():
        tasks.close(task=task, reason="Again", by=by, at=clock.now())
    with transaction():
        assert not any("task" in said for said in due.run(at=clock.now()))
    assert expiring_queries.open_tasks(by, expiring_queries.Narrowed()) == []
    assert found_by_audit() == []


def test_a_suppliers_return_takes_the_supplier_of_the_tool_it_was_attached_for(world, ready):
    by = lead_of(world)
    with transaction():
        item = assessed.evidence_item(
            by, kind="cyber_essentials", issued_on=date(2026, 5, 4), tool_version_id=ready.tool_version_id
        )
        other = assessed.evidence_item(by, kind="other", tool_version_id=ready.tool_version_id)
    assert item.supplier_id == lapsed.supplier_of(by)
    assert other.supplier_id is None


def test_a_pack_holds_what_is_new_of_an_item_only_where_it_is_said(world, ready):
    by = lead_of(world)
    with transaction():
        plain = assessed.evidence_item(by)
        whole = lapsed.a_return(by, tool_version_id=ready.tool_version_id)
    old = {"title", "kind", "issuer", "standard", "issued_on", "expires_on", "shareable", "filename", "sha256", "url"}
    assert set(queries.content(plain, {})) == old
    assert set(queries.content(whole, queries.covered([whole]))) == old | {"standard_version", "covers", "return_of"}


def test_what_expires_is_listed_until_a_newer_one_took_its_places(world, ready):
    by = lead_of(world)

    def listed():
        rows = expiring_queries.expiring(by, expiring_queries.Narrowed(), limit=100)
        return [row.title for row in rows if row.title in ("Over", "Over and unused", "Soon", "Newer")]

    with transaction():
        old = used(assessed.evidence_item(by, title="Over", expires_on=date(2026, 11, 1)), by, ready)
        assessed.evidence_item(by, title="Over and unused", expires_on=date(2026, 11, 1))
        assessed.evidence_item(by, title="Soon", expires_on=date(2026, 11, 20))
    assert listed() == ["Over", "Soon"]
    assert expiring_queries.expiring_counts(by, expiring_queries.Narrowed())["Expired"] == 1
    renewed(by, old)
    assert listed() == ["Soon", "Newer"]
    narrowed = expiring_queries.Narrowed(kind="dspt")
    assert expiring_queries.expiring(by, narrowed, limit=100) == []
    stranger = lead_of(world, "QWE")
    assert expiring_queries.expiring(stranger, expiring_queries.Narrowed(), limit=100) == []


def test_a_place_leads_to_a_sheet_only_where_a_submission_asks_for_it(world, ready):
    by = lead_of(world)
    with transaction():
        item = used(assessed.evidence_item(by, title="Shared"), by, ready, codes=("C3.1",))
        old = AnswerSheet(
            organisation_id=ready.organisation_id, question_set="nice-esf-2022", tool_version_id=ready.tool_version_id,
            opened_by=by.person_id, opened_at=clock.now(),
        )  # fmt: skip
        db.session.add(old)
        db.session.flush()
        operations.use(evidence=item, subject_kind="answer_sheet", subject_id=old.id, code="N17", by=by, at=clock.now())
    found = {place.code: (place.endpoint, place.live) for place in places.of([item.id])[item.id]}
    assert found == {"C3.1": ("sheets.section", True), "N17": ("packs.submission", True)}


def test_a_place_leads_to_a_document_only_where_a_submission_asks_for_it(world):
    by, submission = lead_of(world), proposals.proposed(world, policy="london-1")
    given = [each.question_set for each in asked.requirements_of(submission) if each.form is Form.DOCUMENT]
    other = next(each.question_set for each in intake.policy_of(submission).documents if each.question_set not in given)
    with transaction():
        item = assessed.evidence_item(by, title="Shared")
        for row in (given[0], other):
            db.session.add(
                Document(
                    organisation_id=submission.organisation_id, question_set=row, tool_version_id=submission.tool_version_id,
                    revision=1, title=row, version_label="1", dated_on=SOON, facts={}, evidence_id=item.id,
                    added_by=by.person_id, added_at=clock.now(),
                )
            )  # fmt: skip
    found = {place.what.removeprefix("Document: "): place.endpoint for place in places.of([item.id])[item.id]}
    assert found == {given[0]: "sheets.documents.document", other: "packs.submission"}
