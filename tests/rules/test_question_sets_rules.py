"""Routing over any set: skipped, not applicable, unanswered and not reached are different things."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.assessment.question_sets import loader, outcomes, paths, rules, values
from governance.assessment.question_sets.outcomes import Finding
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Question, QuestionSet, Response
from governance.assessment.question_sets.values import AnswerValue

DTAC = loader.question_set("dtac-2.0")


def small_set(*questions: dict[str, object], gate: str = "judgement") -> QuestionSet:
    """A set of one section, for a rule that DTAC does not show."""
    section = {"code": "s.one", "label": "One", "title": "One", "gate": gate, "provenance": "default"}
    asked = [{"words": "What?", "response": "yes_no", "provenance": "default", **question} for question in questions]
    return QuestionSet.model_validate(
        {
            "code": "small-1", "instrument": "Small", "version": "1", "title": "Small", "owner": "Nobody",
            "scope": "deployment", "published": "2026-01-01", "provenance": "default", "status": "Made up.",
            "source": {"title": "None", "how_read": "Made up."}, "watch_on": "2027-01-01",
            "sections": [{**section, "questions": asked}],
        }
    )  # fmt: skip


YES, NO = AnswerValue("yes"), AnswerValue("no")


@pytest.mark.parametrize(
    ("condition", "answers", "facts", "state"),
    [
        ({"answer": "P", "is": "yes"}, {"P": YES}, {}, State.UNANSWERED),
        ({"answer": "P", "is": "yes"}, {"P": NO}, {}, State.SKIPPED),
        ({"answer": "P", "is": "yes"}, {}, {}, State.NOT_REACHED),
        ({"answer": "P", "in": ["yes", "no"]}, {"P": NO}, {}, State.UNANSWERED),
        ({"not": {"answer": "P", "is": "yes"}}, {"P": NO}, {}, State.UNANSWERED),
        ({"not": {"answer": "P", "is": "yes"}}, {"P": YES}, {}, State.SKIPPED),
        ({"not": {"answer": "P", "is": "yes"}}, {}, {}, State.NOT_REACHED),
        ({"all": [{"answer": "P", "is": "yes"}, {"answer": "Q", "is": "yes"}]}, {"P": NO}, {}, State.SKIPPED),
        ({"all": [{"answer": "P", "is": "yes"}, {"answer": "Q", "is": "yes"}]}, {"P": YES}, {}, State.NOT_REACHED),
        ({"any": [{"answer": "P", "is": "yes"}, {"answer": "Q", "is": "yes"}]}, {"P": YES}, {}, State.UNANSWERED),
        ({"any": [{"answer": "P", "is": "yes"}, {"answer": "Q", "is": "yes"}]}, {"P": NO}, {}, State.NOT_REACHED),
        ({"any": [{"answer": "P", "is": "yes"}, {"answer": "Q", "is": "yes"}]}, {"P": NO, "Q": NO}, {}, State.SKIPPED),
        ({"fact": "direct_care", "is": "yes"}, {}, {"direct_care": "yes"}, State.UNANSWERED),
        ({"fact": "direct_care", "is": "yes"}, {}, {"direct_care": "no"}, State.SKIPPED),
        ({"fact": "direct_care", "is": "yes"}, {}, {}, State.NOT_REACHED),
        ({"fact": "tier", "in": ["high", "medium"]}, {}, {"tier": "low"}, State.SKIPPED),
    ],
)
def test_a_condition_holds_does_not_hold_or_cannot_be_told(condition, answers, facts, state):
    asked = small_set({"code": "P"}, {"code": "Q"}, {"code": "R", "asked_when": condition})
    assert rules.state_of(asked, answers, facts)["R"].state is state


def test_one_of_several_choices_is_enough_to_lead_on():
    options = [{"value": value, "words": value} for value in ("children", "staff", "visitors")]
    asked = small_set(
        {"code": "P", "response": "multi_choice", "options": options},
        {"code": "R", "asked_when": {"answer": "P", "is": "children"}},
    )
    with_children = {"P": AnswerValue(("children", "staff"))}
    assert rules.state_of(asked, with_children)["R"].state is State.UNANSWERED
    state = rules.state_of(asked, {"P": AnswerValue(("staff", "visitors"))})["R"]
    assert (state.state, state.reason) == (State.SKIPPED, "Skipped because P is staff and visitors.")


def test_a_question_not_reached_says_what_to_do_first():
    asked = small_set(
        {"code": "P"},
        {"code": "R", "asked_when": {"answer": "P", "is": "yes"}},
        {"code": "S", "asked_when": {"fact": "direct_care", "is": "yes"}},
    )
    states = rules.state_of(asked, {})
    assert states["R"].reason == "Not reached yet: answer P first."
    assert states["S"].reason == "Not reached yet: record ‘direct care’ in triage first."


def test_an_answer_that_lacks_its_reason_is_unanswered_and_decides_no_route():
    states = rules.state_of(DTAC, {"C2.2": AnswerValue("no")})
    assert states["C2.2"].state is State.UNANSWERED
    assert states["C2.2"].reason == "Give a reason for ‘No’ in C2.2."
    assert states["C2.2.1"].state is State.NOT_REACHED


def test_an_optional_question_left_empty_is_unanswered_but_not_outstanding():
    sheet = loader.question_set("tool-facts-1")
    states = rules.state_of(sheet, {})
    assert {state.state for state in states.values()} == {State.UNANSWERED}
    assert [blocker.code for blocker in rules.outstanding(sheet, {})] == [
        "tool-facts-1:intended_use", "tool-facts-1:primary_users",
    ]  # fmt: skip
    filled = {code: AnswerValue("text") for code in ("intended_use", "primary_users")}
    assert rules.outstanding(sheet, filled) == []
    assert outcomes.pass_result(sheet, filled).sentence == "Nothing in this set can stop a pass."


def test_an_optional_answer_left_empty_in_a_gating_section_holds_nothing_up():
    asked = small_set({"code": "P"}, {"code": "Q", "required": False})
    assert outcomes.question_findings(asked, {"P": YES})["Q"].finding is Finding.NOT_ASSESSED
    assert outcomes.pass_result(asked, {"P": YES}, judgements={"s.one": "met"}).finding is Finding.MET


@pytest.mark.parametrize(
    ("judged", "finding", "sentence"),
    [
        (None, Finding.FOR_JUDGEMENT, "One awaits its judge."),
        ("met", Finding.MET, "All that applies in One is met."),
        ("not_met", Finding.NOT_MET, "One was judged not met."),
        ("query", Finding.FOR_JUDGEMENT, "One has a query from its judge."),
    ],
)
def test_the_judge_decides_what_no_answer_decides(judged, finding, sentence):
    result = outcomes.pass_result(
        small_set({"code": "P"}), {"P": YES}, judgements={"s.one": judged} if judged else None
    )
    assert (result.finding, result.sentence) == (finding, sentence)


def test_a_judge_cannot_pass_a_section_that_is_still_open():
    result = outcomes.pass_result(small_set({"code": "P"}), {}, judgements={"s.one": "met"})
    assert (result.finding, result.sentence) == (Finding.OPEN, "One: P is still open.")


def test_unknown_codes_among_the_answers_change_nothing():
    assert rules.state_of(DTAC, {"Z9": YES}) == rules.state_of(DTAC, {})


def _answer_to(question: Question) -> st.SearchStrategy[AnswerValue]:
    texts = {Response.PERCENT: "99.95", Response.DATE_OR_NA: "2026-01-31"}
    options = [option.value for option in question.options]
    raw = st.sampled_from([*options, *([texts.get(question.response, "some text")] if not options else []), "nonsense"])
    return st.builds(
        lambda value, note: AnswerValue(None, note, True) if value == "not_applicable" else AnswerValue(value, note),
        raw,
        st.sampled_from(["", "a reason"]),
    )


ANSWERS = st.fixed_dictionaries({}, optional={question.code: _answer_to(question) for question in DTAC.questions})


@settings(deadline=None, max_examples=150)
@given(ANSWERS)
def test_any_answers_give_every_question_one_state_and_nothing_is_counted_twice(answers):
    states = rules.state_of(DTAC, answers)
    assert list(states) == [question.code for question in DTAC.questions]
    assert sum(rules.tally(states).values()) == len(DTAC.questions)
    for code, state in states.items():
        assert (state.reason == "") == (state.state is State.ANSWERED)
        if state.done:
            assert not values.value_faults(DTAC.by_code[code], answers[code])
    open_codes = {blocker.code.removeprefix("dtac-2.0:") for blocker in rules.outstanding(DTAC, answers)}
    assert open_codes == {
        code for code, state in states.items() if state.state in (State.UNANSWERED, State.NOT_REACHED)
    }


@settings(deadline=None, max_examples=100)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_were_given_does_not_matter(answers, random):
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert rules.state_of(DTAC, dict(shuffled)) == rules.state_of(DTAC, answers)
    assert outcomes.pass_result(DTAC, dict(shuffled)) == outcomes.pass_result(DTAC, answers)


@settings(deadline=None, max_examples=100)
@given(ANSWERS)
def test_answers_to_skipped_questions_change_nothing_else(answers):
    states = rules.state_of(DTAC, answers)
    kept = {code: value for code, value in answers.items() if states[code].state is not State.SKIPPED}
    assert rules.state_of(DTAC, kept) == states
    assert outcomes.pass_result(DTAC, kept) == outcomes.pass_result(DTAC, answers)


@settings(deadline=None, max_examples=100)
@given(ANSWERS)
def test_nothing_passes_while_anything_that_gates_is_open(answers):
    judged = {section.code: "met" for section in DTAC.sections}
    result = outcomes.pass_result(DTAC, answers, judgements=judged)
    findings = outcomes.question_findings(DTAC, answers)
    gating = [findings[q.code].finding for section in DTAC.sections if section.gate.gates for q in section.questions]
    assert (result.finding is Finding.MET) == (Finding.OPEN not in gating and Finding.NOT_MET not in gating)


def test_the_longest_way_asks_all_but_the_question_that_excuses_the_rest():
    asked = {code for group in paths.groups(DTAC) for way in group.ways for code in way.asked}
    assert asked == {question.code for question in DTAC.questions}
    assert (paths.shortest(DTAC), paths.longest(DTAC)) == (28, 57)


def test_ways_are_counted_for_every_value_of_a_fact():
    asked = small_set(
        {"code": "P", "asked_when": {"fact": "tier", "is": "high"}},
        {"code": "R", "asked_when": {"answer": "P", "is": "yes"}},
    )
    (group,) = paths.groups(asked)
    assert [way.asked for way in group.ways] == [(), ("P",), ("P", "R")]
