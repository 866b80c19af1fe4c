"""What is past its period goes, with one event; what the chain protects stays, and it still verifies."""

from datetime import timedelta

import sqlalchemy as sa

from governance import clock
from governance.assessment.sheets.models import SupplierLink
from governance.audit.models import AuditEvent
from governance.audit.retention import due, operations
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.identity import throttle
from governance.identity.models import SignInAttempt
from governance.notifications.models import Notice
from governance.permissions import OPERATOR, Role
from governance.signing.models import SignIntent, SignOff
from tests import supplied
from tests.operations.test_audit import findings

YEARS = timedelta(days=365 * 3)


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def ran(at) -> list[str]:
    with transaction():
        return due.run(at=at)


def test_nothing_goes_before_its_time_and_all_of_it_once(submission, world):
    with transaction():
        throttle.note(email="somebody@example.invalid", address="192.0.2.1", passed=False, at=clock.now())
    assert count(SignIntent) and count(Notice) and count(SignInAttempt)
    assert ran(clock.now()) == []
    signed, later = count(SignOff), clock.now() + YEARS
    said = ran(later)
    assert [each.partition(":")[0] for each in said] == [
        "Attempts to sign in", "Signatures that were begun", "Notices to people",
    ]  # fmt: skip
    assert (count(SignIntent), count(Notice), count(SignInAttempt)) == (0, 0, 0)
    assert count(SignOff) == signed
    assert ran(later) == []
    made = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "retention.applied")).all()
    assert [event.stream for event in made] == ["instance:0"]
    assert findings() == []


def test_an_ended_link_loses_its_token_and_address_and_keeps_the_name(world, ready):
    supplied.asked(world, ready)
    link = db.session.scalars(sa.select(SupplierLink)).one()
    token, name, number = link.token_sha256, link.contact_name, link.id
    ran(clock.now() + YEARS)
    link = db.session.get_one(SupplierLink, number)
    assert link.token_sha256 != token and (link.contact_email, link.contact_name) == ("", name)
    assert findings() == []


def test_a_quarantined_file_goes_and_its_row_stays(later, world):
    house().quarantine("letter.pdf", b"something the scanner knows", "Invented.Test", world.actor(Role.DIGITAL_LEAD, "RTH01"))
    key = next(house().storage.keys("quarantine/"))
    ran(clock.now() + timedelta(days=80))
    assert list(house().storage.keys("quarantine/")) == [key]
    ran(clock.now() + timedelta(days=91))
    assert list(house().storage.keys("quarantine/")) == []
    assert findings() == []


def test_the_operator_is_told_what_stays_for_ever_and_removes_the_rest(later):
    runner = later.test_cli_runner()
    said = runner.invoke(args=["retention"]).output
    assert "kept for ever. They say who agreed to a tool’s use" in said
    assert "Drafts of submissions" in said and "Goes by flask retention --remove." in said
    assert runner.invoke(args=["retention", "--remove"]).output == "Nothing is past its period.\n"
    with transaction():
        done = operations.remove(by=OPERATOR, at=clock.now() + YEARS)
        assert {each.kind.code for each in done} >= {"intents", "notices"}
    with read_only() as session:
        assert all(each.number == 0 for each in operations.past(session, clock.now()) if not each.kind.is_ever)
