"""Drawings as coordinates: everything lies where it says, is told in words, and no name breaks out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.pictures import draw, ladder, marks, matrix

RATINGS = [[1, 1, 2, 2, 3], [1, 2, 2, 3, 4], [2, 2, 3, 3, 4], [2, 3, 3, 4, 5], [3, 4, 4, 5, 5]]
SEVERITIES = ["Minor", "Significant", "Considerable", "Major", "Catastrophic"]
LIKELIHOODS = ["Very low", "Low", "Medium", "High", "Very high"]
LADDER = (
    ladder.Station("Pipeline", "passed", "12 January 2026"),
    ladder.Station("Proof of concept", "not_used", "not used"),
    ladder.Station("Pilot", "now", "since 5 October 2026"),
    ladder.Station("Implementation", "asked", "asked for on 3 May"),
    ladder.Station("Business as usual", "ahead"),
)
cells = st.tuples(st.integers(0, 4), st.integers(0, 4))
hazards = st.lists(st.tuples(st.none() | cells, st.none() | cells), max_size=120).map(
    lambda pairs: [matrix.HazardMark(n, *pair) for n, pair in enumerate(pairs, 1)]
)


def test_disc_and_label_of_a_station_share_their_left_edge():
    for mark in ladder.lay_out(LADDER).marks:
        assert mark.x - mark.radius == pytest.approx(mark.text_x)


def test_the_ladder_says_what_it_shows():
    assert ladder.finding(LADDER).startswith("Pipeline: passed, 12 January 2026; Proof of concept: not used")


@pytest.mark.parametrize(("n", "kind"), [(0, "done"), (1, "done"), (2, "asked"), (3, "ahead")])
def test_lines_are_done_asked_for_or_ahead(n, kind):
    assert ladder.lay_out(LADDER).lines[n].kind == kind


def test_bars_of_a_check_code_stand_for_its_characters():
    bars = marks.check_bars("0f00000f", height=18)
    assert [bar.height for bar in bars] == [3, 18, 3, 3, 3, 3, 3, 18]
    assert bars[4].x - bars[3].x == 9


def test_a_check_code_has_eight_characters():
    with pytest.raises(ValueError, match="eight"):
        marks.check_bars("82402b5")


@pytest.mark.parametrize(
    ("gone", "expected", "kinds"),
    [(0, 3, ["left"] * 3), (2, 3, ["gone", "gone", "left"]), (4, 3, ["gone", "gone", "gone", "over"])],
)
def test_ticks_are_gone_left_or_over(gone, expected, kinds):
    assert [tick.kind for tick in marks.ticks(gone, expected)] == kinds


def test_a_turn_of_a_year_does_not_run_off_the_page():
    assert len(marks.ticks(250, 10)) == marks.MOST_TICKS


def test_an_unmoved_hazard_is_the_solid_disc_alone():
    laid = matrix.lay_out(RATINGS, [matrix.HazardMark(1, (2, 2), (2, 2))])
    assert [disc.kind for disc in laid.discs] == ["residual"]
    assert laid.arrows == ()


def test_an_arrow_stops_two_units_short_of_the_disc():
    laid = matrix.lay_out(RATINGS, [matrix.HazardMark(1, (2, 4), (2, 0))])
    tip_y = float(laid.arrows[0].head.split()[0].split(",")[1])
    end = next(disc for disc in laid.discs if disc.kind == "residual")
    assert end.y - laid.radius - tip_y == pytest.approx(2, abs=0.1)


def test_hazards_that_share_a_column_get_lanes_by_number():
    laid = matrix.lay_out(RATINGS, [matrix.HazardMark(n, (2, 4), (2, 0)) for n in (3, 1, 2)])
    solid = sorted((disc for disc in laid.discs if disc.kind == "residual"), key=lambda disc: disc.x)
    assert [disc.text for disc in solid] == ["1", "2", "3"]
    assert solid[1].x - solid[0].x == pytest.approx(solid[2].x - solid[1].x)


def test_a_hundred_hazards_are_counted_and_the_drawing_says_so():
    laid = matrix.lay_out(RATINGS, [matrix.HazardMark(n, (2, 4), (2, 0)) for n in range(1, 101)])
    assert laid.counts
    assert {disc.text for disc in laid.discs} == {"100"}
    assert "how many" in laid.finding


@given(hazards, st.sampled_from([matrix.WIDE, matrix.COMPACT]))
def test_every_disc_lies_in_its_cell(marks_of, size):
    for disc in matrix.lay_out(RATINGS, marks_of, size).discs:
        left = size.left + disc.cell[0] * size.cell_width
        top = (4 - disc.cell[1]) * size.cell_height
        assert left < disc.x < left + size.cell_width
        assert top < disc.y < top + size.cell_height


@given(hazards, st.sampled_from([matrix.WIDE, matrix.COMPACT]))
def test_no_two_discs_of_one_kind_lie_on_each_other(marks_of, size):
    laid = matrix.lay_out(RATINGS, marks_of, size)
    solid = [(disc.x, disc.y) for disc in laid.discs if disc.kind == "residual"]
    for n, (x, y) in enumerate(solid):
        for other in solid[n + 1 :]:
            assert (x - other[0]) ** 2 + (y - other[1]) ** 2 >= laid.radius**2


@given(hazards)
def test_every_hazard_is_in_the_drawing(marks_of):
    laid = matrix.lay_out(RATINGS, marks_of)
    scored = [hazard for hazard in marks_of if hazard.residual]
    solid = [disc for disc in laid.discs if disc.kind == "residual"]
    assert sum(int(disc.text) if laid.counts else 1 for disc in solid) == len(scored)


def test_a_drawing_has_no_inline_style_and_a_title():
    svg = draw.matrix(RATINGS, [], severities=SEVERITIES, likelihoods=LIKELIHOODS, ident="m")
    assert "style" not in svg
    assert re.search(r"<title id=\"m-t\">Risk matrix</title>", svg)


def test_a_hostile_label_stays_text():
    svg = draw.ladder([ladder.Station("<script>alert(1)</script>", "now", '"><b>')], ident="x")
    assert "<script>" not in svg
    assert "<b>" not in svg
