"""A supplier's form and a supplier's link on both databases: nothing is lost, nothing else is seen, everything is in the chain."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import clock
from governance.assessment.question_sets import loader
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.assessment.sheets.models import Answer, SupplierForm
from governance.assessment.sheets.rules import Given
from governance.assessment.suppliers import due, operations, queries, tokens
from governance.assessment.suppliers.reading import reader
from governance.audit import verify
from governance.audit.models import AuditEvent
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.intake import operations as intake
from governance.intake.models import Submission
from governance.notifications.models import Delivery, Notice
from governance.web.uploads import Upload
from tests import dtac, proposals
from tests.mailserver import Postbox, serving
from tests.operations.test_sending import work
from tests.racing import at_once

SAMPLES = Path(__file__).parents[1] / "data" / "dtac"
ODT = "application/vnd.oasis.opendocument.text"


@pytest.fixture
def submission(world):
    return proposals.proposed(world)


@pytest.fixture
def lead(world):
    return world.actor("digital_lead", "RTH01")


def accepted(submission, by, name="scattered.odt"):
    data = (SAMPLES / name).read_bytes()
    form = reader.read_form(data, kind="odt", published=loader.question_set(dtac.SET))
    file = Upload(name, "odt", ODT, len(data), house().storage.put_content(data), data)
    with transaction():
        return operations.accept_form(submission=submission, question_set=dtac.SET, form=form, file=file, by=by, at=clock.now())


def asked(submission, by, email="robin@northgate.example", days=21):
    with transaction():
        return operations.ask(
            submission=submission, question_set=dtac.SET, name="Robin Example", email=email, note="Please be brief.",
            until=clock.today() + timedelta(days=days), by=by, at=clock.now(),
        )  # fmt: skip


def token(sent):
    return sent.address.rstrip("/").rpartition("/")[2]


@contextmanager
def behind(link_token):
    """The one writing transaction of the supplier's contact."""
    with transaction():
        link = queries.opened_by(link_token, clock.now(), locked=True)
        yield link, queries.contact(link, clock.now())


def says(link_token, code, value, seen=0, note=""):
    with behind(link_token) as (link, by):
        given = [Given(code, AnswerValue(value, note=note), seen)]
        operations.answer(link=link, given=given, confirming=None, by=by, at=clock.now())


def now(submission, code):
    sheet = sheet_queries.sheet_for(submission, dtac.SET)
    return sheet_queries.current_answers(sheet)[code]["supplier"]


def kinds():
    return db.session.scalars(sa.select(AuditEvent.kind).order_by(AuditEvent.id)).all()


def whole():
    """What the verification of the chain finds."""
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def test_a_form_fills_the_supplier_layer_and_waits_to_be_confirmed(submission, lead):
    with transaction():
        sheet = sheets.open_sheet(submission=submission, question_set=dtac.SET, by=lead, at=clock.now())
        sheets.answer(sheet=sheet, code="A9", value="Scotland", by=lead, at=clock.now())
    form = accepted(submission, lead)
    account = {code: status for code, status, _ in form.account}
    assert (account["A9"], account["C3.4"], account["C2.2.4"]) == ("kept", "not found", "read")
    assert set(queries.read_from(form)) == {code for code, status in account.items() if status == "read"}
    assert now(submission, "A9").value == "Scotland"
    row = now(submission, "C2.2.4")
    assert (row.source, row.confirmed, row.not_applicable, row.note) == ("supplier_form", False, True, "Patients do not use it themselves.")
    assert row.origin is not None and row.origin.startswith("scattered.odt, table 1, row ")
    assert now(submission, "A1").source == "supplier_form"  # it takes the place of what only the register had filled
    assert kinds()[-1] == "supplier_form.read" and "answers.given" not in kinds()[-2:]
    assert whole() == []


def test_a_form_pressed_twice_or_by_two_at_once_is_accepted_once(app, submission, lead, world):
    number = submission.id

    def accept():
        data = (SAMPLES / "scattered.odt").read_bytes()
        form = reader.read_form(data, kind="odt", published=loader.question_set(dtac.SET))
        file = Upload("scattered.odt", "odt", ODT, len(data), house().storage.put_content(data), data)
        return operations.accept_form(
            submission=db.session.get_one(Submission, number), question_set=dtac.SET, form=form, file=file, by=lead,
            at=clock.now(),
        ).id  # fmt: skip

    first, second = sorted(at_once(app, accept, accept), key=lambda each: isinstance(each, Refused))
    said = "Digital Lead of RTH01 accepted this form on 2 November 2026, 09:00. Its answers are on the sheet."
    assert isinstance(first, int) and isinstance(second, Refused) and second.sentences == (said,)
    with pytest.raises(Refused, match="accepted this form on"), transaction():
        accept()
    db.session.rollback()
    assert db.session.scalars(sa.select(SupplierForm.id)).all() == [first]
    assert kinds().count("supplier_form.read") == 1
    assert whole() == []


def test_a_form_is_refused_where_it_has_nothing_or_the_person_may_not_answer(submission, lead, world):
    with pytest.raises(Forbidden):
        accepted(submission, world.actor("board_member", "RTH01"))
    with pytest.raises(NotVisible):
        accepted(submission, world.actor("digital_lead", "QWE"))
    data = dtac.form(blank=list(dtac.SAID))
    empty = reader.read_form(data, kind="docx", published=loader.question_set(dtac.SET))
    file = Upload("a.docx", "docx", "", len(data), "0" * 64, data)
    with pytest.raises(Refused, match="nothing to accept"), transaction():
        operations.accept_form(submission=submission, question_set=dtac.SET, form=empty, file=file, by=lead, at=clock.now())


def test_a_supplier_answers_in_their_own_words_and_nobody_confirms_for_them(submission, lead):
    sent = asked(submission, lead)
    says(token(sent), "B2", "It sorts chest X-rays.")
    row = now(submission, "B2")
    assert (row.value, row.source, row.confirmed, row.answered_by) == ("It sorts chest X-rays.", "supplier_link", True, None)
    assert row.supplier_link_id == sent.link.id
    assert sheet_queries.givers([row]) == {row.id: "Robin Example (supplier)"}
    assert whole() == []


def test_the_link_is_kept_only_as_its_fingerprint_and_ends_in_three_ways(submission, lead):
    with clock.fixed(datetime(2026, 11, 2, 9, tzinfo=clock.LONDON)):
        first = asked(submission, lead)
        assert first.link.token_sha256 == tokens.digest(token(first)) and token(first) not in str(vars(first.link))
        assert len(token(first)) == 43
        second = asked(submission, lead, email="sam@northgate.example")
        with transaction():
            operations.revoke(link=first.link, by=lead, at=clock.now())
        with behind(token(second)) as (link, by):
            operations.open_link(link=link, by=by, at=clock.now())
            operations.hand_in(link=link, by=by, at=clock.now())
        third = asked(submission, lead, days=5)
        for over in (first, second):
            with pytest.raises(queries.LinkOver):
                queries.opened_by(token(over), clock.now())
    last = datetime(2026, 11, 7, 23, 59, tzinfo=clock.LONDON)
    assert queries.opened_by(token(third), last).id == third.link.id
    with pytest.raises(queries.LinkOver):
        queries.opened_by(token(third), last + timedelta(minutes=1))
    with pytest.raises(queries.NoLink):
        queries.opened_by("nothing", last)
    assert {"supplier_link.sent", "supplier_link.revoked", "supplier_link.opened", "supplier_link.handed_in"} <= set(kinds())
    assert whole() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"days": 0}, "until"), ({"days": 61}, "until"), ({"email": "ROBIN@northgate.example"}, "email")],
)
def test_a_link_is_refused_for_a_day_too_far_or_the_same_contact_twice(submission, lead, changed, code):
    asked(submission, lead)
    with pytest.raises(Refused) as refused:
        asked(submission, lead, **({"email": "else@northgate.example"} | changed))
    assert refused.value.codes == (code,)


def test_only_the_lead_of_the_organisation_asks_and_only_about_sets_that_suppliers_answer(submission, lead, world):
    with pytest.raises(Forbidden):
        asked(submission, world.actor("cso", "RTH01"))
    with pytest.raises(NotVisible):
        asked(submission, world.actor("digital_lead", "QWE"))
    with pytest.raises(NotVisible), transaction():
        operations.ask(
            submission=submission, question_set="tool-facts-1", name="R", email="r@n.example", note="", until=date(2027, 1, 1),
            by=lead, at=clock.now(),
        )  # fmt: skip


def test_a_link_opens_its_own_sheet_and_no_other(submission, lead, world):
    sent = asked(submission, lead)
    other = proposals.proposed(world, tool=proposals.TOOL | {"name": "Queuewell", "manufacturer": "Queuewell Ltd"})
    foreign = asked(other, lead, email="queue@well.example")
    with transaction():
        by = queries.contact(sent.link, clock.now())
        theirs = sheet_queries.sheet_for(other, dtac.SET)
        with pytest.raises(NotVisible):
            sheets.answer(sheet=theirs, code="B2", value="x", by=by, at=clock.now())
        with pytest.raises(NotVisible):
            operations.hand_in(link=foreign.link, by=by, at=clock.now())
        with pytest.raises(Forbidden):
            operations.revoke(link=sent.link, by=queries.contact(foreign.link, clock.now()), at=clock.now())
        assert by.scope == frozenset()
    with pytest.raises(NotVisible):
        queries.link(foreign.link.id, sheet_queries.sheet_for(submission, dtac.SET), lead)


def test_a_lead_and_a_supplier_who_answer_at_once_lose_nothing(submission, lead):
    sent = asked(submission, lead)
    says(token(sent), "B2", "By the supplier.")
    sheet = sheet_queries.sheet_for(submission, dtac.SET)
    with pytest.raises(Conflict), transaction():
        sheets.answer(sheet=sheet, code="B2", value="By the lead.", by=lead, at=clock.now(), expected_revision=0)
    with transaction():
        sheets.answer(sheet=sheet, code="B3", value="By the lead.", by=lead, at=clock.now())
    with pytest.raises(Conflict):
        says(token(sent), "B3", "By the supplier.")
    says(token(sent), "B3", "By the supplier, after reading.", seen=1)
    rows = db.session.scalars(sa.select(Answer.value).where(Answer.code.in_(["B2", "B3"])).order_by(Answer.id)).all()
    assert rows == ["By the supplier.", "By the lead.", "By the supplier, after reading."]


def test_a_file_of_the_supplier_is_evidence_by_the_link_and_kept_here(submission, lead):
    sent, data = asked(submission, lead), b"notes"
    file = Upload("notes.txt", "txt", "text/plain", len(data), house().storage.put_content(data), data)
    with behind(token(sent)) as (link, by):
        item = operations.attach(
            link=link, code="B4", title="Data flow", kind="other", file=file, issued_on=None, expires_on=None, by=by, at=clock.now()
        )
    assert (item.attached_by, item.supplier_link_id, item.shareable) == (None, sent.link.id, False)
    assert [each.title for each in queries.files(sent.link)["B4"]] == ["Data flow"]
    with behind(token(sent)) as (link, by):
        operations.take_away(link=link, code="B4", evidence_id=item.id, by=by, at=clock.now())
    assert queries.files(sent.link) == {}
    assert whole() == []


def notices(key):
    return db.session.scalars(sa.select(Notice.subject).where(Notice.key.like(key)).order_by(Notice.id)).all()


def test_without_mail_the_lead_is_told_when_a_link_is_about_to_end_and_when_it_has(submission, lead):
    begins = datetime(2026, 11, 2, 9, tzinfo=clock.LONDON)
    with clock.fixed(begins):
        sent = asked(submission, lead)
    assert not sent.mailed
    for days in (10, 14, 14, 15, 19, 21, 22, 23):
        with transaction():
            due.run(at=begins + timedelta(days=days))
    told = notices(f"supplier-link:{sent.link.id}:%")
    assert [each.split(" ends")[-1].split(" ended")[-1] for each in told] == [
        " on 23 November 2026", " on 23 November 2026", " on 23 November 2026 without answers handed in",
    ]  # fmt: skip


def test_with_mail_the_contact_gets_the_link_and_two_reminders_and_nothing_after_the_end(app, submission, lead):
    begins = datetime(2026, 11, 2, 9, tzinfo=clock.LONDON)
    postbox = Postbox()
    with serving(postbox) as at:
        app.config.update(SMTP_URL=f"smtp://{at}", MAIL_FROM="register@board.example", PUBLIC_URL="https://register.example")
        with clock.fixed(begins):
            sent = asked(submission, lead)
            work()
        for days in (14, 14, 19):
            with clock.fixed(begins + timedelta(days=days)):
                with transaction():
                    due.run(at=clock.now())
                work()
        with clock.fixed(begins + timedelta(days=20)):
            with transaction():
                operations.send_again(link=db.session.merge(sent.link), by=lead, at=clock.now())
                operations.revoke(link=db.session.merge(sent.link), by=lead, at=clock.now())
            work()
    mine = [each for each in postbox.messages if "robin@northgate.example" in each["To"]]
    assert sent.mailed and sent.address.startswith("https://register.example/supplier/")
    assert [str(each["Subject"]).split()[0] for each in mine] == ["Riverside", "Reminder:", "Reminder:"]
    for each in mine:
        body = each.get_content()
        assert sent.address in body and "Please be brief." in body
    again = db.session.scalar(sa.select(Delivery).where(Delivery.key.like("supplier:%:again:%")))
    assert again is not None and (again.status, again.said) == ("failed", "What it was about has ended.")
    assert "supplier_link.reminded" in kinds()
    assert whole() == []


def test_handing_in_tells_the_leads(submission, lead):
    sent = asked(submission, lead)
    with behind(token(sent)) as (link, by):
        operations.hand_in(link=link, by=by, at=clock.now())
    assert notices(f"supplier-link:{sent.link.id}:handed-in") == ["Robin Example (supplier) handed in answers about Chestwise Triage 2.3"]


def test_where_the_row_stood_in_the_form_is_still_said_once_somebody_confirms_the_answer(submission, lead):
    accepted(submission, lead)
    with transaction():
        sheet = sheet_queries.sheet_for(submission, dtac.SET)
        before = now(submission, "B2").origin
        sheets.confirm(sheet=sheet, code="B2", by=lead, at=clock.now())
    answer = now(submission, "B2")
    assert answer.confirmed and before and answer.origin == before


def test_nobody_is_reminded_of_a_sheet_that_cannot_be_answered_any_more(submission, lead):
    begins = datetime(2026, 11, 2, 9, tzinfo=clock.LONDON)
    with clock.fixed(begins):
        sent = asked(submission, lead)
    with transaction():
        intake.withdraw(submission=submission, reason="Not needed.", by=lead, at=begins)
    with transaction():
        assert due.run(at=begins + timedelta(days=19)) == []
        assert due.run(at=begins + timedelta(days=23)) == []
    assert notices(f"supplier-link:{sent.link.id}:%") == []


def test_a_link_to_a_sheet_that_is_not_asked_for_any_more_holds_up_no_other(submission, lead):
    """Without direct care nobody asks for the manufacturer's safety file; the other link is still reminded of."""
    begins = datetime(2026, 11, 2, 9, tzinfo=clock.LONDON)
    with clock.fixed(begins), transaction():
        for question_set in ("dcb0129-4.2", dtac.SET):
            operations.ask(
                submission=submission, question_set=question_set, name="Robin Example", email="robin@northgate.example",
                note="", until=date(2026, 11, 23), by=lead, at=begins,
            )  # fmt: skip
    with transaction():
        intake.correct_triage(
            submission=submission, facts=proposals.LOW | {"personal_data": "confidential", "hosting": "supplier_uk"},
            reason="It is not used for care.", version_id=submission.version_id, by=lead, at=begins,
        )  # fmt: skip
    with transaction():
        assert len(due.run(at=begins + timedelta(days=19))) == 1

