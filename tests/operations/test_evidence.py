"""Evidence on both databases: attached once, used often, never changed."""

from datetime import date

import pytest
from sqlalchemy.exc import DatabaseError

from governance import clock
from governance.assessment.evidence import operations, queries
from governance.assessment.sheets import operations as sheets
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from tests import assessed, proposals


@pytest.fixture
def lead(world):
    return world.actor("digital_lead", "RTH01")


def attach(by, **changed):
    with transaction():
        return assessed.evidence_item(by, **changed)


def test_an_item_keeps_what_makes_it_evidence(lead):
    item = attach(lead, title="Penetration test", kind="penetration_test", issued_on=date(2026, 5, 4), standard="OWASP 2021")
    assert (item.filename, item.media_type, len(item.sha256)) == ("report.pdf", "application/pdf", 64)
    assert item.expires_on == date(2027, 5, 4)
    assert not item.shareable


def test_its_own_expiry_stands_over_the_policys(lead):
    item = attach(lead, kind="dspt", issued_on=date(2026, 6, 30), expires_on=date(2027, 6, 30))
    assert item.expires_on == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"upload": None}, "Choose a file or give a link"),
        ({"url": "https://example.org"}, "not both"),
        ({"upload": None, "url": "ftp://example.org"}, "must begin with https"),
        ({"kind": "horoscope"}, "Choose what kind"),
        ({"kind": "dspt"}, "Enter the date it was issued"),
        ({"issued_on": date(2026, 11, 3)}, "today or in the past"),
        ({"issued_on": date(2026, 5, 4), "expires_on": date(2026, 5, 3)}, "cannot expire before"),
    ],
)
def test_an_item_that_says_too_little_is_refused(lead, changed, sentence):
    with pytest.raises(Refused, match=sentence), transaction():
        assessed.evidence_item(lead, **changed)
    assert queries.items(lead) == []


def test_one_item_supports_many_things_and_twice_is_once(world, lead):
    submission = proposals.proposed(world)
    item = attach(lead)
    with transaction():
        sheet = sheets.open_sheet(submission=submission, question_set="dtac-2.0", by=lead, at=clock.now())
        for code in ("C3.1", "C3.3", "C3.1"):
            operations.use(
                evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code=code, by=lead, at=clock.now()
            )
    found = queries.supporting("answer_sheet", sheet.id, organisation_id=sheet.organisation_id)
    assert {code: [each.id for each in items] for code, items in found.items()} == {"C3.1": [item.id], "C3.3": [item.id]}
    with transaction():
        operations.stop_using(
            evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=lead, at=clock.now()
        )
    assert list(queries.supporting("answer_sheet", sheet.id, organisation_id=sheet.organisation_id)) == ["C3.3"]
    with pytest.raises(Conflict), transaction():
        operations.stop_using(
            evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=lead, at=clock.now()
        )
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_what_it_supports_must_be_ones_own(world, lead):
    submission = proposals.proposed(world, "QWE")
    stranger = world.actor("digital_lead", "QWE")
    with transaction():
        sheet = sheets.open_sheet(submission=submission, question_set="dtac-2.0", by=stranger, at=clock.now())
    item = attach(lead)
    for kind, number in (("answer_sheet", sheet.id), ("answer_sheet", 999), ("person", 1)):
        with pytest.raises(NotVisible), transaction():
            operations.use(evidence=item, subject_kind=kind, subject_id=number, by=lead, at=clock.now())
    with pytest.raises(NotVisible):
        queries.evidence(item.id, stranger)


def test_the_database_refuses_to_change_an_item(lead):
    item = attach(lead)
    with pytest.raises(DatabaseError), transaction():
        db.session.get_one(type(item), item.id).title = "Another"
        db.session.flush()


def test_items_are_found_by_kind_words_and_expiry_a_page_at_a_time(lead):
    attach(lead, title="50% of_readers")
    attach(lead, title="Certificate", kind="cyber_essentials", issued_on=date(2026, 1, 5))
    assert [item.title for item in queries.items(lead, text="50% OF_")] == ["50% of_readers"]
    assert [item.title for item in queries.items(lead, kind="cyber_essentials")] == ["Certificate"]
    assert [item.title for item in queries.items(lead, expiring_by=date(2027, 1, 5))] == ["Certificate"]
    newest = queries.items(lead)[0]
    assert [item.title for item in queries.items(lead, before_id=newest.id)] == ["50% of_readers"]


def test_evidence_is_attached_and_used_by_none_but_who_may(world, lead):
    auditor, item = world.actor("auditor", "RTH01"), attach(lead)
    submission = proposals.proposed(world)
    with transaction():
        sheet = sheets.open_sheet(submission=submission, question_set="dtac-2.0", by=lead, at=clock.now())
    said = {"evidence": item, "subject_kind": "answer_sheet", "subject_id": sheet.id, "code": "C3.1", "at": clock.now()}
    with transaction():
        operations.use(by=lead, **said)
    with pytest.raises(Forbidden):
        attach(auditor)
    for act in (operations.use, operations.stop_using):
        with pytest.raises(Forbidden), transaction():
            act(by=auditor, **said)
