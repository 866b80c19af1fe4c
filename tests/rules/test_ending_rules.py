"""What a cease needs, when its tasks and lessons are written, and which kinds of request may be made: as tables."""

from datetime import date

import pytest

from governance.intake import rules as intake
from governance.intake.rules import Known
from governance.lifecycle import Stage, Standing, SubmissionKind, SubmissionStatus
from governance.monitoring.endings import rules
from governance.monitoring.endings.rules import NewTask
from governance.permissions import Role
from governance.policy import policy

D, K, S, T = Standing, SubmissionKind, Stage, SubmissionStatus
TODAY = date(2026, 11, 2)
CARE, OFFICE = {"direct_care": "yes", "personal_data": "health"}, {"direct_care": "no", "personal_data": "none"}


def codes(found) -> list[str]:
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("facts", "kinds", "lessons", "expected"),
    [
        (CARE, {"hazard", "data"}, 1, []),
        (CARE, {"hazard"}, 1, ["ending.data"]),
        (CARE, {"data"}, 1, ["ending.hazard"]),
        (CARE, set(), 0, ["ending.tasks", "ending.lesson"]),
        (CARE, {"hazard", "data"}, 0, ["ending.lesson"]),
        (OFFICE, {"access"}, 1, []),
        (OFFICE, set(), 1, ["ending.tasks"]),
        ({}, {"access"}, 1, ["ending.hazard", "ending.data"]),
    ],
)
def test_what_a_cease_lists_before_it_is_submitted(facts, kinds, lessons, expected):
    assert codes(rules.submit_blockers(facts, kinds, lessons=lessons)) == expected


def test_the_starter_list_is_enough_by_itself_for_any_tool():
    for facts in (CARE, OFFICE, {}):
        taken = rules.starters(facts, TODAY)
        assert rules.submit_blockers(facts, {each.kind for each in taken}, lessons=1) == []
        assert all(rules.task_blockers(each, TODAY) == [] for each in taken)


@pytest.mark.parametrize(
    ("standing", "kind", "status", "expected"),
    [
        (D.ASSURED, K.CEASE, T.OPENED, []),
        (D.ASSURED, K.CEASE, T.RETURNED, []),
        (D.ASSURED, K.CEASE, T.SUBMITTED, ["ending.frozen"]),
        (D.ASSURED, K.CEASE, T.HELD, ["ending.frozen"]),
        (D.ASSURED, K.PROGRESS, T.OPENED, ["ending.none"]),
        (D.ASSURED, None, None, ["ending.none"]),
        (D.CEASED, None, None, []),
    ],
)
def test_tasks_and_lessons_are_written_while_it_is_assessed_and_after_it_ceased(standing, kind, status, expected):
    assert codes(rules.write_blockers(standing=standing, kind=kind, status=status)) == expected


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (NewTask("data", "Delete it", Role.IG_LEAD, TODAY), []),
        (NewTask("magic", " ", Role.BOARD_MEMBER, date(2026, 11, 1)), ["kind", "text", "owner", "due_on"]),
    ],
)
def test_a_task_says_what_whose_and_when(task, expected):
    assert codes(rules.task_blockers(task, TODAY)) == expected


@pytest.mark.parametrize(
    ("done", "done_on", "note", "expected"),
    [
        (False, TODAY, "Deleted", []),
        (False, date(2026, 11, 3), " ", ["done_on", "note"]),
        (False, None, "Deleted", ["done_on"]),
        (True, TODAY, "Deleted", ["done"]),
    ],
)
def test_a_task_is_finished_once_with_how(done, done_on, note, expected):
    assert codes(rules.finish_blockers(done=done, done_on=done_on, note=note, on=TODAY)) == expected


@pytest.mark.parametrize(
    ("text", "because", "kept", "expected"),
    [
        ("Agree figures first.", "", "Agree figures first.", []),
        ("", "it was never used.", "None, because it was never used.", []),
        ("", " ", "", ["text"]),
        ("Both", "neither", "Both", ["because"]),
    ],
)
def test_a_lesson_or_why_there_is_none(text, because, kept, expected):
    assert rules.lesson(text, because) == kept
    assert codes(rules.lesson_blockers(text, because)) == expected


def known(stage: Stage, standing: Standing, *, approved: bool = True, extended: int = 0) -> Known:
    return Known(stage, standing, stage if approved else None, "2.3", extended)


@pytest.mark.parametrize(
    ("it", "expected"),
    [
        (known(S.PIPELINE, D.PROPOSED, approved=False), {K.PROGRESS, K.CEASE}),
        (known(S.PILOT, D.ASSURED), {K.PROGRESS, K.RE_ASSURANCE, K.EXTEND_PILOT, K.CEASE}),
        (known(S.PILOT, D.ASSURED, extended=1), {K.PROGRESS, K.RE_ASSURANCE, K.CEASE}),
        (known(S.PILOT, D.DECLARED, approved=False), {K.RE_ASSURANCE, K.CEASE}),
        (known(S.BUSINESS_AS_USUAL, D.DECLARED, approved=False), {K.RE_ASSURANCE, K.CEASE}),
        (known(S.BUSINESS_AS_USUAL, D.ASSURED), {K.RE_ASSURANCE, K.STEP_BACK, K.CEASE}),
        (known(S.BUSINESS_AS_USUAL, D.SUSPENDED), {K.RE_ASSURANCE, K.STEP_BACK, K.CEASE}),
        (known(S.IMPLEMENTATION, D.SUSPENDED, approved=False), {K.RE_ASSURANCE, K.CEASE}),
        (known(S.PILOT, D.LAPSED), {K.PROGRESS, K.RE_ASSURANCE, K.EXTEND_PILOT, K.CEASE}),
        (known(S.PILOT, D.CEASED), set()),
    ],
)
def test_only_what_is_possible_now_is_offered(it, expected):
    found = intake.offered(policy(), it)
    assert {kind for kind, _ in found} == expected
    for kind, stage in found:
        held = {"kind": kind.value, "stage": stage.value, "version": "2.3", "reason": "Why"}
        assert intake.ask_blockers(policy(), it, held) == []
        said = intake.about(policy(), kind, stage)
        assert said.startswith("For ") and "authoris" in said


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ({"kind": "step_back", "stage": "pilot", "version": "2.3", "reason": ""}, ["ask.reason"]),
        ({"kind": "step_back", "stage": "pilot", "version": "2.4", "reason": "Drift"}, ["ask.version"]),
        ({"kind": "cease", "stage": "business_as_usual", "version": "2.3", "reason": ""}, ["ask.reason"]),
        ({"kind": "re_assurance", "stage": "business_as_usual", "version": "2.4", "reason": ""}, []),
        ({"kind": "extend_pilot", "stage": "pilot", "version": "2.3", "reason": ""}, ["stage.not_on_ladder"]),
    ],
)
def test_what_the_ask_page_refuses(held, expected):
    assert codes(intake.ask_blockers(policy(), known(S.BUSINESS_AS_USUAL, D.ASSURED), held)) == expected


def test_the_ai_lead_of_a_cease_is_asked_about_ceasing():
    from governance.policy.schema import Act

    of_cease = policy().outcomes_of(Act.ADVISE, Role.AI_LEAD, K.CEASE)
    others = policy().outcomes_of(Act.ADVISE, Role.AI_LEAD, K.PROGRESS)
    assert {each.code: each.against for each in of_cease} == {
        "advises_cease": False, "cease_subject_to": False, "advises_against": True,
    }  # fmt: skip
    assert {each.code: each.against for each in others}["advises_cease"] is True
