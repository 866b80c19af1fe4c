"""The risk matrix: all 25 cells, its checksum, single and multiple patients, and what each rating needs.

Source: DCB0129 implementation guidance 3.2, tables 7 to 10, as agreed by three independent public texts.
"""

import hashlib
from collections import Counter

import pytest

from governance.assessment.hazards.matrix import PUBLISHED, MatrixFault, matrix

FILE = "risk-matrix-dcb0129-ig-3.2.yaml"
RELEASED = "61afcbbf502eb463c913245fb7be46dacd2fa947744e89c6c6cdee8597795069"
SEVERITIES = ["minor", "significant", "considerable", "major", "catastrophic"]
RATINGS = {
    "very_high": [3, 4, 4, 5, 5],
    "high": [2, 3, 3, 4, 5],
    "medium": [2, 2, 3, 3, 4],
    "low": [1, 2, 2, 3, 4],
    "very_low": [1, 1, 2, 2, 3],
}
CELLS = [(severity, likelihood, row[n]) for likelihood, row in RATINGS.items() for n, severity in enumerate(SEVERITIES)]


@pytest.mark.parametrize(("severity", "likelihood", "rating"), CELLS)
def test_each_cell_is_looked_up(severity, likelihood, rating):
    assert matrix().rating(severity, likelihood) == rating


def test_the_cells_add_up_as_published():
    counted = Counter(matrix().rating(severity, likelihood) for severity, likelihood, _ in CELLS)
    assert [counted[rating] for rating in (1, 2, 3, 4, 5)] == [3, 7, 7, 5, 3] == list(matrix().checksum)


def test_significant_is_the_second_lowest_severity():
    assert [level.words for level in matrix().severities] == [
        "Minor", "Significant", "Considerable", "Major", "Catastrophic",
    ]  # fmt: skip
    assert [level.code for level in matrix().likelihoods] == ["very_low", "low", "medium", "high", "very_high"]


def test_one_death_is_major_and_several_are_catastrophic():
    assert "death" in matrix().descriptor("major", "single")
    assert "death" in matrix().descriptor("catastrophic", "multiple")
    assert "death" not in matrix().descriptor("major", "multiple")
    assert [level.code for level in matrix().allowed_severities("single")] == SEVERITIES[:4]
    assert [level.code for level in matrix().allowed_severities("multiple")] == SEVERITIES[1:]
    with pytest.raises(ValueError, match="Catastrophic is not a severity for a single patient."):
        matrix().descriptor("catastrophic", "single")


@pytest.mark.parametrize(
    ("rating", "residual", "reasons", "agreed_by"),
    [
        (1, "accepted", (), ()),
        (2, "with_reason", ("cost_outweighs_benefit", "impractical"), ()),
        (3, "with_reason", ("impractical",), ("cso", "authorising_executive")),
        (4, "never", (), ()),
        (5, "never", (), ()),
    ],
)
def test_each_rating_says_what_it_needs_to_stay(rating, residual, reasons, agreed_by):
    found = matrix().acceptability(rating)
    assert (found.residual, found.reasons, found.agreed_by) == (residual, reasons, agreed_by)


@pytest.mark.parametrize("rating", [0, 6, 25])
def test_there_is_no_rating_outside_one_to_five(rating):
    with pytest.raises(ValueError, match="ratings run from 1 to 5"):
        matrix().acceptability(rating)


@pytest.mark.parametrize(
    ("severity", "likelihood", "sentence"),
    [("fatal", "low", "There is no severity ‘fatal’"), ("minor", "often", "There is no likelihood ‘often’")],
)
def test_an_unknown_word_is_refused(severity, likelihood, sentence):
    with pytest.raises(ValueError, match=sentence):
        matrix().rating(severity, likelihood)


def test_words_for_the_page_and_where_they_come_from():
    assert matrix().severity_words("considerable") == "Considerable"
    assert matrix().likelihood_words("very_low") == "Very low"
    assert matrix().provenance_shown == "Third-party transcription"


def test_the_released_file_is_never_changed():
    assert hashlib.sha256((PUBLISHED / FILE).read_bytes()).hexdigest() == RELEASED == matrix().file_digest


def test_an_unpublished_matrix_is_said_so():
    with pytest.raises(LookupError, match="There is no risk matrix ‘dcb0129-ig-9’."):
        matrix("dcb0129-ig-9")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "medium: [2, 2, 3, 3, 4]",
            "medium: [2, 2, 3, 4, 4]",
            "‘checksum’ does not hold: ratings 1 to 5 appear 3/7/6/6/3",
        ),
        ("medium: [2, 2, 3, 3, 4]", "medium: [2, 3, 2, 3, 4]", "‘ratings’ fall where severity or likelihood rises"),
        ("medium: [2, 2, 3, 3, 4]", "medium: [2, 2, 3, 3]", "‘ratings’ must have five ratings for each likelihood"),
        ("very_high: [3, 4, 4, 5, 5]", "very_high: [3, 4, 4, 5, 25]", "ratings, very_high, 4: "),
        ("    catastrophic: ", "    fatal: ", "‘descriptors’ describe a severity that is not in the list"),
        ("  - rating: 5", "  - rating: 4", "‘acceptability’ must say what each rating from 1 to 5 means"),
        ('code: "dcb0129-ig-3.2"', 'code: "other"', "code: it is ‘other’ but the file is named ‘dcb0129-ig-3.2’"),
        ("checksum: [", "colour: 'red'\nchecksum: [", "colour: "),
        ("checksum: [", "checksum: [1]\nchecksum: [", "‘checksum’ is written twice in one place"),
    ],
)
def test_a_faulty_matrix_stops_with_file_item_and_fault(tmp_path, old, new, sentence):
    text = (PUBLISHED / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(MatrixFault) as fault:
        matrix(folder=tmp_path)
    assert str(fault.value).startswith(f"{FILE}, ")
    assert sentence in str(fault.value)
