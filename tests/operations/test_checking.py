"""Checkpoints by the hour, keys that change, signatures that are asked after, and an export that others check without us."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from governance import clock, keys
from governance.approval import sealed
from governance.audit import checkpoints, commands, export, stand_alone, verify
from governance.audit.models import AuditEvent
from governance.audit.redactions import operations as redacting
from governance.audit.redactions import queries as redactions
from governance.database import db, read_only, transaction
from governance.database.base import Base
from governance.errors import Conflict, Refused
from governance.extensions import house
from governance.intake.models import Submission
from governance.jobs import queue, schedule
from governance.jobs.models import Job
from governance.permissions import OPERATOR, Role
from governance.signing import queries as signing
from governance.signing.models import SignOff
from tests import agreed, tampering
from tests.applications import make_app
from tests.world import World

ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], scope="session")


def outcome(since: str | None = None) -> verify.Outcome:
    db.session.expire_all()
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring, since=since)


def run(app, *words: str):
    db.session.rollback()
    return app.test_cli_runner().invoke(args=list(words))


def test_an_hour_has_one_checkpoint_and_the_next_names_it(later):
    at = datetime(2026, 11, 2, 9, 59, tzinfo=UTC)
    for moment in (at, at + timedelta(seconds=30), at + timedelta(minutes=1), at + timedelta(minutes=2)):
        schedule.tick(moment)
    slots = db.session.scalars(sa.select(Job.key).where(Job.kind == "checkpoint").order_by(Job.id)).all()
    assert slots == ["checkpoint:2026-11-02T09", "checkpoint:2026-11-02T10"]
    for number, job in enumerate(db.session.scalars(sa.select(Job.id).where(Job.kind == "checkpoint").order_by(Job.id)).all()):
        with clock.fixed(at + timedelta(hours=number)):
            queue.run(job)
    one, two = (checkpoints.read(house().storage, house().keyring, name) for name in checkpoints.names(house().storage))
    assert (one.before, two.before, two.before_digest) == (None, one.name, one.digest)
    assert two.heads and one.heads and two.heads["instance:0"][0] > one.heads["instance:0"][0]
    assert (outcome().findings, outcome().checkpoints) == ([], 2)


def test_a_clock_that_goes_back_makes_no_checkpoint(later):
    name = commands.make_checkpoint(OPERATOR)
    with clock.fixed(clock.now() - timedelta(hours=1)), pytest.raises(Conflict, match=name):
        commands.make_checkpoint(OPERATOR)
    assert checkpoints.names(house().storage) == [name]


def test_since_a_checkpoint_reads_what_came_after_it_and_nothing_before(submission):
    commands.make_checkpoint(OPERATOR)
    whole = outcome()
    number = agreed.sign(World(), submission, Role.CSO).id
    later = outcome(since="last")
    assert later.findings == [] and 0 < later.events < 10 and later.receipts == 1
    assert 0 < later.rows < whole.rows / 10
    tampering.disarm()
    with tampering.broken() as session:
        session.execute(sa.update(SignOff).where(SignOff.id == number).values(outcome="not_approved"))
        assert tampering.findings(session, since="last") == [
            f"sign_off row {number}: it is not as its latest event left it.",
            f"sign_off row {number}: its seal does not hold.",
        ]
    with read_only() as session, pytest.raises(Refused, match="no checkpoint 2025"):
        verify.verify(session, house().storage, house().keyring, since="2025")


@ON_SQLITE
def test_the_commands_say_what_they_find_and_exit_with_it(later):
    made = run(later, "audit", "checkpoint")
    assert made.exit_code == 0 and "is written" in made.output
    whole = run(later, "audit", "verify", "--since", "last")
    assert (whole.exit_code, "the chain is whole" in whole.output) == (0, True), whole.output
    assert run(later, "audit", "verify", "--since", "yesterday").exit_code == 1
    file = Path(later.config["INSTANCE"]) / "outside.jsonl"
    assert run(later, "audit", "export", str(file)).exit_code == 0
    assert (file.stat().st_mode & 0o777, checked(file).returncode) == (0o600, 0)
    again = run(later, "audit", "export", str(file))
    assert again.exit_code == 1 and "is there already" in again.output
    nowhere = run(later, "audit", "export", str(file.parent / "nowhere" / "outside.jsonl"))
    assert nowhere.exit_code == 1 and "There is no folder" in nowhere.output


@ON_SQLITE
def test_after_a_rotation_the_new_key_seals_and_what_the_old_ones_sealed_still_holds(later):
    world, submission = World(), db.session.scalars(sa.select(Submission).where(Submission.round == 1)).one()
    commands.make_checkpoint(OPERATOR)
    first = agreed.sign(world, submission, Role.CSO)
    old, first_id, reference = first.key_id, first.id, submission.reference
    assert run(later, "keys", "rotate").exit_code == 0
    db.session.remove()
    again = make_app(later.config["SQLALCHEMY_DATABASE_URI"], Path(later.config["INSTANCE"]))
    with again.app_context(), clock.fixed(clock.now() + timedelta(hours=1)):
        ring = house().keyring
        assert old in ring.private and ring.current != old
        submission = db.session.scalars(sa.select(Submission).where(Submission.reference == reference)).one()
        second = agreed.sign(World(), submission, Role.CLINICAL_LEAD)
        commands.make_checkpoint(OPERATOR)
        first = db.session.get_one(SignOff, first_id)
        assert (first.key_id, second.key_id) == (old, ring.current)
        assert signing.seal_holds(first, ring) and signing.seal_holds(second, ring)
        told = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "key.rotated")).one()
        assert told.stream == "instance:0"
        assert outcome().findings == []
        shown = run(again, "keys", "list").output.splitlines()
        assert [line.split("  ")[:2] for line in shown] == [[ring.current, "seals now"], [old, "verifies"]]
        refused = run(again, "keys", "retire", ring.current)
        assert refused.exit_code == 1 and "seals now" in refused.output
        assert run(again, "keys", "retire", old).exit_code == 0
        db.session.remove()
    folder = Path(later.config["INSTANCE"]) / "keys"
    assert sorted(file.name for file in folder.iterdir()) == ["0001.pub", "0002.seed"]
    public_only = make_app(later.config["SQLALCHEMY_DATABASE_URI"], Path(later.config["INSTANCE"]))
    with public_only.app_context():
        assert old not in house().keyring.private
        assert outcome().findings == []
        assert "public half only" in run(public_only, "keys", "list").output
        db.session.remove()
    (folder / "0001.pub").unlink()
    lost = make_app(later.config["SQLALCHEMY_DATABASE_URI"], Path(later.config["INSTANCE"]))
    with lost.app_context():
        assert f"sign_off row {first_id}: its seal does not hold." in outcome().findings
        db.session.remove()


@ON_SQLITE
def test_keys_from_the_environment_rotate_in_two_steps(app):
    seeds = [keys.new_seed(), keys.new_seed()]
    with_one = make_app(app.config["SQLALCHEMY_DATABASE_URI"], Path(app.config["INSTANCE"]), SIGNING_KEYS=seeds[0])
    with with_one.app_context():
        asked = run(with_one, "keys", "rotate")
        assert asked.exit_code == 0 and "first in SIGNING_KEYS" in asked.output
        old = house().keyring
        db.session.remove()
    both = ",".join((seeds[1], seeds[0]))
    with_two = make_app(app.config["SQLALCHEMY_DATABASE_URI"], Path(app.config["INSTANCE"]), SIGNING_KEYS=both)
    with with_two.app_context():
        assert house().keyring.current in run(with_two, "keys", "rotate").output
        assert "first in SIGNING_KEYS" in run(with_two, "keys", "rotate").output  # told already: the next round begins
        db.session.remove()
    name, seal = old.sign(b"said")
    public = keys.load(seeds[1], Path("/nonexistent"), public=old.public()[name])
    assert public.verify(name, seal, b"said") and name not in public.private


def test_a_signature_is_asked_after_by_submission_deployment_and_check_code(submission):
    row = agreed.sign(World(), submission, Role.CSO)
    reference, deployment = str(submission.reference), submission.deployment.reference
    code, where, pack = row.check_code, row.id, row.digest[:8]
    for asked in (reference, deployment, code, pack):
        assert where in [each.id for each in sealed.found(asked)], asked
    said = sealed.account(db.session.get_one(SignOff, where), house())
    whole = " ".join(said.said)
    assert said.faults == []
    for words in ("Cso of RTH01 signed as clinical safety officer on 2 November 2026", "GMC", "The seal holds", "agrees with its",
                  "Told by event", "receipt outside the database agrees", code):  # fmt: skip
        assert words.lower() in whole.lower(), whole


def test_what_does_not_agree_about_a_signature_is_said_of_that_signature(submission, running):
    row = agreed.sign(World(), submission, Role.CSO)
    number, pack, reference = row.id, row.subject_id, str(submission.reference)
    good = run(running, "sign-off", "verify", reference)
    assert good.exit_code == 0 and good.output.rstrip().endswith("all of it stands."), good.output
    assert run(running, "sign-off", "verify", reference.lower()).output == good.output
    code = db.session.scalars(sa.select(SignOff)).first().check_code
    assert run(running, "sign-off", "verify", code[:4].upper(), code[4:8]).exit_code == 0
    assert run(running, "sign-off", "verify", "QXX-2020-0001").exit_code == 1
    tampering.disarm()
    sections, signed = Base.metadata.tables["pack_section"], Base.metadata.tables["sign_off"]
    with tampering.broken() as session:
        session.execute(sa.update(sections).where(sections.c.pack_id == pack, sections.c.code == "triage").values(content={}))
        session.execute(sa.update(signed).where(signed.c.id == number).values(outcome="not_approved"))
        faults = sealed.account(session.get_one(SignOff, number, populate_existing=True), house()).faults
        assert any("The seal does not hold" in each for each in faults)
        assert "These sections are not what was frozen: triage." in faults
        assert any("the row is not as told" in each for each in faults)


def exported(folder: Path) -> Path:
    file = folder / "record.jsonl"
    with read_only() as session:
        commands.steady(session)
        export.write(session, house().storage, house().keyring, file, at=clock.now())
    return file


def checked(file: Path) -> subprocess.CompletedProcess[str]:
    """The verifier as an outsider runs it: in a folder with nothing but itself and the export, without our paths."""
    return subprocess.run(
        [sys.executable, "-I", "stand_alone.py", file.name], cwd=file.parent, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip


def test_an_export_is_checked_without_our_application(later, tmp_path):
    submission = db.session.scalars(sa.select(Submission).where(Submission.round == 1)).one()
    for hour, role in enumerate((Role.CSO, Role.CLINICAL_LEAD)):
        agreed.sign(World(), submission, role)
        with clock.fixed(clock.now() + timedelta(hours=hour)):
            commands.make_checkpoint(OPERATOR)
    folder = tmp_path / "outside"
    folder.mkdir()
    file = exported(folder)
    assert sorted(each.name for each in folder.iterdir()) == ["record.jsonl", "stand_alone.py"]
    said = checked(file)
    assert (said.returncode, said.stdout.startswith("\n0 findings.")) == (0, True), said.stdout + said.stderr
    assert b"argon2" not in file.read_bytes()
    read = [json.loads(line) for line in file.read_text().splitlines()]
    counted = {name: sum(line["is"] == name for line in read) for name in ("event", "row", "witness")}
    inside = outcome()
    rows = inside.rows - len(read[0]["redactions"])
    assert counted == {"event": inside.events, "row": rows, "witness": inside.receipts + inside.checkpoints}
    wrong = {name: stand_alone.Check().read(str(changed_copy(file, tmp_path, name, read))) for name in CHANGES}
    assert {name: CHANGES[name] for name, found in wrong.items() if not any(CHANGES[name] in each for each in found)} == {}
    assert all(any("The export was changed" in each or "cut" in each for each in found) for found in wrong.values())


CHANGES = {
    "payload": "its details are not what was recorded",
    "event": "its content is not what was recorded",
    "event gone": "it does not follow from event",
    "row": "it is not as its latest event left it",
    "row gone": "an event tells of it and it is gone",
    "row more": "no event tells of it",
    "seal": "its seal does not hold",
    "head": "its head is not the last event",
    "receipt": "its signature does not hold",
    "receipt gone": "its receipt is missing",
    "checkpoint": "its signature does not hold",
    "checkpoint gone": "the checkpoint that it tells of is not in the store",
    "key": "its signature does not hold",
    "cut": "it was cut",
    "nonsense": "cannot be read",
}
WHERE = {
    "payload": "event", "seal": "sign_off", "head": "end", "key": "register",
    "receipt": "receipts", "checkpoint": "checkpoints",
}  # fmt: skip


def changed_copy(file: Path, folder: Path, name: str, read: list[dict]) -> Path:
    """A copy of an export with one thing changed."""
    lines = json.loads(json.dumps(read))
    kind, _, how = name.partition(" ")
    kind = WHERE.get(kind, kind)
    at = next((n for n, line in enumerate(lines) if kind in (line["is"], line.get("table"), line.get("name", "").split("/")[0])), 0)
    line = lines[at]
    if name == "cut":
        lines.pop()
    elif how == "gone":
        lines.pop(at)
    elif name == "row more":
        lines.insert(at, {**line, "number": 90_000})
    elif name == "nonsense":
        lines[3] = {"is": "event", "stream": None}
    elif name == "payload":
        line["details"] = {"said": "something else"}
    elif name == "event":
        line["body"]["kind"] = "person.left"
    elif name in ("row", "seal"):
        line["row"] |= {"statement": "I never said this."} if name == "seal" else {"name": "Another"}
    elif name == "head":
        line["body"]["heads"]["instance:0"][0] += 1
    elif name == "receipt":
        line["body"]["kind"] = "other"
    elif name == "checkpoint":
        line["body"]["heads"]["instance:0"] = [1, "0" * 64]
    elif name == "key":
        line["keys"] = ["0" * 43 + "="]
    copy = folder / f"{name.replace(' ', '-')}.jsonl"
    copy.write_text("".join(json.dumps(each, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n" for each in lines))
    return copy


def test_what_was_redacted_is_told_apart_from_what_was_tampered_with(submission, tmp_path):
    row = agreed.sign(World(), submission, Role.CSO)
    text, number = row.statement, row.id
    with read_only() as session:
        places = [each for each in redactions.find(session, text) if not each.kept]
    request = redacting.Request("The Caldicott Guardian", "An operator", "A name was typed by mistake")
    with transaction():
        redacting.remove(places=places, text=text, request=request, keyring=house().keyring, by=OPERATOR, at=clock.now())
    assert outcome().findings == []
    folder = tmp_path / "outside"
    folder.mkdir()
    this = stand_alone.Check()
    assert this.read(str(exported(folder))) == []
    removed = [each for each in this.said["redactions"] if (each["table_name"], each["row_id"]) == ("sign_off", number)]
    assert [each["reason"] for each in removed] == ["A name was typed by mistake"]
    assert sealed.account(db.session.get_one(SignOff, number), house()).faults == []


def test_secrets_of_signing_in_are_named_as_withheld():
    names = ("password", "secret", "totp", "recovery")
    secret = {
        (table.name, column.name) for table in tampering.protected().values() for column in table.columns
        if any(word in column.name for word in names)
    }  # fmt: skip
    assert secret == {(table, column) for table, columns in export.WITHHELD.items() for column in columns}


def test_the_verifier_ships_as_it_is(tmp_path):
    """Standard library and `cryptography` alone."""
    shutil.copy(export.VERIFIER, tmp_path)
    said = subprocess.run(
        [sys.executable, "-I", "-c", "import runpy, sys; runpy.run_path('stand_alone.py'); "
         "print([name for name in sys.modules if name.split('.')[0] in ('governance', 'flask', 'sqlalchemy')])"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.stdout.strip() == "[]", said.stderr
