"""E-mails that really leave: to a real SMTP server that takes them, refuses, is busy, goes away, or is not there."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from governance import clock
from governance.database import db, read_only, transaction
from governance.database.transactions import writable
from governance.identity.models import Person
from governance.jobs import queue
from governance.jobs.models import Job
from governance.notifications import due, mail, operations, queries, sending
from governance.notifications.models import Delivery, Notice, NoticePreference
from governance.permissions import Role
from tests.mailserver import Postbox, free_port, serving
from tests.world import World

FROM = "register@board.example"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def post(app: Flask, postbox: Postbox) -> Iterator[Postbox]:
    """The application with a mail server that takes what it is sent, before anything was told."""
    forget()
    with serving(postbox) as at:
        app.config.update(SMTP_URL=f"smtp://{at}", MAIL_FROM=FROM, PUBLIC_URL="https://register.example")
        yield postbox


def forget() -> None:
    """Leave out what the building of the world told."""
    with transaction():
        db.session.execute(sa.delete(Notice))


def choose(world: World, role: Role, delivery: operations.Preference) -> int:
    """A person of the trust who wants to be told in a way."""
    person = world.person(role, "RTH01").id
    with transaction():
        operations.prefer(delivery=delivery, by=world.actor(role, "RTH01"), at=clock.now())
    return person


def tell(world: World, *people: int, key: str = "a", code: str = "RTH01", subject: str = "Scribe asks for a pilot") -> None:
    with transaction():
        operations.tell(
            person_ids=people,
            organisation_id=world.organisation(code).id,
            kind="submission.submitted",
            subject=subject,
            body="It is with you.\nTen working days are expected.",
            path=queries.path("register.tools", organisation=code),
            key=key,
            at=clock.now(),
        )


def work() -> None:
    """Do every job that waits, as often as the engine would."""
    for _ in range(queue.ATTEMPTS):
        with read_only() as session:
            waiting = session.scalars(sa.select(Job.id).where(Job.status == "queued").order_by(Job.id)).all()
        for job_id in waiting:
            try:
                queue.run(job_id)
            except (mail.Unreached, sending.Busy):
                continue  # the engine hands it over again


def delivery() -> Delivery:
    """The one delivery there is."""
    db.session.rollback()
    return db.session.scalars(sa.select(Delivery)).one()


def alter(person_id: int, **changed: object) -> None:
    """Change a person's row, whatever an operation would say."""
    db.session.rollback()
    with writable(), db.engine.begin() as connection:
        connection.execute(sa.update(Person.__table__).where(Person.id == person_id).values(changed))


def text_of(postbox: Postbox, n: int = 0) -> str:
    return str(postbox.messages[n].get_content()).replace("\r\n", "\n")


def test_who_wants_to_be_told_at_once_gets_one_plain_message_once(world: World, post: Postbox) -> None:
    tell(world, choose(world, Role.CSO, "at_once"))
    work()
    (sent,) = post.messages
    assert sent["To"] == "Cso of RTH01 <cso@rth01.example>"
    assert sent["From"] == f"AI assurance register <{FROM}>"
    assert sent["Subject"] == "Scribe asks for a pilot"
    assert sent["Message-ID"] == delivery().message_id
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "text/plain"
    text = text_of(post)
    assert text.startswith("Riverside Teaching Hospitals\n\nScribe asks for a pilot\n\nIt is with you.\nTen working days")
    assert "Open the page: https://register.example/RTH01/tools\n" in text
    assert "Choose how you are told: https://register.example/me/notices/preference\n" in text
    assert (delivery().status, delivery().attempts) == ("sent", 1)

    with db.engine.connect() as connection:
        job_id = connection.scalar(sa.select(Job.id).where(Job.kind == "deliver"))
    with transaction():
        db.session.get_one(Job, job_id).status = "queued"  # as if the worker had died before noting it
    queue.run(job_id)
    assert len(post.messages) == 1


def test_a_digest_comes_once_a_day_by_organisation_oldest_first(world: World, post: Postbox) -> None:
    cso = world.person(Role.CSO, "QKK").id
    tell(world, cso, key="1", subject="First of the trust")
    tell(world, cso, key="2", code="HLP01", subject="Then of the practice")
    tell(world, cso, key="3", subject="Last of the trust")
    for _ in range(2):
        with transaction():
            operations.gather_digests(at=clock.now())
        work()
    text = text_of(post)
    assert post.messages[0]["Subject"] == "Your daily digest: 3 notices"
    found = [text.index(each) for each in ("Riverside", "First of", "Last of", "Harbour Lane", "Then of", "/HLP01/tools")]
    assert found == sorted(found)
    assert len(post.messages) == 1

    tell(world, cso, key="4", subject="Later that day")
    with transaction():
        assert operations.gather_digests(at=clock.now()) == 0
    with clock.fixed(clock.now() + timedelta(days=1)), transaction():
        assert operations.gather_digests(at=clock.now()) == 1
    work()
    assert "Later that day" in text_of(post, 1)
    assert "First of" not in text_of(post, 1)


def test_who_wants_pages_only_gets_no_e_mail_of_what_waited_either(world: World, post: Postbox) -> None:
    cso = world.person(Role.CSO, "RTH01").id
    tell(world, cso, key="1")
    choose(world, Role.CSO, "page")
    tell(world, cso, key="2")
    with transaction():
        assert operations.gather_digests(at=clock.now()) == 0
    with read_only() as session:
        assert [each.delivery for each in session.scalars(sa.select(Notice))] == ["page", "page"]


def test_without_a_mail_server_notices_stay_on_pages(app: Flask, world: World) -> None:
    forget()
    tell(world, choose(world, Role.CSO, "at_once"), world.person(Role.SIRO, "RTH01").id)
    with transaction():
        assert operations.gather_digests(at=clock.now()) == 0
    with read_only() as session:
        assert len(session.scalars(sa.select(Notice)).all()) == 2
        assert session.scalars(sa.select(Delivery)).all() == []
        assert session.scalars(sa.select(Job)).all() == []


@pytest.mark.parametrize("where", ["to_recipient", "to_data"])
def test_a_busy_server_gets_the_same_message_again(world: World, post: Postbox, where: str) -> None:
    getattr(post, where).extend(["451 Try later", "452 Still full"])
    tell(world, choose(world, Role.CSO, "at_once"))
    work()
    assert [each["Message-ID"] for each in post.messages] == [delivery().message_id]
    assert (delivery().status, delivery().attempts) == ("sent", 3)


def test_a_server_that_goes_away_half_way_gets_the_same_message_again(world: World, post: Postbox) -> None:
    post.to_data.append("gone")
    tell(world, choose(world, Role.CSO, "at_once"))
    work()
    assert [each["Message-ID"] for each in post.messages] == [delivery().message_id]


@pytest.mark.parametrize(("where", "said"), [("to_recipient", "address"), ("to_data", "message")])
def test_a_no_for_good_is_kept_visible_and_not_tried_by_itself(world: World, post: Postbox, where: str, said: str) -> None:
    getattr(post, where).append("550 No such person")
    tell(world, choose(world, Role.CSO, "at_once"))
    work()
    assert post.messages == []
    row = delivery()
    assert (row.status, row.attempts, row.again_at) == ("failed", 1, None)
    assert row.said == f"The mail server refused the {said} (550)."

    with transaction():
        operations.try_again(delivery=db.session.get_one(Delivery, row.id), at=clock.now())
    work()
    assert len(post.messages) == 1
    assert (delivery().status, delivery().said) == ("sent", "")


def test_a_server_that_is_not_there_is_tried_each_hour_for_three_days(app: Flask, world: World, postbox: Postbox) -> None:
    app.config.update(SMTP_URL=f"smtp://127.0.0.1:{free_port()}", MAIL_FROM=FROM)
    tell(world, choose(world, Role.CSO, "at_once"))
    work()
    first = delivery()
    assert (first.status, first.attempts, first.again_at) == ("failed", 3, clock.now() + timedelta(hours=1))
    assert first.said == "The mail server could not be reached (it refuses connections)."

    sending.again(clock.now() + timedelta(minutes=59))
    assert delivery().status == "failed"
    with serving(postbox) as at, clock.fixed(clock.now() + timedelta(hours=1)):
        app.config["SMTP_URL"] = f"smtp://{at}"
        sending.again(clock.now())
        sending.again(clock.now())
        work()
    assert [each["Message-ID"] for each in postbox.messages] == [first.message_id]

    tell(world, first.person_id, key="later")
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    with clock.fixed(clock.now() + timedelta(days=4)):
        work()
        with read_only() as session:
            last = session.scalars(sa.select(Delivery).order_by(Delivery.id.desc())).first()
            assert last is not None
            assert (last.status, last.again_at) == ("failed", None)


def test_two_workers_at_once_send_one_message(app: Flask, world: World, post: Postbox) -> None:
    tell(world, *(choose(world, role, "at_once") for role in (Role.CSO, Role.SIRO, Role.DPO)))
    with read_only() as session:
        jobs = list(session.scalars(sa.select(Job.id).order_by(Job.id)))
    ready = threading.Barrier(2)

    def worker() -> None:
        with app.app_context():
            for job_id in jobs:
                ready.wait()
                try:
                    queue.run(job_id)
                except sending.Busy:
                    continue  # the engine hands it over again
            db.session.remove()

    both = [threading.Thread(target=worker) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    work()
    assert sorted(str(each["To"].addresses[0].addr_spec) for each in post.messages) == [
        "cso@rth01.example", "dpo@rth01.example", "siro@rth01.example",
    ]  # fmt: skip
    with read_only() as session:
        assert set(session.scalars(sa.select(Delivery.status))) == {"sent"}


def test_what_was_lost_on_the_way_is_handed_over_again_the_next_day(world: World, post: Postbox) -> None:
    tell(world, choose(world, Role.CSO, "at_once"))
    with transaction():
        db.session.execute(sa.update(Job).values(status="failed"))
    with clock.fixed(clock.now() + timedelta(days=1)), transaction():
        assert len(due.run(at=clock.now())) == 1
    work()
    assert len(post.messages) == 1


def test_nobody_whose_account_is_closed_is_written_to(world: World, post: Postbox) -> None:
    cso = choose(world, Role.CSO, "at_once")
    tell(world, cso)
    alter(cso, disabled_at=clock.now())
    work()
    assert post.messages == []
    assert (delivery().status, delivery().said) == ("failed", "Their account is closed.")
    tell(world, cso, key="b")
    with read_only() as session:
        assert len(session.scalars(sa.select(Notice)).all()) == 1


def test_nothing_in_a_name_or_subject_begins_a_header_or_hides(world: World, post: Postbox) -> None:
    cso = choose(world, Role.CSO, "at_once")
    alter(cso, name='Zoë "Bee"\r\nBcc: everybody@example.org')
    tell(world, cso, subject="Ölwatch – 2.3\r\nBcc: everybody@example.org\r\n\r\nHello\u2028there\x00")
    work()
    (sent,) = post.messages
    assert sent["Bcc"] is None
    assert sent["To"].addresses[0].display_name == 'Zoë "Bee" Bcc: everybody@example.org'
    assert sent["Subject"] == "Ölwatch – 2.3 Bcc: everybody@example.org Hello there"
    assert "Ölwatch – 2.3" in text_of(post)
    assert post.raw[0].isascii()


def test_a_message_goes_over_starttls_with_a_password(
    app: Flask, world: World, postbox: Postbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, context = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(postbox, tls=context) as at:
        app.config.update(SMTP_URL=f"smtp://relay%40board:pass%2Fword@{at}?starttls=1", MAIL_FROM=FROM)
        tell(world, choose(world, Role.CSO, "at_once"))
        work()
        assert delivery().status == "sent"
        assert postbox.signed_in == ["relay@board"]

        app.config["SMTP_URL"] = f"smtp://relay:wrong@{at}?starttls=1"
        tell(world, delivery().person_id, key="b")
        work()
    with read_only() as session:
        last = session.scalars(sa.select(Delivery).order_by(Delivery.id.desc())).first()
        assert last is not None
        assert last.said == "The mail server did not let us sign in (it refused the user name or password)."
    assert len(postbox.messages) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    app: Flask, world: World, postbox: Postbox, tmp_path: Path
) -> None:
    _, context = _certificate(tmp_path)
    with serving(postbox, tls=context) as at:
        app.config.update(SMTP_URL=f"smtp://relay:pass%2Fword@{at}?starttls=1", MAIL_FROM=FROM)
        tell(world, choose(world, Role.CSO, "at_once"))
        work()
    assert delivery().status == "failed"
    assert postbox.signed_in == []


def _certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "mail.pem", folder / "mail.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return file, context


def test_a_preference_is_one_row_that_changes(app: Flask, world: World) -> None:
    choose(world, Role.CSO, "at_once")
    choose(world, Role.CSO, "page")
    with read_only() as session:
        assert [each.delivery for each in session.scalars(sa.select(NoticePreference))] == ["page"]
