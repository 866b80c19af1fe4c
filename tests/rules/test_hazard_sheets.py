"""A hazard log as a file, without a database: columns guessed, words read, several controls in a cell, and the way there and back."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.assessment.hazards import words
from governance.assessment.hazards.exchange import check, control_cells, mapping, sheets
from governance.assessment.hazards.exchange.fields import FIELDS, OURS, SUPPLIERS
from governance.assessment.hazards.matrix import matrix
from governance.spreadsheets import read_sheet
from governance.web.controls import tidy
from tests import logs

MATRIX = matrix()
LOG = check.Log({}, 0, MATRIX, scoring=True, filename="log.csv")
NAMED = dict(zip(("name", "sev", "like", "rating", "r_sev", "r_like", "r_rating"), (1, 6, 7, 8, 13, 14, 15), strict=True))


def checked(data, *, filename="log.csv", log=LOG, **more):
    sheet = read_sheet(data, filename=filename)
    headings = [str(cell or "") for cell in sheet.rows[0].cells]
    mapped = {"as": OURS, "patients": "single", "columns": mapping.guess(headings), "words": {}} | more
    return check.check(sheet.rows[1:], mapped, headings=headings, log=log)


def row(**changed):
    """The first row of a log like the NHS templates, with some cells changed."""
    cells = list(logs.ROWS[0])
    for name, value in changed.items():
        cells[NAMED[name]] = value
    return tuple(cells)


def test_headings_of_the_nhs_templates_are_known():
    guessed = mapping.guess(list(logs.HEADINGS))
    assert [name for name, _ in sorted(guessed.items(), key=lambda each: each[1])] == [
        "number", "name", "description", "impact", "causes", "control_existing", "initial_severity", "initial_likelihood",
        "initial_rating", "control_design", "control_test", "control_training", "control_business_process", "residual_severity",
        "residual_likelihood", "residual_rating", "actions", "owner", "status",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "field", "column"),
    [
        (["Hazard", "Severity (initial)", "Severity (residual)"], "residual_severity", 2),
        (["Hazard", "Severity", "Likelihood", "Rating", "Severity", "Likelihood", "Rating"], "residual_rating", 6),
        (["Hazard", "Residual severity"], "residual_severity", 1),
        (["Ref", "Hazard description", "Cause(s)"], "name", 1),
        (["Hazard", "Mitigation"], "control_design", 1),
        (["Post-mitigation risk score", "Pre-mitigation risk score"], "initial_rating", 1),
    ],
)
def test_other_headings_are_guessed(headings, field, column):
    assert mapping.guess(headings)[field] == column


def test_our_own_headings_are_each_known_as_themselves():
    assert mapping.guess([each.heading for each in FIELDS]) == {each.name: n for n, each in enumerate(FIELDS)}


@pytest.mark.parametrize(
    ("kind", "word", "code"),
    [
        ("severity", "Major", "major"), ("severity", "3 - Considerable", "considerable"), ("severity", "MAJOR (4)", "major"),
        ("severity", "4", None), ("severity", "Severe", None), ("likelihood", "Very Low", "very_low"),
        ("likelihood", "2 Low", "low"), ("likelihood", "rare", "very_low"), ("patients", "single", "single"),
        ("status", "Mitigated", None), ("status", "Transferred", "transferred"), ("acceptance", "ALARP", None),
    ],
)  # fmt: skip
def test_a_word_is_taken_for_ours_only_where_it_is(kind, word, code):
    assert mapping.meant(kind, word, {}, MATRIX) == code


def test_what_a_word_means_is_as_it_was_said():
    said = mapping.meanings({"words": {"severity": [["Severe", "major"]]}})
    assert mapping.meant("severity", "severe ", said, MATRIX) == "major"


def test_a_word_that_was_said_to_have_no_meaning_is_not_guessed():
    said = mapping.meanings({"words": {"likelihood": [["Rare", ""]]}})
    assert mapping.meant("likelihood", "rare", said, MATRIX) is None


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("", []), ("Second reader", ["Second reader"]), ("Second reader\nAlarm", ["Second reader\nAlarm"]),
        ("1. Second reader\n2. Alarm", ["Second reader", "Alarm"]), ("1) One\nmore of it\n2) Two", ["One\nmore of it", "Two"]),
        ("- One\n• Two", ["One", "Two"]), ("1.5 mg is the limit", ["1.5 mg is the limit"]),
        ("3. Third\n1. not a new one", ["Third\n1. not a new one"]),
    ],
)  # fmt: skip
def test_a_cell_of_controls_is_parted_by_numbers_or_bullets(cell, texts):
    assert list(control_cells.parted(cell).values()) == texts


_letters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff\xa0")
_odd = st.sampled_from(["=1+1", "+44 20", "-x", "@a", "'=b", '"quoted", and; parted', "2. second", "- bullet", "1) one", "   in"])
_line = st.one_of(st.text(_letters, max_size=15), _odd)
_text = st.lists(_line, max_size=3).map("\n".join).map(lambda text: tidy(text, lines=True).strip("\xa0\ufeff \t\n"))
_said = _text.filter(bool)


@given(texts=st.lists(_said, max_size=5))
def test_controls_come_back_from_their_cell_as_they_were(texts):
    assert list(control_cells.parted(control_cells.written(texts)).values()) == texts


def _score():
    return st.sampled_from([
        {"patients": patients, "severity": level.code, "likelihood": likelihood.code, "rating": MATRIX.rating(level.code, likelihood.code)}
        for patients in words.PATIENT_WORDS for level in MATRIX.allowed_severities(patients) for likelihood in MATRIX.likelihoods
    ])  # fmt: skip


_control = st.fixed_dictionaries({
    "kind": st.sampled_from(list(words.KIND_WORDS)), "description": _said, "implementation": _text, "effectiveness": _text,
})  # fmt: skip
_supplier = st.dictionaries(st.sampled_from(list(words.SUPPLIER_SAYS)), _said.map(lambda text: tidy(text)[:50].strip()).filter(bool))
_content = st.fixed_dictionaries(
    {
        "name": _said.map(lambda text: tidy(text)[:150].strip()).filter(bool), "description": _text, "impact": _text,
        "causes": _text, "initial": st.none() | _score(), "owner": _text.map(tidy), "actions": _text,
        "controls": st.lists(_control, max_size=4), "supplier": _supplier, "source": st.just("library:imaging 3"),
        "review_on": st.none() | st.dates(date(2020, 1, 1), date(2199, 12, 31)).map(date.isoformat),
    }
)  # fmt: skip


def _whole(drawn):
    """Contents as a log holds them: numbered, no name twice, no residual score above the initial one."""
    found = []
    for number, each in enumerate({check.name_key(each["name"]): each for each in drawn}.values(), 1):
        lower = each["initial"] if each["initial"] else None
        controls = sorted(each["controls"], key=lambda control: list(words.KIND_WORDS).index(control["kind"]))
        found.append(each | {
            "number": number, "residual": lower, "controls": controls, "status": "open", "acceptance": None,
            "acceptance_reason": "", "matrix_version": MATRIX.code,
        })  # fmt: skip
    return found


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@given(drawn=st.lists(_content, min_size=1, max_size=3))
@settings(max_examples=25)
def test_a_log_written_is_the_log_read(kind, drawn):
    content = _whole(drawn)
    data = sheets.delimited(content, MATRIX) if kind == "csv" else sheets.workbook(content, MATRIX, [], title="", made_at=datetime(2026, 10, 1))
    found = checked(data, filename=f"log.{kind}", patients="")
    assert [line.faults for line in found.lines] == [()] * len(content)
    for line, each in zip(found.lines, content, strict=True):
        draft = line.draft
        assert dict(draft.texts) == {name: each[name] for name in draft.texts}
        assert [(c.kind, c.description, c.implementation, c.effectiveness) for c in draft.controls] == [
            (c["kind"], c["description"], c["implementation"], c["effectiveness"]) for c in each["controls"]
        ]
        scores = [{name: getattr(score, name) for name in ("patients", "severity", "likelihood", "rating")} if score else None
                  for score in (draft.initial, draft.residual)]  # fmt: skip
        assert scores == [each["initial"], each["residual"]]
        assert (draft.number, draft.source, dict(draft.supplier)) == (each["number"], each["source"], each["supplier"])
        assert (draft.review_on.isoformat() if draft.review_on else None) == each["review_on"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sev": "Severe"}, "“Severe” under “Severity” has no meaning here yet"),
        ({"sev": "4"}, "Numbers of another scheme are not taken for ours"),
        ({"rating": 12}, "The initial rating says “12”. Considerable and medium is 3: ratings are looked up, not multiplied"),
        ({"sev": "Catastrophic", "rating": 4}, "Catastrophic is not a severity for a single patient"),
        ({"sev": "", "like": "", "rating": 3}, "The initial risk has a rating without both severity and likelihood"),
        ({"like": ""}, "The initial risk has a score without both severity and likelihood"),
        ({"sev": "", "like": "", "rating": ""}, "Score the initial risk first"),
        ({"r_sev": "Major", "r_like": "Very high", "r_rating": 5}, "With controls the rating cannot be 5: before them it was 3"),
        ({"name": "x" * 201}, "The name must be 200 characters or fewer"),
        ({"name": ""}, "Name the hazard"),
    ],
)  # fmt: skip
def test_a_row_says_what_is_wrong_with_it(changed, said):
    found = checked(logs.csv(row(**changed)))
    assert len(found.faulty) == 1
    assert any(said in fault for fault in found.faulty[0].faults), found.faulty[0].faults


def test_a_row_becomes_a_hazard_with_its_controls_and_scores():
    line = checked(logs.csv()).lines[0]
    assert (line.faults, line.notes) == ((), ())
    assert [(each.kind, each.description) for each in line.draft.controls] == [
        ("existing", "Name in the header"), ("design", "One record at a time"), ("design", "Banner in colour"), ("training", "Briefing"),
    ]  # fmt: skip
    assert (line.draft.initial_rating, line.draft.residual_rating, line.draft.source) == (3, 2, "import:log.csv")


def test_without_an_approved_plan_no_score_is_read_and_no_word_of_it_asked():
    line = checked(logs.csv(row(sev="4", rating=12)), log=replace(LOG, scoring=False)).lines[0]
    assert (line.faults, line.draft.initial, line.draft.residual) == ((), None, None)


def test_a_supplier_s_ratings_stay_its_words_and_its_controls_are_not_verified():
    line = checked(logs.csv(*logs.SUPPLIERS), **{"as": SUPPLIERS, "scheme": "Likelihood times severity, to 25"}).lines[0]
    assert line.faults == ()
    assert dict(line.draft.supplier) == {
        "reference": "H-07", "scheme": "Likelihood times severity, to 25", "initial": "severity 5, likelihood 3, rating 15",
        "residual": "severity 5, likelihood 1, rating 5", "status": "Mitigated",
    }  # fmt: skip
    assert (line.draft.initial, line.draft.residual, line.draft.status) == (None, None, "open")
    assert (line.draft.texts["owner"], line.draft.texts["actions"]) == ("", "Supplier’s owner: CSO")


def test_what_cannot_stand_yet_comes_in_as_open_and_is_said():
    cells = [*logs.ROWS[0][:-1], "Closed"]
    line = checked(logs.csv(tuple(cells))).lines[0]
    assert line.draft.status == "open"
    assert line.notes[0].startswith("It comes in as open, not closed. Hazard 1 stays at 2 and has no recorded reason")


def test_a_name_is_there_once_in_the_file_and_in_the_log():
    twice = checked(logs.csv(row(), row(name="wrong  patient’s LETTER opened")))
    assert twice.faulty[0].faults[0].startswith("Row 2 has this name already")
    there = checked(logs.csv(row()), log=replace(LOG, names={7: "Wrong patient’s letter opened."}, last=7))
    assert there.faulty[0].faults[0].startswith("Hazard 7 of the log has this name already")
    assert checked(logs.csv(), left_out=[2]).ready[0].draft.number == 1


@given(rows=st.lists(st.lists(st.one_of(st.none(), st.integers(), _text), max_size=19), min_size=1, max_size=4))
@settings(max_examples=40)
def test_whatever_stands_in_the_cells_each_row_is_ready_or_says_why_not(rows):
    found = checked(logs.csv(*((*cells, *[""] * (19 - len(cells))) for cells in rows)))
    assert all(bool(line.faults) != (line in found.ready) for line in found.lines)
