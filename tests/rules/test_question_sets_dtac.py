"""DTAC 2.0 as data: every code of the form, every way its questions lead on, and what gates.

The expected codes and routes are those of two agreeing public transcriptions of the form of 24 February 2026.
"""

import pytest

from governance.assessment.question_sets import loader, outcomes, rules, values
from governance.assessment.question_sets.outcomes import Finding
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Gate, Provenance, Response

DTAC = loader.question_set("dtac-2.0")

CODES = {
    "dtac.a": [f"A{number}" for number in range(1, 13)],
    "dtac.b": ["B1", "B2", "B3", "B4"],
    "dtac.c1": ["C1.1.1", "C1.1.2", "C1.2", "C1.2.1", "C1.2.2", "C1.2.3", "C1.2.4", "C1.2.5"],
    "dtac.c2": ["C2.1", "C2.2", "C2.2.1", "C2.2.2", "C2.2.3", "C2.2.4", "C2.2.5", "C2.2.6"],
    "dtac.c3": ["C3.1", "C3.2", "C3.3", "C3.4", "C3.5", "C3.5.1", "C3.6"],
    "dtac.c4": [
        "C4.1",
        "C4.1.1",
        "C4.1.2",
        "C4.1.3",
        "C4.2",
        "C4.2.1",
        "C4.2.2",
        "C4.2.3",
        "C4.2.4",
        "C4.2.5",
        "C4.2.6",
    ],
    "dtac.d": ["D1.1", "D1.2", "D1.3", "D1.4", "D1.4.1", "D1.4.2", "D1.4.3", "D1.5"],
}
ALWAYS = {*CODES["dtac.a"], *CODES["dtac.b"], "C1.1.1", "C2.1", "C2.2", "C3.1", "C3.2", "C4.1", "C4.2"} | {
    "D1.1", "D1.2", "D1.3", "D1.4",
}  # fmt: skip
C1_2 = {"C1.2.2", "C1.2.3", "C1.2.4", "C1.2.5"}
C2_2 = {"C2.2.1", "C2.2.2", "C2.2.3", "C2.2.4", "C2.2.5"}
C3 = {"C3.3", "C3.4", "C3.5", "C3.5.1", "C3.6"}
NA = "not_applicable"


def given(answered: dict[str, str]) -> dict[str, values.AnswerValue]:
    """Answers with a reason beside each, so that only routing decides."""
    return {code: values.answer(DTAC.by_code[code], raw, note="because") for code, raw in answered.items()}


def in_state(answered: dict[str, str], prefix: str, *wanted: State) -> set[str]:
    states = rules.state_of(DTAC, given(answered))
    return {code for code, state in states.items() if code.startswith(prefix) and state.state in wanted}


def asked(answered: dict[str, str], prefix: str) -> set[str]:
    return in_state(answered, prefix, State.UNANSWERED, State.ANSWERED, State.NOT_APPLICABLE)


def test_every_code_of_the_form_is_there_in_its_section():
    assert {section.code: [question.code for question in section.questions] for section in DTAC.sections} == CODES
    assert len(DTAC.questions) == 58


def test_an_empty_form_asks_what_does_not_depend_on_anything_and_skips_nothing():
    states = rules.state_of(DTAC, {})
    assert {code for code, state in states.items() if state.state is State.UNANSWERED} == ALWAYS
    assert {code for code, state in states.items() if state.state is State.NOT_REACHED} == set(states) - ALWAYS


@pytest.mark.parametrize(
    ("answered", "prefix", "expected"),
    [
        pytest.param({"C1.1.1": "no"}, "C1", {"C1.1.1", "C1.2"}, id="not a device: straight to C1.2"),
        pytest.param({"C1.1.1": "yes"}, "C1", {"C1.1.1", "C1.1.2"}, id="a device: C1.1.2 decides"),
        pytest.param({"C1.1.1": "yes", "C1.1.2": "yes"}, "C1", {"C1.1.1", "C1.1.2"}, id="standalone device: to C2"),
        pytest.param(
            {"C1.1.1": "yes", "C1.1.2": "no"}, "C1", {"C1.1.1", "C1.1.2", "C1.2"}, id="device, not standalone: C1.2"
        ),
        pytest.param({"C1.1.1": "no", "C1.2": "no"}, "C1", {"C1.1.1", "C1.2", "C1.2.1"}, id="no direct care: why"),
        pytest.param({"C1.1.1": "no", "C1.2": "yes"}, "C1", {"C1.1.1", "C1.2"} | C1_2, id="direct care: DCB0129"),
        pytest.param(
            {"C1.1.1": "yes", "C1.1.2": "no", "C1.2": "yes"},
            "C1",
            {"C1.1.1", "C1.1.2", "C1.2"} | C1_2,
            id="device in direct care: DCB0129",
        ),
        pytest.param({"C2.2": "no"}, "C2", {"C2.1", "C2.2"}, id="no personal data: to C3"),
        pytest.param({"C2.2": "yes"}, "C2", {"C2.1", "C2.2"} | C2_2, id="personal data: the documents"),
        pytest.param({"C2.2": "yes", "C2.2.5": "uk_only"}, "C2", {"C2.1", "C2.2"} | C2_2, id="UK only: to C3"),
        pytest.param(
            {"C2.2": "yes", "C2.2.5": "outside_uk"}, "C2", {"C2.1", "C2.2", "C2.2.6"} | C2_2, id="abroad: legal basis"
        ),
        pytest.param({"C3.2": "yes"}, "C3", {"C3.1", "C3.2"}, id="charter signed: the rest of C3 is skipped"),
        pytest.param({"C3.2": "no"}, "C3", {"C3.1", "C3.2"} | C3, id="no charter: C3.3 to C3.6"),
        pytest.param({"C4.1": "no"}, "C4.1", {"C4.1"}, id="no interfaces: to C4.2"),
        pytest.param({"C4.1": "yes"}, "C4.1", {"C4.1", "C4.1.1", "C4.1.2"}, id="interfaces: which and how open"),
        pytest.param(
            {"C4.1": "yes", "C4.1.2": "confirmed"},
            "C4.1",
            {"C4.1", "C4.1.1", "C4.1.2"},
            id="open: no other basis asked",
        ),
        pytest.param(
            {"C4.1": "yes", "C4.1.2": "unable"},
            "C4.1",
            {"C4.1", "C4.1.1", "C4.1.2", "C4.1.3"},
            id="not open: the basis instead",
        ),
        pytest.param({"C4.2": "no"}, "C4.2", {"C4.2"}, id="no shared identity: C4 ends, there is no C4.3"),
        pytest.param({"C4.2": "yes"}, "C4.2", {"C4.2", "C4.2.1", "C4.2.4"}, id="shared identity: number and login"),
        pytest.param(
            {"C4.2": "yes", "C4.2.1": "no"}, "C4.2", {"C4.2", "C4.2.1", "C4.2.3", "C4.2.4"}, id="no number: to C4.2.3"
        ),
        pytest.param(
            {"C4.2": "yes", "C4.2.1": "yes"}, "C4.2", {"C4.2", "C4.2.1", "C4.2.2", "C4.2.4"}, id="number: is it checked"
        ),
        pytest.param(
            {"C4.2": "yes", "C4.2.1": "yes", "C4.2.2": "yes"},
            "C4.2",
            {"C4.2", "C4.2.1", "C4.2.2", "C4.2.4"},
            id="checked: to C4.2.4",
        ),
        pytest.param(
            {"C4.2": "yes", "C4.2.1": "yes", "C4.2.2": "no"},
            "C4.2",
            {"C4.2", "C4.2.1", "C4.2.2", "C4.2.3", "C4.2.4"},
            id="not checked: how then",
        ),
        pytest.param({"C4.2": "yes", "C4.2.4": "yes"}, "C4.2", {"C4.2", "C4.2.1", "C4.2.4"}, id="NHS login: to D"),
        pytest.param(
            {"C4.2": "yes", "C4.2.4": "no"}, "C4.2", {"C4.2", "C4.2.1", "C4.2.4", "C4.2.5"}, id="no NHS login: C4.2.5"
        ),
        pytest.param(
            {"C4.2": "yes", "C4.2.4": NA}, "C4.2", {"C4.2", "C4.2.1", "C4.2.4", "C4.2.5"}, id="no patients: C4.2.5"
        ),
        pytest.param(
            {"C4.2": "yes", "C4.2.4": "no", "C4.2.5": "yes"},
            "C4.2",
            {"C4.2", "C4.2.1", "C4.2.4", "C4.2.5"},
            id="DAPB3051: to D",
        ),
        pytest.param(
            {"C4.2": "yes", "C4.2.4": "no", "C4.2.5": NA},
            "C4.2",
            {"C4.2", "C4.2.1", "C4.2.4", "C4.2.5", "C4.2.6"},
            id="DAPB3051 not applicable: how users are authenticated",
        ),
        pytest.param(
            {"C4.2": "yes", "C4.2.4": "no", "C4.2.5": "no"},
            "C4.2",
            {"C4.2", "C4.2.1", "C4.2.4", "C4.2.5", "C4.2.6"},
            id="no DAPB3051: how users are authenticated",
        ),
        pytest.param({"D1.4": "no"}, "D", {"D1.1", "D1.2", "D1.3", "D1.4"}, id="no web or mobile app: D ends"),
        pytest.param(
            {"D1.4": "yes"}, "D", {"D1.1", "D1.2", "D1.3", "D1.4", "D1.4.1", "D1.4.3", "D1.5"}, id="web: accessibility"
        ),
        pytest.param(
            {"D1.4": "yes", "D1.4.1": "plan"},
            "D",
            {"D1.1", "D1.2", "D1.3", "D1.4", "D1.4.1", "D1.4.2", "D1.4.3", "D1.5"},
            id="a plan: by when",
        ),
        pytest.param(
            {"D1.4": "yes", "D1.4.1": NA},
            "D",
            {"D1.1", "D1.2", "D1.3", "D1.4", "D1.4.1", "D1.4.3", "D1.5"},
            id="accessibility not applicable: no timescale",
        ),
    ],
)
def test_each_answer_leads_where_the_form_says(answered, prefix, expected):
    assert asked(answered, prefix) == expected


@pytest.mark.parametrize(
    ("answered", "code", "sentence"),
    [
        ({"C1.1.1": "no"}, "C1.1.2", "Skipped because C1.1.1 is No."),
        ({"C1.1.1": "yes", "C1.1.2": "yes"}, "C1.2", "Skipped because C1.1.1 is Yes and C1.1.2 is Yes."),
        ({"C1.1.1": "no", "C1.2": "no"}, "C1.2.4", "Skipped because C1.2 is No."),
        ({"C1.1.1": "yes", "C1.1.2": "yes"}, "C1.2.4", "Skipped because C1.1.1 is Yes and C1.1.2 is Yes."),
        ({"C2.2": "no"}, "C2.2.6", "Skipped because C2.2 is No."),
        ({"C2.2": "yes", "C2.2.5": "uk_only"}, "C2.2.6", "Skipped because C2.2.5 is UK only."),
        ({"C3.2": "yes"}, "C3.3", "Skipped because C3.2 is Yes."),
        ({"C4.2": "no"}, "C4.2.3", "Skipped because C4.2 is No."),
        ({"C4.2": "yes", "C4.2.4": "yes"}, "C4.2.6", "Skipped because C4.2.4 is Yes."),
        ({"D1.4": "no"}, "D1.5", "Skipped because D1.4 is No."),
    ],
)
def test_a_skipped_question_says_which_answer_skipped_it(answered, code, sentence):
    state = rules.state_of(DTAC, given(answered))[code]
    assert (state.state, state.reason) == (State.SKIPPED, sentence)


def test_an_answer_left_behind_by_a_change_of_route_counts_for_nothing():
    behind = {"C2.2": "no", "C2.2.5": "outside_uk", "C2.2.6": "France"}
    assert in_state(behind, "C2.2.", State.SKIPPED) == C2_2 | {"C2.2.6"}


PASSING = {
    "C1.1.1": "no", "C1.2": "yes", "C1.2.2": "yes", "C1.2.3": "provided", "C1.2.4": "provided", "C1.2.5": "Dr Invented",
    "C2.1": "confirmed", "C2.2": "yes", "C2.2.1": "provided", "C2.2.2": "provided", "C2.2.3": "provided",
    "C2.2.4": "provided", "C2.2.5": "uk_only", "C3.1": "provided", "C3.2": "yes", "C4.1": "no", "C4.2": "no",
    "D1.1": "not_provided", "D1.2": "no", "D1.3": "unable", "D1.4": "no",
    "A4": "saas", "A11": NA, "A12": NA, "B1": "diagnostics", "B4": "provided",
    **dict.fromkeys(["A1", "A2", "A3", "A5", "A6", "A7", "A8", "A9", "A10", "B2", "B3"], "text"),
}  # fmt: skip
JUDGED = dict.fromkeys(["dtac.c1", "dtac.c2", "dtac.c3", "dtac.c4"], "met")


def test_a_whole_form_awaits_its_judges_and_passes_with_them_though_nothing_in_d_is_good():
    assert rules.outstanding(DTAC, given(PASSING)) == []
    assert outcomes.pass_result(DTAC, given(PASSING)).finding is Finding.FOR_JUDGEMENT
    result = outcomes.pass_result(DTAC, given(PASSING), judgements=JUDGED)
    assert (result.finding, result.sentence) == (Finding.MET, "All that applies in C1, C2, C3, C4 is met.")
    assert [section.finding for section in result.sections] == [
        Finding.NOT_ASSESSED, Finding.NOT_ASSESSED, *[Finding.MET] * 4, Finding.COMPARED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({"C1.2.2": "no"}, "C1.2.2"),
        ({"C1.2.3": "not_provided"}, "C1.2.3"),
        ({"C1.2.4": "not_provided"}, "C1.2.4"),
        ({"C2.1": "unable"}, "C2.1"),
        ({"C2.2.1": "not_provided"}, "C2.2.1"),
        ({"C2.2.2": "not_provided"}, "C2.2.2"),
        ({"C2.2.3": "not_provided"}, "C2.2.3"),
        ({"C2.2.4": "not_provided"}, "C2.2.4"),
        ({"C3.1": "not_provided"}, "C3.1"),
        ({"C3.2": "no", "C3.4": "unable"}, "C3.4"),
        ({"C3.2": "no", "C3.5": "no"}, "C3.5"),
        ({"C3.2": "no", "C3.5.1": "no"}, "C3.5.1"),
        ({"C3.2": "no", "C3.6": "no"}, "C3.6"),
        ({"C4.2": "yes", "C4.2.4": "no", "C4.2.5": "no"}, "C4.2.5"),
    ],
)
def test_one_failing_answer_in_c_fails_the_whole_whatever_the_judges_say(change, failing):
    result = outcomes.pass_result(DTAC, given(PASSING | change), judgements=JUDGED)
    assert result.finding is Finding.NOT_MET
    assert failing in result.sentence
    assert [blocker.code for blocker in outcomes.unmet(DTAC, given(PASSING | change))] == [f"dtac-2.0:{failing}"]


@pytest.mark.parametrize(
    ("answered", "code", "finding"),
    [
        ({"C1.1.1": "yes"}, "C1.1.1", Finding.FOR_JUDGEMENT),
        ({"C1.1.1": "no"}, "C1.1.1", Finding.MET),
        ({"C1.1.1": "no", "C1.2": "no", "C1.2.1": "It schedules rooms."}, "C1.2.1", Finding.FOR_JUDGEMENT),
        ({"C2.1": "no_access"}, "C2.1", Finding.MET),
        ({"C2.1": "confirmed"}, "C2.1", Finding.FOR_JUDGEMENT),
        ({"C2.2": "no"}, "C2.2", Finding.FOR_JUDGEMENT),
        ({"C2.2": "yes", "C2.2.4": NA}, "C2.2.4", Finding.FOR_JUDGEMENT),
        ({"C3.2": "no", "C3.3": "not_provided"}, "C3.3", Finding.FOR_JUDGEMENT),
        ({"C3.2": "no", "C3.5.1": NA}, "C3.5.1", Finding.MET),
        ({"C4.1": "yes", "C4.1.2": "unable"}, "C4.1.2", Finding.FOR_JUDGEMENT),
        ({"C4.1": "yes", "C4.1.2": "confirmed"}, "C4.1.2", Finding.MET),
        ({"C4.2": "yes", "C4.2.1": "no"}, "C4.2.1", Finding.FOR_JUDGEMENT),
        ({"C4.2": "yes", "C4.2.1": "yes"}, "C4.2.1", Finding.MET),
        ({"C4.2": "yes", "C4.2.4": "no"}, "C4.2.4", Finding.FOR_JUDGEMENT),
        ({"C4.2": "yes", "C4.2.4": NA}, "C4.2.4", Finding.MET),
        ({"C4.2": "yes", "C4.2.4": NA, "C4.2.5": NA}, "C4.2.5", Finding.MET),
        ({"D1.1": "not_provided"}, "D1.1", Finding.COMPARED),
        ({"A1": "A company"}, "A1", Finding.NOT_ASSESSED),
        ({"C3.2": "yes"}, "C3.3", Finding.NOT_ASKED),
        ({}, "C3.3", Finding.OPEN),
    ],
)
def test_what_each_answer_comes_to_by_itself(answered, code, finding):
    assert outcomes.question_findings(DTAC, given(answered))[code].finding is finding


def test_only_c_gates_and_each_section_has_its_judge():
    gates = {section.label: section.gate for section in DTAC.sections}
    assert gates == {
        "A": Gate.NONE, "B": Gate.NONE, "D": Gate.SCORED, **dict.fromkeys(["C1", "C2", "C3", "C4"], Gate.PASS_FAIL),
    }  # fmt: skip
    judges = {section.label: (section.judged_by, section.consulted) for section in DTAC.sections}
    assert judges == {
        "A": (None, ()), "B": (None, ()), "C1": ("ccio", ("cso",)), "C2": ("ig_lead", ("dpo",)), "C3": ("ciso", ()),
        "C4": ("ccio", ()), "D": ("ccio", ()),
    }  # fmt: skip


def test_nothing_is_passed_off_as_official():
    shown = {question.provenance_shown for question in DTAC.questions} | {DTAC.provenance_shown}
    assert shown == {"Third-party transcription, February 2026"}
    assert {question.provenance for question in DTAC.questions} == {Provenance.THIRD_PARTY}


@pytest.mark.parametrize(
    ("code", "months"), [("C2.1", 12), ("C2.2.1", 12), ("C3.1", 12), ("C3.3", 12), ("C1.2.4", None), ("C2.2.2", None)]
)
def test_dated_evidence_says_for_how_long_it_holds(code, months):
    assert DTAC.by_code[code].evidence_expected
    assert DTAC.by_code[code].evidence_validity_months == months


def test_traps_of_the_form_are_held():
    assert "7.0" in (DTAC.by_code["C3.3"].pass_criterion or "")
    assert "2.2" in DTAC.by_code["D1.4.1"].words
    assert DTAC.by_code["D1.5"].response is Response.PERCENT
    assert "C4.3" not in DTAC.by_code and "C4.3" in (DTAC.by_code["C4.2"].note or "")
    assert DTAC.published.isoformat() == "2026-02-24"
    assert DTAC.mandatory_from is not None and DTAC.mandatory_from.isoformat() == "2026-04-06"


def test_contacts_stay_at_home_and_names_and_security_stay_out_of_public():
    kept = {q.code: set(q.withheld_from) for q in DTAC.questions if q.withheld_from}
    assert {code for code, editions in kept.items() if "partner" in editions} == {"A5", "A6", "A7"}
    assert {"C1.2.5", *CODES["dtac.c3"]} <= set(kept)
