"""An instance as an operator meets it: faults stop the start, tampering is found, sessions end, throttling is remembered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import clock, create_app
from governance.assessment.hazards import matrix
from governance.assessment.question_sets import loader
from governance.database import db
from governance.database.transactions import writable
from governance.errors import Fault
from governance.permissions import Role
from governance.policy import loader as policies
from tests.applications import make_app
from tests.world import PASSWORD, World

TOP = Path(__file__).resolve().parents[2]
ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], scope="session")


def broken(source: Path, folder: Path, old: str, new: str) -> Path:
    """A folder with one data file in which something was changed."""
    text = source.read_text()
    assert old in text
    (folder / source.name).write_text(text.replace(old, new, 1))
    return folder


def test_a_fault_in_a_question_set_stops_with_file_item_and_fault(tmp_path):
    folder = broken(loader.PUBLISHED / "dtac-2.0.yaml", tmp_path, 'code: "C1.2.4"', 'code: "C1.2.3"')
    with pytest.raises(Fault, match=r"dtac-2\.0\.yaml.*C1\.2\.3.*used twice"):
        loader.all_question_sets(folder)


def test_a_fault_in_a_matrix_stops_with_file_and_fault(tmp_path):
    source = next(matrix.PUBLISHED.glob("risk-matrix*.yaml"))
    folder = broken(source, tmp_path, "checksum:", "checksums:")
    with pytest.raises(Fault, match=source.name.replace(".", r"\.")):
        matrix.matrix(folder=folder)


def test_a_fault_in_the_policy_stops_with_file_and_fault():
    source = Path(policies.__file__).with_name("london-1.yaml")
    text = source.read_text().replace("version:", "versoin:", 1)
    with pytest.raises(Fault, match=r"london-1\.yaml.*vers"):
        policies.read(text, file=source.name)


def test_an_application_does_not_start_with_a_faulty_policy(monkeypatch, tmp_path):
    source = Path(policies.__file__).with_name("london-2.yaml")
    (tmp_path / source.name).write_text(source.read_text() + "\nanother: 1\n")
    monkeypatch.setattr(policies.resources, "files", lambda _package: tmp_path)
    policies._checked.cache_clear()
    try:
        with pytest.raises(Fault, match=r"london-2\.yaml.*another"):
            create_app({"INSTANCE": str(tmp_path / "instance")}, environ={})
    finally:
        policies._checked.cache_clear()


def verify(app) -> subprocess.CompletedProcess[str]:
    """`flask --app governance audit verify` in a process of its own."""
    instance = app.config["INSTANCE"]
    environ = os.environ | {
        "INSTANCE": instance, "STORAGE_URL": app.config["STORAGE_URL"], "JOBS_URL": app.config["JOBS_URL"],
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False), "SECRET_KEY": "only for tests",
    }  # fmt: skip
    db.session.remove()
    command = [sys.executable, "-m", "flask", "--app", "governance", "audit", "verify"]
    return subprocess.run(command, cwd=TOP, env=environ, capture_output=True, text=True, check=False)


def test_the_chain_is_verified_at_the_command_line_and_tampering_is_found(later):
    whole = verify(later)
    assert (whole.returncode, "the chain is whole" in whole.stdout) == (0, True), whole.stdout + whole.stderr
    with writable(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'answer'"
            for name in list(connection.scalars(sa.text(query))):
                connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        else:
            connection.execute(sa.text("ALTER TABLE answer DISABLE TRIGGER USER"))
        connection.execute(sa.text("UPDATE answer SET note = 'We never said this.' WHERE id = (SELECT min(id) FROM answer)"))
    tampered = verify(later)
    assert tampered.returncode == 1
    assert "answer" in tampered.stdout


@ON_SQLITE
def test_changing_the_password_ends_every_session(app):
    world, browsers = World(), [app.test_client(), app.test_client()]
    for browser in browsers:
        browser.post("/sign-in", data={"email": "cso@rth01.example", "password": PASSWORD})
        assert browser.get("/me/account").status_code == 200
    new = "four rather odd words"
    sent = {"present": PASSWORD, "new": new}
    assert browsers[0].post("/me/password", data=sent).status_code == 302
    assert [browser.get("/me/account").status_code for browser in browsers] == [302, 302]
    assert world.person(Role.CSO, "RTH01").session_epoch == 2


@ON_SQLITE
@pytest.mark.parametrize(("tries", "emails"), [(5, 1), (30, 30)], ids=["per account", "per address"])
def test_throttling_survives_a_restart(app, monkeypatch, tries, emails):
    monkeypatch.setattr("governance.identity.credentials.matches", lambda _person, _password: False)
    for number in range(tries):
        answer = app.test_client().post(
            "/sign-in", data={"email": f"who{number % emails}@rth01.example", "password": "not the password"}
        )
        assert answer.status_code == 422
    instance = Path(app.config["INSTANCE"])
    restarted = make_app(db.engine.url.render_as_string(hide_password=False), instance)
    email = "who0@rth01.example" if emails == 1 else "cso@rth01.example"
    with restarted.app_context():
        client = restarted.test_client()
        assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 429
        db.session.remove()
        db.engine.dispose()
    with clock.fixed(World.TODAY):
        other = {"email": "siro@rth01.example", "password": "not the password"}
        elsewhere = app.test_client().post("/sign-in", data=other, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 422
