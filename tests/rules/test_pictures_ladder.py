"""The ladder: five stations at one fifth each, and one sentence that says the same."""

import pytest

from governance.pictures import ladder
from governance.pictures.ladder import Station

WALK = (
    Station("Pipeline", "passed", "12 January 2026"),
    Station("Proof of concept", "not_used", "not used"),
    Station("Pilot", "now", "since 5 October 2026"),
    Station("Implementation", "asked", "asked for on 3 May"),
    Station("Business as usual", "ahead"),
)


def test_each_station_begins_at_its_fifth_so_that_it_stands_over_its_cell_of_the_strip() -> None:
    laid = ladder.lay_out(WALK, width=1000, inset=20)
    assert [mark.text_x for mark in laid.marks] == [20, 220, 420, 620, 820]


def test_disc_and_label_share_a_left_edge() -> None:
    laid = ladder.lay_out(WALK)
    assert all(mark.x - mark.radius == pytest.approx(mark.text_x) for mark in laid.marks)


def test_the_line_is_done_up_to_now_asked_for_after_it_and_then_ahead() -> None:
    assert [line.kind for line in ladder.lay_out(WALK).lines] == ["done", "done", "asked", "ahead"]


def test_only_the_last_part_of_the_way_asked_for_carries_the_arrow() -> None:
    skipping = (*WALK[:3], Station("Implementation", "not_used", "not used"), Station("Business as usual", "asked"))
    assert [line.kind for line in ladder.lay_out(skipping).lines] == ["done", "done", "way", "asked"]


def test_before_anything_was_reached_nothing_is_done() -> None:
    start = (Station("Pipeline", "now"), Station("Pilot", "ahead"))
    assert [line.kind for line in ladder.lay_out(start).lines] == ["ahead"]


@pytest.mark.parametrize("laid", [ladder.lay_out(WALK), ladder.lay_out_upright(WALK)])
def test_lines_run_from_disc_to_disc_and_never_through_one(laid: ladder.Ladder) -> None:
    for line, before, after in zip(laid.lines, laid.marks, laid.marks[1:], strict=False):
        assert line.x1 >= before.x and line.y1 >= before.y
        assert line.x2 <= after.x and line.y2 <= after.y
        gap = abs(after.x - line.x2) + abs(after.y - line.y2)
        assert gap >= after.radius


def test_upright_the_stations_stand_one_below_the_other_with_text_to_the_right() -> None:
    laid = ladder.lay_out_upright(WALK)
    assert len({mark.x for mark in laid.marks}) == 1
    assert [mark.y for mark in laid.marks] == sorted(mark.y for mark in laid.marks)
    assert all(mark.text_x > mark.x + mark.radius for mark in laid.marks)
    assert laid.marks[-1].y + 20.5 <= laid.height


def test_the_finding_says_every_station_in_words() -> None:
    assert ladder.finding(WALK) == (
        "Pipeline: passed, 12 January 2026; Proof of concept: not used, not used; Pilot: now, since 5 October 2026; "
        "Implementation: asked for, asked for on 3 May; Business as usual: ahead."
    )
