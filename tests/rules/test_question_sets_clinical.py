"""The clinical sets as data: DCB0129 4.2, DCB0160 3.2, medical device status and ambient scribing.

The numbers of DCB0129 are those of NHS England's compliance sheet (version 5.0, June 2023) and of a published compliance
matrix, as transcribed in public. Those of DCB0160 are partly derived, which the set itself says.
"""

import re
from collections import Counter

import pytest
from flask import Flask

from governance.assessment.question_sets import loader, outcomes, paths, rules, values
from governance.assessment.question_sets.outcomes import Finding
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import EXPLAINED, Gate, Provenance, Response
from governance.assessment.sheets import forms
from governance.lifecycle import Stage

DCB0129 = loader.question_set("dcb0129-4.2")
DCB0160 = loader.question_set("dcb0160-3.2")
DEVICE = loader.question_set("device-1")
SCRIBING = loader.question_set("scribing-1")
SETS = (DCB0129, DCB0160, DEVICE, SCRIBING)

MANUFACTURER = {
    "2.1": 1, "2.2": 2, "2.3": 4, "2.4": 2, "2.5": 2, "2.6": 1,
    "3.1": 4, "3.2": 4, "3.3": 3, "3.4": 1, "3.5": 3, "3.6": 1,
    "4.1": 3, "4.2": 2, "4.3": 1, "4.4": 1, "5.1": 2,
    "6.1": 6, "6.2": 2, "6.3": 3, "6.4": 1, "7.1": 3, "7.2": 5, "7.3": 4,
}  # fmt: skip
"""Sub-clauses of DCB0129 v4.2 in each sub-section."""
DEPLOYER = MANUFACTURER | {"2.5": 1, "2.6": 2, "2.7": 1, "3.5": 2, "4.2": 3, "7.4": 4}
"""DCB0160 v3.2: procurement comes in at 2.5, environment and users at 4.2.3, decommissioning at 7.4."""
LISTED = {
    "2.2.2", "2.3.1", "2.3.2", "2.3.3", "2.3.4", "2.5.1", "2.6.1", "3.2.1", "3.2.2", "3.3.1", "3.3.2", "3.5.1", "3.5.2",
    "4.2.3", "4.3.1", "7.1.1", "7.1.2", "7.1.3", "7.4.1", "7.4.2", "7.4.3", "7.4.4",
}  # fmt: skip
"""Sub-clauses of DCB0160 that public texts name; the others are derived."""
SHOULD = {"R4.1.2", "R6.2.2"}
NOT_IN_FIRST_USE = {"R7.2.3", "R7.3.2", "R7.3.3", "R7.3.4", "R7.4.1", "R7.4.2", "R7.4.3", "R7.4.4"}
PILOT = {"stage": Stage.PILOT.value}


def given(question_set, answered):
    """Answers with a reason beside each."""
    return {code: values.answer(question_set.by_code[code], raw, note="because") for code, raw in answered.items()}


def asked(question_set, answered, facts=None):
    states = rules.state_of(question_set, given(question_set, answered), facts)
    return {code for code, state in states.items() if state.asked}


def finding(question_set, answered, code, facts=None):
    return outcomes.question_findings(question_set, given(question_set, answered), facts)[code]


def clauses(question_set):
    return [question for question in question_set.questions if re.fullmatch(r"R[\d.]+", question.code)]


@pytest.mark.parametrize(("question_set", "expected", "total"), [(DCB0129, MANUFACTURER, 61), (DCB0160, DEPLOYER, 66)])
def test_every_sub_clause_has_its_question_under_its_number(question_set, expected, total):
    found = Counter(question.code[1:].rpartition(".")[0] for question in clauses(question_set))
    assert found == expected
    assert sum(found.values()) == total
    for section, count in expected.items():
        assert [f"R{section}.{n}" in question_set.by_code for n in range(1, count + 2)] == [True] * count + [False]


@pytest.mark.parametrize(("question_set", "name"), [(DCB0129, "DCB0129 v4.2"), (DCB0160, "DCB0160 v3.2")])
def test_each_question_names_its_clause_and_stands_in_the_section_of_its_chapter(question_set, name):
    for question in clauses(question_set):
        number = question.code[1:]
        assert question.clause == f"{name}, {number}"
        label = question_set.section_of[question.code].label
        assert number.startswith(f"{label}.")
        assert question.response is Response.COMPLIANCE
        assert question.requires_reason_for == EXPLAINED
        assert question.why and question.pass_criterion


@pytest.mark.parametrize("question_set", [DCB0129, DCB0160])
def test_a_must_gates_and_only_two_clauses_may_be_departed_from(question_set):
    gates = {question.code: question.gate for question in clauses(question_set)}
    assert {code for code, gate in gates.items() if gate is Gate.SHOULD} == SHOULD
    assert {gate for code, gate in gates.items() if code not in SHOULD} == {Gate.MUST}


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        ("R3.2.1", "yes", Finding.MET),
        ("R3.2.1", "partial", Finding.NOT_MET),
        ("R3.2.1", "no", Finding.NOT_MET),
        ("R3.2.1", "awaiting", Finding.NOT_MET),
        ("R3.2.1", "not_applicable", Finding.FOR_JUDGEMENT),
        ("R4.1.2", "yes", Finding.MET),
        ("R4.1.2", "partial", Finding.FOR_JUDGEMENT),
        ("R4.1.2", "no", Finding.FOR_JUDGEMENT),
        ("R4.1.2", "awaiting", Finding.FOR_JUDGEMENT),
        ("R4.1.2", "not_applicable", Finding.FOR_JUDGEMENT),
    ],
)
def test_yes_meets_a_must_and_a_departure_from_a_should_is_for_the_judge(code, answer, expected):
    assert finding(DCB0129, {"basis": "safety_case", code: answer}, code).finding is expected
    assert finding(DCB0160, {code: answer}, code, PILOT).finding is expected


def test_a_compliance_answer_other_than_yes_needs_its_reason():
    question = DCB0160.by_code["R2.1.1"]
    assert values.value_faults(question, values.answer(question, "yes")) == []
    for value in EXPLAINED:
        bare = values.answer(question, value)
        assert values.value_faults(question, bare) == [f"Give a reason for ‘{question.label_of(value)}’ in R2.1.1."]
        assert values.value_faults(question, values.answer(question, value, note="because")) == []


def test_a_compliance_answer_is_given_as_one_of_five_radios():
    app = Flask(__name__)
    app.config.update(TESTING=True, SECRET_KEY="for tests", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        form = forms.section_form("dcb0160-3.2", ("R2.1.1",))()
    assert form["answer_R2_1_1"].inline
    assert [words for _, words in form["answer_R2_1_1"].choices] == ["Yes", "Partly", "No", "Awaiting", "Not applicable"]
    assert str(form["note_R2_1_1"].label.text) == "Where the evidence is; for any answer but “Yes”, the reason"


CLAUSES = {question.code for question in clauses(DCB0129)}
FILE = {question.code for question in DCB0129.section("dcb0129.technical_file").questions}


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        pytest.param({}, {"basis"}, id="nothing said: the basis first"),
        pytest.param(
            {"basis": "safety_case"},
            {"basis", "standard_version"} | CLAUSES - {"R6.2.1", "R6.2.2"},
            id="safety case: every clause; 6.2 waits for 6.1.6",
        ),
        pytest.param(
            {"basis": "safety_case", "R6.1.6": "yes"},
            {"basis", "standard_version"} | CLAUSES,
            id="an irreducible risk: its benefits are weighed",
        ),
        pytest.param(
            {"basis": "safety_case", "R6.1.6": "not_applicable"},
            {"basis", "standard_version"} | CLAUSES - {"R6.2.1", "R6.2.2"},
            id="every risk was controlled: no benefit analysis",
        ),
        pytest.param({"basis": "technical_file"}, {"basis"} | FILE, id="technical file: a short check"),
        pytest.param({"basis": "out_of_scope"}, {"basis", "out_of_scope_reason"}, id="out of scope: why"),
    ],
)
def test_the_basis_decides_what_is_asked_of_the_manufacturer(answered, expected):
    assert asked(DCB0129, answered) == expected


def test_a_skipped_question_names_the_question_that_skipped_it_in_words():
    states = rules.state_of(DCB0129, given(DCB0129, {"basis": "out_of_scope"}))
    assert states["R2.1.1"].state is State.SKIPPED
    assert states["R2.1.1"].reason == (
        "Skipped because ‘What does the manufacturer’s safety evidence rest on?’ is DCB0129 does not apply."
    )
    behind = rules.state_of(DCB0129, given(DCB0129, {"basis": "safety_case", "R6.1.6": "not_applicable"}))
    assert behind["R6.2.1"].reason.endswith("R6.1.6 is Not applicable.")


@pytest.mark.parametrize(
    ("stage", "left_out"),
    [
        (Stage.PILOT, NOT_IN_FIRST_USE),
        (Stage.IMPLEMENTATION, set()),
        (Stage.BUSINESS_AS_USUAL, set()),
    ],
)
def test_what_only_use_can_show_waits_until_there_has_been_use(stage, left_out):
    every = {question.code for question in DCB0160.questions}
    assert asked(DCB0160, {"R6.1.6": "yes"}, {"stage": stage.value}) == every - left_out


def test_a_pilot_is_asked_at_most_58_of_them_and_56_where_every_risk_is_controlled():
    assert len(asked(DCB0160, {"R6.1.6": "yes"}, PILOT)) == 58
    assert len(asked(DCB0160, {"R6.1.6": "not_applicable"}, PILOT)) == 56


def test_decommissioning_may_stay_empty_until_an_end_is_planned():
    optional = {question.code for question in DCB0160.questions if not question.required}
    assert optional == {question.code for question in DCB0160.section("dcb0160.7.4").questions}
    complete = given(DCB0160, {q.code: "yes" for q in DCB0160.questions if q.required})
    facts = {"stage": Stage.BUSINESS_AS_USUAL.value}
    assert rules.outstanding(DCB0160, complete, facts) == []
    assert outcomes.pass_result(DCB0160, complete, facts).finding is Finding.MET


@pytest.mark.parametrize(
    ("question_set", "scope", "pack_section", "judges"),
    [
        (DCB0129, "tool", "dcb0129", {("cso", ())}),
        (DCB0160, "deployment", "hazard_log", {("cso", ())}),
        (DEVICE, "tool", "device", {("cso", ())}),
        (SCRIBING, "tool", "scribing", {("cso", ("ig_lead",))}),
    ],
)
def test_each_set_belongs_to_its_pack_section_and_is_judged_by_the_safety_officer(
    question_set, scope, pack_section, judges
):
    assert question_set.scope == scope
    assert {section.pack_section for section in question_set.sections} == {pack_section}
    assert {(section.judged_by, section.consulted) for section in question_set.sections} == judges


@pytest.mark.parametrize(
    ("question_set", "expected"),
    [
        (DCB0129, {"basis": "basis", "out_of_scope_reason": "out_of_scope_reason"}),
        (DCB0160, {}),
        (
            DEVICE,
            {
                "mhra_class": "mhra_class",
                "registration_number": "registration_number",
                "certificate_expires_on": "certificate_expires_on",
            },
        ),
        (SCRIBING, {}),
    ],
)
def test_these_answers_give_policy_its_facts(question_set, expected):
    assert {question.gives: question.code for question in question_set.questions if question.gives} == expected


def test_the_values_are_those_that_policy_looks_for():
    assert set(DCB0129.by_code["basis"].labels) == {"safety_case", "technical_file", "out_of_scope"}
    assert list(DEVICE.by_code["mhra_class"].labels) == [
        "not_a_device", "class_i", "class_iia", "class_iib", "class_iii", "in_house",
    ]  # fmt: skip
    # a text, so that no “not applicable” can pass for a number
    assert DEVICE.by_code["registration_number"].response is Response.FREE_TEXT


ALWAYS = {"mhra_class", "intended_purpose", "class_basis", "nice_recommendation"}
CLASSED = {
    "class_rule", "eu_class", "mark", "declaration", "registration_number", "uk_responsible_person", "instructions_version",
    "fda", "change_plan", "reliance", "airlock", "surveillance", "surveillance_report_on", "field_notices",
}  # fmt: skip
CERTIFIED = {"certificate", "certificate_expires_on"}


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        pytest.param({"mhra_class": "not_a_device"}, ALWAYS, id="no device: why, and NICE"),
        pytest.param({"mhra_class": "in_house"}, ALWAYS | {"in_house_basis"}, id="in-house: who makes and uses it"),
        pytest.param({"mhra_class": "class_i"}, ALWAYS | CLASSED | {"self_declared_limits"}, id="class I: registered"),
        pytest.param({"mhra_class": "class_iia"}, ALWAYS | CLASSED | CERTIFIED, id="class IIa: a certificate"),
        pytest.param({"mhra_class": "class_iib"}, ALWAYS | CLASSED | CERTIFIED, id="class IIb: a certificate"),
        pytest.param({"mhra_class": "class_iii"}, ALWAYS | CLASSED | CERTIFIED, id="class III: a certificate"),
        pytest.param(
            {"mhra_class": "class_i", "fda": "k510"},
            ALWAYS | CLASSED | {"self_declared_limits", "fda_number"},
            id="cleared in the US: the number",
        ),
        pytest.param(
            {"mhra_class": "class_i", "fda": "exempt"},
            ALWAYS | CLASSED | {"self_declared_limits"},
            id="exempt in the US: no number",
        ),
        pytest.param(
            {"mhra_class": "not_a_device", "nice_recommendation": "more_research"},
            ALWAYS | {"nice_number"},
            id="NICE guidance: its number",
        ),
        pytest.param(
            {"mhra_class": "not_a_device", "nice_recommendation": "none"}, ALWAYS, id="no NICE guidance: no number"
        ),
    ],
)
def test_the_class_decides_what_is_asked_of_a_device(answered, expected):
    assert asked(DEVICE, answered) == expected


@pytest.mark.parametrize(
    ("answered", "code", "expected"),
    [
        ({"mhra_class": "class_i", "mark": "none"}, "mark", Finding.NOT_MET),
        ({"mhra_class": "class_i", "mark": "ukca"}, "mark", Finding.MET),
        ({"mhra_class": "class_i", "mark": "ce_directive"}, "mark", Finding.FOR_JUDGEMENT),
        ({"mhra_class": "class_i", "declaration": "not_provided"}, "declaration", Finding.NOT_MET),
        ({"mhra_class": "class_i", "declaration": "provided"}, "declaration", Finding.FOR_JUDGEMENT),
        ({"mhra_class": "class_i", "self_declared_limits": "yes"}, "self_declared_limits", Finding.FOR_JUDGEMENT),
        ({"mhra_class": "class_i", "uk_responsible_person": "none"}, "uk_responsible_person", Finding.NOT_MET),
        ({"mhra_class": "class_i", "surveillance": "no"}, "surveillance", Finding.NOT_MET),
        ({"mhra_class": "class_i", "field_notices": "no"}, "field_notices", Finding.MET),
        ({"mhra_class": "class_i", "field_notices": "yes"}, "field_notices", Finding.FOR_JUDGEMENT),
        ({"mhra_class": "class_i", "fda": "pma"}, "fda", Finding.NOT_ASSESSED),
        ({"mhra_class": "class_i", "reliance": "intends"}, "reliance", Finding.NOT_ASSESSED),
        ({"nice_recommendation": "should_not_be_used"}, "nice_recommendation", Finding.NOT_MET),
        ({"nice_recommendation": "more_research"}, "nice_recommendation", Finding.FOR_JUDGEMENT),
        ({"nice_recommendation": "none"}, "nice_recommendation", Finding.MET),
        ({"mhra_class": "not_a_device"}, "mhra_class", Finding.FOR_JUDGEMENT),
    ],
)
def test_what_each_answer_about_a_device_comes_to(answered, code, expected):
    assert finding(DEVICE, answered, code).finding is expected


def test_traps_of_device_law_are_held():
    assert "no Rule 11" in (DEVICE.by_code["class_rule"].hint or "")
    assert not any("11" in option.words for option in DEVICE.by_code["class_rule"].options)
    assert "Cleared is not approved" in (DEVICE.by_code["fda"].hint or "")
    assert "Approved" not in DEVICE.by_code["fda"].label_of("k510")
    assert "not in force" in (DEVICE.by_code["reliance"].hint or "")
    assert DEVICE.section("device.abroad").gate is Gate.NONE


def test_a_scribe_that_summarises_must_be_registered_and_one_that_transcribes_is_not_asked():
    device = {"device_registered", "purpose_covers_output"}
    assert not asked(SCRIBING, {"output": "transcribes"}) & device
    for output in ("summarises", "suggests"):
        assert device <= asked(SCRIBING, {"output": output})
    said = {"output": "summarises", "device_registered": "no"}
    assert finding(SCRIBING, said, "device_registered").finding is Finding.NOT_MET


@pytest.mark.parametrize(
    "code",
    [
        "output_reviewed", "patient_told", "patient_may_object", "staff_trained", "new_functions", "right_patient",
        "errors_watched", "errors_reported",
    ],
)  # fmt: skip
def test_what_no_scribe_may_do_without(code):
    assert finding(SCRIBING, {code: "yes"}, code).finding is Finding.MET
    assert finding(SCRIBING, {code: "no"}, code).finding is Finding.NOT_MET


@pytest.mark.parametrize(
    ("code", "good", "departure"),
    [("on_national_registry", "yes", "no"), ("used_for_training", "no", "yes"), ("portability", "yes", "no")],
)
def test_what_may_be_otherwise_for_a_reason(code, good, departure):
    question = SCRIBING.by_code[code]
    assert finding(SCRIBING, {code: good}, code).finding is Finding.MET
    assert finding(SCRIBING, {code: departure}, code).finding is Finding.FOR_JUDGEMENT
    assert values.value_faults(question, values.answer(question, departure)) != []


@pytest.mark.parametrize(
    ("question_set", "fewest", "most"), [(DCB0129, 2, 63), (DCB0160, 56, 66), (DEVICE, 4, 22), (SCRIBING, 23, 25)]
)
def test_the_shortest_and_longest_ways_through_are_known(question_set, fewest, most):
    assert (paths.shortest(question_set), paths.longest(question_set)) == (fewest, most)


def test_nothing_is_passed_off_as_official_and_derived_clauses_say_so():
    shown = {question.provenance for each in SETS for question in each.questions}
    assert Provenance.OFFICIAL not in shown | {each.provenance for each in SETS}
    assert {question.provenance for question in clauses(DCB0129)} == {Provenance.THIRD_PARTY}
    for question in DCB0160.questions:
        named = question.code[1:] in LISTED
        assert question.provenance is (Provenance.THIRD_PARTY if named else Provenance.RECALLED), question.code
    assert "not checked against the standard" in DCB0160.source.how_read


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("R3.3.1", ("yes", "partial")), ("R3.5.1", ("yes", "partial")), ("file_covers_version", ("yes", "partial"))],
)
def test_the_manufacturers_own_documents_are_asked_for_and_nothing_where_there_are_none(code, wanted):
    assert DCB0129.by_code[code].wanted_for == wanted
    assert sum(1 for question in DCB0129.questions if question.evidence_expected) == 3
