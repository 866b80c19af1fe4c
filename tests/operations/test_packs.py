"""Judging, freezing and comparing packs on both databases: what stops it, what it holds, how a difference is named."""

from dataclasses import replace
from datetime import date

import pytest

from governance import canonical, clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.hazards import operations as hazards
from governance.assessment.packs import live, operations, queries, stopping
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.audit import verify
from governance.database import read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.identity import operations as identity
from governance.intake import operations as intake
from governance.lifecycle import Stage, SubmissionStatus
from governance.permissions import OPERATOR, Role
from tests import agreed, assessed, proposals
from tests.world import World


def stops(submission):
    return [str(each) for each in queries.stopping(submission, clock.today())]


def digests(submission):
    return {each.code: each.digest for each in queries.position(submission).sections}


def change(world, submission, code="C3.1", question_set="dtac-2.0", **said):
    """One answer changed by the digital lead."""
    with transaction():
        sheet = sheet_queries.sheet_for(submission, question_set)
        given = {"value": "provided", "note": "Said again, otherwise."} | said
        by = world.actor("digital_lead", "RTH01")
        sheets.answer(sheet=sheet, code=code, by=by, at=clock.now(), **given)


def whole():
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def test_a_new_submission_says_everything_that_stops_it(world):
    submission = proposals.proposed(world)
    said = stops(submission)
    assert "Tool sheet: 2 questions are not answered." in said
    assert "There is no clinical risk management plan." in said
    assert "There is no monitoring plan." in said
    assert "No hazard has been recorded." in said
    assert "There is no DCB0129 safety case, device technical file or out-of-scope reason." in said
    assert "Hazard log is not judged yet by the clinical safety officer." in said
    assert len(said) == len(set(said))


def test_a_stop_reads_what_was_shown_before_where_it_is_not_asked_again(ready):
    asked = queries.position(ready).asked
    less = replace(
        asked,
        requirements=tuple(each for each in asked.requirements if each.question_set != "dcb0129"),
        sheets={code: row for code, row in asked.sheets.items() if row is None or row.question_set != "dcb0129"},
    )
    found = live.gather(less)
    assert set(found.sheets) == set(less.sheets)
    move = stopping.move_facts(less, found, {}, clock.today())
    assert (move.dcb0129_basis, move.dcb0129_accepted) == ("safety_case", True)


def test_submitting_too_early_is_refused_with_every_reason_at_once(world):
    submission = proposals.proposed(world)
    with pytest.raises(Refused) as refused, transaction():
        assessed.submit(world, submission)
    assert list(refused.value.sentences) == stops(submission)
    assert submission.status is SubmissionStatus.OPENED
    assert queries.pack(submission) is None


def test_submitting_freezes_the_pack_and_begins_a_round(world, ready):
    built = digests(ready)
    with transaction():
        pack = assessed.submit(world, ready)
    assert (ready.status, ready.round, ready.submitted_by) == (
        SubmissionStatus.SUBMITTED, 1, world.person("digital_lead", "RTH01").id,
    )  # fmt: skip
    found = queries.pack(ready)
    assert {each.code: each.digest for each in found.sections} == built
    assert pack.digest == canonical.digest([[code, digest] for code, digest in built.items()])
    for section in found.sections:
        assert canonical.digest(section.content) == section.digest
    assert queries.differences(found) == []
    assert whole() == []


def test_a_pack_holds_every_section_of_policy_with_its_judgement(world, ready):
    sections = {each.code: each for each in queries.position(ready).sections}
    assert list(sections) == [
        "triage", "tool", "dtac.c1", "dtac.c2", "dtac.c3", "dtac.c4", "dtac.d", "dcb0129", "risk_plan", "hazard_log",
        "device", "cyber", "dpia", "monitoring_plan", "equality", "ethics", "rollout",
    ]  # fmt: skip
    assert sections["triage"].judgement is None
    assert sections["dtac.c2"].judgement["role"] == "ig_lead"
    assert sections["hazard_log"].matter["parts"][0]["version"]["number"] == 1


def test_a_pack_says_the_same_on_any_day(world, ready):
    before = digests(ready)
    with clock.fixed(clock.now().replace(year=2031)):
        assert digests(ready) == before


def test_a_changed_answer_changes_exactly_its_section_and_asks_for_its_judge_again(world, ready):
    before = digests(ready)
    change(world, ready)
    after = digests(ready)
    assert [code for code in before if before[code] != after[code]] == ["dtac.c3"]
    assert stops(ready) == ["DTAC C3 (technical security) changed after it was judged. Judge it again."]


def test_a_judgement_outlasts_the_approval_of_the_same_log(world, ready):
    position = queries.position(ready)
    assert position.section("hazard_log").outcome == "met"
    assert position.section("risk_plan").outcome == "met"


def test_a_difference_names_what_changed_after_freezing(world, ready):
    with transaction():
        pack = assessed.submit(world, ready)
    change(world, ready)
    with transaction():
        by = world.actor("digital_lead", "RTH01")
        hazards.add_hazard(deployment=ready.deployment, name="List order lost", by=by, at=clock.now())
    assert [str(each) for each in queries.differences(queries.pack(ready))] == [
        "DTAC C3 (technical security) has changed since the pack was frozen.",
        "Hazard log has changed since the pack was frozen.",
    ]
    assert pack.round == 1


def test_recalling_ends_the_round_and_a_second_round_keeps_what_did_not_change(world, ready):
    with transaction():
        first = assessed.submit(world, ready)
    lead = world.actor("digital_lead", "RTH01")
    with transaction():
        operations.recall(submission=ready, reason="The DPIA was replaced.", by=lead, at=clock.now())
    assert ready.status is SubmissionStatus.OPENED
    with transaction():
        asked = queries.position(ready).asked
        assessed.document(ready, asked.requirement("dpia"), lead, version_label="1.1")
        operations.judge(
            submission=ready, section="dpia", outcome="met", reason="Read again.", by=world.actor("ig_lead", "RTH01"),
            at=clock.now(),
        )  # fmt: skip
        second = assessed.submit(world, ready)
    assert (second.round, ready.round) == (2, 2)
    assert queries.compare(queries.pack_by_id(first.id, lead), queries.pack_by_id(second.id, lead)) == ("dpia",)


def test_only_a_digital_lead_submits_and_a_stranger_sees_no_pack(world, ready):
    with pytest.raises(Forbidden), transaction():
        operations.submit(submission=ready, by=world.actor("cso", "RTH01"), at=clock.now())
    with pytest.raises(NotVisible), transaction():
        operations.submit(submission=ready, by=world.actor("digital_lead", "QWE"), at=clock.now())
    with transaction():
        pack = assessed.submit(world, ready)
    with pytest.raises(NotVisible):
        queries.pack_by_id(pack.id, world.actor("digital_lead", "QWE"))


def test_a_submission_is_not_submitted_twice(world, ready):
    with transaction():
        assessed.submit(world, ready)
    with pytest.raises(Refused, match="this submission is submitted"), transaction():
        assessed.submit(world, ready)


@pytest.mark.parametrize("outcome", ["query", "not_met"])
def test_a_query_or_not_met_stops_a_submission_except_in_d(world, ready, outcome):
    for section, role in (("cyber", "ciso"), ("dtac.d", "ccio")):
        with transaction():
            operations.judge(
                submission=ready, section=section, outcome=outcome, reason="The report is a summary only.",
                by=world.actor(role, "RTH01"), at=clock.now(),
            )  # fmt: skip
    said = "has an open query" if outcome == "query" else "is judged not met"
    assert stops(ready) == [f"Cyber and suppliers {said}."]


def test_a_section_is_judged_by_its_own_role_with_a_reason_and_never_by_who_answered_it(world, ready):
    said = {"submission": ready, "outcome": "met", "reason": "Read.", "at": clock.now()}
    with pytest.raises(Refused, match="judged by the chief information security officer"), transaction():
        operations.judge(section="cyber", by=world.actor("cso", "RTH01"), **said)
    with pytest.raises(Refused, match="Say why"), transaction():
        operations.judge(section="cyber", by=world.actor("ciso", "RTH01"), **said | {"reason": " "})
    with pytest.raises(Refused, match="is not judged"), transaction():
        operations.judge(section="triage", by=world.actor("cso", "RTH01"), **said)
    with transaction():
        sheet = sheet_queries.sheet_for(ready, "dpia-1")
        sheets.answer(sheet=sheet, code="DP4.4", value="For triage.", by=world.actor("ig_lead", "RTH01"), at=clock.now())
    with pytest.raises(Refused, match="You answered Data protection impact assessment"), transaction():
        operations.judge(section="dpia", by=world.actor("ig_lead", "RTH01"), **said)
    with transaction():
        operations.judge(section="risk_plan", by=world.actor("cso", "RTH01"), **said)


def test_met_cannot_be_said_while_something_is_open_but_a_query_can(world):
    submission = proposals.proposed(world)
    with transaction():
        world.appoint_for(submission.deployment.id, "RTH01")
    said = {"submission": submission, "section": "cyber", "at": clock.now(), "by": world.actor("ciso", "RTH01")}
    with pytest.raises(Refused, match=r"met yet. Cyber: 32 questions are not answered.$"), transaction():
        operations.judge(outcome="met", reason="Read.", **said)
    with transaction():
        operations.judge(outcome="query", reason="Send the test report.", **said)
    assert queries.position(submission).section("cyber").outcome == "query"


def test_a_judgement_on_a_page_that_is_out_of_date_is_refused(world, ready):
    shown = queries.position(ready).section("dtac.c3").matter_digest
    change(world, ready)
    with pytest.raises(Conflict, match="changed since you opened the page"), transaction():
        operations.judge(
            submission=ready, section="dtac.c3", outcome="met", reason="Read.", expected_digest=shown,
            by=world.actor("ciso", "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_an_answer_that_fails_by_itself_stops_it_whatever_the_judge_said(world, ready):
    change(world, ready, value="not_provided", note="Not yet.")
    assert "DTAC: 1 answer does not meet the criterion: C3.1." in stops(ready)


def test_expired_evidence_behind_a_required_answer_stops_it_and_changes_no_pack(world, ready):
    with transaction():
        lead = world.actor("digital_lead", "RTH01")
        item = assessed.evidence_item(lead, title="Certificate", expires_on=clock.today())
        sheet = sheet_queries.sheet_for(ready, "dtac-2.0")
        evidence.use(
            evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code="C3.1", by=lead, at=clock.now()
        )
        operations.judge(
            submission=ready, section="dtac.c3", outcome="met", reason="Read.", by=world.actor("ciso", "RTH01"),
            at=clock.now(),
        )  # fmt: skip
    before = digests(ready)
    assert stops(ready) == []
    with clock.fixed(clock.now().replace(month=12)):
        said = "DTAC C3.1 is no longer met: “Certificate” expired on 2 November 2026."
        assert [(each.code, str(each)) for each in queries.stopping(ready, clock.today())] == [("sheet:dtac-2.0", said)]
        task = next(each for each in queries.tasks(ready, lead, clock.today()) if each.place == "sheet:dtac-2.0")
        assert (task.state.value, task.says) == ("in_progress", "1 no longer met")
        with pytest.raises(Refused, match="cannot be met yet. DTAC C3.1 is no longer met"), transaction():
            operations.judge(
                submission=ready, section="dtac.c3", outcome="met", reason="Read again.", by=world.actor("ciso", "RTH01"),
                at=clock.now(),
            )  # fmt: skip
        assert digests(ready) == before


def test_low_tier_asks_for_little_and_for_the_safety_decision(world):
    submission = assessed.ready(world, facts=proposals.LOW, tool=proposals.TOOL | {"name": "Rotawise"})
    assert stops(submission) == []
    assert [each.code for each in queries.position(submission).sections] == ["triage", "tool", "monitoring_plan", "rollout"]


def test_a_proof_of_concept_names_hazards_and_does_not_score_them(world):
    submission = assessed.ready(world, stage=Stage.PROOF_OF_CONCEPT)
    assert stops(submission) == []
    log = queries.position(submission).section("hazard_log").matter["parts"][0]
    assert (log["depth"], log["version"], log["hazards"][0]["residual"]) == ("short", None, None)


def test_the_task_list_says_who_has_what(world, ready):
    by = world.actor("ciso", "RTH01")
    listed = {task.place: task for task in queries.tasks(ready, by, clock.today())}
    assert listed["sheet:dtac-2.0"].state == "done"
    assert listed["judge:cyber"].state == "met"
    assert listed["judge:cyber"].people == (world.person(Role.CISO, "RTH01").name,)
    assert [task.place for task in listed.values() if task.mine] == ["judge:dtac.c3", "judge:cyber"]
    change(world, ready)
    again = {task.place: task for task in queries.tasks(ready, by, clock.today())}
    assert (again["judge:dtac.c3"].state, again["judge:dtac.c3"].needs_me) == ("again", True)


def test_a_submission_on_hold_is_not_judged(world, ready):
    with transaction():
        intake.hold(submission=ready, reason="Contract.", by=world.actor("digital_lead", "RTH01"), at=clock.now())
    with pytest.raises(Refused, match="on hold"), transaction():
        operations.judge(
            submission=ready, section="cyber", outcome="met", reason="Read.", by=world.actor("ciso", "RTH01"), at=clock.now()
        )


def test_an_expired_clinical_safety_officer_judges_nothing(world, ready):
    with transaction():
        identity.record_registration(
            person=world.person(Role.CSO, "RTH01"), body="GMC", number="1", expires_on=date(2026, 10, 31), trained_on=None,
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused) as refused, transaction():
        operations.judge(
            submission=ready, section="hazard_log", outcome="met", reason="Read.", by=world.actor(Role.CSO, "RTH01"),
            at=clock.now(),
        )  # fmt: skip
    assert refused.value.codes == ("registration.expired",)


def test_a_judgement_counts_only_from_the_role_that_judges_now(world):
    submission = assessed.ready(world, facts=proposals.LOW)
    with transaction():
        intake.correct_triage(
            submission=submission, facts=proposals.LOW | {"direct_care": "yes"}, reason="A nurse reads it.",
            version_id=submission.version_id, by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert "Monitoring plan is not judged yet by the clinical safety officer." in stops(submission)


def test_who_signed_an_earlier_round_does_not_submit_a_later_one(submission):
    world = World()
    agreed.sign(world, submission, Role.CSO, outcome="return_for_information", reason="Say who reads at night.")
    with transaction():
        identity.add_membership(
            person=world.person(Role.CSO, "RTH01"), organisation_id=submission.organisation_id, role=Role.DIGITAL_LEAD,
            started_on=date(2026, 1, 1), by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused) as refused, transaction():
        operations.submit(submission=submission, by=world.actor(Role.CSO, "RTH01"), at=clock.now())
    assert refused.value.codes == ("separation.submitter_and_signer",)
