"""The sets about data and information: the impact assessment, older DTAC forms, the tool sheet and the transparency record."""

import copy

import pytest

from governance import canonical
from governance.assessment.packs import changes, reading
from governance.assessment.question_sets import loader, outcomes, risks, rules, values
from governance.assessment.question_sets.contradictions import contradictions
from governance.assessment.question_sets.faults import AnswerFault, QuestionSetFault
from governance.assessment.question_sets.outcomes import Finding
from governance.assessment.question_sets.risks import Risk, RisksFault
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Provenance
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import rules as sheets
from tests.rules.test_question_sets_loader import SOUND, write

DPIA, DTAC_1, TOOL, ATRS = (loader.question_set(code) for code in ("dpia-1", "dtac-1.0", "tool-facts-2", "atrs-1"))
SHORT, FULL = {"depth": "short"}, {"depth": "full"}
SCREENING = ["DP1.1", "DP1.2", "DP1.3", "DP1.4", "DP2.2", "DP2.3", "DP4.6", "AD1"]
WHOLE = Risk("A letter reaches the wrong patient", "possible", "severe", "high", "A second check", "reduced", "medium", "yes")
LOW = Risk("Staff learn who is a patient", "remote", "minimal", "low")


def chosen(**given):
    """Answers by code, with a reason beside each."""
    return {code.replace("_", "."): AnswerValue(value, note="because") for code, value in given.items()}


def asked(facts, **given):
    states = rules.state_of(DPIA, chosen(**given), facts)
    return [code for code, state in states.items() if state.asked]


def test_the_screening_asks_eight_questions_whatever_is_answered():
    assert asked(SHORT) == SCREENING
    assert asked(SHORT, DP2_2=("health",), DP4_6="outside_uk", AD1="significant") == SCREENING


@pytest.mark.parametrize(
    ("given", "more", "count"),
    [
        pytest.param({"DP2_2": ("staff",), "DP4_6": "uk_only", "AD1": "no", "DP7_2": "low"}, {"AD2"}, 23, id="staff data only"),
        pytest.param(
            {"DP2_2": ("health",), "DP4_6": "uk_only", "AD1": "no", "DP7_2": "low"}, {"DP4.2", "DP4.3", "AD2"}, 25,
            id="health data in the UK",
        ),
        pytest.param(
            {"DP2_2": ("health", "staff"), "DP4_6": "outside_uk", "AD1": "significant", "DP7_2": "high"},
            {"DP4.2", "DP4.3", "DP4.7", "AD3", "AD4", "DP7.3"}, 28, id="the longest of all",
        ),
    ],
)  # fmt: skip
def test_the_whole_asks_what_its_answers_call_for(given, more, count):
    found = asked(FULL, **given)
    routed = {"DP4.2", "DP4.3", "DP4.7", "AD2", "AD3", "AD4", "DP7.3"}
    assert set(found) & routed == more
    assert len(found) == count
    assert not {"DP1.3", "DP1.4"} & set(found)


def test_the_information_governance_lead_judges_every_step_and_policy_reads_two_facts():
    assert {(each.judged_by, each.pack_section) for each in DPIA.sections} == {("ig_lead", "dpia")}
    gives = {each.gives: each for each in DPIA.questions if each.gives}
    assert gives.keys() == {"residual", "ico_consulted_on"}
    assert [option.value for option in gives["residual"].options] == ["low", "medium", "high"]


@pytest.mark.parametrize(
    ("code", "value", "finding"),
    [
        ("AD3", "none", Finding.NOT_MET),
        ("AD3", "explicit_consent", Finding.FOR_JUDGEMENT),
        ("AD3", "law_or_contract", Finding.FOR_JUDGEMENT),
    ],
)
def test_a_significant_automated_decision_without_a_condition_fails(code, value, finding):
    given = chosen(AD1="significant") | {code: AnswerValue(value, note="because")}
    assert outcomes.question_findings(DPIA, given, FULL)[code].finding is finding


def test_care_is_not_among_the_conditions_for_automated_decisions():
    assert "care" not in DPIA.by_code["AD3"].labels
    assert "care" in DPIA.by_code["DP4.2"].labels


def test_a_screening_that_wants_the_whole_first_stops_the_move():
    findings = outcomes.question_findings(DPIA, chosen(DP1_4="before_start"), SHORT)
    assert findings["DP1.4"].finding is Finding.NOT_MET
    assert outcomes.question_findings(DPIA, chosen(DP1_4="before_pilot"), SHORT)["DP1.4"].finding is Finding.MET


RISKS = DPIA.by_code["DP5.1"]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ([{"risk": "  Wrong patient \n"}, {}, {"risk": " "}], (Risk("Wrong patient"),)),
        ([WHOLE], (WHOLE,)),
        (risks.stored([WHOLE, LOW]), (WHOLE, LOW)),
    ],
)
def test_risks_are_kept_trimmed_and_without_empty_rows(raw, kept):
    assert values.validate_value(RISKS, raw) == kept


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ([], "Enter at least one risk."),
        ([{"risk": " "}], "Enter at least one risk."),
        ("a text", "Enter the risks in their rows."),
        ([{"risk": "A", "likelihood": "certain"}], "Likelihood of harm of risk 1 must be one of ‘Remote’, ‘Possible’"),
        ([{"risk": "A"}, {"risk": "x" * 2001}], "Risk of risk 2 must be 2,000 characters or fewer."),
        ([{"risk": "A", "colour": "red"}], "Risk 1 cannot be read. Enter it again."),
        ([{"risk": 7}], "Risk 1 cannot be read. Enter it again."),
        ([{"risk": f"Risk {n}"} for n in range(31)], "Enter 30 risks or fewer."),
    ],
)
def test_rows_that_cannot_be_kept_are_refused_with_a_sentence(raw, sentence):
    with pytest.raises(AnswerFault) as refused:
        values.validate_value(RISKS, raw)
    assert refused.value.sentence.startswith(sentence)


def without(row, **cleared):
    return Risk(**(risks.stored([row])[0] | cleared))


@pytest.mark.parametrize(
    ("row", "lacking"),
    [
        (WHOLE, []),
        (LOW, []),
        (Risk("", "remote"), ["Risk 1: describe the risk."]),
        (Risk("A"), ["Risk 1: select the likelihood of harm."]),
        (without(WHOLE, overall=""), ["Risk 1: select the overall risk."]),
        (without(WHOLE, measures=""), ["Risk 1: describe the measures, or why the risk is accepted without any."]),
        (without(LOW, overall="medium"), ["Risk 1: describe the measures, or why the risk is accepted without any."]),
        (without(WHOLE, residual=""), ["Risk 1: select the residual risk."]),
        (without(WHOLE, approved=""), ["Risk 1: say whether the measure is approved."]),
        (without(WHOLE, overall="low"), ["Risk 1: the residual risk cannot be higher than the overall risk before the measures."]),
        (without(WHOLE, effect="eliminated"), ["Risk 1: a risk that is eliminated has a low residual risk."]),
    ],
)
def test_an_open_row_leaves_the_question_unanswered_and_says_why(row, lacking):
    given = AnswerValue((row,))
    assert values.value_faults(RISKS, given) == lacking
    state = rules.state_of(DPIA, {"DP5.1": given}, FULL)["DP5.1"]
    assert (state.state, state.reason) == ((State.UNANSWERED, lacking[0]) if lacking else (State.ANSWERED, ""))


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        (WHOLE, "medium"),
        (LOW, "low"),
        pytest.param(without(WHOLE, approved="no"), "high", id="a measure that is not approved lowers nothing"),
    ],
)
def test_a_risk_counts_at_its_residual_once_its_measure_is_approved(row, stands):
    assert row.stands == stands


@pytest.mark.parametrize(
    ("rows", "whole", "sentence"),
    [
        ((WHOLE, LOW), "medium", None),
        ((WHOLE, LOW), "high", None),
        ((LOW, WHOLE), "low", "DP7.2 says that the residual risk is low, but risk 2 stands at medium."),
        ((without(WHOLE, approved="no"),), "medium", "DP7.2 says that the residual risk is medium, but risk 1 stands at high."),
        ((Risk("A"),), "low", None),
    ],
)
def test_the_residual_over_the_whole_is_never_lower_than_the_highest_risk(rows, whole, sentence):
    given = {"DP5.1": AnswerValue(rows), "DP7.2": AnswerValue(whole)}
    found = [each.sentence for each in contradictions(DPIA, given, FULL)]
    assert found == ([f"{sentence} It cannot be lower than the highest risk."] if sentence else [])
    assert contradictions(DPIA, given, SHORT) == []


def test_risks_are_stored_and_read_back_the_same_with_one_digest():
    given = AnswerValue((WHOLE, LOW))
    stored = sheets.stored(given.value)
    assert sheets.read_back(stored) == given.value
    shuffled = [dict(reversed(row.items())) for row in stored]
    assert canonical.digest(shuffled) == canonical.digest(stored)
    assert not sheets.same(given, AnswerValue((LOW, WHOLE)))
    assert sheets.same(given, AnswerValue(sheets.read_back(stored)))


def pack(*rows):
    """The matter of a section that holds one list of risks."""
    question = {
        "code": "DP5.1", "words": RISKS.words, "criterion": "", "state": "answered", "state_says": "", "withheld_from": [],
        "evidence": [], "value": risks.stored(rows), "words_chosen": [row.line for row in rows], "note": "", "source": "typed",
        "answered_by": "Ada", "answered_at": "2026-05-03T10:00:00+00:00", "finding": "for_judgement", "finding_says": "",
    }  # fmt: skip
    part = {"kind": "answers", "source": "Ours", "sections": [{"label": "5", "title": "Risks", "questions": [question]}]}
    return {"matter": {"parts": [part]}, "judgement": None}


def test_a_pack_shows_each_risk_before_and_after_its_measures():
    ((block,), (row,)) = (reading.blocks(pack(WHOLE, LOW)["matter"]), reading.blocks(pack(WHOLE, LOW)["matter"])[0].answers)
    assert (block.title, row.said) == ("5. Risks", "2 risks. The highest stands at medium.")
    assert [(each.overall, each.residual, each.residual_words) for each in row.risks] == [
        ("high", "medium", "Reduced, measure approved"), ("low", "", ""),
    ]  # fmt: skip
    assert row.risks[0].overall_words == "Possible, severe"


def test_a_comparison_names_the_risk_that_changed_and_no_other():
    higher = without(WHOLE, residual="high")
    found = changes.changes("Impact assessment", pack(LOW, WHOLE), pack(LOW, higher))
    said = " ".join(words for change in found for line in change.lines for _, words in line)
    assert "DP5.1, A letter reaches the wrong patient" in said
    assert "Staff learn" not in said


def test_the_older_form_is_only_read_and_says_what_took_its_place():
    assert (DTAC_1.read_only, DTAC_1.superseded_by) == (True, "dtac-2.0")
    assert loader.newer_version_of("dtac-1.0").code == "dtac-2.0"
    (blocker,) = sheets.open_blockers(DTAC_1)
    assert blocker.sentence == "DTAC 1.0 is kept to be read. Answer the version that took its place."
    assert sheets.open_blockers(DPIA) == []


def test_the_older_form_has_its_own_codes():
    by_section = {section.label: len(section.questions) for section in DTAC_1.sections}
    assert by_section == {"A": 11, "B": 4, "C1": 9, "C2": 9, "C3": 6, "C4": 9, "D": 20}
    assert {question.provenance for question in DTAC_1.questions} == {Provenance.THIRD_PARTY}
    assert "2.1" in DTAC_1.by_code["D1.4"].words and "2.2" not in DTAC_1.by_code["D1.4"].words


def test_the_tool_sheet_goes_on_where_its_first_version_ended():
    before = loader.question_set("tool-facts-1")
    assert loader.newer_version_of("tool-facts-1") == TOOL
    assert loader.newer_version_of("tool-facts-2") is None
    assert {each.same_as for each in TOOL.questions if each.same_as} == set(before.by_code)
    for question in before.questions:
        newer = TOOL.by_code[question.code]
        assert (newer.words, newer.response, newer.card_elements) == (question.words, question.response, question.card_elements)
    assert len(TOOL.questions) == 20
    assert [each.code for each in rules.outstanding(TOOL, {})] == ["tool-facts-2:intended_use", "tool-facts-2:primary_users"]


def test_the_transparency_record_is_voluntary_and_says_so():
    assert ATRS.voluntary and "Voluntary for NHS trusts" in (ATRS.intro or "")
    assert not any(section.gate.gates or section.judged_by for section in ATRS.sections)
    assert all(each.clause for each in ATRS.questions)
    by_name = {each.code: each.provenance for each in ATRS.questions}
    assert {by_name[code] for code in ("name", "description", "website", "contact_email")} == {Provenance.OFFICIAL}
    assert {by_name[code] for code in ("maintenance", "models", "development_data")} == {Provenance.RECALLED}


def second(**changes):
    content = copy.deepcopy(SOUND) | {"code": "small-2", "supersedes": "small-1"} | changes
    content["sections"][0]["questions"][0] |= {"same_as": "Q1"}
    return content


def test_a_newer_version_says_which_it_follows(tmp_path):
    write(tmp_path, SOUND)
    write(tmp_path, second(), "small-2.yaml")
    assert loader.newer_version_of("small-1", tmp_path).code == "small-2"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (second(supersedes="small-9"), "small-2.yaml, supersedes: there is no other question set ‘small-9’."),
        (second(supersedes="small-2"), "small-2.yaml, supersedes: there is no other question set ‘small-2’."),
        (second(supersedes=None), "small-2.yaml, Q1: it has ‘same_as’, but this set supersedes no other."),
        (second(read_only=True), "small-2.yaml, read_only: a set that is only read must say in ‘superseded_by’"),
    ],
)
def test_a_version_that_points_nowhere_is_refused(tmp_path, content, sentence):
    write(tmp_path, SOUND)
    write(tmp_path, content, "small-2.yaml")
    with pytest.raises(QuestionSetFault) as fault:
        loader.all_question_sets(tmp_path)
    assert str(fault.value).startswith(sentence)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"same_as": "Q9"}, "Q1: it is the same as Q9, which is not in small-1."),
        ({"same_as": "Q2"}, "Q1: it cannot take over the answers of Q2: they may be others."),
    ],
)
def test_answers_are_carried_over_only_from_a_question_that_could_give_them(tmp_path, changed, sentence):
    content = second()
    content["sections"][0]["questions"][0] |= changed
    write(tmp_path, SOUND)
    write(tmp_path, content, "small-2.yaml")
    with pytest.raises(QuestionSetFault, match=sentence):
        loader.all_question_sets(tmp_path)


def test_two_sets_cannot_take_the_same_place(tmp_path):
    write(tmp_path, SOUND)
    write(tmp_path, second(), "small-2.yaml")
    write(tmp_path, second(code="small-3"), "small-3.yaml")
    with pytest.raises(QuestionSetFault, match="‘small-3’ takes the place of ‘small-1’ too"):
        loader.all_question_sets(tmp_path)


def test_more_rows_than_fit_a_form_are_refused_whatever_they_hold():
    with pytest.raises(RisksFault):
        risks.read([{"risk": "A"}] * (risks.MOST + 1))
