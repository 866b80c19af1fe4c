"""The pages of notices: what I was told, how I want to be told, and what could not be sent to people here."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from governance import clock
from governance.database import db, read_only, transaction
from governance.jobs.models import Job
from governance.notifications import operations, queries
from governance.notifications.models import Delivery, Notice
from governance.permissions import Role as R
from tests.world import World

ADMIN = R.ORGANISATION_ADMINISTRATOR


@pytest.fixture(autouse=True)
def _mail(app: Flask) -> None:
    app.config.update(SMTP_URL="smtp://127.0.0.1:1", MAIL_FROM="register@board.example")
    with transaction():
        db.session.execute(sa.delete(Notice))


def tell(world: World, role: R, *, code: str = "RTH01", count: int = 1, subject: str = "Scribe <b>asks</b>") -> None:
    with transaction():
        for n in range(count):
            operations.tell(
                person_ids=[world.person(role, code).id], organisation_id=world.organisation(code).id, kind="submission.turn",
                subject=f"{subject}, {n}", body="It is with you.", path=queries.path("register.tools", organisation=code),
                key=f"{subject}:{n}", at=clock.now(),
            )  # fmt: skip


def failed(world: World, role: R, code: str, **changed: object) -> int:
    """An e-mail that could not be sent."""
    with transaction():
        row = Delivery(
            key=f"notice:{role}{code}", person_id=world.person(role, code).id, kind="notice", message_id="<1@board.example>",
            subject="Private matter", status="failed", said="The mail server refused the address (550).", queued_at=clock.now(),
        )  # fmt: skip
        for name, value in changed.items():
            setattr(row, name, value)
        db.session.add(row)
        db.session.flush()
        db.session.execute(sa.update(Notice).where(Notice.person_id == row.person_id).values(delivery_id=row.id))
        return row.id


def page(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def test_everybody_sees_what_they_were_told_and_nothing_of_others(client: FlaskClient, world: World) -> None:
    tell(world, R.CSO)
    tell(world, R.SIRO, subject="Between us")
    world.sign_in(client, R.CSO, "RTH01")
    shown = page(client, "/me/notices")
    assert "Scribe &lt;b&gt;asks&lt;/b&gt;, 0" in shown
    assert 'href="/RTH01/tools"' in shown
    assert "It goes into your next daily digest." in shown
    assert "Between us" not in shown


def test_notices_come_twenty_at_a_time_newest_first(client: FlaskClient, world: World) -> None:
    tell(world, R.CSO, count=45, subject="N")
    world.sign_in(client, R.CSO, "RTH01")
    url, seen = "/me/notices", []
    while url:
        shown = page(client, url)
        seen.append([n for n in range(45) if f">N, {n}<" in shown])
        url = shown.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in shown else ""
    assert [(min(each), max(each)) for each in seen] == [(25, 44), (5, 24), (0, 4)]


def test_what_could_not_be_sent_is_said_to_the_person(client: FlaskClient, world: World) -> None:
    tell(world, R.CSO)
    one = failed(world, R.CSO, "RTH01", again_at=clock.now())
    world.sign_in(client, R.CSO, "RTH01")
    assert "It could not be sent to your address. We try again within the hour." in page(client, "/me/notices")
    with transaction():
        db.session.get_one(Delivery, one).again_at = None
    assert "It could not be sent to your address. Your administrator can try again." in page(client, "/me/notices")


def test_a_preference_is_chosen_and_kept(client: FlaskClient, world: World) -> None:
    world.sign_in(client, R.CSO, "RTH01")
    assert client.post("/me/notices/preference", data={"delivery": "sometimes"}).status_code == 422
    assert client.post("/me/notices/preference", data={"delivery": "at_once"}).status_code == 302
    with read_only():
        assert queries.preference(world.person(R.CSO, "RTH01").id) == "at_once"
    assert 'value="at_once" checked' in page(client, "/me/notices/preference").replace('type="radio" ', "")


def test_pages_say_so_where_there_is_no_mail_server(app: Flask, client: FlaskClient, world: World) -> None:
    app.config["SMTP_URL"] = ""
    tell(world, R.CSO)
    world.sign_in(client, R.CSO, "RTH01")
    assert "this register has no mail server yet" in page(client, "/me/notices")
    assert "On this page only." in page(client, "/me/notices")
    assert "this register has no mail server yet" in page(client, "/me/notices/preference")


def test_an_administrator_tries_again_for_people_of_their_own_organisation_alone(client: FlaskClient, world: World) -> None:
    mine, foreign = failed(world, R.CSO, "RTH01"), failed(world, R.CSO, "QWE")
    world.sign_in(client, ADMIN, "RTH01")
    shown = page(client, "/RTH01/people/notices")
    assert "cso@rth01.example" in shown
    assert "refused the address (550)" in shown
    assert "cso@qwe.example" not in shown
    assert "Private matter" not in shown
    assert client.post(f"/RTH01/people/notices/{foreign}/again").status_code == 404
    assert client.post(f"/RTH01/people/notices/{mine}/again").status_code == 302
    assert client.post(f"/RTH01/people/notices/{mine}/again").status_code == 422
    with read_only() as session:
        assert session.get_one(Delivery, mine).status == "queued"
        assert session.get_one(Delivery, foreign).status == "failed"
        assert len(session.scalars(sa.select(Job).where(Job.kind == "deliver")).all()) == 1
    assert "No e-mail failed" in page(client, "/RTH01/people/notices")


def test_the_operator_lists_and_retries_by_command(app: Flask, world: World) -> None:
    one = failed(world, R.CSO, "RTH01")
    run = app.test_cli_runner().invoke
    assert "cso@rth01.example\tThe mail server refused the address (550)." in run(args=["notices", "failed"]).output
    assert run(args=["notices", "retry", str(one)]).output == "1 e-mail will be sent again.\n"
    assert run(args=["notices", "retry", str(one)]).exit_code == 1
    assert "0 e-mails could not be sent." in run(args=["notices", "failed"]).output
