"""Patient details typed into an answer, a judgement, a question and an advice: taken out, the chain and the signatures hold."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence.models import Evidence
from governance.assessment.packs import drift, operations, queries, redacted
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets.models import Answer, AnswerSheet
from governance.audit import verify
from governance.audit.models import AuditEvent, AuditPayload, Redaction
from governance.audit.redactions import operations as redacting
from governance.audit.redactions import queries as finding
from governance.audit.redactions import scrub, words
from governance.audit.redactions.operations import Request
from governance.database import db, read_only, transaction
from governance.database.transactions import writable
from governance.errors import Forbidden, Refused
from governance.extensions import house
from governance.intake.models import Submission
from governance.lifecycle import Standing, SubmissionStatus
from governance.permissions import OPERATOR, Role
from governance.register.models import Deployment
from governance.signing import queries as signing
from governance.signing.models import SignOff
from tests import agreed, asked, assessed
from tests.applications import grown, opened
from tests.operations.test_audit import findings, tamper
from tests.world import World

DETAILS = "Mrs Ada Invented, NHS number 943 476 5919"
WHY = Request("Caldicott Guardian of the trust", "Sam Operator", "A patient was named in the assessment.")


def type_details_in() -> None:
    """An answer, a judgement, a question and an advice that name a patient; then everybody agrees."""
    world = World()
    submission = db.session.scalars(sa.select(Submission).where(Submission.status == SubmissionStatus.OPENED)).one()
    lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
    with transaction():
        answer = db.session.scalars(sa.select(Answer).where(Answer.value.is_not(None)).order_by(Answer.id)).all()
        text = next(each for each in answer if str(each.value).startswith("What the supplier says"))
        sheets.answer(
            sheet=db.session.get_one(AnswerSheet, text.sheet_id), code=text.code, value=f"Tried with {DETAILS}.", by=lead, at=clock.now(), layer=text.layer
        )
    with transaction():
        for section in queries.position(submission).asked.sections:
            if section.judged_by:
                operations.judge(
                    submission=submission, section=section.code, outcome="met", reason=f"Seen in the case of {DETAILS}.",
                    by=world.actor(section.judged_by, "RTH01"), at=clock.now(),
                )  # fmt: skip
    with transaction():
        assessed.submit(world, submission)
    asked.question(world, text=f"Was {DETAILS} told?")
    roles = agreed.roles_in_order(submission)
    for role in roles[:-1]:
        advice = {"outcome": "content_subject_to", "reason": f"Leave out {DETAILS}."} if role is Role.DPO else {}
        agreed.sign(world, submission, role, **advice)
    agreed.sign(world, submission, roles[-1])


@pytest.fixture(scope="session")
def told_template(ready_template, tmp_path_factory):
    return grown(ready_template, tmp_path_factory.mktemp("told") / "instance", type_details_in)


@pytest.fixture
def told(told_template, tmp_path):
    with opened(told_template, tmp_path / "instance") as made:
        yield made


def places(text: str = DETAILS) -> list[finding.Place]:
    with read_only() as session:
        return list(finding.find(session, text))


def remove(found: list[finding.Place] | None = None, by=OPERATOR) -> list[int]:
    wanted = places() if found is None else found
    with transaction():
        made = redacting.remove(
            places=wanted, text=DETAILS, request=WHY, keyring=house().keyring, by=by, at=clock.now()
        )
        return [each.id for each in made]


def test_the_details_are_found_wherever_they_were_copied_to(told):
    tables = {place.table for place in places()}
    assert {
        "answer", "judgement", "question", "advice", "sign_off", "sign_intent", "pack_section", "audit_payload",
    } <= tables  # fmt: skip
    assert all(not place.kept for place in places())
    assert len(places("943 476\n 5919")) == len(places())


def test_once_removed_they_are_nowhere_and_the_chain_is_whole(told, backend):
    assert findings() == []
    remove()
    assert places() == [] and places("Ada Invented") == []
    assert findings() == []
    answer = db.session.scalars(sa.select(Answer).where(Answer.id.in_(_rows("answer")))).first()
    assert answer is not None and answer.value == words.marker(clock.now())
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "redaction.made")).all()
    assert len({event.stream for event in events}) == len(events) >= 2
    if backend == "sqlite":
        scrub.scrub(db, ())
        file = Path(str(db.engine.url.database))
        held = [path for path in file.parent.rglob("*") if path.is_file() and b"943 476 5919" in path.read_bytes()]
        assert held == []


def test_the_pack_says_so_its_signatures_count_and_nothing_drifts(told):
    deployment = db.session.scalars(sa.select(Deployment).where(Deployment.standing == Standing.ASSURED)).one()
    pack = db.session.get_one(AssurancePack, deployment.approved_pack_id)
    assert [each.code for each in drift.of(deployment).moved] == []
    signed = {each.code: each.digest for each in pack.sections}
    remove()
    with read_only():
        pack = db.session.get_one(AssurancePack, deployment.approved_pack_id)
        hit = [each for each in pack.sections if redacted.of_section(each)]
        assert hit and {each.code: each.digest for each in pack.sections} == signed
        stands = {each.code: each.digest for each in redacted.sides(pack)}
        assert all(stands[each.code] != each.digest for each in hit)
        assert "signatures over it still count" in redacted.sentence(hit[0])
        assert [each.code for each in drift.of(db.session.get_one(Deployment, deployment.id)).moved] == []
        assert all(signing.seal_holds(row, house().keyring) for row in db.session.scalars(sa.select(SignOff)))


def test_a_second_redaction_of_the_same_row_follows_from_the_first(told):
    first = [place for place in places() if place.table == "audit_payload"][:1]
    remove(first)
    assert findings() == []
    remove()
    assert findings() == []


def test_whoever_tampers_with_a_redacted_row_is_found(told):
    remove()
    section, answer, sign_off = _rows("pack_section")[0], _rows("answer")[0], _rows("sign_off")[0]
    event = db.session.get_one(AuditEvent, _rows("audit_payload")[0])
    where = f"{event.stream} event {event.position}"
    tamper(
        "pack_section", "answer", "sign_off", "audit_payload",
        statements=(
            sa.update(PackSection).where(PackSection.id == section).values(content={}),
            sa.update(Answer).where(Answer.id == answer).values(value="Nobody was named."),
            sa.update(SignOff).where(SignOff.id == sign_off).values(details={}),
            sa.update(AuditPayload).where(AuditPayload.event_id == event.id).values(payload={"nothing": "was said"}),
        ),
    )  # fmt: skip
    assert set(findings()) == {
        f"pack_section row {section}: it is not as its latest event left it.",
        f"answer row {answer}: it is not as its latest event left it.",
        f"sign_off row {sign_off}: it is not as its latest event left it.",
        f"sign_off row {sign_off}: its seal does not hold.",
        f"{where}: its details are not what was recorded.",
    }


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE answer SET note = 'Removed by hand' WHERE id = :row",
        "UPDATE answer SET code = 'X9' WHERE id = :row",
        "UPDATE answer SET note = :marker, code = 'X9' WHERE id = :row",
        "UPDATE answer SET note = :marker WHERE id = :other",
        "DELETE FROM answer WHERE id = :row",
    ],
)
def test_the_database_lets_a_redaction_through_and_nothing_beside_it(told, change):
    """A redaction of the note of one answer is there; anything but the marker, in that column of that row, is refused."""
    row, other = db.session.scalars(sa.select(Answer.id).order_by(Answer.id).limit(2)).all()
    values = {
        "table_name": "answer", "row_id": row, "column_name": "note", "before_digest": "0" * 64, "after_digest": "0" * 64,
        "marker": words.marker(clock.now()), "reason": "-", "asked_by": "-", "redacted_by": "-", "redacted_at": clock.now(),
    }  # fmt: skip
    db.session.remove()
    with writable(), db.engine.connect() as connection:
        connection.execute(sa.insert(Redaction).values(**values))
        with pytest.raises(sa.exc.DBAPIError, match="kept as written"):
            connection.execute(sa.text(change), {"row": row, "other": other, "marker": values["marker"]})
        connection.rollback()


def test_in_json_only_texts_become_the_marker(told):
    row = db.session.execute(sa.select(PackSection.id, PackSection.content).order_by(PackSection.id).limit(1)).one()
    said = words.marker(clock.now())
    values = {
        "table_name": "pack_section", "row_id": row.id, "column_name": "content", "before_digest": "0" * 64, "marker": said,
        "after_digest": "0" * 64, "reason": "-", "asked_by": "-", "redacted_by": "-", "redacted_at": clock.now(),
    }  # fmt: skip
    db.session.remove()
    for content in ({}, row.content | {"title": "Another"}, row.content | {"more": said}, row.content | {"judgement": said}):
        with writable(), db.engine.connect() as connection:
            connection.execute(sa.insert(Redaction).values(**values))
            with pytest.raises(sa.exc.DBAPIError, match="kept as written"):
                connection.execute(sa.update(PackSection).where(PackSection.id == row.id).values(content=content))
            connection.rollback()
    with writable(), db.engine.connect() as connection:
        connection.execute(sa.insert(Redaction).values(**values))
        changed = row.content | {"title": said}
        assert connection.execute(sa.update(PackSection).where(PackSection.id == row.id).values(content=changed)).rowcount == 1
        connection.rollback()


def test_what_stays_must_not_hold_what_goes_and_only_the_operator_may(told):
    found = places()
    with pytest.raises(Refused, match="other words"), transaction():
        redacting.remove(
            places=found, text=DETAILS, request=Request("A", "B", f"It named {DETAILS}."), keyring=house().keyring,
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    with pytest.raises(Forbidden):
        remove(found, by=World().actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01"))
    with pytest.raises(Refused, match="stays"):
        remove([finding.Place("person", 1, "name", (), "x", "A name.")])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Redaction)) == 0


def test_by_command_everything_goes_at_once_and_it_says_what_is_left(told):
    runner = told.test_cli_runner()
    row = next(place for place in places() if place.table == "answer")
    said = runner.invoke(
        args=[
            "redact", "remove", "answer", str(row.row_id), "value", "--text", DETAILS, "--asked-by", WHY.asked_by, "--by",
            WHY.redacted_by, "--reason", WHY.reason, "--yes",
        ]
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "Backups made before today still hold the text" in said.output and DETAILS not in said.output
    assert runner.invoke(args=["redact", "find", DETAILS]).output.startswith("0 places in the record, 0 files.")
    reference = db.session.scalars(sa.select(Deployment.reference).where(Deployment.standing == Standing.ASSURED)).one()
    assert "asked by Caldicott Guardian of the trust, by Sam Operator" in runner.invoke(args=["redact", "show", reference]).output
    assert verify.verify(db.session(), house().storage, house().keyring).findings == []


def test_a_stored_file_is_withheld_and_its_row_says_so(told):
    row = db.session.scalars(sa.select(Evidence).where(Evidence.sha256.is_not(None)).limit(1)).one()
    number, sha256 = row.id, str(row.sha256)
    args = ["redact", "file", "evidence", str(number), "--asked-by", "A", "--by", "B", "--reason", "It shows a patient."]
    asked = told.test_cli_runner().invoke(args=args, input="n\n")
    assert f"evidence {number} has this file" in asked.output and house().storage.content(sha256)
    said = told.test_cli_runner().invoke(args=[*args, "--yes"])
    assert said.exit_code == 0, said.output
    with pytest.raises(FileNotFoundError):
        house().storage.content(sha256)
    assert findings() == []
    assert "patient" in finding.file_gone("evidence", number)
    assert "patient" not in finding.file_gone("evidence", number, to_partner=True)
    browser = told.test_client()
    World().sign_in(browser, Role.DIGITAL_LEAD, "RTH01")
    answer = browser.get(f"/RTH01/evidence/{number}/file")
    assert answer.status_code == 404 and "This file was removed on" in answer.text


def _rows(table: str) -> list[int]:
    query = sa.select(Redaction.row_id).where(Redaction.table_name == table).order_by(Redaction.id)
    return list(db.session.scalars(query))
