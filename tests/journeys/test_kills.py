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
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.approval import queries
from governance.approval.models import Decision
from governance.audit import checkpoints, receipts, repair, verify
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
WAYS = (IN_A_SECOND_STEP, AFTER_AN_ANSWER, AT_ANY_MOMENT) = ("in a second step", "after an answer", "at any moment")
LONGEST = 60


class Starter(Protocol):
    """Starts a server with these settings; the number of its process group."""

    def __call__(self, *, port: int, environ: dict[str, str]) -> int: ...


@pytest.fixture(scope="module")
def starter() -> Iterator[Starter]:
    """One process with everything imported, from which the servers of all kills are forked."""
    environ = os.environ | {"PYTHONPATH": str(TOP)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.starting"], cwd=TOP, env=environ, text=True, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip

        def start(*, port: int, environ: dict[str, str]) -> int:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps({"port": port, "environ": environ}) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield start


class Server:
    """The register under granian, in a process group of its own; killed and started again."""

    def __init__(self, starter: Starter, folder: Path, url: str) -> None:
        self.starter = starter
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = int(found.getsockname()[1])
        self.environ = {
            "INSTANCE": str(folder), "DATABASE_URL": url, "STORAGE_URL": f"file://{folder / 'files'}",
            "JOBS_URL": f"sqlite:///{folder / 'jobs.db'}", "SECRET_KEY": "only for tests",
        }  # fmt: skip
        self.group = 0

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.group = self.starter(port=self.port, environ=self.environ)
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            with suppress(OSError, HTTPException):
                if Signer(self.port, "").ask("GET", "/sign-in")[0] == 200:
                    return
            time.sleep(0.02)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End every process of it at once, as a power cut does; none holds the port afterwards."""
        if self.group:
            os.killpg(self.group, signal.SIGKILL)
            self.group = 0
            while True:
                try:
                    socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                except ConnectionRefusedError:
                    return
                except OSError:
                    time.sleep(0.01)


class Rig:
    """One copy of the prepared world with a server on it, and what its people were told."""

    def __init__(self, template: Template, folder: Path, starter: Starter) -> None:
        shutil.copytree(template[1], folder, ignore=shutil.ignore_patterns("jobs.db*"))
        self.url = f"sqlite:///{folder / 'world.db'}"
        self.app = make_app(self.url, folder, TESTING=False, WTF_CSRF_ENABLED=True)
        self.server = Server(starter, folder, self.url)
        self.signers: dict[str, Signer] = {}
        self.told: list[tuple[str, int]] = []  # role, and the status it received, from the first start on

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
def rigged(template: Template, folder: Path, starter: Starter) -> Iterator[Rig]:
    rig = Rig(template, folder, starter)
    with rig.app.app_context(), clock.fixed(World.TODAY):
        try:
            yield rig
        finally:
            rig.server.kill()
            db.session.remove()
            db.engine.dispose()


@dataclass
class Moments:
    """What the one who kills may wait for."""

    confirming: threading.Event = field(default_factory=threading.Event)  # somebody sends a password
    answered: threading.Event = field(default_factory=threading.Event)  # somebody was told that they have signed


def sign_on(rig: Rig, base: str, people: list[tuple[str, str, Signer]], moments: Moments) -> None:
    """Everybody signs, one after another, until the server is gone."""
    try:
        for role, verb, signer in people:
            where = signer.decide(base, role, verb, outcome=outcome_of(role, verb))
            moments.confirming.set()
            rig.told.append((role, signer.confirm(where)))
            moments.answered.set()
    except (OSError, HTTPException):
        pass  # it is gone
    except AssertionError as refused:
        rig.told.append((f"{role}: {refused}", 0))
    finally:
        moments.confirming.set()
        moments.answered.set()


def outcome_of(role: str, verb: str) -> str:
    return SAID.get(role) or ("authorise" if verb == "authorise" else "approve")


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
def test_what_somebody_was_told_is_there_after_a_kill(backend, submitted_template, starter, tmp_path, request, capsys):
    kills, seed = (LONG if request.config.getoption("--long") else SHORT), random.Random(SEED)
    done = made_up = acknowledged = 0
    while done < kills:
        with rigged(submitted_template, tmp_path / f"instance{done}", starter) as rig:
            base = f"/RTH01/submissions/{the_submitted().reference}"
            rig.server.start()
            whole, second = one_signature(rig, base)
            while done < kills and rig.left():
                before = len(rig.told)
                killed_at = kill_while_signing(rig, base, WAYS[done % len(WAYS)], seed.random(), whole=whole, second=second)
                done, acknowledged = done + 1, acknowledged + len(rig.told) - before
                with read_only() as session:
                    made_up += len(repair.lost(session=session, storage=house().storage, keyring=house().keyring))
                rig.server.start()
                assert findings() == [], killed_at
                nothing_is_half()
                there = set(db.session.scalars(sa.select(SignOff.role).where(SignOff.subject_kind == "assurance_pack")))
                assert {role for role, _ in rig.told} <= {role.value for role in there}, killed_at
                assert {status for _, status in rig.told} <= {302, 303}, killed_at
    with capsys.disabled():
        print(f"\n{done} kills (seed {SEED}): {acknowledged} signatures acknowledged before them, {made_up} receipts made up")
    assert acknowledged >= kills // len(WAYS)


def one_signature(rig: Rig, base: str) -> tuple[float, float]:
    """Let the first person sign undisturbed: the seconds that all of it takes on this machine, and its second step."""
    role, verb = rig.left()[0]
    start = time.monotonic()
    where = rig.signer(role).decide(base, role, verb, outcome=outcome_of(role, verb))
    before = time.monotonic()
    rig.told.append((role, rig.signer(role).confirm(where)))
    return time.monotonic() - start, time.monotonic() - before


def kill_while_signing(rig: Rig, base: str, way: str, share: float, *, whole: float, second: float) -> str:
    """Let the people left sign, and kill the server at a moment of one of the `WAYS`; that moment, to be told."""
    people = [(role, verb, rig.signer(role)) for role, verb in rig.left()]
    moments = Moments()
    client = threading.Thread(target=sign_on, args=(rig, base, people, moments))
    client.start()
    if way == IN_A_SECOND_STEP:
        moments.confirming.wait(LONGEST)
        wait = share * 1.5 * second
    elif way == AFTER_AN_ANSWER:
        moments.answered.wait(LONGEST)
        wait = share * 0.1 * second
    else:
        wait = share * 2.5 * whole
    time.sleep(wait)
    rig.server.kill()
    client.join(LONGEST)
    assert not client.is_alive()
    return f"seed {SEED}, {way}, after {wait:.3f} seconds"


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


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
@pytest.mark.parametrize("fault", [b"{", b'{"checkpoint": {"heads": {}}}'])
def test_nobody_gets_a_receipt_anew_while_the_latest_checkpoint_is_faulty(backend, assured: Flask, live, fault):
    assert assured.test_cli_runner().invoke(args=["audit", "checkpoint"]).exit_code == 0
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "sign_off.sealed")).first()
    house().storage.delete(receipts.key_of(event.stream, event.position))
    checkpoint = checkpoints.key_of(checkpoints.names(house().storage)[-1])
    house().storage.delete(checkpoint)
    house().storage.put_new(checkpoint, fault)
    assert make_up_receipts() == 0
    assert f"{event.stream} event {event.position}: its receipt is not in the store." in findings()


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_a_checkpoint_taken_out_of_the_store_settles_what_it_did(backend, assured: Flask, live):
    """The chain tells of it: taking it out gives nobody a receipt anew for what came before it, and is found."""
    assert assured.test_cli_runner().invoke(args=["audit", "checkpoint"]).exit_code == 0
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "sign_off.sealed")).first()
    (name,) = checkpoints.names(house().storage)
    for key in (receipts.key_of(event.stream, event.position), checkpoints.key_of(name)):
        house().storage.delete(key)
    assert make_up_receipts() == 0
    assert set(findings()) == {
        f"{event.stream} event {event.position}: its receipt is not in the store.",
        f"checkpoint {name}: the chain tells of it and it is not in the store.",
    }
