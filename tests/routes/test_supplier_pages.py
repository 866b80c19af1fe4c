"""The pages of a supplier's form and of a supplier's link: what they say, what they refuse, and what they never show."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from governance import clock
from governance.assessment.packs import content, reading
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.assessment.sheets.models import Answer, SupplierForm, SupplierLink
from governance.assessment.suppliers import limits, operations
from governance.database import db, transaction
from governance.identity.models import Person
from governance.intake import operations as intake
from governance.sharing.rules import partner_edition
from tests import dtac, proposals, supplied
from tests.contracts.reading import Page

UPLOAD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def submission(world):
    return proposals.proposed(world)


@pytest.fixture
def lead(world, client):
    world.sign_in(client, "digital_lead", "RTH01")
    return client


@pytest.fixture
def here(submission):
    return f"/RTH01/submissions/{submission.reference}/sheets/dtac-2.0"


@pytest.fixture
def supplier(app):
    """Somebody without a session."""
    return app.test_client()


def sent(world, submission, **said):
    return f"/supplier/{supplied.token(supplied.asked(world, submission, **said))}/"


def begun(world, submission, supplier, **said):
    top = sent(world, submission, **said)
    assert supplier.post(f"{top}begin").status_code == 302
    return top


def filled(client, url):
    """The one form of a page as it stands, and its fields."""
    form = next(form for form in Page(client.get(url).text).forms if form.method == "POST" and "/sections/" in (form.action or url))
    return form.fields


def choose(client, here, data, name="Form.docx"):
    return client.post(f"{here}/from-supplier/form", data={"file": (BytesIO(data), name)})


def test_a_form_is_uploaded_checked_and_accepted_and_its_answers_wait(lead, here):
    chosen = choose(lead, here, dtac.form(style="words", left_out=["C3.4"]))
    assert chosen.status_code == 302
    page = lead.get(chosen.location).text
    assert "57 answers read, 1 not found" in page
    assert "No row of the file has this code." in page and "20 7946" in page
    assert db.session.scalar(sa.select(SupplierForm)) is None
    accepted = lead.post(chosen.location)
    assert "57 answers read, 1 not found" in lead.get(accepted.location).text
    section = lead.get(f"{here}/dtac.b").text
    assert "From the supplier’s form. Nobody has confirmed it yet." in section
    assert "Form read" in lead.get(here).text
    again = lead.post(chosen.location)
    assert again.status_code == 422  # pressed twice, accepted once
    for page in (again.text, lead.get(chosen.location).text):
        assert "accepted this form on" in page and "See what came of it" in page and "Accept and keep the form" not in page


def test_a_form_that_cannot_be_read_is_a_sentence_and_keeps_nothing(lead, here, app):
    for data, name, says in (
        (dtac.form(style="words", version="1.0", checklist=False), "Form.docx", "DTAC version 1.0"),
        (b"%PDF-1.7\n%%EOF", "Form.pdf", "must be a Word document (DOCX) or OpenDocument text (ODT)"),
        (b"", "", "Choose the form"),
    ):
        answer = choose(lead, here, data, name)
        assert answer.status_code == 422 and says in answer.text


def test_the_address_of_a_checked_file_works_for_its_person_and_submission_alone(lead, here, world, app, submission):
    at = choose(lead, here, dtac.form(style="words")).location
    other = proposals.proposed(world, tool=proposals.TOOL | {"name": "Queuewell", "manufacturer": "Queuewell Ltd"})
    assert lead.get(at.replace(submission.reference, other.reference)).status_code == 404
    assert lead.get(f"{at}x").status_code == 404
    foreign = app.test_client()
    world.sign_in(foreign, "digital_lead", "QWE")
    assert foreign.get(at).status_code == 404


def test_without_mail_the_link_is_shown_once_to_be_copied(lead, here, app):
    page = lead.get(f"{here}/from-supplier/ask").text
    assert "No e-mail can be sent from here" in page
    until = clock.add_months(clock.today(), 1)
    said = {"name": "Robin Example", "email": "robin@northgate.example", "until-day": until.day, "until-month": until.month}
    answer = lead.post(f"{here}/from-supplier/ask", data=said | {"until-year": until.year})
    assert answer.status_code == 200
    link = db.session.scalars(sa.select(SupplierLink)).one()
    token = supplied.tokens.token_of(link)
    assert f"/supplier/{token}/" in answer.text and "shown this once" in answer.text
    for page in (lead.get(f"{here}/from-supplier").text, lead.get(here).text):
        assert token not in page and "Robin Example" in page
    refused = lead.post(f"{here}/from-supplier/ask", data=said | {"until-year": until.year})
    assert refused.status_code == 422 and "open link to this address already" in refused.text and "Robin Example" in refused.text


def test_a_supplier_sees_the_sheet_and_nothing_else(world, submission, supplier):
    top = begun(world, submission, supplier)
    names = db.session.scalars(sa.select(Person.name)).all()
    for page in (top, f"{top}sections/dtac.b", f"{top}sections/dtac.b/files/B4", f"{top}hand-in"):
        answer = supplier.get(page)
        assert answer.status_code == 200
        assert "Riverside Teaching Hospitals" in answer.text and "Chestwise Triage 2.3" in answer.text
        assert "/RTH01/" not in answer.text and submission.reference not in answer.text and 'class="nav"' not in answer.text
        assert [name for name in names if name in answer.text] == []
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow" and answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


def test_a_supplier_saves_a_section_attaches_a_file_and_hands_in(world, submission, supplier, lead, here):
    top = begun(world, submission, supplier)
    at = f"{top}sections/dtac.b"
    fields = filled(supplier, at)
    saved = supplier.post(at, data=fields | {"answer_B2": "It sorts <b>X-rays</b>.", "act": "attach:B4"})
    assert saved.location.endswith("/sections/dtac.b/files/B4")
    file = {"title": "Data <i>flow</i>", "kind": "other", "file": (BytesIO(b"notes"), "flow.txt")}
    assert supplier.post(saved.location, data=file).status_code == 302
    page = supplier.get(at).text
    assert "It sorts &lt;b&gt;X-rays&lt;/b&gt;." in page and "Data &lt;i&gt;flow&lt;/i&gt;" in page
    world.sign_in(lead, "digital_lead", "RTH01")
    ours = lead.get(f"{here}/dtac.b").text
    assert "From the supplier, by link" in ours and "Robin Example (supplier)" in ours and "Data &lt;i&gt;flow&lt;/i&gt;" in ours
    done = supplier.post(f"{top}hand-in")
    assert "Your answers are handed in" in supplier.get(done.location).text
    assert supplier.get(at).status_code == 410
    world.sign_in(lead, "digital_lead", "RTH01")
    assert "Handed in" in lead.get(f"{here}/from-supplier").text


def test_a_supplier_confirms_what_was_filled_in_for_them(world, submission, supplier):
    at = f"{begun(world, submission, supplier)}sections/dtac.a"
    assert "Filled in from what is known of the tool." in supplier.get(at).text
    supplier.post(at, data=filled(supplier, at) | {"act": "confirm:A1"})
    rows = db.session.scalars(sa.select(Answer).where(Answer.code == "A1").order_by(Answer.revision)).all()
    assert [(row.confirmed, row.supplier_link_id is not None) for row in rows] == [(False, False), (True, True)]


def test_what_colleagues_typed_is_not_shown_and_not_wiped_by_saving(world, submission, supplier):
    top = begun(world, submission, supplier)
    by = world.actor("digital_lead", "RTH01")
    with transaction():
        sheet = sheet_queries.sheet_for(submission, "dtac-2.0")
        sheets.answer(sheet=sheet, code="B2", value="Between us: unclear.", by=by, at=clock.now())
    at = f"{top}sections/dtac.b"
    page = supplier.get(at).text
    assert "Between us" not in page and "has an answer to this" in page
    supplier.post(at, data=filled(supplier, at) | {"answer_B3": "Radiologists."})
    rows = dict(db.session.execute(sa.select(Answer.code, Answer.value).where(Answer.code.in_(["B2", "B3"]))).all())
    assert rows == {"B2": "Between us: unclear.", "B3": "Radiologists."}


def test_a_note_alone_does_not_take_away_the_answer_that_colleagues_gave(world, submission, supplier):
    top = begun(world, submission, supplier)
    by = world.actor("digital_lead", "RTH01")
    with transaction():
        sheet = sheet_queries.sheet_for(submission, "dtac-2.0")
        sheets.answer(sheet=sheet, code="B2", value="Between us: unclear.", by=by, at=clock.now())
    at = f"{top}sections/dtac.b"
    answer = supplier.post(at, data=filled(supplier, at) | {"note_B2": "See our website."})
    assert answer.status_code == 422 and "See our website." in answer.text and "Between us" not in answer.text
    assert db.session.scalars(sa.select(Answer.value).where(Answer.code == "B2").order_by(Answer.id.desc())).first()


def test_what_was_typed_is_still_there_when_the_sheet_was_closed_meanwhile(world, submission, supplier):
    at = f"{begun(world, submission, supplier)}sections/dtac.b"
    page = filled(supplier, at)
    with transaction():
        intake.withdraw(submission=submission, reason="Not needed.", by=world.actor("digital_lead", "RTH01"), at=clock.now())
    answer = supplier.post(at, data=page | {"answer_B2": "A long answer."})
    assert answer.status_code == 422 and "A long answer." in answer.text and "cannot be changed" in answer.text


def test_a_link_can_be_taken_back_after_the_submission_has_ended(world, submission, lead, here):
    sent(world, submission)
    with transaction():
        intake.withdraw(submission=submission, reason="Not needed.", by=world.actor("digital_lead", "RTH01"), at=clock.now())
    page = lead.get(f"{here}/from-supplier").text
    assert "Take it back" in page and "Send again" not in page
    link = db.session.scalars(sa.select(SupplierLink)).one()
    assert lead.post(f"{here}/from-supplier/links/{link.id}/revoke").status_code == 302
    db.session.refresh(link)
    assert link.revoked_at is not None


def test_a_page_that_was_overtaken_keeps_what_was_typed(world, submission, supplier):
    top = begun(world, submission, supplier)
    at = f"{top}sections/dtac.b"
    first, second = filled(supplier, at), filled(supplier, at)
    supplier.post(at, data=first | {"answer_B2": "The first."})
    answer = supplier.post(at, data=second | {"answer_B2": "The second."})
    assert answer.status_code == 409 and "The second." in answer.text


def test_a_wrong_entry_is_refused_with_everything_kept(world, submission, supplier):
    at = f"{begun(world, submission, supplier)}sections/dtac.d"
    answer = supplier.post(at, data=filled(supplier, at) | {"answer_D1_5": "nearly always", "answer_D1_4_2": "Soon"})
    assert answer.status_code == 422 and "nearly always" in answer.text and "percentage" in answer.text
    assert db.session.scalar(sa.select(Answer).where(Answer.code == "D1.5")) is None


@pytest.mark.parametrize("path", ["", "sections/dtac.b", "hand-in", "sections/dtac.b/files/B4"])
def test_links_that_do_not_work_all_say_the_same(world, submission, supplier, path):
    top = sent(world, submission)
    with transaction():
        link = db.session.scalars(sa.select(SupplierLink)).one()
        operations.revoke(link=link, by=world.actor("digital_lead", "RTH01"), at=clock.now())
    over, unknown = supplier.get(top + path), supplier.get(f"/supplier/{'x' * 43}/{path}")
    assert (over.status_code, unknown.status_code) == (410, 404)
    assert over.text == unknown.text
    assert "This link does not work." in over.text and "Riverside" not in over.text
    assert supplier.post(f"{top}begin").status_code == 410


def test_whoever_tries_many_links_has_to_wait(supplier):
    for _ in range(limits.MOST):
        assert supplier.get("/supplier/guess/").status_code == 404
    assert supplier.get("/supplier/guess/").status_code == 429


def test_a_link_of_one_organisation_shows_nothing_of_another(world, submission, supplier, lead, here):
    top = begun(world, submission, supplier)
    for path in ("sections/nothing", "sections/dtac.b/files/C3.1", "sections/dtac.b/files/Z9"):
        assert supplier.get(top + path).status_code == 404
    supplier.post(f"{top}sections/dtac.b", data=filled(supplier, f"{top}sections/dtac.b") | {"act": "remove:B4:1"})
    link = db.session.scalars(sa.select(SupplierLink)).one()
    foreign = world.actor("digital_lead", "QWE")
    world.sign_in(supplier, "digital_lead", "QWE")
    assert supplier.post(f"{here}/from-supplier/links/{link.id}/revoke").status_code == 404
    assert foreign.scope.isdisjoint({link.organisation_id})


def test_the_pack_names_the_supplier_and_the_partner_edition_does_not(world, submission, supplier):
    at = f"{begun(world, submission, supplier)}sections/dtac.b"
    supplier.post(at, data=filled(supplier, at) | {"answer_B2": "It sorts X-rays."})
    section = next(each for each in content.build(submission) if each.code == "tool")
    drawn = str(reading.blocks(section.content["matter"]))
    assert "From the supplier, by link: Robin Example (supplier)" in drawn
    assert "Robin Example" not in str(partner_edition(section.content))
