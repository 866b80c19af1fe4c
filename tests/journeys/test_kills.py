"""The server killed while people sign: what somebody was told is there, nothing is half, and the chain is whole after a start."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.approval import queries
from governance.approval.models import Decision
from governance.audit import receipts, repair, verify
from governance.audit.commands import make_up_receipts
from governance.audit.models import AuditEvent
from governance.database import db, read_only
from governance.extensions import house
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.policy.schema import Act
from governance.signing.models import SignOff
from tests.applications import Template, make_app
from tests.conftest import the_submitted
from tests.signing_client import Signer
from tests.world import World

TOP = Path(__file__).resolve().parents[2]
SAID = {"dpo": "content", "ai_lead": "advises_progress"}
SEED = 20261102
SHORT, LONG = 10, 50


class Server:
    """The register under granian, as `./run` starts it, in a process group of its own; killed and started again."""

    def __init__(self, folder: Path, url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = int(found.getsockname()[1])
        self.environ = os.environ | {
            "INSTANCE": str(folder), "DATABASE_URL": url, "STORAGE_URL": f"file://{folder / 'files'}",
            "JOBS_URL": f"sqlite:///{folder / 'jobs.db'}", "SECRET_KEY": "only for tests", "PYTHONPATH": str(TOP),
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1",
             "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error", "tests.held:app"],
            cwd=TOP, env=self.environ, start_new_session=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        while True:
            assert self.process.poll() is None, "the server did not start"
            with suppress(OSError, HTTPException):
                if Signer(self.port, "").ask("GET", "/sign-in")[0] == 200:
                    return
            time.sleep(0.05)

    def kill(self) -> None:
        """End every process of it at once, as a power cut does."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Rig:
    """One copy of the prepared world with a server on it, and what its people were told."""

    def __init__(self, template: Template, folder: Path) -> None:
        shutil.copytree(template[1], folder, ignore=shutil.ignore_patterns("jobs.db*"))
        self.url = f"sqlite:///{folder / 'world.db'}"
        self.app = make_app(self.url, folder, TESTING=False, WTF_CSRF_ENABLED=True)
        self.server = Server(folder, self.url)
        self.signers: dict[str, Signer] = {}
        self.told: list[tuple[str, int]] = []  # role, and the status it received

    def signer(self, role: str) -> Signer:
        if role not in self.signers:
            client = self.app.test_client()
            World().sign_in(client, role, "RTH01")
            self.signers[role] = Signer(self.server.port, f"session={client.get_cookie('session').value}")
        return self.signers[role]

    def left(self) -> list[tuple[str, str]]:
        """(role, verb) of everybody who has still to act, in an order in which they may."""
        db.session.rollback()
        submission = db.session.scalars(sa.select(Submission).where(Submission.round > 0)).one()
        here = queries.position(submission, clock.today())
        if here is None or decided(submission):
            return []
        verbs = {Act.SIGN: "sign/{}", Act.ADVISE: "advise/{}", Act.AUTHORISE: "authorise"}
        return [(t.role.value, verbs[t.act].format(t.role.value)) for t in here.turns if t.role not in here.done]


@contextmanager
def rigged(template: Template, folder: Path) -> Iterator[Rig]:
    rig = Rig(template, folder)
    with rig.app.app_context(), clock.fixed(World.TODAY):
        try:
            yield rig
        finally:
            rig.server.kill()
            db.session.remove()
            db.engine.dispose()


def sign_on(rig: Rig, base: str, people: list[tuple[str, str, Signer]], confirming: threading.Event) -> None:
    """Everybody signs, one after another, until the server is gone."""
    try:
        for role, verb, signer in people:
            outcome = SAID.get(role) or ("authorise" if verb == "authorise" else "approve")
            where = signer.decide(base, role, verb, outcome=outcome)
            confirming.set()
            rig.told.append((role, signer.confirm(where)))
    except (OSError, HTTPException):
        pass  # it is gone
    except AssertionError as refused:
        rig.told.append((str(refused)[-2000:], 0))
    finally:
        confirming.set()


def decided(submission: Submission) -> bool:
    return bool(db.session.scalar(sa.select(sa.func.count()).where(Decision.submission_id == submission.id)))


def findings() -> list[str]:
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def nothing_is_half() -> None:
    """Each sign-off has its event, and the other way about; the round stands where its sign-offs leave it."""
    signed = set(db.session.scalars(sa.select(SignOff.id)))
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "sign_off.sealed")).all()
    told = {row for event in events for table, row, _ in event.rows if table == "sign_off"}
    assert signed == told
    for submission in db.session.scalars(sa.select(Submission).where(Submission.round > 0)):
        here = queries.position(submission, clock.today())
        everybody = here is not None and {turn.role for turn in here.turns} <= set(here.done)
        assert decided(submission) == everybody == (submission.status is SubmissionStatus.AUTHORISED)
    assert all(house().storage.get(receipts.key_of(event.stream, event.position)) for event in events)


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_what_somebody_was_told_is_there_after_a_kill(backend, submitted_template, tmp_path, request, capsys):
    kills, seed = (LONG if request.config.getoption("--long") else SHORT), random.Random(SEED)
    done = made_up = acknowledged = 0
    for world in range(kills):
        if done == kills:
            break
        with rigged(submitted_template, tmp_path / f"instance{world}") as rig:
            base = f"/RTH01/submissions/{the_submitted().reference}"
            rig.server.start()
            whole, second = one_signature(rig, base)
            while done < kills and rig.left():
                killed_at = kill_while_signing(rig, base, seed, whole=whole, second=second)
                done += 1
                with read_only() as session:
                    lost = repair.lost(session=session, storage=house().storage, keyring=house().keyring)
                made_up += len(lost)
                rig.server.start()
                assert findings() == [], killed_at
                nothing_is_half()
                there = set(db.session.scalars(sa.select(SignOff.role).where(SignOff.subject_kind == "assurance_pack")))
                acknowledged += len(rig.told)
                assert {role for role, status in rig.told if status in (302, 303)} <= {role.value for role in there}, killed_at
                assert [each for each in rig.told if each[1] not in (302, 303)] == [], killed_at
    with capsys.disabled():
        print(f"\n{done} kills (seed {SEED}): {acknowledged} answers seen, {made_up} receipts made up")
    assert done == kills


def one_signature(rig: Rig, base: str) -> tuple[float, float]:
    """Let the first person sign undisturbed: the seconds that all of it takes on this machine, and its second step."""
    role, verb = rig.left()[0]
    start = time.monotonic()
    where = rig.signer(role).decide(base, role, verb, outcome=SAID.get(role) or "approve")
    before = time.monotonic()
    assert rig.signer(role).confirm(where) in (302, 303)
    return time.monotonic() - start, time.monotonic() - before


def kill_while_signing(rig: Rig, base: str, seed: random.Random, *, whole: float, second: float) -> str:
    """Let the people left sign, and kill the server: at any moment, or while a second step is under way."""
    people = [(role, verb, rig.signer(role)) for role, verb in rig.left()]
    rig.told.clear()
    confirming = threading.Event()
    client = threading.Thread(target=sign_on, args=(rig, base, people, confirming))
    close, share = seed.random() < 0.7, seed.random()
    wait = share * (1.5 * second if close else 2.5 * whole)
    client.start()
    if close:
        confirming.wait(60)
    time.sleep(wait)
    rig.server.kill()
    client.join(60)
    assert not client.is_alive()
    return f"seed {SEED}, {'in a second step' if close else 'at any moment'} after {wait:.3f} seconds"


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_a_receipt_lost_after_its_commit_is_made_up_once_and_says_so(backend, assured: Flask, live):
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "sign_off.sealed")).first()
    key = receipts.key_of(event.stream, event.position)
    house().storage.delete(key)
    assert findings() == [f"{event.stream} event {event.position}: its receipt is not in the store."]
    assert make_up_receipts() == 1
    assert make_up_receipts() == 0
    assert findings() == []
    assert "made_up_at" in json.loads(house().storage.get(key))["event"]
    told = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == repair.MADE_UP)).all()
    assert len(told) == 1


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_nothing_that_a_checkpoint_settled_gets_a_receipt_anew(backend, assured: Flask, live):
    runner = assured.test_cli_runner()
    assert runner.invoke(args=["audit", "checkpoint"]).exit_code == 0
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "sign_off.sealed")).first()
    house().storage.delete(receipts.key_of(event.stream, event.position))
    assert make_up_receipts() == 0
    assert findings() == [f"{event.stream} event {event.position}: its receipt is not in the store."]
