"""The matrix: every hazard in its cell, told apart from its neighbours, or counted."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.pictures import matrix
from governance.pictures.matrix import COMPACT, GAP, PRINTED, TIP, WIDE, Disc, HazardMark, Matrix, Size

RATINGS = ((1, 1, 2, 2, 3), (1, 2, 2, 3, 4), (2, 2, 3, 3, 4), (2, 3, 3, 4, 5), (3, 4, 4, 5, 5))
SIX = (
    HazardMark(1, (3, 3), (3, 1)),
    HazardMark(2, (2, 3), (2, 1)),
    HazardMark(3, (4, 1), (3, 0)),
    HazardMark(4, (1, 3), (1, 1)),
    HazardMark(5, (2, 2), (2, 0)),
    HazardMark(6, (2, 4), (2, 1)),
)
FORMS = pytest.mark.parametrize("size", [WIDE, COMPACT, PRINTED], ids=["wide", "compact", "printed"])

cells = st.tuples(st.integers(0, 4), st.integers(0, 4))
scores = st.lists(st.tuples(st.none() | cells, st.none() | cells), max_size=60)
sizes = st.sampled_from([WIDE, COMPACT, PRINTED])


def marks(pairs: list[tuple[matrix.Cell | None, matrix.Cell | None]]) -> list[HazardMark]:
    return [HazardMark(number, *pair) for number, pair in enumerate(pairs, 1)]


def inside(disc: Disc, laid: Matrix) -> bool:
    size = laid.size
    left = size.left + disc.cell[0] * size.cell_width
    top = (4 - disc.cell[1]) * size.cell_height
    reach = laid.radius - 0.01
    across = left <= disc.x - reach and disc.x + reach <= left + size.cell_width - GAP
    return across and top <= disc.y - reach and disc.y + reach <= top + size.cell_height - GAP


@given(scores, sizes)
def test_every_disc_lies_inside_the_cell_of_its_score(
    pairs: list[tuple[matrix.Cell | None, matrix.Cell | None]], size: Size
) -> None:
    laid = matrix.lay_out(RATINGS, marks(pairs), size)
    assert all(inside(disc, laid) for disc in laid.discs)


@given(scores, sizes)
def test_no_two_discs_touch(pairs: list[tuple[matrix.Cell | None, matrix.Cell | None]], size: Size) -> None:
    laid = matrix.lay_out(RATINGS, marks(pairs), size)
    for one, other in combinations(laid.discs, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= 2 * laid.radius


@given(scores, sizes)
def test_nothing_scored_is_left_out(pairs: list[tuple[matrix.Cell | None, matrix.Cell | None]], size: Size) -> None:
    laid = matrix.lay_out(RATINGS, marks(pairs), size)
    solid = [disc for disc in laid.discs if disc.kind == "residual"]
    stands = sum(1 for _, residual in pairs if residual)
    assert stands == (sum(int(disc.text) for disc in solid) if laid.counts else len(solid))


@FORMS
def test_each_arrow_begins_at_its_disc_and_ends_two_short_of_the_next(size: Size) -> None:
    laid = matrix.lay_out(RATINGS, SIX, size)
    if laid.counts:
        assert not laid.arrows
        return
    ends = {disc.text: disc for disc in laid.discs if disc.kind == "residual"}
    starts = {disc.text: disc for disc in laid.discs if disc.kind == "initial"}
    for number, arrow in zip("123456", laid.arrows, strict=True):
        end, start = ends[number], starts[number]
        assert hypot(end.x - arrow.tip[0], end.y - arrow.tip[1]) == pytest.approx(laid.radius + TIP)
        assert hypot(start.x - arrow.x1, start.y - arrow.y1) == pytest.approx(laid.radius)


def test_hazards_sharing_a_column_get_lanes_at_equal_distances_in_the_order_of_their_numbers() -> None:
    laid = matrix.lay_out(RATINGS, SIX, WIDE)
    lanes = [disc.x for disc in laid.discs if disc.kind == "residual" and disc.text in ("2", "5", "6")]
    assert lanes == sorted(lanes)
    assert lanes[1] - lanes[0] == pytest.approx(lanes[2] - lanes[1])


@FORMS
def test_a_hazard_keeps_its_lane_on_the_way_down(size: Size) -> None:
    laid = matrix.lay_out(RATINGS, (HazardMark(4, (1, 3), (1, 1)),), size)
    assert laid.discs[0].x == laid.discs[1].x


def test_a_hazard_that_did_not_move_is_the_solid_disc_alone() -> None:
    laid = matrix.lay_out(RATINGS, (HazardMark(7, (2, 2), (2, 2)),))
    assert [(disc.kind, disc.text) for disc in laid.discs] == [("residual", "7")]
    assert laid.arrows == ()


def test_a_hazard_without_a_residual_score_is_dashed_and_goes_nowhere() -> None:
    laid = matrix.lay_out(RATINGS, (HazardMark(7, (2, 2), None),))
    assert [disc.kind for disc in laid.discs] == ["initial"]
    assert laid.finding == "1 hazard; 1 without a residual score."


@FORMS
def test_a_hundred_hazards_are_counted_and_the_finding_says_so(size: Size) -> None:
    hundred = [HazardMark(n, (n % 5, 4), (n % 5, n % 3)) for n in range(100)]
    laid = matrix.lay_out(RATINGS, hundred, size)
    assert laid.counts
    assert laid.finding == (
        "100 hazards; highest residual rating 4. Numbers in the discs are how many hazards lie there."
    )


def test_the_rating_of_a_cell_is_looked_up() -> None:
    laid = matrix.lay_out(RATINGS, ())
    top_right = max(laid.squares, key=lambda square: (square.x, -square.y))
    bottom_left = min(laid.squares, key=lambda square: (square.x, -square.y))
    assert (top_right.rating, bottom_left.rating) == (5, 1)
