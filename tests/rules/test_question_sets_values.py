"""Whether a value answers its question, and in which form it is kept."""

import datetime

import pytest

from governance.assessment.question_sets import loader, values
from governance.assessment.question_sets.faults import AnswerFault
from governance.assessment.question_sets.schema import Option, Question
from governance.assessment.question_sets.values import AnswerValue

DTAC = loader.question_set("dtac-2.0")


def question(response: str, **more: object) -> Question:
    fields = {"code": "Q1", "words": "What?", "response": response, "gate": "none", "provenance": "default", **more}
    return Question.model_validate(fields)


SEVERAL = question(
    "multi_choice",
    options=[{"value": v, "words": v.capitalize()} for v in ("children", "staff", "other")]
    + [{"value": "not_applicable", "words": "Not applicable"}],
)


@pytest.mark.parametrize(
    ("asked", "raw", "kept"),
    [
        (question("free_text"), "  Two words \n", "Two words"),
        (question("file"), "evidence-7", "evidence-7"),
        (question("yes_no"), "yes", "yes"),
        (question("yes_no_na"), "not_applicable", "not_applicable"),
        (question("provided_notprovided"), "not_provided", "not_provided"),
        (question("provided_notprovided_na"), "not_applicable", "not_applicable"),
        (question("confirm_unable"), "unable", "unable"),
        (question("confirm_unable_na"), "not_applicable", "not_applicable"),
        (question("date"), "2026-05-03", "2026-05-03"),
        (question("date"), datetime.date(2026, 5, 3), "2026-05-03"),
        (question("date_or_na"), "not_applicable", "not_applicable"),
        (question("date_or_na"), "2024-02-29", "2024-02-29"),
        (question("percent_2dp"), "99.9", "99.90"),
        (question("percent_2dp"), "100", "100.00"),
        (question("percent_2dp"), " 0 %", "0.00"),
        (SEVERAL, ["staff", "children"], ("children", "staff")),
        (SEVERAL, "staff", ("staff",)),
        (SEVERAL, ["staff", "staff", ""], ("staff",)),
    ],
)
def test_a_good_value_is_kept_in_one_form(asked, raw, kept):
    assert values.validate_value(asked, raw) == kept


@pytest.mark.parametrize(
    ("asked", "raw", "sentence"),
    [
        (question("free_text"), "   ", "Enter an answer to Q1."),
        (question("free_text"), None, "Enter an answer to Q1."),
        (question("free_text"), True, "Enter an answer to Q1."),
        (question("free_text"), "x" * 20_001, "The answer to Q1 must be 20,000 characters or fewer."),
        (question("free_text", code="how_used", words="How is it used?"), "x" * 20_001, "The answer to ‘How is it used?’ must be 20,000 characters or fewer."),
        (question("yes_no"), "", "Select an answer to Q1."),
        (question("yes_no"), "maybe", "The answer to Q1 must be one of ‘Yes’, ‘No’."),
        (question("yes_no"), "not_applicable", "The answer to Q1 must be one of ‘Yes’, ‘No’."),
        (question("date"), "31/12/2026", "The answer to Q1 must be a real date, like 3 May 2027."),
        (question("date"), "2026-02-30", "The answer to Q1 must be a real date, like 3 May 2027."),
        (question("date"), "not_applicable", "The answer to Q1 must be a real date, like 3 May 2027."),
        (question("date_or_na"), "", "Enter an answer to Q1."),
        (question("percent_2dp"), "100.01", "The answer to Q1 must be a percentage from 0 to 100, like 99.95."),
        (question("percent_2dp"), "99.955", "The answer to Q1 must be a percentage from 0 to 100, like 99.95."),
        (question("percent_2dp"), "-1", "The answer to Q1 must be a percentage from 0 to 100, like 99.95."),
        (question("percent_2dp"), "１", "The answer to Q1 must be a percentage from 0 to 100, like 99.95."),
        (SEVERAL, [], "Select an answer to Q1."),
        (SEVERAL, None, "Select an answer to Q1."),
        (SEVERAL, ["not_applicable", "staff"], "Select either ‘Not applicable’ or other answers to Q1."),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence(asked, raw, sentence):
    with pytest.raises(AnswerFault) as refused:
        values.validate_value(asked, raw)
    assert refused.value.sentence == sentence


def test_not_applicable_is_kept_apart_from_other_values():
    kept = values.answer(question("yes_no_na"), "not_applicable", note=" no access ")
    assert kept == AnswerValue(None, note="no access", not_applicable=True)
    assert kept.chosen == ("not_applicable",)


@pytest.mark.parametrize(
    ("code", "given", "faults"),
    [
        ("C2.2", AnswerValue("no"), ["Give a reason for ‘No’ in C2.2."]),
        ("C2.2", AnswerValue("no", note="  "), ["Give a reason for ‘No’ in C2.2."]),
        ("C2.2", AnswerValue("no", note="We neither host nor reach it."), []),
        ("C2.2", AnswerValue("yes"), []),
        ("C2.2.4", AnswerValue(None, not_applicable=True), ["Give a reason for ‘Not applicable’ in C2.2.4."]),
        ("A4", AnswerValue("other"), ["Give a reason for ‘Other’ in A4."]),
        ("A1", AnswerValue(None), ["Enter an answer to A1."]),
        ("C3.1", AnswerValue("lost"), ["The answer to C3.1 must be one of ‘Provided’, ‘Not provided’."]),
    ],
)
def test_a_kept_answer_may_still_lack_something(code, given, faults):
    assert values.value_faults(DTAC.by_code[code], given) == faults


@pytest.mark.parametrize(
    ("code", "given", "wanted"),
    [
        ("C1.1.1", AnswerValue("yes"), True),
        ("C1.1.1", AnswerValue("no"), False),
        ("C3.1", AnswerValue("provided"), True),
        ("C3.1", AnswerValue("not_provided"), False),
        ("C2.1", AnswerValue("no_access"), False),
        ("C2.1", AnswerValue("confirmed"), True),
        ("C4.1.1", AnswerValue("FHIR R4"), True),
        ("C4.1.1", AnswerValue(None), False),
        ("A12", AnswerValue(None, not_applicable=True), False),
        ("A1", AnswerValue("A company"), False),
    ],
)
def test_evidence_is_wanted_where_the_answer_claims_something(code, given, wanted):
    assert values.wants_evidence(DTAC.by_code[code], given) is wanted


def test_a_question_may_word_its_options_otherwise():
    worded = DTAC.by_code["B4"]
    assert worded.options[1] == Option(value="not_provided", words="Not available")
