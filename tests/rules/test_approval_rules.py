"""What each role says with its signature, what a decision is called, and what changed between two packs."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from governance.approval import presenters
from governance.approval.rules import Done
from governance.approval.statements import Matter, asks, decision_sentence, statement
from governance.assessment.packs.changes import changes
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.loader import policy
from governance.policy.rules import Turn
from governance.policy.schema import Act
from governance.web.differences import IN, OUT, SAME, difference

MATTER = Matter(
    "Chestwise Triage 2.3", "Riverside", SubmissionKind.PROGRESS, Stage.PILOT, Stage.PIPELINE, 6, True, 3, (1,)
)
ACTS = {Role.DPO: Act.ADVISE, Role.AI_LEAD: Act.ADVISE, Role.AUTHORISING_EXECUTIVE: Act.AUTHORISE}


def turn_of(role):
    act = ACTS.get(role, Act.SIGN)
    return Turn(role, act, ("triage",), (), 10, policy().outcomes_of(act, role))


def said(role, code, *, matter=MATTER, reason="", conditions=0, until=None, against=False):
    turn = turn_of(role)
    outcome = next(each for each in turn.outcomes if each.code == code)
    return statement(
        turn=turn, outcome=outcome, matter=matter, reason=reason, conditions=conditions, until=until, against=against
    )


@pytest.mark.parametrize(
    ("role", "code", "given", "expected"),
    [
        (Role.CSO, "approve", {}, "The clinical risk of using Chestwise Triage 2.3 as described is acceptable. "
         "I accept hazard 1 at rating 3 for the reason recorded."),
        (Role.CSO, "approve_with_conditions", {"conditions": 1}, "is acceptable, provided 1 condition of mine is met."),
        (Role.CSO, "approve_with_conditions", {"conditions": 2}, "provided 2 conditions of mine are met."),
        (Role.CSO, "approve", {"matter": replace(MATTER, direct_care=False)}, "is safety related stands."),
        (Role.SIRO, "approve", {"against": True, "reason": "Retention is cut"}, "I decide against advice given, because: Retention is cut."),
        (Role.DPO, "content_subject_to", {"reason": "shorter retention"}, "My advice: content, subject to: shorter retention. The decision is not mine."),
        (Role.AI_LEAD, "advises_against", {"reason": "Two others stopped."}, "My advice: advises against. Because: Two others stopped."),
        (Role.CSO, "approve", {"matter": replace(MATTER, kind=SubmissionKind.CEASE)}, "The clinical risk of ceasing to use Chestwise Triage 2.3 as described is acceptable."),
        (Role.SIRO, "approve", {"matter": replace(MATTER, kind=SubmissionKind.CEASE)}, "I accept the information risk of ceasing to use Chestwise Triage 2.3 as described."),
        (Role.CSO, "return_for_information", {"reason": "Who reads at night?"}, "I return this submission for information."),
        (Role.CSO, "not_approved", {"reason": "Not controlled"}, "I do not agree that Chestwise Triage 2.3 may move from Pipeline to Pilot at Riverside. Because: Not controlled."),
        (Role.AUTHORISING_EXECUTIVE, "authorise", {"until": date(2027, 9, 30)}, "I authorise Chestwise Triage 2.3 at Riverside for Pilot until 30 September 2027. "
         "I accept the residual clinical risk, highest rating 3, for the organisation (DCB0160 2.2.2)."),
        (Role.AUTHORISING_EXECUTIVE, "defer", {"until": date(2027, 9, 30), "reason": "Budget"}, "I defer my decision until 30 September 2027."),
    ],
)  # fmt: skip
def test_a_statement_is_true_by_itself(role, code, given, expected):
    assert expected in said(role, code, **given)


def test_only_who_accepts_residual_risk_says_so():
    assert "I accept hazard" not in said(Role.CLINICAL_LEAD, "approve")
    assert "I accept" not in said(Role.CSO, "approve", matter=replace(MATTER, threes=()))


def test_whoever_returns_does_not_claim_to_have_read():
    assert "I have read" not in said(Role.CSO, "return_for_information", reason="More, please")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (SubmissionKind.RE_ASSURANCE, "may stay at Pilot"),
        (SubmissionKind.EXTEND_PILOT, "the pilot of Chestwise Triage 2.3 at Riverside may be extended"),
        (SubmissionKind.STEP_BACK, "may step back from Pipeline to Pilot"),
        (SubmissionKind.CEASE, "the use of Chestwise Triage 2.3 at Riverside should cease"),
    ],
)
def test_each_kind_of_submission_says_what_it_asks(kind, expected):
    assert expected in asks(replace(MATTER, kind=kind))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"until": date(2027, 9, 30), "conditions": 2}, "Approved for Pilot, version 2.3, until 30 September 2027, 2 conditions"),
        ({"until": date(2027, 9, 30), "conditions": 0}, "Approved for Pilot, version 2.3, until 30 September 2027, no conditions"),
        ({"until": None, "conditions": 1, "kind": SubmissionKind.CEASE}, "Ceased, version 2.3, 1 condition"),
        ({"until": date(2027, 9, 30), "conditions": 0, "kind": SubmissionKind.EXTEND_PILOT}, "Pilot extended until 30 September 2027, version 2.3, no conditions"),
        ({"until": date(2027, 9, 30), "conditions": 0, "kind": SubmissionKind.STEP_BACK}, "Stepped back to Pilot, version 2.3, until 30 September 2027, no conditions"),
        ({"until": date(2027, 9, 30), "conditions": 0, "kind": SubmissionKind.RE_ASSURANCE}, "Re-assured at Pilot, version 2.3, until 30 September 2027, no conditions"),
    ],
)  # fmt: skip
def test_a_decision_never_stands_alone(given, expected):
    assert decision_sentence(**{"kind": SubmissionKind.PROGRESS, "stage": "Pilot", "version": "2.3"} | given) == expected


def hazard(number, *, residual=("considerable", "low", 2), **changed):
    score = dict(zip(("severity", "likelihood", "rating"), residual, strict=True)) if residual else None
    return {
        "number": number, "name": "Seen late", "description": "", "impact": "", "causes": "", "owner": "", "actions": "",
        "status": "open", "initial": None, "residual": score, "acceptance_reason": "", "controls": [],
    } | changed  # fmt: skip


def section(*hazards, judgement=None):
    part = {"kind": "hazard_log", "title": "Hazard log", "short_says": "", "hazards": list(hazards), "version": None}
    return {"matter": {"parts": [part]}, "judgement": judgement}


def words(change):
    return "".join(text for line in change.lines for _, text in line)


def test_a_new_hazard_is_named_with_its_rating():
    (found,) = changes("Hazard log", section(hazard(1)), section(hazard(1), hazard(2)))
    assert (found.title, words(found)) == ("Hazard 2, new", "Seen late. Considerable, low: rating 2.")


def test_a_moved_likelihood_is_struck_out_and_put_in():
    (found,) = changes("Hazard log", section(hazard(5)), section(hazard(5, residual=("considerable", "very_low", 2))))
    assert (OUT, "Low") in found.pieces
    assert (IN, "Very low") in found.pieces
    assert words(found) == "Residual likelihood: Low Very low. Rating stays 2."


def test_a_control_gone_is_said():
    with_control = hazard(1, controls=[{"kind": "design", "description": "Second read", "implementation": "", "effectiveness": ""}])
    (found,) = changes("Hazard log", section(with_control), section(hazard(1)))
    assert (OUT, "Second read") in found.pieces
    assert words(found) == "Control gone: Second read."


def test_a_sentence_ends_once():
    (found,) = changes("Hazard log", section(hazard(1)), section(hazard(1, acceptance_reason="No other way.")))
    assert words(found) == "Reason it stays: No other way."
    control = {"kind": "design", "description": "Read twice.", "implementation": "", "effectiveness": ""}
    (found,) = changes("Hazard log", section(hazard(1)), section(hazard(1, name="Seen too late", controls=[control])))
    assert words(found) == "Seen too late. Control added: Read twice."


@pytest.mark.parametrize(
    ("question", "before", "after", "expected"),
    [
        ({"code": "C3.1"}, "No", "Yes", "C3.1: No Yes."),
        ({"code": "how_used", "words": "How is it used?"}, "", "At night.", "How is it used? Not answered (optional) At night."),
    ],
)
def test_an_answer_that_changed_reads_as_a_sentence(question, before, after, expected):
    def answered(said):
        held = {
            "words": "Is it?", "state": "answered" if said else "unanswered", "state_says": "", "criterion": "", "evidence": [],
            "words_chosen": [said] if said else [], "finding": "not_assessed",
        } | question  # fmt: skip
        part = {"kind": "answers", "source": "", "sections": [{"title": "Facts", "label": "Facts", "questions": [held]}]}
        return {"matter": {"parts": [part]}, "judgement": None}

    (found,) = changes("Tool", answered(before), answered(after))
    assert words(found) == expected


@pytest.mark.parametrize(
    ("role", "code", "reason", "expected"),
    [
        (Role.DPO, "content_subject_to", "Keep images for 30 days, not 90.", "Advises: content, 16 November 2026, subject to: Keep images for 30 days, not 90."),
        (Role.AI_LEAD, "advises_against", "Two others stopped", "Advises against, 16 November 2026: Two others stopped."),
        (Role.CSO, "approve", "", "Approved for Pilot, version 2.3, 16 November 2026"),
        (Role.AUTHORISING_EXECUTIVE, "authorise", "", "Authorised for Pilot, version 2.3, 16 November 2026"),
        (Role.AUTHORISING_EXECUTIVE, "authorise_with_conditions", "", "Authorised with conditions for Pilot, version 2.3, 16 November 2026"),
    ],
)  # fmt: skip
def test_what_others_said_reads_as_a_sentence(role, code, reason, expected):
    turn = turn_of(role)
    label = next(each.label for each in turn.outcomes if each.code == code)
    done = Done(role, turn.act.value, code, label, 1, "Dr A", datetime(2026, 11, 16, 12, tzinfo=UTC), "0a1b2c3d", reason)
    assert presenters.in_words(done, "Pilot", "2.3") == expected


def test_a_section_that_was_not_there_is_new_and_one_that_only_its_record_changed_says_so():
    assert changes("Ethics", None, section())[0].title == "Ethics, new"
    assert "not in its words" in words(changes("Ethics", section(), section())[0])


def test_judged_again_is_said_with_the_new_outcome():
    met = {"outcome": "met", "by": "Dr A", "role": "cso", "at": "", "reason": "", "digest": ""}
    (found,) = changes("Hazard log", section(), section(judgement=met))
    assert words(found) == "Judged again: met, by Dr A, clinical safety officer."


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("reviewed each month", "reviewed each week", [(SAME, "reviewed each"), (SAME, " "), (OUT, "month"), (SAME, " "), (IN, "week")]),
        ("", "2 in 1,000", [(IN, "2 in 1,000")]),
        ("2 in 1,000", "", [(OUT, "2 in 1,000")]),
        ("one thing", "quite another matter", [(OUT, "one thing"), (SAME, " "), (IN, "quite another matter")]),
    ],
)  # fmt: skip
def test_words_are_compared_where_texts_are_alike(before, after, expected):
    assert list(difference(before, after)) == expected


def test_a_long_text_that_stayed_is_shortened_in_its_middle():
    long = " ".join(["same"] * 100)
    shown = "".join(text for _, text in difference(f"{long} old", f"{long} new"))
    assert len(shown) < 250
    assert shown.endswith("old new")
