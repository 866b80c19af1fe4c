"""What one set's answers offer another: the table loads checked, and an offer always answers the question it is made to."""

import copy

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.assessment.question_sets import loader, overlap_table, overlaps, values
from governance.assessment.question_sets.overlap_table import OverlapFault, Relation
from governance.assessment.question_sets.schema import Response
from governance.assessment.question_sets.values import AnswerValue

SETS = {each.code: each for each in loader.all_question_sets()}
TABLE = overlap_table.table()
DTAC, DPIA, NICE, SCRIBING, CYBER = (SETS[code] for code in ("dtac-2.0", "dpia-1", "nice-esf-2022", "scribing-1", "cyber-1"))
YES, NO = AnswerValue("yes"), AnswerValue("no")


def offered(target, **answers):
    """`dtac={…}` and so on, as codes to answers, by the part of the set's code before the first hyphen."""
    by_name = {code.split("-")[0]: code for code in SETS if code not in ("dtac-1.0", "tool-facts-1")} | {"older": "dtac-1.0"}
    return overlaps.offers(target, {by_name[name]: given for name, given in answers.items()})


def held(**named):
    return {code.replace("_", "."): value for code, value in named.items()}


@pytest.mark.parametrize(
    ("target", "answers", "code", "value", "origin"),
    [
        pytest.param(
            DPIA, {"dtac": held(C2_2=YES, C2_2_5=AnswerValue("uk_only"))}, "DP4.6", "uk_only", "dtac-2.0 C2.2.5",
            id="where data are kept, from DTAC",
        ),
        pytest.param(
            DPIA, {"scribing": {"consent": AnswerValue("implied")}}, "DP4.3", "implied_consent", "scribing-1 consent",
            id="the duty of confidence, from the scribing sheet",
        ),
        pytest.param(
            DPIA,
            {"scribing": {"recordings_kept": AnswerValue("Until signed."), "transcripts_kept": AnswerValue("30 days.")}},
            "DP2.4", "Until signed.\n\n30 days.", "scribing-1 recordings_kept, transcripts_kept",
            id="two parts of one text are joined",
        ),
        pytest.param(
            NICE, {"dtac": held(C2_1=AnswerValue("confirmed"), C3_1=AnswerValue("provided"))}, "N1",
            "Data Security and Protection Toolkit: standards met or exceeded (DTAC C2.1).\n\n"
            "Cyber Essentials: certificate provided (DTAC C3.1).",
            "dtac-2.0 C2.1, C3.1", id="standards that DTAC already names",
        ),
        pytest.param(
            CYBER, {"scribing": {"used_for_training": NO}}, "CY7.7", "no", "scribing-1 used_for_training",
            id="cyber, from the scribing sheet",
        ),
        pytest.param(
            SCRIBING, {"cyber": {"CY7.7": AnswerValue("agreed", note="In schedule 4.")}}, "used_for_training", "yes",
            "cyber-1 CY7.7", id="and back, with the reason that ‘yes’ needs",
        ),
        pytest.param(
            DTAC, {"older": {"C2.3": YES, "C2.5": AnswerValue("eu")}}, "C2.2.5", "outside_uk", "dtac-1.0 C2.5",
            id="an earlier version, whose words were others",
        ),
    ],
)  # fmt: skip
def test_an_answer_is_offered_where_it_is_asked_again(target, answers, code, value, origin):
    found = offered(target, **answers)[code]
    assert (found.value, f"{found.from_set} {found.from_code}") == (value, origin)
    assert found.says.endswith(".")


@pytest.mark.parametrize(
    ("target", "answers", "code"),
    [
        pytest.param(DPIA, {"dtac": held(C2_2_5=AnswerValue(None))}, "DP4.6", id="an answer taken away"),
        pytest.param(
            DPIA, {"dtac": held(C2_2=AnswerValue("no", note="It holds none."), C2_2_5=AnswerValue("uk_only"))}, "DP4.6",
            id="an answer to a question that is skipped by now",
        ),
        pytest.param(DPIA, {"scribing": {"consent": AnswerValue("other")}}, "DP4.3", id="an answer that lacks its reason"),
        pytest.param(
            DPIA, {"scribing": {"consent": AnswerValue("other", note="A section 251 approval.")}}, "DP4.3",
            id="a value that maps to none",
        ),
        pytest.param(SCRIBING, {"cyber": {"CY7.7": AnswerValue("not_agreed")}}, "used_for_training", id="no reason to give"),
        pytest.param(
            DPIA,
            {"dtac": held(C2_2=YES, C2_2_5=AnswerValue("uk_only")), "dpia": {"DP4.6": AnswerValue("outside_uk")}}, "DP4.6",
            id="a question that is answered already",
        ),
        pytest.param(
            DPIA,
            {"dpia": {"DP4.6": AnswerValue("uk_only")}, "cyber": {"CY6.2": AnswerValue("France")}}, "DP4.7",
            id="a question that this set skips",
        ),
        pytest.param(
            CYBER, {"dtac": held(C2_2=YES, C2_2_5=AnswerValue("outside_uk"), C2_2_6=AnswerValue("France.\nUnder the IDTA."))},
            "CY6.2", id="a text of several lines for a box of one",
        ),
    ],
)  # fmt: skip
def test_nothing_is_offered_of(target, answers, code):
    assert code not in offered(target, **answers)


def test_an_empty_box_may_be_filled_again_after_its_answer_was_taken_away():
    dtac = held(C2_2=YES, C2_2_5=AnswerValue("uk_only"))
    assert "DP4.6" in offered(DPIA, dtac=dtac, dpia={"DP4.6": AnswerValue(None)})


def test_the_suppliers_own_form_is_filled_only_from_its_earlier_version():
    into = {row.from_.set for row in TABLE.rows if row.to.set == "dtac-2.0"}
    assert into == {"dtac-1.0"}


def test_codes_that_mean_something_else_in_the_new_version_carry_nothing_over():
    carried = {(row.from_.code, row.to.code) for row in TABLE.rows if row.relation is Relation.EARLIER_VERSION}
    same_code = {one for one, other in carried if one == other}
    assert same_code == {"A1", "A2", "B2", "C3.1", "C4.1"}
    for moved in ("A3", "C1.2", "C2.2", "C3.2", "C3.3", "C3.4", "C3.6", "D1.1", "D1.2", "D1.4"):
        assert (moved, moved) not in carried


def test_every_question_of_data_protection_and_security_has_a_row_or_a_reason():
    alone = {each.at.code: each.none_because for each in TABLE.alone}
    rows = {row.from_.code for row in TABLE.rows if row.from_.set == "dtac-2.0"}
    asked = [question.code for code in ("dtac.c2", "dtac.c3") for question in DTAC.section(code).questions]
    assert [code for code in asked if code in rows] + [code for code in asked if code in alone] == sorted(
        asked, key=lambda code: (code in alone, asked.index(code))
    )
    assert all(reason.endswith(".") for reason in alone.values())


def _answer_to(question):
    """Any answer that fits, or nearly: values, texts of several lines, dates, with and without a reason."""
    match question.response:
        case Response.FREE_TEXT | Response.FILE:
            raw = st.sampled_from(["A line.", "Two\nlines.", "x" * 600])
        case Response.DATE:
            raw = st.just("2026-05-03")
        case Response.PERCENT:
            raw = st.just("99.90")
        case Response.MULTI_CHOICE:
            raw = st.lists(st.sampled_from(sorted(question.labels)), max_size=3).map(tuple)
        case Response.RISKS:
            raw = st.none()
        case _:
            raw = st.sampled_from(sorted(question.labels))
    return st.builds(
        lambda value, note: AnswerValue(None, note, True) if value == "not_applicable" else AnswerValue(value, note),
        raw, st.sampled_from(["", "a reason"]),
    )  # fmt: skip


TARGETS = [SETS[code] for code in sorted({row.to.set for row in TABLE.rows})]
SOURCES = {(row.from_.set, row.from_.code) for row in TABLE.rows}
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        code: st.fixed_dictionaries(
            {}, optional={q.code: _answer_to(q) for q in SETS[code].questions if (code, q.code) in SOURCES}
        )
        for code in sorted({code for code, _ in SOURCES})
    },
)


@settings(deadline=None, max_examples=25)
@given(ANSWERS)
def test_an_offer_always_answers_the_question_it_is_made_to(answers):
    for target in TARGETS:
        for code, offer in overlaps.offers(target, answers).items():
            question = target.by_code[code]
            assert values.value_faults(question, offer.answer_to(question)) == []
            assert offer.from_set != target.code
            assert question.multiline or (len(str(offer.value)) <= overlaps.LINE and "\n" not in str(offer.value))


@settings(deadline=None, max_examples=12)
@given(ANSWERS)
def test_taking_over_every_offer_comes_to_an_end_and_a_circle_gives_nothing_twice(answers):
    """Each round answers what is offered; no question is offered again, and no answer a person gave is changed."""
    now, seen = {code: dict(given) for code, given in answers.items()}, set()
    for _ in range(len(TARGETS)):
        taken = {
            (target.code, code): offer.answer_to(target.by_code[code])
            for target in TARGETS
            for code, offer in overlaps.offers(target, now).items()
        }
        assert not taken.keys() & seen
        seen |= taken.keys()
        for (name, code), answer in taken.items():
            now.setdefault(name, {})[code] = answer
        if not taken:
            break
    assert not taken
    for name, given_ in answers.items():
        assert all(now[name][code] == answer for code, answer in given_.items() if answer.chosen)


ROW = {
    "from": {"set": "scribing-1", "code": "used_for_training"},
    "to": {"set": "cyber-1", "code": "CY7.7"},
    "relation": "same",
    "values": {"no": "no"},
    "says": "The same is asked.",
}
SOUND = {"code": "small-1", "title": "Small", "published": "2026-01-01", "provenance": "default", "rows": [ROW]}


def table(folder, content):
    (folder / "small-1.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return overlap_table.table("small-1", folder)


def changed(**row):
    content = copy.deepcopy(SOUND)
    content["rows"][0].update(row)
    for field in [field for field, value in content["rows"][0].items() if value is None]:
        del content["rows"][0][field]
    return content


def test_a_sound_table_loads(tmp_path):
    (row,) = table(tmp_path, SOUND).rows
    assert (row.from_.code, row.to.code, row.relation) == ("used_for_training", "CY7.7", Relation.SAME)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (changed(to={"set": "cyber-9", "code": "CY7.7"}), "cyber-9 CY7.7: there is no question set ‘cyber-9’."),
        (changed(to={"set": "cyber-1", "code": "CY99"}), "cyber-1 CY99: cyber-1 has no question CY99."),
        (changed(to={"set": "scribing-1", "code": "consent"}, values={"no": "other"}), "a set offers nothing to itself."),
        (changed(values={"maybe": "no"}), "‘maybe’ is not one of the options of used_for_training."),
        (changed(values={"no": "never"}), "‘no’ offers ‘never’. The answer to CY7.7 must be one of"),
        (changed(values=None), "it must have either ‘values’ or ‘text’"),
        (changed(text=True), "it must have either ‘values’ or ‘text’"),
        (changed(values=None, text=True), "a yes_no does not go over to a single_choice as it stands."),
        (changed(relation="earlier_version"), "‘earlier_version’ is for two versions of one instrument"),
        (
            changed(
                **{"from": {"set": "dtac-2.0", "code": "A1"}}, to={"set": "dtac-1.0", "code": "A1"}, values=None, text=True,
                relation="earlier_version",
            ),
            "the version it comes from is not the earlier one.",
        ),
        (changed(relation="alike"), "rows.0.relation: Input should be"),
        (changed(says=""), "rows.0.says: String should have"),
        (SOUND | {"rows": [ROW, ROW]}, "this row is written twice."),
        (SOUND | {"code": "small-2"}, "code: it is ‘small-2’ but the file is named ‘small-1’."),
        (
            SOUND | {"covers": [{"set": "scribing-1", "sections": ["scribing.data"]}]},
            "scribing-1 recordings_kept: it has neither a row nor a reason for none.",
        ),
        (
            SOUND | {"alone": [{"at": ROW["from"], "none_because": "It is alone."}]},
            "scribing-1 used_for_training: it has a row and a reason for none.",
        ),
    ],
)  # fmt: skip
def test_a_faulty_table_is_refused_with_a_sentence(tmp_path, content, sentence):
    with pytest.raises(OverlapFault) as fault:
        table(tmp_path, content)
    assert str(fault.value).startswith("small-1.yaml, ")
    assert sentence in str(fault.value)
