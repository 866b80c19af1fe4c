"""A new version of a tool: what was said of the one before is offered, looked at and carried, with the evidence that counts."""

from datetime import date

import pytest

from governance import clock
from governance.approval.changes import operations as change_operations
from governance.approval.changes import queries as changes
from governance.approval.changes import rules as change_rules
from governance.assessment.evidence import operations as evidence
from governance.assessment.packs import queries as packs
from governance.assessment.packs import slots, task_lines
from governance.assessment.question_sets import loader
from governance.assessment.sheets import asked, carrying, earlier, history_presenters, operations, presenters, queries
from governance.audit.models import AuditEvent, AuditPayload
from governance.database import db, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind
from governance.permissions import Role
from governance.policy import policy
from tests import asking, assessed, changed
from tests.world import World

R = Role
SOON = date(2026, 12, 1)
DTAC, CYBER = "dtac-2.0", "cyber-1"


@pytest.fixture(autouse=True)
def later():
    with clock.fixed(SOON):
        yield


@pytest.fixture
def world(live):
    return World()


@pytest.fixture
def newer(world, live):
    """The re-assurance of version 2.4, its DTAC sheet opened; behind C3.1 of version 2.3 is a test of that version alone."""
    first = db.session.query(Submission).filter_by(deployment_id=live.id).one()
    with transaction():
        lead = world.actor(R.DIGITAL_LEAD, "RTH01")
        item = assessed.evidence_item(lead, title="Penetration test of May", tool_version_id=first.tool_version_id)
        sheet = queries.sheet_for(first, DTAC)
        for old in earlier._support(first, {sheet.id})[sheet.id]["C3.1"]:
            evidence.stop_using(
                evidence=old, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=lead, at=clock.now()
            )
        evidence.use(evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=lead, at=clock.now())
    changed.noted(world, live)
    made = asking.proposed(world, live, SubmissionKind.RE_ASSURANCE, version="2.4", reason="A new model.")
    with transaction():
        lead = world.actor(R.DIGITAL_LEAD, "RTH01")
        change_operations.take_up(deployment=live, by=lead, at=clock.now())
        operations.open_sheet(submission=made, question_set=DTAC, by=lead, at=clock.now())
    return made


def view_of(submission, question_set=DTAC):
    row = asked.sheet_row(submission, question_set)
    return queries.view(submission, question_set, asked.route_facts(submission, row))


def found_in(submission, question_set=DTAC):
    return earlier.from_before(submission, view_of(submission, question_set))


def seen_in(submission, section, question_set=DTAC):
    codes = [each.code for each in loader.question_set(question_set).section(section).questions]
    found = found_in(submission, question_set)
    return {each.code: each.row.revision for each in found.among(codes)} if found else {}


def told_of(kind):
    return db.session.query(AuditPayload).join(AuditEvent, AuditEvent.id == AuditPayload.event_id).filter_by(kind=kind).one().payload


def carry(world, submission, seen, *, role=R.DIGITAL_LEAD, looked=True, question_set=DTAC):
    with transaction():
        return carrying.carry_over(
            submission=submission, question_set=question_set, seen=seen, looked=looked, by=world.actor(role, "RTH01"), at=clock.now()
        )


def test_a_section_is_carried_in_one_act_with_its_origin_its_event_and_the_evidence_that_counts(world, newer):
    found = found_in(newer)
    assert found.version == "2.3" and "A3" not in found.offers  # its number is the newer version's own
    assert found.offers["C3.1"].giver == "Digital Lead of RTH01"
    seen = seen_in(newer, "dtac.c3")
    rows = carry(world, newer, seen)
    assert {row.code for row in rows} == set(seen)
    assert {(row.source, row.confirmed) for row in rows} == {("tool_version", True)}
    (row,) = [each for each in rows if each.code == "C3.1"]
    assert row.origin == f"dtac-2.0 C3.1 {found.offers['C3.1'].row.revision} 2.3"
    told = told_of("answers.carried")
    assert (told["version"], told["count"]) == ("2.3", len(rows))
    assert [row.code, row.revision, found.offers["C3.1"].row.id] in told["answers"]
    question = loader.question_set(DTAC).by_code["C3.1"]
    steps = history_presenters.steps(newer, view_of(newer).sheet, question)
    assert (steps[0].what, steps[-1].set) == ("Still true, carried over from version 2.3", "version 2.3")
    assert presenters.source_of(row) == "Carried over from version 2.3"
    assert seen_in(newer, "dtac.c3") == {}


def test_evidence_of_the_older_version_alone_waits_until_somebody_says_that_it_covers_the_newer(world, newer):
    carry(world, newer, seen_in(newer, "dtac.c3"))
    (item,) = found_in(newer).waiting["C3.1"]
    assert "C3.1" not in packs.position(newer).live.support.get(("answer_sheet", view_of(newer).sheet.id), {})
    carry(world, newer, seen_in(newer, "dtac.c2"))
    assert packs.position(newer).live.support[("answer_sheet", view_of(newer).sheet.id)]["C2.2.1"]
    with transaction():
        lead = world.actor(R.DIGITAL_LEAD, "RTH01")
        operations.support(sheet=view_of(newer).sheet, code="C3.1", evidence=item, by=lead, at=clock.now())
    said = [each.sentence for each in packs.stopping(newer, SOON)]
    assert "DTAC: the evidence of 1 answer covers another version only: C3.1. Say if it covers this one." in said
    with transaction():
        made = carrying.covers_too(
            submission=newer, question_set=DTAC, code="C3.1", item_id=item.id, by=world.actor(R.DIGITAL_LEAD, "RTH01"),
            at=clock.now(),
        )  # fmt: skip
    assert (made.sha256, made.tool_version_id, made.expires_on) == (item.sha256, newer.tool_version_id, item.expires_on)
    support = packs.position(newer).live.support[("answer_sheet", view_of(newer).sheet.id)]
    assert [each["covers"].rpartition(" ")[2] for each in support["C3.1"]] == ["2.4"]
    assert found_in(newer).waiting == {} and not [each for each in packs.stopping(newer, SOON) if "C3.1" in each.sentence]
    assert told_of("evidence.covered")["same_as"] == item.id
    with pytest.raises(Conflict), transaction():
        carrying.covers_too(
            submission=newer, question_set=DTAC, code="C3.1", item_id=item.id, by=world.actor(R.DIGITAL_LEAD, "RTH01"),
            at=clock.now(),
        )  # fmt: skip


def test_nothing_is_carried_unread_unseen_or_by_whom_may_not_answer(world, newer):
    seen = {"C3.1": found_in(newer).offers["C3.1"].row.revision}
    for said, error in (
        ({"seen": seen, "looked": False}, Refused),
        ({"seen": seen, "role": R.AUDITOR}, Forbidden),
        ({"seen": {"C3.1": 99}}, Conflict),
        ({"seen": {"A3": 1}}, Conflict),
        ({"seen": {}}, Conflict),
        ({"seen": seen, "question_set": CYBER}, NotVisible),  # nobody has opened that sheet
    ):
        with pytest.raises(error):
            carry(world, newer, **said)
    with transaction():
        lead = world.actor(R.DIGITAL_LEAD, "RTH01")
        operations.answer(sheet=view_of(newer).sheet, code="C3.1", value="not_provided", by=lead, at=clock.now())
    assert "C3.1" not in found_in(newer).offers
    assert view_of(newer).answers["C3.1"].value == "not_provided"


def test_a_section_that_says_what_was_signed_is_to_be_confirmed_and_clinical_safety_stays_touched(world, newer):
    now = packs.position(newer)
    (row,) = changes.of_submission(newer)
    let_off = change_rules.unless_carried(policy(newer.policy_version), row.kind)
    touches = [slots.Touch("Version 2.4", row.effective_on, row.what, "", tuple(row.touches), let_off)]
    assert task_lines.touched_says(now, touches, packs.as_signed(now)).startswith("11 of ")
    for section in loader.question_set(DTAC).sections:
        if seen := seen_in(newer, section.code):
            carry(world, newer, seen)
    db.session.expire_all()
    now = packs.position(newer)
    same = packs.as_signed(now)
    assert {"dtac.c1", "dtac.c2", "dtac.c4", "dtac.d"} <= same
    assert "dtac.c3" not in same  # its penetration test covers 2.3 only, and was left behind
    said = task_lines.touched_says(now, touches, same)
    assert said.startswith("8 of ") and said.endswith("touched, 3 as last signed, to be confirmed")
    assert slots.touched_by(touches, ["dtac.c1"], same) == "Version 2.4"
    assert all(section.outcome is None for section in now.sections if section.code in same & set(let_off))  # judged anew
