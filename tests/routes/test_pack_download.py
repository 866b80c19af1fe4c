"""A pack is a file whose digests anybody may take again, and its shape is written down."""

import hashlib
import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from governance import canonical, clock
from governance.assessment.hazards import versions
from governance.assessment.packs import download, queries
from governance.assessment.packs.comparison.whole import compare
from governance.database import db, transaction
from governance.intake import queries as intake
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.register import operations as register
from tests import asking, cases, proposals, safety
from tests.world import World

K = SubmissionKind
SHAPE = Draft202012Validator(download.schema())
SCRIBE = proposals.HIGH | {"kind": "ambient_scribe"}


def faults(said: dict) -> list[str]:
    """What the schema says against a pack, each with its place."""
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}" for each in _leaves(SHAPE.iter_errors(said))]


def _leaves(errors):
    for each in errors:
        yield from _leaves(each.context) if each.context else (each,)


def live_file(submission) -> dict:
    """What would be frozen now, in the shape of a file."""
    sections = queries.position(submission).sections
    return json.loads(canonical.dumps({
        "format": download.FORMAT, "reference": submission.reference, "round": 1, "frozen_at": clock.now().isoformat(),
        "digest": "0" * 64, "index": [[each.code, each.digest] for each in sections], "sections": [each.content for each in sections],
    }))  # fmt: skip


def test_the_schema_is_one_and_closes_every_object():
    Draft202012Validator.check_schema(download.schema())
    open_ones = [name for name, each in _objects(download.schema()) if each.get("additionalProperties") is not False]
    assert open_ones == ["$defs/part"]  # which only says, by its kind, which of the closed ones it is


def _objects(node, place=""):
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield place, node
        for name, each in node.items():
            yield from _objects(each, f"{place}/{name}".lstrip("/"))
    elif isinstance(node, list):
        for n, each in enumerate(node):
            yield from _objects(each, f"{place}/{n}")


def test_a_frozen_pack_downloads_as_the_bytes_its_digests_were_taken_of(assured, live, client):
    world = World()
    world.sign_in(client, Role.BOARD_MEMBER, "RTH01")
    pack = queries.pack(intake.of_deployment(live)[0])
    place = f"/RTH01/packs/{pack.id}"
    sent = client.get(f"{place}/download")
    assert (sent.status_code, sent.mimetype) == (200, "application/json")
    assert sent.headers["Content-Disposition"].startswith("attachment; filename=RTH01-2026-0001-S1-round-1-")
    said = json.loads(sent.data)
    assert faults(said) == []
    assert sent.data == canonical.dumps(said)
    assert hashlib.sha256(canonical.dumps(said["index"])).hexdigest() == said["digest"] == pack.digest
    for section, (code, digest) in zip(said["sections"], said["index"], strict=True):
        one = client.get(f"{place}/{code}/download").data
        assert (hashlib.sha256(one).hexdigest(), section["code"]) == (digest, code)
        assert one in sent.data
    assert client.get("/RTH01/packs/schema").data == download.SCHEMA.read_bytes()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (K.RE_ASSURANCE, {"version": "2.4", "reason": "The supplier mended the queue."}),
        (K.EXTEND_PILOT, {}),
        (K.STEP_BACK, {"stage": Stage.PILOT, "reason": "Its figures drift."}),
        (K.CEASE, {"reason": "Its contract ends."}),
    ],
    ids=str,
)
def test_a_frozen_pack_of_every_kind_has_the_shape_that_is_written_down(live, kind, said):
    world = World()
    if kind is K.STEP_BACK:
        with transaction():
            register.move(
                deployment=live, arrow="take_effect", stage=Stage.BUSINESS_AS_USUAL, at=clock.now(),
                by=world.actor(Role.AUTHORISING_EXECUTIVE, "RTH01"),
            )  # fmt: skip
    with clock.fixed(date(2027, 4, 1) if kind is K.EXTEND_PILOT else date(2026, 12, 1)):
        submission = asking.submitted(world, live, kind, **said)
        pack = queries.pack(submission)
        assert faults(json.loads(download.whole(pack, submission))) == []
        assert json.loads(download.whole(pack, submission))["sections"][0]["matter"]["parts"][0]["asks"]["kind"] == kind.value


@pytest.mark.parametrize(
    ("stage", "facts"),
    [
        (Stage.PROOF_OF_CONCEPT, proposals.FACTS), (Stage.PILOT, proposals.LOW), (Stage.PILOT, SCRIBE),
    ],
    ids=["proof of concept", "low tier", "high tier, ambient scribe"],
)  # fmt: skip
def test_what_would_be_frozen_has_the_shape_too_before_anything_is_answered(world, stage, facts):
    assert faults(live_file(proposals.proposed(world, stage=stage, facts=facts))) == []


@pytest.mark.parametrize("stage", [Stage.IMPLEMENTATION, Stage.BUSINESS_AS_USUAL], ids=str)
def test_so_has_what_the_later_stages_ask(live, stage):
    assert faults(live_file(asking.proposed(World(), live, K.PROGRESS, stage=stage))) == []


def test_so_has_a_log_with_workshops_the_suppliers_words_and_an_approved_report(live):
    world, submission = World(), intake.of_deployment(live)[0]
    cases.kept(world, live)
    with transaction():
        cso = world.actor(Role.CSO, "RTH01")
        safety.approve_version(live, versions.make_version(deployment=live, by=cso, at=clock.now()), cso)
    with transaction():
        cso = world.actor(Role.CSO, "RTH01")
        cases.approve(live, cases.written(live, cso, seen=1), cso)
    said = live_file(submission)
    assert faults(said) == []
    log = next(part for each in said["sections"] for part in each["matter"]["parts"] if part["kind"] == "hazard_log")
    assert (len(log["workshops"]), log["safety_case"]["revision"], log["hazards"][0]["review_on"]) == (1, 2, "2027-05-03")
    found = compare(queries.pack(submission).sections, queries.position(submission).sections)
    told = [item.said for each in found.changed if each.code == "hazard_log" for item in each.items]
    assert {"1 hazard workshop was recorded.", "Revision 2 of the safety case report is approved."} <= set(told)


def test_a_pack_with_anything_more_or_less_is_found_out(assured, live):
    pack = queries.pack(intake.of_deployment(live)[0])
    said = json.loads(download.whole(pack, intake.of_deployment(live)[0]))
    for spoil in (
        lambda s: s["sections"][0]["matter"]["parts"][0].pop("organisation"),
        lambda s: s["sections"][0]["matter"]["parts"][0].update(today="2027-05-03"),
        lambda s: s["sections"][0].update(judgement={"outcome": "fine"}),
        lambda s: s["sections"][1]["matter"]["parts"].append({"kind": "unknown"}),
        lambda s: s.update(digest="short"),
    ):
        spoilt = json.loads(json.dumps(said))
        spoil(spoilt)
        assert faults(spoilt) != []
    db.session.rollback()
